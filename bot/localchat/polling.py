"""getUpdates: long polling, with Telegram's rules of acknowledgement.

An update stays until a higher offset is asked for. A second poller ends the
first one's wait with a conflict, so two bots on one token disturb each other.
"""

import asyncio
from typing import Any

from bot.localchat.calls import Call
from bot.localchat.refusals import OTHER_POLLER, WEBHOOK_ACTIVE, Json, Refused
from bot.localchat.world import World

LONGEST = 50  # seconds that Telegram keeps a poll open
MOST = 100


class Poller:
    """Whoever asks for updates, one at a time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._changed = asyncio.Event()
        self._turn = 0
        self._closed = False
        world.listeners.append(self._on_change)

    def _on_change(self, change: Json) -> None:
        if change["kind"] in ("update", "webhook"):
            self._changed.set()

    def close(self) -> None:
        """Let the one that waits go, with what there is."""
        self._closed = True
        self._changed.set()

    async def get_updates(self, call: Call) -> list[Json]:
        self._turn += 1
        turn = self._turn
        self._changed.set()  # wakes the poller whose turn is over
        limit = min(max(call.integer("limit", MOST), 1), MOST)
        self._acknowledge(call.integer("offset"))
        self._choose(call.data("allowed_updates"))
        patience = min(max(call.integer("timeout"), 0), LONGEST)
        try:
            async with asyncio.timeout(patience):
                await self._news(turn)
        except TimeoutError:
            self._check(turn)
        return self._world.updates[:limit]

    async def _news(self, turn: int) -> None:
        while True:
            self._check(turn)
            if self._world.updates or self._closed:
                return
            self._changed.clear()
            await self._changed.wait()

    def _check(self, turn: int) -> None:
        if self._world.webhook.url:
            raise Refused(*WEBHOOK_ACTIVE)
        if turn != self._turn:
            raise Refused(*OTHER_POLLER)

    def _acknowledge(self, offset: int) -> None:
        """Forget what came before the offset; a negative one counts from the end."""
        updates = self._world.updates
        if offset < 0:
            self._world.updates = updates[offset:]
        elif offset:
            self._world.updates = [u for u in updates if u["update_id"] >= offset]
        if len(self._world.updates) != len(updates):
            self._world.tell("acknowledged")

    def _choose(self, allowed: Any) -> None:
        """Kinds of updates are chosen until chosen anew; an empty list is the usual choice."""
        if isinstance(allowed, list):
            self._world.allowed_updates = allowed or None
