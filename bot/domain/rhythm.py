"""When a ritual is due: a wall time, on some weekdays, in a zone; and when it waits.

Each local day that the rule names has exactly one occurrence. A wall time that the clock jumps
over moves forward by the jump (02:30 becomes 03:30); one that comes twice counts the first time.
Only a date that a zone left out altogether (Samoa, 30 December 2011) has none. `now` is handed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count
from typing import NamedTuple
from zoneinfo import ZoneInfo

EVERY_DAY = frozenset(range(7))  # 0 is Monday, as in date.weekday()

ONE_DAY = timedelta(days=1)
EVENING = time(19)  # "tonight"
NOON = time(12)  # no clock change has ever jumped over noon without leaving out the whole date


class Occurrence(NamedTuple):
    """One turn of the rule."""

    at: datetime  # in UTC
    day: date  # the day it is for; a jump over midnight may carry `at` into the next one


@dataclass(frozen=True, slots=True, kw_only=True)
class Ritual:
    """A rule that someone keeps."""

    id: int
    wall_time: time
    weekdays: frozenset[int] = EVERY_DAY
    name: str | None = None  # their own; None for that of the hour's set
    minutes: int | None = None  # None for those of the person
    first: bool = (
        True  # that they ever had: the sessions of a day tell the others apart by their ids
    )

    @property
    def key(self) -> int | None:
        """By which a day's session knows it."""
        return None if self.first else self.id

    def instant(self, day: date, zone: ZoneInfo) -> datetime | None:
        """When it comes on a day; None on a day that is not one of its own."""
        return _instant(day, self.wall_time, zone) if day.weekday() in self.weekdays else None


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours on the wall in which nothing makes a sound. They may run over midnight; none if both are one."""

    begins: time = time(22)
    ends: time = time(6)

    def __contains__(self, wall: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= wall < self.ends
        return wall >= self.begins or wall < self.ends

    def wait(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """The end of those that run at an instant; None where none do."""
        if now.astimezone(zone).time() not in self:
            return None
        return next_instant(self.ends, zone, EVERY_DAY, now).at


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing comes, from when it was told until a day."""

    since: datetime
    until: date | None  # the first day with a ritual again; None until they say so

    def covers(self, day: date) -> bool:
        """Whether no ritual comes on that day."""
        return self.until is None or day < self.until


class Snooze(StrEnum):
    """How much later a ritual's card comes once more."""

    HALF = "half"  # an hour
    HOUR = "hour"
    TONIGHT = "tonight"


class Hindrance(StrEnum):
    """What got in the way of several rituals."""

    TIME = "time"  # there was none
    SORE = "sore"
    TRAVEL = "travel"
    FORGOT = "forgot"
    BORED = "bored"
    NOTHING = "nothing"  # all is well


_LATER = {
    Snooze.HALF: timedelta(minutes=30),
    Snooze.HOUR: timedelta(hours=1),
    Snooze.TONIGHT: timedelta(hours=1),  # where the evening has come already
}


def snoozed_until(
    snooze: Snooze, now: datetime, zone: ZoneInfo, quiet: Quiet, day: date
) -> datetime | None:
    """When the card of a day comes once more. Never on another day, and in no quiet hours: at their end."""
    at = _aware(now) + _LATER[snooze]
    if snooze is Snooze.TONIGHT:
        evening = _instant(local_day(now, zone), EVENING, zone)
        at = evening if evening > now else at
    at = quiet.wait(at, zone) or at
    return at if local_day(now, zone) == day == local_day(at, zone) else None


def of_now(
    rituals: Sequence[Ritual], answered: frozenset[int | None], now: datetime, zone: ZoneInfo
) -> Ritual:
    """Which ritual somebody means who asks for today's; `answered` has the keys of those that are over.

    The newest that came and waits, else the next one to come, else the last that came.
    """
    day = local_day(now, zone)
    timed = sorted(((at, r) for r in rituals if (at := r.instant(day, zone))), key=lambda t: t[0])
    if not timed:
        return rituals[0]  # a day without any: it can be done all the same
    came = [ritual for at, ritual in timed if at <= now]
    waiting = [ritual for ritual in reversed(came) if ritual.key not in answered]
    coming = [ritual for at, ritual in timed if at > now and ritual.key not in answered]
    return next(iter((*waiting, *coming, *reversed(came), timed[0][1])))


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
