"""From a clock tick to sent messages: find what is due, compose, send, note, and plan what comes next.

Letters go side by side, as many as the rate and Telegram's answers ask for, and a slow one holds up nobody.
The order is what the promises rest on. A letter is composed as late as can be; then it waits for its turn;
then `sending` is committed, if it still is as it was found, so that nobody else sends it; then the call
leaves. What surely was not sent is tried again; what may have arrived is sent once more at most, as the same
occurrence, so that both cards act on one session. What is too late to be useful is not sent, and said at the
next contact. A review goes the same way, right behind the ritual, and is never too late.
"""

import asyncio
import datetime as dt
import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic

import structlog

from bot import metrics
from bot.delivery.ledger import Ledger, Over
from bot.delivery.letterbox import Addressed, Held, compose
from bot.delivery.pace import Freely, Halted, Pace
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
from bot.storage import halts, post
from bot.storage.database import Database, Work
from bot.storage.post import KINDS, Note
from bot.storage.tables import DeliveryRow, Posted, State

FEWEST, MOST = 8, 128  # letters side by side
COMPOSING = 4  # of them; each needs the database, and SQLite has one writer
ROOM = 1.5  # letters on their way for each that leaves while Telegram answers (performance.md)
MOST_CALLS = 2  # of one letter whose arrival nobody can know
RETRY = dt.timedelta(seconds=10)  # before what surely wasn't sent is tried again
PATIENCE = (
    0.8  # of a lease: longer a call never takes, so that nobody else takes its letter up meanwhile
)
BREATH = 1.0  # seconds after which it is looked again whether more is due
COUNTED = 5.0  # seconds between two counts of what is due

log = structlog.get_logger(__name__)


Key = tuple[type[Posted], int]


def always() -> bool:
    """Of a sender that has no rival."""
    return True


@dataclass(slots=True, kw_only=True)
class Postman:
    """Carries due letters; `run` is called once a tick."""

    database: Database
    desk: Desk
    outbox: Outbox
    clock: Callable[[], dt.datetime]
    lease: dt.timedelta
    freshness: dt.timedelta  # later than this after its time, a ritual is of no use
    pace: Pace = field(default_factory=Freely)
    leads: Callable[[], bool] = always  # whether this process is the one that sends
    beat: Callable[[], None] = lambda: None  # told at every turn of a long run: it still goes on

    _ledger: Ledger = field(init=False)
    _waiting: deque[Posted] = field(default_factory=deque)  # found
    _in_hand: set[Key] = field(default_factory=set)  # these, and those with a task
    _failed: dict[Key, dt.datetime] = field(default_factory=dict)  # when; a fault rests for a while
    _busy: set[int] = field(default_factory=set)  # people with a letter on its way: one at a time
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _change: asyncio.Event = field(default_factory=asyncio.Event)  # a letter is through
    _running: asyncio.Lock = field(default_factory=asyncio.Lock)
    _composing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(COMPOSING))
    _tally: Counter[str] = field(default_factory=Counter)
    _latency: float = 0.1  # seconds of a call, of late
    _looked: float = -math.inf  # when it was looked for more
    _counted: float = -math.inf
    _closing: bool = False

    def __post_init__(self) -> None:
        self._ledger = Ledger(self.database)

    async def run(self) -> None:
        """Work off everything that is due."""
        async with self._running:
            begun = monotonic()
            self._looked = -math.inf
            while await self._goes_on():
                self.beat()
                self._start()
                await self._breathe()
            self._tell(monotonic() - begun)

    def close(self) -> None:
        """No letter leaves any more but those that are on their way; a running `run` ends with them."""
        self._closing = True
        self._change.set()

    async def _goes_on(self) -> bool:
        """Whether anything is left to do; looks for more where there is room."""
        if self._closing or not self.leads() or self.pace.halt > 0:
            self._put_away()
            return bool(self._tasks)
        idle = not self._waiting and not self._tasks
        short = len(self._waiting) <= self._side_by_side() // 2
        if idle or (short and monotonic() - self._looked >= BREATH):
            await self._look()
        return bool(self._waiting or self._tasks)

    def _put_away(self) -> None:
        """Whoever sends next finds it as we did."""
        self._in_hand.difference_update(map(_key, self._waiting))
        self._waiting.clear()

    def _side_by_side(self) -> int:
        return max(FEWEST, min(MOST, math.ceil(ROOM * self.pace.rate * self._latency)))

    async def _look(self) -> None:
        """Find what is to leave, and only read. In a halt nothing is."""
        now, self._looked = self.clock(), monotonic()
        async with self.database.look() as work:
            self.pace.hold(await halts.left(work, now))
            due = self.pace.halt <= 0 and await post.any_due(work, KINDS, now)
            if self._looked - self._counted >= COUNTED and (due or self._counted > 0):
                self._counted = self._looked
                metrics.DUE.set(await post.count_due(work, now) if due else 0)
            found = (
                [row for kind in KINDS for row in await self._due(work, kind, now)] if due else []
            )
        self._in_hand.update(map(_key, found))
        self._waiting.extend(in_turns(found))

    async def _due(self, work: Work, kind: type[Posted], now: dt.datetime) -> Sequence[Posted]:
        self._failed = {key: at for key, at in self._failed.items() if at <= now < at + RETRY}
        besides = [id_ for its, id_ in (*self._in_hand, *self._failed) if its is kind]
        found = await post.due(work, kind, now, besides)
        if len(found) == post.BATCH:
            self._looked = -math.inf  # there is more
        return found

    def _start(self) -> None:
        while len(self._tasks) < self._side_by_side():
            posted = next((one for one in self._waiting if one.person_id not in self._busy), None)
            if posted is None:
                return
            self._waiting.remove(posted)
            self._busy.add(posted.person_id)
            task = asyncio.create_task(self._carry(posted))
            self._tasks.add(task)
            task.add_done_callback(self._through_with)

    def _through_with(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._change.set()

    async def _breathe(self) -> None:
        """Until a letter is through, or for a moment."""
        if not self._tasks:
            return
        try:
            async with asyncio.timeout(BREATH):
                await self._change.wait()
        except TimeoutError:
            pass
        self._change.clear()

    async def _carry(self, posted: Posted) -> None:
        """One letter, apart from all others: what goes wrong here stops nobody else's ritual."""
        try:
            await self._deliver(posted)
        except Exception:
            log.exception("a delivery failed", delivery=posted.id)
            self._failed[_key(posted)] = self.clock()
        finally:
            self._busy.discard(posted.person_id)
            self._in_hand.discard(_key(posted))

    async def _deliver(self, posted: Posted) -> None:
        now = self.clock()
        if posted.state == State.SENDING and posted.tries >= MOST_CALLS:
            await self._end(posted, State.DOUBTFUL, now)
        elif self._too_late(posted, now):
            # One that was already tried may have arrived: that is not the same as late.
            await self._end(posted, State.DOUBTFUL if posted.tries else State.LATE, now)
        else:
            async with self._composing:
                composed = await compose(self.desk, posted, now)
            match composed:
                case None:
                    await self._end(posted, State.NEEDLESS, now)
                case Held(until):
                    await self._hold(posted, until)
                case addressed:
                    await self._send(posted, addressed)

    def _too_late(self, posted: Posted, now: dt.datetime) -> bool:
        return isinstance(posted, DeliveryRow) and now - posted.due_at > self.freshness

    async def _send(self, posted: Posted, addressed: Addressed) -> None:
        """In its turn, and only if it still is as it was found: else it is left to whoever finds it next."""
        patience = self.lease.total_seconds() * PATIENCE
        try:
            async with asyncio.timeout(patience):
                await self.pace.turn(addressed.chat_id)
        except (Halted, TimeoutError):
            return
        if not self.leads() or not await self._ledger.begin(posted, self.clock() + self.lease):
            return
        if self._too_late(posted, now := self.clock()):  # the machine slept since it was composed
            await self._hold(posted, now, calls=posted.tries)
            return
        begun = monotonic()
        try:
            async with asyncio.timeout(patience):
                receipt = await self.outbox.send(addressed.chat_id, addressed.letter)
        except TimeoutError:
            receipt = Unknown()
        self._latency += (monotonic() - begun - self._latency) / 16
        await self._receive(posted, receipt, addressed)

    async def _receive(self, posted: Posted, receipt: Receipt, addressed: Addressed) -> None:
        now, calls = self.clock(), posted.tries + 1
        match receipt:
            case Sent(message_id):
                session = addressed.letter.session
                note = Note(
                    posted=posted, state=State.SENT, tries=calls, message_id=message_id, begun=True
                )
                older = await self._settle(note, now, session)
                if older is not None:
                    await self.outbox.retire(addressed.chat_id, older)
            case Unreachable():
                await self._end(posted, State.UNREACHABLE, now, calls=calls)
            case Later(seconds):
                await self._hold(posted, now + dt.timedelta(seconds=seconds), calls=posted.tries)
            case Unsent():
                await self._hold(posted, now + RETRY, calls=posted.tries)
            case Unknown() if calls < MOST_CALLS:
                await self._hold(posted, now + RETRY, calls=calls)
            case Unknown():
                await self._end(posted, State.DOUBTFUL, now, calls=calls)
            case Refused(why):
                log.error("Telegram refused a letter", delivery=posted.id, why=why)
                await self._end(posted, State.REFUSED, now, calls=calls)

    async def _hold(self, posted: Posted, until: dt.datetime, calls: int | None = None) -> None:
        """It is due again from that moment. Calls that may have left are told of one that was begun."""
        self._tally["held"] += 1
        note = self._note(posted, State.DUE, calls)
        await self._ledger.note(replace(note, held_until=until))

    async def _end(
        self, posted: Posted, state: State, now: dt.datetime, calls: int | None = None
    ) -> None:
        await self._settle(self._note(posted, state, calls), now)

    def _note(self, posted: Posted, state: State, calls: int | None) -> Note:
        tries = posted.tries if calls is None else calls
        return Note(posted=posted, state=state, tries=tries, begun=calls is not None)

    async def _settle(self, note: Note, now: dt.datetime, session: int | None = None) -> int | None:
        """It is over: say what became of it and put the next occurrence in, both or neither.

        After a day's sleep the next one may be due already, and is still of use. A review follows a ritual,
        and is planned apart: if we die before it, the next ritual plans it.
        """
        settled = await self._ledger.settle(
            Over(note=note, now=now, fresh_from=now - self.freshness, session=session)
        )
        ritual, state, profile = note.posted, note.state, settled.profile
        self._tally[state.value] += 1
        if isinstance(ritual, DeliveryRow) and profile is not None:
            if state is not State.LATE:
                await self.desk.retrospect.plan(profile, ritual.local_date, now)
            if profile.flares:
                await self.desk.mornings.plan(profile, now)
            if state is State.SENT:
                await self.desk.lapse.plan(profile, ritual.local_date, now)
        return settled.older

    def _tell(self, seconds: float) -> None:
        """One line for all that was done, with nobody in it."""
        if self._tally:
            log.info("letters", **self._tally, seconds=round(seconds, 1))
            self._tally.clear()


def _key(posted: Posted) -> Key:
    return type(posted), posted.id or 0


def in_turns(found: Iterable[Posted]) -> list[Posted]:
    """By the minute they were due in; within it everybody's first letter comes before anybody's second."""
    came: dict[tuple[dt.datetime, int], int] = defaultdict(int)

    def turn(row: Posted) -> tuple[dt.datetime, int]:
        minute = row.due_at.replace(second=0, microsecond=0)
        came[minute, row.person_id] += 1
        return minute, came[minute, row.person_id]

    return sorted(found, key=turn)
