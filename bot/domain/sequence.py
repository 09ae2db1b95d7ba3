"""Compose one day's sequence: which ladders come up, on which step, for how long.

The law: never longer than the minutes asked for, never above the step a person has reached or the set allows,
never against the place, the equipment or a caution, never two weights on a day, and never a day without
strength or endurance where any is possible. Within that law ladders take turns in pairs, and whoever has
waited longest comes first. Durations are in seconds; a day is a day number.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Row
from dataclasses import dataclass, replace
from itertools import chain, islice
from math import ceil
from types import MappingProxyType

from bot.domain.dose import Dose
from bot.domain.exercise import Caution, Exercise, Ladder, Opening, Place, Set, Step
from bot.domain.person import Life, Person
from bot.domain.session import Given
from bot.domain.standing import Standing

CHANGEOVER = 35  # to read an item and settle into it; ours, an honest guess
LEAST = 10 * 60  # a sequence of ten minutes or more does not end before
LONGEST_OPENING = 3 * 60
SHORTER = (0.8, 0.6, 0.4)  # fractions for strength, or an overdue ladder, that fits no other way

MOST = 6  # items; with more, 20 minutes become a hurry (inference)

# Two that train the same quality take turns: a day has a part for each pair, and is filled with the rest. The
# posterior chain comes first, each link at least every second day.
CHAIN = ("bridge", "hinge")
PAIRS = (CHAIN, ("control", "all-fours"), ("side", "carry"), ("mobility", "posture"))
COMPANIONS = frozenset({"all-fours", "carry"})  # of their pair: where time is short, these yield
STRENGTH = (*CHAIN, "side", "carry", "all-fours")

# What is fitted in first among those that have waited alike (clinical judgement). The order of practice is
# the set's.
PRIORITY: Mapping[Life, Row[str]] = {
    Life.SITTING: (
        *("mobility", "hinge", "control", "all-fours"),
        *("side", "bridge", "carry", "posture"),
    ),
    Life.STANDING: (
        *("posture", "side", "bridge", "carry"),
        *("control", "hinge", "all-fours", "mobility"),
    ),
}

# How many days lie between two turns of a ladder if all goes well.
PAIRED = {"control": 1, "side": 1, "hinge": 2, "bridge": 2, "all-fours": 2, "carry": 2}
RHYTHM: Mapping[Life, Mapping[str, int]] = {
    Life.SITTING: {"mobility": 1, **PAIRED},
    Life.STANDING: {"posture": 1, **PAIRED},
    Life.MIXED: {**PAIRED, "mobility": 2, "posture": 2},
}
SPARE_RHYTHM = 3  # of the ladders not named above, once there are 20 minutes for them
NO_RHYTHM = 1000  # in shorter sequences those only fill what is left
ROOM_FOR_SPARE = 20  # minutes

# A gap of seven days costs progress (policy R5). From the fourth day a ladder goes before all others, whoever
# yields a day later. Where days are too few or too short for all, a companion that has lapsed waits until
# nobody presses: so the others go on, where all would come too late. (Inference, found on simulated weeks.)
OVERDUE = 4
LAPSED = 7
NEVER = 1000  # the wait of a ladder that has not come up yet: longer than any other

HOUSEHOLD = frozenset({"bag", "chair", "cushion", "pillow", "stick", "support", "towel", "wall"})
ASSUMED: Mapping[Place, frozenset[str]] = {
    Place.FLOOR: HOUSEHOLD,
    Place.HOTEL: HOUSEHOLD,  # a rolled towel is the stick, a folded pillow the cushion, a table the support
    Place.SEAT: frozenset({"chair", "support", "wall"}),
    Place.GYM: HOUSEHOLD | {"dumbbells", "stair"},
}
AT_HAND = frozenset({Place.FLOOR, Place.GYM})  # where people have what they own; travellers don't


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """One ladder's part of the sequence."""

    ladder: str
    step: int
    dose_fraction: float
    exercise: Exercise
    dose: Dose  # already at that fraction
    full_dose: Dose
    seconds: int  # of the dose, and of the change-over before it
    swap: tuple[str, ...] = ()  # changes that make the exercise suit this person's cautions
    loaded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """What is done today, in this order; the opening comes first."""

    opening: Opening
    portions: tuple[Portion, ...]

    @property
    def seconds(self) -> int:
        return self.opening.dose.seconds + sum(portion.seconds for portion in self.portions)

    @property
    def minutes(self) -> int:
        """As a person would say it: 9 min 56 s are ten minutes."""
        return round(self.seconds / 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """What the choice of one day rests on."""

    number: int
    life: Life
    minutes: int
    room: int  # seconds for portions
    practised: Mapping[str, int]  # ladder -> day it last came up

    def wait(self, ladder: str) -> int:
        return self.number - self.practised[ladder] if ladder in self.practised else NEVER

    def rhythm(self, ladder: str) -> int:
        spare = SPARE_RHYTHM if self.minutes >= ROOM_FOR_SPARE else NO_RHYTHM
        return RHYTHM[self.life].get(ladder, spare)

    def yields(self, ladder: str) -> bool:
        """A companion, or a ladder that this life needs least."""
        return ladder in COMPANIONS or ladder not in RHYTHM[self.life]

    def lapsed(self, ladder: str) -> bool:
        return self.wait(ladder) >= LAPSED

    def overdue(self, ladder: str) -> bool:
        if self.yields(ladder) and self.lapsed(ladder):
            return False
        return self.rhythm(ladder) < NO_RHYTHM and self.wait(ladder) >= OVERDUE

    def stays_away(self, ladder: str, offered: Iterable[str]) -> bool:
        """A companion with nothing to lose, while others press. On a first day, or on the way, none does."""
        if not (self.practised and ladder in COMPANIONS and self.lapsed(ladder)):
            return False
        return any(self.overdue(other) for other in offered if not self.yields(other))

    def rank(self, ladder: str) -> int:
        """Place among those that have waited alike. Mixed lives sit on even days and stand on odd ones."""
        alternating = Life.STANDING if self.number % 2 else Life.SITTING
        order = PRIORITY.get(self.life, PRIORITY[alternating])
        return order.index(ladder) if ladder in order else len(order)

    def turns(self, offered: Iterable[str]) -> frozenset[str]:
        """Of a pair whichever has waited longer, among those that this life needs."""
        here = RHYTHM[self.life].keys() & offered
        pairs = (here.intersection(pair) for pair in PAIRS)
        return frozenset(
            min(pair, key=lambda ladder: (-self.wait(ladder), self.rank(ladder)))
            for pair in pairs
            if pair
        )

    def urgency(self, ladder: str, turns: frozenset[str]) -> tuple[int, int, bool, int]:
        """Sorts the most urgent first: the overdue by their wait, then who has a turn, by lateness.

        What came up today already, in another sequence, only fills what is left.
        """
        yields, rank = self.yields(ladder), self.rank(ladder)
        if self.wait(ladder) == 0:
            return 5, 0, yields, rank
        if self.overdue(ladder):
            return 0, yields - self.wait(ladder), yields, rank
        lateness = self.wait(ladder) - self.rhythm(ladder)
        if ladder in turns:
            return (1 if ladder in CHAIN else 2), -lateness, yields, rank
        return (4 if yields else 3), -lateness, yields, rank


def compose(
    person: Person,
    standings: Mapping[str, Standing],
    ladders: Mapping[str, Ladder],
    chosen: Set,
    day: int,
    minutes: int,
    place: Place | None = None,
    equipment: frozenset[str] | None = None,
    practised: Mapping[str, int] = MappingProxyType({}),
) -> Sequence:
    """The day's sequence. Ladders without a standing, or with no step that suits, are left out.

    `place` and `equipment` replace the set's and what the person owns. `practised` names the day each ladder
    last came up, so that missed days and chosen weekdays are reckoned with.
    """
    place = place or chosen.place
    at_hand = person.equipment if place in AT_HAND else frozenset[str]()
    available = ASSUMED[place] | (at_hand if equipment is None else equipment)
    offers = {
        slug: offer
        for slug in chosen.ladders
        if slug in standings
        if (
            offer := _offer(
                ladders[slug],
                _at_most(standings[slug], chosen.highest.get(slug)),
                person.cautions,
                place,
                available,
            )
        )
    }
    today = _Day(
        number=day,
        life=person.life,
        minutes=minutes,
        room=minutes * 60 - chosen.opening.dose.seconds,
        practised=practised,
    )
    portions = sorted(_chosen(today, offers), key=lambda p: chosen.ladders.index(p.ladder))
    return _lengthened(Sequence(opening=chosen.opening, portions=tuple(portions)), minutes)


def _at_most(standing: Standing, highest: int | None) -> Standing:
    return standing if highest is None else replace(standing, step=min(standing.step, highest))


def _offer(
    ladder: Ladder,
    standing: Standing,
    cautions: frozenset[Caution],
    place: Place,
    available: frozenset[str],
) -> Portion | None:
    """The ladder's part for this person here: their step, or the nearest lower one that suits.

    A caution either asks for a change of the exercise, or for the exercise of an easier step instead.
    """
    number = min(standing.step, ladder.top)
    while number > 0:
        step = ladder.step(number)
        exercise = step.exercise
        easier = [
            _step_of(ladder, swap.instead)
            for caution, swap in exercise.cautions.items()
            if caution in cautions and swap.instead
        ]
        if easier:
            number = min(easier)
        elif place in exercise.places and exercise.equipment <= available:
            return _portion(ladder.id, number, step, standing.dose_fraction, cautions)
        else:
            number -= 1
    return None


def _step_of(ladder: Ladder, exercise: str) -> int:
    return next(n for n, step in enumerate(ladder.steps, 1) if step.exercise.id == exercise)


def _portion(
    ladder: str, number: int, step: Step, fraction: float, cautions: frozenset[Caution]
) -> Portion:
    swaps = (swap for caution, swap in step.exercise.cautions.items() if caution in cautions)
    dose = step.dose.at(fraction)
    return Portion(
        ladder=ladder,
        step=number,
        dose_fraction=fraction,
        exercise=step.exercise,
        dose=dose,
        full_dose=step.dose,
        seconds=CHANGEOVER + dose.seconds,
        swap=tuple(swap.change for swap in swaps if swap.change),
        loaded=step.loaded,
    )


def _chosen(today: _Day, offers: Mapping[str, Portion]) -> Row[Portion]:
    """What fits into the day, the most urgent first. A weight rests for a day between two turns."""
    rested = {p.ladder: p for p in offers.values() if not (p.loaded and today.wait(p.ladder) <= 1)}
    turns = today.turns(rested)
    queue = sorted(
        (p for p in rested.values() if not today.stays_away(p.ladder, rested)),
        key=lambda portion: today.urgency(portion.ladder, turns),
    )
    return _fitting(today, queue) or _first_fitting(queue, today.room)


def _fitting(today: _Day, queue: Row[Portion]) -> Row[Portion]:
    """What fits, strength and the overdue ahead; a smaller dose, rather than none, keeps a gap from opening.

    At most one of a day has a weight: loads take turns by the day.
    """
    overdue = [portion for portion in queue if today.overdue(portion.ladder)]
    begun = [portion for portion in overdue if portion.ladder in today.practised]
    smaller = [_smaller(p, f) for p in begun for f in SHORTER if f < p.dose_fraction]
    chosen: dict[str, Portion] = {}
    room = today.room
    for portion in (*_front(today, queue), *overdue, *smaller, *queue):
        second_weight = portion.loaded and any(one.loaded for one in chosen.values())
        fits = portion.seconds <= room and not second_weight and len(chosen) < MOST
        if fits and portion.ladder not in chosen:
            room -= portion.seconds
            chosen[portion.ladder] = portion
    return [*chosen.values()]


def _first_fitting(queue: Row[Portion], room: int) -> Row[Portion]:
    """The first that fits as it is, or else with a smaller dose than the person has reached."""
    smaller = (_smaller(p, f) for f in SHORTER for p in queue if f < p.dose_fraction)
    fitting = (portion for portion in chain(queue, smaller) if portion.seconds <= room)
    return [*islice(fitting, 1)]


def _smaller(portion: Portion, fraction: float) -> Portion:
    dose = portion.full_dose.at(fraction)
    return replace(portion, dose_fraction=fraction, dose=dose, seconds=CHANGEOVER + dose.seconds)


def _front(today: _Day, queue: Row[Portion]) -> Row[Portion]:
    """The strength of the day, right behind the most overdue ladder if both fit."""
    strong = [portion for portion in queue if portion.ladder in STRENGTH]
    overdue = [p for p in queue[:1] if today.overdue(p.ladder) and p.ladder not in STRENGTH]
    for ahead in (overdue, []):
        left = today.room - sum(portion.seconds for portion in ahead)
        if strength := _first_fitting(strong, left):
            return [*ahead, *strength]
    return []


def _lengthened(sequence: Sequence, minutes: int) -> Sequence:
    """As a last resort, breathe a little longer to reach what was asked, or ten minutes of it."""
    dose = sequence.opening.dose
    missing = min(LEAST, minutes * 60) - sequence.seconds
    breaths = min(
        ceil(missing / dose.once_seconds),
        (minutes * 60 - sequence.seconds) // dose.once_seconds,
        (LONGEST_OPENING - dose.seconds) // dose.once_seconds,
    )
    longer = replace(dose, sets=(dose.sets[0] + max(0, breaths), *dose.sets[1:]))
    return replace(sequence, opening=replace(sequence.opening, dose=longer))


def offered(person: Person, ladder: Ladder, standing: Standing, place: Place) -> Portion | None:
    """What a ladder gives to someone who stands there, with what is at hand in that place."""
    at_hand = person.equipment if place in AT_HAND else frozenset[str]()
    return _offer(ladder, standing, person.cautions, place, ASSUMED[place] | at_hand)


def at_home(person: Person, ladder: Ladder, number: int) -> Portion | None:
    """What a day at home could offer to someone who stands on this step."""
    return offered(person, ladder, Standing(number, 1.0), Place.FLOOR)


def reachable(person: Person, ladder: Ladder, number: int) -> bool:
    """Whether that is the step itself."""
    offer = at_home(person, ladder, number)
    return offer is not None and offer.step == number


def recall(
    person: Person,
    given: Row[Given],
    ladders: Mapping[str, Ladder],
    chosen: Set,
    minutes: int,
) -> Sequence:
    """The sequence of a session as it was kept."""
    portions = tuple(
        _portion(
            portion.ladder,
            portion.shown_step,
            ladders[portion.ladder].step(portion.shown_step),
            portion.shown_dose,
            person.cautions,
        )
        for portion in given
    )
    return _lengthened(Sequence(opening=chosen.opening, portions=portions), minutes)
