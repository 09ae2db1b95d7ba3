"""What a day's sequence promises, shown on the real ladders."""

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.reading import Catalogue, read_catalogue
from bot.domain.exercise import Caution, Place
from bot.domain.person import Life, Person
from bot.domain.sequence import (
    ASSUMED,
    COMPANIONS,
    LEAVE_OUT,
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
    place: Place = Place.FLOOR,
    equipment: frozenset[str] | None = None,
    practised: Mapping[str, int] | None = None,
) -> Sequence:
    ladders, opening = catalogue().ladders, catalogue().opening
    return compose(someone, standings, ladders, opening, day, minutes, place, equipment, practised)


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
days = st.integers(0, 800_000)
places = st.sampled_from(Place)
lengths = st.sampled_from((5, 10, 15, 20))


@given(persons, standings_of_all, days, lengths, places)
def test_the_law_holds_for_everyone(
    someone: Person, standings: Standings, day: int, minutes: int, place: Place
) -> None:
    sequence = composed(someone, standings, day, minutes, place)
    assert 60 <= sequence.opening.dose.seconds <= 180
    assert sequence.seconds <= minutes * 60
    assert len(set(order_of(sequence))) == len(sequence.portions) <= MOST
    assert sum(portion.loaded for portion in sequence.portions) <= 1
    assert composed(someone, standings, day, minutes, place) == sequence
    for portion in sequence.portions:
        exercise, ladder = portion.exercise, catalogue().ladders[portion.ladder]
        standing = standings[portion.ladder]
        assert exercise is ladder.step(portion.step).exercise
        assert portion.step <= standing.step
        assert portion.dose_fraction <= standing.dose_fraction
        assert portion.dose == ladder.step(portion.step).dose.at(portion.dose_fraction)
        assert place in exercise.places
        assert exercise.equipment <= ASSUMED[place] | someone.equipment
        assert not exercise.cautions.keys() & someone.cautions & LEAVE_OUT
        assert len(portion.swap) == len(exercise.cautions.keys() & someone.cautions)


@given(persons, standings_of_all, days, lengths, places)
def test_no_day_without_strength(
    someone: Person, standings: Standings, day: int, minutes: int, place: Place
) -> None:
    strong = {slug: standings[slug] for slug in STRENGTH}
    possible = composed(someone, strong, day, minutes, place, practised={}).portions
    if possible:
        assert {*STRENGTH} & {*order_of(composed(someone, standings, day, minutes, place))}


@pytest.mark.parametrize("life", Life)
@pytest.mark.parametrize("minutes", [10, 15, 20])
@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("caution", [None, *Caution])
def test_a_beginner_gets_ten_minutes_anywhere(
    life: Life, minutes: int, place: Place, caution: Caution | None
) -> None:
    cautions = frozenset({caution} if caution else ())
    someone = person(life, minutes, cautions)
    for day in range(4):
        sequence = composed(someone, everywhere(1, 0.6), day, place=place)
        if caution is Caution.PREGNANCY:  # two of eight ladders begin flat on the back
            assert sequence.seconds >= 8 * 60
        else:
            assert sequence.seconds >= (ALMOST_TEN if minutes == 10 else 600)
        assert sequence.seconds <= minutes * 60


@given(st.sampled_from(Life), out_of_flare, st.sampled_from((15, 20)), days)
def test_with_fifteen_minutes_nobody_practises_for_less_than_ten(
    life: Life, standings: Standings, minutes: int, day: int
) -> None:
    assert composed(person(life, minutes), standings, day).seconds >= 600


@given(st.sampled_from(Life), standings_of_all, st.sampled_from((10, 15, 20)))
def test_no_ladder_of_a_life_waits_for_a_week(
    life: Life, standings: Standings, minutes: int
) -> None:
    someone = person(life, minutes, equipment=frozenset({"dumbbells", "stair"}))
    last: dict[str, int] = {}
    for day in range(30):
        sequence = composed(someone, standings, day, practised=last)
        last.update(dict.fromkeys(order_of(sequence), day))
        waits = {slug: day - last.get(slug, -1) for slug in RHYTHM[life].keys() - COMPANIONS}
        assert max(waits.values()) < 6, waits


@pytest.mark.parametrize("life", Life)
@pytest.mark.parametrize("step", range(1, 9))
@pytest.mark.parametrize("fraction", FRACTIONS)
def test_with_twenty_minutes_every_ladder_of_a_life_comes_up_within_five_days(
    life: Life, step: int, fraction: float
) -> None:
    """So that taking turns costs nobody a gap."""
    someone = person(life, 20, equipment=frozenset({"dumbbells", "stair"}))
    last: dict[str, int] = {}
    for day in range(21):
        sequence = composed(someone, everywhere(step, fraction), day, practised=last)
        last.update(dict.fromkeys(order_of(sequence), day))
        waits = {slug: day - last.get(slug, -1) for slug in RHYTHM[life]}
        assert max(waits.values()) <= 5, waits


@pytest.mark.parametrize("life", Life)
@pytest.mark.parametrize("pair", PAIRS)
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
    someone, last = person(minutes=10), dict[str, int]()
    for day in (number for number in range(70) if number % 7 in (0, 2, 4)):
        sequence = composed(someone, everywhere(4, 1.0), day, practised=last)
        last.update(dict.fromkeys(order_of(sequence), day))
    assert last.keys() & RHYTHM[Life.SITTING].keys() == RHYTHM[Life.SITTING].keys() - COMPANIONS


@pytest.mark.parametrize("life", Life)
@pytest.mark.parametrize("step", range(1, 9))
@pytest.mark.parametrize("fraction", FRACTIONS)
def test_bridge_and_hinge_each_come_every_second_day_in_twenty_minutes(
    life: Life, step: int, fraction: float
) -> None:
    someone = person(life, 20, equipment=frozenset({"dumbbells", "stair"}))
    standings = everywhere(step, fraction)
    days = [{*order_of(composed(someone, standings, day))} for day in range(14)]
    for yesterday, today in pairwise(days):
        assert {"bridge", "hinge"} <= yesterday | today


@given(st.sampled_from(Life), standings_of_all, st.sampled_from((10, 15, 20)))
def test_a_weight_rests_for_a_day(life: Life, standings: Standings, minutes: int) -> None:
    someone = person(life, minutes, equipment=frozenset({"dumbbells"}))
    week = [composed(someone, standings, day) for day in range(10)]
    for yesterday, today in pairwise(week):
        assert not any(p.loaded and p.ladder in steps_of(yesterday) for p in today.portions)


@pytest.mark.parametrize("life", Life)
def test_hinge_and_carry_bear_their_weights_on_different_days(life: Life) -> None:
    someone = person(life, 20, equipment=frozenset({"dumbbells"}))
    weeks = [composed(someone, everywhere(5, 0.8), day) for day in range(14)]
    loads = [{p.ladder for p in sequence.portions if p.loaded} for sequence in weeks]
    assert max(map(len, loads)) == 1
    assert set().union(*loads[:5]) == set().union(*loads[5:10]) == {"hinge", "carry"}


def test_missed_days_and_weekdays_are_reckoned_with() -> None:
    """On Monday, Wednesday and Friday, a parity of days would forget the hinge for a week."""
    someone, last = person(minutes=15), dict[str, int]()
    for day in (0, 2, 4, 7, 9, 11, 14, 16, 18, 21):
        assert all(day - before < 7 for before in last.values())
        sequence = composed(someone, everywhere(6, 1.0), day, practised=last)
        last.update(dict.fromkeys(order_of(sequence), day))
    assert last.keys() == RHYTHM[Life.SITTING].keys() - COMPANIONS


@pytest.mark.parametrize(
    ("life", "day", "order"),
    [
        (Life.SITTING, 0, ["mobility", "hinge", "control", "all-fours", "side", "bridge"]),
        (Life.STANDING, 0, ["posture", "side", "bridge", "carry", "control", "hinge"]),
        (Life.MIXED, 0, ["mobility", "hinge", "control", "side", "bridge", "posture"]),
        (Life.MIXED, 1, ["posture", "side", "bridge", "carry", "all-fours", "mobility"]),
    ],
)
def test_a_life_decides_what_comes_first(life: Life, day: int, order: list[str]) -> None:
    assert order_of(composed(person(life, 20), everywhere(1, 0.6), day)) == order


@pytest.mark.parametrize(
    ("life", "missing"),
    [(Life.SITTING, "posture"), (Life.STANDING, "mobility")],
)
def test_fuller_doses_leave_no_room_for_what_a_life_needs_least(life: Life, missing: str) -> None:
    for day in range(7):
        assert missing not in order_of(composed(person(life, 15), everywhere(1, 1.0), day))


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
        ("side", 1, Caution.SHOULDER, 1, True),  # nothing lower: shown with its change
        ("bridge", 7, Caution.EXTENSION, 2, False),
        ("control", 2, Caution.FLEXION, 1, False),
        ("hinge", 8, Caution.BONE, 4, False),
        ("mobility", 1, Caution.BONE, None, False),  # left out: its change needs a clinician's word
        ("control", 7, Caution.PREGNANCY, None, False),
        ("hinge", 3, Caution.PRESSURE, 2, False),
        ("all-fours", 5, Caution.KNEELING, 5, True),
        ("all-fours", 5, Caution.EXTENSION, 2, False),
        ("carry", 6, Caution.BONE, 3, False),
        ("carry", 5, Caution.BALANCE, 4, False),
        ("carry", 1, Caution.PRESSURE, None, False),
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


@given(standings_of_all, st.sampled_from(Life), places)
def test_five_minutes_are_never_empty(standings: Standings, life: Life, place: Place) -> None:
    sequence = composed(person(life), standings, minutes=5, place=place)
    assert {*order_of(sequence)} & {*STRENGTH}
    assert sequence.seconds <= 300
    assert sequence.opening.dose.seconds == 60


def test_without_standings_there_is_only_breath() -> None:
    sequence = composed(person(), {})
    assert sequence.portions == ()
    assert sequence.opening.dose.seconds == 180


def test_a_session_is_recalled_as_it_was_practised_not_as_it_was_decided() -> None:
    """Five minutes on the way made the portion smaller and the step another one."""
    own = {"hinge": Standing(8, 1.0)}
    shown = composed(person(), own, minutes=5, place=Place.SEAT)
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
    assert steps_of(shown) == {"hinge": 3}
    assert recall(person(), kept, catalogue().ladders, catalogue().opening, 5) == shown


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
