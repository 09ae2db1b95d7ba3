"""Updates come in: stored first, then processed, each person's in order, different people's side by side.

Whoever hands updates in tells Telegram that they arrived only after they are stored. Several processes may
share one database: the turn of a chat is one's at a time, and what a dead one left is taken up by another.
"""

import asyncio
import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any
from uuid import uuid4

import structlog
from telegram import Update
from telegram.error import BadRequest, NetworkError, RetryAfter
from telegram.ext import Application

from bot.chat.album import Album
from bot.chat.context import TURN, Turn
from bot.chat.pacer import seconds_of
from bot.metrics import INTAKE_LAG, UPDATES
from bot.storage import inbox
from bot.storage.database import Database
from bot.storage.inbox import Arrival
from bot.storage.tables import InboxRow
from bot.storage.trouble import passes

WANTED = ["message", "callback_query", "my_chat_member"]
SIDE_BY_SIDE = 32  # people
LEASE = dt.timedelta(seconds=20)  # of a turn: a process that died lets go by then
SWEEP = 5.0  # seconds between looks at what waits and nobody works on; turns are renewed as often
TRIES = 6  # of an update whose reply fails: with fewer, what comes behind it waits
YIELDS = dt.timedelta(seconds=30)  # and it is at least so old
GIVEN_UP = dt.timedelta(days=1)  # a reply later than this answers nothing any more
LONGEST_PAUSE = 300.0  # seconds between two tries
CROWD = 20  # updates of a chat one after the other, from which on the same tap again needs no reply
# Telegram sends an update again for a day. After a week without any it may choose new ids by chance, and one
# of those must not meet an old one.
KEPT = dt.timedelta(days=3)
PURGE = 3600.0  # seconds between looks for ids that may go

log = structlog.get_logger(__name__)

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class Intake:
    """From the inbox to the handlers."""

    def __init__(
        self,
        application: AnyApplication,
        database: Database,
        now: Callable[[], dt.datetime],
        album: Album,
        done: Callable[[int], None],
    ) -> None:
        """`done` hears of each chat whose update was worked off."""
        self._application = application
        self._database = database
        self._now = now
        self._album = album
        self._done = done
        self._holder = uuid4().hex
        self._busy: set[int] = set()  # chats that we work on
        self._again: set[int] = set()  # of these, the ones that got more meanwhile
        self._side_by_side = asyncio.Semaphore(SIDE_BY_SIDE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._fresh: set[int] = set()  # updates that were tried, and of which nothing was kept
        self._at_work = False  # what comes earlier is stored, and waits for `open`

    async def receive(self, arrivals: Iterable[Arrival], way: str) -> None:
        """Store updates; only what is new is worked off. Once this returns, Telegram may hear of it."""
        now = self._now()
        async with self._database.work() as work:
            new = await inbox.keep(work, arrivals, now)
        UPDATES.labels(way).inc(len(new))
        self._wake(new)

    async def open(self, *, alone: bool) -> None:
        """Take up what an earlier run left; alone, even the turns that its process had."""
        while await self._purge():
            pass
        async with self._database.work() as work:
            if alone:
                await inbox.inherit(work)
            waiting = await inbox.chats_waiting(work)
        self._at_work = True
        self._wake(waiting)

    async def run(self) -> None:
        """Keep our turns, and look for what waits though nobody works on it, until cancelled."""
        loop = asyncio.get_running_loop()
        purged_at = loop.time()
        while True:
            await asyncio.sleep(SWEEP)
            try:
                await self._sweep()
                if loop.time() - purged_at >= PURGE and not await self._purge():
                    purged_at = loop.time()
            except Exception:
                log.exception("the inbox can't be looked through")

    async def close(self, patience: float) -> None:
        """Begin nothing more, and end what is in work; what remains after so many seconds stays stored."""
        self._at_work = False
        with suppress(Exception):  # it is the patience that counts
            async with self._database.work() as work:
                await inbox.hold_on(work, self._holder, self._now(), LEASE)
        if tasks := {*self._tasks}:
            _, unfinished = await asyncio.wait(tasks, timeout=patience)
            if unfinished:
                log.warning("updates are cut short, and stay stored", chats=len(unfinished))
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)
        with suppress(Exception):  # else our turns end by themselves
            async with self._database.work() as work:
                await inbox.leave(work, self._holder)

    async def _sweep(self) -> None:
        now, longest = self._now(), dt.timedelta(seconds=LONGEST_PAUSE)
        if self._busy:
            async with self._database.work() as work:
                await inbox.hold_on(work, self._holder, now, LEASE)
        async with self._database.look() as work:
            due = await inbox.chats_due(work, self._holder, now, longest)
        self._wake(chat for chat in due if chat not in self._busy)

    async def _purge(self) -> bool:
        """A batch of old ids; whether there may be more."""
        async with self._database.work() as work:
            return await inbox.purge(work, self._now() - KEPT) == inbox.MOST

    def _wake(self, chats: Iterable[int]) -> None:
        for chat in dict.fromkeys(chats):
            if chat in self._busy:
                self._again.add(chat)
            elif self._at_work:
                self._busy.add(chat)
                task = asyncio.create_task(self._work_off(chat))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _work_off(self, chat: int) -> None:
        """Until nothing of a chat waits. After each update others come first: a flood is one among many."""
        done: tuple[int, ...] = ()
        in_a_row = 0
        try:
            while self._at_work:
                async with self._side_by_side:
                    row = await self._next(chat, done)
                    if row is None:
                        return
                    while (pause := await self._process(row)) is not None:
                        if await self._put_off(row, pause):
                            return
                        await asyncio.sleep(pause)
                        row.tries += 1
                in_a_row += 1
                done = await self._repeated(row) if in_a_row >= CROWD else (row.update_id,)
            await self._end(chat, done)
        except Exception:
            # It stays stored and begun, and the next look at what waits takes it up.
            log.exception("an update could not be processed")
        finally:
            self._busy.discard(chat)
            if chat in self._again:
                self._again.discard(chat)
                self._wake([chat])

    async def _next(self, chat: int, done: Sequence[int]) -> InboxRow | None:
        """Note what is done, and begin the next; None where nothing waits, or another process is at it."""
        while True:
            self._again.discard(chat)
            async with self._database.work() as work:
                ours = await inbox.take(work, chat, self._holder, self._now(), LEASE)
                if done:
                    await inbox.finish(work, *done)
                if not ours:
                    return None
                if (row := await inbox.begin(work, chat)) is not None:
                    return row
                await inbox.leave(work, self._holder, chat)
            done = ()
            # Another process may have stored one after we looked, and found the turn still taken.
            async with self._database.look() as work:
                if await inbox.next_of(work, chat) is None:
                    return None

    async def _end(self, chat: int, done: Sequence[int]) -> None:
        async with self._database.work() as work:
            await inbox.leave(work, self._holder, chat)
            await inbox.finish(work, *done)

    async def _process(self, row: InboxRow) -> float | None:
        """Hand it to the handlers; seconds until it has to be tried again, None where it is over."""
        again = row.tries > 1 and row.update_id not in self._fresh
        self._fresh.discard(row.update_id)
        turn = Turn(row.update_id, row.received_at, self._album, again=again)
        TURN.set(turn)
        if (update := self._read(row)) is not None:
            await self._application.process_update(update)
        if turn.retry_after is None:
            self._done(row.chat_id)
            INTAKE_LAG.observe(max(0.0, (self._now() - row.received_at).total_seconds()))
            return None
        if not turn.again:
            self._fresh.add(row.update_id)
        if await self._is_over(row):
            log.warning("an update is over without its reply", update=row.update_id)
            return None
        return max(turn.retry_after, min(LONGEST_PAUSE, 2.0 ** (row.tries - 1)))

    async def _is_over(self, row: InboxRow) -> bool:
        """What it said is kept by now. The reply to what came behind it shows as well where things stand."""
        age = self._now() - row.received_at
        if age >= GIVEN_UP:
            return True
        if row.tries < TRIES or age < YIELDS:
            return False
        async with self._database.look() as work:
            line = await inbox.line_of(work, row.chat_id, 2)
        return [waiting.update_id for waiting in line] != [row.update_id]

    async def _put_off(self, row: InboxRow, pause: float) -> bool:
        """Until then nobody is held up but this chat; its next update ends the pause.

        False where the person was forgotten: then only we still know whom to answer.
        """
        until = self._now() + dt.timedelta(seconds=pause)
        async with self._database.work() as work:
            if await inbox.take(work, row.chat_id, self._holder, self._now(), LEASE):
                if not await inbox.put_off(work, row.chat_id, row.update_id, until):
                    return False
                await inbox.leave(work, self._holder, row.chat_id)
        asyncio.get_running_loop().call_later(pause, self._wake, [row.chat_id])
        return True

    async def _repeated(self, row: InboxRow) -> tuple[int, ...]:
        """In a crowd: what was just done, and the taps behind it that say exactly the same."""
        async with self._database.look() as work:
            line = await inbox.line_of(work, row.chat_id, 5 * CROWD)
        said = tap_of(row.payload)
        same = [row.update_id]
        for waiting in line:
            if waiting.update_id == row.update_id:
                continue
            if said is None or tap_of(waiting.payload) != said:
                break
            same.append(waiting.update_id)
        return tuple(same)

    def _read(self, row: InboxRow) -> Update | None:
        """None for one that was forgotten with its person, or that can't be read: it blocks nobody."""
        if not row.payload:
            return None
        try:
            return Update.de_json(json.loads(row.payload), self._application.bot)
        except Exception:
            log.exception("an update can't be read", update=row.update_id)
            return None


def arrival_of(update: Any, payload: str) -> Arrival | None:
    """An update as Telegram writes it; None where there is no chat to answer in.

    Raises ValueError for what is no update at all.
    """
    match update:
        case {"update_id": int(number)} if 0 <= number < 2**63:
            about = next((update[kind] for kind in WANTED if kind in update), None)
        case _:
            raise ValueError("not an update")
    match about:
        case {"chat": {"id": int(chat)}} | {"message": {"chat": {"id": int(chat)}}}:
            return Arrival(update_id=number, chat_id=chat, payload=payload)
    return None


def tap_of(payload: str) -> tuple[int, str] | None:
    """Which button of which message was tapped; None for whatever else it is."""
    with suppress(ValueError):
        match json.loads(payload):
            case {"callback_query": {"message": {"message_id": int(message)}, "data": str(data)}}:
                return message, data
    return None


def retry_after(error: Exception | None) -> float | None:
    """Seconds to wait before an update is processed again; None when trying again is no use."""
    match error:
        case RetryAfter():
            return seconds_of(error)
        case NetworkError() if not isinstance(error, BadRequest):
            return 0.0
    return 0.0 if passes(error) else None
