"""A database of its own for each test: a file, as in real life; in memory WAL would mean nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.database import Database


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[Database]:
    """Nothing in it, not even tables."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'data' / 'backbeat.db'}")
    yield database
    await database.close()


@pytest.fixture
async def database(empty: Database) -> Database:
    """With its tables."""
    await empty.migrate()
    return empty
