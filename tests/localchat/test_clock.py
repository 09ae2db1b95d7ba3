"""The clock moves when told, flows on, and understands wall times in any zone."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.localchat.clock import Clock, TimeUnreadable, read_instant, read_local

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Wall:
    """A machine's clock in a test's hand."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


@pytest.mark.parametrize("distance", [timedelta(days=1), timedelta(hours=-5), timedelta(0)])
def test_a_moved_clock_flows_on(distance: timedelta) -> None:
    wall = Wall()
    clock = Clock(wall)
    clock.move_to(NOON + distance)
    wall.time += timedelta(minutes=3)
    assert clock.now() == NOON + distance + timedelta(minutes=3)


def test_moves_add_up_and_are_told() -> None:
    clock, told = Clock(Wall()), []
    clock.on_move.append(lambda: told.append(clock.now()))
    clock.move_by(timedelta(hours=1))
    clock.move_by(timedelta(hours=1))
    assert told == [NOON + timedelta(hours=1), NOON + timedelta(hours=2)]


@pytest.mark.parametrize(
    "instant",
    [
        NOON.replace(tzinfo=None),
        datetime(1999, 1, 1, tzinfo=UTC),
        datetime(2200, 1, 1, tzinfo=UTC),
    ],
)
def test_times_without_a_zone_or_out_of_reach_are_refused(instant: datetime) -> None:
    with pytest.raises(TimeUnreadable):
        Clock(Wall()).move_to(instant)


def test_a_move_beyond_all_times_is_refused() -> None:
    with pytest.raises(TimeUnreadable):
        Clock(Wall()).move_by(timedelta.max)


@pytest.mark.parametrize(
    ("words", "zone", "expected"),
    [
        ("tomorrow 07:00", "UTC", "2026-11-23T07:00"),
        ("tomorrow 07:00", "Europe/Paris", "2026-11-23T06:00"),
        ("today 18:00", "Asia/Tokyo", "2026-11-22T09:00"),
        ("tomorrow 07:00", "Pacific/Auckland", "2026-11-23T18:00"),  # there it is tomorrow already
        ("13:00", "UTC", "2026-11-22T13:00"),
        ("11:00", "UTC", "2026-11-23T11:00"),
        ("2027-03-28 02:30", "Europe/Paris", "2027-03-28T01:30"),  # a wall time that does not exist
        ("2026-10-25 02:30", "Europe/Paris", "2026-10-25T00:30"),  # one that comes twice
    ],
)
def test_wall_times_are_read(words: str, zone: str, expected: str) -> None:
    assert read_local(words, zone, NOON) == datetime.fromisoformat(f"{expected}+00:00")


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("", "UTC"),
        ("soon", "UTC"),
        ("tomorrow 25:00", "UTC"),
        ("2026-02-30 07:00", "UTC"),
        ("07:00", "Mars/Olympus"),
        ("07:00", "../../etc/passwd"),
        ("07:00", ""),
    ],
)
def test_other_words_are_refused(words: str, zone: str) -> None:
    with pytest.raises(TimeUnreadable):
        read_local(words, zone, NOON)


@pytest.mark.parametrize("words", ["", "tomorrow", "2026-11-23T07:00"])
def test_an_instant_needs_its_zone(words: str) -> None:
    with pytest.raises(TimeUnreadable):
        read_instant(words)
