"""Somebody who lives with the bot: answers most rituals by the buttons that are there, and asks things.

What they do follows from a seed and from what they see; each deed is told to the ledger.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from zoneinfo import ZoneInfo

from bot.delivery import taps
from bot.delivery.taps import ASK, Tap
from bot.domain.feedback import Completed
from bot.domain.profile import Question
from bot.domain.rhythm import Snooze
from bot.domain.safety import ASKED
from bot.domain.session import Asked
from bot.localchat.keyboards import buttons_of
from bot.localchat.records import Message
from bot.localchat.refusals import NotPossible
from bot.localchat.world import World
from bot.practice.desk import Desk
from tests.builders import TOLD
from tests.faults.ledger import Ledger

KINDS = {kind.NAME: kind for kind in Tap.__subclasses__()}
# Two of them change their clocks in the autumn; in all, nobody is woken: quiet hours hold nothing back.
ZONES = (
    *("Europe/Zurich", "America/New_York", "Asia/Tokyo"),
    *("Australia/Sydney", "America/St_Johns", "Africa/Cairo"),
)
TIMES = (dt.time(6, 30), dt.time(12, 15), dt.time(18))
ASKS = ("/why", "/progress", "/help", "/settings", "/today")
MILD = 2  # nobody's pain rests a plan: else silence would be right
ONCE_MORE = 0.05  # so often a hasty thumb presses twice, or a ritual is put off
WITHIN = 8  # messages that are on the screen


@dataclass
class Somebody:
    """One chat, and the one who holds the telephone."""

    chat: int
    zone: ZoneInfo
    wall: dt.time
    chance: Random
    world: World
    ledger: Ledger
    _seen: set[tuple[int, tuple[str, ...]]] = field(default_factory=set)
    _idle: set[int] = field(default_factory=set)  # sessions that they leave as they are

    def due_on(self, day: dt.date) -> dt.datetime:
        """By the machine's own zone tables, not by the bot's rules."""
        return dt.datetime.combine(day, self.wall, self.zone).astimezone(dt.UTC)

    def dues(self, since: dt.datetime, until: dt.datetime) -> Iterator[tuple[dt.date, dt.datetime]]:
        """Every ritual between two moments, with its date on their wall."""
        day = since.astimezone(self.zone).date()
        while (at := self.due_on(day)) <= until:
            if at > since:
                yield day, at
            day += dt.timedelta(days=1)

    def look(self, now: dt.datetime) -> bool:
        """Press a button of the newest card that asks something new; says whether they did."""
        messages = self.world.chats[self.chat].messages
        newest = islice(reversed(messages.values()), WITHIN)
        for message in (m for m in newest if m.by_bot and m.buttons):
            offered = {data: tap for data in data_of(message) if (tap := read(data)) is not None}
            state = message.id, tuple(offered)
            if not any(map(self._would, offered.values())):
                continue
            if state in self._seen:
                return False
            self._seen.add(state)
            return self._choose(message, offered, now)
        return False

    def ask(self, now: dt.datetime) -> None:
        """Something of their own. Today's card only where the ritual has come: none hides that it didn't."""
        text = self.chance.choice(ASKS)
        today = now.astimezone(self.zone).date()
        if text == "/today" and not self.ledger.came(self.chat, self.due_on(today)):
            return
        said = self.world.say(self.chat, text, now)
        self.ledger.said(self.chat, said.id, text, self.world.last["update"], today)

    def _choose(self, message: Message, offered: dict[str, Tap], now: dt.datetime) -> bool:
        wanted = {data: tap for data, tap in offered.items() if self._would(tap)}
        session = next(s for tap in wanted.values() if (s := session_of(tap)) is not None)
        if self.chance.random() < 0.05:
            self._idle.add(session)
        if session in self._idle:
            return False
        weights = [self._weight(tap) for tap in wanted.values()]
        [data] = self.chance.choices([*wanted], weights)
        for _ in range(2 if self.chance.random() < ONCE_MORE else 1):
            self._tap(message, data, wanted[data], now)
        return True

    def _tap(self, message: Message, data: str, tap: Tap, now: dt.datetime) -> None:
        try:
            self.world.tap(self.chat, message.id, data, now)
        except NotPossible:
            return  # it has just gone
        self.ledger.pressed(self.chat, tap, self.world.last["update"])

    def _would(self, tap: Tap) -> bool:
        match tap:
            case taps.Rate(asked=Asked.COMPLETED) | taps.Onward():
                return True
            case taps.Rate(asked=Asked.PAIN, value=value) | taps.Wake(value=value):
                return value <= MILD
            case taps.Rate(asked=Asked.PAIN_CONFIRMED) | taps.Recall():
                return True
            case taps.Rate(value=value):
                return value == 0
            case taps.Later(choice=choice):
                return choice in (ASK, Snooze.HALF)
        return False

    @staticmethod
    def _weight(tap: Tap) -> float:
        match tap:
            case taps.Rate(asked=Asked.COMPLETED, value=value):
                return {Completed.FULL: 6.0, Completed.PARTIAL: 1.0}.get(Completed(value), 0.3)
            case taps.Later(choice=choice):
                return ONCE_MORE * 8 if choice == ASK else 9.0
            case taps.Wake() | taps.Recall():
                return 4.0
        return 1.0


def data_of(message: Message) -> list[str]:
    """What the buttons of a message would send."""
    return [b["callback_data"] for b in buttons_of(message.buttons) if "callback_data" in b]


def read(data: str) -> Tap | None:
    """Its meaning."""
    kind = KINDS.get(data.split(":")[1])
    return None if kind is None else kind.decode(data)


def session_of(tap: Tap) -> int | None:
    """The session whose card carries it."""
    found: int | None = getattr(tap, "card", getattr(tap, "session", None))
    return found


def crowd(number: int, seed: int, world: World, ledger: Ledger) -> list[Somebody]:
    """So many people, over the zones and the times of day; all have started the bot."""
    made = []
    for index in range(number):
        person = world.add_person(f"P{index}", "en")
        person.started = True
        zone = ZoneInfo(ZONES[index % len(ZONES)])
        wall = TIMES[index // len(ZONES) % len(TIMES)]
        chance = Random(f"{seed}:{index}")
        made.append(Somebody(person.id, zone, wall, chance, world, ledger))
    return made


async def enrol(desk: Desk, people: Iterable[Somebody], now: dt.datetime) -> None:
    """All of them, as if they had told it in the chat."""
    for one in people:
        await desk.enrolment.begin(one.chat, "en", now)
        await desk.enrolment.tell(one.chat, Question.CONSENT, "yes", now)
        for tier in ASKED:
            await desk.enrolment.screen(one.chat, tier, False, now)
        theirs = {Question.TOWN: one.zone.key, Question.TIME: f"{one.wall:%H:%M}"}
        for question, value in (TOLD | theirs).items():
            await desk.enrolment.tell(one.chat, question, value, now)
