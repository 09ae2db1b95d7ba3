"""/flare in a conversation: safety first, then the gentle day; nothing is lost between any two taps."""

from datetime import timedelta
from typing import Any

import pytest

from bot.delivery.taps import Screen, Woke
from bot.domain.profile import Question
from tests.chat.scenes import card, forge, guest_at, processed, read, reply_to
from tests.journeys.house import Guest, House

pytestmark = pytest.mark.usefixtures("no_accidents")

NONE_OF_THESE = "None of these"


async def clear(guest: Guest, then: str = "We keep moving, gently") -> None:
    """Nothing else is new; wait for what is said then."""
    await guest.press(NONE_OF_THESE, "And any of this?")
    await guest.press(NONE_OF_THESE, then)


async def said(guest: Guest, after: int = 0) -> list[str]:
    return [m["text"] for m in await guest.visitor.messages() if m["by_bot"] and m["id"] > after]


async def test_safety_comes_first_and_then_todays_card_in_its_gentle_version(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await card(home, ada)
        [asked] = await reply_to(home, ada, "/flare")
        assert asked.startswith("A flare, then.")
        assert "Safety first" in asked
        await clear(ada)
        await processed(home)
        begun, gentle = (await said(ada))[-2:]
    assert "Here is today's, in the gentle version" in begun
    assert gentle.startswith("Flare day")
    assert "A flare comes and goes" in gentle
    assert "about 40 %" in gentle
    assert {row[0] for row in read(home, "SELECT DISTINCT dose_fraction FROM portion")} == {0.4}


async def test_on_a_day_that_is_done_it_begins_tomorrow(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await card(home, ada)
        await ada.practise()
        await reply_to(home, ada, "/flare")
        await clear(ada)
        await processed(home)
        assert any("begin tomorrow" in text for text in await said(ada))
        assert {row[0] for row in read(home, "SELECT dose_fraction FROM portion")} == {0.6}
        assert "A flare comes and goes" in (await ada.morning(1))["text"]


async def test_a_bot_that_is_stopped_between_any_two_taps_forgets_no_flare(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await card(home, ada)
        await reply_to(home, ada, "/flare")
    async with home.bot():
        await ada.press(NONE_OF_THESE, "And any of this?")
    async with home.bot():
        await ada.press(NONE_OF_THESE, "We keep moving, gently")
        await processed(home)
        assert "A flare comes and goes" in (await said(ada))[-1]


async def test_left_at_the_safety_questions_it_is_not_forgotten_and_they_come_in_the_morning(
    home: House,
) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await reply_to(home, ada, "/flare")
        known = (await ada.visitor.messages())[-1]["id"]
        home.local.clock.move_by(timedelta(days=1))
        await ada.visitor.wait_for(lambda m: m["id"] > known and "Safety first" in m["text"])
        await clear(ada)
        await processed(home)
        assert "A flare comes and goes" in (await said(ada))[-1]


async def test_told_twice_it_is_one_flare_and_safety_is_asked_again(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        for _ in range(2):
            await reply_to(home, ada, "/flare")
            await clear(ada)
            await processed(home)
        [why] = await reply_to(home, ada, "/why")
    assert why.count("A flare comes and goes") == 1
    assert "Two comfortable sessions in a row" in why
    assert "the way back begins" in why


async def test_anything_new_or_worrying_closes_the_plan_as_ever(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await reply_to(home, ada, "/flare")
        await ada.press("Yes, at least one", "This can need emergency care now")
        for command in ("/flare", "/today"):
            [answer] = await reply_to(home, ada, command)
            assert "This can need emergency care now" in answer
    assert read(home, "SELECT count(*) FROM flare") == [(1,)]


async def test_an_urgent_answer_closes_it_until_they_say_that_someone_has_seen_them(
    home: House,
) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await reply_to(home, ada, "/flare")
        await ada.press(NONE_OF_THESE, "And any of this?")
        await ada.press("Yes, at least one", "Please have this looked at soon")
    async with home.bot():
        for command in ("/today", "/travel", "/flare"):
            [answer] = await reply_to(home, ada, command)
            assert "Please have this looked at soon" in answer
        await ada.press("Someone has seen me, and movement is fine", "We go on as planned")
        await processed(home)
        assert "Before the first coffee" in (await said(ada))[-1]


async def test_the_next_morning_is_planned_with_the_flare_and_asks_by_itself(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await card(home, ada)
        await reply_to(home, ada, "/flare")
        await clear(ada)
        await processed(home)
        known = (await said_last(ada))["id"]
        home.local.clock.move_by(timedelta(days=1, hours=2))
        check = await ada.visitor.wait_for(
            lambda m: m["id"] > known and m["text"].startswith("How did you wake?")
        )
    async with home.bot():
        await ada.visitor.tap("4", on=check["id"])
        answered = await ada.visitor.wait_for("still settling")
        assert answered["id"] == check["id"]
    async with home.bot():
        await ada.press("Change it", "How did you wake?")
        await ada.visitor.tap("2", on=check["id"])
        await ada.visitor.wait_for("still settling")
        await forge(home, ada, Woke("2026-11-24", "12").encode())
        await forge(home, ada, Woke("someday", "2").encode())
        await forge(home, ada, Woke("2027-11-24", "2").encode())
    assert [value for (value,) in read(home, "SELECT value FROM morning ORDER BY id")] == [4, 2]


async def said_last(guest: Guest) -> dict[str, Any]:
    return (await guest.visitor.messages())[-1]


@pytest.mark.parametrize("upto", [Question.SAFETY, Question.PAIN, Question.MINUTES])
async def test_before_somebody_is_enrolled_the_open_question_comes(
    home: House, upto: Question
) -> None:
    ada = await guest_at(home, upto)
    async with home.bot():
        [answer] = await reply_to(home, ada, "/flare")
    assert "Let's get to know each other first." in answer
    assert read(home, "SELECT count(*) FROM flare") == [(0,)]


async def test_a_worry_in_a_flare_goes_on_gently_too(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await reply_to(home, ada, "/flare")
        await clear(ada)
        await processed(home)
        await ada.press("Something new or worrying", "Safety first")
        await clear(ada)


async def test_an_old_no_to_safety_says_nothing_twice(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await reply_to(home, ada, "/flare")
        await clear(ada)
        await processed(home)
        known = (await ada.visitor.messages())[-1]["id"]
        await forge(home, ada, Screen("U", 0).encode())
        assert (await said(ada, known)) == ["That one is answered already."]


async def test_what_somebody_told_of_flares_goes_with_them(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await reply_to(home, ada, "/flare")
        await reply_to(home, ada, "/forget")
        await ada.press("Delete everything", "Everything about you is deleted")
    assert read(home, "SELECT count(*) FROM flare") == [(0,)]


async def test_help_and_the_menu_of_the_way_carry_the_way_to_help(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        for command in ("/help", "/travel", "/today", "/why"):
            await reply_to(home, ada, command)
            assert "Something new or worrying" in await ada.visitor.labels()
