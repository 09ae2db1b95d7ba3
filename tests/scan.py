"""Whatever the whole test run logs or counts is looked through: no token, and nothing that somebody answered.

Every line is seen as it is said, before the log hides anything. What people type in the tests must stand in
none of them; and as a number between 0 and 10 could not be told from any other, each event may carry only
fields that somebody has looked at.
"""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from prometheus_client import generate_latest

from bot.metrics import REGISTRY
from bot.settings import TOKEN
from bot.storage.tables import State

# What our own lines may carry. A new name fails the tests until somebody has looked at what it holds.
LOOKED_AT = frozenset(
    {
        *("event", "level", "timestamp", "logger", "exc_info", "stack_info"),
        *[
            "trouble",
            "pause",
            "why",
            "delivery",
            "posted",
            "id",
            "state",
            "update",
            "tries",
            "chats",
        ],
        *["seconds", "people_write_to", "paid", "wait", "retry_after", "outcomes", "letters"],
        *State,
        "held",
    }
)
LONG = 8  # signs of a typed text; a shorter one, such as "4" or "done", may stand in any line

typed: set[str] = set()  # by people, in this run
_leaks: list[str] = []


def listen() -> None:
    """From now on, to every line of this process."""
    process, handle = structlog.BoundLoggerBase._process_event, logging.Logger.handle

    def processed(
        logger: Any, method: str, event: str | None, fields: dict[str, Any]
    ) -> tuple[Any, Any]:
        _leaks.extend(leaks({**fields, "event": event}))
        return process(logger, method, event, fields)

    def handled(logger: logging.Logger, record: logging.LogRecord) -> None:
        if record.name != "asyncio" or record.levelno > logging.DEBUG:
            _leaks.extend(leaks_of_text(_told(record)))
        handle(logger, record)

    structlog.BoundLoggerBase._process_event = processed  # type: ignore[method-assign, assignment]
    logging.Logger.handle = handled  # type: ignore[method-assign, assignment]


def _told(record: logging.LogRecord) -> str:
    """As it would be printed; a line that can't be formatted is printed in its parts."""
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return f"{record.msg} {record.args}"


def heard() -> list[str]:
    """What has leaked since the last time this was asked, and what the figures tell by now."""
    figures = generate_latest(REGISTRY).decode()
    found = [*_leaks, *leaks_of_text(figures)]
    _leaks.clear()
    return found


def leaks(fields: Mapping[str, Any]) -> Iterator[str]:
    """Of one event of ours."""
    for name in fields.keys() - LOOKED_AT:
        yield f"a field that nobody has looked at: {name} of {fields.get('event')!r}"
    for value in fields.values():
        yield from leaks_of_text(str(value))


def leaks_of_text(text: str) -> Iterator[str]:
    """Of a line, whoever says it."""
    if found := TOKEN.search(text):
        yield f"a token: {text[max(0, found.start() - 60) : found.start()]}"
    for words in typed:
        if words in text:
            yield f"what somebody typed: {words!r}"
