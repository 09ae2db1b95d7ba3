"""When a ritual is due, on the nights when clocks change and on all the others."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rhythm import EVERY_DAY, Occurrence, local_day, next_instant

ZONES = sorted(name for name in available_timezones() if "/" in name and "Etc/" not in name)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def calendar(
    wall: time, zone: ZoneInfo, after: datetime, turns: int, weekdays: frozenset[int] = EVERY_DAY
) -> list[Occurrence]:
    """As the bot asks: the next one after the last one."""
    found: list[Occurrence] = []
    for _ in range(turns):
        found.append(next_instant(wall, zone, weekdays, after))
        after = found[-1].at
    return found


@pytest.mark.parametrize(
    ("zone", "wall", "day", "at"),
    [
        ("Europe/Paris", "02:30", "2026-03-28", "2026-03-28T01:30"),
        ("Europe/Paris", "02:30", "2026-03-29", "2026-03-29T01:30"),  # jumped over: 03:30
        ("Europe/Paris", "02:30", "2026-03-30", "2026-03-30T00:30"),
        ("Europe/Paris", "02:30", "2026-10-25", "2026-10-25T00:30"),  # twice: the first
        ("Europe/Paris", "02:30", "2026-10-26", "2026-10-26T01:30"),
        ("America/New_York", "01:30", "2026-11-01", "2026-11-01T05:30"),  # twice: the first
        ("America/New_York", "01:30", "2026-11-02", "2026-11-02T06:30"),
        ("America/New_York", "02:30", "2026-03-08", "2026-03-08T07:30"),  # jumped over: 03:30
        ("America/Santiago", "00:15", "2026-09-05", "2026-09-05T04:15"),
        ("America/Santiago", "00:15", "2026-09-06", "2026-09-06T04:15"),  # jumped over: 01:15
        ("America/Santiago", "00:15", "2026-09-07", "2026-09-07T03:15"),
        ("Africa/Cairo", "00:30", "2026-04-24", "2026-04-23T22:30"),  # jumped over: 01:30
        ("Africa/Cairo", "00:30", "2026-04-25", "2026-04-24T21:30"),
        ("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-03T15:45"),  # half an hour: 02:45
        ("Australia/Lord_Howe", "01:45", "2026-04-05", "2026-04-04T14:45"),  # twice: the first
        ("America/Scoresbysund", "23:30", "2026-03-28", "2026-03-29T01:30"),  # Sunday, 00:30
        ("America/Scoresbysund", "23:30", "2026-03-29", "2026-03-30T00:30"),
        ("UTC", "07:00", "2026-03-29", "2026-03-29T07:00"),
    ],
)
def test_the_nights_when_clocks_change(zone: str, wall: str, day: str, at: str) -> None:
    wanted = Occurrence(utc(at), date.fromisoformat(day))
    a_moment_before = wanted.at - timedelta(microseconds=1)
    rule = (time.fromisoformat(wall), ZoneInfo(zone), EVERY_DAY)
    assert next_instant(*rule, after=a_moment_before) == wanted
    assert next_instant(*rule, after=wanted.at).day == wanted.day + timedelta(days=1)


def test_the_day_that_samoa_left_out_has_no_ritual() -> None:
    days = calendar(time(8), ZoneInfo("Pacific/Apia"), utc("2011-12-28T00:00"), 4)
    assert [str(turn.day) for turn in days] == [
        "2011-12-28",
        "2011-12-29",
        "2011-12-31",
        "2012-01-01",
    ]


def test_the_day_that_kwajalein_lived_twice_has_one_ritual() -> None:
    days = calendar(time(8), ZoneInfo("Pacific/Kwajalein"), utc("1969-09-29T00:00"), 3)
    assert [str(turn.day) for turn in days] == ["1969-09-30", "1969-10-01", "1969-10-02"]


def test_only_the_weekdays_of_the_rule_count() -> None:
    monday_and_thursday = frozenset({0, 3})
    days = calendar(
        time(7), ZoneInfo("Asia/Tokyo"), utc("2026-01-01T00:00"), 4, monday_and_thursday
    )
    assert [turn.day.strftime("%a %d") for turn in days] == ["Mon 05", "Thu 08", "Mon 12", "Thu 15"]


def test_a_traveller_who_lands_elsewhere_is_asked_at_the_new_wall_time() -> None:
    after = utc("2026-06-01T05:30")  # 07:30 in Paris, 14:30 in Tokyo
    assert next_instant(time(8), ZoneInfo("Europe/Paris"), EVERY_DAY, after).day == date(2026, 6, 1)
    assert next_instant(time(8), ZoneInfo("Asia/Tokyo"), EVERY_DAY, after).day == date(2026, 6, 2)


def test_the_local_day_is_the_date_on_the_wall() -> None:
    midnight_in_paris = utc("2026-06-30T22:00")
    assert local_day(midnight_in_paris, ZoneInfo("Europe/Paris")) == date(2026, 7, 1)
    assert local_day(midnight_in_paris, ZoneInfo("America/New_York")) == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("wall", "weekdays", "after", "why"),
    [
        (time(7), EVERY_DAY, datetime(2026, 1, 1), "has no zone"),  # noqa: DTZ001
        (time(7, tzinfo=UTC), EVERY_DAY, utc("2026-01-01"), "no zone of its own"),
        (time(7), frozenset[int](), utc("2026-01-01"), "weekdays are"),
        (time(7), frozenset({1, 7}), utc("2026-01-01"), "weekdays are"),
    ],
)
def test_a_rule_that_names_no_instant_is_refused(
    wall: time, weekdays: frozenset[int], after: datetime, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        next_instant(wall, ZoneInfo("Europe/Paris"), weekdays, after)


@given(
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    wall=st.times(),
    after=st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 24), timezones=st.just(UTC)),  # noqa: DTZ001
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
)
def test_no_day_is_skipped_and_none_is_told_twice(
    zone: ZoneInfo, wall: time, after: datetime, weekdays: frozenset[int]
) -> None:
    first, *rest = calendar(wall, zone, after, 10, weekdays)
    span = [first.day + timedelta(days=n) for n in range((rest[-1].day - first.day).days + 1)]
    assert [first.day, *(turn.day for turn in rest)] == [
        day for day in span if day.weekday() in weekdays
    ]
    assert after < first.at
    assert first.at.tzinfo is UTC
    _is_at_the_wall_time_unless_it_was_jumped_over(first, wall, zone)


def _is_at_the_wall_time_unless_it_was_jumped_over(
    turn: Occurrence, wall: time, zone: ZoneInfo
) -> None:
    shown = turn.at.astimezone(zone).replace(tzinfo=None)
    asked = datetime.combine(turn.day, wall)
    assert timedelta(0) <= shown - asked <= timedelta(hours=2)  # Troll's jump is the longest
    if shown != asked:
        before_the_jump = (turn.at - timedelta(hours=2)).astimezone(zone)
        assert before_the_jump.utcoffset() != turn.at.astimezone(zone).utcoffset()
