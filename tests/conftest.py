"""What all tests share."""

import asyncio
import gc
import signal
import ssl
import sys
from functools import cache
from types import SimpleNamespace
from typing import Any

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

# When a test's loop ends, Python looks up who handles Ctrl-C, and words an error that nobody sees about the
# one it finds: all that a fixture has made is spelled out in it, such as a catalogue of exercises.
_named: Any = signal._int_to_enum  # type: ignore[attr-defined]
signal._int_to_enum = (  # type: ignore[attr-defined]
    lambda handler, names: handler if callable(handler) else _named(handler, names)
)

# What content and tables were read to never becomes garbage, and is looked through again and again.
gc.set_threshold(100_000, 50, 100)

registry.register("sqlite.aiosqlite", "tests.dialect", "SharedDialect")

# Two cores are shared by many: a slow moment of the machine is no fault of the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
