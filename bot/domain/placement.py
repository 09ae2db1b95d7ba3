"""The try-out before the first session: which steps are tried, and where someone begins on each ladder.

One begins at the hardest step that was easy, or a step below one that was just comfortable: so trying step 3,
and 4 where that was easy, tells the four starts apart. Always at the entry dose. That dose asks about 0.8 of
a step's full demand, and the step below asks 1.12 to 1.22 times less: together some 70 % of the comfortable
maximum. Graded activity starts at 70 % of the baseline mean (BMC Public Health 2007;7:254): extrapolated. The
0.8 and the ratios between steps are those of our virtual patients: inference.

What was not tried says nothing, and begins at step 1. Nothing is tried where usual pain is so high that
nothing would advance by itself either (R15): inference.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import takewhile

from bot.domain.dose import Dose
from bot.domain.exercise import Exercise, Ladder
from bot.domain.person import Person
from bot.domain.policy import Placement, Policy
from bot.domain.sequence import at_home, reachable

FIRST = 1  # the step of whoever tried nothing


class Felt(IntEnum):
    """How a tried step felt. Kept as a number; greater is worse."""

    EASY = 0  # and breathing calmly
    JUST = 1  # comfortable, with nothing to spare
    TOO_MUCH = 2
    STOPPED = 3  # not answered: they would rather begin gently, and nothing more is tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One answer of the try-out."""

    ladder: str
    step: int
    felt: Felt
    at: dt.datetime
    exercise: str | None = None  # of that step; None from before it was kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """What is to be tried next."""

    ladder: str
    step: int
    exercise: Exercise
    dose: Dose  # a few repetitions, or a single hold
    one_side: bool  # the movement has two sides, and one tells enough
    swap: tuple[str, ...]  # changes that make the exercise suit this person's cautions


def start(felt: Mapping[int, Felt]) -> int:
    """The step to begin at, from how the tried steps of one ladder felt."""
    begin = FIRST
    for step in sorted(felt):
        if felt[step] is Felt.EASY:
            begin = step
            continue
        if felt[step] is Felt.JUST:
            begin = max(begin, step - 1)
        break  # nothing harder is asked after this, and would not count
    return begin


def placements(
    person: Person, ladders: Mapping[str, Ladder], tried: Iterable[Tried], policy: Policy
) -> dict[str, int]:
    """Where someone begins, by ladder. A step that has been closed to them since counts no more."""
    told = [one for one in tried if one.felt is not Felt.STOPPED]
    felt = {
        name: {
            one.step: one.felt
            for one in told
            if one.ladder == name and one.step in _to_try(person, ladder, policy)
        }
        for name, ladder in ladders.items()
    }
    return {name: start(steps) for name, steps in felt.items() if steps}


def next_try(
    person: Person, ladders: Mapping[str, Ladder], tried: Iterable[Tried], policy: Policy
) -> Try | None:
    """The first thing not tried yet; a harder step only where the one before was easy."""
    felt = {(one.ladder, one.step): one.felt for one in tried}
    if Felt.STOPPED in felt.values():
        return None
    for name, ladder in ladders.items():
        for step in _to_try(person, ladder, policy):
            if (name, step) not in felt:
                return _try(person, ladder, step, policy.placement)
            if felt[name, step] is not Felt.EASY:
                break
    return None


def _to_try(person: Person, ladder: Ladder, policy: Policy) -> tuple[int, ...]:
    """Never beyond a step with a gate, or one that this person can't do; nothing where pain is high."""
    if not ladder.try_out or person.usual_pain >= policy.advance.persistent_pain:
        return ()
    numbers = range(FIRST, ladder.top + 1)
    highest = max(takewhile(lambda number: _is_open(person, ladder, number), numbers), default=0)
    return tuple(step for step in policy.placement.steps if step <= highest)


def _is_open(person: Person, ladder: Ladder, number: int) -> bool:
    return ladder.step(number).gate is None and reachable(person, ladder, number)


def _try(person: Person, ladder: Ladder, number: int, policy: Placement) -> Try:
    offer = at_home(person, ladder, number)
    assert offer is not None  # else the step would not be tried
    return Try(
        ladder=ladder.id,
        step=number,
        exercise=offer.exercise,
        dose=_little(offer.full_dose, policy),
        one_side=offer.full_dose.per_side,
        swap=offer.swap,
    )


def _little(dose: Dose, policy: Placement) -> Dose:
    """Enough to tell how it feels, and too little to tire."""
    if dose.hold is None:
        return replace(dose, sets=(policy.repetitions,), per_side=False, rest=0)
    hold = min(dose.hold, policy.hold_seconds)
    return replace(dose, sets=(1,), hold=hold, per_side=False, rest=0, pause=0)
