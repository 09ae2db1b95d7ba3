"""Reach the database: one short transaction a unit of work, and the schema brought up to date."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.metrics import DATABASE_TIME
from bot.storage.one_errand import connector

_READS = "backbeat_reads"  # the mark of a transaction that only reads
_OUTSIDE = "backbeat_outside"  # the mark of what no transaction may be open for

WRITES = "writes"  # the mark of a unit of work that may write

CONNECTIONS = 16  # of a process, at most
POSTGRESQL = {
    "application_name": "backbeat",
    "timezone": "UTC",
    # A plan made for any value reads every row of the due-index's table: it can't know that little is due.
    "plan_cache_mode": "force_custom_plan",
    "statement_timeout": "30s",
    "lock_timeout": "10s",  # as long as SQLite waits for its turn
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",  # our statements are short: to compile them takes longer
}
# Of migrations. An index takes its time; whoever waits for a table makes all others wait behind it.
PATIENCE = {"statement_timeout": "0", "lock_timeout": "2s"}
TRIES, BETWEEN = 30, 1.0  # seconds
IN_USE = "55P03"  # how PostgreSQL says that a lock was not to be had
MIGRATING = 0x6D696772617465  # "migrate": the advisory lock of whoever brings the schema up to date

MIGRATIONS = Path(__file__).parents[2] / "migrations"

Work = AsyncSession  # a unit of work, as the rooms above hold it


class Database:
    """Hands out units of work. Everything inside one is kept together, or not at all."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        _make_room(self._url)
        # An error shows no parameters: they are what people answered.
        if self._url.get_backend_name() == "sqlite":
            self._engine = create_async_engine(
                self._url,
                hide_parameters=True,
                async_creator=connector(self._url),
                pool_size=CONNECTIONS,
                max_overflow=0,  # to open one takes longer than to wait for one
            )
            _tune_sqlite(self._engine)
            # Left to SQLite, a crowd of writers tries by chance, and some give up: here they stand in line.
            self._line: AbstractAsyncContextManager[Any] = asyncio.Lock()
            self._reading = self._engine.execution_options(**{_READS: True})
        else:
            self._engine = create_async_engine(
                self._url,
                hide_parameters=True,
                pool_size=CONNECTIONS,
                max_overflow=0,
                pool_pre_ping=True,  # a server that was away costs nobody an answer
                connect_args={"server_settings": dict(POSTGRESQL)},
            )
            self._line = nullcontext()
            self._reading = self._engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """A unit of work: committed at its end, rolled back if anything is raised.

        SQLite has one writer at a time. On PostgreSQL those wait for each other who write about the same
        person: whoever reads a person in a unit of work holds them until its end (people.py).
        """
        writing = AsyncSession(self._engine, expire_on_commit=False, info={WRITES: True})
        with DATABASE_TIME.labels("work").time():
            async with self._line, writing as session, session.begin():
                yield session

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Work]:
        """A unit of work that only reads: it sees one moment, and waits for no writer."""
        reading = AsyncSession(self._reading, expire_on_commit=False)
        with DATABASE_TIME.labels("look").time():
            async with reading as session, session.begin():
                yield session

    async def migrate(self, revision: str = "head") -> None:
        """Bring the schema to a revision; "base" takes everything down.

        SQLite alters some tables by making them anew; what refers to the old one must not go with it.
        """
        async with self._alone() as connection:
            await self._enforce_references(connection, False)
            try:
                await _run(connection, revision)
            finally:
                await connection.rollback()
                await self._enforce_references(connection, True)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[AsyncConnection]:
        """Several processes may start at once; one migrates, and the others wait and find it done."""
        async with self._engine.connect() as connection:
            if self._engine.dialect.name == "sqlite":
                yield connection
                return
            async with self._engine.connect() as guard:
                outside = await guard.execution_options(isolation_level="AUTOCOMMIT")
                ours = sa.select(sa.func.pg_try_advisory_lock(MIGRATING))
                while not await outside.scalar(ours):  # noqa: ASYNC110 - no event tells of it
                    await asyncio.sleep(0.2)
                for one, value in PATIENCE.items():
                    await connection.exec_driver_sql(f"SET {one} = '{value}'")
                await connection.commit()  # a migration may end a transaction, and begin one
                try:
                    yield connection
                finally:
                    await connection.invalidate()  # nobody else is to have that patience
                    await outside.execute(sa.select(sa.func.pg_advisory_unlock(MIGRATING)))

    async def _enforce_references(self, connection: AsyncConnection, wanted: bool) -> None:
        """Outside of a transaction, else SQLite doesn't hear it."""
        if self._engine.dialect.name == "sqlite":
            await connection.execution_options(**{_OUTSIDE: True})
            await connection.exec_driver_sql(f"PRAGMA foreign_keys = {'ON' if wanted else 'OFF'}")
            await connection.rollback()
            await connection.execution_options(**{_OUTSIDE: False})

    async def scrub(self) -> None:
        """What was deleted leaves SQLite's write-ahead log, too: there it would stand until overwritten."""
        if self._engine.dialect.name != "sqlite":
            return
        outside = self._engine.execution_options(**{_OUTSIDE: True})
        async with outside.connect() as connection:
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        await self._engine.dispose()

    @property
    def engine(self) -> AsyncEngine:
        """For checks that compare the schema with the tables."""
        return self._engine


async def _run(connection: AsyncConnection, revision: str) -> None:
    """Again after a while where a table was in use: what was migrated by then stays so."""
    for left in reversed(range(TRIES)):
        try:
            await connection.run_sync(run_migrations, revision)
            await connection.commit()
        except DBAPIError as fault:
            if not left or getattr(fault.orig, "sqlstate", None) != IN_USE:
                raise
            await connection.rollback()
            await asyncio.sleep(BETWEEN)
        else:
            return


def run_migrations(connection: Connection, revision: str) -> None:
    """Up to a revision, or down to "base", over a connection that is open already."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    (command.downgrade if revision == "base" else command.upgrade)(config, revision)


def _make_room(url: URL) -> None:
    """A SQLite file and its folder are made readable by their owner alone: they hold health data."""
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        file = Path(url.database)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)


def _tune_sqlite(engine: AsyncEngine) -> None:
    @sa.event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power cut
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA busy_timeout = 10000")  # milliseconds
        cursor.execute("PRAGMA secure_delete = ON")  # what a person asked to forget is overwritten
        cursor.close()

    @sa.event.listens_for(engine.sync_engine, "begin")
    def _begun(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get(_OUTSIDE, False):
            return
        # A reader that becomes a writer half-way can't wait for its turn in SQLite: writers queue here.
        reads = options.get(_READS, False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def insert_of(work: Work, table: type[SQLModel]) -> postgresql.Insert | sqlite.Insert:
    """An insert that may say what to do where a row is there already; either database writes it alike."""
    dialect = work.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


async def insert_once(work: Work, table: type[SQLModel], **values: object) -> bool:
    """Insert a row unless one of its unique keys is there already; says whether it was new."""
    connection = await work.connection()
    insert = insert_of(work, table).values(**values).on_conflict_do_nothing()
    return (await connection.execute(insert)).rowcount == 1


async def insert_new(
    work: Work,
    table: type[SQLModel],
    rows: Sequence[Mapping[str, object]],
    returned: Sequence[Any],
) -> list[Any]:
    """Insert many unless one of their unique keys is there already; gives columns of those that were new."""
    if not rows:
        return []
    statement = insert_of(work, table).on_conflict_do_nothing().returning(*returned)
    return list((await (await work.connection()).execute(statement, rows)).all())
