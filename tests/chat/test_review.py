"""The review in a conversation: on demand, answered by a tap, calm about whatever else is done with it."""

import datetime as dt

import pytest

from bot.delivery.taps import Able
from bot.domain.profile import Question
from tests.chat.scenes import (
    forge,
    guest_at,
    practised_on,
    processed,
    read,
    reply_to,
    text_of,
    write,
)
from tests.journeys.house import MONDAY, Guest, House

pytestmark = pytest.mark.usefixtures("no_accidents")

TOLD = "SELECT value FROM activity ORDER BY id"
EIGHT_WEEKS = MONDAY + dt.timedelta(days=56, hours=1)


async def reviewed(home: House) -> Guest:
    """Somebody whose first ritual was eight weeks ago, and who practised yesterday too."""
    ada = await guest_at(home)
    practised_on(home, MONDAY, EIGHT_WEEKS - dt.timedelta(days=1))
    return ada


async def review(home: House, ada: Guest) -> int:
    """Its message."""
    await home.pass_days(56)
    home.local.move_to(EIGHT_WEEKS)
    return int((await ada.visitor.wait_for("8 weeks: a look back"))["id"])


async def test_before_the_first_review_its_command_says_when_it_comes(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        assert "The first time comes four weeks after" in (await reply_to(home, ada, "/review"))[0]


@pytest.mark.parametrize("upto", [Question.CONSENT, Question.ACTIVITY])
async def test_its_command_while_enrolling_brings_the_open_question(
    home: House, upto: Question
) -> None:
    ada = await guest_at(home, upto)
    async with home.bot():
        [said] = await reply_to(home, ada, "/review")
    asks = {Question.CONSENT: "Hello. I'm Backbeat", Question.ACTIVITY: "How well can you do it"}
    assert asks[upto] in said


async def test_a_tap_twice_and_one_on_an_old_card_keep_what_was_told_last(home: House) -> None:
    ada = await reviewed(home)
    async with home.bot():
        card = await review(home, ada)
        old = (await ada.visitor.last())["rows"][0][3]["callback_data"]
        assert old == Able("3").encode()
        assert (await ada.visitor.tap("5", on=card))["text"] == "Kept."
        suggested = await text_of(ada, card)
        assert "clinician's view may be worth having" in suggested
        await forge(home, ada, Able("5").encode(), on=card)
        assert await text_of(ada, card) == suggested
        await forge(home, ada, old, on=card)
        assert "goes less well: 5 of 10 at the start, 3 now" in await text_of(ada, card)
    assert read(home, TOLD) == [(5,), (5,), (5,), (3,)]


async def test_typed_numbers_are_no_answer_and_the_row_stays(home: House) -> None:
    ada = await reviewed(home)
    async with home.bot():
        card = await review(home, ada)
        assert "I don't know what to do with these words" in (await reply_to(home, ada, "7"))[0]
        assert "7" in await ada.visitor.labels(on=card)
    assert read(home, TOLD) == [(5,)]


async def test_a_forged_value_and_anothers_card_change_nothing(home: House) -> None:
    ada = await reviewed(home)
    async with home.bot():
        card = await review(home, ada)
        for value in ("11", "none", "five", ""):
            await forge(home, ada, Able(value).encode(), on=card)
            assert "can't read it any more" in (await ada.visitor.last())["text"]
    assert read(home, TOLD) == [(5,)]


async def test_while_locked_its_row_and_its_command_say_what_comes_first(home: House) -> None:
    ada = await reviewed(home)
    async with home.bot():
        card = await review(home, ada)
        await reply_to(home, ada, "/help")
        await ada.visitor.tap("Something new or worrying")
        await ada.visitor.wait_for("Safety first")
        await ada.visitor.tap("Yes, at least one")
        await processed(home)
        await ada.visitor.tap("5", on=card)
        assert "This can need emergency care now" in (await ada.visitor.last())["text"]
        assert "This can need emergency care now" in (await reply_to(home, ada, "/review"))[0]
    assert read(home, TOLD) == [(5,)]


async def test_who_enrolled_before_is_asked_for_the_first_time_and_may_say_nothing(
    home: House,
) -> None:
    ada = await reviewed(home)
    write(home, "DELETE FROM activity")
    async with home.bot():
        card = await review(home, ada)
        assert "Think of the one thing" in await text_of(ada, card)
        await ada.visitor.tap("Nothing in particular", on=card)
        assert "How well" not in await text_of(ada, card)
        assert "gets in the way" not in (await reply_to(home, ada, "/review"))[0]
    assert read(home, TOLD) == [(None,)]


async def test_who_is_forgotten_leaves_no_review_and_their_old_card_answers_kindly(
    home: House,
) -> None:
    ada = await reviewed(home)
    async with home.bot():
        card = await review(home, ada)
        await reply_to(home, ada, "/forget")
        await ada.visitor.tap("Delete everything")
        await processed(home)
        await ada.visitor.tap("5", on=card)
        assert "isn't here any more" in (await ada.visitor.last())["text"]
    assert read(home, TOLD) == read(home, "SELECT * FROM review") == []
