"""What a ritual to come would ask for if nothing were answered until then: reckoned, and kept nowhere."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.exercise import Occasion, Set
from bot.domain.look import Taste
from bot.domain.person import Person
from bot.domain.profile import Profile, Question
from bot.domain.refusal import NotEnrolled, PlanLocked
from bot.domain.rhythm import Ritual
from bot.domain.sequence import Sequence as Exercises
from bot.domain.sequence import recall
from bot.domain.session import Asked, Session
from bot.practice.courses import composed, meant
from bot.practice.enrolment import MINUTES
from bot.practice.plan import set_kept
from bot.practice.prescription import Prescription
from bot.practice.variety import by_id, of_ritual, set_of
from bot.storage import people, rituals, sessions
from bot.storage.database import Database
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
            if profile is None:
                return []
            every = await sessions.of_person(work, profile.id, self.prescription.catalogue.ladders)
        return self._at(profile, row, every)

    async def of_chat(self, chat_id: int, now: dt.datetime) -> list[Foreseen]:
        """What somebody has begun today, and their next ritual.

        Of who is about to tell how long it may be, each that it can be.
        """
        async with self.database.look() as work:
            profile = await people.find(work, chat_id)
            if profile is None:
                return []
            if profile.question is Question.MINUTES:
                return [one for told in _told(profile) for one in self._first(told, now)]
            every = await sessions.of_person(work, profile.id, self.prescription.catalogue.ladders)
            row = await rituals.next_of(work, profile.id)
            coming = [] if row is None else self._at(profile, row, every)
        return [*self._open(profile, every, now), *coming]

    def _open(
        self, profile: Profile, every: tuple[Session, ...], now: dt.datetime
    ) -> list[Foreseen]:
        """Today's, as they were given, until they are over."""
        person = self._person(profile)
        if person is None:
            return []
        spoken, day = self.prescription.catalogue.spoken(profile.language), Prescription.day
        return [
            _seen(profile, chosen, recall(person, s.shown, spoken.ladders, chosen, s.minutes))
            for s in every
            if s.day == day(person, now) and s.given and Asked.COMPLETED not in s.answers
            for chosen in [set_kept(s, spoken)]
        ]

    def _first(self, profile: Profile, now: dt.datetime) -> list[Foreseen]:
        person = self._person(profile)
        if person is None or not profile.rituals:
            return []
        return self._ritual(profile, profile.rituals[0], (), self.prescription.day(person, now))

    def _person(self, profile: Profile) -> Person | None:
        try:
            return self.prescription.person(profile)
        except (NotEnrolled, PlanLocked):
            return None

    def _at(self, profile: Profile, row: DeliveryRow, every: tuple[Session, ...]) -> list[Foreseen]:
        ritual = by_id(profile.rituals, row.ritual_id)
        if ritual is None or profile.blocked or profile.trip_at(row.due_at):
            return []
        return self._ritual(profile, ritual, every, row.local_date)

    def _ritual(
        self, profile: Profile, ritual: Ritual, every: tuple[Session, ...], day: dt.date
    ) -> list[Foreseen]:
        """As it would be decided (`Prescription._prescribe`), in their words."""
        prescription, person = self.prescription, self._person(profile)
        if person is None:
            return []
        person = of_ritual(person, ritual)
        own = [s for s in every if s.day == day and s.ritual == ritual.key and not s.travel]
        past = tuple(s for s in every if s.day <= day and s not in own)
        spoken = prescription.catalogue.spoken(profile.language)
        chosen = set_of(ritual, spoken)
        for kept in (set_kept(session, spoken) for session in own):
            chosen = kept if kept.occasion is Occasion.SHORT else chosen
        course = prescription.course(person, profile, past, day)
        chosen, minutes = meant(course, chosen, spoken)
        sequence = composed(course, chosen, minutes, profile.variety, spoken)
        return [_seen(profile, chosen, sequence)]


def _seen(profile: Profile, chosen: Set, sequence: Exercises) -> Foreseen:
    return Foreseen(
        language=profile.language, taste=profile.taste, name=chosen.name, sequence=sequence
    )


def _told(profile: Profile) -> Iterator[Profile]:
    """The one question that is left, answered in each way."""
    return (replace(profile, minutes=int(minutes)) for minutes in MINUTES)
