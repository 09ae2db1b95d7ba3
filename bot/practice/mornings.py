"""How someone wakes while a flare runs, asked once a day where no ritual asks it.

Each check plans the next one before anything else is done about it, and every ritual plans one, too: so none
is lost with a machine asleep. They end by themselves, once the flare has settled or the plan rests.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.profile import Profile
from bot.domain.refusal import ButtonUnreadable
from bot.domain.rhythm import ONE_DAY, local_day
from bot.domain.session import GREATEST, Asked, Session
from bot.domain.zones import Zone, zone_next_morning
from bot.practice.enrolment import known
from bot.practice.plan import practised_last, unanswered_morning
from bot.practice.prescription import Prescription
from bot.storage import errands, mornings, people, rituals, sessions
from bot.storage.database import Database, Work
from bot.storage.tables import Errand, ErrandRow, State

AT = dt.time(8)  # where they are
RITUALS_UNTIL = dt.time(11)  # a card that comes before this one asks the question itself
TOO_LATE = dt.time(14)  # to ask about the morning
UNSENT = (State.LATE, State.NEEDLESS, State.CANCELLED, State.UNREACHABLE, State.REFUSED)


class Sense(StrEnum):
    """What a morning of a flare means."""

    SETTLING = "settling"
    SETTLED = "settled"  # the way back begins
    WORSE = "worse"  # clearly, and not for the first time


@dataclass(frozen=True, slots=True, kw_only=True)
class Mornings:
    """The desk where mornings of a flare are asked about."""

    database: Database
    prescription: Prescription

    async def plan(self, profile: Profile, now: dt.datetime) -> None:
        """Put tomorrow's check into the post while a flare runs, and today's, where it is not too late.

        A second time changes nothing. The day on which a flare was told needs none.
        """
        zone = profile.zone_at(now)
        if zone is None or not await self._runs(profile, now):
            return
        here = now.astimezone(ZoneInfo(zone))
        today = here.date()
        days = [today] if here.time() < TOO_LATE and today > max(profile.flares) else []
        async with self.database.work() as work:
            for day in (*days, today + ONE_DAY):
                due_at = dt.datetime.combine(day, AT, ZoneInfo(zone))
                await errands.plan(work, profile.id, Errand.MORNING, day.isoformat(), due_at)

    async def due(self, row: ErrandRow, now: dt.datetime) -> tuple[Profile, dt.date] | None:
        """Whom to ask about which morning; None where it was told, is asked by a ritual, or is over."""
        async with self.database.look() as work:
            profile = await people.get(work, row.person_id)
        await self.plan(profile, now)
        zone = profile.zone_at(now)
        if zone is None or not await self._runs(profile, now) or profile.question:
            return None
        here = now.astimezone(ZoneInfo(zone))
        if profile.blocked or row.key != here.date().isoformat() or here.time() >= TOO_LATE:
            return None
        async with self.database.look() as work:
            every = await self._sessions(work, profile.id)
            told = here.date() in await self._known(work, profile.id, every)
            asked = await _asked_by_a_ritual(work, profile, here, every)
        return None if told or asked else (profile, here.date())

    async def keep(
        self, chat_id: int, day: dt.date, value: int, *, update_id: int, now: dt.datetime
    ) -> Sense:
        """Keep how someone woke; it is the morning of what they practised the day before, if they did.

        Raises ButtonUnreadable, NotEnrolled or PlanLocked.
        """
        async with self.database.work() as work:
            profile = await known(work, chat_id)
            zone = profile.zone_at(now)
            if (
                zone is None
                or value > GREATEST[Asked.MORNING]
                or day > local_day(now, ZoneInfo(zone))
            ):
                raise ButtonUnreadable
            last = practised_last(day, await self._sessions(work, profile.id))
            if last and last[-1].day == day - ONE_DAY:
                await sessions.answer(
                    work, last[-1].id, Asked.MORNING, value, update_id=update_id, now=now
                )
            else:
                await mornings.tell(work, profile.id, day, value, update_id=update_id, now=now)
        return await self._sense(profile, value, now)

    async def known(self, person_id: int) -> dict[dt.date, int]:
        """Every morning that somebody told of, with a session before it or without."""
        async with self.database.look() as work:
            return await self._known(work, person_id, await self._sessions(work, person_id))

    async def _sense(self, profile: Profile, value: int, now: dt.datetime) -> Sense:
        person = self.prescription.person(profile)
        today = self.prescription.day(person, now)
        async with self.database.look() as work:
            every = await self._sessions(work, person.id)
            told = await self._known(work, person.id, every)
        flare = self.prescription.course(person, profile, every, today).flare
        if flare is None or flare.settled_on is not None:
            return Sense.SETTLED
        policy = self.prescription.policy

        def worse(pain: int) -> bool:
            return zone_next_morning(pain, person.usual_pain, policy.pain_next_morning) is Zone.RED

        of_flare = [pain for day, pain in told.items() if day.toordinal() > flare.since]
        if worse(value) and sum(map(worse, of_flare)) >= policy.flare.worse_mornings:
            return Sense.WORSE
        return Sense.SETTLING

    async def _runs(self, profile: Profile, now: dt.datetime) -> bool:
        """A flare was told, nothing says that it is over, and the plan doesn't rest."""
        if not profile.flares or profile.screening.lock:
            return False
        return bool(profile.question) or await self.prescription.in_flare(profile, now)

    async def _known(
        self, work: Work, person_id: int, every: tuple[Session, ...]
    ) -> dict[dt.date, int]:
        after = {
            session.day + ONE_DAY: session.answers[Asked.MORNING]
            for session in every
            if Asked.MORNING in session.answers
        }
        return {**await mornings.of_person(work, person_id), **after}

    async def _sessions(self, work: Work, person_id: int) -> tuple[Session, ...]:
        return await sessions.of_person(work, person_id, self.prescription.catalogue.ladders)


async def _asked_by_a_ritual(
    work: Work, profile: Profile, here: dt.datetime, every: tuple[Session, ...]
) -> bool:
    """Its card came this morning, or will before long, and asks how they woke."""
    ritual = await rituals.on_day(work, profile.id, here.date())
    if ritual is None or ritual.state in UNSENT:
        return False
    early = ritual.due_at.astimezone(here.tzinfo).time() < RITUALS_UNTIL
    return early and unanswered_morning(here.date(), every) is not None
