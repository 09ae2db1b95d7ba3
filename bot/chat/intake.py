"""Updates come in: stored first, then processed, each person's in order, different people's side by side.

The library's own polling tells Telegram that an update arrived before anything happened to it; here the next
`getUpdates` (which is that confirmation) is asked only after the rows are committed.
"""

import asyncio
import datetime as dt
import json
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from telegram import Update
from telegram.error import (
    BadRequest,
    Conflict,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import Application

from bot.chat.album import Album
from bot.chat.context import TURN, Turn
from bot.chat.pacer import seconds_of
from bot.storage import inbox
from bot.storage.database import Database
from bot.storage.tables import InboxRow

LISTEN = 50  # seconds that Telegram may keep a getUpdates open
WANTED = ["message", "callback_query", "my_chat_member"]
SIDE_BY_SIDE = 32  # people
TRIES = 6  # of one update, while Telegram can't be reached: half a minute in all
LONGEST_WAIT = 30.0  # seconds

log = structlog.get_logger(__name__)

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class Intake:
    """From Telegram to the inbox, from the inbox to the handlers."""

    def __init__(
        self, application: AnyApplication, database: Database, now: Callable[[], dt.datetime]
    ) -> None:
        self._application = application
        self._database = database
        self._now = now
        self._busy: set[int] = set()  # chats somebody works on
        self._again: set[int] = set()  # of these, the ones that got more meanwhile
        self._left: set[int] = set()  # chats whose first update an earlier run may have begun
        self._side_by_side = asyncio.Semaphore(SIDE_BY_SIDE)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Finish what an earlier run left, then listen until cancelled."""
        try:
            async with self._database.look() as work:
                waiting = await inbox.chats_waiting(work)
            self._left.update(waiting)
            self._wake(waiting)
            await self._listen()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _listen(self) -> None:
        # Telegram may number anew, and lower, after a quiet week: an offset is given only to
        # confirm what was stored just now, never from memory.
        offset: int | None = None
        pause = 0.0
        while True:
            try:
                updates = await self._application.bot.get_updates(
                    offset=offset, timeout=LISTEN, allowed_updates=WANTED
                )
            except InvalidToken:
                raise
            except TelegramError as trouble:
                pause = min(LONGEST_WAIT, max(1.0, pause * 2))
                _mention(trouble, pause)
                await asyncio.sleep(pause)
                continue
            pause = 0.0
            self._wake(await self._store(updates))
            offset = updates[-1].update_id + 1 if updates else None

    async def _store(self, updates: tuple[Update, ...]) -> list[int]:
        now = self._now()
        async with self._database.work() as work:
            return [
                chat
                for update in updates
                if (chat := _chat(update)) is not None
                and await inbox.keep(work, update.update_id, chat, update.to_json(), now)
            ]

    def _wake(self, chats: Iterable[int]) -> None:
        for chat in dict.fromkeys(chats):
            if chat in self._busy:
                self._again.add(chat)
                continue
            self._busy.add(chat)
            task = asyncio.create_task(self._work_off(chat))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work_off(self, chat: int) -> None:
        try:
            async with self._side_by_side:
                while (row := await self._next(chat)) is not None:
                    await self._process(row)
        except Exception:
            # What waits stays stored; the next update of this chat, or the next start, takes it up.
            log.exception("an update could not be processed")
        finally:
            self._busy.discard(chat)

    async def _next(self, chat: int) -> InboxRow | None:
        while True:
            async with self._database.look() as work:
                row = await inbox.next_of(work, chat)
            # One may have been stored after we looked and before we leave.
            if row is not None or chat not in self._again:
                return row
            self._again.discard(chat)

    async def _process(self, row: InboxRow) -> None:
        update = self._read(row)
        begun = row.tries > 0 or row.chat_id in self._left
        self._left.discard(row.chat_id)
        turn = Turn(row.update_id, row.received_at, Album(self._database), again=begun)
        TURN.set(turn)
        for tries in range(row.tries, TRIES):
            turn.retry_after = None
            if update is not None:
                await self._application.process_update(update)
            if turn.retry_after is None:
                break
            async with self._database.work() as work:
                await inbox.try_again(work, row.update_id)
            if tries + 1 < TRIES:
                await asyncio.sleep(max(turn.retry_after, min(LONGEST_WAIT, 2**tries)))
        async with self._database.work() as work:
            await inbox.finish(work, row.update_id)

    def _read(self, row: InboxRow) -> Update | None:
        """None for one that was forgotten with its person, or that can't be read: it blocks nobody."""
        if not row.payload:
            return None
        try:
            return Update.de_json(json.loads(row.payload), self._application.bot)
        except Exception:
            log.exception("an update can't be read", update=row.update_id)
            return None


def retry_after(error: Exception | None) -> float | None:
    """Seconds to wait before an update is processed again; None when trying again is no use."""
    match error:
        case RetryAfter():
            return seconds_of(error)
        case NetworkError() if not isinstance(error, BadRequest):
            return 0.0
    return None


def _chat(update: Update) -> int | None:
    chat = update.effective_chat
    return chat.id if chat else None


def _mention(trouble: TelegramError, pause: float) -> None:
    if isinstance(trouble, Conflict):
        log.error("another process polls with this token; only one may", pause=pause)
    else:
        log.warning("no updates", trouble=type(trouble).__name__, pause=pause)
