"""Getting to know someone: one question after the other, kept as soon as it is answered.

Which question is open is read from what is known (domain/profile.py), so that a restart changes nothing.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.catalogue.places import Places, Town
from bot.domain.exercise import BOTHERS, OWNED, Caution
from bot.domain.person import Life
from bot.domain.profile import Profile, Question
from bot.domain.refusal import AlreadyTold, NotAnAnswer, NotEnrolled, PlanLocked, TownUnknown
from bot.domain.rhythm import EVERY_DAY, local_day, today_late
from bot.domain.safety import CLEARED, SEEN, ClearanceItem, Tier
from bot.domain.trip import next_ritual
from bot.storage import activity, people, rituals
from bot.storage.database import Database, Work
from bot.storage.tables import OPEN, RitualRow

MINUTES = ("10", "15", "20")
NRS = tuple(map(str, range(11)))  # numeric rating scale, 0-10
LOCKING = frozenset({Tier.EMERGENCY, Tier.URGENT})
NONE = "none"
NOTHING = "nothing in particular"  # "nothing" alone answers the question before, and so does "none"
YES = "yes"
# What can be ticked, in this order.
TICKS: Mapping[Question, tuple[str, ...]] = {
    Question.DIRECTION: ("FX", "EX", "SH", "KN", "HIP", "HS"),
    Question.EQUIPMENT: tuple(sorted(OWNED)),
}

# What people own, as they type it. Anything else is asked again: "no dumbbells" must not become a pair.
_TYPED: Mapping[str, re.Pattern[str]] = {
    "dumbbells": re.compile(r"(a |two |some |light |pair of )*dumbbells?"),
    "stair": re.compile(r"(a |the |some |sturdy )*(stairs?|steps?)"),
}
_AND = re.compile(r"\s*(?:,|&|\+|\band\b)\s*")
_NOTHING = frozenset({NONE, "no", "nothing"})
_TIME = re.compile(r"\s*(\d{1,2})(?:[:.h ]?([0-5]\d))?\s*(am|pm)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """The desk where people sign up."""

    database: Database
    places: Places
    clearance: tuple[ClearanceItem, ...]

    async def begin(self, chat_id: int, language: str, now: dt.datetime) -> Profile:
        """Someone pressed /start: new, or back again."""
        async with self.database.work() as work:
            await people.mark_blocked(work, chat_id, None)
            return await people.welcome(work, chat_id, language, now)

    async def profile(self, chat_id: int) -> Profile:
        """Someone who pressed /start before. Raises NotEnrolled."""
        async with self.database.look() as work:
            return await known(work, chat_id)

    async def language(self, chat_id: int) -> str | None:
        """What to speak with someone; None for a stranger."""
        async with self.database.look() as work:
            return await people.language(work, chat_id)

    async def tell(self, chat_id: int, question: Question, value: str, now: dt.datetime) -> Profile:
        """Keep the answer to the open question; the last one plans the first ritual.

        Raises AlreadyTold for another question, NotAnAnswer for a value that doesn't fit.
        """
        async with self.database.work() as work:
            profile = await known(work, chat_id)
            if profile.question is not question:
                raise AlreadyTold
            try:
                facts = _facts(question, value, now)
            except (ValueError, ZoneInfoNotFoundError, OSError) as unfit:
                # The last one is for "Europe": to the zone database, that is a folder.
                raise NotAnAnswer(question, value[:60]) from unfit
            await _keep(work, profile, question, facts, now)
            profile = await people.get(work, profile.id)
            if profile.question is None:
                await plan_next(work, profile, now)
            return profile

    async def screen(self, chat_id: int, item: str, yes: bool, now: dt.datetime) -> Profile:
        """Keep an answer to the safety screen.

        Raises AlreadyTold for an item that is not asked now: an old card's "no" must not lift a lock. A
        "yes" to a tier is always taken.
        """
        async with self.database.work() as work:
            profile = await known(work, chat_id)
            if not (yes and item in LOCKING) and item not in self._open_items(profile):
                raise AlreadyTold
            await people.screen(work, profile.id, item, yes, now)
            return await people.get(work, profile.id)

    def _open_items(self, profile: Profile) -> frozenset[str]:
        match profile.screening.lock, profile.screening.question:
            case Tier.CLEARANCE, _:
                return frozenset({CLEARED})
            case Tier(), _:
                return frozenset({SEEN})
            case None, Tier.CLEARANCE:
                return frozenset({Tier.CLEARANCE, *(item.key for item in self.clearance)})
            case None, Tier() as tier:
                return frozenset({tier})
        return frozenset()

    async def ask_safety_again(self, chat_id: int, now: dt.datetime) -> Profile:
        """Something new or worrying: the first two tiers are open again."""
        async with self.database.work() as work:
            profile = await known(work, chat_id)
            return await ask_again(work, profile, now)

    async def tell_of_flare(self, chat_id: int, *, update_id: int, now: dt.datetime) -> Profile:
        """A flare is noted, and the first two tiers are open again: both, or neither.

        Raises PlanLocked or, before somebody is enrolled, NotEnrolled.
        """
        async with self.database.work() as work:
            profile = await known(work, chat_id)
            if profile.screening.lock:
                raise PlanLocked(profile.screening.lock)
            zone = profile.zone_at(now)
            if zone is None or profile.minutes is None:
                raise NotEnrolled
            day = local_day(now, ZoneInfo(zone))
            await people.flare(work, profile.id, day, update_id=update_id, now=now)
            return await ask_again(work, profile, now)

    def towns(self, text: str) -> tuple[Town, ...]:
        """What a typed town may mean, best first. Raises TownUnknown."""
        found = self.places.find(text)
        if not found:
            raise TownUnknown(text.strip()[:60])
        return found

    def zone_at(self, latitude: float, longitude: float) -> str:
        """The zone of a shared place. Raises TownUnknown."""
        zone = self.places.zone_at(latitude, longitude)
        if zone is None:
            raise TownUnknown(f"{latitude:.2f}, {longitude:.2f}")
        return zone

    def cautions(self, profile: Profile) -> frozenset[Caution]:
        """What the safety screen brought."""
        apply = (item.cautions for item in self.clearance if item.id in profile.screening.items)
        return frozenset[Caution]().union(*apply)

    async def forget(self, chat_id: int) -> None:
        """Delete someone, whole."""
        async with self.database.work() as work:
            if (profile := await people.find(work, chat_id)) is not None:
                await people.forget(work, profile)

    async def set_aside(self, chat_id: int, blocked_at: dt.datetime | None) -> None:
        """Someone blocked the bot, or (None) came back; their data stays as it is."""
        async with self.database.work() as work:
            await people.mark_blocked(work, chat_id, blocked_at)


async def known(work: Work, chat_id: int) -> Profile:
    """The person of a chat. Raises NotEnrolled for someone who never pressed /start."""
    profile = await people.find(work, chat_id)
    if profile is None:
        raise NotEnrolled
    return profile


async def ask_again(work: Work, profile: Profile, now: dt.datetime) -> Profile:
    """Open the first two tiers of the safety screen, unless a lock stands."""
    if profile.screening.lock is None:
        for tier in (Tier.EMERGENCY, Tier.URGENT):
            await people.screen(work, profile.id, tier, None, now)
    return await people.get(work, profile.id)


async def plan_next(work: Work, profile: Profile, after: dt.datetime) -> None:
    """Put the next occurrence of someone's ritual into the due-index; one that waits is the next."""
    ritual = await rituals.of_person(work, profile.id)
    if ritual is None or ritual.id is None or profile.zone is None:
        return
    newest = await rituals.newest(work, ritual.id)
    if newest is not None and newest.state in OPEN:
        return
    at, day = next_ritual(
        ritual.wall_time,
        _weekdays(ritual),
        profile.zone,
        profile.trips,
        after,
        newest.local_date if newest else None,
    )
    await rituals.plan(work, ritual, day, at)


async def plan_anew(work: Work, profile: Profile, now: dt.datetime) -> None:
    """The clock has changed: what has not left comes by the new one.

    Where it is later there already than the ritual's time, and the date had none, it comes at once: else
    that date would be left out. What is on its way plans its successor itself.
    """
    ritual = await rituals.of_person(work, profile.id)
    zone = profile.zone_at(now)
    if ritual is None or ritual.id is None or zone is None:
        return
    waiting = await rituals.newest(work, ritual.id)
    if waiting is None or waiting.state not in OPEN:
        await plan_next(work, profile, now)
    elif await rituals.withdraw(work, waiting):
        before, here = await rituals.newest(work, ritual.id), ZoneInfo(zone)
        last, today = before.local_date if before else None, local_day(now, here)
        late = today_late(ritual.wall_time, here, _weekdays(ritual), now, last)
        if late and waiting.local_date <= today:
            await rituals.plan(work, ritual, today, now)
        else:
            await plan_next(work, profile, now)


def _weekdays(ritual: RitualRow) -> frozenset[int]:
    return frozenset(day for day in EVERY_DAY if ritual.weekdays >> day & 1)


def _facts(question: Question, value: str, now: dt.datetime) -> dict[str, object]:
    """An answer as it is kept. Raises ValueError for one that doesn't fit."""
    match question:
        case Question.CONSENT if _one_of(value, YES):
            return {"consented_at": now}
        case Question.DIRECTION:
            return {"aggravated_by": ",".join(sorted(bothered(value)))}
        case Question.LIFE:
            return {"life": Life(value.strip().lower())}
        case Question.PAIN:
            return {"usual_pain": int(_one_of(value, *NRS))}
        case Question.EQUIPMENT:
            return {"equipment": ",".join(sorted(owned(value)))}
        case Question.ACTIVITY:
            return {"value": able(value)}
        case Question.TOWN:
            return {"zone": ZoneInfo(value).key}
        case Question.TIME:
            return {"wall_time": wall_time(value)}
        case Question.MINUTES:
            return {"minutes": int(_one_of(value, *MINUTES))}
    raise ValueError(value)  # the safety screen has answers of its own


async def _keep(
    work: Work, profile: Profile, question: Question, facts: Mapping[str, Any], now: dt.datetime
) -> None:
    """A ritual is a row of its own, and so is what is told again later; all else belongs to the person."""
    match question:
        case Question.TIME:
            await rituals.add(work, profile.id, **facts)
        case Question.ACTIVITY:
            await activity.tell(work, profile.id, now=now, **facts)
        case _:
            await people.tell(work, profile.id, **facts)


def bothered(text: str) -> frozenset[Caution]:
    """What makes it worse, by codes: "FX,KN". Raises ValueError."""
    if text.strip().lower() == NONE:
        return frozenset()
    told = frozenset(map(Caution, text.strip().upper().split(",")))
    if not told <= BOTHERS:
        raise ValueError(text)
    return told


def owned(text: str) -> frozenset[str]:
    """What someone has, tapped or typed: "dumbbells,stair", "a stair and dumbbells". Raises ValueError."""
    said = text.strip().rstrip(".").lower()
    if said in _NOTHING:
        return frozenset()
    return frozenset(map(_thing, _AND.split(said)))


def _thing(said: str) -> str:
    for thing, typed in _TYPED.items():
        if typed.fullmatch(said):
            return thing
    raise ValueError(said)


def able(text: str) -> int | None:
    """How well the main activity goes, 0 to 10; None for "nothing in particular". Raises ValueError."""
    told = _one_of(text, *NRS, NOTHING)
    return None if told == NOTHING else int(told)


def wall_time(text: str) -> dt.time:
    """A time of day as people type it: 7, 7:15, 07.15, 7h15, 6 pm. Raises ValueError."""
    read = _TIME.fullmatch(text)
    if read is None:
        raise ValueError(text)
    hour, minute, half = int(read[1]), int(read[2] or 0), (read[3] or "").lower()
    if half and not 1 <= hour <= 12:
        raise ValueError(text)
    return dt.time(hour % 12 + (12 if half == "pm" else 0) if half else hour, minute)


def _one_of(text: str, *values: str) -> str:
    """One of the values, whatever its case. Raises ValueError."""
    for value in values:
        if value.lower() == text.strip().lower():
            return value
    raise ValueError(text)
