"""What people own, and what bothers them: ticked in place, kept only once they say that it is all."""

import pytest

from bot.delivery.taps import Screen, Tell, Tick
from bot.domain.profile import Question
from bot.domain.safety import Tier
from tests.chat.scenes import forge, guest_at, processed, read, reply_to, text_of
from tests.journeys.house import Guest, House

pytestmark = pytest.mark.usefixtures("no_accidents")

STAIR = "A stair or sturdy step"
NEXT = "How well can you do it now"


async def asked(home: House) -> tuple[Guest, int]:
    """Somebody at the question, and its message."""
    ada = await guest_at(home, Question.EQUIPMENT)
    await reply_to(home, ada, "/start")
    return ada, int((await ada.visitor.last())["id"])


def owned(home: House) -> str | None:
    [(kept,)] = read(home, "SELECT equipment FROM person")
    return None if kept is None else str(kept)


async def test_things_are_ticked_in_place_and_a_restart_in_between_loses_none(home: House) -> None:
    async with home.bot():
        ada, card = await asked(home)
        assert await ada.visitor.labels(card) == ["Dumbbells", STAIR, "Nothing of these"]
        await ada.visitor.tap("Dumbbells", on=card)
        assert await ada.visitor.labels(card) == ["✓ Dumbbells", STAIR, "That's all"]
    async with home.bot():
        await ada.visitor.tap(STAIR, on=card)
        assert await ada.visitor.labels(card) == ["✓ Dumbbells", f"✓ {STAIR}", "That's all"]
        assert owned(home) is None
    async with home.bot():
        await ada.visitor.tap("That's all", on=card)
        assert NEXT in await text_of(ada, card)
    assert owned(home) == "dumbbells,stair"


async def test_nothing_is_one_tap(home: House) -> None:
    async with home.bot():
        ada, card = await asked(home)
        await ada.visitor.tap("Nothing of these", on=card)
        assert NEXT in await text_of(ada, card)
    assert owned(home) == ""


async def test_a_tick_is_taken_back_and_a_hasty_second_tap_takes_none_back(home: House) -> None:
    async with home.bot():
        ada, card = await asked(home)
        for _ in range(2):  # the second falls on the button as it was
            await forge(home, ada, Tick(Question.EQUIPMENT, "dumbbells").encode(), on=card)
        assert (await ada.visitor.labels(card))[0] == "✓ Dumbbells"
        await ada.visitor.tap("✓ Dumbbells", on=card)
        assert await ada.visitor.labels(card) == ["Dumbbells", STAIR, "Nothing of these"]
    assert owned(home) is None


async def test_typed_words_are_the_whole_answer_and_old_ticks_change_nothing(home: House) -> None:
    async with home.bot():
        ada, card = await asked(home)
        await ada.visitor.tap("Dumbbells", on=card)
        assert NEXT in (await reply_to(home, ada, "a stair"))[0]
        asks = Question.EQUIPMENT
        for button in (Tick(asks, "dumbbells,stair"), Tick(asks, ""), Tell(asks, "dumbbells")):
            await forge(home, ada, button.encode(), on=card)
            said = (await ada.visitor.last())["text"]
            assert said.startswith("That one is answered already.")
            assert NEXT in said
    assert owned(home) == "stair"


@pytest.mark.parametrize("things", ["throne", "dumbbells,throne", "band"])
async def test_a_forged_tick_is_told_and_brings_the_question_again(
    home: House, things: str
) -> None:
    async with home.bot():
        ada, card = await asked(home)
        await forge(home, ada, Tick(Question.EQUIPMENT, things).encode(), on=card)
        said = (await ada.visitor.last())["text"]
        assert "I can't read it any more" in said
        assert "have at home" in said
    assert owned(home) is None


async def test_a_lock_comes_before_any_tick(home: House) -> None:
    async with home.bot():
        ada, card = await asked(home)
        await forge(home, ada, Screen(Tier.EMERGENCY, 1).encode(), on=card)
        await processed(home)
        locked = await text_of(ada, card)
        await forge(home, ada, Tick(Question.EQUIPMENT, "dumbbells").encode(), on=card)
        assert (await ada.visitor.last())["text"] == locked
    assert owned(home) is None


async def test_what_bothers_is_ticked_in_the_same_way_and_changes_what_comes(home: House) -> None:
    async with home.bot():
        ada = await guest_at(home, Question.DIRECTION)
        await reply_to(home, ada, "/start")
        card = int((await ada.visitor.last())["id"])
        await forge(home, ada, Tick(Question.DIRECTION, "OP").encode(), on=card)  # not asked here
        assert "I can't read it any more" in (await ada.visitor.last())["text"]
        for label in ("A sore shoulder or wrist", "Kneeling", "That's all"):
            await ada.visitor.tap(label)
            await processed(home)
        assert "most of the day" in (await ada.visitor.last())["text"]
    assert read(home, "SELECT aggravated_by FROM person") == [("KN,SH",)]
