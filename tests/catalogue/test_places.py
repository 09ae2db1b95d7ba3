"""From what a person types, or shares, to a town with a time zone."""

import math
from zoneinfo import ZoneInfo

import pytest

from bot.catalogue.places import CANDIDATES, Places, Town

PARIS = Town("Paris", "France", "Europe/Paris")
PARIS_TEXAS = Town("Paris", "United States", "America/Chicago")
VIENNA = Town("Vienna", "Austria", "Europe/Vienna")
MUNICH = Town("Munich", "Germany", "Europe/Berlin")
ZURICH = Town("Zürich", "Switzerland", "Europe/Zurich")
NEW_YORK = Town("New York City", "United States", "America/New_York")


@pytest.fixture(scope="module")
def places() -> Places:
    return Places(("en", "de", "es", "tlh"))


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("Paris", PARIS),
        ("  paris ", PARIS),
        ("Zürich", ZURICH),
        ("zurich", ZURICH),
        ("ZUERICH", ZURICH),
        ("Lodz", Town("Łódź", "Poland", "Europe/Warsaw")),
        ("Tromso", Town("Tromsø", "Norway", "Europe/Oslo")),
        ("Wien", VIENNA),
        ("München", MUNICH),
        ("NYC", NEW_YORK),
        ("東京", Town("Tokyo", "Japan", "Asia/Tokyo")),
        ("Москва", Town("Moscow", "Russia", "Europe/Moscow")),
        ("st louis", Town("St. Louis", "United States", "America/Chicago")),
        ("Rome", Town("Rome", "Italy", "Europe/Rome")),
        # with a country or a state
        ("Paris, Texas", PARIS_TEXAS),
        ("Paris Texas", PARIS_TEXAS),
        ("Paris, US", PARIS_TEXAS),
        ("Paris, TX, USA", PARIS_TEXAS),
        ("Paris, France", PARIS),
        ("London, Canada", Town("London", "Canada", "America/Toronto")),
        ("London, somewhere", Town("London", "United Kingdom", "Europe/London")),
        # a country instead of a town
        ("Germany", Town("Berlin", "Germany", "Europe/Berlin")),
        ("Deutschland", Town("Berlin", "Germany", "Europe/Berlin")),
        ("Österreich", VIENNA),
        ("España", Town("Madrid", "Spain", "Europe/Madrid")),
        ("Paris, Vereinigte Staaten", PARIS_TEXAS),
        ("UK", Town("London", "United Kingdom", "Europe/London")),
        ("Mexico", Town("Mexico City", "Mexico", "America/Mexico_City")),
        # a slip
        ("Pariss", PARIS),
        ("Pairs", PARIS),
        ("Munchn", MUNICH),
        ("Amstrdam", Town("Amsterdam", "The Netherlands", "Europe/Amsterdam")),
        ("Pariss, Texas", PARIS_TEXAS),
        # a zone itself
        ("Europe/Paris", Town("Paris", "", "Europe/Paris")),
        ("america/new york", Town("New York", "", "America/New_York")),
        ("utc", Town("UTC", "", "UTC")),
    ],
)
def test_the_best_candidate(places: Places, typed: str, best: Town) -> None:
    assert places.find(typed)[0] == best


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        ",",
        "|",
        "5",
        "07:30",
        "👋",
        "Xyzzyqq",
        "no idea",
        "in",
        "Paris, Japan",
        "x" * 5000,
    ],
)
def test_what_is_no_town_finds_nothing(places: Places, typed: str) -> None:
    assert places.find(typed) == ()


@pytest.mark.parametrize("typed", ["UTC+2", "utc -5", "GMT+01:00", "+02:00", "-5", "−3", "EST"])
def test_an_offset_finds_nothing_because_it_knows_no_summer(places: Places, typed: str) -> None:
    assert places.find(typed) == ()


@pytest.mark.parametrize("typed", ["Springfield", "San Jose", "Santiago", "USA", "Victoria"])
def test_an_ambiguous_name_offers_a_few_different_towns(places: Places, typed: str) -> None:
    candidates = places.find(typed)
    assert 1 < len(candidates) == len(set(candidates)) <= CANDIDATES


def test_towns_of_a_name_come_by_their_size(places: Places) -> None:
    assert places.find("Birmingham")[:2] == (
        Town("Birmingham", "United Kingdom", "Europe/London"),
        Town("Birmingham", "United States", "America/Chicago"),
    )


def test_every_zone_that_can_be_offered_is_known_to_the_clock(places: Places) -> None:
    zones = {known.town.zone for known in places._known} | {*places._zones.values()}
    assert len(zones) > 400
    for zone in zones:
        ZoneInfo(zone)


@pytest.mark.parametrize(
    ("lat", "lon", "zone"),
    [
        (48.85, 2.35, "Europe/Paris"),
        (-31.55, 159.08, "Australia/Lord_Howe"),
        (50.45, 30.52, "Europe/Kyiv"),
        (0.0, -30.0, "Etc/GMT+2"),  # on board a ship; the sign is reversed in these names
        (91.0, 0.0, None),
        (0.0, 181.0, None),
        (math.nan, 0.0, None),
    ],
)
def test_a_shared_position_has_a_zone(
    places: Places, lat: float, lon: float, zone: str | None
) -> None:
    assert places.zone_at(lat, lon) == zone


def test_a_zone_newer_than_this_machine_is_not_offered(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tzfpy.get_tz", lambda _lon, _lat: "Europe/Atlantis")
    assert places.zone_at(36.0, -25.0) is None
