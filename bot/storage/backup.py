"""Everything in one file, taken while the bot is at work; and put back, whole or not at all.

SQLite is copied by its own backup, PostgreSQL by its own tools, which have to be on the PATH.
"""

import asyncio
import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from bot.storage.database import Database
from bot.storage.leadership import lock_of
from bot.storage.schema import known_revisions

PRIVATE = 0o600


class BackupFailed(Exception):
    """Nothing was changed, and why."""


async def back_up(url: str, file: Path, *, replace: bool = False) -> None:
    """Write everything into a file that only its owner reads. Raises BackupFailed."""
    if file.exists() and not replace:  # noqa: ASYNC240 - nothing else runs in this loop
        raise BackupFailed(f"{file} is there already; add --replace to write over it")
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    try:
        part.touch(mode=PRIVATE)
        store = make_url(url)
        if store.get_backend_name() == "sqlite":
            _copy(_file_of(store), part)
            _check_sqlite(part)
        else:
            await _run("pg_dump", store, "--format=custom", "--no-owner", f"--file={part}")
            await _check_archive(store, part)
        part.replace(file)
    except OSError as unwritable:
        raise BackupFailed(f"{file} can't be written: {unwritable.strerror}") from unwritable
    finally:
        part.unlink(missing_ok=True)


async def restore(url: str, file: Path, *, replace: bool = False) -> Path | None:
    """Put a backup in the place of the database; where that was set aside, if it was. Raises BackupFailed.

    No bot may be at work on it meanwhile.
    """
    if not file.is_file():  # noqa: ASYNC240 - nothing else runs in this loop
        raise BackupFailed(f"{file} is not there")
    store = make_url(url)
    sqlite = store.get_backend_name() == "sqlite"
    if sqlite:
        _check_sqlite(file)
    else:
        await _check_archive(store, file)
    if sqlite:
        _file_of(store).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = lock_of(url)
    try:
        if not await lock.take():
            raise BackupFailed("a bot is at work on this database; stop it first")
        if not replace and await _holds_people(url):
            raise BackupFailed("the database holds people already; add --replace to put it aside")
        if sqlite:
            return _put_in_place(file, _file_of(store))
        await _run(
            *("pg_restore", store, "--single-transaction", "--exit-on-error", "--no-owner"),
            *("--clean", "--if-exists", f"--dbname={store.database}", str(file)),
        )
        return None
    finally:
        await lock.release()


async def _holds_people(url: str) -> bool:
    store = make_url(url)
    if store.get_backend_name() == "sqlite" and not _file_of(store).exists():
        return False
    database = Database(url)
    try:
        async with database.engine.connect() as connection:
            tables = await connection.run_sync(lambda c: sa.inspect(c).get_table_names())
            if "person" not in tables:
                return False
            return (
                await connection.exec_driver_sql("SELECT 1 FROM person LIMIT 1")
            ).first() is not None
    finally:
        await database.close()


# SQLite.


def _file_of(store: URL) -> Path:
    if not store.database or store.database == ":memory:":
        raise BackupFailed("a database in memory can't be kept")
    return Path(store.database)


def _copy(source: Path, target: Path) -> None:
    """One moment of it, whoever writes meanwhile: in WAL a reader holds up no writer."""
    if not source.is_file():
        raise BackupFailed(f"{source} is not there")
    try:
        with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
            here.backup(there)
            there.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
    except sqlite3.Error as fault:
        raise BackupFailed(f"{source} can't be copied: {fault}") from fault


def _check_sqlite(file: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise BackupFailed(f"{file} is damaged")
            if copy.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise BackupFailed(f"{file} is damaged: a row points nowhere")
            copy.execute("SELECT 1 FROM person LIMIT 1")
            found = [row[0] for row in copy.execute("SELECT version_num FROM alembic_version")]
    except sqlite3.Error as foreign:
        raise BackupFailed(f"{file} is no whole backup of Backbeat: {foreign}") from foreign
    _check_revision(file, found)


def _put_in_place(file: Path, place: Path) -> Path | None:
    """The old files are moved aside together: a log that is left beside another database would spoil it."""
    fresh = place.with_name(f"{place.name}.restoring")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=PRIVATE)
    _copy(file, fresh)
    with fresh.open("rb") as written:
        os.fsync(written.fileno())
    aside = None
    if place.exists():
        aside = _unused(place.with_name(f"{place.name}.before-restore"))
        aside.mkdir(mode=0o700)
        for suffix in ("-wal", "-shm", ""):
            old = place.with_name(place.name + suffix)
            if old.exists():
                old.rename(aside / old.name)
    fresh.replace(place)
    return aside


def _unused(path: Path) -> Path:
    number = 1
    while path.with_name(f"{path.name}-{number}").exists():
        number += 1
    return path.with_name(f"{path.name}-{number}")


# PostgreSQL.


async def _check_archive(store: URL, file: Path) -> None:
    """That pg_restore can read it, and what it says of its schema."""
    data = ("--data-only", "--table=alembic_version", "--file=-", str(file))
    told = await _run("pg_restore", store, *data)
    copied = re.search(r"^COPY [\w.\"]*alembic_version.*?;\n(.*?)\\\.$", told, re.M | re.S)
    if copied is None:
        raise BackupFailed(f"{file} is no backup of Backbeat")
    _check_revision(file, copied[1].split())


async def _run(tool: str, store: URL, *arguments: str) -> str:
    """The password goes by the environment, where no list of processes shows it."""
    program = shutil.which(tool)
    if program is None:
        raise BackupFailed(
            f"{tool} is not on the PATH; it comes with PostgreSQL's client programs"
            " (Debian: postgresql-client), of the server's version or newer"
        )
    where = {
        "PGHOST": store.query.get("host") or store.host,
        "PGPORT": store.port,
        "PGUSER": store.username,
        "PGPASSWORD": store.password,
        "PGDATABASE": store.database,
        "PGSSLMODE": store.query.get("ssl"),
    }
    given = {name: str(value) for name, value in where.items() if value}
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        env={**os.environ, **given},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    if process.returncode:
        last = err.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        raise BackupFailed(f"{tool}: {last[-1]}")
    return out.decode(errors="replace")


def _check_revision(file: Path, found: list[str]) -> None:
    if not found:
        raise BackupFailed(f"{file} is no backup of Backbeat")
    if not {*found} <= known_revisions():
        raise BackupFailed(
            f"{file} was made by a newer version of Backbeat; restore it with that one"
        )
