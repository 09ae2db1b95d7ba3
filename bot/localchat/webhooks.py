"""Updates are posted to the bot's webhook: a person's one after the other, different people's side by side.

Anything but a 2xx is tried again, with growing pauses, and holds up that person only. An update stays until
it was taken, or until somebody drops what is pending.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

import aiohttp

from bot.localchat.records import Webhook
from bot.localchat.refusals import Json
from bot.localchat.world import World

SECRET = "X-Telegram-Bot-Api-Secret-Token"
PAUSES = (
    0.05,
    0.1,
    0.2,
    0.5,
    1.0,
    2.0,
    5.0,
)  # seconds; Telegram's grow in the same way, more slowly
SECONDS = 30.0  # for the bot to answer


class Pusher:
    """Posts what waits while a webhook is set."""

    def __init__(self, world: World, now: Callable[[], datetime]) -> None:
        self._world = world
        self._now = now
        self._changed = asyncio.Event()
        self._carrying: dict[int, asyncio.Task[None]] = {}  # by the person whose updates they are
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._world.listeners.append(self._on_change)
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._running is not None:
            self._world.listeners.remove(self._on_change)
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running
            self._running = None

    def _on_change(self, change: Json) -> None:
        if change["kind"] in ("update", "webhook"):
            self._changed.set()

    async def _run(self) -> None:
        """Without a webhook this sleeps, and holds no connection."""
        while not self._world.webhook.url:
            await self._next_change()
        wait = aiohttp.ClientTimeout(total=SECONDS)
        async with aiohttp.ClientSession(timeout=wait) as session:
            try:
                while True:
                    self._begin(session)
                    await self._next_change()
            finally:
                for task in self._carrying.values():
                    task.cancel()
                await asyncio.gather(*self._carrying.values(), return_exceptions=True)

    async def _next_change(self) -> None:
        await self._changed.wait()
        self._changed.clear()

    def _begin(self, session: aiohttp.ClientSession) -> None:
        for update in self._world.updates:
            if len(self._carrying) >= self._world.webhook.max_connections:
                return
            person = person_of(update)
            if self._world.webhook.url and person not in self._carrying:
                self._carrying[person] = asyncio.create_task(self._carry(session, person))

    async def _carry(self, session: aiohttp.ClientSession, person: int) -> None:
        """All that waits of one person, oldest first."""
        try:
            while (webhook := self._world.webhook).url and (update := self._oldest(person)):
                await self._bring(session, webhook, update)
        finally:
            del self._carrying[person]
            self._changed.set()  # somebody else may have waited for the connection

    async def _bring(self, session: aiohttp.ClientSession, webhook: Webhook, update: Json) -> None:
        """Until it is taken; whoever changes the webhook meanwhile begins anew."""
        tries = 0
        while webhook is self._world.webhook and update in self._world.updates:
            trouble = await _post(session, webhook, update)
            if trouble is None:
                self._taken(update)
                return
            webhook.last_error_date = int(self._now().timestamp())
            webhook.last_error_message = trouble
            self._world.tell("refused")
            await asyncio.sleep(PAUSES[min(tries, len(PAUSES) - 1)])
            tries += 1

    def _taken(self, update: Json) -> None:
        with suppress(ValueError):  # dropped, or taken by a poller after the webhook was deleted
            self._world.updates.remove(update)
        self._world.tell("acknowledged")

    def _oldest(self, person: int) -> Json | None:
        return next((u for u in self._world.updates if person_of(u) == person), None)


def person_of(update: Json) -> int:
    """Whose doing it is."""
    about: Any = next(value for kind, value in update.items() if kind != "update_id")
    return int(about["from"]["id"])


async def _post(session: aiohttp.ClientSession, webhook: Webhook, update: Json) -> str | None:
    """What is wrong with the answer, in Telegram's words; None where nothing is."""
    try:
        async with session.post(
            webhook.url,
            json=update,
            headers={SECRET: webhook.secret} if webhook.secret else {},
            allow_redirects=False,
        ) as answer:
            if 200 <= answer.status < 300:
                return None
            return f"Wrong response from the webhook: {answer.status} {answer.reason}"
    except TimeoutError:
        return "Read timeout expired"
    except aiohttp.ClientConnectorError:
        return "Connection refused"
    except aiohttp.ClientError:
        return "Connection reset by peer"
