"""What became of a letter, as far as anybody can know, and what a way out must be able to do."""

from dataclasses import dataclass
from typing import Protocol

from bot.delivery.letter import Letter


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The person blocked the bot, or is gone."""


@dataclass(frozen=True, slots=True)
class Later:
    """Surely not sent: everyone waits for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Unsent:
    """Surely not sent: the call never left."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The call left, and no answer came: it may have arrived."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram won't have it as it is."""

    why: str


Receipt = Sent | Unreachable | Later | Unsent | Unknown | Refused


class Outbox(Protocol):
    """A way out to people."""

    async def send(self, chat_id: int, letter: Letter) -> Receipt:
        """Send a letter once. Raises nothing that a receipt can say."""
        ...

    async def retire(self, chat_id: int, message_id: int) -> None:
        """Take the buttons from a card that another one follows. Raises nothing."""
        ...
