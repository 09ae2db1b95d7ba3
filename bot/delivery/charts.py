"""A chart for a letter, of one person's days: drawn at once, beside all else.

One that can't be drawn is left out: it delays nothing, and fails nothing.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import structlog

from bot.delivery.letter import Letter, drawn

SECONDS = 20.0  # for a drawing, behind as many as are sent side by side; one takes about an eighth

log = structlog.get_logger(__name__)


async def with_chart(letter: Letter, draw: Callable[[], bytes]) -> Letter:
    """The letter with what is drawn, where that can be."""
    try:
        async with asyncio.timeout(SECONDS):
            return replace(letter, picture=drawn(await asyncio.to_thread(draw)))
    except Exception:
        log.warning("a chart can't be drawn", exc_info=True)
        return letter
