"""What someone has told us so far, and which question comes next.

The conversation of the enrolment keeps no state of its own: the first thing that is not known is the
open question, after a restart as before it.
"""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.exercise import Caution
from bot.domain.load import Unit
from bot.domain.look import Taste
from bot.domain.person import Life, Person
from bot.domain.placement import Tried
from bot.domain.refusal import NotEnrolled, PlanLocked
from bot.domain.rhythm import EVERY_DAY, Pause, Quiet, Ritual
from bot.domain.safety import Screening
from bot.domain.trip import Trip, trip_at, zone_at


class Question(StrEnum):
    """In the order in which they are asked."""

    CONSENT = "consent"
    SAFETY = "safety"
    DIRECTION = "direction"  # which way of moving aggravates
    LIFE = "life"
    PAIN = "pain"
    EQUIPMENT = "equipment"
    # How well the one thing goes that the back gets in the way of most. Never right behind PAIN: a typed
    # number whose reply got lost is read once more, and must not answer the next question too.
    ACTIVITY = "activity"
    TOWN = "town"
    TIME = "time"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Someone who pressed /start; None is what they have not told yet."""

    id: int
    chat_id: int
    language: str
    consented: bool
    screening: Screening
    seen_at: dt.datetime | None  # by a clinician, after the plan was locked
    screened_at: dt.datetime | None  # when they last answered an urgent tier, or were seen
    flares: tuple[dt.date, ...]  # the days on which one was told, since then
    aggravated_by: frozenset[Caution] | None
    life: Life | None
    usual_pain: int | None
    equipment: frozenset[str] | None
    activity_told: bool  # the values are rows of their own: each review adds one
    zone: str | None
    ritual_at: dt.time | None  # the earliest of the day
    minutes: int | None
    blocked: bool  # they blocked the bot; their data waits for them
    unit: Unit | None = None  # as chosen
    taste: Taste = field(default_factory=Taste)  # as chosen, of pictures
    tried: tuple[Tried, ...] = ()  # at the try-out, oldest first
    trips: tuple[Trip, ...] = ()  # oldest first
    rituals: tuple[Ritual, ...] = ()  # in the order of their times; at least one, once enrolled
    quiet: Quiet = field(default_factory=Quiet)
    pause: Pause | None = None  # the newest, over or not
    variety: int = 0  # how often they asked for something different
    typing: tuple[str, dt.datetime] | None = None  # what their next words answer, since when

    @property
    def question(self) -> Question | None:
        """The first thing not known; None when everything is."""
        told = {
            Question.CONSENT: self.consented or None,
            Question.SAFETY: None if self.screening.question else True,
            Question.DIRECTION: self.aggravated_by,
            Question.LIFE: self.life,
            Question.PAIN: self.usual_pain,
            Question.EQUIPMENT: self.equipment,
            # Whoever enrolled before this was a question is first asked by a review, and not thrown back.
            Question.ACTIVITY: self.activity_told or self.minutes,
            Question.TOWN: self.zone,
            Question.TIME: self.ritual_at,
            Question.MINUTES: self.minutes,
        }
        return next((question for question, known in told.items() if known is None), None)

    def trip_at(self, moment: dt.datetime) -> Trip | None:
        """The trip that runs."""
        return trip_at(self.trips, self.zone, moment) if self.zone else None

    def zone_at(self, moment: dt.datetime) -> str | None:
        """Whose wall time they keep."""
        return zone_at(self.trips, self.zone, moment) if self.zone else None

    def whereabouts(self, moment: dt.datetime) -> str | None:
        """The zone they are in, as far as is known: who keeps home time on the way, may be anywhere."""
        trip = self.trip_at(moment)
        return trip.zone if trip else self.zone

    @property
    def weekdays(self) -> frozenset[int]:
        """With a ritual."""
        return frozenset[int]().union(*(one.weekdays for one in self.rituals)) or EVERY_DAY

    @property
    def may_hear(self) -> bool:
        """Enrolled, not locked, no safety question open, and not gone: what looks back may be said."""
        return not (self.blocked or self.screening.lock or self.question)

    def person(self, cautions: frozenset[Caution]) -> Person:
        """Someone who may practise, with the cautions that the screen brought.

        Raises PlanLocked or NotEnrolled.
        """
        if self.screening.lock:
            raise PlanLocked(self.screening.lock)
        if (
            self.question
            or self.life is None
            or self.usual_pain is None
            or self.minutes is None
            or self.zone is None
        ):
            raise NotEnrolled
        return Person(
            id=self.id,
            life=self.life,
            usual_pain=self.usual_pain,
            minutes=self.minutes,
            zone=self.zone,
            cautions=cautions | (self.aggravated_by or frozenset()),
            equipment=self.equipment or frozenset(),
            trips=self.trips,
            days=len(self.weekdays),
        )
