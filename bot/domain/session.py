"""One occasion to practise: what was given, what was answered, and what that says about each ladder."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TypeVar

from bot.domain.exercise import Place
from bot.domain.feedback import Breath, Compensation, Completed, Feedback, Reserve

Kind = TypeVar("Kind", bound=IntEnum)


class Asked(StrEnum):
    """The questions about a session. Answers are kept as numbers; greater is worse in all of them."""

    COMPLETED = "completed"  # Completed
    PAIN = "pain_during"  # NRS 0-10
    COMPENSATION = "compensation"  # Compensation
    BREATH = "breath_holding"  # Breath
    RESERVE = "reserve"  # Reserve, asked only where a weight was given
    MORNING = "pain_next_morning"  # NRS 0-10, asked with the next ritual
    PAIN_CONFIRMED = "pain_confirmed"  # the number that was asked back, and is right
    MORNING_CONFIRMED = "morning_confirmed"  # the same


BELOW = 0  # the step of an exercise that was taken out, and had none below it that is left

# Asked one after the other once something was done; after a weight, its reserve as well.
AFTERWARDS = (Asked.PAIN, Asked.COMPENSATION, Asked.BREATH)

GREATEST: Mapping[Asked, int] = {
    Asked.COMPLETED: max(Completed),
    Asked.PAIN: 10,
    Asked.COMPENSATION: max(Compensation),
    Asked.BREATH: max(Breath),
    Asked.RESERVE: max(Reserve),
    Asked.MORNING: 10,
    Asked.PAIN_CONFIRMED: 10,
    Asked.MORNING_CONFIRMED: 10,
}

# The numbers that may surprise, and what asks them back.
ASKED_BACK: Mapping[Asked, Asked] = {
    Asked.PAIN: Asked.PAIN_CONFIRMED,
    Asked.MORNING: Asked.MORNING_CONFIRMED,
}


@dataclass(frozen=True, slots=True)
class Held:
    """A weight in use: on which step, and the grams of one piece."""

    step: int
    grams: int
    exercise: str | None = None  # of that step; None from before it was kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one ladder gave to a session."""

    ladder: str
    step: int  # as decided
    shown_step: int  # as practised: lower where a place or caution asked for it
    dose_fraction: float  # as decided
    shown_dose: float  # as practised: smaller where the minutes were too few
    loaded: bool = False  # as practised: with a weight; never where its reserve was no question yet
    grams: int | None = None  # of one piece of that weight; never where it was not kept yet
    exercises: tuple[str, ...] | None = (
        None  # of the ladder, up to the step; None from before they were kept
    )

    @property
    def made_smaller(self) -> bool:
        return self.shown_dose < self.dose_fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session as kept; `answers` holds the newest reply to each question."""

    id: int
    person_id: int
    day: dt.date
    travel: bool
    minutes: int
    place: Place
    set_id: str | None  # None from before there were sets
    given: tuple[Given, ...]
    answers: Mapping[Asked, int]
    held: Mapping[str, Held] = field(default_factory=dict)  # by ladder, as said on its card
    ritual: int | None = (
        None  # by its key (domain/rhythm.py); None for a person's first, and on the way
    )
    variety: int = 0  # how often they had asked for something different
    gone: frozenset[str] = (
        frozenset()
    )  # ladders whose exercise was taken out since (renumbering.py)

    @property
    def shown(self) -> tuple[Given, ...]:
        """What of it can still be looked up."""
        return tuple(given for given in self.given if given.ladder not in self.gone)

    @property
    def touched(self) -> bool:
        """Somebody answered something."""
        return bool(self.answers)

    @property
    def done(self) -> bool:
        """Something was practised, all of it or a part."""
        return self.answers.get(Asked.COMPLETED) in (Completed.FULL, Completed.PARTIAL)

    @property
    def afterwards(self) -> tuple[Asked, ...]:
        """Asked one after the other once something of it was done."""
        loaded = any(given.loaded for given in self.given)
        return (*AFTERWARDS, Asked.RESERVE) if loaded else AFTERWARDS

    @property
    def question(self) -> Asked | None:
        """What was not answered about it, in the order of asking."""
        if Asked.COMPLETED not in self.answers:
            return Asked.COMPLETED
        if not self.done:
            return None
        return next((asked for asked in self.afterwards if asked not in self.answers), None)

    def stands(self, asked: Asked) -> bool:
        """This very number was asked back, and is right; another one given since is not."""
        confirmed = self.answers.get(ASKED_BACK[asked])
        return confirmed is not None and confirmed == self.answers.get(asked)

    def question_after(self, asked: Asked) -> Asked | None:
        """The one that follows an answer, answered before or not: so that answers can be changed."""
        if asked is Asked.PAIN_CONFIRMED:
            asked = Asked.PAIN
        if asked is Asked.COMPLETED and self.done:
            return self.afterwards[0]
        if asked in self.afterwards[:-1]:
            return self.afterwards[self.afterwards.index(asked) + 1]
        return self.question

    def feedback(self, ladder: str) -> Feedback | None:
        """What it says about one ladder, or None where that ladder gave nothing.

        A travel set stands in for the person's own step, and a portion that the minutes made smaller for
        its dose: whatever went wrong in them counts, but they show nothing about the own portion. They
        never lead upwards, and nobody stands lower for having been given one. What is said of the weight
        is said of the ladders that gave one.
        """
        given = next((given for given in self.given if given.ladder == ladder), None)
        if given is None:
            return None
        step = given.step if self.travel else given.shown_step
        return Feedback(
            day=self.day.toordinal(),
            step=step,
            dose_fraction=given.dose_fraction,
            pain_during=self.answers.get(Asked.PAIN),
            pain_next_morning=self.answers.get(Asked.MORNING),
            compensation=_as(Compensation, self.answers.get(Asked.COMPENSATION)),
            breath_holding=_as(Breath, self.answers.get(Asked.BREATH)),
            completed=_as(Completed, self.answers.get(Asked.COMPLETED)),
            loaded=given.loaded,
            reserve=_as(Reserve, self.answers.get(Asked.RESERVE)) if given.loaded else None,
            confirmed=self.stands(Asked.PAIN),
            stood_in=self.travel or given.made_smaller or step == BELOW,
        )


def history(sessions: Iterable[Session], ladder: str) -> tuple[Feedback, ...]:
    """A ladder's sessions, oldest first.

    Silence between answers is an unanswered session; silence after the last answer is a gap, because
    nobody knows whether those rituals were practised at all.
    """
    past = [s for s in sessions if any(given.ladder == ladder for given in s.given)]
    while past and not past[-1].touched:
        past.pop()
    return tuple(filter(None, (session.feedback(ladder) for session in past)))


def practised(sessions: Iterable[Session]) -> dict[str, int]:
    """The day number of each ladder's last turn, in a session that somebody answered.

    A portion made smaller was no turn: the ladder keeps its place in the queue for a whole one.
    """
    return {
        given.ladder: session.day.toordinal()
        for session in sessions
        if session.touched
        for given in session.given
        if not given.made_smaller
    }


def _as(kind: type[Kind], value: int | None) -> Kind | None:
    return None if value is None else kind(value)
