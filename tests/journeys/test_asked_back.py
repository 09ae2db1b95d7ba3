"""A surprising number through the chat: held while it is in doubt, decided by what the person then says."""

import json

import pytest

from tests.journeys.house import Guest, House

pytestmark = pytest.mark.timeout(240)

CALM_DAYS = 19  # so that every ladder has come up often enough to have a usual


async def test_changed_at_once_it_costs_nothing_left_in_doubt_it_holds_and_confirmed_it_counts(
    home: House,
) -> None:
    async with home.bot():
        ada = await calm_days(home)
        await ada.morning(CALM_DAYS)
        said = await answer(ada, "2", "Done", "9")
        assert said.endswith("You said 9. Lately it was around 2. Is 9 right?")
        await answer(ada, "Change it", "1", "None of these", "All the way")
        before = await ada.steps(home)
        await ada.morning(CALM_DAYS + 1)
        await answer(ada, "2")
        now = await ada.steps(home)
        assert all(now[ladder] >= before[ladder] for ladder in before)
        assert not await reasons(home, CALM_DAYS + 1) & {"pain_red", "surprising_pain"}
        kept = await home.rows(
            "SELECT value FROM answer WHERE question = 'pain_during' ORDER BY id"
        )
        assert [row["value"] for row in kept][-2:] == [9, 1]  # what was said first is not lost
        await answer(ada, "Done", "2", "None of these", "All the way")
        asked = await answer(ada, "Change my answers", "Done", "9")
        assert asked.endswith("Is 9 right?")
    async with home.bot():
        await ada.morning(CALM_DAYS + 2)
        card = await answer(ada, "2")
        assert card.endswith(
            "You said 9 for pain while you moved on Sunday. Lately it was around 2. Is 9 right?"
        )
        # The headline may be of a ladder that grows, because it was not part of that day.
        await ada.visitor.say("/why")
        await ada.visitor.wait_for("we would like to know whether it is right")
        held = await reasons(home, CALM_DAYS + 2)
        assert "surprising_pain" in held
        assert not held & {"pain_red", "ready_for_more"}
        card = await answer(ada, "Yes, 9")
        assert "Before the first coffee" in card
        assert "right?" not in card
        assert "Pain rose well above your usual" in card
        decided = await reasons(home, CALM_DAYS + 2)
        assert "pain_red" in decided
        assert "surprising_pain" not in decided
        await answer(ada, "Done", "2", "None of these", "All the way")
        assert "Is 9 right" not in (await ada.morning(CALM_DAYS + 3))["text"]


async def calm_days(home: House) -> Guest:
    ada = await home.visitor()
    await ada.enrol(pain="2")
    await ada.practise()
    for day in range(1, CALM_DAYS):
        await ada.morning(day)
        await ada.practise()
    return ada


async def answer(ada: Guest, *labels: str) -> str:
    """Press these on the newest card; returns what it says then."""
    card = await ada.card()
    for label in labels:
        await ada.visitor.tap(label, on=card["id"])
    return str((await ada.card())["text"])


async def reasons(home: House, day: int) -> set[str]:
    """Of the newest decision on each ladder that a day and the one before gave; day 0 is the first Monday."""
    rows = await home.rows(
        "SELECT ladder, reasons FROM decision WHERE day = date('2026-11-23', :day) AND 2 ="
        " (SELECT count(*) FROM portion JOIN session ON session.id = session_id"
        " WHERE portion.ladder = decision.ladder"
        " AND local_date BETWEEN date(decision.day, '-1 day') AND decision.day) ORDER BY id",
        day=f"+{day} days",
    )
    newest = {row["ladder"]: json.loads(row["reasons"])[0] for row in rows}
    return set(newest.values())
