"""What a ritual to come would ask for if nothing were answered until then: reckoned, and kept nowhere."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.exercise import Occasion
from bot.domain.look import Taste
from bot.domain.profile import Profile, Question
from bot.domain.refusal import NotEnrolled, PlanLocked
from bot.domain.rhythm import Ritual
from bot.domain.sequence import Sequence as Exercises
from bot.domain.session import Session
from bot.practice.courses import composed, meant
from bot.practice.enrolment import MINUTES
from bot.practice.plan import set_kept
from bot.practice.prescription import Prescription
from bot.practice.variety import by_id, of_ritual, set_of
from bot.storage import people, rituals, sessions
from bot.storage.database import Database, Work
from bot.storage.tables import DeliveryRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """A session that there may be, as far as it can be seen."""

    language: str
    taste: Taste
    name: str  # of its set
    sequence: Exercises


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """Looks ahead. On a trip nobody knows how the day will be, and it sees nothing."""

    database: Database
    prescription: Prescription

    async def due(
        self, beyond: tuple[dt.datetime, int], until: dt.datetime, most: int
    ) -> Sequence[DeliveryRow]:
        """The rituals that come next, behind one that was looked at."""
        async with self.database.look() as work:
            return await rituals.coming(work, beyond, until, most)

    async def of_delivery(self, row: DeliveryRow) -> list[Foreseen]:
        """The session of one of them."""
        async with self.database.look() as work:
            profile = (await people.several(work, [row.person_id])).get(row.person_id)
            return [] if profile is None else await self._of(work, profile, row)

    async def of_chat(self, chat_id: int, now: dt.datetime) -> list[Foreseen]:
        """Somebody's next session; of who is about to tell how long it may be, each that it can be."""
        async with self.database.look() as work:
            profile = await people.find(work, chat_id)
            if profile is None:
                return []
            if profile.question is Question.MINUTES:
                return [one for told in _told(profile) for one in self._first(told, now)]
            row = await rituals.next_of(work, profile.id)
            return [] if row is None else await self._of(work, profile, row)

    async def _of(self, work: Work, profile: Profile, row: DeliveryRow) -> list[Foreseen]:
        ritual = by_id(profile.rituals, row.ritual_id)
        if ritual is None or profile.blocked or profile.trip_at(row.due_at):
            return []
        every = await sessions.of_person(work, profile.id, self.prescription.catalogue.ladders)
        return self._ritual(profile, ritual, every, row.local_date)

    def _first(self, profile: Profile, now: dt.datetime) -> list[Foreseen]:
        zone = profile.zone_at(now)
        if zone is None or not profile.rituals:
            return []
        return self._ritual(profile, profile.rituals[0], (), self._day(profile, now))

    def _day(self, profile: Profile, now: dt.datetime) -> dt.date:
        return self.prescription.day(self.prescription.person(profile), now)

    def _ritual(
        self, profile: Profile, ritual: Ritual, every: tuple[Session, ...], day: dt.date
    ) -> list[Foreseen]:
        """As it would be decided (`Prescription._prescribe`), in their words."""
        prescription = self.prescription
        try:
            person = of_ritual(prescription.person(profile), ritual)
        except (NotEnrolled, PlanLocked):
            return []
        own = [s for s in every if s.day == day and s.ritual == ritual.key and not s.travel]
        past = tuple(s for s in every if s.day <= day and s not in own)
        spoken = prescription.catalogue.spoken(profile.language)
        chosen = set_of(ritual, spoken)
        for kept in (set_kept(session, spoken) for session in own):
            chosen = kept if kept.occasion is Occasion.SHORT else chosen
        course = prescription.course(person, profile, past, day)
        chosen, minutes = meant(course, chosen, spoken)
        sequence = composed(course, chosen, minutes, profile.variety, spoken)
        return [
            Foreseen(
                language=profile.language,
                taste=profile.taste,
                name=chosen.name,
                sequence=sequence,
            )
        ]


def _told(profile: Profile) -> Iterator[Profile]:
    """The one question that is left, answered in each way."""
    return (replace(profile, minutes=int(minutes)) for minutes in MINUTES)
