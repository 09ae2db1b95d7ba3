"""Whoever changes clocks, by a trip or in the settings, has the ritual of each date once."""

import datetime as dt
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bot.domain.profile import Profile
from tests.builders import ADA
from tests.practice.someone import at
from tests.practice.test_away import Traveller, ada

__all__ = ["ada"]  # the fixture

ZONES = (
    *("Europe/Zurich", "Asia/Tokyo", "America/Los_Angeles", "Asia/Kathmandu"),
    *("Pacific/Honolulu", "Pacific/Kiritimati", "Pacific/Auckland"),
)
WALLS = (dt.time(0), dt.time(7), dt.time(20), dt.time(23, 45))
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_the_clocks_do_each_date_that_reaches_its_hour_has_one_ritual(
    ada: Traveller, seed: int
) -> None:
    chance, came, reached = Random(seed), list[dt.date](), set[dt.date]()
    profile = await ada.desk.enrolment.profile(ADA)
    [ritual], wall = profile.rituals, chance.choice(WALLS)
    profile = await ada.desk.rhythm.edit(ADA, ritual.id, at(0, hours=1), wall_time=wall)
    now = at(0, hours=1)
    for _ in range(9):
        then = now + dt.timedelta(minutes=chance.randint(1, 50 * 60))
        came += await until(ada, then)
        reached |= dates_that_reach(wall, profile, now, then)
        now, profile = then, await changed(ada, chance, profile, then)
    came += await until(ada, now + dt.timedelta(days=3))
    reached |= dates_that_reach(wall, profile, now, now + dt.timedelta(days=3))
    assert came == sorted({*came})
    # Back over the date line it may be a day from before all this.
    assert {day for day in reached if day >= came[0]} <= {*came}


async def until(ada: Traveller, then: dt.datetime) -> list[dt.date]:
    """The dates whose rituals go out by then, each at its moment."""
    came = []
    while due := [
        moment for _, moment in await ada.waiting() if moment <= f"{then:%Y-%m-%d %H:%M}"
    ]:
        now = dt.datetime.fromisoformat(min(due)).replace(tzinfo=dt.UTC)
        came.append(await ada.sent(now + MINUTE))
    return came


def dates_that_reach(
    wall: dt.time, profile: Profile, since: dt.datetime, then: dt.datetime
) -> set[dt.date]:
    """The dates of which some minute is lived at the ritual's time or after it, by the clock that counts."""
    minutes = range(int((then - since) / MINUTE))
    lived = (since + number * MINUTE for number in minutes)
    shown = (moment.astimezone(ZoneInfo(str(profile.zone_at(moment)))) for moment in lived)
    return {moment.date() for moment in shown if moment.time() >= wall}


async def changed(ada: Traveller, chance: Random, profile: Profile, now: dt.datetime) -> Profile:
    """Another clock from now on, told in one of the ways that there are."""
    zone = chance.choice(ZONES)
    match chance.randint(0, 3):
        case 0 | 1:
            return await ada.desk.rhythm.tell(ADA, now, zone=zone)
        case 2 if profile.trip_at(now):
            return (await ada.comes_back(now)).profile
        case _:
            return (await ada.leaves(now, chance.randint(1, 6), zone)).profile
