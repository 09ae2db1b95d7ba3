"""A session exercise by exercise: one card, its timers and bells, and the ways back and out."""

from typing import Any

import pytest

from tests.chat.scenes import card, guest_at, processed, read, text_of
from tests.journeys.house import Guest, House, assert_replays

pytestmark = pytest.mark.usefixtures("no_accidents")

ANSWERS = "SELECT question, value, ladder FROM answer ORDER BY id"
MAIN = ("Go", "Set done", "Next")


async def press(home: House, ada: Guest, label: str, on: int | None = None) -> dict[str, Any]:
    """Press it; return the bot's newest message."""
    await ada.visitor.tap(label, on=on)
    await processed(home)
    return await ada.visitor.last()


async def started(home: House) -> tuple[Guest, int]:
    """Somebody whose card has just become the player."""
    ada = await guest_at(home)
    shown = await card(home, ada)
    await press(home, ada, "Start", shown)
    return ada, shown


async def to_the_rating(home: House, ada: Guest, shown: int) -> None:
    """On from wherever they are, without a timer's end, up to the question how it was."""
    while "How was it?" not in await text_of(ada, shown):
        labels = await ada.visitor.labels(shown)
        await press(home, ada, next(label for label in labels if label in MAIN), shown)


async def play(home: House, ada: Guest, shown: int, *grades: str) -> None:
    """Exercise after exercise; "Skip" leaves one out."""
    for grade in grades:
        if grade != "Skip":
            await to_the_rating(home, ada, shown)
        await press(home, ada, grade, shown)


async def exercises(home: House) -> list[str]:
    return [row[0] for row in read(home, "SELECT ladder FROM portion ORDER BY position")]


async def test_start_turns_the_card_into_the_player_and_its_end_leads_on_to_the_questions(
    home: House,
) -> None:
    async with home.bot():
        ada, shown = await started(home)
        assert "quiet minute" in await text_of(ada, shown)
        await press(home, ada, "Skip", shown)
        ladders = await exercises(home)
        assert (await text_of(ada, shown)).startswith(f"1 of {len(ladders)} · ")
        await play(home, ada, shown, *(["Clean"] * (len(ladders) - 1)), "Slipped")
        assert "Pain while you moved" in await text_of(ada, shown)
        messages = await ada.visitor.messages()
    assert [m["id"] for m in messages if m["by_bot"]] == [shown]
    kept = read(home, ANSWERS)
    graded = {ladder: value for asked, value, ladder in kept if asked == "compensation"}
    assert graded == {ladder: int(ladder == ladders[-1]) for ladder in ladders}
    assert kept[-1] == ("completed", 0, None)
    assert read(home, "SELECT * FROM player") == []
    await assert_replays(home)
