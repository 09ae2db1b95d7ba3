"""Where a try-out lets someone begin, and what it asks them to try."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.exercise import Caution, Gate, Ladder
from bot.domain.person import Person
from bot.domain.placement import Felt, Tried, Try, next_try, placements, start
from bot.domain.sequence import reachable
from tests.domain.histories import POLICY
from tests.domain.lives import catalogue, person

LADDERS = catalogue().ladders
TRIED_LADDERS = ("control", "bridge", "hinge", "side")
NOW = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)
EASY, JUST, TOO_MUCH, STOPPED = Felt


def answers(*told: tuple[str, int, Felt]) -> tuple[Tried, ...]:
    return tuple(Tried(ladder=ladder, step=step, felt=felt, at=NOW) for ladder, step, felt in told)


def asked(
    someone: Person, tried: Iterable[Tried], ladders: Mapping[str, Ladder] = LADDERS
) -> Try | None:
    return next_try(someone, ladders, tried, POLICY)


def placed(
    someone: Person, tried: Iterable[Tried], ladders: Mapping[str, Ladder] = LADDERS
) -> dict[str, int]:
    return placements(someone, ladders, [*tried], POLICY)


def tried_out(someone: Person, felt: Mapping[tuple[str, int], Felt]) -> list[Tried]:
    """A whole try-out, by how each step would feel."""
    tried: list[Tried] = []
    while (this := asked(someone, tried)) is not None:
        tried += answers((this.ladder, this.step, felt[this.ladder, this.step]))
    return tried


@pytest.mark.parametrize(
    ("felt", "step"),
    [
        ({}, 1),
        ({3: STOPPED}, 1),
        ({3: TOO_MUCH}, 1),
        ({3: JUST}, 2),
        ({3: EASY}, 3),  # nothing harder was open, or it was left there
        ({3: EASY, 4: TOO_MUCH}, 3),
        ({3: EASY, 4: STOPPED}, 3),
        ({3: EASY, 4: JUST}, 3),
        ({3: EASY, 4: EASY}, 4),
        ({3: JUST, 4: EASY}, 2),  # never asked: what follows a step that wasn't easy is no ground
        ({2: JUST}, 1),
        ({2: EASY, 4: TOO_MUCH}, 2),
        ({2: EASY, 4: JUST}, 3),
    ],
)
def test_one_begins_at_the_hardest_easy_step_or_a_step_below_one_that_was_just_comfortable(
    felt: dict[int, Felt], step: int
) -> None:
    assert start(felt) == step


any_felt = st.dictionaries(st.integers(1, 6), st.sampled_from(Felt), max_size=4)


@given(any_felt, st.data())
def test_a_worse_reply_never_gives_a_higher_start(
    felt: dict[int, Felt], data: st.DataObject
) -> None:
    if not felt:
        return
    step = data.draw(st.sampled_from(sorted(felt)))
    worse = data.draw(st.sampled_from([other for other in Felt if other >= felt[step]]))
    assert start(felt | {step: worse}) <= start(felt)


@given(any_felt)
def test_nobody_begins_below_the_first_step_or_above_what_they_tried(felt: dict[int, Felt]) -> None:
    assert 1 <= start(felt) <= max([1, *felt])


def test_four_ladders_are_tried_in_their_order_and_the_harder_step_only_after_an_easy_one() -> None:
    everything = dict.fromkeys(product(LADDERS, (3, 4)), EASY)
    path = [(one.ladder, one.step) for one in tried_out(person(), everything)]
    assert path == [*product(TRIED_LADDERS, (3, 4))]
    hard = dict.fromkeys(everything, JUST)
    path = [(one.ladder, one.step) for one in tried_out(person(), hard)]
    assert path == [*product(TRIED_LADDERS, (3,))]


def test_it_takes_about_two_minutes_at_most() -> None:
    everything = tried_out(person(), dict.fromkeys(product(LADDERS, (3, 4)), EASY))
    seconds = []
    for number in range(len(everything)):
        this = asked(person(), everything[:number])
        assert this is not None
        seconds.append(this.dose.seconds)
    assert max(seconds) <= 21
    assert sum(seconds) <= 120


def test_a_hold_is_tried_once_and_a_movement_with_sides_on_one() -> None:
    tried = answers(
        *(("control", 3, TOO_MUCH), ("bridge", 3, EASY)),
    )
    bridge = asked(person(), tried)
    assert bridge is not None
    assert (bridge.exercise.id, bridge.dose.sets, bridge.dose.hold) == ("bridge-holds", (1,), 10)
    side = asked(person(), tried + answers(("bridge", 4, JUST), ("hinge", 3, JUST)))
    assert side is not None
    assert side.exercise.id == "knee-side-plank-pulses"
    assert (side.dose.sets, side.dose.per_side) == ((3,), False)
    assert (bridge.one_side, side.one_side) == (False, True)


def test_whoever_stops_is_asked_no_more_and_what_was_tried_counts() -> None:
    tried = answers(("control", 3, EASY), ("control", 4, JUST), ("bridge", 3, STOPPED))
    assert asked(person(), tried) is None
    assert placed(person(), tried) == {"control": 3}


def test_a_ladder_that_its_author_keeps_out_is_not_tried() -> None:
    kept_out = {name: replace(ladder, try_out=False) for name, ladder in LADDERS.items()}
    assert asked(person(), (), kept_out) is None
    assert placed(person(), answers(("bridge", 3, EASY)), kept_out) == {}


def test_nothing_at_or_beyond_a_gate_is_tried() -> None:
    bridge = LADDERS["bridge"]
    fourth = replace(bridge.steps[3], gate=Gate(max_usual_pain=5))
    gated = {"bridge": replace(bridge, steps=(*bridge.steps[:3], fourth, *bridge.steps[4:]))}
    easy = answers(("bridge", 3, EASY))
    assert asked(person(), (), gated) is not None
    assert asked(person(), easy, gated) is None
    assert placed(person(), easy, gated) == {"bridge": 3}


def test_a_step_that_was_closed_to_someone_after_they_tried_it_counts_no_more() -> None:
    tried = answers(("bridge", 3, EASY), ("bridge", 4, EASY), ("side", 3, EASY))
    assert placed(person(), tried) == {"bridge": 4, "side": 3}
    assert placed(person(cautions=[Caution.PRESSURE]), tried) == {
        "bridge": 4,
        "side": 3,
    }  # a change
    assert placed(person(cautions=[Caution.PREGNANCY]), tried) == {"side": 3}


def test_a_ladder_whose_first_tried_step_is_closed_is_left_out_and_begins_at_step_1() -> None:
    someone = person(cautions=[Caution.PREGNANCY])  # another step instead of the bridge
    tried = tried_out(someone, dict.fromkeys(product(LADDERS, (3, 4)), EASY))
    assert {one.ladder for one in tried} == {*TRIED_LADDERS} - {"bridge"}
    assert placed(someone, tried) == {"control": 4, "hinge": 4, "side": 4}


@pytest.mark.parametrize(("usual_pain", "tries"), [(0, True), (5, True), (6, False), (10, False)])
def test_usual_pain_that_never_advances_by_itself_tries_nothing_and_begins_at_step_1(
    usual_pain: int, tries: bool
) -> None:
    someone = person(usual_pain=usual_pain)
    assert (asked(someone, ()) is not None) is tries
    earlier = answers(*product(TRIED_LADDERS, (3, 4), (EASY,)))  # tried before it was this high
    assert placed(someone, earlier) == (dict.fromkeys(TRIED_LADDERS, 4) if tries else {})


@given(
    st.frozensets(st.sampled_from(Caution), max_size=3),
    st.fixed_dictionaries(
        {key: st.sampled_from([EASY, JUST, TOO_MUCH]) for key in product(LADDERS, (3, 4))}
    ),
)
def test_nobody_begins_where_they_cannot_practise(
    cautions: frozenset[Caution], felt: dict[tuple[str, int], Felt]
) -> None:
    someone = person(cautions=cautions)
    tried = tried_out(someone, felt)
    for name, step in placed(someone, tried).items():
        assert LADDERS[name].try_out
        assert 1 <= step <= 4
        for below in range(1, max(step, *(t.step for t in tried if t.ladder == name)) + 1):
            assert LADDERS[name].step(below).gate is None
            assert reachable(someone, LADDERS[name], below)
