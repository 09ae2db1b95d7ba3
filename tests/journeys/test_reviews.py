"""More than eight weeks through the chat: what is looked back on, what is suggested, and who was away."""

from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.house import MONDAY, Guest, House, settle

pytestmark = pytest.mark.timeout(120)

SUGGESTION = "a clinician's view may be worth having"
WORDS_OF_ALARM = ("fail", "damage", "injur", "danger", "urgent", "emergency")


async def test_eight_weeks_without_enough_change_suggest_a_clinicians_view_and_with_it_none(
    home: House,
) -> None:
    """Both practise on the first day and on the days before a mark; those between pass in one go."""
    async with home.bot():
        ada, ben = await home.visitor("Ada"), await home.visitor("Ben")
        both, woke = (ada, ben), (5, 2)
        for guest in both:
            await guest.enrol(pain="5", able="4", minutes="10 min")
            await guest.practise(pain=4)
        for day in range(23, 28):
            await practise(home, both, woke, day)
        await meet(home, both, 28)
        for guest in both:
            await guest.visitor.wait_for("4 weeks: a look back")
            await guest.visitor.tap("4")
            said = await review_of(guest)
            assert "goes much as at the start: 4 of 10 then, 4 now" in said["text"]
            assert [len(row) for row in said["rows"]] == [1]  # the numbers are gone; help stays
            assert SUGGESTION not in said["text"]  # four weeks are early

        for day in range(51, 56):
            await practise(home, both, woke, day)
        await meet(home, both, 56)
        for guest in both:
            await guest.visitor.wait_for("8 weeks: a look back")
        said, calmer = await review_of(ada), await review_of(ben)
        assert SUGGESTION in said["text"]
        assert SUGGESTION not in calmer["text"]
        assert "your back hurts less: about 2 of 10" in calmer["text"]
        assert not any(word in said["text"].lower() for word in WORDS_OF_ALARM)
        assert max(len(said["text"]), len(calmer["text"])) <= 900

        await meet(home, both, 57)  # a suggestion locks nothing: the ritual comes
        await ada.visitor.tap("8", on=said["id"])  # better by enough, in what matters to her
        assert SUGGESTION not in (await review_of(ada))["text"]
        assert "goes better: 4 of 10 at the start, 8 now" in (await review_of(ada))["text"]
        await ada.visitor.say("/review")
        again = await next_of(ada, await ada.visitor.last(), "8 weeks: a look back")
        assert again["text"] == (await review_of(ada))["text"]
    said_once = await home.rows("SELECT mark, state, tries FROM review ORDER BY mark, person_id")
    assert [tuple(row.values()) for row in said_once] == [
        *[(1, "sent", 1)] * 2,
        *[(2, "sent", 1)] * 2,
    ]


async def test_a_bot_that_is_stopped_around_a_mark_says_it_once(home: House) -> None:
    ada = await home.visitor()
    async with home.bot():
        await ada.enrol(minutes="10 min")
        await ada.practise()
        await practise(home, (ada,), (2,), 20)
    for _ in range(3):
        async with home.bot():
            if not await home.rows("SELECT 1 FROM review"):
                await meet(home, (ada,), 28)
                await ada.visitor.wait_for("4 weeks: a look back")
            await settle()
    said = [m for m in await ada.visitor.messages() if "a look back" in m["text"]]
    assert len(said) == 1
    assert "You practised 2 times" in said[0]["text"]


async def test_after_four_weeks_away_the_safety_questions_come_first_and_then_easier_ground(
    home: House,
) -> None:
    async with home.bot():
        ada = await home.visitor()
        await ada.enrol(minutes="10 min")
        await ada.practise()
        await home.pass_days(30)
        ada.local.move_to(MONDAY + timedelta(days=30, seconds=2))
        asked = await next_of(ada, await ada.card(), "Is any of this new?")
        for command in ("/today", "/travel"):
            await ada.visitor.say(command)
            asked = await next_of(ada, asked, "Is any of this new?")
        assert (await home.rows("SELECT count(*) AS n FROM session"))[0]["n"] == 1
        await ada.press("None of these", "And any of this?")
        await ada.press("None of these", "We go on as planned")
        card = await next_of(ada, asked, "Before the first coffee")
        assert "the safety questions come first" in card["text"]
        await ada.practise(woke=None)
        await ada.morning(31)


async def next_of(guest: Guest, known: dict[str, Any], words: str) -> dict[str, Any]:
    return await guest.visitor.wait_for(
        lambda m: m["id"] > known["id"] and words in m["text"], timeout=10
    )


async def practise(home: House, guests: tuple[Guest, ...], woke: tuple[int, ...], day: int) -> None:
    """A morning of each, with the number that they woke with."""
    await meet(home, guests, day)
    for guest, pain in zip(guests, woke, strict=True):
        await guest.practise(woke=pain, pain=4)


async def meet(home: House, guests: tuple[Guest, ...], day: int) -> None:
    """The ritual of a morning, after however many days nobody looked."""
    await home.pass_days(day, people=len(guests))
    known = [(await guest.visitor.messages())[-1] for guest in guests]
    home.local.move_to(MONDAY + timedelta(days=day, seconds=2))
    for guest, newest in zip(guests, known, strict=True):
        await next_of(guest, newest, "Before the first coffee")


async def review_of(guest: Guest) -> dict[str, Any]:
    return await guest.visitor.wait_for("a look back")
