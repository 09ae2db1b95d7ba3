"""What is counted, from outside, and what it has to come to.

What localchat stored is what was sent; what people did is what was said. The database is asked only for what
became of it, and, right after a death, for what was under way: of that nobody can know whether it arrived.
"""

import datetime as dt
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.delivery import taps
from bot.delivery.taps import Tap
from bot.domain.rhythm import Snooze
from bot.domain.session import Asked
from bot.localchat.calls import Call
from bot.localchat.faults import Fault, Faults, LostAfter, LostBefore, ServerError, TooMany
from bot.localchat.keyboards import buttons_of
from bot.localchat.records import Message
from bot.localchat.refusals import Json
from bot.localchat.world import World
from bot.practice.replay import Outcome, Replay
from bot.storage.database import Database, Work
from bot.storage.tables import (
    OPEN,
    AnswerRow,
    DeliveryRow,
    ErrandRow,
    InboxRow,
    PersonRow,
    SessionRow,
    State,
)

SLACK = dt.timedelta(minutes=1)  # from when a letter is begun to when it is there
IN_FLIGHT = 0.15  # seconds: what had left when Telegram said "wait"
ONLY_TELLS = (taps.Why.NAME, taps.Feel.NAME)  # buttons that stand on other cards, too
CARRIES = {kind.NAME: kind for kind in Tap.__subclasses__() if kind.NAME not in ONLY_TELLS}

Day = tuple[int, dt.date]  # of a chat; everybody has one ritual a day


@dataclass(frozen=True, slots=True)
class Card:
    """A new message that can be answered for a session."""

    message: int
    session: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Pressed:
    update: int
    chat: int
    tap: Tap
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Said:
    chat: int
    message: int
    text: str
    update: int
    day: dt.date


@dataclass(frozen=True, slots=True)
class Due:
    """A ritual that should come, by who keeps it."""

    chat: int
    day: dt.date
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One count; `holds` is None where any number is right."""

    what: str
    number: int
    holds: bool | None = None

    def __str__(self) -> str:
        verdict = {None: "", True: "   holds", False: "   BROKEN"}[self.holds]
        return f"{self.what:<58}{self.number:>8,}{verdict}"


@dataclass
class Account:
    """All counts, and examples of what is broken."""

    lines: list[Line] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return all(line.holds is not False for line in self.lines)

    def tell(self, what: str, number: int) -> None:
        self.lines.append(Line(what, number))

    def never(self, what: str, found: Sequence[object]) -> None:
        """There may be none of these."""
        self.lines.append(Line(what, len(found), not found))
        self.examples += [f"{what}: {one}" for one in found[:5]]

    def __str__(self) -> str:
        return "\n".join([*map(str, self.lines), *self.examples])


class Ledger:
    """Sees everything that passes localchat."""

    def __init__(self, world: World, faults: Faults, now: Callable[[], dt.datetime]) -> None:
        self._world, self._now = world, now
        self.zones: dict[int, ZoneInfo] = {}
        self.cards: dict[int, list[Card]] = defaultdict(list)
        self.taps: list[Pressed] = []
        self.words: list[Said] = []
        self.chances: list[dt.datetime] = []  # when the bot was given all the time it wanted
        self.doubts: Counter[Day] = Counter()  # sends of which nobody can know whether they arrived
        self.deaths: Counter[str] = Counter()
        self.troubles: Counter[str] = Counter()
        self.put_back = dt.timedelta(0)  # how far the clock is behind what it was
        self._in_flight: set[Day] = set()  # letters that left before the machine fell asleep
        self._kept: dict[Day, DeliveryRow] = {}  # what the bot itself says became of a ritual
        self.latest = ""  # misfortune
        self.stuck: list[str] = []
        self.halts = 0
        self.during_halt: list[str] = []
        self._halt = (0.0, 0.0)
        world.listeners.append(self._on_change)
        faults.witnesses.append(self._on_call)

    def pressed(self, chat: int, tap: Tap, update: int) -> None:
        self.taps.append(Pressed(update, chat, tap, self._now()))

    def said(self, chat: int, message: int, text: str, update: int, day: dt.date) -> None:
        self.words.append(Said(chat, message, text, update, day))

    def came(self, chat: int, since: dt.datetime) -> bool:
        return any(card.at >= since for card in self.cards[chat])

    def _on_change(self, change: Json) -> None:
        posted: Message | None = change.get("posted")
        if posted is None or not posted.by_bot:
            return
        at = self._now() + self.put_back  # what is due by then comes, however the clock goes
        for session in {s for s in map(carried, buttons_of(posted.buttons)) if s is not None}:
            self.cards[change["person"]].append(Card(posted.id, session, at))

    def _on_call(self, call: Call, fault: Fault | None) -> None:
        speaks, at = call.method.startswith(("send", "edit")), time.monotonic()
        since, until = self._halt
        if speaks and since + IN_FLIGHT < at < until:
            self.during_halt.append(f"{call.method} {at - since:.2f} s into {until - since} s")
        match fault:
            case TooMany():
                self.halts += 1
                self._halt = (at, max(until, at + fault.retry_after))
            case LostBefore() | LostAfter() | ServerError() if call.method.startswith("send"):
                self.doubts[self._day(call.chat_id or 0)] += 1

    async def autopsy(self, how: str, database: Database) -> None:
        """After a death: what was under way. The next life can't know of a halt; it is told anew."""
        self.deaths[how] += 1
        self.latest = how
        self._halt = (0.0, 0.0)
        async with database.look() as work:
            self.doubts.update(await _sending(work))
            errands = select(PersonRow.chat_id).join(ErrandRow)
            replies = select(InboxRow.chat_id).where(col(InboxRow.waiting))
            chats = [
                *await work.exec(errands.where(ErrandRow.state == State.SENDING)),
                *await work.exec(replies),
            ]
        for chat in chats:
            self.doubts[self._day(chat)] += 1

    async def wakes(self, database: Database) -> None:
        """The machine was asleep: what has left by now arrives, however late it is."""
        async with database.look() as work:
            self._in_flight.update(await _sending(work))

    def _day(self, chat: int) -> Day:
        zone = self.zones.get(chat)
        return chat, self._now().astimezone(zone).date()

    # --- the end ---

    async def close(
        self, dues: Iterable[Due], freshness: dt.timedelta, database: Database, replay: Replay
    ) -> Account:
        account = Account()
        async with database.look() as work:
            people = select(PersonRow.id, PersonRow.chat_id)
            chats = dict((await work.exec(people)).all())
            sessions = (await work.exec(select(SessionRow))).all()
            days = {row.id or 0: (chats[row.person_id], row.local_date) for row in sessions}
            deliveries = (await work.exec(select(DeliveryRow))).all()
            self._kept = {(chats[row.person_id], row.local_date): row for row in deliveries}
            self._rituals(account, [*dues], freshness, days)
            await self._answers(account, work)
            await self._the_next(account, work)
        self._sends(account)
        replayed = [one async for one in replay.everybody()]
        account.tell("decisions", len(replayed))
        different = [one for one in replayed if one.outcome is not Outcome.SAME]
        account.never("  decided otherwise when replayed", different)
        return account

    def _rituals(
        self,
        account: Account,
        dues: Sequence[Due],
        freshness: dt.timedelta,
        days: Mapping[int, Day],
    ) -> None:
        cards: dict[Day, list[Card]] = defaultdict(list)
        for card in (card for theirs in self.cards.values() for card in theirs):
            cards[days[card.session]].append(card)
        begun = {
            days[p.tap.session]: p.at for p in reversed(self.taps) if isinstance(p.tap, taps.Rate)
        }
        ends = Counter[str]()
        lost, late = [], []
        asked_for = self._asked_for(days)
        for due in dues:
            day, end = (due.chat, due.day), due.at + freshness
            theirs = [card for card in cards[day] if card.at >= due.at]
            after = [card for card in theirs if card.at > end + SLACK]
            if day in self._in_flight:
                after = after[1:]
            if len(after) > asked_for[day] + (self.doubts[day] if asked_for[day] else 0):
                late.append(f"{due}: {after}")
            if len(after) < len(theirs):
                ends["  delivered"] += 1
            elif day in begun and begun[day] < due.at:
                ends["  done before they were due"] += 1
            elif not any(due.at <= chance <= end for chance in self.chances):
                ends["  late beyond freshness: no life of the bot within it"] += 1
            elif self.doubts[day] > 1:
                ends["  in doubt twice, and never stored: not sent a third time"] += 1
            else:
                lost.append(
                    f"{due}, {self._kept.get(day)!r}, {cards[day]}, doubts {self.doubts[day]}"
                )
        account.tell("rituals due", len(dues))
        for what, number in sorted(ends.items()):
            account.tell(what, number)
        account.never("  lost within the freshness window", lost)
        account.never("  sent beyond it", late)
        self._twice(account, cards, Counter((due.chat, due.day) for due in dues) + asked_for)

    def _asked_for(self, days: Mapping[int, Day]) -> Counter[Day]:
        """Cards that people brought about themselves."""
        found = Counter((said.chat, said.day) for said in self.words if said.text == "/today")
        for one in self.taps:
            if isinstance(one.tap, taps.Later) and one.tap.choice in [*Snooze]:
                found[days[one.tap.session]] += 1
        return found

    def _twice(
        self, account: Account, cards: Mapping[Day, list[Card]], reasons: Counter[Day]
    ) -> None:
        surplus = {day: len(found) - reasons[day] for day, found in cards.items()}
        more = {day: number for day, number in surplus.items() if number > 0}
        account.tell("sends of which nobody could know whether they arrived", self.doubts.total())
        account.tell("  cards that came once more", sum(more.values()))
        beyond = [
            f"{day}: {number} more, {self.doubts[day]} doubts, {cards[day]}"
            for day, number in more.items()
            if number > self.doubts[day]
        ]
        account.never("  more than once more for each", beyond)
        strangers = [day for day, found in cards.items() if len({c.session for c in found}) > 1]
        account.never("  on another session", strangers)

    async def _answers(self, account: Account, work: Work) -> None:
        inbox = dict((await work.exec(select(InboxRow.update_id, InboxRow.waiting))).all())
        updates = [one.update for one in self.taps] + [one.update for one in self.words]
        account.tell("taps made", len(self.taps))
        account.tell("things asked", len(self.words))
        account.tell("  stored", sum(update in inbox for update in updates))
        account.never("  lost", [one for one in updates if one not in inbox])
        account.never("  never processed", [one for one in updates if inbox.get(one)])
        account.never("  never replied to", [one for one in self.words if not self._replied(one)])
        rows = [
            (row.update_id, row.session_id, row.question, row.value, row.ladder)
            for row in await work.exec(select(AnswerRow))
        ]
        told = [(one.update, *answer) for one in self.taps if (answer := told_by(one.tap))]
        kept = {row[:4] for row in rows}
        account.tell("answers given", len(told))
        account.never("  lost", [one for one in told if one not in kept])
        twice = Counter((update, question, ladder) for update, _, question, _, ladder in rows)
        account.never("  counted twice", [one for one, number in twice.items() if number > 1])
        theirs = {one.update for one in self.taps}
        account.never("  that nobody gave", [row for row in rows if row[0] not in theirs])

    def _replied(self, said: Said) -> bool:
        messages = self._world.chats[said.chat].messages
        return any(m.by_bot for id_, m in messages.items() if id_ > said.message)

    async def _the_next(self, account: Account, work: Work) -> None:
        """Everybody's ritual goes on."""
        planned = select(PersonRow.chat_id).join(DeliveryRow)
        waiting = set(await work.exec(planned.where(col(DeliveryRow.state).in_(OPEN))))
        account.tell("people", len(self.zones))
        account.never("  for whom nothing is planned", [*self.zones.keys() - waiting])

    def _sends(self, account: Account) -> None:
        account.never("times that it did not come to rest", self.stuck)
        account.tell("halts that Telegram asked for", self.halts)
        account.never("  sends during one", self.during_halt)
        for name, counted in (("deaths", self.deaths), ("other troubles", self.troubles)):
            account.tell(name, counted.total())
            for what, number in sorted(counted.items()):
                account.tell(f"  {what}", number)


async def _sending(work: Work) -> list[Day]:
    """Whose rituals are under way."""
    deliveries = select(col(PersonRow.chat_id), col(DeliveryRow.local_date)).where(
        col(DeliveryRow.person_id) == col(PersonRow.id), col(DeliveryRow.state) == State.SENDING
    )
    return [(chat, day) for chat, day in await work.exec(deliveries)]


def carried(button: Json) -> int | None:
    """The session on whose behalf a message carries a button."""
    data = str(button.get("callback_data", ""))
    kind = CARRIES.get(data.partition(":")[2].partition(":")[0])
    tap: Any = None if kind is None else kind.decode(data)
    found: int | None = getattr(tap, "card", getattr(tap, "session", None))
    return found


def told_by(tap: Tap) -> tuple[int, str, int] | None:
    """The answer that a tap gives: about which session, to what, and what."""
    match tap:
        case taps.Rate(session, asked, value) | taps.Recall(_, session, asked, value):
            return session, asked.value, value
        case taps.Wake(_, session, value):
            return session, Asked.MORNING.value, value
    return None


def dues_of(people: Iterable[Any], since: dt.datetime, until: dt.datetime) -> Iterator[Due]:
    """Every ritual of everybody between two moments."""
    for one in people:
        for day, at in one.dues(since, until):
            yield Due(one.chat, day, at)
