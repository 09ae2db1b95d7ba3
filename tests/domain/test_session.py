"""What a session asks next, and what it says about each ladder."""

import pytest
from hypothesis import given as random
from hypothesis import strategies as st

from bot.domain.feedback import Completed, Reserve
from bot.domain.session import GREATEST, Asked, Given, Reply, history, practised
from tests.domain.histories import situation
from tests.domain.lives import CLEAN_DAY, Answers, day, given, session

BRIDGE = given("bridge", 3, 0.8)
BAG = given("hinge", 5, 0.6, loaded=True)
FULL, PARTIAL, NO = (int(value) for value in Completed)


@pytest.mark.parametrize(
    ("answers", "question"),
    [
        ({}, Asked.COMPLETED),
        ({Asked.COMPLETED: FULL}, Asked.PAIN),
        ({Asked.COMPLETED: PARTIAL}, Asked.PAIN),
        ({Asked.COMPLETED: NO}, None),  # there is nothing to ask about
        ({Asked.COMPLETED: FULL, Asked.PAIN: 2}, Asked.COMPENSATION),
        ({Asked.COMPLETED: FULL, Asked.PAIN: 2, Asked.COMPENSATION: 0}, Asked.BREATH),
        ({Asked.COMPLETED: FULL, Asked.COMPENSATION: 0}, Asked.PAIN),
        ({Asked.COMPLETED: FULL, Asked.PAIN: 2, Asked.COMPENSATION: 0, Asked.BREATH: 0}, None),
        ({Asked.MORNING: 3}, Asked.COMPLETED),  # a morning says nothing about the session
    ],
)
def test_the_first_question_without_an_answer_comes_next(
    answers: Answers, question: Asked | None
) -> None:
    assert session(1, BRIDGE, answers=answers).question is question


@pytest.mark.parametrize(
    ("answers", "asked", "question"),
    [
        ({Asked.COMPLETED: FULL}, Asked.COMPLETED, Asked.PAIN),
        (CLEAN_DAY, Asked.COMPLETED, Asked.PAIN),  # answered anew: all of it comes again
        (CLEAN_DAY, Asked.PAIN, Asked.COMPENSATION),
        (CLEAN_DAY, Asked.COMPENSATION, Asked.BREATH),
        (CLEAN_DAY, Asked.BREATH, None),
        (CLEAN_DAY, Asked.MORNING, None),
        ({Asked.COMPLETED: FULL, Asked.BREATH: 0}, Asked.BREATH, Asked.PAIN),  # one was left out
        ({Asked.COMPLETED: NO, Asked.PAIN: 2}, Asked.COMPLETED, None),
        ({Asked.MORNING: 3}, Asked.MORNING, Asked.COMPLETED),
        (CLEAN_DAY, Asked.PAIN_CONFIRMED, Asked.COMPENSATION),  # as after the number itself
        (CLEAN_DAY, Asked.MORNING_CONFIRMED, None),
    ],
)
def test_an_answer_leads_to_the_one_after_it(
    answers: Answers, asked: Asked, question: Asked | None
) -> None:
    assert session(1, BRIDGE, answers=answers).question_after(asked) is question


UP_TO_BREATH = {Asked.COMPLETED: FULL, Asked.PAIN: 2, Asked.COMPENSATION: 0, Asked.BREATH: 0}


@pytest.mark.parametrize(
    ("sentence", "portion", "answers", "asked", "question"),
    [
        ("with a weight", BAG, UP_TO_BREATH, Asked.BREATH, Asked.RESERVE),
        ("without one", BRIDGE, UP_TO_BREATH, Asked.BREATH, None),
        (
            "shown without one",
            given("hinge", 5, 0.6, shown_step=4),
            UP_TO_BREATH,
            Asked.BREATH,
            None,
        ),
        ("it comes last", BAG, CLEAN_DAY, Asked.RESERVE, None),
        ("one was left out", BAG, {**CLEAN_DAY, Asked.PAIN: 0}, Asked.COMPLETED, Asked.PAIN),
        ("answered anew", BAG, CLEAN_DAY, Asked.BREATH, None),
        ("nothing was done", BAG, {Asked.COMPLETED: NO}, Asked.COMPLETED, None),
    ],
)
def test_three_more_is_asked_only_where_a_weight_was_shown(
    sentence: str, portion: Given, answers: Answers, asked: Asked, question: Asked | None
) -> None:
    kept = session(1, BRIDGE, portion, answers=answers)
    assert kept.question_after(asked) is question, sentence


def test_a_weight_leaves_its_question_open() -> None:
    assert session(1, BRIDGE, BAG, answers=UP_TO_BREATH).question is Asked.RESERVE
    assert session(1, BRIDGE, BAG, answers=CLEAN_DAY).question is None


@pytest.mark.parametrize("reserve", Reserve)
def test_what_is_said_of_a_weight_is_said_of_its_ladder_only(reserve: Reserve) -> None:
    kept = session(1, BRIDGE, BAG, answers={**CLEAN_DAY, Asked.RESERVE: reserve})
    bridge, hinge = kept.feedback("bridge"), kept.feedback("hinge")
    assert bridge is not None
    assert hinge is not None
    assert (bridge.reserve, hinge.reserve) == (None, reserve)
    assert situation(bridge).is_clean(bridge)
    assert situation(hinge).is_clean(hinge) is (reserve is Reserve.ENOUGH)


@pytest.mark.parametrize(("portion", "answered"), [(BRIDGE, True), (BAG, False)])
def test_silence_about_it_is_missing_only_where_it_was_asked(
    portion: Given, answered: bool
) -> None:
    kept = session(1, portion, answers={**UP_TO_BREATH, Asked.MORNING: 2})
    feedback = kept.feedback(portion.ladder)
    assert feedback is not None
    assert (feedback.is_told, feedback.is_answered) == (answered, answered)
    assert situation(feedback).is_clean(feedback) is answered
    assert not situation(feedback).is_flawed(feedback)


@random(
    st.dictionaries(st.sampled_from(Asked), st.just(0)),
    st.sampled_from(Asked),
    st.sampled_from([BRIDGE, BAG]),
)
def test_answering_what_is_asked_always_comes_to_an_end(
    answers: Answers, asked: Asked, portion: Given
) -> None:
    open_question: Asked | None = asked
    for _ in range(2 * len(Asked)):  # twice, where someone began in the middle
        if open_question is None:
            return
        answers = {**answers, open_question: 0}
        open_question = session(1, portion, answers=answers).question_after(open_question)
    assert open_question is None


def test_every_question_has_a_greatest_answer() -> None:
    assert GREATEST.keys() == set(Asked)


@pytest.mark.parametrize(
    ("answers", "touched", "done"),
    [
        ({}, False, False),
        ({Asked.COMPLETED: FULL}, True, True),
        ({Asked.COMPLETED: PARTIAL}, True, True),
        ({Asked.COMPLETED: NO}, True, False),
        ({Asked.MORNING: 1}, True, False),
    ],
)
def test_touched_is_not_yet_done(answers: Answers, touched: bool, done: bool) -> None:
    asked = session(1, BRIDGE, answers=answers)
    assert (asked.touched, asked.done) == (touched, done)


def test_a_session_says_nothing_about_a_ladder_that_gave_nothing() -> None:
    assert session(1, BRIDGE, answers=CLEAN_DAY).feedback("hinge") is None


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
    sentence: str, portion: Given, travel: bool, step: int, clean: bool
) -> None:
    feedback = session(1, portion, travel=travel, answers=CLEAN_DAY).feedback("bridge")
    assert feedback is not None
    assert (feedback.step, feedback.dose_fraction) == (step, 0.8), sentence
    assert situation(feedback).is_clean(feedback) is clean


def test_whatever_went_wrong_on_the_way_counts() -> None:
    sore = session(1, BRIDGE, travel=True, answers={**CLEAN_DAY, Asked.PAIN: 8})
    feedback = sore.feedback("bridge")
    assert feedback is not None
    assert situation(feedback).is_flawed(feedback)


def test_silence_after_the_last_answer_is_dropped_and_silence_in_between_is_kept() -> None:
    days = [session(1, BRIDGE), session(2, BRIDGE, answers=CLEAN_DAY), session(3, BRIDGE)]
    days += [
        session(4, BRIDGE, answers={Asked.COMPLETED: NO}),
        session(5, BRIDGE),
        session(6, BRIDGE),
    ]
    first = day(0).toordinal()
    assert [f.day - first for f in history(days, "bridge")] == [1, 2, 3, 4]


def test_silence_on_other_ladders_is_no_matter() -> None:
    days = [
        session(1, BRIDGE, answers=CLEAN_DAY),
        session(2, given("hinge", 1, 0.6), answers=CLEAN_DAY),
    ]
    assert len(history(days, "bridge")) == 1
    assert history(days[1:], "bridge") == ()


def test_a_turn_is_a_whole_portion_that_somebody_answered() -> None:
    days = [
        session(1, BRIDGE, given("hinge", 1, 0.6), answers=CLEAN_DAY),
        session(2, given("bridge", 3, 0.8, shown_dose=0.4), answers=CLEAN_DAY),
        session(3, BRIDGE, given("hinge", 1, 0.6)),
    ]
    assert practised(days) == {"bridge": day(1).toordinal(), "hinge": day(1).toordinal()}


def replies(*told: tuple[Asked, int, str | None]) -> list[Reply]:
    return [Reply(number, *one) for number, one in enumerate(told, 1)]


PAIN, SLIP, BREATHS = Asked.PAIN, Asked.COMPENSATION, Asked.BREATH


@pytest.mark.parametrize(
    ("sentence", "told", "bridge", "hinge"),
    [
        ("what is said of one holds for it", [(SLIP, 2, "bridge")], (None, 2, None), (None,) * 3),
        (
            "and the others were fine",
            [(SLIP, 2, "bridge"), (Asked.REST, 0, None)],
            (None, 2, None),
            (None, 0, None),
        ),
        (
            "a word about all takes it back",
            [(SLIP, 2, "bridge"), (SLIP, 1, None)],
            (None, 1, None),
            (None, 1, None),
        ),
        (
            "the last word on the rest counts",
            [(SLIP, 1, None), (SLIP, 2, "bridge"), (Asked.REST, 0, None)],
            (None, 2, None),
            (None, 0, None),
        ),
        (
            "a breath was held where they say",
            [(BREATHS, 2, None), (BREATHS, 2, "hinge")],
            (None, None, 0),
            (None, None, 2),
        ),
        ("or everywhere", [(BREATHS, 1, None)], (None, None, 1), (None, None, 1)),
        (
            "pain in one exercise is not less because of a number for all",
            [(PAIN, 2, None), (PAIN, 6, "hinge")],
            (2, None, None),
            (6, None, None),
        ),
        (
            "until the whole is told anew",
            [(PAIN, 6, "hinge"), (PAIN, 3, None)],
            (3, None, None),
            (3, None, None),
        ),
    ],
)
def test_what_is_said_of_one_exercise(
    sentence: str,
    told: list[tuple[Asked, int, str | None]],
    bridge: tuple[int | None, ...],
    hinge: tuple[int | None, ...],
) -> None:
    kept = session(1, BRIDGE, BAG, answers={}).told(replies(*told))
    said = [
        (one.pain_during, one.compensation, one.breath_holding)
        for one in (kept.feedback("bridge"), kept.feedback("hinge"))
        if one
    ]
    assert said == [bridge, hinge], sentence


def test_what_was_rated_one_by_one_is_not_asked_again() -> None:
    kept = session(1, BRIDGE, BAG, answers={})
    rated = [(SLIP, 0, "bridge"), (Asked.COMPLETED, NO, "hinge")]
    done = [*rated, (Asked.COMPLETED, 1, None), (PAIN, 1, None)]
    assert kept.told(replies(*done)).question is BREATHS
    skipped = kept.told(replies(*done)).feedback("hinge")
    assert skipped is not None
    assert skipped.completed is Completed.NO


def test_an_easier_one_is_shown_and_stands_in_for_the_own() -> None:
    bridge = given("bridge", 3, 0.6)
    kept = session(1, bridge, answers={}).told(replies((Asked.EASIER, 1, "bridge")))
    feedback = kept.feedback("bridge")
    assert feedback is not None
    assert (kept.shown[0].shown_step, feedback.step, feedback.stood_in) == (2, 3, True)
