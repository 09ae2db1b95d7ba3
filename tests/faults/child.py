"""The real bot in a process of its own, that can be killed as a power cut would.

Its clock is the machine's, shifted by what its hand says: a ritual becomes due at will, while it lives.
"""

import asyncio
import datetime as dt
import mmap
import multiprocessing
import os
import resource
import signal
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import Pool

from bot import assembly, log
from bot.chat import intake
from bot.settings import CONTENT, Settings
from tests import builders
from tests.journeys.house import READERS

# A child is a copy of a process that has imported all this already, so that it starts at once.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])
READERS["read_catalogue"](CONTENT)
READERS["read_policy"](CONTENT / "policy.yaml")
READERS["read_voices"](CONTENT, "en")

FALLEN = -1


class Hand:
    """The hand of a child's clock, in a file that both see; and after how many commits it dies."""

    _LAYOUT = struct.Struct("=dii")

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(bytes(self._LAYOUT.size))
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), self._LAYOUT.size)
        self._committed = False

    def move(self, ahead: dt.timedelta) -> None:
        self._write(ahead.total_seconds(), *self._read()[1:])

    def doom(self, *, before: int = 0, after: int = 0) -> None:
        """It dies right before its so-manieth commit, or right after; 0 spares it."""
        self._write(self._read()[0], before, after)

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self._read()[0])

    @property
    def fallen(self) -> bool:
        """It came to that commit."""
        return FALLEN in self._read()[1:]

    def before_commit(self, *_: Any) -> None:
        """The last one that it was given takes it away."""
        ahead, before, after = self._read()
        self._committed = True
        self._write(ahead, _counted(before), after)
        if before == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    def after_commit(self, *_: Any) -> None:
        """The same, once a connection is given back."""
        if not self._committed:
            return  # it only looked
        ahead, before, after = self._read()
        self._committed = False
        self._write(ahead, before, _counted(after))
        if after == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    def _read(self) -> tuple[float, int, int]:
        ahead, before, after = self._LAYOUT.unpack_from(self._shared)
        return ahead, before, after

    def _write(self, ahead: float, before: int, after: int) -> None:
        self._LAYOUT.pack_into(self._shared, 0, ahead, before, after)


def _counted(left: int) -> int:
    return FALLEN if left == 1 else max(0, left - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a child needs to know."""

    settings: Settings
    token: str
    api_url: str
    hand: Path
    log: Path | None = None  # where its log goes; None leaves it where it is
    busy: float | None = None  # seconds that SQLite waits for a lock; None as the bot has it


class Child:
    """One life of the bot."""

    def __init__(self, errand: Errand) -> None:
        self._process = FORKS.Process(target=live, args=(errand,), daemon=True)
        self._process.start()

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def strike(self) -> None:
        """SIGKILL, now: nothing is tidied up."""
        self._process.kill()

    async def kill(self) -> None:
        """The same, and wait until it is gone."""
        assert self.alive, "it died by itself"
        self.strike()
        await self.gone()

    def starve(self, most: int) -> None:
        """No file that it writes to may be longer: a disk that is full, where we can't make one."""
        assert self._process.pid is not None
        hard = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (most, hard))

    async def gone(self) -> None:
        await asyncio.to_thread(self._process.join)


def live(errand: Errand) -> None:
    """Be the bot until killed."""
    if errand.log is not None:
        with errand.log.open("ab", buffering=0) as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        log.set_up("info", [errand.token])
    vars(assembly).update(READERS, Places=builders.Atlas)
    intake.KEPT = dt.timedelta(
        days=366
    )  # old ids go, but whoever counts taps wants to see them all
    asyncio.run(_live(errand))


async def _live(errand: Errand) -> None:
    hand = Hand(errand.hand)
    sa.event.listen(sa.Engine, "commit", hand.before_commit)
    sa.event.listen(Pool, "checkin", hand.after_commit)
    if errand.busy is not None and errand.settings.database_url.startswith("sqlite"):
        patience = f"PRAGMA busy_timeout = {round(errand.busy * 1000)}"
        sa.event.listen(Pool, "checkout", lambda dbapi, *_: dbapi.cursor().execute(patience))
    async with assembly.running(
        errand.settings, token=errand.token, api_url=errand.api_url, clock=hand.now
    ) as work:
        await work
