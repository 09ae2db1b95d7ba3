"""One sender at a time: who holds the lock sends, everyone else stands by and tries again.

PostgreSQL keeps it for as long as a connection lasts that has no other use; SQLite's is a lock on a file
beside the database, which the system takes from a process that dies. Whoever loses the connection has lost
the lead at that moment, and what they still have in hand leaves only as they found it (post.py): not twice.
"""

import asyncio
import datetime as dt
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO, Any, Protocol

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bot import metrics

KEY = 0x6261636B62656174  # "backbeat": other programs may lock other numbers
EVERY = dt.timedelta(seconds=3)  # a standby tries, and who leads makes sure
PATIENCE = 3.0  # seconds for the database to say
# After so long a silence PostgreSQL gives the lead of a machine that vanished to another.
KEEPALIVE = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "2",
}

log = structlog.get_logger(__name__)


class Lock(Protocol):
    """What only one process can have."""

    async def take(self) -> bool:
        """Try to have it, without waiting."""
        ...

    async def has(self) -> bool:
        """Whether it is still ours."""
        ...

    async def release(self) -> None:
        """Let another have it. A second time does nothing."""
        ...


class Leadership:
    """Whether this process is the one that sends."""

    def __init__(self, url: str, every: dt.timedelta = EVERY) -> None:
        self._lock = lock_of(url, self._lose)
        self._every = every.total_seconds()
        self._said = False  # that we stand by
        self.held = False

    @property
    def alone(self) -> bool:
        """Whether no other process is at work at all: a file has one, which holds the lock."""
        return self.held and not isinstance(self._lock, AdvisoryLock)

    @asynccontextmanager
    async def sought(self) -> AsyncIterator["Leadership"]:
        """Try for it at once, and again and again while the context is open."""
        await self._look_after()
        task = asyncio.create_task(self._keep())
        try:
            yield self
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            self._lose()
            await self._lock.release()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            await self._look_after()

    async def _look_after(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                if self.held and not await self._lock.has():
                    self._lose()
                if not self.held:
                    self._gain(await self._lock.take())
        except (OSError, SQLAlchemyError, TimeoutError) as trouble:
            self._lose()
            log.warning("who sends can't be settled", trouble=type(trouble).__name__)
            with suppress(OSError, SQLAlchemyError, TimeoutError):
                await self._lock.release()

    def _gain(self, ours: bool) -> None:
        if ours:
            self.held = True
            metrics.SENDING.set(1)
            log.info("this process sends")
        elif not self._said:
            log.info("another process sends; this one stands by")
        self._said = not ours

    def _lose(self) -> None:
        if self.held:
            log.info("this process sends no longer")
        self.held = False
        metrics.SENDING.set(0)


def lock_of(address: str, lost: Callable[[], None] = lambda: None) -> Lock:
    """The lock of whoever sends from a database; `lost` is told when it went with its connection."""
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        return AdvisoryLock(url, lost)
    if not url.database or url.database == ":memory:":
        return NoLock()
    return FileLock(Path(f"{url.database}.sender"))


class NoLock:
    """Of a database that no other process can see."""

    async def take(self) -> bool:
        return True

    async def has(self) -> bool:
        return True

    async def release(self) -> None:
        return


class FileLock:
    """The file stays where it is: to take it away could leave two processes with a lock each."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    async def take(self) -> bool:
        if self._file is None:
            file = self._path.open("ab")
            try:
                _lock_file(file)
            except OSError:
                file.close()
                return False
            self._file = file
        return True

    async def has(self) -> bool:
        return self._file is not None

    async def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock_file(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock_file(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class AdvisoryLock:
    """A lock of the session, on a connection of its own."""

    def __init__(self, url: URL, lost: Any) -> None:
        self._engine = create_async_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"server_settings": KEEPALIVE},
        )
        self._lost = lost
        self._connection: AsyncConnection | None = None

    async def take(self) -> bool:
        if self._connection is None:
            self._connection = await self._engine.connect()
            raw = (await self._connection.get_raw_connection()).driver_connection
            assert raw is not None  # it was made just now
            raw.add_termination_listener(self._ended)
        asked = sa.select(sa.func.pg_try_advisory_lock(KEY))
        return bool((await self._connection.execute(asked)).scalar_one())

    async def has(self) -> bool:
        """A connection that answers is the one that holds it."""
        if self._connection is None:
            return False
        await self._connection.execute(sa.select(1))
        return True

    async def release(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()  # closed, and the lock is free
            await connection.close()
        await self._engine.dispose()

    def _ended(self, _connection: object) -> None:
        self._lost()
