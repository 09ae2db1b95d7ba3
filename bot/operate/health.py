"""Whether this process is alive, and whether it is ready: each check by name, in a word, without secrets."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.storage.database import Database
from bot.storage.schema import SchemaBehind, check_schema

SILENCE = 120.0  # seconds without a tick, after which nothing would be sent any more
LONG_TICK = (
    3600.0  # seconds; a tick with thousands of letters takes as long as Telegram's rate demands
)
PATIENCE = 2.0  # seconds for the database to answer
OK = "ok"

Seconds = Callable[[], float]


@dataclass(slots=True)
class Pulse:
    """When the ticks began and ended, by a clock that nobody moves."""

    now: Seconds
    began: float | None = None
    ended: float | None = None

    def begin(self) -> None:
        self.began, self.ended = self.now(), None

    def end(self) -> None:
        self.ended = self.now()

    @property
    def beats(self) -> bool:
        """Before the first tick the process is still starting, and that is for `ready` to say."""
        if self.began is None:
            return True
        if self.ended is None:
            return self.now() - self.began < LONG_TICK
        return self.now() - self.ended < SILENCE


@dataclass(slots=True)
class Health:
    """What the parts of the bot tell of themselves, from the start to the stop."""

    database: Database
    pulse: Pulse
    content: bool = False  # it is read
    telegram: bool = False  # it was reached at least once
    stopping: bool = False
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def checks(self) -> dict[str, str]:
        """By name, "ok" or what is missing."""
        return {
            "database": await self._store(),
            "content": OK if self.content else "not read yet",
            "telegram": OK if self.telegram else "not reached yet",
            "work": "stopping" if self.stopping else OK,
        }

    async def _store(self) -> str:
        """One question at a time: whoever asks often must not fill the pool."""
        try:
            async with asyncio.timeout(PATIENCE), self._asking:
                await check_schema(self.database)
        except SchemaBehind:
            return "migrations are missing"
        except Exception:  # what it was stands in the log of whoever needed the database
            return "not reachable"
        return OK
