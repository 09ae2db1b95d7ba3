"""A ladder changes under people who stand on it: nobody is led up by that, and nothing breaks."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from bot.domain.course import Course
from bot.domain.exercise import Ladder
from bot.domain.placement import Felt, Tried
from bot.domain.renumbering import has_moved, renumbered, retried, steps_of
from bot.domain.session import BELOW, Given, Held, Session
from bot.domain.standing import Standing
from tests.domain import lives
from tests.domain.histories import POLICY
from tests.domain.lives import CLEAN_DAY, MONDAY, catalogue, course_of, person, session

LADDER = "bridge"
OLD = ("a", "b", "c", "d", "e")
NEW = ("x", "y", "z")
ENTRY = POLICY.dose.entry

# Any ladder that an author may make of the old one: steps taken out, put in, in any order.
LADDERS = st.permutations((*OLD, *NEW)).flatmap(
    lambda order: st.integers(1, len(order)).map(lambda top: tuple(order[:top]))
)


@st.composite
def portions(draw: st.DrawFn) -> Given:
    step = draw(st.integers(1, len(OLD)))
    dose = draw(st.sampled_from((0.4, 0.6, 0.8, 1.0)))
    return of(step, dose, shown_step=draw(st.integers(1, step)))


def of(step: int, dose: float = 1.0, *, shown_step: int | None = None) -> Given:
    """As it is given over the old ladder."""
    one = lives.given(LADDER, step, dose, shown_step=shown_step or step)
    return replace(one, exercises=OLD[:step], grams=3000)


def over(today: Sequence[str], *given: Given, held: Held | None = None) -> Session:
    kept = session(0, *given, answers=CLEAN_DAY)
    kept = replace(kept, held={LADDER: held} if held else {})
    return renumbered(kept, {LADDER: tuple(today)})


def ladder_of(today: Sequence[str]) -> Mapping[str, Ladder]:
    """A real one, with as many steps, that are known by these names."""
    ladder = catalogue().ladders[LADDER]
    step = ladder.step(1)
    steps = (replace(step, exercise=replace(step.exercise, id=name)) for name in today)
    return {LADDER: replace(ladder, steps=tuple(steps))}


@pytest.mark.parametrize(
    ("today", "stands"),
    [
        pytest.param("abcde", 3, id="nothing changed"),
        pytest.param("abcdex", 3, id="a step at the top"),
        pytest.param("xabcde", 4, id="one put in below"),
        pytest.param("abcxde", 3, id="one put in above"),
        pytest.param("abdce", 4, id="two change places"),
        pytest.param("bcde", 2, id="one below taken out"),
        pytest.param("abde", 2, id="her own taken out"),
        pytest.param("abxde", 2, id="her own replaced"),
        pytest.param("xbyde", 2, id="her own replaced, and the first"),
        pytest.param("ab", 2, id="shortened"),
        pytest.param("axyde", 1, id="two replaced"),
        pytest.param("de", BELOW, id="nothing left but what is harder"),
    ],
)
def test_where_someone_on_the_third_step_stands(today: str, stands: int) -> None:
    moved = over(today, of(3))
    assert [(one.step, one.shown_step) for one in moved.given] == [(stands, stands)]
    assert moved.gone == (frozenset() if "c" in today else {LADDER})


@for_all(st.lists(portions(), max_size=1))
def test_over_the_ladders_as_they_were_nothing_moves(given: list[Given]) -> None:
    kept = replace(session(0, *given), held={LADDER: Held(3, 2000, "c")})
    assert renumbered(kept, {LADDER: OLD}) is kept


@for_all(portions(), LADDERS)
def test_what_is_still_there_is_found_and_nothing_harder_takes_its_place(
    given: Given, today: Sequence[str]
) -> None:
    [moved] = over(today, given).given
    for then, now in ((given.step, moved.step), (given.shown_step, moved.shown_step)):
        if OLD[then - 1] in today:
            assert today[now - 1] == OLD[then - 1]
        else:
            assert now == BELOW or today[now - 1] in OLD[: then - 1]
    assert (moved.dose_fraction, moved.shown_dose) == (given.dose_fraction, given.shown_dose)


@for_all(portions(), LADDERS)
def test_to_number_twice_is_to_number_once(given: Given, today: Sequence[str]) -> None:
    once = over(today, given)
    assert renumbered(once, {LADDER: tuple(today)}) == once


@for_all(st.lists(portions(), min_size=1, max_size=6), LADDERS)
def test_nobody_is_led_up_by_a_change(given: list[Given], today: Sequence[str]) -> None:
    steps = {LADDER: tuple(today)}
    kept = [session(n, one, answers=CLEAN_DAY) for n, one in enumerate(given)]
    course = Course(
        person=person(),
        ladders=ladder_of(today),
        sessions=[renumbered(one, steps) for one in kept],
        day=lives.day(len(kept)),
        policy=POLICY,
    )
    last, standing = given[-1], course.situations[LADDER].standing
    reached = OLD[: last.shown_step]
    assert (
        today[standing.step - 1] in reached and standing.dose_fraction <= last.dose_fraction
    ) or standing <= Standing(1, ENTRY)
    assert course.decisions[LADDER].step <= len(today)
    assert course.nearest(LADDER)


def test_below_the_ladder_no_clean_session_is_proof_of_its_first_step() -> None:
    days = [session(n, of(2), answers=CLEAN_DAY) for n in range(6)]
    steps = {LADDER: ("d", "e")}
    course = replace(
        course_of(person(), *(renumbered(one, steps) for one in days), today=6),
        ladders=ladder_of("de"),
    )
    decision = course.decisions[LADDER]
    assert (decision.step, decision.dose_fraction) == (1, ENTRY)


@for_all(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9))
def test_a_number_from_before_exercises_were_kept_stays_on_the_ladder(
    step: int, lower: int, top: int
) -> None:
    shown = min(step, lower)
    kept = lives.given(LADDER, step, 1.0, shown_step=shown)
    moved = over("abcdefghi"[:top], kept)
    assert [(one.step, one.shown_step) for one in moved.given] == [
        (min(step, top), min(shown, top))
    ]
    assert moved.gone == ({LADDER} if shown > top else frozenset())


def test_a_ladder_that_is_no_more_says_nothing_and_is_told_as_gone() -> None:
    kept = replace(
        session(0, of(3), lives.given("side", 2, 0.6)), held={LADDER: Held(3, 2000, "c")}
    )
    moved = renumbered(kept, {"side": OLD})
    assert [one.ladder for one in moved.given] == ["side"]
    assert (dict(moved.held), moved.gone) == ({}, frozenset({LADDER}))


@pytest.mark.parametrize(
    ("held", "today", "left"),
    [
        (Held(3, 2000, "c"), "xabcde", {LADDER: Held(4, 2000, "c")}),
        (Held(3, 2000, "c"), "abde", {}),
        (Held(3, 2000), "xabc", {LADDER: Held(3, 2000)}),
        (Held(3, 2000), "ab", {}),
    ],
)
def test_a_weight_goes_with_its_own_exercise(
    held: Held, today: str, left: Mapping[str, Held]
) -> None:
    assert over(today, held=held).held == left


def test_a_weight_that_was_used_goes_as_well() -> None:
    assert [one.grams for one in over("xabc", of(3)).given] == [3000]
    assert [one.grams for one in over("abde", of(3)).given] == [None]


def test_what_was_tried_counts_where_its_exercise_stands() -> None:
    instant = dt.datetime.combine(MONDAY, dt.time(), dt.UTC)
    tried = [
        Tried(ladder=LADDER, step=number, felt=Felt.EASY, at=instant, exercise=OLD[number - 1])
        for number in (3, 4)
    ]
    steps = {LADDER: ("a", "x", "b", "c", "e")}
    assert [(one.step, one.exercise) for one in retried(tried, steps)] == [(4, "c")]
    assert [has_moved(one, steps) for one in tried] == [True, True]
    assert retried(tried, {LADDER: OLD}) == tuple(tried)
    assert retried(tried, {}) == ()


def test_the_steps_of_the_real_ladders_are_known_by_their_exercises() -> None:
    for name, exercises in steps_of(catalogue().ladders).items():
        assert len({*exercises}) == catalogue().ladders[name].top
