"""What every command stands on: settings, the database, and one way to say what is wrong."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import typer
from rich.console import Console

from bot.catalogue.faults import ContentFaulty
from bot.settings import Settings, SettingsFaulty, read_settings

if TYPE_CHECKING:
    from bot.storage.database import Database

Answer = TypeVar("Answer")

said = Console(highlight=False, soft_wrap=True)
wrong = Console(stderr=True, highlight=False, soft_wrap=True)


def over_the_database(
    settings: Settings, look: "Callable[[Database], Awaitable[Answer]]"
) -> Answer:
    """Open it, ask, close it. It is brought up to date first, as `run` would."""
    from bot.storage.database import Database

    async def asked() -> Answer:
        database = Database(settings.database_url)
        try:
            await database.migrate()
            return await look(database)
        finally:
            await database.close()

    try:
        return asyncio.run(asked())
    except ContentFaulty as faulty:
        refuse(*faulty.faults)


def speak_utf_8() -> None:
    """JSON is UTF-8, whatever the locale says; and bytes that aren't are told, not carried along."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="strict")


def own_settings() -> Settings:
    try:
        return read_settings(os.environ, Path(".env"))
    except SettingsFaulty as faulty:
        refuse(*faulty.faults)


def refuse(*faults: str) -> NoReturn:
    for fault in faults:
        wrong.print(fault, markup=False)
    raise typer.Exit(2)


def fastest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's, on the platforms that have it; None is Python's own."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return None
    return new_event_loop
