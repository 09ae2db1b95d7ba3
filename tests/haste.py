"""What lets thousands of tests end in minutes: work is left out that no test looks at, or done once for all.

Nothing here knows the bot. Processes that tests start are without it.
"""

import asyncio
import gc
import os
import shutil
import signal
import ssl
from functools import cache
from pathlib import Path
from types import CodeType, SimpleNamespace
from typing import Any

import jinja2.meta
import uvicorn.server

MEMORY = Path("/dev/shm")  # where Linux keeps files in it
ENOUGH = 2 * 2**30  # bytes; a run leaves some hundred millions


def make() -> None:
    """Once, before any test."""
    # What content and tables were read to never becomes garbage, and is looked through again and again.
    gc.set_threshold(100_000, 50, 100)
    # Each bot makes three of them, and none is needed on loopback: reading the world's certificates takes
    # longer than most tests.
    ssl.create_default_context = cache(ssl.create_default_context)  # type: ignore[assignment]
    _stop_servers_at_once()
    _name_no_handlers()
    _read_sentences_once()
    _keep_files_in_memory()


def _stop_servers_at_once() -> None:
    """Uvicorn waits for tenths of a second when it stops, and hundreds of localchats do."""
    uvicorn.server.asyncio = SimpleNamespace(  # type: ignore[assignment, attr-defined]
        **{**vars(asyncio), "sleep": lambda seconds: asyncio.sleep(min(seconds, 0.005))}
    )


def _name_no_handlers() -> None:
    """When a test's loop ends, Python looks up who handles Ctrl-C, and words an error that nobody sees about
    the one it finds: all that a fixture has made is spelled out in it, such as a catalogue of exercises."""
    named: Any = signal._int_to_enum  # type: ignore[attr-defined]
    signal._int_to_enum = (  # type: ignore[attr-defined]
        lambda handler, names: handler if callable(handler) else named(handler, names)
    )


def _read_sentences_once() -> None:
    """The same text comes to the same templates, in whichever copy of the content folder it stands."""
    parse, compile_ = jinja2.Environment._parse, jinja2.Environment.compile
    trees: dict[tuple[object, ...], jinja2.nodes.Template] = {}
    codes: dict[tuple[object, ...], CodeType] = {}

    def known(
        of: jinja2.Environment, source: Any, name: str | None, filename: str | None
    ) -> tuple[object, ...]:
        """A folder's name is its language, and that says how days and numbers are written."""
        language = Path(filename).parent.name if filename else None
        return source, name, language, of.trim_blocks, of.autoescape, of.undefined, of.finalize

    def parsed(
        self: jinja2.Environment, source: str, name: str | None, filename: str | None
    ) -> jinja2.nodes.Template:
        key = known(self, source, name, filename)
        if key not in trees:
            trees[key] = parse(self, source, name, filename)
        return trees[key]

    def compiled(
        self: jinja2.Environment, source: Any, name: str | None = None, filename: str | None = None
    ) -> CodeType:
        key = known(self, source, name, filename)
        if key not in codes:
            codes[key] = compile_(self, source, name, filename)
        return codes[key]

    jinja2.Environment._parse = parsed  # type: ignore[method-assign]
    jinja2.Environment.compile = compiled  # type: ignore[method-assign, assignment]
    jinja2.meta.find_undeclared_variables = cache(jinja2.meta.find_undeclared_variables)


def _keep_files_in_memory() -> None:
    """Each database waits for the disk at each commit, and no test pulls the plug."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
