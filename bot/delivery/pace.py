"""When a letter may leave: its turn comes before anything about its sending is noted."""

from typing import Protocol


class Halted(Exception):
    """Telegram wants everyone to be quiet for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"for {seconds:.1f} s")
        self.seconds = seconds


class Pace(Protocol):
    """How fast letters may leave."""

    @property
    def rate(self) -> float:
        """A second."""
        ...

    @property
    def halt(self) -> float:
        """Seconds for which everyone must still be quiet."""
        ...

    def hold(self, seconds: float) -> None:
        """Everyone is quiet for at least so long from now on."""
        ...

    async def turn(self, chat_id: int) -> None:
        """Wait until a letter to this chat may leave: the next call of the same task. Raises Halted."""
        ...


class Freely:
    """No pace at all, where nothing but ourselves is on the other side."""

    rate = 1000.0
    halt = 0.0

    def hold(self, seconds: float) -> None:
        """Nothing waits here."""

    async def turn(self, chat_id: int) -> None:
        """At once."""
