"""A house with the bot at work, for journeys of whole weeks."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.house import House, assert_replays, house


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as made:
        yield made
        await assert_replays(made)  # whatever a journey does, its decisions can be made again
