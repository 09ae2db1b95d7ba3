"""What there is to see: each end of a day apart, pain by its day, and ladders from where they began."""

import pytest

from bot.domain.consistency import Band
from bot.domain.progress import Kept, Progress, progress
from bot.domain.session import BELOW, Asked, Session
from tests.domain.histories import POLICY
from tests.domain.lives import CLEAN_DAY, catalogue, day, given, session

TODAY = 28


def told(*sessions: Session, came: set[int] | None = None, today: int = TODAY) -> Progress:
    known = {one.day for one in sessions} if came is None else {day(number) for number in came}
    seen = progress(
        sessions,
        known,
        usual_pain=4,
        ladders=catalogue().ladders,
        day=day(today),
        policy=POLICY,
    )
    assert seen is not None
    return seen


FIRST = session(0, given("bridge", 1, 0.6), answers=CLEAN_DAY)


def test_before_anything_was_practised_there_is_nothing_to_see() -> None:
    silent = session(3, given("bridge", 1, 0.6))
    seen = progress(
        [silent],
        {silent.day},
        usual_pain=4,
        ladders=catalogue().ladders,
        day=day(TODAY),
        policy=POLICY,
    )
    assert seen is None


@pytest.mark.parametrize(
    ("answers", "came", "kept"),
    [
        ({Asked.COMPLETED: 0}, True, Kept.DONE),
        ({Asked.COMPLETED: 0}, False, Kept.DONE),  # asked for, on a day without a ritual
        ({Asked.COMPLETED: 1}, True, Kept.PARTLY),
        ({Asked.COMPLETED: 2}, True, Kept.NOT_TODAY),
        ({Asked.COMPLETED: 2}, False, Kept.FREE),
        ({}, True, Kept.SILENT),
        ({}, False, Kept.FREE),  # looked at, or sent too late
    ],
)
def test_what_became_of_a_day(answers: dict[Asked, int], came: bool, kept: Kept) -> None:
    seen = told(FIRST, session(9, answers=answers), came={9} if came else set())
    assert seen.days[day(9)] is kept


def test_a_day_with_two_sessions_is_as_good_as_the_better_one() -> None:
    both = session(9, answers={Asked.COMPLETED: 2}), session(9, answers={Asked.COMPLETED: 0})
    assert told(FIRST, *both).days[day(9)] is Kept.DONE


def test_a_set_on_the_way_counts_once_it_is_done_and_its_silence_is_none() -> None:
    away = session(9, travel=True), session(10, travel=True, answers={Asked.COMPLETED: 0})
    seen = told(FIRST, *away)
    assert (seen.days[day(9)], seen.days[day(10)]) == (Kept.FREE, Kept.DONE)


def test_the_day_itself_counts_only_once_something_was_practised() -> None:
    open_, done = session(TODAY), session(TODAY, answers={Asked.COMPLETED: 0})
    assert told(FIRST, open_).days[day(TODAY)] is Kept.OUTSIDE
    assert told(FIRST, open_).consistency == told(FIRST).consistency
    assert told(FIRST, done).days[day(TODAY)] is Kept.DONE


def test_days_without_a_ritual_lower_nothing_and_silent_ones_do_softly() -> None:
    paused = told(FIRST, came={0})
    ignored = told(FIRST, *(session(n) for n in range(1, 8)))
    assert paused.consistency > ignored.consistency > paused.consistency / 2
    assert paused.band is Band.SETTLING


def test_four_weeks_end_with_the_day_and_what_was_before_is_outside() -> None:
    seen = told(session(20, answers=CLEAN_DAY))
    assert len(seen.days) == 28
    assert max(seen.days) == day(TODAY)
    assert {seen.days[day(n)] for n in range(1, 20)} == {Kept.OUTSIDE}
    assert seen.days[day(21)] is Kept.FREE


def test_pain_stands_on_its_day_the_worst_of_it_and_a_morning_on_the_next() -> None:
    twice = (
        session(5, answers={**CLEAN_DAY, Asked.PAIN: 3, Asked.MORNING: 1}),
        session(5, answers={**CLEAN_DAY, Asked.PAIN: 1, Asked.MORNING: 2}),
    )
    seen = told(*twice)
    assert (seen.during, seen.waking) == ({day(5): 3}, {day(6): 2})
    assert seen.lately(seen.during) is None
    assert told(*twice, today=9).lately(seen.waking) == 2


def test_a_ladder_is_told_from_its_first_step_to_its_latest_if_it_was_practised() -> None:
    seen = told(
        FIRST,
        session(3, given("hinge", 2, 1.0)),  # nobody answered
        session(5, given("bridge", 3, 0.6), answers=CLEAN_DAY),
    )
    [bridge] = seen.ladders
    assert (bridge.ladder, bridge.first, bridge.latest) == ("bridge", 1, 3)
    assert bridge.reached == ((day(0), 1), (day(5), 3))


def test_an_exercise_that_was_taken_out_is_no_step() -> None:
    gone = session(3, given("bridge", BELOW, 0.6), answers=CLEAN_DAY)
    [bridge] = told(FIRST, gone).ladders
    assert bridge.reached == ((day(0), 1),)


@pytest.mark.parametrize(
    ("today", "weeks"), [(27, []), (28, [4]), (56, [4, 8]), (140, [12, 16, 20])]
)
def test_the_looks_back_on_the_axis_are_marked(today: int, weeks: list[int]) -> None:
    assert [*told(FIRST, today=today).marks.values()] == weeks


@pytest.mark.parametrize(("today", "weeks"), [(0, 2), (13, 2), (14, 3), (60, 9), (700, 12)])
def test_the_axis_is_as_long_as_what_was_lived_within_limits(today: int, weeks: int) -> None:
    seen = told(FIRST, today=today)
    assert (seen.day - seen.since).days + 1 == weeks * 7
