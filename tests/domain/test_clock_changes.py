"""The time table: every zone there is, every night in five years on which its clock changes, and the hours
that such nights leave out or have twice. What is expected is found from the offsets alone, not from folds.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.domain.rhythm import EVERY_DAY, Occurrence, next_instant

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
ONE_DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
LOOKED_AT = timedelta(
    days=4
)  # no clock goes there and back in so few: Ramadan's goes back after weeks
WALLS = [time(0), time(0, 15), time(1, 30), time(2, 30), time(3), time(23, 45)]

Change = tuple[datetime, timedelta, timedelta]  # when, the offset before, the offset after


def offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    found = moment.astimezone(zone).utcoffset()
    assert found is not None
    return found


def changes(zone: ZoneInfo, first: datetime = FIRST, last: datetime = LAST) -> Iterator[Change]:
    """Each change of a zone's clock, to the second."""
    before = offset(zone, first)
    while first < last:
        latest = first + LOOKED_AT
        after = offset(zone, latest)
        if before != after:
            earliest = first
            while latest - earliest > SECOND:
                middle = earliest + (latest - earliest) // (2 * SECOND) * SECOND
                still = offset(zone, middle) == before
                earliest, latest = (middle, latest) if still else (earliest, middle)
            yield latest, before, after
        first, before = first + LOOKED_AT, after


@cache
def clocks() -> Mapping[tuple[Change, ...], Sequence[str]]:
    """The zones, by what their clocks do; several names may share a clock."""
    found: dict[tuple[Change, ...], list[str]] = {}
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        nights = tuple(changes(zone)) or ((FIRST, offset(zone, FIRST), offset(zone, FIRST)),)
        found.setdefault(nights, []).append(name)
    return found


def due(day: date, wall: time, change: Change) -> datetime | None:
    """When a wall time of a day near a change is; None where that date was left out altogether."""
    at, before, after = change
    asked = datetime.combine(day, wall, UTC)
    if asked - before < at:
        return asked - before  # still by the old clock: of a time that comes twice the first
    if asked - after >= at:
        return asked - after
    left_out = at + before, at + after  # on the wall: from here, and to here
    if left_out[0] <= datetime.combine(day, time(), UTC) and (
        datetime.combine(day + ONE_DAY, time(), UTC) <= left_out[1]
    ):
        return None
    moved = asked - before  # forward by the jump
    assert at <= moved < at + (after - before)
    return moved


def assert_each_day_has_one(name: str, wall: time, change: Change) -> None:
    """From two days before to three days after, in a chain as the bot plans, and from any moment near."""
    zone, (at, before, _) = ZoneInfo(name), change
    night = (at + before).date()
    days = [night + timedelta(days=number) for number in range(-2, 4)]
    wanted = [Occurrence(found, day) for day in days if (found := due(day, wall, change))]
    told = (name, wall, at)
    after = wanted[0].at - SECOND
    for occurrence in wanted:
        assert next_instant(wall, zone, EVERY_DAY, after) == occurrence, told
        after = occurrence.at
    for moment in (at - SECOND, at, at + SECOND):
        coming = min(occurrence for occurrence in wanted if occurrence.at > moment)
        assert next_instant(wall, zone, EVERY_DAY, moment) == coming, told


@pytest.mark.parametrize("wall", WALLS)
def test_in_every_zone_each_day_around_a_change_has_one_ritual_at_its_instant(wall: time) -> None:
    for nights, names in clocks().items():
        for change in nights:
            assert_each_day_has_one(names[0], wall, change)


def test_the_table_is_of_all_zones_and_both_nights_of_each_year() -> None:
    named = [name for names in clocks().values() for name in names]
    assert sorted(named) == sorted(available_timezones())
    assert len(named) > 500
    nights = {name: nights for nights, names in clocks().items() for name in names}
    for name in ("Europe/Zurich", "America/New_York", "America/Santiago", "Australia/Lord_Howe"):
        assert [at.year for at, _, _ in nights[name]] == [
            year for year in range(2026, 2031) for _ in range(2)
        ]


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("Pacific/Apia", date(2011, 12, 30)),
        ("Pacific/Fakaofo", date(2011, 12, 30)),
        ("Pacific/Kiritimati", date(1994, 12, 31)),
        ("Pacific/Kanton", date(1994, 12, 31)),
        ("Pacific/Kwajalein", date(1993, 8, 21)),
    ],
)
def test_a_date_that_the_date_line_took_has_no_ritual_and_those_beside_it_one(
    name: str, left_out: date
) -> None:
    around = datetime.combine(left_out, time(), UTC)
    [change] = changes(ZoneInfo(name), around - 2 * ONE_DAY, around + 2 * ONE_DAY)
    for wall in WALLS:
        assert due(left_out, wall, change) is None
        assert_each_day_has_one(name, wall, change)
