"""One occasion to practise: what was given, what was answered, and what that says about each ladder."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import NamedTuple, Self, TypeVar

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
    REST = "compensation_rest"  # none in the exercises that were not named
    # Of one exercise, beside COMPLETED, PAIN, COMPENSATION and BREATH, which may be, too:
    SIGNS = "signs"  # which of its signs were seen, bit 0 for the first
    EASIER = "easier"  # so many steps below the one that was given were practised instead


BELOW = 0  # the step of an exercise that was taken out, and had none below it that is left

# Asked one after the other once something was done; the reserve after a weight comes along with the signs.
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
    Asked.REST: 0,
    Asked.SIGNS: 2**16 - 1,
    Asked.EASIER: 16,
}

# What may be said of one exercise.
OF_ONE_EXERCISE = frozenset(
    {
        Asked.COMPLETED,
        Asked.PAIN,
        Asked.COMPENSATION,
        Asked.BREATH,
        Asked.SIGNS,
        Asked.EASIER,
    }
)

# The numbers that may surprise, and what asks them back.
ASKED_BACK: Mapping[Asked, Asked] = {
    Asked.PAIN: Asked.PAIN_CONFIRMED,
    Asked.MORNING: Asked.MORNING_CONFIRMED,
}


# What of each exercise a word about the whole session takes back; "partly" leaves each as it was said.
_TAKES_BACK: Mapping[tuple[Asked, int | None], tuple[Asked, ...]] = {
    (Asked.COMPLETED, Completed.FULL): (Asked.COMPLETED,),
    (Asked.COMPLETED, Completed.NO): (Asked.COMPLETED,),
    (Asked.PAIN, None): (Asked.PAIN,),
    (Asked.COMPENSATION, None): (Asked.COMPENSATION, Asked.SIGNS),
    (Asked.BREATH, None): (Asked.BREATH,),
}


class Reply(NamedTuple):
    """One answer, as it was given."""

    id: int  # grows with time
    asked: Asked
    value: int
    ladder: str | None = None  # that it is about; None for the whole session


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
    """A session as kept; `answers` holds the newest reply to each question about the whole of it."""

    id: int
    person_id: int
    day: dt.date
    travel: bool  # of a set for the way: it stands in for the person's own steps
    minutes: int
    place: Place
    set_id: str | None  # None from before there were sets
    given: tuple[Given, ...]
    answers: Mapping[Asked, int]
    held: Mapping[str, Held] = field(default_factory=dict)  # by ladder, as said on its card
    # The newest reply about one exercise, by ladder, unless a word about the whole took it back.
    about: Mapping[str, Mapping[Asked, int]] = field(default_factory=dict)
    # Ladders whose exercise was taken out since (renumbering.py).
    gone: frozenset[str] = frozenset()
    # By its key (domain/rhythm.py); None for a person's first, and on the way.
    ritual: int | None = None
    variety: int = 0  # how often they had asked for something different
    away: bool = False  # such a set that was the ritual of its day

    def told(self, replies: Iterable[Reply]) -> Self:
        """The same session with these replies and no others, oldest first."""
        answers: dict[Asked, int] = {}
        about: dict[str, dict[Asked, int]] = defaultdict(dict)
        for _, asked, value, ladder in replies:
            if ladder is not None:
                about[ladder][asked] = value
                continue
            answers[asked] = value
            if asked in (Asked.COMPENSATION, Asked.REST):  # either is the last word on it
                answers.pop(Asked.REST if asked is Asked.COMPENSATION else Asked.COMPENSATION, None)
            for taken in _TAKES_BACK.get((asked, value)) or _TAKES_BACK.get((asked, None)) or ():
                for one in about.values():
                    one.pop(taken, None)
        return replace(
            self, answers=answers, about={name: one for name, one in about.items() if one}
        )

    def reply(self, asked: Asked, ladder: str) -> int | None:
        """What was said about one exercise, or else of the whole session."""
        own, whole = self.about.get(ladder, {}).get(asked), self.answers.get(asked)
        match asked:
            case Asked.PAIN:
                return max((value for value in (own, whole) if value is not None), default=None)
            case Asked.COMPENSATION if own is None and Asked.REST in self.answers:
                return Compensation.NONE
            case Asked.BREATH if any(one.get(asked) for one in self.about.values()):
                return own or Breath.NEVER  # it was in the exercises that they named
        return whole if own is None else own

    def worst(self, asked: Asked) -> int | None:
        """Of all exercises; greater is worse in every question."""
        ladders = {given.ladder for given in self.given} | {*self.about}
        replies = (self.reply(asked, ladder) for ladder in ladders)
        return max((one for one in replies if one is not None), default=self.answers.get(asked))

    @property
    def shown(self) -> tuple[Given, ...]:
        """What was practised of it, as far as it can still be looked up."""
        return tuple(self._eased(given) for given in self.given if given.ladder not in self.gone)

    def _eased(self, given: Given) -> Given:
        lower = self.about.get(given.ladder, {}).get(Asked.EASIER, 0)
        return replace(given, shown_step=max(1, given.shown_step - lower)) if lower else given

    @property
    def daily(self) -> bool:
        """The ritual of its day, at home or away."""
        return self.away or not self.travel

    @property
    def touched(self) -> bool:
        """Somebody answered something."""
        return bool(self.answers or self.about)

    @property
    def done(self) -> bool:
        """Something was practised, all of it or a part."""
        return self.answers.get(Asked.COMPLETED) in (Completed.FULL, Completed.PARTIAL)

    @property
    def loaded(self) -> bool:
        """Something of it had a weight, and was neither left out nor swapped for something lighter."""
        return any(
            given.loaded
            and self.reply(Asked.COMPLETED, given.ladder) != Completed.NO
            and not self.about.get(given.ladder, {}).get(Asked.EASIER)
            for given in self.given
        )

    @property
    def afterwards(self) -> tuple[Asked, ...]:
        """Asked one after the other once something of it was done."""
        return (*AFTERWARDS, Asked.RESERVE) if self.loaded else AFTERWARDS

    @property
    def question(self) -> Asked | None:
        """What was not answered about it, in the order of asking."""
        if Asked.COMPLETED not in self.answers:
            return Asked.COMPLETED
        if not self.done:
            return None
        return next((asked for asked in self.afterwards if not self._is_told(asked)), None)

    def _is_told(self, asked: Asked) -> bool:
        """Of the whole, or of each exercise that was done."""
        if asked in self.answers or (asked is Asked.COMPENSATION and Asked.REST in self.answers):
            return True
        done = [
            given.ladder
            for given in self.given
            if self.reply(Asked.COMPLETED, given.ladder) != Completed.NO
        ]
        return asked is Asked.COMPENSATION and all(
            asked in self.about.get(ladder, {}) for ladder in done
        )

    def stands(self, asked: Asked) -> bool:
        """This very number was asked back, and is right; another one given since is not."""
        confirmed = self.answers.get(ASKED_BACK[asked])
        return confirmed is not None and confirmed == self.answers.get(asked)

    def question_after(self, asked: Asked) -> Asked | None:
        """The first that is open; where none is, the one that follows: so that answers can be changed."""
        if self.question or not self.done:
            return self.question
        before = {Asked.PAIN_CONFIRMED: Asked.PAIN, Asked.REST: Asked.COMPENSATION}
        order = (Asked.COMPLETED, *AFTERWARDS)
        asked = before.get(asked, asked)
        following = order[order.index(asked) + 1 :] if asked in order else ()
        return next(iter(following), None)

    def feedback(self, ladder: str) -> Feedback | None:
        """What it says about one ladder, or None where that ladder gave nothing.

        A travel set stands in for the person's own step, so does an easier one that they chose, and a
        portion that the minutes made smaller for its dose: whatever went wrong in them counts, but they
        show nothing about the own portion. They never lead upwards, and nobody stands lower for having been
        given one. What is said of the weight is said of the ladders that gave one.
        """
        given = next((given for given in self.given if given.ladder == ladder), None)
        if given is None:
            return None
        step = given.step if self.travel else given.shown_step
        easier = self.about.get(ladder, {}).get(Asked.EASIER, 0) > 0
        return Feedback(
            day=self.day.toordinal(),
            step=step,
            dose_fraction=given.dose_fraction,
            pain_during=self.reply(Asked.PAIN, ladder),
            pain_next_morning=self.answers.get(Asked.MORNING),
            compensation=_as(Compensation, self.reply(Asked.COMPENSATION, ladder)),
            breath_holding=_as(Breath, self.reply(Asked.BREATH, ladder)),
            completed=_as(Completed, self.reply(Asked.COMPLETED, ladder)),
            loaded=given.loaded,
            reserve=_as(Reserve, self.answers.get(Asked.RESERVE)) if given.loaded else None,
            confirmed=self.stands(Asked.PAIN),
            stood_in=self.travel or given.made_smaller or easier or step == BELOW,
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
