"""Someone on all ladders: what a day decides for each, and where months of days lead."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given as random
from hypothesis import settings
from hypothesis import strategies as st

from bot.domain.course import Course, alike, most_telling
from bot.domain.decision import Action, Decision, Missing, Reason
from bot.domain.exercise import Caution
from bot.domain.feedback import Breath, Compensation, Completed
from bot.domain.person import Life, Person
from bot.domain.sequence import COMPANIONS, RHYTHM
from bot.domain.session import Asked, Given, Session
from bot.domain.standing import Standing
from tests.domain.histories import POLICY
from tests.domain.lives import (
    CLEAN_DAY,
    Answers,
    Walk,
    catalogue,
    course_of,
    given,
    person,
    session,
)

LADDERS = tuple(catalogue().ladders)
SORE_DAY: Answers = {**CLEAN_DAY, Asked.MORNING: 4}  # amber
RED_DAY: Answers = {**CLEAN_DAY, Asked.PAIN: 7}
DUMBBELLS = person(equipment={"dumbbells"})


def week(*portions: Given, answers: Answers = CLEAN_DAY) -> list[Session]:
    """Six days, from day 1 to day 6: enough for the next step, where the dose is full."""
    return [session(number, *portions, answers=answers) for number in range(1, 7)]


def told(course: Course) -> dict[str, tuple[str, Reason]]:
    return {name: (str(d.action), d.reasons[0]) for name, d in course.decisions.items()}


def test_before_the_first_session_every_ladder_begins_at_its_entry() -> None:
    course = course_of(person(), today=1)
    assert tuple(course.decisions) == LADDERS
    assert course.standings == dict.fromkeys(LADDERS, Standing(1, POLICY.dose.entry))


@pytest.mark.parametrize("ready", [1, 2, 3, len(LADDERS)])
def test_two_ladders_at_most_enter_a_new_step_on_a_day(ready: int) -> None:
    portions = [given(name, 1, 1.0) for name in LADDERS[:ready]]
    course = course_of(person(), *week(*portions), today=7)
    moves = told(course)
    assert [moves[name] for name in LADDERS[:ready]] == [
        *[("advance_step", Reason.READY_FOR_NEXT_STEP)] * min(ready, 2),
        *[("hold", Reason.OTHERS_FIRST)] * (ready - 2),
    ]
    for name in LADDERS[2:ready]:
        assert course.standings[name] == Standing(1, 1.0)
        assert course.decisions[name].missing == ()


def test_who_grows_in_dose_waits_for_nobody() -> None:
    portions = [given(name, 1, 0.8) for name in LADDERS]
    actions = {d.action for d in course_of(person(), *week(*portions), today=7).decisions.values()}
    assert actions == {Action.ADVANCE_DOSE}


@pytest.mark.parametrize(
    ("usual_pain", "opens"),
    [(2, True), (5, True), (6, False)],
    ids=["calm", "bearable", "too much"],
)
def test_the_first_weight_has_a_gate(usual_pain: int, opens: bool) -> None:
    someone = person(equipment={"dumbbells"}, usual_pain=usual_pain)
    calm = [session(number, given("hinge", 4, 1.0), answers=CLEAN_DAY) for number in range(1, 7)]
    decision = course_of(someone, *calm, today=7).decisions["hinge"]
    assert (decision.action is Action.ADVANCE_STEP) is opens
    assert (Missing.ENTRY_GATE in decision.missing) is not opens


@pytest.mark.parametrize(
    ("sentence", "someone", "ladder", "step", "opens"),
    [
        ("dumbbells are there", DUMBBELLS, "hinge", 5, True),
        ("they are not", person(), "hinge", 5, False),
        ("a bag is in every home", person(), "hinge", 4, True),
        ("a stair is not", person(), "posture", 5, False),
        (
            "a shoulder stays on the leg raise",
            person(cautions={Caution.SHOULDER}),
            "side",
            2,
            False,
        ),
        ("the same with sound shoulders", person(), "side", 2, True),
        ("no weights with thin bones", person(cautions={Caution.BONE}), "hinge", 4, False),
    ],
)
def test_a_step_that_no_day_at_home_can_offer_is_not_entered(
    sentence: str, someone: Person, ladder: str, step: int, opens: bool
) -> None:
    course = course_of(someone, *week(given(ladder, step, 1.0)), today=8)
    decision = course.decisions[ladder]
    assert (decision.action is Action.ADVANCE_STEP) is opens, sentence
    assert (decision.missing == (Missing.ENTRY_GATE,)) is not opens


def test_a_sore_first_exposure_rests_for_a_day() -> None:
    days = [*week(given("bridge", 1, 1.0)), session(7, given("bridge", 2, 0.6), answers=SORE_DAY)]
    assert "bridge" not in course_of(person(), *days, today=8).standings
    assert course_of(person(), *days, today=9).standings["bridge"] == Standing(2, 0.6)


def test_a_weight_rests_for_a_day_even_if_it_was_made_smaller() -> None:
    days = [session(7, given("hinge", 5, 1.0, shown_dose=0.4), answers=CLEAN_DAY)]
    assert "hinge" not in course_of(DUMBBELLS, *days, today=8).standings
    assert course_of(DUMBBELLS, *days, today=9).standings["hinge"] == Standing(5, 1.0)


@pytest.mark.parametrize(
    ("step", "begins"), [(5, 4), (2, 1), (1, 1)], ids=["a step below", "the first", "no lower"]
)
def test_after_a_clinician_each_ladder_begins_anew_a_step_below(step: int, begins: int) -> None:
    course = course_of(person(), *week(given("bridge", step, 1.0)), today=20, fresh_since=15)
    assert course.standings["bridge"] == Standing(begins, POLICY.dose.entry)
    assert course.standings["side"] == Standing(1, POLICY.dose.entry)
    assert told(course)["bridge"] == ("hold", Reason.FIRST_TIME)


def test_the_day_of_the_clinician_belongs_to_before_and_the_next_to_after() -> None:
    days = [
        session(14, given("bridge", 5, 1.0), answers=RED_DAY),
        session(15, given("bridge", 5, 1.0), answers=RED_DAY),
    ]
    fresh = course_of(person(), *days, today=16, fresh_since=15)
    assert fresh.standings["bridge"] == Standing(4, 0.6)
    gentle = [days[0], session(15, given("bridge", 4, 0.6), answers=CLEAN_DAY)]
    assert told(course_of(person(), *gentle, today=16, fresh_since=15))["bridge"] == (
        "hold",
        Reason.SETTLING_IN,
    )
    after = [*days, session(16, given("bridge", 4, 0.6), answers=CLEAN_DAY)]
    grown = course_of(person(), *after, today=17, fresh_since=15)
    assert told(grown)["bridge"] == ("hold", Reason.SETTLING_IN)


@pytest.mark.parametrize(
    ("sentence", "answers", "dose", "expected"),
    [
        ("no step up on the way", CLEAN_DAY, 1.0, Standing(3, 1.0)),
        ("no dose either", CLEAN_DAY, 0.8, Standing(3, 0.8)),
        ("what is due downwards comes", RED_DAY, 0.8, Standing(2, 0.8)),
    ],
)
def test_on_the_way_nothing_grows(
    sentence: str, answers: Answers, dose: float, expected: Standing
) -> None:
    course = course_of(person(), *week(given("bridge", 3, dose), answers=answers), today=7)
    assert course.standings_held_back["bridge"] == expected, sentence


def test_what_was_earned_at_home_outlasts_a_day_on_the_way() -> None:
    days = [
        *week(given("bridge", 3, 1.0)),
        session(7, given("bridge", 3, 1.0), travel=True, answers=CLEAN_DAY),
    ]
    assert told(course_of(person(), *days, today=8))["bridge"][0] == "advance_step"


@pytest.mark.parametrize(
    ("actions", "ladder"),
    [
        ({}, None),
        ({"bridge": Action.HOLD}, "bridge"),
        ({"bridge": Action.HOLD, "side": Action.ADVANCE_DOSE}, "side"),
        ({"bridge": Action.ADVANCE_DOSE, "side": Action.ADVANCE_STEP}, "side"),
        ({"bridge": Action.ADVANCE_STEP, "side": Action.REDUCE_DOSE}, "side"),
        ({"bridge": Action.DELOAD_AFTER_GAP, "side": Action.REDUCE_DOSE}, "bridge"),
        ({"bridge": Action.REGRESS_STEP, "side": Action.PAUSE_AND_REFER}, "side"),
    ],
)
def test_the_most_cautious_move_is_spoken_of_else_the_boldest(
    actions: Mapping[str, Action], ladder: str | None
) -> None:
    assert most_telling({name: decision(action) for name, action in actions.items()}) == ladder


@pytest.mark.parametrize(
    ("actions", "same"),
    [
        ([Action.HOLD], True),
        ([Action.HOLD, Action.HOLD], True),
        ([Action.HOLD, Action.REDUCE_DOSE], False),
    ],
)
def test_a_move_that_all_ladders_share_is_said_once(actions: list[Action], same: bool) -> None:
    decisions = {str(number): decision(action) for number, action in enumerate(actions)}
    assert alike(decisions) is same


def decision(action: Action) -> Decision:
    some = course_of(person(), today=1).decisions["bridge"]
    return replace(some, action=action)


# Weeks and months.

any_day: st.SearchStrategy[Answers] = st.one_of(
    st.just(CLEAN_DAY),
    st.just({}),
    st.fixed_dictionaries(
        {},
        optional={
            Asked.COMPLETED: st.sampled_from([int(value) for value in Completed]),
            Asked.PAIN: st.integers(0, 7),
            Asked.COMPENSATION: st.sampled_from([int(value) for value in Compensation]),
            Asked.BREATH: st.sampled_from([int(value) for value in Breath]),
            Asked.MORNING: st.integers(0, 6),
        },
    ),
)
people = st.builds(
    person,
    life=st.sampled_from(Life),
    minutes=st.sampled_from((10, 15, 20)),
    equipment=st.sampled_from(((), ("dumbbells",), ("dumbbells", "stair"))),
    cautions=st.frozensets(st.sampled_from(Caution), max_size=2),
    usual_pain=st.integers(0, 7),
)


@settings(max_examples=40)
@random(
    people, st.lists(st.tuples(st.sampled_from((1, 1, 1, 2, 9)), any_day), min_size=5, max_size=30)
)
def test_in_any_weeks_nobody_jumps(someone: Person, weeks: list[tuple[int, Answers]]) -> None:
    walk, number = Walk(someone), 0
    for later, answers in weeks:
        number += later
        course = course_of(walk.person, *walk.sessions, today=number)
        assert all(
            held <= course.standings[name] for name, held in course.standings_held_back.items()
        )
        walk.practise(number, answers)
    for before, after in pairwise(walk.days):
        for name, now in after.decisions.items():
            assert now.step - before.decisions[name].step <= 1
    for lived in walk.days:
        entering = [d for d in lived.decisions.values() if d.action is Action.ADVANCE_STEP]
        assert len(entering) <= POLICY.advance.ladders_a_day
        for portion in lived.sequence.portions:
            assert portion.step <= lived.decisions[portion.ladder].step


# Days until the top step comes up, for someone who is always clean: a bound with some air above what it is.
@pytest.mark.parametrize(
    ("life", "minutes", "bridge", "hinge"),
    [
        (Life.SITTING, 20, 60, 80),
        (Life.SITTING, 15, 70, 90),
        (Life.SITTING, 10, 100, 140),
        (Life.STANDING, 20, 60, 80),
        (Life.STANDING, 15, 70, 90),
        (Life.STANDING, 10, 95, 140),
        (Life.MIXED, 20, 70, 80),
        (Life.MIXED, 15, 80, 90),
        (Life.MIXED, 10, 110, 140),
    ],
)
def test_clean_days_lead_to_the_top_of_every_ladder_of_a_life(
    life: Life, minutes: int, bridge: int, hinge: int
) -> None:
    """In ten minutes a companion may have to step aside once doses have grown; nobody else does."""
    someone = person(life, minutes, equipment={"dumbbells", "stair"})
    walk = Walk(someone).live(range(165), lambda _: CLEAN_DAY)
    ladders = RHYTHM[life].keys() - (COMPANIONS if minutes == 10 else set())
    days = {name: walk.first_day_at(name, catalogue().ladders[name].top, 1.0) for name in ladders}
    assert None not in days.values(), days
    top = {
        name: walk.first_day_at(name, catalogue().ladders[name].top) for name in ("bridge", "hinge")
    }
    assert (top["bridge"] or 0) <= bridge
    assert (top["hinge"] or 0) <= hinge
    for name in ladders:
        gaps = [d.number for d in walk.days if d.decisions[name].action is Action.DELOAD_AFTER_GAP]
        assert gaps == [], name


@pytest.mark.parametrize("minutes", [10, 15, 20])
def test_three_days_a_week_lead_upwards_too(minutes: int) -> None:
    """Mondays, Wednesdays and Fridays: slower, and no ladder is stuck between gaps and their deloads."""
    someone = person(minutes=minutes, equipment={"dumbbells"})
    days = [number for number in range(210) if number % 7 in (0, 2, 4)]
    walk = Walk(someone).live(days, lambda _: CLEAN_DAY)
    steps = {
        name: walk.days[-1].decisions[name].step for name in ("bridge", "hinge", "side", "control")
    }
    assert min(steps.values()) >= 3


@pytest.mark.parametrize("life", [Life.SITTING, Life.STANDING])
def test_three_days_a_week_of_twenty_minutes_cost_no_ladder_but_a_companion_a_gap(
    life: Life,
) -> None:
    days = [number for number in range(126) if number % 7 in (0, 2, 4)]
    walk = Walk(person(life, equipment={"dumbbells"})).live(days, lambda _: CLEAN_DAY)
    came_up = {portion.ladder for lived in walk.days for portion in lived.sequence.portions}
    assert came_up >= RHYTHM[life].keys()
    for lived in walk.days:
        needed = RHYTHM[life].keys() - COMPANIONS
        back = {portion.ladder for portion in lived.sequence.portions} & needed
        assert not any(lived.decisions[name].action is Action.DELOAD_AFTER_GAP for name in back)


def test_a_sore_week_leads_back_and_clean_ones_up_again() -> None:
    walk = Walk(person(equipment={"dumbbells"}))
    walk.live(range(30), lambda _: CLEAN_DAY)
    high = walk.days[-1].decisions["bridge"]
    walk.live(range(30, 37), lambda _: RED_DAY)
    low = course_of(walk.person, *walk.sessions, today=37).decisions["bridge"]
    assert Standing(low.step, low.dose_fraction) < Standing(high.step, high.dose_fraction)
    walk.live(range(37, 80), lambda _: CLEAN_DAY)
    assert walk.days[-1].decisions["bridge"].step > low.step
