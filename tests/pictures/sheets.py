"""Progress to draw: a few days, weeks with gaps, and whole months."""

import datetime as dt
from dataclasses import replace

from bot.domain.progress import Kept, Progress, progress
from bot.domain.session import Asked
from bot.pictures.pain import PainLabels
from bot.pictures.progress import Labels
from tests.domain.histories import POLICY
from tests.domain.lives import CLEAN_DAY, Answers, Walk, catalogue, day, person

LABELS = Labels(
    title="Your progress",
    about="All of it in words.",
    day="today",
    pain="Pain",
    chart=PainLabels(
        waking="on waking",
        during="during",
        usual="your usual: 5",
        none="No numbers yet",
        dates=["begin", "middle", "end"],
        marks={day(28 * n): f"{4 * n} weeks" for n in range(1, 27)},
    ),
    steps="Your steps",
    stands={slug: f"3 of {ladder.top}" for slug, ladder in catalogue().ladders.items()},
    names={slug: ladder.name for slug, ladder in catalogue().ladders.items()},
    days="Your days",
    weekdays=["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"],
    weeks=["one", "two", "three", "four"],
    kept={kept: kept.value for kept in Kept if kept is not Kept.OUTSIDE},
    consistency="Consistency",
    band="Part of most days",
)


def answers(number: int) -> Answers:
    """Some mornings are better than others; now and then only a part is done, or nothing is said."""
    if number % 11 == 5:
        return {}
    if number % 13 == 7:
        return {Asked.COMPLETED: 2}
    done = {Asked.COMPLETED: 1} if number % 9 == 4 else {}
    return {**CLEAN_DAY, **done, Asked.PAIN: number % 4, Asked.MORNING: number % 3 + 1}


def lived(days: int, *, free: frozenset[int] = frozenset()) -> Progress:
    """As of the day after so many; no ritual comes on free days."""
    numbers = [number for number in range(days) if number not in free]
    walk = Walk(person(usual_pain=5)).live(numbers, answers)
    told = progress(
        walk.sessions,
        {day(number) for number in numbers},
        usual_pain=5,
        ladders=catalogue().ladders,
        day=day(days),
        policy=POLICY,
    )
    assert told is not None
    return told


def silent(told: Progress) -> Progress:
    """The same, with no number told."""
    return replace(told, waking={}, during={})


def with_day(told: Progress, back: int, kept: Kept) -> Progress:
    """The same, with another end of one day."""
    date = told.day - dt.timedelta(days=back)
    return replace(told, days={**told.days, date: kept})
