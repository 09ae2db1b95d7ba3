"""A database of its own for each test, on either store."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.database import Database
from tests import postgres


@pytest.fixture
async def empty(
    store_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[Database]:
    """Nothing in it, not even tables. SQLite's is a file: in memory WAL would mean nothing."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'empty' / 'backbeat.db'}"
    if store_url.startswith("postgresql"):
        server: postgres.Server = request.getfixturevalue("postgres_server")
        url = await server.empty()
    database = Database(url)
    yield database
    await database.close()


@pytest.fixture
async def database(store_url: str) -> AsyncIterator[Database]:
    """With its tables."""
    database = Database(store_url)
    yield database
    await database.close()
