"""What a session asks next, and what it says about each ladder."""

import pytest
from hypothesis import given as random
from hypothesis import strategies as st

from bot.domain.feedback import Completed
from bot.domain.session import GREATEST, Asked, history, practised
from tests.domain.lives import CLEAN_DAY, day, given, session
from tests.domain.histories import situation

BRIDGE = given("bridge", 3, 0.8)
FULL, PARTIAL, NO = (int(value) for value in Completed)


@pytest.mark.parametrize(
    ("answers", "question"),
    [
        ({}, Asked.COMPLETED),
        ({"completed": FULL}, Asked.PAIN),
        ({"completed": PARTIAL}, Asked.PAIN),
        ({"completed": NO}, None),  # there is nothing to ask about
        ({"completed": FULL, "pain_during": 2}, Asked.COMPENSATION),
        ({"completed": FULL, "pain_during": 2, "compensation": 0}, Asked.BREATH),
        ({"completed": FULL, "compensation": 0}, Asked.PAIN),
        ({"completed": FULL, "pain_during": 2, "compensation": 0, "breath_holding": 0}, None),
        ({"pain_next_morning": 3}, Asked.COMPLETED),  # a morning says nothing about the session
    ],
)
def test_the_first_question_without_an_answer_comes_next(
    answers: dict[str, int], question: Asked | None
) -> None:
    assert session(1, BRIDGE, **answers).question is question


@pytest.mark.parametrize(
    ("answers", "asked", "question"),
    [
        ({"completed": FULL}, Asked.COMPLETED, Asked.PAIN),
        (CLEAN_DAY, Asked.COMPLETED, Asked.PAIN),  # answered anew: all of it comes again
        (CLEAN_DAY, Asked.PAIN, Asked.COMPENSATION),
        (CLEAN_DAY, Asked.COMPENSATION, Asked.BREATH),
        (CLEAN_DAY, Asked.BREATH, None),
        (CLEAN_DAY, Asked.MORNING, None),
        ({"completed": FULL, "breath_holding": 0}, Asked.BREATH, Asked.PAIN),  # one was left out
        ({"completed": NO, "pain_during": 2}, Asked.COMPLETED, None),
        ({"pain_next_morning": 3}, Asked.MORNING, Asked.COMPLETED),
    ],
)
def test_an_answer_leads_to_the_one_after_it(
    answers: dict[str, int], asked: Asked, question: Asked | None
) -> None:
    assert session(1, BRIDGE, **answers).question_after(asked) is question


@random(st.dictionaries(st.sampled_from(Asked), st.just(0)), st.sampled_from(Asked))
def test_answering_what_is_asked_always_comes_to_an_end(
    answers: dict[Asked, int], asked: Asked
) -> None:
    open_question: Asked | None = asked
    for _ in range(2 * len(Asked)):  # twice, where someone began in the middle
        if open_question is None:
            return
        answers = {**answers, open_question: 0}
        open_question = session(1, BRIDGE, **answers).question_after(open_question)
    assert open_question is None


def test_every_question_has_a_greatest_answer() -> None:
    assert GREATEST.keys() == set(Asked)


@pytest.mark.parametrize(
    ("answers", "touched", "done"),
    [
        ({}, False, False),
        ({"completed": FULL}, True, True),
        ({"completed": PARTIAL}, True, True),
        ({"completed": NO}, True, False),
        ({"pain_next_morning": 1}, True, False),
    ],
)
def test_touched_is_not_yet_done(answers: dict[str, int], touched: bool, done: bool) -> None:
    asked = session(1, BRIDGE, **answers)
    assert (asked.touched, asked.done) == (touched, done)


def test_a_session_says_nothing_about_a_ladder_that_gave_nothing() -> None:
    assert session(1, BRIDGE, **CLEAN_DAY).feedback("hinge") is None


@pytest.mark.parametrize(
    ("sentence", "portion", "travel", "step", "clean"),
    [
        ("as decided", BRIDGE, False, 3, True),
        ("a lower step, for a caution", given("bridge", 3, 0.8, shown_step=2), False, 2, True),
        (
            "a smaller dose, for the minutes",
            given("bridge", 3, 0.8, shown_dose=0.4),
            False,
            3,
            False,
        ),
        ("on the way", BRIDGE, True, 3, False),
        ("on the way, a lower step", given("bridge", 3, 0.8, shown_step=1), True, 3, False),
        ("on the way, a smaller dose", given("bridge", 3, 0.8, shown_dose=0.4), True, 3, False),
    ],
)
def test_what_stands_in_for_the_own_portion_is_never_clean_and_moves_nobody(
    sentence: str, portion: object, travel: bool, step: int, clean: bool
) -> None:
    feedback = session(1, portion, travel=travel, **CLEAN_DAY).feedback("bridge")  # type: ignore[arg-type]
    assert feedback is not None
    assert (feedback.step, feedback.dose_fraction) == (step, 0.8), sentence
    assert situation(feedback).is_clean(feedback) is clean


def test_whatever_went_wrong_on_the_way_counts() -> None:
    sore = session(1, BRIDGE, travel=True, **{**CLEAN_DAY, "pain_during": 8})
    feedback = sore.feedback("bridge")
    assert feedback is not None
    assert situation(feedback).is_flawed(feedback)


def test_silence_after_the_last_answer_is_dropped_and_silence_in_between_is_kept() -> None:
    days = [session(1, BRIDGE), session(2, BRIDGE, **CLEAN_DAY), session(3, BRIDGE)]
    days += [session(4, BRIDGE, completed=NO), session(5, BRIDGE), session(6, BRIDGE)]
    first = day(0).toordinal()
    assert [f.day - first for f in history(days, "bridge")] == [1, 2, 3, 4]


def test_silence_on_other_ladders_is_no_matter() -> None:
    days = [session(1, BRIDGE, **CLEAN_DAY), session(2, given("hinge", 1, 0.6), **CLEAN_DAY)]
    assert len(history(days, "bridge")) == 1
    assert history(days[1:], "bridge") == ()


def test_a_turn_is_a_whole_portion_that_somebody_answered() -> None:
    days = [
        session(1, BRIDGE, given("hinge", 1, 0.6), **CLEAN_DAY),
        session(2, given("bridge", 3, 0.8, shown_dose=0.4), **CLEAN_DAY),
        session(3, BRIDGE, given("hinge", 1, 0.6)),
    ]
    assert practised(days) == {"bridge": day(1).toordinal(), "hinge": day(1).toordinal()}
