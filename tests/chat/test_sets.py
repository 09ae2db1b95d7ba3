"""Sets in the chat: two minutes instead of the ritual, and back; what is chosen for the way."""

import pytest

from bot.delivery.taps import Shorten, Travel
from tests.chat.scenes import forge, read, text_of, unfinished
from tests.journeys.house import House


async def test_no_time_today_makes_the_ritual_two_minutes_and_back_in_the_same_card(
    home: House,
) -> None:
    ada = await home.visitor()
    async with home.bot():
        await ada.enrol()
        card = await ada.card()
        whole = card["text"]
        await ada.visitor.tap("Only two minutes")
        short = await ada.visitor.wait_for("Two minutes")
        assert short["id"] == card["id"]
        assert short["text"].startswith("Two minutes · 2 min")
        assert "1." in short["text"]
        assert "\n2. " not in short["text"]
    async with home.bot():
        await ada.visitor.say("/today")  # a new card, the same session, as short as it was
        again = await ada.visitor.wait_for(lambda m: m["id"] > card["id"])
        assert again["text"] == short["text"]
        await ada.visitor.tap("The whole ritual", on=again["id"])
        assert (await ada.visitor.wait_for("Before the first coffee"))["text"] == whole


async def test_two_minutes_are_practised_answered_and_kept_like_any_session(home: House) -> None:
    ada = await home.visitor()
    async with home.bot():
        await ada.enrol()
        await ada.visitor.tap("Only two minutes")
        await ada.visitor.wait_for("Two minutes")
        said = await ada.practise(woke=None)
        assert "Next:" in said
        (row,) = read(home, "SELECT set_id, minutes FROM session")
        assert tuple(row) == ("two-minutes", 2)
        assert len(read(home, "SELECT ladder FROM portion")) == 1
        # The next day is a whole one again.
        assert (await ada.morning(1))["text"].startswith("Before the first coffee")


async def test_what_was_answered_stays_as_it_was_done(home: House) -> None:
    """An old card's button, pressed when the ritual is behind them."""
    ada = await home.visitor()
    async with home.bot():
        await ada.enrol()
        card = await ada.card()
        await ada.practise(woke=None)
        given = read(home, "SELECT ladder, shown_step FROM portion ORDER BY ladder")
        await forge(home, ada, Shorten(1, 1).encode())
        assert read(home, "SELECT ladder, shown_step FROM portion ORDER BY ladder") == given
        assert "Two minutes" not in await text_of(ada, card["id"])


async def test_a_card_that_another_day_has_followed_stays_as_it_was(home: House) -> None:
    ada = await home.visitor()
    async with home.bot():
        await ada.enrol()
        old = await ada.card()
        await ada.morning(1)
        given = read(home, "SELECT * FROM portion ORDER BY session_id, ladder")
        await forge(home, ada, Shorten(1, 1).encode(), on=old["id"])
        assert read(home, "SELECT * FROM portion ORDER BY session_id, ladder") == given
        assert (await text_of(ada, old["id"])).startswith("Before the first coffee")


@pytest.mark.parametrize(
    "data",
    [
        Travel("before-coffee", 10).encode(),  # a set, but none for the way
        Travel("hotel", 20).encode(),
        Shorten(99, 1).encode(),
    ],
)
async def test_forged_and_outlived_buttons_change_nothing(home: House, data: str) -> None:
    ada = await home.visitor()
    async with home.bot():
        await ada.enrol()
        before = read(home, "SELECT count(*) FROM session")
        await forge(home, ada, data)
        assert read(home, "SELECT count(*) FROM session") == before
        assert unfinished(home) == []
