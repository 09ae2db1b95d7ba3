"""What condition a database is in. Looking changes nothing: no file is made, no table, no row."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.database import MIGRATIONS

PATIENCE = 5  # seconds, for a server to answer or a lock to be let go


class Unusable(Exception):
    """The database can't be worked with; in the driver's words, which hold no password and no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Where the migrations stand."""

    found: str | None  # None: no table was ever made
    newest: str  # that this version knows
    missing: int | None  # steps from the one to the other; None where the found one isn't known


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What the database tells of itself."""

    server: str  # SQLite 3.40.1, PostgreSQL 16.2
    size: int  # bytes
    schema: Schema
    faults: tuple[str, ...] = ()  # what keeps it from being written


def file_of(url: str) -> Path | None:
    """SQLite's file; None where the database is a server."""
    made = make_url(url)
    is_file = made.get_backend_name() == "sqlite" and made.database
    return Path(str(made.database)) if is_file else None


def server_of(url: str) -> str:
    """Where a server is, without who asks and with which password."""
    made = make_url(url)
    return f"{made.host or 'a local socket'}, database {made.database}"


async def look_at(url: str) -> Condition:
    """Raises Unusable."""
    file = file_of(url)
    try:
        return _look_at_file(file) if file else await _look_at_server(make_url(url))
    except (SQLAlchemyError, sqlite3.Error, OSError) as trouble:
        raise Unusable(str(getattr(trouble, "orig", None) or trouble)) from None


def _look_at_file(file: Path) -> Condition:
    def connect() -> sqlite3.Connection:
        # "rw" makes no file; what BEGIN IMMEDIATE needs is what the bot needs at every unit of work.
        opened = sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=PATIENCE)
        opened.isolation_level = None
        return opened

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        [[found]] = connection.exec_driver_sql("PRAGMA quick_check(1)").all()
        return Condition(
            server=f"SQLite {sqlite3.sqlite_version}",
            size=sum(part.stat().st_size for part in _parts(file)),
            schema=_schema(connection),
            faults=() if found == "ok" else (str(found),),
        )


def _parts(file: Path) -> list[Path]:
    return [part for end in ("", "-wal", "-shm") if (part := Path(f"{file}{end}")).exists()]


async def _look_at_server(url: URL) -> Condition:
    engine = create_async_engine(
        url, hide_parameters=True, poolclass=sa.NullPool, connect_args={"timeout": PATIENCE}
    )
    async with engine.connect() as connection:
        return await connection.run_sync(_look_through)


def _look_through(connection: Connection) -> Condition:
    def ask(question: str) -> Any:
        return connection.exec_driver_sql(question).scalar()

    faults = []
    if ask("SELECT pg_is_in_recovery()") or ask("SHOW transaction_read_only") == "on":
        faults.append("it can only be read")
    elif not ask("SELECT has_schema_privilege(current_schema(), 'CREATE')"):
        faults.append("its user may not make tables")
    return Condition(
        server=f"PostgreSQL {ask('SHOW server_version')}",
        size=int(ask("SELECT pg_database_size(current_database())")),
        schema=_schema(connection),
        faults=tuple(faults),
    )


def _schema(connection: Connection) -> Schema:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    newest = str(scripts.get_current_head())
    found = MigrationContext.configure(connection).get_current_revision()
    known = [step.revision for step in scripts.walk_revisions()]  # newest first
    if found is None:
        return Schema(found=None, newest=newest, missing=len(known))
    missing = known.index(found) if found in known else None
    return Schema(found=found, newest=newest, missing=missing)
