"""Weeks of someone's life on all ladders: decide, compose, practise, answer, and again the next day."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from bot.catalogue.reading import Catalogue, read_catalogue
from bot.domain.course import Course
from bot.domain.decision import Action, Decision
from bot.domain.exercise import Caution, Occasion, Place
from bot.domain.feedback import Breath, Compensation, Completed, Reserve
from bot.domain.person import Life, Person
from bot.domain.sequence import Sequence, compose
from bot.domain.session import Asked, Given, Session, practised
from tests.domain.histories import POLICY

MONDAY = dt.date(2026, 11, 23)

Answers = Mapping[Asked, int]

CLEAN_DAY: Answers = {
    Asked.COMPLETED: Completed.FULL,
    Asked.PAIN: 2,
    Asked.COMPENSATION: Compensation.NONE,
    Asked.BREATH: Breath.NEVER,
    Asked.RESERVE: Reserve.ENOUGH,  # heard only where a weight was given
    Asked.MORNING: 2,
}


@cache
def catalogue() -> Catalogue:
    return read_catalogue(Path(__file__).parents[2] / "content")


def person(
    life: Life = Life.SITTING,
    minutes: int = 20,
    equipment: Iterable[str] = (),
    cautions: Iterable[Caution] = (),
    usual_pain: int = 2,
) -> Person:
    return Person(
        id=1,
        life=life,
        usual_pain=usual_pain,
        minutes=minutes,
        zone="Europe/Vienna",
        cautions=frozenset(cautions),
        equipment=frozenset(equipment),
    )


def day(number: int) -> dt.date:
    """Day 0 is a Monday."""
    return MONDAY + dt.timedelta(days=number)


def session(
    number: int, *given: Given, travel: bool = False, answers: Answers = MappingProxyType({})
) -> Session:
    """A session of a day; silent without answers."""
    return Session(
        id=number,
        person_id=1,
        day=day(number),
        travel=travel,
        minutes=20,
        place=Place.FLOOR,
        set_id=None,
        given=given,
        answers=answers,
    )


def given(
    ladder: str, step: int, dose: float, *, loaded: bool = False, **practised: float
) -> Given:
    """A ladder's part, practised as decided unless told otherwise."""
    return Given(
        ladder=ladder,
        step=step,
        dose_fraction=dose,
        shown_step=int(practised.get("shown_step", step)),
        shown_dose=practised.get("shown_dose", dose),
        loaded=loaded,
    )


def course_of(
    someone: Person, *sessions: Session, today: int, fresh_since: int | None = None
) -> Course:
    """Someone on all ladders, on a day."""
    return Course(
        person=someone,
        ladders=catalogue().ladders,
        sessions=sessions,
        day=day(today),
        policy=POLICY,
        fresh_since=None if fresh_since is None else day(fresh_since),
    )


@dataclass(frozen=True, slots=True)
class Day:
    """What one day decided and gave."""

    number: int
    decisions: Mapping[str, Decision]
    sequence: Sequence


@dataclass
class Walk:
    """Someone's days, one after the other, as bot/practice does it."""

    person: Person
    sessions: list[Session] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)

    def practise(self, number: int, answers: Answers) -> Day | None:
        """A day; None where a clinician is asked for first."""
        course = course_of(self.person, *self.sessions, today=number)
        if any(d.action is Action.PAUSE_AND_REFER for d in course.decisions.values()):
            return None
        sequence = compose(
            self.person,
            course.standings,
            catalogue().ladders,
            catalogue().set_for(Occasion.MORNING),
            day(number).toordinal(),
            self.person.minutes,
            practised=practised(self.sessions),
        )
        given = tuple(
            Given(
                ladder=portion.ladder,
                step=course.standings[portion.ladder].step,
                shown_step=portion.step,
                dose_fraction=course.standings[portion.ladder].dose_fraction,
                shown_dose=portion.dose_fraction,
                loaded=portion.loaded,
            )
            for portion in sequence.portions
        )
        self.sessions.append(session(number, *given, answers=answers))
        lived = Day(number, course.decisions, sequence)
        self.days.append(lived)
        return lived

    def live(self, numbers: Iterable[int], answers: Callable[[int], Answers]) -> "Walk":
        for number in numbers:
            self.practise(number, answers(number))
        return self

    def first_day_at(self, ladder: str, step: int, dose: float = 0.0) -> int | None:
        """When a step came up for the first time, at this dose or more."""
        return next(
            (
                lived.number
                for lived in self.days
                for portion in lived.sequence.portions
                if (portion.ladder, portion.step) == (ladder, step)
                if portion.dose_fraction >= dose
            ),
            None,
        )
