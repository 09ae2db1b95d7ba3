"""The number that brings an ambulance: each is known by others as well, and every slip is told."""

from pathlib import Path

import pytest
from phonenumbers.shortnumberinfo import is_emergency_number

from bot.catalogue.countries import countries
from bot.catalogue.emergency import Call, Emergency, emergency_faults, read_emergency
from bot.catalogue.faults import ContentFaulty

CONTENT = Path(__file__).parents[2] / "content"
EMERGENCY = read_emergency(CONTENT / "emergency.yaml")
EUROPE = (
    "AL AD AM AT AZ BY BE BA BG HR CY CZ DK EE FI FR GE DE GR HU IS IE IT LV LI LT LU MT MD MC ME NL MK NO"
    " PL PT RO RU SM RS SK SI ES SE CH TR UA GB VA"
)
ELSEWHERE = "US CA MX AR BR CL CO EC PE UY VE IN CN JP KR AU NZ ZA IL AE SA QA KW BH OM NG KE EG MA SG TH ID"
# The library's list of short numbers lacks these.
NOT_LISTED = {
    ("RS", "194"): "Serbia's ambulance, beside 192 for police and 193 for fire",
    (
        "PE",
        "106",
    ): "SAMU, the health ministry's ambulance; it lists EsSalud's and the fire brigade's",
    ("LK", "1990"): "Suwa Seriya, the national ambulance since 2016",
    ("NG", "112"): "the national number of the communications commission; it lists the older 199",
}
GOOD = 'sources:\n  ours: a list\ncountries:\n  CH: {call: "144", also: "112", source: ours}\n'


def numbers() -> set[tuple[str, str]]:
    return {
        (code, number)
        for code, call in EMERGENCY.calls.items()
        for number in (call.number, call.also)
        if number
    }


@pytest.mark.parametrize(("country", "number"), sorted(numbers()))
def test_a_number_is_one_of_emergency_to_others_as_well(country: str, number: str) -> None:
    assert is_emergency_number(number, country) is ((country, number) not in NOT_LISTED)


def test_what_they_do_not_list_is_still_there() -> None:
    assert NOT_LISTED.keys() <= numbers()


def test_the_countries_where_people_are() -> None:
    assert {*EUROPE.split(), *ELSEWHERE.split()} <= EMERGENCY.calls.keys()
    assert len(EMERGENCY.calls) >= 60
    assert EMERGENCY.calls.keys() <= countries()


@pytest.mark.parametrize(
    ("zone", "call"),
    [
        ("Europe/Zurich", Call("144", "112")),
        ("Asia/Tokyo", Call("119")),
        ("US/Eastern", Call("911")),
        ("Australia/Sydney", Call("000")),
        ("Etc/UTC", None),
        ("Antarctica/Troll", None),
        (None, None),
    ],
)
def test_whom_to_call_follows_from_the_zone(zone: str | None, call: Call | None) -> None:
    assert EMERGENCY.within(zone) == call


def test_nobody_is_told_a_number_that_is_not_known() -> None:
    assert Emergency().within("Europe/Zurich") is None


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("CH", "XX", "4: countries.XX: no time zone is in such a country"),
        ('"144"', "144", "4: countries.CH.call: should be text"),
        ('"144"', '"1 44"', "4: countries.CH.call: String should match"),
        ("source: ours", "source: theirs", "4: countries.CH.source: there is no source theirs"),
        ('"112"', '"144"', "4: countries.CH.also: is the same number again"),
        ("ours: a list", "ours: a list\n  more: b", "3: sources.more: nothing is from this source"),
        (", source: ours", "", "4: countries.CH.source: missing"),
        ("countries:", "countreis:", "3: countreis: no such field here"),
    ],
)
def test_a_slip_is_told_with_its_line(tmp_path: Path, before: str, after: str, fault: str) -> None:
    page = tmp_path / "emergency.yaml"
    page.write_text(GOOD, "utf-8")
    assert emergency_faults(page) == ()
    page.write_text(GOOD.replace(before, after, 1), "utf-8")
    assert any(f"emergency.yaml:{fault}" in told for told in emergency_faults(page))
    with pytest.raises(ContentFaulty):
        read_emergency(page)
