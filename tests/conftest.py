"""What all tests share."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings
from sqlalchemy.dialects import registry

from bot.log import QUIET, WITH_HANDLERS_OF_THEIR_OWN
from tests import builders, haste, postgres, scan

# httpcore looks for it at every request, and Python looks through every folder for what isn't installed.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]


def log_plainly() -> None:
    """A traceback that prints every local variable takes seconds, in which nothing else happens."""
    structlog.reset_defaults()
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])


log_plainly()
haste.make()
scan.listen()
registry.register("sqlite.aiosqlite", "tests.dialect", "SharedDialect")

# Two cores are shared by many: a slow moment of the machine is no fault of the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """The PostgreSQL of this run."""
    with postgres.server() as server:
        yield server


@pytest.fixture
async def postgres_url(postgres_server: postgres.Server) -> str:
    """A PostgreSQL database with its tables, and nothing in them."""
    return await postgres_server.cleared()


@pytest.fixture(params=["sqlite", "postgresql"])
async def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same on either store."""
    if request.param == "postgresql":
        server: postgres.Server = request.getfixturevalue("postgres_server")
        return await server.cleared()
    file = tmp_path / "data" / "backbeat.db"
    file.parent.mkdir(mode=0o700)
    file.write_bytes(builders.migrated())
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture(autouse=True)
def nothing_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """No line and no figure of any test holds a token, or what somebody answered (tests/scan.py)."""
    yield
    leaks = scan.heard()
    if request.module.__name__ != "tests.test_log":  # it says secrets, to see that they are hidden
        assert leaks == []


@pytest.fixture(autouse=True)
def logging_put_back() -> Iterator[None]:
    """Logging belongs to the whole process; the next test wants it as it was."""
    names = (*QUIET, *WITH_HANDLERS_OF_THEIR_OWN)
    levels = {name: logging.getLogger(name).level for name in names}
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    yield
    root.handlers, sys.excepthook = handlers, hook
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    log_plainly()
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
