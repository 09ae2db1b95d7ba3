"""From a clock tick to sent messages: claim what is due, compose, send, note, and plan what comes next.

`sending` is committed before the call leaves. What surely was not sent is tried again; what may have
arrived is sent once more at most, as the same occurrence, so that both cards act on one session. What is
too late to be useful is not sent, and said at the next contact. A review goes the same way, right behind
the ritual, and is never too late.
"""

import asyncio
import datetime as dt
from dataclasses import dataclass

import structlog

from bot.delivery.letterbox import Addressed, compose
from bot.delivery.receipt import (
    Later,
    Outbox,
    Receipt,
    Refused,
    Sent,
    Unknown,
    Unreachable,
    Unsent,
)
from bot.practice.desk import Desk
from bot.practice.enrolment import plan_next
from bot.storage import people, post
from bot.storage.database import Database
from bot.storage.tables import DeliveryRow, ErrandRow, Posted, ReviewRow, State

KINDS = (DeliveryRow, ReviewRow, ErrandRow)  # a review comes after the card that it follows
BATCH = 100  # rows a claim takes: a longer transaction would stall SQLite's other users (performance.md)
SIDE_BY_SIDE = 32  # sends in flight
MOST_CALLS = 2  # of one letter whose arrival nobody can know
RETRY = dt.timedelta(seconds=10)  # before what surely wasn't sent is tried again

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Postman:
    """Carries due letters; `run` is called once a tick, with the time."""

    database: Database
    desk: Desk
    outbox: Outbox
    lease: dt.timedelta
    freshness: dt.timedelta  # later than this after its time, a ritual is of no use

    async def run(self, now: dt.datetime) -> None:
        """Work off everything that is due at this instant."""
        async with self.database.look() as work:
            if not await post.any_due(work, KINDS, now):
                return
        for kind in KINDS:
            while claimed := await self._claim(kind, now):
                limit = asyncio.Semaphore(SIDE_BY_SIDE)
                await asyncio.gather(*(self._carry(posted, now, limit) for posted in claimed))

    async def _claim(self, kind: type[Posted], now: dt.datetime) -> list[Posted]:
        async with self.database.work() as work:
            return list(await post.claim(work, kind, now, self.lease, BATCH))

    async def _carry(self, delivery: Posted, now: dt.datetime, limit: asyncio.Semaphore) -> None:
        """One delivery, apart from all others: what goes wrong here stops nobody else's ritual."""
        async with limit:
            try:
                await self._deliver(delivery, now)
            except Exception:
                # Its lease ends, and it is taken up again.
                log.exception("a delivery failed", delivery=delivery.id)

    async def _deliver(self, delivery: Posted, now: dt.datetime) -> None:
        if delivery.state == State.SENDING and delivery.tries >= MOST_CALLS:
            await self._settle(delivery, State.DOUBTFUL, now)
        elif self._too_late(delivery, now):
            # One that was already tried may have arrived: that is not the same as late.
            await self._settle(delivery, State.DOUBTFUL if delivery.tries else State.LATE, now)
        elif (addressed := await compose(self.desk, delivery, now)) is None:
            await self._settle(delivery, State.NEEDLESS, now)
        else:
            await self._send(delivery, addressed, now)

    def _too_late(self, delivery: Posted, now: dt.datetime) -> bool:
        return isinstance(delivery, DeliveryRow) and now - delivery.due_at > self.freshness

    async def _send(self, delivery: Posted, addressed: Addressed, now: dt.datetime) -> None:
        calls = delivery.tries + 1
        await self._note(delivery, State.SENDING, held_until=now + self.lease, tries=calls)
        receipt = await self.outbox.send(addressed.chat_id, addressed.letter)
        await self._receive(delivery, receipt, calls, now)
        if isinstance(receipt, Sent) and (session := addressed.letter.session) is not None:
            older = await self.desk.journal.show(session, receipt.message_id)
            if older is not None:
                await self.outbox.retire(addressed.chat_id, older)

    async def _receive(
        self, delivery: Posted, receipt: Receipt, calls: int, now: dt.datetime
    ) -> None:
        match receipt:
            case Sent(message_id):
                await self._settle(delivery, State.SENT, now, message_id=message_id)
            case Unreachable():
                await self._settle(delivery, State.UNREACHABLE, now)
            case Later(seconds):
                wait = dt.timedelta(seconds=seconds)
                await self._note(delivery, State.DUE, held_until=now + wait, tries=delivery.tries)
            case Unsent():
                await self._note(delivery, State.DUE, held_until=now + RETRY, tries=delivery.tries)
            case Unknown() if calls < MOST_CALLS:
                await self._note(delivery, State.DUE, held_until=now + RETRY, tries=calls)
            case Unknown():
                await self._settle(delivery, State.DOUBTFUL, now)
            case Refused(why):
                log.error("Telegram refused a letter", delivery=delivery.id, why=why)
                await self._settle(delivery, State.REFUSED, now)

    async def _note(
        self, delivery: Posted, state: State, *, held_until: dt.datetime, tries: int
    ) -> None:
        assert delivery.id is not None
        async with self.database.work() as work:
            await post.note(
                work, type(delivery), delivery.id, state, held_until=held_until, tries=tries
            )

    async def _settle(
        self,
        delivery: Posted,
        state: State,
        now: dt.datetime,
        message_id: int | None = None,
    ) -> None:
        """It is over: say what became of it and put the next occurrence in, both or neither.

        A review follows a ritual, and is planned apart: if we die before it, the next ritual plans it.
        """
        assert delivery.id is not None
        async with self.database.work() as work:
            await post.note(work, type(delivery), delivery.id, state, message_id=message_id)
            profile = await people.get(work, delivery.person_id)
            if state is State.UNREACHABLE:
                await people.mark_blocked(work, profile.chat_id, now)
            if isinstance(delivery, DeliveryRow):
                await plan_next(work, profile, max(now, delivery.due_at))
        log.info(delivery.__tablename__, id=delivery.id, state=state.value)
        if isinstance(delivery, DeliveryRow) and state is not State.LATE:
            await self.desk.retrospect.plan(profile.id, delivery.local_date, now)
        if isinstance(delivery, DeliveryRow) and profile.flares:
            await self.desk.mornings.plan(profile, now)
