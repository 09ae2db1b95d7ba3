"""What the two faces of localchat, the Bot API and the page, share."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from bot.localchat.clock import Clock
from bot.localchat.faults import Faults
from bot.localchat.polling import Poller
from bot.localchat.world import World


@dataclass(kw_only=True)
class Site:
    """One localchat, while it runs."""

    token: str
    world: World
    clock: Clock
    faults: Faults
    poller: Poller
    closing: asyncio.Event = field(default_factory=asyncio.Event)  # everything that waits lets go
    # open connections by the address of the other end, so that a fault can break one
    connections: dict[tuple[str, int] | None, asyncio.Transport] = field(default_factory=dict)


async def gone(request: Request) -> None:
    """Return once the other end has hung up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def first_of(*waits: Coroutine[Any, Any, Any]) -> int:
    """Wait until one is done, and say which; the others are called off."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(number for number, task in enumerate(tasks) if task.done())
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
