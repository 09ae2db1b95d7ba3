"""Pictures are ordered before they are wanted: those of rituals that come soon, and of who was just here.

What is answered in between may change a sequence; then its card comes without a picture, or a tap later. To
look ahead is worth nothing to whoever waits for anything else: it goes slowly, and stands back while pictures
wait to be drawn.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import structlog

from bot.catalogue.words import Voices
from bot.delivery.gallery import Gallery
from bot.delivery.illustrations import pictures_of
from bot.practice.foresight import Foreseen, Foresight

SOON = dt.timedelta(hours=2)
MOST = 25  # sessions at one look
EVERY = 1.0  # seconds
MOST_HEARD = 1000  # chats
PATIENCE = 5.0  # seconds for its last look

Known = Callable[[Collection[str]], Awaitable[Mapping[str, str]]]

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Ahead:
    """Looks every now and then, while `at_work` is open."""

    foresight: Foresight
    words: Voices
    gallery: Gallery
    known: Known  # of these recipes, those that Telegram has
    clock: Callable[[], dt.datetime]
    leads: Callable[[], bool]  # whether this process sends what is due

    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _heard: dict[int, None] = field(default_factory=dict)  # chats, in the order of their coming
    _beyond: tuple[dt.datetime, int] = (dt.datetime.min.replace(tzinfo=dt.UTC), 0)

    def hear(self, chat_id: int) -> None:
        """Somebody did something: what comes next to them may be another."""
        if self.gallery.painters and len(self._heard) < MOST_HEARD:
            self._heard[chat_id] = None

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """At the end the look that it is in comes to its own: a query that is cut off is told as an error."""
        looking = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self._over.set()
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await looking

    async def _run(self) -> None:
        while self.gallery.painters and not self._over.is_set():
            try:
                await self.look()
            except Exception:
                log.warning("pictures can't be ordered ahead", exc_info=True)
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY):
                    await self._over.wait()

    async def look(self) -> None:
        """Order what is seen to be wanted, unless enough waits already."""
        for _ in range(MOST):
            if self.gallery.full or self._over.is_set() or not self._heard:
                break
            chat_id = next(iter(self._heard))
            del self._heard[chat_id]
            await self._order(await self.foresight.of_chat(chat_id, self.clock()))
        if self.leads() and not self.gallery.full:
            await self._look_at_the_clock()

    async def _look_at_the_clock(self) -> None:
        now = self.clock()
        beyond = max(self._beyond, (now, 0))
        if beyond[0] > now + SOON:  # the clock was moved back
            beyond = (now, 0)
        for row in await self.foresight.due(beyond, now + SOON, MOST):
            if self.gallery.full or self._over.is_set():
                return
            self._beyond = (row.due_at, row.id or 0)
            await self._order(await self.foresight.of_delivery(row))

    async def _order(self, coming: list[Foreseen]) -> None:
        for one in coming:
            pictures = pictures_of(self.words[one.language], one)
            known = await self.known([picture.recipe for picture in pictures])
            self.gallery.order(picture for picture in pictures if picture.recipe not in known)
