"""Days away: which clock counts when, and a ritual for each date whatever the clocks do."""

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rhythm import EVERY_DAY, Occurrence, local_day, today_late
from bot.domain.trip import Return, Trip, last_return, next_ritual, trip_at, zone_at

HOME = "Europe/Zurich"
TOKYO, HONOLULU, LOS_ANGELES = "Asia/Tokyo", "Pacific/Honolulu", "America/Los_Angeles"
SEVEN = dt.time(7)


def zurich(day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(HOME))


def trip(
    told: dt.datetime, until: int, zone: str | None = None, set_id: str = "hotel", since: int = 0
) -> Trip:
    return Trip(
        told_at=told,
        from_day=dt.date(2026, 11, since or told.day),
        until_day=dt.date(2026, 11, until),
        set_id=set_id,
        zone=zone,
    )


def lived(trips: tuple[Trip, ...], after: dt.datetime, last: dt.date) -> Iterator[Occurrence]:
    """One ritual after the other, each planned when the one before it went out."""
    while True:
        occurrence = next_ritual(SEVEN, EVERY_DAY, HOME, trips, after, last)
        yield occurrence
        after, last = occurrence


def first(number: int, occurrences: Iterator[Occurrence]) -> list[Occurrence]:
    return [next(occurrences) for _ in range(number)]


@pytest.mark.parametrize(
    ("moment", "zone"),
    [
        (zurich(23, 11), HOME),  # not told yet
        (zurich(23, 12), TOKYO),
        (zurich(27, 15, 59), TOKYO),  # 23:59 on the 27th in Tokyo
        (zurich(27, 16), HOME),  # midnight there: the day of the return
        (zurich(28, 7), HOME),
    ],
)
def test_the_local_clock_counts_up_to_the_day_of_the_return(moment: dt.datetime, zone: str) -> None:
    assert zone_at((trip(zurich(23, 12), 28, TOKYO),), HOME, moment) == zone


def test_west_of_home_the_trip_is_over_at_midnight_at_home() -> None:
    away = (trip(zurich(23, 12), 28, LOS_ANGELES),)
    assert zone_at(away, HOME, zurich(27, 23, 59)) == LOS_ANGELES
    assert zone_at(away, HOME, zurich(28)) == HOME


def test_what_was_told_last_counts_and_what_came_before_keeps_its_time() -> None:
    told = (
        trip(zurich(23, 12), 28, TOKYO),
        trip(zurich(24, 12), 30, LOS_ANGELES, since=23),
        trip(zurich(25, 12), 25, LOS_ANGELES, since=23),  # back on the 25th
    )
    assert zone_at(told, HOME, zurich(24, 11)) == TOKYO
    assert zone_at(told, HOME, zurich(25, 11)) == LOS_ANGELES
    assert trip_at(told, HOME, zurich(25, 12)) is None
    assert last_return(told, dt.date(2026, 11, 24)) is None
    assert last_return(told, dt.date(2026, 11, 26)) == Return(on=dt.date(2026, 11, 25), days=2)


def test_home_time_is_kept_by_who_asks_for_it() -> None:
    away = (trip(zurich(23, 12), 28),)
    assert trip_at(away, HOME, zurich(25)) == away[0]
    assert zone_at(away, HOME, zurich(25)) == HOME


@pytest.mark.parametrize("there", [TOKYO, HONOLULU, LOS_ANGELES, "Pacific/Kiritimati", HOME])
def test_a_trip_and_the_way_back_leave_out_no_date_and_double_none(there: str) -> None:
    """Told after the ritual of the 23rd, at noon."""
    told, done = zurich(23, 12), dt.date(2026, 11, 23)
    rituals = first(9, lived((trip(told, 28, there),), told, done))
    days = [day.day for _, day in rituals]
    assert days == [*range(24, 31), 1, 2]
    for at, day in rituals:
        zone = there if day < dt.date(2026, 11, 28) else HOME
        assert at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == dt.datetime.combine(day, SEVEN)


def test_an_evening_that_begins_after_midnight_at_home_is_given_by_the_clock_at_home() -> None:
    """20:00 in Los Angeles is 05:00 of the return at home: that last date is kept by home's clock."""
    away = (trip(zurich(23, 12), 28, LOS_ANGELES),)
    evening, last = dt.time(20), dt.date(2026, 11, 26)
    after = zurich(27, 5)  # the evening of the 26th there
    at, day = next_ritual(evening, EVERY_DAY, HOME, away, after, last)
    assert (at, day) == (zurich(27, 20), dt.date(2026, 11, 27))
    assert next_ritual(evening, EVERY_DAY, HOME, away, at, day).day == dt.date(2026, 11, 28)


class TestAcrossTheDateLine:
    """Whoever lives in Honolulu follows the clock of Tokyo, and the other way round."""

    def test_eastern_dates_that_were_lived_already_have_their_ritual_once(self) -> None:
        tokyo = ZoneInfo(TOKYO)
        done = dt.date(2026, 11, 24)  # at 07:00 in Tokyo it is noon of the 23rd in Honolulu
        now = dt.datetime(2026, 11, 24, 9, tzinfo=tokyo)
        away = (
            Trip(
                told_at=now,
                from_day=done,
                until_day=dt.date(2026, 12, 1),
                set_id="h",
                zone=HONOLULU,
            ),
        )
        at, day = next_ritual(SEVEN, EVERY_DAY, TOKYO, away, now, done)
        assert day == dt.date(2026, 11, 25)
        assert at == dt.datetime(2026, 11, 25, 7, tzinfo=ZoneInfo(HONOLULU))

    @pytest.mark.parametrize(("hour", "late"), [(6, False), (7, True), (18, True)])
    def test_a_date_whose_hour_has_passed_over_there_is_late_and_not_left_out(
        self, hour: int, late: bool
    ) -> None:
        tokyo = ZoneInfo(TOKYO)
        now = dt.datetime(2026, 11, 25, hour, tzinfo=tokyo)  # the 24th in Honolulu
        assert local_day(now, ZoneInfo(HONOLULU)) == dt.date(2026, 11, 24)
        done = dt.date(2026, 11, 24)
        assert today_late(SEVEN, tokyo, EVERY_DAY, now, done) is late
        assert not today_late(SEVEN, tokyo, EVERY_DAY, now, dt.date(2026, 11, 25))


ZONES = st.sampled_from([HOME, TOKYO, HONOLULU, LOS_ANGELES, "Pacific/Apia", "Asia/Kathmandu"])


@given(
    home=ZONES,
    there=ZONES,
    hours=st.integers(0, 72),
    days=st.integers(1, 9),
    wall=st.times(),
)
def test_whatever_the_clocks_every_next_ritual_is_later_and_for_the_next_date(
    home: str, there: str, hours: int, days: int, wall: dt.time
) -> None:
    """Once the clock has changed: at the change itself a date may be late, and comes at once."""
    told = dt.datetime(2026, 11, 22, tzinfo=dt.UTC) + dt.timedelta(hours=hours)
    begun = local_day(told, ZoneInfo(home))
    away = (
        Trip(
            told_at=told,
            from_day=begun,
            until_day=begun + dt.timedelta(days=days),
            set_id="hotel",
            zone=there,
        ),
    )
    after, last = told, None
    seen: list[dt.date] = []
    for _ in range(days + 4):
        after, last = next_ritual(wall.replace(fold=0), EVERY_DAY, home, away, after, last)
        seen.append(last)
    assert all((b - a).days == 1 for a, b in pairwise(seen))
