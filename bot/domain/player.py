"""A sequence, played: one stage after the other, and where time leads by itself.

The law: every set of every side comes exactly once, the left side first, and all seconds are the dose's own.
A hold waits for its "go", a rest begins by itself, and what is over leads on, whether or not anybody taps.
Chapter 0 is the opening, chapter n the n-th portion. Durations are in seconds; nothing here reads a clock.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from collections.abc import Sequence as Row
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from bot.domain.dose import Dose
from bot.domain.exercise import Ladder, Set
from bot.domain.feedback import Completed
from bot.domain.person import Person
from bot.domain.sequence import Portion, Sequence, offered
from bot.domain.session import Asked, Given, Session
from bot.domain.standing import Standing

MOST_CHOICES = 3  # easier exercises offered at once: as many as are read at a glance


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"


class Kind(StrEnum):
    """What a stage is."""

    OPENING = "opening"  # breaths, until the bell
    WORK = "work"  # one set of one side
    REST = "rest"  # between two sets
    RATE = "rate"  # how it was


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The smallest part that is shown at once."""

    kind: Kind
    seconds: int = 0
    dose: Dose | None = None  # of this set alone, on one side
    set: int = 1
    of: int = 1
    side: Side | None = None

    @property
    def waits(self) -> bool:
        """A bell ends it, and it begins when the person says so. Repetitions go by their own count."""
        held = self.dose is not None and self.dose.hold is not None
        return self.kind is Kind.OPENING or (self.kind is Kind.WORK and held)


class Position(NamedTuple):
    """Chapter, and the stage in it."""

    chapter: int
    stage: int


START = Position(0, 0)
Script = tuple[tuple[Stage, ...], ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """Where somebody is; `until` is the instant at which that stage is over, None while no time runs."""

    at: Position
    until: dt.datetime | None = None


def script(sequence: Sequence) -> Script:
    """All chapters of a sequence."""
    dose = sequence.opening.dose
    opening = Stage(kind=Kind.OPENING, seconds=dose.seconds, dose=dose)
    return ((opening,), *(tuple(chapter_of(portion.dose)) for portion in sequence.portions))


def chapter_of(dose: Dose) -> Iterator[Stage]:
    """All that one exercise asks for, and the question at its end."""
    of = len(dose.sets)
    for number, times in enumerate(dose.sets, 1):
        once = replace(dose, sets=(times,), per_side=False, rest=0)
        for side in Side if dose.per_side else (None,):
            yield Stage(
                kind=Kind.WORK, seconds=once.seconds, dose=once, set=number, of=of, side=side
            )
        if number < of and dose.rest:
            yield Stage(kind=Kind.REST, seconds=dose.rest, set=number, of=of)
    yield Stage(kind=Kind.RATE)


def stage_at(played: Script, at: Position) -> Stage:
    """What stands there."""
    return played[at.chapter][at.stage]


def following(played: Script, at: Position) -> Position | None:
    """The next stage; None at the very end."""
    if at.stage + 1 < len(played[at.chapter]):
        return Position(at.chapter, at.stage + 1)
    return beyond(played, at)


def beyond(played: Script, at: Position) -> Position | None:
    """The next chapter; None after the last."""
    return Position(at.chapter + 1, 0) if at.chapter + 1 < len(played) else None


def preceding(played: Script, at: Position) -> Position:
    """One stage back, past a rest; the very first stays where it is."""
    every = [Position(c, s) for c, chapter in enumerate(played) for s in range(len(chapter))]
    earlier = every[: every.index(at)]
    kept = (one for one in reversed(earlier) if stage_at(played, one).kind is not Kind.REST)
    return next(kept, at)


def enter(played: Script, at: Position, since: dt.datetime) -> Moment:
    """Come to a stage at an instant: a rest begins at once."""
    stage = stage_at(played, at)
    resting = stage.kind is Kind.REST
    return Moment(at, since + dt.timedelta(seconds=stage.seconds) if resting else None)


def inside(played: Script, moment: Moment) -> Moment:
    """The same place, or the beginning of its chapter where another exercise has fewer stages."""
    chapter = min(moment.at.chapter, len(played) - 1)
    there = chapter == moment.at.chapter and moment.at.stage < len(played[chapter])
    return moment if there else Moment(Position(chapter, 0))


def go(played: Script, at: Position, now: dt.datetime) -> Moment:
    """Begin what has waited; whatever has no bell goes on waiting."""
    stage = stage_at(played, at)
    if not stage.waits:
        return Moment(at)
    return Moment(at, now + dt.timedelta(seconds=stage.seconds))


def settled(played: Script, moment: Moment, now: dt.datetime) -> Moment:
    """Where someone is by now: what is over has led to the next stage, a rest from its very beginning."""
    while moment.until is not None and moment.until <= now:
        after = following(played, moment.at)
        assert after is not None  # every chapter with a timer ends without one, or another follows
        moment = enter(played, after, moment.until)
    return moment


def bells(played: Script, moment: Moment) -> Iterator[tuple[Position, dt.datetime]]:
    """The stages that end by themselves from here on, and when."""
    while moment.until is not None:
        yield moment.at, moment.until
        moment = settled(played, moment, moment.until)


def completed(session: Session) -> Completed:
    """Of the whole, from what was said of each exercise."""
    said = {session.about.get(g.ladder, {}).get(Asked.COMPLETED) for g in session.shown}
    if said <= {Completed.FULL}:
        return Completed.FULL
    return Completed.NO if said == {Completed.NO} else Completed.PARTIAL


def easier(
    person: Person,
    ladders: Mapping[str, Ladder],
    session: Session,
    chosen: Set,
    sequence: Sequence,
    ladder: str,
) -> Row[Portion]:
    """The exercises of the same purpose that may take the given one's place, the nearest first.

    Lower steps only, without a weight, as they suit this person here and the minutes that were asked for.
    """
    given = next(given for given in session.given if given.ladder == ladder)
    others = sum(portion.seconds for portion in sequence.portions if portion.ladder != ladder)
    room = session.minutes * 60 - chosen.opening.dose.seconds - others
    lower = range(given.shown_step - 1, 0, -1)
    offers = (_itself(person, ladders[ladder], number, given, session) for number in lower)
    return tuple(islice((p for p in offers if p and p.seconds <= room), MOST_CHOICES))


def _itself(
    person: Person, ladder: Ladder, number: int, given: Given, session: Session
) -> Portion | None:
    """That very step at the given dose, or None where it would not suit."""
    offer = offered(person, ladder, Standing(number, given.shown_dose), session.place)
    suits = offer is not None and offer.step == number and not offer.loaded
    return offer if suits else None
