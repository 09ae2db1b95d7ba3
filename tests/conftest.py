"""What all tests share."""

import asyncio
import ssl
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
import uvicorn.server
from hypothesis import settings
from sqlalchemy.dialects import registry

from tests import builders, postgres

# httpcore looks for it at every request, and Python looks through every folder for what isn't installed.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]

# Each bot makes three of them, and none is needed on loopback: reading the world's certificates takes longer
# than most tests.
ssl.create_default_context = cache(ssl.create_default_context)  # type: ignore[assignment]

# Uvicorn waits for tenths of a second when it stops, and hundreds of localchats do.
uvicorn.server.asyncio = SimpleNamespace(  # type: ignore[assignment, attr-defined]
    **{**vars(asyncio), "sleep": lambda seconds: asyncio.sleep(min(seconds, 0.005))}
)

registry.register("sqlite.aiosqlite", "tests.dialect", "SharedDialect")

# Two cores are shared by many: a slow moment of the machine is no fault of the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    """The PostgreSQL of this run."""
    with postgres.server(postgres.run_folder(tmp_path_factory)) as server:
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
