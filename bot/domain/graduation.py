"""Fewer days a week, where things have gone well for long: offered and praised; staying daily is as good.

Keeping takes less than gaining: two or three days a week maintain strength (ACSM 2009,
10.1249/MSS.0b013e3181915670; Bickel 2011, 10.1249/MSS.0b013e318207c15d; both recalled). When it is offered is
inference; each number stands in the policy's section graduation.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import combinations
from statistics import median

from bot.domain.policy import Policy
from bot.domain.progress import Progress
from bot.domain.session import Session
from bot.domain.zones import Zone, zone_next_morning

FEWER = 5  # what those who practise on more days are offered first


def days_offered(
    sessions: Sequence[Session],  # oldest first
    told: Progress,
    weekdays: frozenset[int],
    flares: Iterable[dt.date],
    policy: Policy,
) -> int | None:
    """How many days a week are offered, in the week after every look back; None for as many as there are."""
    limits, number = policy.graduation, len(weekdays)
    fewer = FEWER if number > FEWER else number - 1
    weeks = told.weeks
    if fewer < limits.fewest_days or weeks <= limits.from_weeks:
        return None
    if (weeks - limits.from_weeks - 1) % limits.every_weeks:
        return None
    begin = told.day - dt.timedelta(days=limits.steady_days)
    steady = (
        told.consistency >= limits.consistency
        and not any(begin <= day <= told.day for day in flares)
        and _mornings_green(told, begin, policy)
        and _settled(sessions, told, begin) >= limits.ladders
    )
    return fewer if steady else None


def spread(weekdays: frozenset[int], number: int) -> frozenset[int]:
    """So many of these days, with rest in between: near days weigh most, then those next but one."""
    if number >= len(weekdays):
        return weekdays
    return min(map(frozenset, combinations(sorted(weekdays), number)), key=_crowding)


def _crowding(chosen: frozenset[int]) -> tuple[int, ...]:
    days = sorted(chosen)
    return tuple(
        sum(((days[(n + apart) % len(days)] - day) % 7) ** 2 for n, day in enumerate(days))
        for apart in (1, 2)
    )


def _mornings_green(told: Progress, begin: dt.date, policy: Policy) -> bool:
    """All that were told, and enough were; by their own median where that is below the usual pain."""
    mornings = [pain for day, pain in told.waking.items() if begin < day <= told.day]
    if len(mornings) < policy.graduation.least_mornings:
        return False
    reference = min(median(mornings), told.usual_pain)
    zones = (zone_next_morning(pain, reference, policy.pain_next_morning) for pain in mornings)
    return all(zone is Zone.GREEN for zone in zones)


def _settled(sessions: Iterable[Session], told: Progress, begin: dt.date) -> float:
    """The share of ladders that are at their top, or have stayed on one step."""
    steps: dict[str, set[int]] = {}
    for session in sessions:
        if session.done and begin <= session.day <= told.day:
            for given in session.shown:
                steps.setdefault(given.ladder, set()).add(given.step)
    stayed = [
        stood.latest == stood.top or len(steps.get(stood.ladder, ())) == 1 for stood in told.ladders
    ]
    return sum(stayed) / len(stayed) if stayed else 0.0
