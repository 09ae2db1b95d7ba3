"""The log: one way for everybody's lines, and no way for the token."""

import json
import logging
import sys
import warnings
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import structlog

from bot.log import redaction, set_up
from tests import builders

SECRET = "AAH-abcdefghijklmnopqrstuvwxyz_0123"
TOKEN = f"123456789:{SECRET}"
ADDRESS = f"https://api.telegram.org/bot{TOKEN}/sendMessage"


class Screen(StringIO):
    """A stderr that is, or is not, a terminal."""

    terminal = False

    def isatty(self) -> bool:
        return self.terminal

    def told(self) -> str:
        """What was written; nothing is ever written that holds the secret."""
        assert SECRET not in self.getvalue()
        return self.getvalue()


@pytest.fixture(params=["terminal", "machine"])
def screen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Screen:
    screen = Screen()
    screen.terminal = request.param == "terminal"
    monkeypatch.setattr(sys, "stderr", screen)
    return screen


@pytest.fixture
def log(screen: Screen) -> Any:
    set_up("debug", [TOKEN])
    return structlog.get_logger("bot.test")


def connect() -> None:
    raise ConnectionError(f"no route to {ADDRESS}")


def fail_deeply() -> None:
    try:
        connect()
    except ConnectionError as cause:
        raise RuntimeError(f"the token {TOKEN} was rejected") from cause


def test_a_line_of_ours(log: Any, screen: Screen) -> None:
    log.info("sent", ritual=7, url=ADDRESS, nested={"key": [TOKEN]})
    line = screen.told()
    assert "sent" in line
    assert "/bot[hidden]/sendMessage" in line


def test_an_exception_and_its_cause(log: Any, screen: Screen) -> None:
    try:
        fail_deeply()
    except RuntimeError:
        log.exception("a handler failed")
    text = screen.told()
    assert "the token [hidden] was rejected" in text
    assert "ConnectionError: no route to" in text
    assert "fail_deeply" in text


def test_a_library_s_line(log: Any, screen: Screen) -> None:
    logging.getLogger("telegram.ext").warning('HTTP Request: POST %s "%s"', ADDRESS, "200 OK")
    logging.getLogger("httpx").warning("cannot reach %r", ADDRESS)
    assert screen.told().count("[hidden]") == 2


def test_a_library_s_exception(log: Any, screen: Screen) -> None:
    try:
        fail_deeply()
    except RuntimeError:
        logging.getLogger("telegram.ext.Updater").exception("polling stopped")
    assert "the token [hidden] was rejected" in screen.told()


def test_requests_and_ticks_are_not_told(log: Any, screen: Screen) -> None:
    logging.getLogger("httpx").info("HTTP Request: POST %s", ADDRESS)
    logging.getLogger("httpcore.connection").debug("connect_tcp.started")
    logging.getLogger("apscheduler.executors.default").info("Job executed")
    logging.getLogger("uvicorn.access").info("GET %s", ADDRESS)
    assert screen.told() == ""


def test_a_line_that_cannot_be_formatted(
    log: Any, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", root.handlers[:1])  # pytest's own would raise
    logging.getLogger("httpx").warning("%d retries", ADDRESS)
    assert "a line of httpx could not be logged" in screen.told()


def test_a_warning(log: Any, screen: Screen) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)  # catch_warnings has put Python's own way back
        warnings.warn(f"{ADDRESS} is deprecated", stacklevel=1)
    assert "is deprecated" in screen.told()


def test_the_last_words(log: Any, screen: Screen) -> None:
    try:
        fail_deeply()
    except RuntimeError as fault:
        sys.excepthook(RuntimeError, fault, fault.__traceback__)
    assert "the token [hidden] was rejected" in screen.told()


def test_a_log_that_nobody_reads_any_more_stops_nothing(log: Any, screen: Screen) -> None:
    screen.close()
    log.info("sent", ritual=7)


def test_an_interruption_is_no_fault(log: Any, screen: Screen) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert "stopped" not in screen.told()


def test_a_machine_reads_one_json_object_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    set_up("info", [])
    structlog.get_logger("bot.test").info("sent", ritual=7)
    logging.getLogger("telegram").warning("late by %d s", 3)
    structlog.get_logger("bot.test").debug("too quiet for info")
    ours, theirs = map(json.loads, screen.told().splitlines())
    assert ours.pop("timestamp").endswith("Z")
    assert ours == {"event": "sent", "ritual": 7, "level": "info", "logger": "bot.test"}
    assert (theirs["event"], theirs["logger"]) == ("late by 3 s", "telegram")


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"bot{TOKEN}/getMe", "bot[hidden]/getMe"),
        (f"bot123456789%3A{SECRET}/getMe", "bot123456789%3A[hidden]/getMe"),
        ("bot987654321:" + "x" * 35, "bot[hidden]"),  # someone else's, never told to us
        ("hunter2 hunter", "[hidden] hunter"),
        ("12:30:45 at 2026-01-01", "12:30:45 at 2026-01-01"),
    ],
)
def test_what_is_hidden(text: str, hidden: str) -> None:
    assert redaction([TOKEN, "hunter2", ""])(text) == hidden


async def test_not_even_the_finest_log_tells_what_somebody_answered(
    log: Any, screen: Screen, tmp_path: Path
) -> None:
    async with builders.database(tmp_path) as database, database.work() as work:
        connection = await work.connection()
        answered = await connection.execute(sa.text("SELECT :answer"), {"answer": "seven of ten"})
        assert answered.scalar_one() == "seven of ten"
    logging.getLogger("telegram.Bot").debug(
        "Calling `sendMessage` with %s", {"text": "seven of ten"}
    )
    assert "seven of ten" not in screen.told()
