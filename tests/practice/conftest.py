"""A desk over a database of its own for each test, and somebody who comes to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.practice.desk import Desk
from tests import builders
from tests.practice.someone import Someone, at


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with builders.database(tmp_path) as database:
        yield builders.desk(database)


@pytest.fixture
async def ada(desk: Desk) -> Someone:
    await builders.enrolled(desk, at(0))
    return Someone(desk)
