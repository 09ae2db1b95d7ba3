"""Zones and the countries they lie in."""

from zoneinfo import available_timezones

import pytest

from bot.catalogue.countries import country_of


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("America/New_York", "US"),
        ("America/Indiana/Knox", "US"),
        ("Pacific/Honolulu", "US"),
        ("US/Eastern", "US"),  # an older name
        ("America/Indianapolis", "US"),
        ("America/Toronto", "CA"),
        ("Africa/Monrovia", "LR"),
        ("Asia/Yangon", "MM"),
        ("Asia/Rangoon", "MM"),
        ("Europe/Zurich", "CH"),
        ("Europe/London", "GB"),
        ("Atlantic/Reykjavik", "IS"),
        ("Etc/GMT+3", None),  # at sea
        ("UTC", None),
        ("Nowhere/Town", None),
    ],
)
def test_a_zone_lies_in_a_country(zone: str, country: str | None) -> None:
    assert country_of(zone) == country


def test_every_zone_of_the_states_is_one() -> None:
    named = [zone for zone in available_timezones() if zone.startswith("US/")]
    assert len(named) >= 10
    assert {country_of(zone) for zone in named} <= {"US", "WS", "AS"}  # US/Samoa is American Samoa
