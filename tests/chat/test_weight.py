"""With a weight a fourth question follows; without one there are three, as ever."""

import pytest

from bot.delivery.taps import Rate
from bot.domain.session import Asked
from tests import builders
from tests.chat.scenes import card, file_of, forge, guest_at, processed, read, text_of
from tests.journeys.house import Guest, House, assert_replays
from tests.practice.someone import Someone, at

pytestmark = pytest.mark.usefixtures("no_accidents")

THREE_MORE = "4 of 4 · With the weight: could you have done three more?"
CALMLY = (("Done", "of 4"), ("2", "2 of 4"), ("Not that I noticed", "3 of 4"))
ANSWERS = "SELECT value FROM answer WHERE question = 'reserve' AND session_id = ? ORDER BY id"


async def before_a_weight(home: House) -> Guest:
    """Somebody on the morning of their first ritual with a weight; the clock goes with them."""
    ada = await guest_at(home)
    async with builders.database(file_of(home).parent) as database:
        someone = Someone(builders.desk(database))
        await someone.finds_the_hinge_easy(at(0))
        number = await someone.until_a_weight(0)
    home.local.move_to(
        at(number, hours=8)
    )  # no ritual is sent so late: the card comes when asked for
    return ada


async def press(home: House, ada: Guest, label: str, on: int) -> str:
    """Press it; return what the card then says."""
    await ada.visitor.tap(label, on=on)
    await processed(home)
    return await text_of(ada, on)


async def up_to_the_weight(home: House, ada: Guest, shown: int) -> None:
    """From the first question to the fourth."""
    for label, then in CALMLY:
        assert then in await press(home, ada, label, shown)
    assert THREE_MORE in await press(home, ada, "All the way", shown)
    assert await ada.visitor.labels(shown) == ["Yes", "No"]


def newest_session(home: House) -> int:
    [(found,)] = read(home, "SELECT max(id) FROM session")
    return int(found)


async def test_a_fourth_question_follows_and_can_be_answered_anew(home: House) -> None:
    ada = await before_a_weight(home)
    async with home.bot():
        shown = await card(home, ada)
        await press(home, ada, "2", shown)  # how she woke
        await up_to_the_weight(home, ada, shown)
        assert "Thank you" in await press(home, ada, "No", shown)
        await press(home, ada, "Change my answers", shown)
        await up_to_the_weight(home, ada, shown)
        assert "Thank you" in await press(home, ada, "Yes", shown)
    assert read(home, ANSWERS, newest_session(home)) == [(1,), (0,)]
    await assert_replays(home)


async def test_a_bot_that_was_stopped_before_the_fourth_question_asks_it_still(
    home: House,
) -> None:
    ada = await before_a_weight(home)
    async with home.bot():
        shown = await card(home, ada)
        await press(home, ada, "2", shown)
        await up_to_the_weight(home, ada, shown)
    async with home.bot():
        assert THREE_MORE in await text_of(ada, await card(home, ada))
        assert "Thank you" in await press(home, ada, "No", shown)  # on the older card, too
    async with home.bot():
        assert "that is kept" in await text_of(ada, await card(home, ada))


async def test_without_a_weight_three_questions_are_all(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        for label, then in (("Done", "1 of 3"), ("2", "2 of 3"), ("Not that I noticed", "3 of 3")):
            assert then in await press(home, ada, label, shown)
        assert "Thank you" in await press(home, ada, "All the way", shown)


async def test_an_answer_that_no_button_gives_is_refused_and_one_nobody_asked_for_decides_nothing(
    home: House,
) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        session = newest_session(home)
        await forge(home, ada, Rate(session, Asked.RESERVE, 2).encode(), on=shown)
        assert "can't read it any more" in (await ada.visitor.last())["text"]
        assert read(home, ANSWERS, session) == []
        await forge(home, ada, Rate(session, Asked.RESERVE, 1).encode(), on=shown)
        assert "How did it go?" in await text_of(ada, shown)
        for label in ("Done", "2", "Not that I noticed"):
            await press(home, ada, label, shown)
        said = await press(home, ada, "All the way", shown)
    assert "Thank you" in said
    assert "weight" not in said
