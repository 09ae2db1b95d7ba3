"""A trip to another clock and back, and mornings of a flare: whole days through the chat."""

from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.house import MONDAY, Guest, House, settle
from tests.journeys.test_flare import calm_days, standings, tell_of_flare

pytestmark = pytest.mark.timeout(240)

DAILY = (
    "SELECT local_date, occasion FROM session WHERE occasion NOT GLOB 'travel:[0-9]*' ORDER BY id"
)


async def moved_to(guest: Guest, days: float, hours: float, begins: str) -> dict[str, Any]:
    """Move the clock, counted from the first Monday at midnight UTC; wait for what comes then."""
    known = (await guest.visitor.messages())[-1]["id"]
    midnight = MONDAY.replace(hour=0)
    guest.local.move_to(midnight + timedelta(days=days, hours=hours, seconds=2))
    return await guest.visitor.wait_for(
        lambda m: m["id"] > known and m["text"].startswith(begins), timeout=10
    )


async def test_two_weeks_with_five_days_in_tokyo_by_the_clock_over_there(home: House) -> None:
    ada = await home.visitor()
    async with home.bot():
        await ada.enrol(minutes="10 min")
        await calm_days(ada, 0, 5)
        before = await standings(home)
        ada.local.move_to(MONDAY.replace(hour=18) + timedelta(days=4))  # Friday evening
        await ada.visitor.say("/travel")
        await ada.visitor.wait_for("What suits?")
        await ada.press("Away for some days", "When are you home again?")
    async with home.bot():  # it was stopped in the middle
        await ada.visitor.say("2.12.")
        await ada.visitor.wait_for("What suits where you'll be?")
        await ada.press("Hotel room", "By which clock")
    async with home.bot():
        await ada.press("Follow local time", "Where will you be?")
        await ada.visitor.say("Tokyo")
        await ada.visitor.wait_for("Which of these is it?")
    async with home.bot():
        await ada.press("Tokyo, Japan", "You are away until Wednesday, 2 December")
        for day in range(5, 9):  # Saturday to Tuesday, at 07:00 over there
            card = await moved_to(ada, day - 1, 22, "Hotel room")
            assert "Away until 2 December" in card["text"]
            assert ("How did you wake" in card["text"]) is (day < 8)  # the day before was silent
            if day < 8:
                await ada.visitor.tap("2", on=card["id"])
            if day != 7:
                await ada.practise(woke=None)
    async with home.bot():
        card = await moved_to(ada, 9, 6, "Before the first coffee")  # Wednesday, 07:00 at home
        assert "Welcome home." in card["text"]
        again = await standings(home)
        assert all(again[name][1] <= 0.8 for name in await given_today(home))
        assert all(again[name][0] <= before[name][0] for name in before)
        await ada.practise()
        for day in range(10, 14):
            card = await ada.morning(day)
            assert "Welcome home." not in card["text"]
            await ada.practise()
        after = await standings(home)
    assert all(after[name] >= again[name] for name in again)
    assert max(after.values()) > max(again.values())
    daily = [(row["local_date"], row["occasion"]) for row in await home.rows(DAILY)]
    dates = [(MONDAY.date() + timedelta(days=n)).isoformat() for n in range(14)]
    assert [day for day, _ in daily] == dates
    assert [day for day, occasion in daily if occasion.startswith("travel:day:")] == dates[5:9]
    sent = await home.rows("SELECT local_date FROM delivery WHERE state = 'sent' ORDER BY due_at")
    assert [row["local_date"] for row in sent] == dates[1:]
    moved = await home.rows(
        "SELECT 1 FROM decision JOIN session ON session.id = session_id WHERE occasion GLOB 'travel:*'"
    )
    assert moved == []


async def test_mornings_of_a_flare_are_asked_about_until_it_has_settled(home: House) -> None:
    ada = await home.visitor()
    async with home.bot():
        await ada.enrol(pain="2", at="18:00", minutes="10 min")
        await ada.practise()
        await tell_of_flare(ada)
        mornings = []
        for day, (woke, said) in enumerate(
            [(6, "still settling"), (4, "still settling"), (2, "still settling")], start=1
        ):
            check = await moved_to(ada, day, 7, "How did you wake?")
            mornings.append(check["text"])
            assert "Something new or worrying" in await ada.visitor.labels(check["id"])
            answered = await ada.press(str(woke), said)
            assert answered["id"] == check["id"]
            await moved_to(ada, day, 17, "Flare day")
            await ada.practise(woke=None, pain=2)
        await moved_to(ada, 4, 7, "How did you wake?")
        await ada.press("2", "The flare has settled")
        await moved_to(ada, 4, 17, "After the last meeting")
        count = len(await ada.visitor.messages())
        ada.local.move_to(MONDAY.replace(hour=9) + timedelta(days=5))
        await settle()
        assert len(await ada.visitor.messages()) == count  # no more mornings are asked about
    states = await home.rows("SELECT state FROM errand WHERE kind = 'morning' ORDER BY due_at")
    assert [row["state"] for row in states][:4] == ["sent"] * 4


async def test_a_flare_that_does_not_settle_suggests_calmly_and_then_asks_for_someone(
    home: House,
) -> None:
    ada = await home.visitor()
    async with home.bot():
        await ada.enrol(pain="2", at="18:00", minutes="10 min")
        await tell_of_flare(ada)
        said = []
        for day in range(1, 7):
            await moved_to(ada, day, 7, "How did you wake?")
            answered = await ada.press("7", "Thank you, that is kept.")
            said.append("talking with a clinician" in answered["text"])
            await moved_to(ada, day, 17, "Flare day")
            await ada.practise(woke=None, pain=5)
        assert said == [False, False, True, True, True, True]
        await moved_to(ada, 7, 7, "How did you wake?")
        await ada.press("7", "Thank you, that is kept.")
        card = await moved_to(ada, 7, 17, "Strong pain has come back")
        assert "has not settled within a week" in card["text"]
        ada.local.move_to(MONDAY.replace(hour=9) + timedelta(days=8))
        await settle()
        assert await ada.visitor.last() == card  # the plan rests, and so do the mornings
    texts = " ".join([m["text"] for m in await ada.visitor.messages() if m["by_bot"]]).lower()
    assert not any(word in texts for word in ("fail", "damage", "injur", "danger"))


async def given_today(home: House) -> set[str]:
    rows = await home.rows(
        "SELECT ladder FROM portion WHERE session_id = (SELECT max(session_id) FROM portion)"
    )
    return {row["ladder"] for row in rows}
