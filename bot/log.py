"""One log, on stderr: lines for a person at a terminal, JSON for a machine; never the token.

Everything goes the same way, ours (structlog) and the libraries' (logging), and the finished line
is what is searched for secrets: by then exceptions, addresses and arguments have become text.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import TracebackType
from typing import TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.settings import ACCEPTED, TOKEN

HIDDEN = "[hidden]"
QUIET = {  # these tell every request and every tick; from these levels on, something is wrong
    "aiosqlite": logging.INFO,  # below it tells every statement with what people answered
    "apscheduler": logging.ERROR,  # that a tick took longer than its second is only a warning
    "httpcore": logging.WARNING,
    "httpx": logging.WARNING,
    "telegram": logging.INFO,  # below it tells every call with its text
    "uvicorn.access": logging.WARNING,
}
WITH_HANDLERS_OF_THEIR_OWN = ("uvicorn", "uvicorn.access", "uvicorn.error")

Redact = Callable[[str], str]

ENRICH: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def redaction(secrets: Iterable[str]) -> Redact:
    """Hides whatever looks like a bot token, and the given secrets wherever they appear."""
    known = {part for secret in secrets if secret for part in _parts(secret)}
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile("|".join([TOKEN.pattern, *map(re.escape, longest_first)]), re.ASCII)
    return lambda text: pattern.sub(HIDDEN, text)


def _parts(secret: str) -> tuple[str, ...]:
    """A token's second half is secret by itself; an address may write the colon before as %3A."""
    return (secret, secret.partition(":")[2]) if ACCEPTED.fullmatch(secret) else (secret,)


def set_up(level: str, secrets: Iterable[str]) -> None:
    """Route every logger of this process, its warnings and its last words through here."""
    redact = redaction(secrets)
    handler = _Handler(sys.stderr, redact)
    handler.setFormatter(_formatter(redact, on_terminal=sys.stderr.isatty()))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in WITH_HANDLERS_OF_THEIR_OWN:
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(least, root.level))
    logging.captureWarnings(capture=True)
    sys.excepthook = _last_words
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *ENRICH,
            structlog.stdlib.PositionalArgumentsFormatter(),
            ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def _formatter(redact: Redact, *, on_terminal: bool) -> logging.Formatter:
    def hide(_logger: WrappedLogger, _method: str, line: EventDict | str) -> str:
        return redact(str(line))

    return ProcessorFormatter(
        foreign_pre_chain=ENRICH,
        processors=[
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _for_a_person() if on_terminal else structlog.processors.JSONRenderer(default=str),
            hide,
        ],
    )


def _for_a_person() -> Processor:
    # Plain tracebacks: a rich one prints local variables, and cuts words where it colours them.
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)


class _Handler(logging.StreamHandler[TextIO]):
    """A handler whose own mishaps keep quiet about secrets, too."""

    def __init__(self, stream: TextIO, redact: Redact) -> None:
        super().__init__(stream)
        self._redact = redact

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """By default logging prints the arguments that it could not format."""
        told = f"a line of {record.name} could not be logged: {traceback.format_exc()}"
        with suppress(OSError, ValueError):  # nobody reads it any more; that stops no ritual
            self.stream.write(self._redact(told))


def _last_words(
    kind: type[BaseException], exception: BaseException, trace: TracebackType | None
) -> None:
    """Python would print what nobody caught as it is; Telegram's InvalidToken quotes the token."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, exception, trace)
        return
    logging.getLogger("bot").critical("stopped", exc_info=(kind, exception, trace))
