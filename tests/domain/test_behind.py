"""What led to a decision: how the last turns went, by the worst that was told; silence stays silence."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.domain.behind import TURNS, Sign, Turn, Went, turns
from bot.domain.session import BELOW, Asked
from tests.domain.lives import CLEAN_DAY, course_of, day, given, person, session

USUAL = 3
FULL = {**CLEAN_DAY, Asked.PAIN: 2, Asked.MORNING: 2}
NOBODY: Mapping[Asked, int] = {}


def seen(*told: Mapping[Asked, int]) -> tuple[Turn, ...]:
    """Of days with these answers, on the second step of a ladder."""
    lived = [session(n, given("bridge", 2, 0.6), answers=one) for n, one in enumerate(told)]
    return turns(course_of(person(usual_pain=USUAL), *lived, today=len(told)).situations["bridge"])


@pytest.mark.parametrize(
    ("told", "went", "sign"),
    [
        ({}, Went.CALM, None),
        ({Asked.PAIN: 5}, Went.A_LITTLE, Sign.PAIN),
        ({Asked.PAIN: 7}, Went.MUCH, Sign.PAIN),
        ({Asked.MORNING: 5}, Went.A_LITTLE, Sign.MORNING),
        ({Asked.MORNING: 8}, Went.MUCH, Sign.MORNING),
        ({Asked.COMPENSATION: 1}, Went.A_LITTLE, Sign.MUSCLES),
        ({Asked.COMPENSATION: 2, Asked.PAIN: 5}, Went.MUCH, Sign.MUSCLES),
        ({Asked.BREATH: 2}, Went.MUCH, Sign.BREATH),
        ({Asked.COMPLETED: 1}, Went.A_LITTLE, Sign.PARTLY),
    ],
)
def test_a_turn_went_as_the_worst_that_was_told(
    told: Mapping[Asked, int], went: Went, sign: Sign | None
) -> None:
    assert seen({**FULL, **told}) == (Turn(day=day(0), step=2, went=went, sign=sign),)


def test_silence_is_no_sign_and_no_calm() -> None:
    without_morning: Mapping[Asked, int] = {
        asked: value for asked, value in FULL.items() if asked is not Asked.MORNING
    }
    silent, open_, left_out, _ = seen(NOBODY, without_morning, {Asked.COMPLETED: 2}, FULL)
    assert [(one.went, one.sign) for one in (silent, open_)] == [(Went.OPEN, None)] * 2
    assert left_out.went is Went.LEFT_OUT


def test_the_last_turns_are_told_oldest_first() -> None:
    told = seen(*[FULL] * (TURNS + 3))
    assert [one.day for one in told] == [day(n) for n in range(3, TURNS + 3)]


def test_an_exercise_that_is_gone_was_no_turn() -> None:
    lived = session(0, given("bridge", 2, 0.6), answers=FULL)
    gone = replace(lived, given=(replace(lived.given[0], shown_step=BELOW),))
    course = course_of(person(usual_pain=USUAL), gone, today=1)
    assert turns(course.situations["bridge"]) == ()
