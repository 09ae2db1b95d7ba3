"""A clock that can be moved, and then flows on.

Only the distance to the machine's clock is kept, so a moved clock survives a
restart. Every time that enters or leaves is aware; the clock itself speaks UTC.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = {"today": 0, "tomorrow": 1}
WORDS = re.compile(r"^(?:(today|tomorrow|\d{4}-\d{2}-\d{2})[ T])?(\d{1,2}):(\d{2})$")
EARLIEST = datetime(
    2000, 1, 1, tzinfo=UTC
)  # Telegram's dates are positive, and zones go strange far away
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


class TimeUnreadable(ValueError):
    """The words name no time we know."""


def machine_time() -> datetime:
    return datetime.now(UTC)


class Clock:
    """The machine's time plus a shift."""

    def __init__(
        self, wall: Callable[[], datetime] = machine_time, shift: timedelta = timedelta(0)
    ) -> None:
        self._wall = wall
        self.shift = shift
        self.on_move: list[Callable[[], None]] = []

    def now(self) -> datetime:
        return self._wall().astimezone(UTC) + self.shift

    def move_to(self, instant: datetime) -> None:
        """Make it this instant, earlier or later; time flows on from there."""
        if instant.utcoffset() is None:
            raise TimeUnreadable("a time needs its zone")
        if not EARLIEST <= instant <= LATEST:
            raise TimeUnreadable("the clock moves between the years 2000 and 2100")
        self._shift(instant - self._wall())

    def reset(self) -> None:
        """Back to the machine's time."""
        self._shift(timedelta(0))

    def _shift(self, shift: timedelta) -> None:
        self.shift = shift
        for tell in self.on_move:
            tell()

    def move_by(self, distance: timedelta) -> None:
        try:
            instant = self.now() + distance
        except OverflowError:
            raise TimeUnreadable("the clock moves between the years 2000 and 2100") from None
        self.move_to(instant)


def read_instant(words: str) -> datetime:
    """Read an ISO instant that names its offset."""
    try:
        instant = datetime.fromisoformat(words)
    except ValueError:
        raise TimeUnreadable(f"“{words}” is no ISO time") from None
    if instant.utcoffset() is None:
        raise TimeUnreadable("a time needs its zone")
    return instant


def read_local(words: str, zone: str, now: datetime) -> datetime:
    """Read “tomorrow 07:00”, “2026-11-23 07:00” or “07:00” (the next one) as a wall time in a zone.

    A wall time that does not exist that night moves forward; of one that comes twice the first is meant.
    """
    found = WORDS.match(words.strip().lower())
    if found is None:
        raise TimeUnreadable(f"“{words}” is no time like “tomorrow 07:00”")
    day_word, hour, minute = found.groups()
    try:
        place = ZoneInfo(zone)
        wall = time(int(hour), int(minute))
        today = now.astimezone(place).date()
        day = _read_day(day_word, today)
    except (ValueError, ZoneInfoNotFoundError, OSError):
        raise TimeUnreadable(f"“{words}” in “{zone}” is no time we know") from None
    instant = datetime.combine(day, wall, place).astimezone(UTC)
    if day_word is None and instant <= now:
        return datetime.combine(day + timedelta(days=1), wall, place).astimezone(UTC)
    return instant


def _read_day(word: str | None, today: date) -> date:
    if word is None:
        return today
    if word in DAYS:
        return today + timedelta(days=DAYS[word])
    return date.fromisoformat(word)
