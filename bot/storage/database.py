"""Reach the database: one short transaction a unit of work, and the schema brought up to date."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage.one_errand import connector

_READS = "backbeat_reads"  # the mark of a transaction that only reads
_OUTSIDE = "backbeat_outside"  # the mark of what no transaction may be open for

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
                self._url, hide_parameters=True, async_creator=connector(self._url)
            )
            _tune_sqlite(self._engine)
        else:
            self._engine = create_async_engine(self._url, hide_parameters=True)

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """A unit of work: committed at its end, rolled back if anything is raised."""
        async with AsyncSession(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Work]:
        """A unit of work that only reads: it sees one moment, and waits for no writer."""
        reading = self._engine.execution_options(**{_READS: True})
        async with AsyncSession(reading, expire_on_commit=False) as session, session.begin():
            yield session

    async def migrate(self, revision: str = "head") -> None:
        """Bring the schema to a revision; "base" takes everything down.

        SQLite alters some tables by making them anew; what refers to the old one must not go with it.
        """
        async with self._engine.connect() as connection:
            await self._enforce_references(connection, False)
            try:
                await connection.run_sync(run_migrations, revision)
                await connection.commit()
            finally:
                await connection.rollback()
                await self._enforce_references(connection, True)

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
