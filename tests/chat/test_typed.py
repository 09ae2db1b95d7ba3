"""Typing is understood, in every language there is; what isn't changes nothing."""

import pytest

from bot.catalogue.words import Words
from bot.chat.typed import ABOUT_TODAY, ANSWERS, COMMANDS, meant, worries
from tests import builders
from tests.chat.scenes import card, guest_at, processed, read, reply_to
from tests.journeys.house import House

pytestmark = pytest.mark.usefixtures("no_accidents")

KEPT = "SELECT question, value FROM answer ORDER BY id"


@pytest.mark.parametrize("language", sorted(builders.voices()))
def test_no_two_meanings_share_their_words(language: str) -> None:
    words = builders.voices()[language]
    for meaning in (*COMMANDS, *ANSWERS, *ABOUT_TODAY):
        for way in words.label(f"typed.{meaning}").split("|"):
            assert meant(f" {way.upper()}. ", words) == meaning
            assert not worries(way, words)
    for way in words.label("typed.worry").split("|"):
        assert worries(f"since today, {way}, and more", words)


@pytest.mark.parametrize(
    ("text", "worry"),
    [
        ("my leg feels numb since yesterday", True),
        ("Number 4", False),
        ("I’m tired", False),
        ("CHEST PAIN!", True),
    ],
)
def test_a_worry_is_heard_wherever_it_stands(text: str, worry: bool) -> None:
    english: Words = builders.voices()["en"]
    assert worries(text, english) is worry


async def test_a_session_can_be_told_by_words_alone(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await card(home, ada)
        [said] = await reply_to(home, ada, "Done.")
        assert "1 of 3" in said
    async with home.bot():
        [said] = await reply_to(home, ada, "pain 2/10")
        assert "2 of 3" in said
        await reply_to(home, ada, "Pain: 3")
        assert read(home, KEPT) == [("completed", 0), ("pain_during", 2), ("pain_during", 3)]


async def test_a_number_alone_answers_only_where_one_is_asked_for(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await card(home, ada)
        said = await reply_to(home, ada, "4")
        assert "nothing was changed" in said[0]
        await reply_to(home, ada, "done")
        [said_next] = await reply_to(home, ada, "4")
        assert "hurt" in said_next  # beyond the usual: where it was
    assert read(home, KEPT) == [("completed", 0), ("pain_during", 4)]


@pytest.mark.parametrize(
    ("text", "says", "button"),
    [
        ("later", "Before the first coffee", "1 h"),
        ("too hard", "Then less of it", "Only two minutes"),
        ("stop", "What shall I stop?", "The rituals, for a while"),
        ("travel", "On the way", "Hotel room"),
    ],
)
async def test_a_wish_about_today_is_met_with_buttons(
    home: House, text: str, says: str, button: str
) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await card(home, ada)
        [said] = await reply_to(home, ada, text)
        assert says in said
        assert any(button in label for label in await ada.visitor.labels())


async def test_too_hard_leads_to_less_on_one_card(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        await reply_to(home, ada, "too hard")
        await ada.visitor.tap("Only two minutes")
        await processed(home)
        assert "Two minutes" in (await ada.visitor.last())["text"]
        assert await ada.visitor.labels(shown) == []


async def test_something_worrying_comes_before_whatever_is_open(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await reply_to(home, ada, "/travel")
        await ada.visitor.tap("Away for some days")
        await processed(home)
        [said] = await reply_to(home, ada, "one leg is numb")
        assert "Safety first" in said
