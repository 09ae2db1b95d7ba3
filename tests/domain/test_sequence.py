"""What a day's sequence promises, shown on the real ladders and sets."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.reading import Catalogue, read_catalogue
from bot.domain.exercise import Caution, Occasion, Place, Set
from bot.domain.person import Life, Person
from bot.domain.sequence import (
    ASSUMED,
    COMPANIONS,
    MOST,
    PAIRS,
    RHYTHM,
    STRENGTH,
    Sequence,
    compose,
    recall,
)
from bot.domain.session import Given
from bot.domain.standing import Standing

CONTENT = Path(__file__).parents[2] / "content"
FRACTIONS = (0.4, 0.6, 0.8, 1.0)
LADDERS = ("all-fours", "bridge", "carry", "control", "hinge", "mobility", "posture", "side")
ALMOST_TEN = 9.5 * 60  # rounds to ten minutes

NOTHING: Mapping[str, int] = {}

Standings = Mapping[str, Standing]


@cache
def catalogue() -> Catalogue:
    return read_catalogue(CONTENT)


def person(
    life: Life = Life.SITTING,
    minutes: int = 15,
    cautions: frozenset[Caution] = frozenset(),
    equipment: frozenset[str] = frozenset(),
) -> Person:
    return Person(
        id=1,
        life=life,
        usual_pain=3,
        minutes=minutes,
        zone="Europe/Vienna",
        cautions=cautions,
        equipment=equipment,
    )


def everywhere(step: int, fraction: float) -> Standings:
    return {slug: Standing(min(step, catalogue().ladders[slug].top), fraction) for slug in LADDERS}


def composed(
    someone: Person,
    standings: Standings,
    day: int = 0,
    minutes: int | None = None,
    *,
    occasion: Occasion = Occasion.MORNING,
    place: Place | None = None,
    equipment: frozenset[str] | None = None,
    practised: Mapping[str, int] = NOTHING,
) -> Sequence:
    return compose(
        someone,
        standings,
        catalogue().ladders,
        catalogue().set_for(occasion),
        day,
        minutes or someone.minutes,
        place,
        equipment,
        practised,
    )


def lived(someone: Person, standings: Standings, days: Iterable[int]) -> Iterator[Sequence]:
    """One day after the other, everything practised."""
    last: dict[str, int] = {}
    for day in days:
        sequence = composed(someone, standings, day, practised=last)
        last |= dict.fromkeys(order_of(sequence), day)
        yield sequence


def longest_waits(someone: Person, standings: Standings, days: int) -> dict[str, int]:
    """Of every ladder, between two turns or before the first; as many days as there are if it never came."""
    waits, since = dict.fromkeys(LADDERS, 0), dict.fromkeys(LADDERS, -1)
    for day, sequence in enumerate(lived(someone, standings, range(days))):
        waits = {slug: max(waits[slug], day - since[slug]) for slug in LADDERS}
        since |= dict.fromkeys(order_of(sequence), day)
    return waits


def steps_of(sequence: Sequence) -> dict[str, int]:
    return {portion.ladder: portion.step for portion in sequence.portions}


def order_of(sequence: Sequence) -> list[str]:
    return [portion.ladder for portion in sequence.portions]


persons = st.builds(
    person,
    life=st.sampled_from(Life),
    minutes=st.sampled_from((10, 15, 20)),
    cautions=st.frozensets(st.sampled_from(Caution), max_size=3),
    equipment=st.frozensets(st.sampled_from(("dumbbells", "stair", "band"))),
)


def any_standings(fractions: tuple[float, ...]) -> st.SearchStrategy[dict[str, Standing]]:
    one = st.builds(Standing, st.integers(1, 8), st.sampled_from(fractions))
    return st.fixed_dictionaries(dict.fromkeys(LADDERS, one))


standings_of_all = any_standings(FRACTIONS)
out_of_flare = any_standings(FRACTIONS[1:])
days = st.integers(800_000, 800_007)
histories = st.dictionaries(st.sampled_from(LADDERS), st.integers(799_985, 799_999))
lengths = st.sampled_from((2, 5, 10, 15, 20))


def check(
    sequence: Sequence, someone: Person, standings: Standings, chosen: Set, minutes: int
) -> None:
    """The law that every sequence keeps."""
    assert sequence.seconds <= minutes * 60
    assert len(set(order_of(sequence))) == len(sequence.portions) <= MOST
    assert order_of(sequence) == [slug for slug in chosen.ladders if slug in steps_of(sequence)]
    assert sum(portion.loaded for portion in sequence.portions) <= 1
    for portion in sequence.portions:
        exercise, standing = portion.exercise, standings[portion.ladder]
        step = catalogue().ladders[portion.ladder].step(portion.step)
        assert exercise is step.exercise
        assert portion.step <= min(standing.step, chosen.highest.get(portion.ladder, 9))
        assert portion.dose_fraction <= standing.dose_fraction
        assert portion.dose == step.dose.at(portion.dose_fraction)
        swaps = [
            exercise.cautions[caution] for caution in exercise.cautions.keys() & someone.cautions
        ]
        assert not any(swap.instead for swap in swaps)  # where one says so, another step came up
        assert {*portion.swap} == {swap.change for swap in swaps}


@given(persons, standings_of_all, days, lengths, st.sampled_from(Occasion), histories)
def test_the_law_holds_for_everyone_in_every_set(
    someone: Person,
    standings: Standings,
    day: int,
    minutes: int,
    occasion: Occasion,
    practised: Mapping[str, int],
) -> None:
    for chosen in catalogue().sets_for(occasion):
        once, twice = (
            compose(
                someone, standings, catalogue().ladders, chosen, day, minutes, practised=practised
            )
            for _ in range(2)
        )
        assert once == twice
        check(once, someone, standings, chosen, minutes)
        for portion in once.portions:
            assert chosen.place in portion.exercise.places
            assert portion.exercise.equipment <= ASSUMED[chosen.place] | someone.equipment


OWNED = [frozenset(owned) for owned in ((), ("dumbbells",), ("stair",), ("dumbbells", "stair"))]


@pytest.mark.parametrize("life", Life)
@pytest.mark.parametrize("minutes", [10, 15, 20])
@pytest.mark.parametrize("place", Place)
def test_every_life_place_caution_step_and_equipment_has_its_sequence_and_no_two_days_alike(
    life: Life, minutes: int, place: Place
) -> None:
    """All of them, one by one: 38016 sequences over the table."""
    morning = catalogue().set_for(Occasion.MORNING)
    for owned, caution, step in product(OWNED, [None, *Caution], range(1, 9)):
        someone = person(life, minutes, frozenset({caution} if caution else ()), owned)
        standings = everywhere(step, 0.6 if step % 2 else 1.0)
        last: dict[str, int] = {}
        before: dict[str, int] = {}
        for day in range(3):
            sequence = composed(someone, standings, day, place=place, practised=last)
            check(sequence, someone, standings, morning, minutes)
            for portion in sequence.portions:
                assert place in portion.exercise.places
                assert portion.exercise.equipment <= ASSUMED[place] | owned
            assert sequence.seconds >= 8.5 * 60
            assert steps_of(sequence) != before
            before = steps_of(sequence)
            last |= dict.fromkeys(before, day)


@given(persons, standings_of_all, days, lengths, st.sampled_from(Place), histories)
def test_no_day_without_strength(
    someone: Person,
    standings: Standings,
    day: int,
    minutes: int,
    place: Place,
    practised: Mapping[str, int],
) -> None:
    strong = {slug: standings[slug] for slug in STRENGTH}
    if composed(someone, strong, day, minutes, place=place, practised=practised).portions:
        sequence = composed(someone, standings, day, minutes, place=place, practised=practised)
        assert {*STRENGTH} & {*order_of(sequence)}


@given(persons, standings_of_all)
def test_two_minutes_hold_one_movement(someone: Person, standings: Standings) -> None:
    short = catalogue().set_for(Occasion.SHORT)
    sequence = composed(someone, standings, minutes=max(short.minutes), occasion=Occasion.SHORT)
    assert 90 <= sequence.seconds <= 120
    assert sequence.portions


@given(st.sampled_from(Life), standings_of_all, st.sampled_from((10, 15, 20)))
def test_every_quality_comes_up_within_days_and_no_ladder_of_a_life_waits_for_a_week(
    life: Life, standings: Standings, minutes: int
) -> None:
    """One each of control, chain, side and what the life asks for: in 20 minutes within three days."""
    someone = person(life, minutes, equipment=frozenset({"dumbbells", "stair"}))
    week = [{*order_of(sequence)} for sequence in lived(someone, standings, range(21))]
    days = {10: 5, 15: 4, 20: 3}[minutes]
    for first in range(21 - days):
        for pair in PAIRS:
            assert set(pair) & set().union(*week[first : first + days])
    waits = longest_waits(someone, standings, 21)
    assert all(waits[slug] < 6 for slug in RHYTHM[life].keys() - COMPANIONS), waits


@pytest.mark.parametrize("life", Life)
def test_at_the_entry_dose_twenty_minutes_hold_one_of_each_quality_every_day(life: Life) -> None:
    for step in range(1, 9):
        for sequence in lived(person(life, 20), everywhere(step, 0.6), range(14)):
            assert all(set(pair) & {*order_of(sequence)} for pair in PAIRS)


@pytest.mark.parametrize("life", Life)
@pytest.mark.parametrize("step", range(1, 9))
@pytest.mark.parametrize("fraction", FRACTIONS)
def test_in_twenty_minutes_taking_turns_costs_nobody_a_gap(
    life: Life, step: int, fraction: float
) -> None:
    someone = person(life, 20, equipment=frozenset({"dumbbells", "stair"}))
    waits = longest_waits(someone, everywhere(step, fraction), 21)
    assert all(waits[slug] <= 5 for slug in RHYTHM[life]), waits
    assert max(waits["bridge"], waits["hinge"]) <= 2


@pytest.mark.parametrize("life", Life)
@pytest.mark.parametrize("pair", PAIRS[:3])
def test_two_of_a_pair_take_turns_by_who_has_waited_longer(
    life: Life, pair: tuple[str, str]
) -> None:
    """Here with room for one of them, and for a bridge: no day is without strength."""
    room_for = 6 if "bridge" in pair else 8
    standings = {slug: Standing(1, 1.0) for slug in (*pair, "bridge")}
    for ahead, behind in (pair, pair[::-1]):
        practised = dict.fromkeys(LADDERS, 9) | {ahead: 8}
        came_up = order_of(composed(person(life), standings, 10, room_for, practised=practised))
        assert ahead in came_up
        assert behind not in came_up


def test_who_has_too_little_time_for_all_begins_no_companion_while_others_press() -> None:
    """Ten minutes three times a week are too few for seven ladders: five go on."""
    days = [number for number in range(70) if number % 7 in (0, 2, 4)]
    sequences = lived(person(minutes=10), everywhere(4, 1.0), days)
    came_up = {ladder for sequence in sequences for ladder in order_of(sequence)}
    assert came_up & RHYTHM[Life.SITTING].keys() == RHYTHM[Life.SITTING].keys() - COMPANIONS


@given(st.sampled_from(Life), standings_of_all, st.sampled_from((10, 15, 20)))
def test_a_weight_rests_for_a_day(life: Life, standings: Standings, minutes: int) -> None:
    someone = person(life, minutes, equipment=frozenset({"dumbbells"}))
    for yesterday, today in pairwise(lived(someone, standings, range(10))):
        assert not any(p.loaded and p.ladder in steps_of(yesterday) for p in today.portions)


@pytest.mark.parametrize("life", Life)
def test_hinge_and_carry_bear_their_weights_on_different_days(life: Life) -> None:
    someone = person(life, 20, equipment=frozenset({"dumbbells"}))
    days = lived(someone, everywhere(5, 0.8), range(14))
    loads = [{p.ladder for p in sequence.portions if p.loaded} for sequence in days]
    assert max(map(len, loads)) == 1
    assert set().union(*loads[:5]) == set().union(*loads[5:10]) == {"hinge", "carry"}


def test_missed_days_and_weekdays_are_reckoned_with() -> None:
    """On Monday, Wednesday and Friday, a parity of days would forget the hinge for a week."""
    days = (0, 2, 4, 7, 9, 11, 14, 16, 18, 21)
    last: dict[str, int] = {}
    for day, sequence in zip(
        days, lived(person(minutes=15), everywhere(6, 1.0), days), strict=True
    ):
        assert all(day - before < 7 for before in last.values())
        last |= dict.fromkeys(order_of(sequence), day)
    assert last.keys() == RHYTHM[Life.SITTING].keys() - COMPANIONS


@pytest.mark.parametrize(
    ("life", "day", "came_up"),
    [
        (Life.SITTING, 0, {"mobility", "hinge"}),
        (Life.STANDING, 0, {"posture", "side"}),
        (Life.MIXED, 0, {"mobility", "hinge"}),
        (Life.MIXED, 1, {"posture", "side"}),
    ],
)
def test_a_life_decides_what_is_fitted_in_first(life: Life, day: int, came_up: set[str]) -> None:
    assert {*order_of(composed(person(life, 10), everywhere(1, 1.0), day))} == came_up


def test_a_set_decides_the_order_of_practice() -> None:
    morning = order_of(composed(person(), everywhere(1, 0.6)))
    evening = order_of(composed(person(), everywhere(1, 0.6), occasion=Occasion.EVENING))
    assert morning == ["control", "all-fours", "bridge", "hinge", "side", "mobility"]
    assert sorted(evening) == sorted(morning)
    assert evening[0] == "mobility"


@pytest.mark.parametrize(
    ("life", "missing"),
    [(Life.SITTING, "posture"), (Life.STANDING, "mobility")],
)
def test_fuller_doses_leave_no_room_for_what_a_life_needs_least(life: Life, missing: str) -> None:
    for sequence in lived(person(life, 15), everywhere(1, 1.0), range(7)):
        assert missing not in order_of(sequence)


@pytest.mark.parametrize(
    ("place", "equipment", "hinge", "side"),
    [
        (Place.FLOOR, {"dumbbells"}, 8, 7),
        (Place.FLOOR, set(), 5, 7),  # a bag is found in every home, a dumbbell isn't
        (Place.GYM, set(), 8, 7),
        (Place.HOTEL, {"dumbbells"}, 5, 7),  # they stay at home
        (Place.SEAT, {"dumbbells"}, 3, 1),
    ],
)
def test_elsewhere_the_nearest_lower_step_that_can_be_done_comes_up(
    place: Place, equipment: set[str], hinge: int, side: int
) -> None:
    own = person(minutes=20, equipment=frozenset(equipment))
    standings = {"hinge": Standing(8, 0.8), "side": Standing(7, 0.8)}
    sequence = composed(own, standings, place=place)
    assert steps_of(sequence) == {"hinge": hinge, "side": side}
    assert {portion.dose_fraction for portion in sequence.portions} == {0.8}


@pytest.mark.parametrize(
    ("place", "carry", "all_fours"),
    [(Place.FLOOR, 6, 6), (Place.GYM, 6, 6), (Place.HOTEL, 5, 6), (Place.SEAT, 1, None)],
)
def test_bags_and_towels_are_found_in_every_home_and_no_floor_in_a_seat(
    place: Place, carry: int, all_fours: int | None
) -> None:
    standings = {"carry": Standing(6, 0.6), "all-fours": Standing(6, 0.6)}
    steps = steps_of(composed(person(minutes=20), standings, place=place))
    assert steps == {"carry": carry} | ({"all-fours": all_fours} if all_fours else {})


def test_what_is_at_hand_today_replaces_what_is_owned() -> None:
    owner, standings = person(equipment=frozenset({"dumbbells"})), {"hinge": Standing(8, 0.6)}
    assert steps_of(composed(owner, standings, equipment=frozenset())) == {"hinge": 5}
    lucky = composed(person(), standings, place=Place.GYM, equipment=frozenset({"dumbbells"}))
    assert steps_of(lucky) == {"hinge": 8}


@pytest.mark.parametrize(
    ("ladder", "own", "caution", "step", "swapped"),
    [
        ("side", 5, None, 5, False),
        ("side", 5, Caution.SHOULDER, 2, False),  # the leg raise loads no shoulder
        ("side", 1, Caution.SHOULDER, 1, True),
        ("side", 7, Caution.PREGNANCY, 5, False),
        ("bridge", 7, Caution.EXTENSION, 7, True),
        ("bridge", 7, Caution.PREGNANCY, 1, True),  # instead, and that with a change
        ("control", 2, Caution.FLEXION, 2, True),
        ("control", 7, Caution.PREGNANCY, 6, True),
        ("hinge", 8, Caution.BONE, 4, False),
        ("hinge", 3, Caution.PRESSURE, 3, True),
        ("mobility", 1, Caution.BONE, 1, True),
        ("all-fours", 5, Caution.KNEELING, 5, True),
        ("carry", 6, Caution.BONE, 3, False),
        ("carry", 5, Caution.BALANCE, 5, True),
    ],
)
def test_a_caution_is_heeded(
    ladder: str, own: int, caution: Caution | None, step: int | None, swapped: bool
) -> None:
    someone = person(
        cautions=frozenset({caution} if caution else ()), equipment=frozenset({"dumbbells"})
    )
    sequence = composed(someone, {ladder: Standing(own, 0.6)})
    assert steps_of(sequence) == ({ladder: step} if step else {})
    assert [bool(portion.swap) for portion in sequence.portions] == ([swapped] if step else [])


@given(standings_of_all, st.sampled_from(Life), st.sampled_from(Place))
def test_five_minutes_are_never_empty(standings: Standings, life: Life, place: Place) -> None:
    sequence = composed(person(life), standings, minutes=5, place=place)
    assert {*order_of(sequence)} & {*STRENGTH}
    assert sequence.seconds <= 300
    assert 60 <= sequence.opening.dose.seconds <= 180


def test_without_standings_there_is_only_breath() -> None:
    sequence = composed(person(), {})
    assert sequence.portions == ()
    assert sequence.opening.dose.seconds == 180


def test_a_session_is_recalled_as_it_was_practised_not_as_it_was_decided() -> None:
    """Five minutes on the way made the portion smaller and the step another one."""
    own, way = {"hinge": Standing(8, 1.0)}, catalogue().sets["hotel"]
    shown = compose(person(), own, catalogue().ladders, way, 0, 5)
    kept = [
        Given(
            ladder=portion.ladder,
            step=own[portion.ladder].step,
            shown_step=portion.step,
            dose_fraction=own[portion.ladder].dose_fraction,
            shown_dose=portion.dose_fraction,
        )
        for portion in shown.portions
    ]
    assert steps_of(shown) == {"hinge": 2}
    assert recall(person(), kept, catalogue().ladders, way, 5) == shown


def test_a_dose_that_does_not_fit_is_made_smaller_and_known_as_such() -> None:
    [portion] = composed(person(minutes=5), {"bridge": Standing(7, 1.0)}, minutes=5).portions
    assert portion.dose_fraction < 1.0
    kept = Given(
        ladder="bridge",
        step=7,
        shown_step=7,
        dose_fraction=1.0,
        shown_dose=portion.dose_fraction,
    )
    assert kept.made_smaller
