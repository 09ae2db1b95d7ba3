"""What all tests share."""

import asyncio
import ssl
import sys
from functools import cache
from types import SimpleNamespace

import uvicorn.server
from hypothesis import settings
from sqlalchemy.dialects import registry

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
