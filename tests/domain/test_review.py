"""The look back: what changed by enough to matter, and when a clinician's view is suggested."""

from dataclasses import replace

import pytest
from hypothesis import given as random
from hypothesis import strategies as st

from bot.domain.review import Compared, Moved, Review, Shift, look_back, marks, shift, week_due
from bot.domain.session import Asked, Session
from tests.domain.histories import POLICY
from tests.domain.lives import CLEAN_DAY, day, given, session

LIMITS = POLICY.review
BETTER, SAME, LITTLE, WORSE, UNKNOWN = Shift
MORNING = LIMITS.morning_days


def lived(number: int, morning: int | None = None, step: int = 1) -> Session:
    """A day that was practised; how the next one began, if that was told."""
    told = {} if morning is None else {Asked.MORNING: morning}
    done = {asked: value for asked, value in CLEAN_DAY.items() if asked is not Asked.MORNING}
    return session(number, given("bridge", step, 0.6), answers=done | told)


def weeks_of(mornings: list[int], mark: int = 2) -> tuple[Session, ...]:
    """Practised on the first day, and on the last days before a mark, with those mornings."""
    end = mark * LIMITS.every_days
    first = end - len(mornings)
    return lived(0), *(lived(first + n, pain) for n, pain in enumerate(mornings))


def review(
    mornings: list[int] | None = None,
    activity: tuple[int, ...] = (),
    *,
    usual_pain: int = 5,
    mark: int = 2,
) -> Review:
    return look_back(
        mark,
        usual_pain=usual_pain,
        activity=activity,
        sessions=weeks_of(mornings or [], mark),
        day=day(mark * LIMITS.every_days),
        limits=LIMITS,
    )


@pytest.mark.parametrize(
    ("sessions", "today", "passed"),
    [
        ([], 100, 0),
        ([session(0)], 100, 0),  # silence is no practice
        ([session(0, answers={Asked.COMPLETED: 2})], 100, 0),  # nor is "not today"
        ([session(0, answers={Asked.MORNING: 2})], 100, 0),
        ([lived(0)], 0, 0),
        ([lived(0)], 27, 0),
        ([lived(0)], 28, 1),
        ([lived(0)], 55, 1),
        ([lived(0)], 56, 2),
        ([session(0), lived(10), lived(20)], 37, 0),  # from the first that was practised
        ([session(0), lived(10), lived(20)], 38, 1),
        ([session(0, answers={Asked.COMPLETED: 1})], 28, 1),  # a part of it is enough
    ],
)
def test_every_four_weeks_since_something_was_practised(
    sessions: list[Session], today: int, passed: int
) -> None:
    assert marks(sessions, day(today), LIMITS) == passed


@pytest.mark.parametrize(
    ("then", "now", "what"),
    [
        (5, 5, SAME),
        (5, 3.75, SAME),
        (5, 3.5, BETTER),  # 30 %
        (5, 3, BETTER),
        (9, 7.25, SAME),
        (9, 7, BETTER),  # 2 points come before 30 %
        (10, 8, BETTER),
        (3, 2.25, SAME),
        (3, 2, BETTER),
        (5, 6.75, SAME),
        (5, 7, WORSE),
        (2, 2, LITTLE),
        (2, 1, LITTLE),  # 30 % of little is noise
        (2, 0, BETTER),
        (0, 0, LITTLE),  # 30 % of nothing is no success
        (0, 1.75, LITTLE),
        (0, 2, WORSE),
        (2, 4, WORSE),
    ],
)
def test_what_became_of_a_complaint(then: int, now: float, what: Shift) -> None:
    assert shift(then, now, LIMITS) is what


@pytest.mark.parametrize(
    ("usual_pain", "mornings", "activity", "suggests"),
    [
        (5, [5, 5, 5, 5], (), True),
        (5, [5, 5, 5, 5], (4, 4), True),
        (5, [3, 3, 4, 4], (4, 4), False),  # pain got better by 30 %
        (5, [5, 5, 5, 5], (4, 6), False),  # the activity did, by 2 points
        (5, [5, 5, 5, 5], (4, 5), True),
        (5, [], (4, 4), True),
        (5, [], (4, 6), False),
        (5, [5, 5, 5], (), False),  # three mornings say too little: unknown is no reason
        (5, [], (4,), False),
        (5, [], (), False),
        (1, [1, 1, 1, 1], (), False),  # little pain has little room
        (1, [1, 1, 1, 1], (9, 9), False),
        (1, [1, 1, 1, 1], (5, 5), True),  # but what it keeps from had
        (1, [4, 4, 4, 4], (), True),  # it was little, and is not any more
        (2, [0, 0, 0, 0], (5, 5), False),
        (5, [2, 2, 2, 2], (7, 3), False),  # something got better by enough
        (5, [], (10, 10), False),
    ],
)
def test_after_eight_weeks_without_enough_change_a_clinicians_view_is_suggested(
    usual_pain: int, mornings: list[int], activity: tuple[int, ...], suggests: bool
) -> None:
    told = [review(mornings, activity, usual_pain=usual_pain, mark=mark) for mark in (1, 2, 3)]
    assert [one.suggests_clinician for one in told] == [False, suggests, suggests]
    assert [one.weeks for one in told] == [4, 8, 12]


def test_mornings_are_those_of_the_last_two_weeks() -> None:
    end = 2 * LIMITS.every_days
    old = tuple(lived(end - MORNING - n - 1, 0) for n in range(10))[::-1]
    recent = tuple(lived(end - n - 1, 4) for n in range(4))[::-1]
    kept = look_back(
        2, usual_pain=5, activity=(), sessions=old + recent, day=day(end), limits=LIMITS
    )
    assert kept.pain == Compared(then=5, now=4, shift=SAME)
    assert review([1, 2, 3, 4]).pain == Compared(then=5, now=2.5, shift=BETTER)
    assert review([1, 2, 3]).pain == Compared(then=5, now=None, shift=UNKNOWN)


def test_the_first_activity_is_the_baseline_and_the_newest_counts() -> None:
    assert review(activity=(4, 9, 6)).activity == Compared(then=4, now=6, shift=BETTER)
    assert review(activity=(8, 3, 6)).activity == Compared(then=8, now=6, shift=WORSE)
    assert review(activity=(4,)).activity == Compared(then=4, now=None, shift=UNKNOWN)
    assert review().activity == Compared(then=None, now=None, shift=UNKNOWN)


def test_what_was_practised_is_counted_and_where_a_ladder_moved_is_told() -> None:
    side = given("side", 2, 0.6)
    sessions = [
        session(0, given("bridge", 1, 0.6), side, answers=CLEAN_DAY),
        session(1, given("bridge", 9, 0.6)),  # silence
        session(2, given("bridge", 9, 0.6), answers={Asked.COMPLETED: 2}),  # not done
        session(3, given("bridge", 2, 0.6), side, answers=CLEAN_DAY),
        session(9, given("bridge", 3, 0.6), travel=True, answers=CLEAN_DAY),
        session(28, given("bridge", 4, 0.6), answers=CLEAN_DAY),  # the day itself is not over
    ]
    told = look_back(1, usual_pain=5, activity=(), sessions=sessions, day=day(28), limits=LIMITS)
    assert told.sessions == 3
    assert told.moved == (Moved(ladder="bridge", first=1, latest=3),)


nrs = st.integers(0, 10)


@random(
    usual_pain=nrs,
    mornings=st.lists(nrs, min_size=0, max_size=14),
    fall=st.lists(nrs, min_size=14, max_size=14),
    then=nrs,
    now=nrs,
    rise=nrs,
    mark=st.integers(1, 8),
)
def test_a_better_outcome_never_turns_no_suggestion_into_one(
    usual_pain: int,
    mornings: list[int],
    fall: list[int],
    then: int,
    now: int,
    rise: int,
    mark: int,
) -> None:
    lived_so = review(mornings, (then, now), usual_pain=usual_pain, mark=mark)
    calmer = [max(0, pain - less) for pain, less in zip(mornings, fall, strict=False)]
    better = review(calmer, (then, min(10, now + rise)), usual_pain=usual_pain, mark=mark)
    assert lived_so.suggests_clinician or not better.suggests_clinician


@random(usual_pain=nrs, mark=st.integers(1, 20), told=st.lists(nrs, max_size=1))
def test_silence_is_never_a_reason(usual_pain: int, mark: int, told: list[int]) -> None:
    silent = review(activity=tuple(told), usual_pain=usual_pain, mark=mark)
    assert not silent.suggests_clinician


@random(
    usual_pain=nrs, mornings=st.lists(nrs, min_size=4, max_size=14), activity=st.tuples(nrs, nrs)
)
def test_before_eight_weeks_there_is_no_suggestion(
    usual_pain: int, mornings: list[int], activity: tuple[int, int]
) -> None:
    assert not review(mornings, activity, usual_pain=usual_pain, mark=1).suggests_clinician


def test_the_limits_are_the_policys() -> None:
    strict = replace(LIMITS, points=4, fraction=0.9)
    assert shift(5, 2, LIMITS) is BETTER
    assert shift(5, 2, strict) is SAME


@pytest.mark.parametrize(
    ("lived_on", "today", "said", "due"),
    [
        ((), 7, (), False),
        ((0,), 6, (), False),
        ((0,), 7, (), True),
        ((0,), 8, (), False),  # nothing was practised in the last seven days
        ((0, 3), 9, (), True),  # on the next ritual, where that of the day did not come
        ((0, 8), 9, (7,), False),
        ((0, 13), 14, (7,), True),
        ((0, 13), 15, (7, 14), False),
        ((0, 40), 41, (35,), False),  # a look back over four weeks that came late has its week
        ((0, 41), 42, (35,), True),
        ((7,), 7, (), False),  # the day itself has only begun
    ],
)
def test_when_a_week_is_looked_back_on(
    lived_on: tuple[int, ...], today: int, said: tuple[int, ...], due: bool
) -> None:
    sessions = [lived(number) for number in lived_on]
    assert week_due(sessions, day(today), map(day, said), LIMITS) is due
