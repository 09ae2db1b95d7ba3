"""Three taps when all was well; what was off is said of the exercise where it was."""

import pytest

from bot.delivery.taps import See, Slip, Where
from bot.domain.feedback import Compensation
from bot.domain.session import Asked
from bot.storage import sessions
from tests import builders
from tests.chat.scenes import card, file_of, forge, guest_at, processed, read, text_of
from tests.journeys.house import Guest, House, assert_replays

pytestmark = pytest.mark.usefixtures("no_accidents")

KEPT = "SELECT question, value, ladder FROM answer ORDER BY id"
EVERYWHERE = "In all, or I can't say"


async def press(home: House, ada: Guest, on: int, *labels: str) -> str:
    """Press them; return what the card then says."""
    for label in labels:
        await ada.visitor.tap(label, on=on)
        await processed(home)
    return await text_of(ada, on)


def ladders(home: House) -> list[str]:
    """In the order of the card."""
    return [ladder for (ladder,) in read(home, "SELECT ladder FROM portion ORDER BY position")]


async def test_when_all_was_well_three_taps_are_enough(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        await press(home, ada, shown, "Done")
        said = await press(home, ada, shown, "2", "None of these", "All the way")
        assert "Next:" in said
        assert len(await ada.visitor.messages()) == 2  # /today, and the card
    await assert_replays(home)


async def test_a_sign_is_told_of_its_exercise_and_of_no_other(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        said = await press(home, ada, shown, "Done", "2")
        assert "Did any of this happen?" in said
        first, second, *_ = ladders(home)
        await press(home, ada, shown, "2")
        sign = (await ada.visitor.labels(shown))[0]
        assert "What did you notice?" in await press(home, ada, shown, sign)
        assert f"✓ {sign}" in await ada.visitor.labels(shown)
    async with home.bot():
        said = await press(home, ada, shown, "Most of the time")
        assert f"✓ most of the time, {sign.lower()}" in said
        assert "2 ✓" in await ada.visitor.labels(shown)
        await press(home, ada, shown, "That's all", "All the way")
    assert read(home, KEPT)[2:] == [
        ("compensation", 2, second),
        ("signs", 1, second),
        ("compensation_rest", 0, None),
        ("breath_holding", 0, None),
    ]
    await assert_replays(home)
    async with builders.database(file_of(home).parent) as database, database.look() as work:
        kept = await sessions.get(work, 1, builders.catalogue().ladders)
    replies = [kept.reply(Asked.COMPENSATION, ladder) for ladder in (first, second)]
    assert replies == [Compensation.NONE, Compensation.MARKED]


async def test_what_was_ticked_by_mistake_is_taken_back(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        await press(home, ada, shown, "Done", "2", "1", "Now and then", "1 ✓", "Not this one")
        assert "None of these" in await ada.visitor.labels(shown)


async def test_a_breath_that_was_held_is_told_of_its_exercises(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        said = await press(home, ada, shown, "Done", "2", "None of these", "Lost it a few times")
        assert "In which of them?" in said
        await press(home, ada, shown, "1", "2", "2 ✓")
        assert "Next:" in await press(home, ada, shown, "That's all")
    first, second, *_ = ladders(home)
    assert read(home, KEPT)[3:] == [
        ("breath_holding", 1, None),
        ("breath_holding", 1, first),
        ("breath_holding", 1, second),
        ("breath_holding", 0, second),
    ]


async def test_pain_beyond_the_usual_asks_where_and_goes_on(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        assert "In which of them did it hurt?" in await press(home, ada, shown, "Done", "6")
    async with home.bot():
        assert "2 of 3" in await press(home, ada, shown, EVERYWHERE)


@pytest.mark.parametrize(
    "tap",
    [
        See(1, "nowhere", 0),
        Slip(1, "nowhere", 0, 1),
        Slip(1, "bridge", 0, 7),
        Where(1, Asked.BREATH, "nowhere", 1),
        Where(1, Asked.MORNING, "bridge", 1),
    ],
)
async def test_what_no_button_says_is_refused(home: House, tap: See | Slip | Where) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        await forge(home, ada, tap.encode(), on=shown)
        assert "can't read it any more" in (await ada.visitor.last())["text"]
    assert read(home, KEPT) == []
