"""Fewer days a week: offered after long calm weeks only, spread well, and no gap in themselves."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from bot.domain.decision import Action, Reason
from bot.domain.graduation import days_offered, spread
from bot.domain.progress import progress
from bot.domain.rhythm import EVERY_DAY
from bot.domain.session import Asked, Session
from tests.domain.histories import POLICY
from tests.domain.lives import CLEAN_DAY, Walk, catalogue, course_of, day, given, person, session

THIRTEEN_WEEKS = 91
Change = Callable[[int, Session], Session]


def calm(number: int) -> Session:
    return session(number, given("bridge", 3, 1.0), given("hinge", 2, 1.0), answers=CLEAN_DAY)


def offered(
    *changes: tuple[range, Change],
    today: int = THIRTEEN_WEEKS,
    weekdays: frozenset[int] = EVERY_DAY,
    flares: tuple[int, ...] = (),
) -> int | None:
    """After calm days up to today, some of them otherwise."""
    sessions = []
    for number in range(today):
        one = calm(number)
        for days, change in changes:
            one = change(number, one) if number in days else one
        sessions.append(one)
    seen = progress(
        sessions,
        {day(number) for number in range(today)},
        usual_pain=2,
        ladders=catalogue().ladders,
        day=day(today),
        policy=POLICY,
    )
    assert seen is not None
    return days_offered(sessions, seen, weekdays, map(day, flares), POLICY)


def answered(**answers: int) -> Change:
    told = {Asked(name): value for name, value in answers.items()}
    return lambda _, one: replace(one, answers={**one.answers, **told})


def silent_morning(_: int, one: Session) -> Session:
    return replace(one, answers={k: v for k, v in one.answers.items() if k is not Asked.MORNING})


def climbing(number: int, one: Session) -> Session:
    steps = [replace(g, step=g.step + (number >= 80)) for g in one.given]
    return replace(one, given=tuple(steps))


def test_after_long_calm_weeks_five_days_are_offered_then_four_then_three() -> None:
    assert offered() == 5
    assert offered(weekdays=frozenset(range(5))) == 4
    assert offered(weekdays=frozenset({0, 2, 4, 6})) == 3
    assert offered(weekdays=frozenset({0, 2, 4})) is None


@pytest.mark.parametrize("week", range(1, 30))
def test_it_comes_after_twelve_weeks_and_then_every_fourth(week: int) -> None:
    assert (offered(today=week * 7) is not None) is (week in (13, 17, 21, 25, 29))


@pytest.mark.parametrize(
    ("days", "change"),
    [
        (range(85, 86), answered(pain_next_morning=5)),  # one sore morning
        (range(63, 91), silent_morning),  # too few were told
        (range(63, 91), climbing),  # on all ladders, still
        (range(71, 91, 2), answered(completed=2)),  # half of the days
        (range(84, 91), lambda _, one: replace(one, answers={})),  # or a week of silence
    ],
)
def test_what_speaks_against_it(days: range, change: Change) -> None:
    assert offered((days, change)) is None


def test_a_flare_in_the_last_four_weeks_speaks_against_it_and_an_older_one_does_not() -> None:
    assert offered(flares=(80,)) is None
    assert offered(flares=(20,)) == 5


def test_half_of_the_ladders_may_still_climb() -> None:
    def one_climbs(number: int, one: Session) -> Session:
        bridge, hinge = one.given
        return replace(one, given=(replace(bridge, step=3 + (number >= 80)), hinge))

    assert offered((range(THIRTEEN_WEEKS), one_climbs)) == 5


@pytest.mark.parametrize(
    ("number", "days"), [(5, {0, 1, 2, 4, 5}), (4, {0, 1, 3, 5}), (3, {0, 2, 4})]
)
def test_the_days_are_spread_over_the_week(number: int, days: set[int]) -> None:
    assert spread(EVERY_DAY, number) == days


@for_all(st.frozensets(st.sampled_from(range(7)), min_size=3), st.integers(3, 7))
def test_no_day_is_chosen_that_was_not_theirs_and_no_rest_is_needlessly_long(
    weekdays: frozenset[int], number: int
) -> None:
    chosen = spread(weekdays, number)
    assert chosen <= weekdays
    assert len(chosen) == min(number, len(weekdays))
    if weekdays == EVERY_DAY:
        days = [*sorted(chosen), min(chosen) + 7]
        assert max(later - earlier for earlier, later in pairwise(days)) <= 3


def gaps(days_a_week: int) -> int:
    """How often R5 takes something off in twelve calm weeks on fewer days, of ten minutes each."""
    walk = Walk(person(minutes=10)).live(range(28), lambda _: CLEAN_DAY)
    walk.person = replace(walk.person, days=days_a_week)
    weekdays = spread(EVERY_DAY, days_a_week)
    walk.live([n for n in range(28, 112) if n % 7 in weekdays], lambda _: CLEAN_DAY)
    return sum(
        lived.decisions[portion.ladder].action is Action.DELOAD_AFTER_GAP
        for lived in walk.days
        for portion in lived.sequence.portions
    )


@pytest.mark.parametrize("days_a_week", [5, 4, 3])
def test_fewer_days_are_no_gap_by_themselves(days_a_week: int) -> None:
    assert gaps(days_a_week) <= gaps(7) + 2  # ladders that fill what is left come rarely anyway


@pytest.mark.parametrize(
    ("away", "days", "reason"),
    [
        (6, 3, Reason.AT_THE_TOP),
        (7, 7, Reason.SHORT_GAP),
        (7, 3, Reason.SHORT_GAP),  # a week without anything is a gap, whatever the days
        (14, 3, Reason.LONG_GAP),
    ],
)
def test_a_week_without_anything_stays_a_gap(away: int, days: int, reason: Reason) -> None:
    top = catalogue().ladders["bridge"].top
    lived = [session(n, given("bridge", top, 1.0), answers=CLEAN_DAY) for n in range(10)]
    course = course_of(replace(person(), days=days), *lived, today=9 + away)
    assert course.decisions["bridge"].reasons[0] is reason
