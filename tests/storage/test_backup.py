"""Backups, taken while somebody writes; and what is put back, whole or not at all."""

import asyncio
import datetime as dt
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import select

from bot.storage import people
from bot.storage.backup import BackupFailed, back_up, restore
from bot.storage.database import Database
from bot.storage.leadership import lock_of
from bot.storage.tables import PersonRow
from tests import postgres
from tests.builders import migrated

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch, postgres_server: postgres.Server) -> None:
    """Those of the test's own server: older ones can't read it."""
    monkeypatch.setenv("PATH", str(postgres_server.tools), prepend=":")


async def welcome(database: Database, chat_id: int) -> None:
    async with database.work() as work:
        await people.welcome(work, chat_id, "en", NOW)


async def everybody(url: str) -> set[int]:
    database = Database(url)
    async with database.look() as work:
        found = {row.chat_id for row in await work.exec(select(PersonRow))}
    await database.close()
    return found


async def test_a_backup_among_writers_is_one_moment_and_comes_back(
    store_url: str, tmp_path: Path
) -> None:
    database, file = Database(store_url), tmp_path / "today"
    for chat_id in range(1, 4):
        await welcome(database, chat_id)

    async def write() -> None:
        for chat_id in range(4, 40):
            await welcome(database, chat_id)

    writing = asyncio.create_task(write())
    await back_up(store_url, file)
    await writing
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    await welcome(database, 99)
    await database.close()
    with pytest.raises(BackupFailed, match="holds people already"):
        await restore(store_url, file)
    assert 99 in await everybody(store_url)
    aside = await restore(store_url, file, replace=True)
    kept = await everybody(store_url)
    assert kept == {*range(1, len(kept) + 1)}  # as they came, up to one of them
    assert kept >= {1, 2, 3}
    if aside is not None:
        assert 99 in await everybody(f"sqlite+aiosqlite:///{aside / 'backbeat.db'}")


async def test_while_a_bot_is_at_work_nothing_is_put_back(store_url: str, tmp_path: Path) -> None:
    await back_up(store_url, tmp_path / "today")
    lock = lock_of(store_url)
    assert await lock.take()
    try:
        with pytest.raises(BackupFailed, match="stop it first"):
            await restore(store_url, tmp_path / "today")
    finally:
        await lock.release()
    await restore(store_url, tmp_path / "today")


async def test_what_is_no_whole_backup_changes_nothing(store_url: str, tmp_path: Path) -> None:
    database = Database(store_url)
    await welcome(database, 1)
    await database.close()
    good, cut, foreign = tmp_path / "good", tmp_path / "cut", tmp_path / "foreign"
    await back_up(store_url, good)
    cut.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    foreign.write_text("My shopping list")
    for file in (cut, foreign, tmp_path / "nowhere"):
        with pytest.raises(BackupFailed):
            await restore(store_url, file, replace=True)
    assert await everybody(store_url) == {1}


async def test_a_backup_is_never_written_over_unasked(store_url: str, tmp_path: Path) -> None:
    file = tmp_path / "today"
    file.write_text("yesterday")
    with pytest.raises(BackupFailed, match="add --replace"):
        await back_up(store_url, file)
    assert file.read_text() == "yesterday"
    await back_up(store_url, file, replace=True)
    await restore(store_url, file)


@postgres.ON_SQLITE
async def test_a_backup_of_a_newer_version_is_left_to_that_one(
    store_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "newer"
    file.write_bytes(migrated())
    with closing(sqlite3.connect(file)) as copy:
        copy.execute("UPDATE alembic_version SET version_num = '9999'")
        copy.commit()
    with pytest.raises(BackupFailed, match="a newer version"):
        await restore(store_url, file, replace=True)


async def test_without_the_tools_it_says_where_they_are_to_be_had(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupFailed, match=r"pg_dump is not on the PATH.*postgresql-client"):
        await back_up(postgres_url, tmp_path / "today")
    assert not (tmp_path / "today").exists()
