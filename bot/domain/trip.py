"""Days away from home: until when, with which set, and by whose clock.

A trip is told again whenever something about it changes; of all that was told up to a moment the newest
counts. It is over at the first midnight that begins the day of the return, at home or where they are: from
then on home keeps the dates, and none of them is lived by two clocks.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.rhythm import Occurrence, next_day_beyond


class Asks(StrEnum):
    """What waits to be told about a trip, in this order; the last one only by who keeps the local time."""

    UNTIL = "until"
    SET = "set"
    CLOCK = "clock"
    TOWN = "town"


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Home again, and after how many days."""

    on: dt.date
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """As it was told at one time."""

    told_at: dt.datetime
    from_day: dt.date  # where they were
    until_day: dt.date  # home again
    set_id: str  # for the way, every day of it
    zone: str | None = None  # whose wall time the ritual keeps; None is home's

    @property
    def days(self) -> int:
        """Away, from the first to the day of the return."""
        return (self.until_day - self.from_day).days

    def over_at(self, home: str) -> dt.datetime:
        """The first midnight of the day of the return."""
        zones = (home, self.zone or home)
        midnights = (dt.datetime.combine(self.until_day, dt.time(), ZoneInfo(z)) for z in zones)
        return min(midnight.astimezone(dt.UTC) for midnight in midnights)

    def covers(self, day: dt.date) -> bool:
        """A day of it, before the return."""
        return self.from_day <= day < self.until_day


def trip_at(trips: Sequence[Trip], home: str, moment: dt.datetime) -> Trip | None:
    """The one that runs at a moment; they stand in the order in which they were told."""
    told = [trip for trip in trips if trip.told_at <= moment]
    return told[-1] if told and moment < told[-1].over_at(home) else None


def zone_at(trips: Sequence[Trip], home: str, moment: dt.datetime) -> str:
    """Whose wall time counts at a moment."""
    trip = trip_at(trips, home, moment)
    return trip.zone if trip and trip.zone else home


def last_return(trips: Sequence[Trip], day: dt.date) -> Return | None:
    """Where someone has come home from the last trip by a day."""
    if not trips or trips[-1].until_day > day:
        return None
    return Return(on=trips[-1].until_day, days=trips[-1].days)


def next_ritual(
    wall: dt.time,
    weekdays: frozenset[int],
    home: str,
    trips: Sequence[Trip],
    after: dt.datetime,
    last: dt.date | None,
) -> Occurrence:
    """The first occurrence after a moment, for a date beyond the last one that had its ritual.

    By the clock of the trip as long as it runs, then by the one at home. Whoever flies against the sun lives
    a date twice, and has its ritual once.
    """
    trip = trip_at(trips, home, after)
    if trip is not None and trip.zone is not None:
        there = next_day_beyond(wall, ZoneInfo(trip.zone), weekdays, after, last)
        if there.at < trip.over_at(home):
            return there
    return next_day_beyond(wall, ZoneInfo(home), weekdays, after, last)
