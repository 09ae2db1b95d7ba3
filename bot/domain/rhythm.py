"""When a ritual is due: a wall time, on some weekdays, in a zone.

Each local day that the rule names has exactly one occurrence. A wall time that the clock jumps
over moves forward by the jump (02:30 becomes 03:30); one that comes twice counts the first time.
Only a date that a zone left out altogether (Samoa, 30 December 2011) has none. `now` is handed in.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import NamedTuple
from zoneinfo import ZoneInfo

EVERY_DAY = frozenset(range(7))  # 0 is Monday, as in date.weekday()

ONE_DAY = timedelta(days=1)
NOON = time(12)  # no clock change has ever jumped over noon without leaving out the whole date


class Occurrence(NamedTuple):
    """One turn of the rule."""

    at: datetime  # in UTC
    day: date  # the day it is for; a jump over midnight may carry `at` into the next one


def local_day(now: datetime, zone: ZoneInfo) -> date:
    """The date on the wall, in that zone, at that instant."""
    return _aware(now).astimezone(zone).date()


def next_instant(
    wall: time, zone: ZoneInfo, weekdays: frozenset[int], after: datetime
) -> Occurrence:
    """The first occurrence strictly after an instant."""
    _check(wall, weekdays)
    eve = local_day(after, zone) - ONE_DAY  # yesterday's may have been carried past midnight
    days = (eve + n * ONE_DAY for n in count())
    occurrences = (
        Occurrence(_instant(day, wall, zone), day)
        for day in days
        if day.weekday() in weekdays and _exists(day, zone)
    )
    return next(occurrence for occurrence in occurrences if occurrence.at > after)


def next_day_beyond(
    wall: time, zone: ZoneInfo, weekdays: frozenset[int], after: datetime, last: date | None
) -> Occurrence:
    """The first occurrence strictly after an instant whose day lies beyond another.

    In one zone every next occurrence does; where the zone changes, a day may come up again.
    """
    occurrence = next_instant(wall, zone, weekdays, after)
    while last is not None and occurrence.day <= last:
        occurrence = next_instant(wall, zone, weekdays, occurrence.at)
    return occurrence


def today_late(
    wall: time, zone: ZoneInfo, weekdays: frozenset[int], now: datetime, last: date | None
) -> bool:
    """Today is a day of the rule and had no ritual, and its time has passed."""
    day = local_day(now, zone)
    if day.weekday() not in weekdays or (last is not None and day <= last):
        return False
    return _instant(day, wall, zone) <= now


def _instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """With fold=0 zoneinfo does both: it reads a jumped-over time with the offset from before
    the jump, which lands as much later, and a doubled time as its first coming (PEP 495)."""
    return datetime.combine(day, wall.replace(fold=0), tzinfo=zone).astimezone(UTC)


def _exists(day: date, zone: ZoneInfo) -> bool:
    return _instant(day, NOON, zone).astimezone(zone).date() == day


def _check(wall: time, weekdays: frozenset[int]) -> None:
    if wall.tzinfo is not None:
        raise ValueError("a wall time has no zone of its own")
    if not weekdays or not weekdays <= EVERY_DAY:
        raise ValueError(f"weekdays are some of 0 (Monday) to 6, not {sorted(weekdays)}")


def _aware(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no zone, so it names no instant")
    return moment
