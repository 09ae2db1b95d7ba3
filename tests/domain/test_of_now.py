"""Which ritual is meant, when a card comes once more, and when it is quiet."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rhythm import Quiet, Ritual, Snooze, local_day, of_now, snoozed_until

ZURICH = ZoneInfo("Europe/Zurich")
MONDAY = dt.date(2026, 11, 23)
MORNING = Ritual(id=1, wall_time=dt.time(7))
EVENING = Ritual(id=2, wall_time=dt.time(18), first=False)
WEEKEND = Ritual(id=3, wall_time=dt.time(12), weekdays=frozenset({5, 6}), first=False)
BOTH = (MORNING, EVENING)


def on(hour: int, minute: int = 0, day: dt.date = MONDAY) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=ZURICH).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("rituals", "answered", "hour", "meant"),
    [
        (BOTH, (), 6, MORNING),  # the next one
        (BOTH, (), 7, MORNING),
        (BOTH, (), 18, EVENING),  # the newest that came
        (BOTH, (2,), 19, MORNING),  # that waits
        (BOTH, (None,), 8, EVENING),  # the next one
        (BOTH, (None, 2), 8, MORNING),  # all is done: the last that came
        (BOTH, (None, 2), 20, EVENING),
        (BOTH, (None, 2), 5, MORNING),
        ((MORNING, WEEKEND), (None,), 8, MORNING),  # not a day of the other
        ((WEEKEND,), (), 8, WEEKEND),  # no day of any: it can be done all the same
    ],
)
def test_which_ritual_is_meant(
    rituals: tuple[Ritual, ...], answered: tuple[int | None, ...], hour: int, meant: Ritual
) -> None:
    assert of_now(rituals, frozenset(answered), on(hour), ZURICH) is meant


@pytest.mark.parametrize(
    ("snooze", "asked_at", "comes_at"),
    [
        (Snooze.HALF, on(7), on(7, 30)),
        (Snooze.HOUR, on(7), on(8)),
        (Snooze.TONIGHT, on(7), on(19)),
        (Snooze.TONIGHT, on(19), on(20)),
        (Snooze.TONIGHT, on(20, 30), on(21, 30)),
        (Snooze.HOUR, on(21), None),  # quiet begins, and ends on another day
        (Snooze.HALF, on(5), on(6)),  # at their end
        (Snooze.HALF, on(23, 45), None),
        (Snooze.HALF, on(7, day=MONDAY + dt.timedelta(days=1)), None),  # an older card
    ],
)
def test_when_a_card_comes_once_more(
    snooze: Snooze, asked_at: dt.datetime, comes_at: dt.datetime | None
) -> None:
    assert snoozed_until(snooze, asked_at, ZURICH, Quiet(), MONDAY) == comes_at


@given(
    st.sampled_from(Snooze),
    st.integers(0, 4_000_000_000).map(lambda at: dt.datetime.fromtimestamp(at, dt.UTC)),
    st.builds(Quiet, st.times(), st.times()),
)
def test_never_on_another_day_nor_in_quiet_hours(
    snooze: Snooze, now: dt.datetime, quiet: Quiet
) -> None:
    day = local_day(now, ZURICH)
    at = snoozed_until(snooze, now, ZURICH, quiet, day)
    if at is not None:
        assert at > now
        assert local_day(at, ZURICH) == day
        assert at.astimezone(ZURICH).time() not in quiet


@pytest.mark.parametrize(
    ("quiet", "hour", "runs"),
    [
        (Quiet(), 22, True),
        (Quiet(), 5, True),
        (Quiet(), 6, False),
        (Quiet(), 12, False),
        (Quiet(dt.time(1), dt.time(5)), 3, True),
        (Quiet(dt.time(1), dt.time(5)), 0, False),
        (Quiet(dt.time(), dt.time()), 0, False),  # none at all
    ],
)
def test_when_it_is_quiet(quiet: Quiet, hour: int, runs: bool) -> None:
    assert (dt.time(hour) in quiet) is runs
    ends = quiet.wait(on(hour), ZURICH)
    assert (ends is not None) is runs
    assert ends is None or ends.astimezone(ZURICH).time() == quiet.ends
