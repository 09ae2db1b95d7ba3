"""Which numbers surprise, and which of them still wait for a yes."""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given as random
from hypothesis import settings
from hypothesis import strategies as st

from bot.domain.doubt import Doubt, doubt, is_surprising, usual
from bot.domain.feedback import Completed
from bot.domain.opinion import Reason
from bot.domain.session import ASKED_BACK, Asked, Session
from tests.domain.histories import POLICY
from tests.domain.lives import CLEAN_DAY, Answers, course_of, given, person, session

SLIP = POLICY.slip
BRIDGE, HINGE = given("bridge", 1, 0.6), given("hinge", 1, 0.6)
NINE: Answers = {**CLEAN_DAY, Asked.PAIN: 9}
CALM = tuple(session(number, BRIDGE, answers=CLEAN_DAY) for number in range(5))


@pytest.mark.parametrize(
    ("sentence", "pain", "earlier", "surprising"),
    [
        ("far above", 9, [2, 2, 2, 2, 2], True),
        ("as high and as far as it takes", 8, [3, 3, 3, 3, 3], True),
        ("not high enough", 7, [0, 0, 0, 0, 0], False),
        ("not far enough", 8, [4, 4, 4, 4, 4], False),
        ("too few to compare with", 9, [2, 2, 2, 2], False),
        ("nothing to compare with", 10, [], False),
        ("one odd answer moves no median", 9, [2, 2, 10, 2, 2], True),
        ("only the last few count", 9, [9, 9, 9, 9, 9, 2, 2, 2, 2, 2], True),
        ("and only the last few", 9, [2, 2, 2, 2, 2, 9, 9, 9, 9, 9], False),
    ],
)
def test_what_surprises(sentence: str, pain: int, earlier: list[int], surprising: bool) -> None:
    assert is_surprising(pain, earlier, SLIP) is surprising, sentence


def test_the_usual_is_the_median_of_the_last_few() -> None:
    assert usual([9, 1, 2, 3, 4, 10], SLIP) == 3
    assert usual([1, 2, 3, 4], SLIP) is None


def in_doubt(latest: Session, past: Sequence[Session], asked: Asked = Asked.PAIN) -> Doubt | None:
    return doubt(latest, asked, (*past, latest), SLIP)


@pytest.mark.parametrize(
    ("sentence", "answers", "value"),
    [
        ("a high number", NINE, 9),
        ("nothing else is answered yet", {Asked.COMPLETED: 0, Asked.PAIN: 9}, 9),
        ("all else is anything but clean", {**NINE, Asked.BREATH: 2, Asked.COMPENSATION: 2}, 9),
        ("another number was confirmed", {**NINE, Asked.PAIN_CONFIRMED: 8}, 9),
        ("another question's number was confirmed", {**NINE, Asked.MORNING_CONFIRMED: 9}, 9),
        ("confirmed", {**NINE, Asked.PAIN_CONFIRMED: 9}, None),
        ("a usual number", CLEAN_DAY, None),
        ("not told", {Asked.COMPLETED: 0}, None),
        ("not done after all", {**NINE, Asked.COMPLETED: Completed.NO}, None),
    ],
)
def test_a_surprising_number_waits_until_it_is_confirmed(
    sentence: str, answers: Answers, value: int | None
) -> None:
    latest = session(5, BRIDGE, answers=answers)
    found = in_doubt(latest, CALM)
    assert (found and found.value) == value, sentence
    if found is not None:
        assert found == Doubt(session=latest, asked=Asked.PAIN, value=9, usual=2)


def test_mornings_are_compared_with_mornings() -> None:
    latest = session(5, BRIDGE, answers={**NINE, Asked.MORNING: 8})
    sore = [replace(s, answers={**s.answers, Asked.MORNING: 6}) for s in CALM]
    assert in_doubt(latest, sore, Asked.MORNING) is None
    assert in_doubt(latest, sore) is not None
    found = in_doubt(latest, CALM, Asked.MORNING)
    assert found == Doubt(session=latest, asked=Asked.MORNING, value=8, usual=2)


def test_a_day_counts_once_with_its_worst_number_and_later_days_not_at_all() -> None:
    latest = session(5, BRIDGE, answers=NINE)
    twice = [replace(session(4, BRIDGE, answers={**CLEAN_DAY, Asked.PAIN: 1}), id=40)]
    assert in_doubt(latest, [*CALM[1:], *twice]) is None  # five sessions, and four days
    later = [session(number, BRIDGE, answers=NINE) for number in range(6, 12)]
    assert doubt(latest, Asked.PAIN, (*CALM, latest, *later), SLIP) is not None


def test_one_ladder_is_enough_to_surprise() -> None:
    """Its own numbers were low; the other days, without it, were not."""
    other = [session(n, HINGE, answers={**CLEAN_DAY, Asked.PAIN: 6}) for n in range(5, 10)]
    past = (*CALM, *other)
    assert in_doubt(session(10, HINGE, answers=NINE), past) is None
    found = in_doubt(session(10, HINGE, BRIDGE, answers=NINE), past)
    assert found is not None
    assert found.usual == 2


numbers = st.sampled_from([0, 1, 2, 2, 2, 3, 5, 8, 9, 10])


@st.composite
def weeks(draw: st.DrawFn) -> tuple[Session, ...]:
    """Days on some ladders, with a set on the way here and there; the last number is high."""
    days = draw(st.integers(4, 14))
    lived: list[Session] = []
    for number in range(days):
        for travel in (False, True)[: draw(st.integers(1, 2)) if number % 4 == 3 else 1]:
            answers = {Asked.PAIN: draw(numbers), Asked.MORNING: draw(numbers)}
            if number == days - 1:
                answers = {Asked.PAIN: draw(st.integers(8, 10)), Asked.MORNING: 2}
                answers |= draw(st.dictionaries(st.sampled_from([*ASKED_BACK.values()]), numbers))
            ladders = draw(st.sampled_from([(BRIDGE,), (HINGE,), (BRIDGE, HINGE)]))
            kept = session(number, *ladders, travel=travel, answers={**CLEAN_DAY, **answers})
            lived.append(replace(kept, id=len(lived)))
    return tuple(lived)


@settings(max_examples=300)
@random(weeks())
def test_whatever_r7_waits_for_is_asked_back(lived: tuple[Session, ...]) -> None:
    today = max((s.day - lived[0].day).days for s in lived) + 1
    decided = course_of(person(), *lived, today=today).decisions.values()
    asked = [s for s in lived if s.day == lived[-1].day and doubt(s, Asked.PAIN, lived, SLIP)]
    if any(Reason.SURPRISING_PAIN in decision.reasons for decision in decided):
        assert asked


@random(weeks(), st.sampled_from([*ASKED_BACK]))
def test_a_confirmed_number_is_never_doubted_again(
    lived: tuple[Session, ...], asked: Asked
) -> None:
    *past, latest = lived
    confirmed = {**latest.answers, ASKED_BACK[asked]: latest.answers[asked]}
    latest = replace(latest, answers=confirmed)
    assert in_doubt(latest, past, asked) is None
    feedback = latest.feedback(latest.given[0].ladder)
    assert feedback is not None
    assert feedback.confirmed or asked is not Asked.PAIN


def test_nothing_is_confirmed_before_there_is_a_number() -> None:
    silent = session(5, BRIDGE, answers=MappingProxyType({}))
    assert not silent.stands(Asked.PAIN)
    assert not replace(silent, answers={Asked.PAIN_CONFIRMED: 9}).stands(Asked.PAIN)
