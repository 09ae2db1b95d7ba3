"""Days away in a conversation: one message, edited in place, that survives a restart between any two taps."""

from datetime import timedelta
from typing import Any

import pytest

from bot.delivery.taps import Back, Days, GoAway, Staying, TellAway
from bot.domain.trip import Asks
from tests.chat.scenes import card, forge, guest_at, processed, read, reply_to, write
from tests.journeys.house import Guest, House

pytestmark = pytest.mark.usefixtures("no_accidents")

TRIPS = "SELECT until_day, set_id, zone, asks FROM trip ORDER BY id"


async def go_away(home: House, guest: Guest) -> dict[str, Any]:
    """Open /travel and say that it is for some days."""
    await reply_to(home, guest, "/travel")
    return await guest.press("Away for some days", "When are you home again?")


def newest(home: House) -> tuple[Any, ...]:
    return tuple(read(home, TRIPS)[-1])


async def test_by_taps_alone_in_one_message(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        asked = await go_away(home, ada)
        for label, then in (
            ("In a week", "What suits where you'll be?"),
            ("Hotel room", "By which clock"),
            ("Keep home time", "You are away until Monday, 30 November"),
        ):
            assert (await ada.press(label, then))["id"] == asked["id"]
        [menu] = await reply_to(home, ada, "/travel")
        assert "You are away until" in menu
        assert "What suits?" in menu  # a set for now is to be had all the same
        await reply_to(home, ada, "/today")
        text = (await ada.visitor.last())["text"]
    assert newest(home) == ("2026-11-30", "hotel", None, None)
    assert text.startswith("Hotel room")
    assert "Away until 30 November" in text


async def test_a_restart_between_any_two_taps_changes_nothing(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await go_away(home, ada)
    for label, then in (
        ("In 3 days", "What suits where you'll be?"),
        ("In your seat", "By which clock"),
        ("Follow local time", "Where will you be?"),
    ):
        async with home.bot():
            await ada.press(label, then)
    async with home.bot():
        assert "Which of these is it?" in (await reply_to(home, ada, "Tokyo"))[0]
    async with home.bot():
        await ada.press("Tokyo, Japan", "You are away until Thursday, 26 November")
    assert newest(home) == ("2026-11-26", "seat", "Asia/Tokyo", None)


async def test_a_shared_place_tells_the_clock(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await go_away(home, ada)
        await ada.press("In a week", "What suits where you'll be?")
        await ada.press("Hotel room", "By which clock")
        await ada.press("Follow local time", "Where will you be?")
        await ada.visitor.share_location(35.7, 139.7)
        await ada.visitor.wait_for("by the local clock")
    assert newest(home)[2] == "Asia/Tokyo"


async def test_who_does_not_find_the_town_keeps_home_time(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await go_away(home, ada)
        await ada.press("In a week", "What suits where you'll be?")
        await ada.press("Hotel room", "By which clock")
        await ada.press("Follow local time", "Where will you be?")
        [said] = await reply_to(home, ada, "Atlantis")
        assert "I don't know a town called “Atlantis”" in said
        await ada.press("Keep home time", "by the clock at home")
    assert newest(home) == ("2026-11-30", "hotel", None, None)


@pytest.mark.parametrize(
    ("typed", "until"),
    [("30.11.", "2026-11-30"), ("Thursday", "2026-11-26"), ("Tomorrow", "2026-11-24")],
)
async def test_a_typed_day_is_understood(home: House, typed: str, until: str) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await go_away(home, ada)
        [said] = await reply_to(home, ada, typed)
    assert "What suits where you'll be?" in said
    assert newest(home)[0] == until


@pytest.mark.parametrize("typed", ["some day", "23.11.2026", "1.1.2029", "<b>"])
async def test_what_is_no_day_is_said_once_and_nothing_is_lost(home: House, typed: str) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await go_away(home, ada)
        said = await reply_to(home, ada, typed)
        assert len(said) == 1
        assert "as a day to come" in said[0]
        await ada.press("In 3 days", "What suits where you'll be?")


async def test_any_day_is_to_be_had_by_pages(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await go_away(home, ada)
        await ada.press("Another day", "Which day are you home again?")
        assert "24 November" in await ada.visitor.labels()
        await ada.press("Later", "Which day")
        assert "Earlier" in await ada.visitor.labels()
        await ada.press("6 December", "What suits where you'll be?")
        await forge(home, ada, Days(400).encode())
        await forge(home, ada, Days(-3).encode())
    assert newest(home)[0] == "2026-12-06"


async def test_left_alone_nothing_changes_and_typed_words_are_free_again(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await go_away(home, ada)
        await ada.press("Leave it", "nothing was changed")
        [said] = await reply_to(home, ada, "30.11.")
        assert "I don't know what to do with these words" in said
        await card(home, ada)
        assert (await ada.visitor.last())["text"].startswith("Before the first coffee")


async def test_back_in_one_tap_from_the_card_of_the_day(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await go_away(home, ada)
        for label, then in (
            ("In two weeks", "What suits"),
            ("Hotel room", "By which clock"),
            ("Keep home time", "You are away until"),
        ):
            await ada.press(label, then)
        home.local.clock.move_by(timedelta(days=1))
        await ada.visitor.wait_for(lambda m: m["text"].startswith("Hotel room"))
        await ada.press("I'm back", "Welcome home.")
        await card(home, ada)
        text = (await ada.visitor.last())["text"]
        assert text.startswith("Before the first coffee")
        assert "Welcome home." in text
        [gone] = await tap_again(home, ada)
        assert "That trip is over" in gone


async def tap_again(home: House, guest: Guest) -> list[str]:
    known = (await guest.visitor.messages())[-1]["id"]
    await forge(home, guest, Back().encode())
    return [m["text"] for m in await guest.visitor.messages() if m["by_bot"] and m["id"] > known]


@pytest.mark.parametrize(
    "data",
    [
        TellAway(Asks.SET, "hotel").encode(),  # nothing is open
        TellAway(Asks.UNTIL, "soon").encode(),
        Staying().encode(),
        Days(0).encode(),
        "1:away:moon:x",
    ],
)
async def test_old_and_forged_buttons_tell_of_no_trip(home: House, data: str) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await card(home, ada)
        await forge(home, ada, data)
        await processed(home)
    assert read(home, TRIPS) == []


async def test_a_locked_plan_goes_nowhere_but_home_is_always_open(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await go_away(home, ada)
        for label, then in (
            ("In two weeks", "What suits"),
            ("Hotel room", "By which clock"),
            ("Keep home time", "You are away until"),
        ):
            await ada.press(label, then)
        await ada.press("Something new or worrying", "Safety first")
        await ada.press("Yes, at least one", "This can need emergency care now")
        known = len(read(home, TRIPS))
        await forge(home, ada, GoAway().encode())
        assert len(read(home, TRIPS)) == known
        await forge(home, ada, Back().encode())
        assert newest(home)[0] == "2026-11-23"


async def test_a_trip_goes_with_who_leaves(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await go_away(home, ada)
        await reply_to(home, ada, "/forget")
        await ada.press("Delete everything", "Everything about you is deleted")
    assert read(home, TRIPS) == []


# Help now: the number of the country where they are.


async def lock(home: House, guest: Guest) -> str:
    await reply_to(home, guest, "/flare")
    return str((await guest.press("Yes, at least one", "This can need emergency care now"))["text"])


async def test_the_number_of_the_country_stands_behind_emergency_care(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        text = await lock(home, ada)
        assert text.startswith("This can need emergency care now.\n\nCall 144 now (or 112)")
        for _ in range(2):  # it stays closed, whatever is asked
            [answer] = await reply_to(home, ada, "/today")
            assert "Call 144 now" in answer
        await ada.press("Someone has seen me, and movement is fine", "We go on as planned")


async def test_where_the_country_is_unknown_no_number_is_named(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        home_zone(home, "Etc/UTC")
        text = await lock(home, ada)
    assert "Call your local emergency number" in text
    assert "112" not in text


async def test_on_the_way_it_is_the_number_over_there(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        tell_of_a_trip(home, "Asia/Tokyo")
        assert "Call 119 now" in await lock(home, ada)


async def test_who_keeps_home_time_on_the_way_may_be_anywhere(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        tell_of_a_trip(home, None)
        assert "Call your local emergency number" in await lock(home, ada)


def home_zone(home: House, zone: str) -> None:
    write(home, "UPDATE person SET zone = ?", zone)


def tell_of_a_trip(home: House, zone: str | None) -> None:
    write(
        home,
        "INSERT INTO trip (person_id, from_day, until_day, set_id, zone, at, update_id)"
        " VALUES (1, '2026-11-20', '2026-11-30', 'hotel', ?, '2026-11-20 09:00:00', -1)",
        zone,
    )
