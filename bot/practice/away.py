"""Days away: told step by step, kept as told, and ended early by who is back.

Nothing waits in memory: what is open is the newest row. Each change of the clock plans the ritual anew.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.catalogue.places import Town
from bot.catalogue.tongues import ENGLISH
from bot.domain.exercise import Occasion, Set
from bot.domain.profile import Profile
from bot.domain.refusal import AlreadyTold, AtHome, ButtonUnreadable, NotADay
from bot.domain.rhythm import local_day
from bot.domain.trip import Asks, Trip
from bot.practice.enrolment import known
from bot.practice.occurrences import plan_anew
from bot.practice.prescription import Prescription
from bot.storage import people, trips
from bot.storage.database import Database, Work
from bot.storage.trips import Told

LONGEST = 366  # days; who stays for longer has moved
PATIENCE = dt.timedelta(days=1)  # so long typed words are taken for an answer to what is open
HOME, LOCAL = "home", "local"  # whose clock the ritual keeps


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Where someone is with it: at home or away, and what waits for an answer."""

    profile: Profile
    today: dt.date  # where they are
    trip: Trip | None = None  # that runs
    asks: Asks | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """The desk where days away are told."""

    database: Database
    prescription: Prescription

    async def look(self, profile: Profile, now: dt.datetime) -> Absence:
        """How it stands. Raises NotEnrolled or PlanLocked."""
        self.prescription.person(profile)
        async with self.database.look() as work:
            return _absence(profile, await trips.newest(work, profile.id), now)

    async def begin(self, chat_id: int, *, update_id: int, now: dt.datetime) -> Absence:
        """Going away, or away and something has changed: until when? Raises NotEnrolled or PlanLocked."""
        async with self.database.work() as work:
            profile = await self._traveller(work, chat_id)
            absence, trip = _absence(profile, None, now), profile.trip_at(now)
            told = Told(
                at=now,
                from_day=trip.from_day if trip else absence.today,
                zone=trip.zone if trip else None,
                asks=Asks.UNTIL,
                update_id=update_id,
            )
            return await _keep(work, profile, told)

    async def tell(
        self, chat_id: int, asks: Asks, value: str, *, update_id: int, now: dt.datetime
    ) -> Absence:
        """Keep the answer to what is open; the last one begins the trip.

        Raises AlreadyTold for anything else, NotADay or ButtonUnreadable for what doesn't fit.
        """
        async with self.database.work() as work:
            profile = await self._traveller(work, chat_id)
            told = await trips.newest(work, profile.id)
            if told is not None and told.update_id == update_id:
                return _absence(profile, told, now)  # kept, and only our reply got lost
            if told is None or told.asks is not asks:
                raise AlreadyTold
            today = _absence(profile, told, now).today
            asked = replace(told, at=now, update_id=update_id)
            return await _keep(work, profile, self._answered(asked, value, today))

    async def leave(self, chat_id: int, *, update_id: int, now: dt.datetime) -> Absence:
        """Not now: nothing is open any more, and whatever trip ran goes on."""
        async with self.database.work() as work:
            profile = await known(work, chat_id)
            told = await trips.newest(work, profile.id)
            if told is None or told.asks is None:
                return _absence(profile, told, now)
            left = Told(at=now, from_day=told.from_day, update_id=update_id)
            return await _keep(work, profile, left)

    async def come_back(self, chat_id: int, *, update_id: int, now: dt.datetime) -> Absence:
        """Home, earlier than told. Raises AtHome."""
        async with self.database.work() as work:
            profile = await known(work, chat_id)
            trip = profile.trip_at(now)
            told = await trips.newest(work, profile.id)
            if told is not None and told.update_id == update_id:
                return _absence(profile, told, now)
            if trip is None or profile.zone is None:
                raise AtHome
            today = min(
                local_day(now, ZoneInfo(z)) for z in (profile.zone, trip.zone or profile.zone)
            )
            home = Told(
                at=now,
                from_day=trip.from_day,
                until_day=max(today, trip.from_day),
                set_id=trip.set_id,
                zone=trip.zone,
                update_id=update_id,
            )
            return await _keep(work, profile, home)

    def towns(self, text: str) -> tuple[Town, ...]:
        """What a typed town may mean. Raises TownUnknown."""
        return self.prescription.enrolment.towns(text)

    def zone_of(self, latitude: float, longitude: float) -> str:
        """Of a shared place. Raises TownUnknown."""
        return self.prescription.enrolment.zone_at(latitude, longitude)

    def sets(self, language: str) -> Mapping[str, Set]:
        """Those for the way, by slug, in the words of a language."""
        spoken = self.prescription.catalogue.spoken(language)
        return {one.id: one for one in spoken.sets_for(Occasion.WAY)}

    async def _traveller(self, work: Work, chat_id: int) -> Profile:
        profile = await known(work, chat_id)
        self.prescription.person(profile)  # else they may not practise
        return profile

    def _answered(self, told: Told, value: str, today: dt.date) -> Told:
        match told.asks:
            case Asks.UNTIL:
                return replace(told, until_day=_ahead(value, today), asks=Asks.SET)
            case Asks.SET if value in self.sets(ENGLISH):
                return replace(told, set_id=value, asks=Asks.CLOCK)
            case Asks.CLOCK if value == LOCAL:
                return replace(told, asks=Asks.TOWN)
            case Asks.CLOCK | Asks.TOWN if value == HOME:
                return replace(told, zone=None, asks=None)
            case Asks.TOWN:
                return replace(told, zone=_zone(value), asks=None)
        raise ButtonUnreadable


def _absence(profile: Profile, told: Told | None, now: dt.datetime) -> Absence:
    zone = profile.zone_at(now)
    assert zone is not None  # they have enrolled
    fresh = told is not None and now - told.at < PATIENCE
    return Absence(
        profile=profile,
        today=local_day(now, ZoneInfo(zone)),
        trip=profile.trip_at(now),
        asks=told.asks if told and fresh else None,
    )


async def _keep(work: Work, profile: Profile, told: Told) -> Absence:
    before = profile.zone_at(told.at)
    await trips.tell(work, profile.id, told)
    profile = await people.get(work, profile.id)
    if profile.zone_at(told.at) != before or (told.asks is None and told.until_day):
        await plan_anew(work, profile, told.at)
    return _absence(profile, told, told.at)


def _ahead(value: str, today: dt.date) -> dt.date:
    """A day of return. Raises NotADay."""
    try:
        day = dt.date.fromisoformat(value)
    except ValueError as unreadable:
        raise NotADay(value[:60]) from unreadable
    if not today < day <= today + dt.timedelta(days=LONGEST):
        raise NotADay(value[:60])
    return day


def _zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (
        ValueError,
        ZoneInfoNotFoundError,
        OSError,
    ) as unknown:  # a folder, as in Enrolment.tell
        raise ButtonUnreadable from unknown
