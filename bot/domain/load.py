"""Weights: which ones there are, which one a step begins with, and when a heavier one is offered.

A weight is the grams of one piece; where two are held they are alike. No decision looks at a weight, and
nothing here moves anyone. What a card shows is taken as used until somebody says otherwise, a weight is
carried over to another step without ever growing, and it grows only when a person takes what is offered.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from bot.domain.exercise import Ladder, Load, Step
from bot.domain.policy import Growth
from bot.domain.session import Held, Session
from bot.domain.situation import Situation

KILO = 1000  # grams


class Unit(StrEnum):
    """What a person weighs with."""

    KG = "kg"
    LB = "lb"


# By country code, where weights are in pounds; all others have kilograms.
POUNDS = frozenset({"US", "LR", "MM"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """The weights that there are in a unit. (Judgement: what shops and gyms have on their racks.)"""

    grams: float  # of one unit
    step: float  # between two light weights
    light: float  # up to here
    heavy_step: float  # from there on
    grain: float  # a bag may weigh anything; finer than this nobody weighs it


_SCALES: Mapping[Unit, _Scale] = {
    Unit.KG: _Scale(grams=KILO, step=0.5, light=5, heavy_step=1, grain=0.1),
    Unit.LB: _Scale(grams=453.59237, step=1, light=10, heavy_step=2.5, grain=0.25),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A heavier weight, for whoever wants it."""

    grams: int
    far: bool  # the next one there is, though more heavier than a weight should become at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """The weight of a session, as its card tells it."""

    ladder: str
    step: int
    load: Load
    grams: int
    unit: Unit
    first: bool  # none was used or told on this ladder before
    whole: bool  # the portion is: the minutes made it no smaller
    offer: Offer | None = None

    @property
    def choices(self) -> tuple[int, ...]:
        """What may be held instead, lightest first, with the present one among them.

        In another unit than it was chosen in, that may be called like one of the others: 10 lb are 4.5 kg.
        """
        there_are = (*_on_the_rack(self.load, self.unit), self.grams)
        return tuple(sorted({measured(grams, self.unit): grams for grams in there_are}.values()))

    def allows(self, grams: int) -> bool:
        """Within what the step allows, whether or not it is among the choices."""
        return _allows(self.load, grams)


def usual_unit(country: str | None) -> Unit:
    """Until a person chooses another."""
    return Unit.LB if country in POUNDS else Unit.KG


def measured(grams: int, unit: Unit) -> float:
    """As a person would say it."""
    scale = _SCALES[unit]
    return round(round(grams / scale.grams / scale.grain) * scale.grain, 2)


def last_held(sessions: Iterable[Session], ladder: str) -> Held | None:
    """The weight that a person has on a ladder: of their last session, or said on a card since.

    A set on the way stands in for the own step, and so does its weight.
    """
    known = (_held(session, ladder) for session in reversed([*sessions]) if not session.travel)
    return next(filter(None, known), None)


def to_hold(held: Held | None, ladder: Ladder, number: int, unit: Unit) -> int:
    """What a step with a weight begins or goes on with.

    On another step never more in all than before, nor in one hand, but for the least that the step asks for.
    """
    step = ladder.step(number)
    there_are = _weights(step, unit)
    load, before = step.load, None if held is None else _load_of(ladder, held.step)
    if held is None or before is None or load is None:
        return there_are[0]
    if held.step == number:
        return round(min(max(held.grams, load.least * KILO), load.most * KILO))
    most = min(held.grams * before.pieces // load.pieces, held.grams)
    return max((grams for grams in there_are if grams <= most), default=there_are[0])


def weight_of(
    session: Session, past: Sequence[Session], ladders: Mapping[str, Ladder], unit: Unit
) -> Weight | None:
    """The weight that a session shows; None where it shows none, or from before one was kept."""
    for given in session.given:
        load = _load_of(ladders[given.ladder], given.shown_step)
        if load is not None and given.grams is not None:
            before = session.held.get(given.ladder) or last_held([*past, session], given.ladder)
            return Weight(
                ladder=given.ladder,
                step=given.shown_step,
                load=load,
                grams=given.grams,
                unit=unit,
                first=before is None,
                whole=not given.made_smaller,
            )
    return None


def heavier(weight: Weight, ladder: Ladder, well: int, growth: Growth) -> Offer | None:
    """R16: what to offer on the last step after so many sessions that went well with this weight.

    2 to 10 % more (ACSM, 10.1249/MSS.0b013e3181915670), and the most of it: smaller steps would be offered
    all the time. A bag can hold any amount; where no dumbbell lies between, the next one comes up after more
    sessions. (Inference.)
    """
    if weight.step < ladder.top or not weight.whole:
        return None
    there_are = _weights(ladder.step(weight.step), weight.unit)
    least, most = weight.grams * (1 + growth.least), weight.grams * (1 + growth.most)
    most += 0.5  # weights are kept to the gram
    near = [grams for grams in there_are if least <= grams <= most]
    if near:
        return Offer(grams=near[-1], far=False) if well >= growth.clean_sessions else None
    if well < growth.clean_sessions * growth.far_times:
        return None
    return next((Offer(grams=grams, far=True) for grams in there_are if grams > most), None)


def went_well(situation: Situation, sessions: Iterable[Session], weight: Weight) -> int:
    """The clean sessions at this step, dose and weight since the last flawed one; silence is neither."""
    used = dict(_used(sessions, weight.ladder))
    since = takewhile(
        lambda session: used.get(session.day) == weight.grams and not situation.is_flawed(session),
        situation.here,
    )
    return sum(map(situation.is_clean, since))


def _held(session: Session, ladder: str) -> Held | None:
    """What was practised comes before what was said: it may have been said of another step."""
    for given in session.given:
        if given.ladder == ladder and given.grams and session.done:
            return Held(given.shown_step, given.grams)
    return session.held.get(ladder)


def _used(sessions: Iterable[Session], ladder: str) -> Iterator[tuple[int, int | None]]:
    for session in sessions:
        for given in session.given:
            if given.ladder == ladder and not session.travel:
                yield session.day.toordinal(), given.grams


def _load_of(ladder: Ladder, number: int) -> Load | None:
    """None where the ladder's file has changed since."""
    return ladder.step(number).load if 1 <= number <= ladder.top else None


def _weights(step: Step, unit: Unit) -> Sequence[int]:
    """All that a step may be done with, lightest first; at least one."""
    assert step.load is not None  # only steps with a weight are asked
    bag = "bag" in step.exercise.equipment
    there_are = _in_a_bag(step.load, unit) if bag else _on_the_rack(step.load, unit)
    return there_are or [round(step.load.least * KILO)]


def _in_a_bag(load: Load, unit: Unit) -> list[int]:
    return [*_every(_SCALES[unit].grain, load, unit)]


def _on_the_rack(load: Load, unit: Unit) -> list[int]:
    scale = _SCALES[unit]
    light = _every(scale.step, load, unit, upto=scale.light)
    return [*light, *_every(scale.heavy_step, load, unit, above=scale.light)]


def _every(
    step: float, load: Load, unit: Unit, above: float = 0, upto: float = math.inf
) -> Iterator[int]:
    """The weights that lie so far apart, within what the load allows."""
    one = _SCALES[unit].grams
    for number in range(1, int(load.most * KILO / one / step) + 2):
        grams = round(number * step * one)
        if above < number * step <= upto and _allows(load, grams):
            yield grams


def _allows(load: Load, grams: int) -> bool:
    return load.least * KILO <= grams <= load.most * KILO
