"""A house whose bot starts quickly, and an ear for what is logged."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests import builders
from tests.journeys.house import House, house


@pytest.fixture
async def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """Its desk is the builders', without what is slow to read; all else is the assembly's."""
    monkeypatch.setattr("bot.assembly.build_desk", lambda _settings, db: builders.desk(db))
    monkeypatch.setattr("bot.chat.application._describe", unsaid)
    async with house(tmp_path) as made:
        yield made


async def unsaid(*_of: object, **_what: object) -> None:
    """The bot introduces itself in every language at each start; the journeys hear it."""


@pytest.fixture
def no_accidents(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing may be logged as an error, by us or by the library."""
    with capture_logs() as ours:
        yield
    assert [line for line in ours if line["log_level"] in ("error", "critical")] == []
    assert [r.getMessage() for r in caplog.records if is_accident(r)] == []


def is_accident(record: logging.LogRecord) -> bool:
    """A tick that is cut short when the bot stops is none, though the scheduler calls it an error."""
    cut_short = record.exc_info is not None and record.exc_info[0] is asyncio.CancelledError
    return record.levelno >= logging.ERROR and not cut_short
