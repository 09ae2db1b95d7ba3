"""From a clock tick to sent messages: claim what is due, compose, send, note, and plan what comes next.

Letters go side by side, as many as the rate and Telegram's answers ask for, and a slow one holds up nobody.
The order is what the promises rest on. A letter is composed as late as can be; then it waits for its turn;
then `sending` is committed, by its claim, so that it isn't somebody else's by now; then the call leaves. What
surely was not sent is tried again; what may have arrived is sent once more at most, as the same occurrence,
so that both cards act on one session. What is too late to be useful is not sent, and said at the next
contact. A review goes the same way, right behind the ritual, and is never too late.
"""

import asyncio
import datetime as dt
import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
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
from bot.storage.database import Database
from bot.storage.post import KINDS, Note
from bot.storage.tables import DeliveryRow, Posted, State

FEWEST, MOST = 8, 128  # letters side by side
COMPOSING = 4  # of them; each needs the database, and SQLite has one writer
ROOM = 1.5  # letters on their way for each that leaves while Telegram answers (performance.md)
MOST_CALLS = 2  # of one letter whose arrival nobody can know
RETRY = dt.timedelta(seconds=10)  # before what surely wasn't sent is tried again
SHARE = 0.25  # of a lease: what is claimed at once leaves within it
PATIENCE = (
    0.8  # of a lease: longer a call never takes, so that nobody else takes its letter up meanwhile
)
BREATH = 1.0  # seconds after which it is looked again whether more is due
COUNTED = 5.0  # seconds between two counts of what is due

log = structlog.get_logger(__name__)


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
    _waiting: deque[Posted] = field(default_factory=deque)  # claimed
    _busy: set[int] = field(default_factory=set)  # people with a letter on its way: one at a time
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _change: asyncio.Event = field(default_factory=asyncio.Event)  # a letter is through
    _running: asyncio.Lock = field(default_factory=asyncio.Lock)
    _composing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(COMPOSING))
    _tally: Counter[str] = field(default_factory=Counter)
    _latency: float = 0.1  # seconds of a call, of late
    _looked: float = -math.inf  # when it was claimed last
    _counted: float = -math.inf
    _claimed: float = -math.inf
    _through: int = 0  # letters since then
    _appetite: float = 2.0 * FEWEST  # letters to claim at once
    _closing: bool = False
    _led: bool = False  # at the last look

    def __post_init__(self) -> None:
        self._ledger = Ledger(self.database)
        self._led = self.leads is always

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
        """Whether anything is left to do; claims more where there is room."""
        if not await self._may_send():
            await self._give_back()
            return bool(self._tasks)
        idle = not self._waiting and not self._tasks
        short = len(self._waiting) <= self._side_by_side() // 2
        if idle or (short and monotonic() - self._looked >= BREATH):
            await self._claim()
        return bool(self._waiting or self._tasks)

    async def _may_send(self) -> bool:
        led, self._led = self._led, self.leads()
        if self._led and not led and not self._tasks:
            # Whoever led before us is gone, and what they claimed and never sent is due at once.
            async with self.database.look() as work:
                left = await post.any_claimed(work)
            if left:
                async with self.database.work() as work:
                    await post.take_over(work)
        return not self._closing and self._led and self.pace.halt <= 0

    def _side_by_side(self) -> int:
        return max(FEWEST, min(MOST, math.ceil(ROOM * self.pace.rate * self._latency)))

    async def _claim(self) -> None:
        """Take what leaves within the lease. A tick with nothing due, or in a halt, only reads."""
        now, self._looked = self.clock(), monotonic()
        async with self.database.look() as work:
            self.pace.hold(await halts.left(work, now))
            due = self.pace.halt <= 0 and await post.any_due(work, KINDS, now)
            if self._looked - self._counted >= COUNTED and (due or self._counted > 0):
                self._counted = self._looked
                metrics.DUE.set(await post.count_due(work, now) if due else 0)
        if not due:
            return
        most = self._most()
        async with self.database.work() as work:
            most = min(most, post.most(work))
            claimed = [
                row for kind in KINDS for row in await post.claim(work, kind, now, self.lease, most)
            ]
        if len(claimed) >= most:
            self._looked = -math.inf  # there is more
        self._waiting.extend(in_turns(claimed))

    def _most(self) -> int:
        """As many as leave within a share of the lease, by the pace and by how fast we were of late."""
        share, now = self.lease.total_seconds() * SHARE, monotonic()
        if self._through:
            able = self._through / max(now - self._claimed, 0.001) * share
            self._appetite = max(FEWEST, min(able, 2 * self._appetite))
        self._claimed, self._through = now, 0
        return max(1, math.floor(min(self._appetite, self.pace.rate * share)))

    def _start(self) -> None:
        soon = self.clock() + self.lease * (1 - PATIENCE)
        while self._waiting and (held := self._waiting[0].held_until) and held <= soon:
            self._waiting.popleft()  # its lease is as good as over: it is claimed anew
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
        self._through += 1
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

    async def _give_back(self) -> None:
        if self._waiting:
            held = [*self._waiting]
            self._waiting.clear()
            async with self.database.work() as work:
                await post.give_back(work, held)

    async def _carry(self, posted: Posted) -> None:
        """One letter, apart from all others: what goes wrong here stops nobody else's ritual."""
        try:
            await self._deliver(posted)
        except Exception:
            # Its lease ends, and it is taken up again.
            log.exception("a delivery failed", delivery=posted.id)
        finally:
            self._busy.discard(posted.person_id)

    async def _deliver(self, posted: Posted) -> None:
        now = self.clock()
        if posted.state == State.SENDING and posted.tries >= MOST_CALLS:
            await self._end(posted, State.DOUBTFUL, now, posted.tries)
        elif self._too_late(posted, now):
            # One that was already tried may have arrived: that is not the same as late.
            state = State.DOUBTFUL if posted.tries else State.LATE
            await self._end(posted, state, now, posted.tries)
        else:
            async with self._composing:
                composed = await compose(self.desk, posted, now)
            match composed:
                case None:
                    await self._end(posted, State.NEEDLESS, now, posted.tries)
                case Held(until):
                    await self._hold(posted, until, posted.tries)
                case addressed:
                    await self._send(posted, addressed)

    def _too_late(self, posted: Posted, now: dt.datetime) -> bool:
        return isinstance(posted, DeliveryRow) and now - posted.due_at > self.freshness

    async def _send(self, posted: Posted, addressed: Addressed) -> None:
        """In its turn, and only while it is still ours."""
        patience = self.lease.total_seconds() * PATIENCE
        try:
            async with asyncio.timeout(patience):
                await self.pace.turn(addressed.chat_id)
        except (Halted, TimeoutError):
            await self._leave(posted)
            return
        if not self.leads() or not await self._ledger.begin(posted, self.clock() + self.lease):
            return
        if self._too_late(posted, now := self.clock()):  # the machine slept since it was composed
            await self._hold(posted, now, posted.tries)
            return
        begun = monotonic()
        try:
            async with asyncio.timeout(patience):
                receipt = await self.outbox.send(addressed.chat_id, addressed.letter)
        except TimeoutError:
            receipt = Unknown()
        self._latency += (monotonic() - begun - self._latency) / 16
        await self._receive(posted, receipt, addressed)

    async def _leave(self, posted: Posted) -> None:
        """To whoever claims it next; that says what is to become of it."""
        async with self.database.work() as work:
            await post.give_back(work, [posted])

    async def _receive(self, posted: Posted, receipt: Receipt, addressed: Addressed) -> None:
        now, calls = self.clock(), posted.tries + 1
        match receipt:
            case Sent(message_id):
                session = addressed.letter.session
                note = Note(posted=posted, state=State.SENT, tries=calls, message_id=message_id)
                older = await self._settle(note, now, session)
                if older is not None:
                    await self.outbox.retire(addressed.chat_id, older)
            case Unreachable():
                await self._end(posted, State.UNREACHABLE, now, calls)
            case Later(seconds):
                await self._hold(posted, now + dt.timedelta(seconds=seconds), posted.tries)
            case Unsent():
                await self._hold(posted, now + RETRY, posted.tries)
            case Unknown() if calls < MOST_CALLS:
                await self._hold(posted, now + RETRY, calls)
            case Unknown():
                await self._end(posted, State.DOUBTFUL, now, calls)
            case Refused(why):
                log.error("Telegram refused a letter", delivery=posted.id, why=why)
                await self._end(posted, State.REFUSED, now, calls)

    async def _hold(self, posted: Posted, until: dt.datetime, tries: int) -> None:
        """It is due again from that moment."""
        self._tally["held"] += 1
        await self._ledger.note(Note(posted=posted, state=State.DUE, held_until=until, tries=tries))

    async def _end(self, posted: Posted, state: State, now: dt.datetime, calls: int) -> None:
        await self._settle(Note(posted=posted, state=state, tries=calls), now)

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
                await self.desk.retrospect.plan(profile.id, ritual.local_date, now)
            if profile.flares:
                await self.desk.mornings.plan(profile, now)
            if state is State.SENT:
                await self.desk.lapse.plan(profile.id, ritual.local_date, now)
        return settled.older

    def _tell(self, seconds: float) -> None:
        """One line for all that was done, with nobody in it."""
        if self._tally:
            log.info("letters", **self._tally, seconds=round(seconds, 1))
            self._tally.clear()


def in_turns(claimed: Iterable[Posted]) -> list[Posted]:
    """By the minute they were due in; within it everybody's first letter comes before anybody's second."""
    came: dict[tuple[dt.datetime, int], int] = defaultdict(int)

    def turn(row: Posted) -> tuple[dt.datetime, int]:
        minute = row.due_at.replace(second=0, microsecond=0)
        came[minute, row.person_id] += 1
        return minute, came[minute, row.person_id]

    return sorted(claimed, key=turn)
