"""Weeks with several rituals, a pause and a trip through the settings; every decision replays at the end."""

import datetime as dt

import pytest

from tests.journeys.house import MONDAY, Guest, House, settle

pytestmark = pytest.mark.timeout(240)


async def test_two_rituals_a_day_for_a_week_with_a_restart_in_the_middle(home: House) -> None:
    async with home.bot():
        ada = await home.visitor()
        await ada.enrol(minutes="10 min")
        await add_evening(ada)
        for day in range(4):
            await lived(ada, day)
    async with home.bot():
        for day in range(4, 7):
            await lived(ada, day)
        await settle()
    deliveries = await home.rows(
        "SELECT ritual_id, local_date, count(*) AS number FROM delivery WHERE state != 'due'"
        " GROUP BY ritual_id, local_date"
    )
    assert {row["number"] for row in deliveries} == {1}
    assert len(deliveries) == 13  # she enrolled at the hour of the first
    sessions = await home.rows("SELECT local_date, occasion FROM session ORDER BY id")
    assert len(sessions) == 14
    assert len({row["local_date"] for row in sessions}) == 7
    repeated = await home.rows(
        "SELECT count(*) AS number FROM portion JOIN session ON session.id = session_id"
        " GROUP BY local_date, ladder HAVING number > 1"
    )
    every = await home.rows("SELECT 1 FROM portion")
    assert len(repeated) < len(every) / 4


async def test_a_pause_in_the_weeks_is_no_gap_that_anybody_mentions(home: House) -> None:
    async with home.bot():
        ada = await home.visitor()
        await ada.enrol()
        await ada.practise()
        await ada.morning(1)
        await ada.practise()
        await ada.visitor.say("/pause 28 Nov")  # a Saturday; it is Tuesday
        await ada.visitor.wait_for("Paused until Saturday")
    async with home.bot():
        home.local.move_to(MONDAY + dt.timedelta(days=4))
        await settle()
        home.local.move_to(MONDAY + dt.timedelta(days=5, seconds=2))
        returned = str((await ada.visitor.wait_for("back together"))["text"])
        assert returned.startswith("Good to be back together.")
        assert "could not reach you" not in returned
        card = (await ada.visitor.last())["id"]
        await ada.visitor.tap("Not today", on=card)
        assert "back together" not in (await ada.morning(6))["text"]
    states = await home.rows("SELECT local_date, state FROM delivery ORDER BY local_date")
    assert [(row["local_date"], row["state"]) for row in states] == [
        ("2026-11-24", "sent"),
        ("2026-11-25", "cancelled"),
        ("2026-11-28", "sent"),
        ("2026-11-29", "sent"),
        ("2026-11-30", "due"),
    ]


async def lived(ada: Guest, day: int) -> None:
    """Both rituals of a day, answered; the first day began with the enrolment."""
    if day:
        await ada.morning(day)
    await ada.practise()
    evening = await ada.morning(day, hour=18)
    assert evening["text"].startswith("After the last meeting")
    await ada.practise(woke=None)


async def add_evening(ada: Guest) -> None:
    await ada.visitor.say("/settings")
    await ada.visitor.wait_for("Settings")
    for label, then in (
        ("Rituals", "Your rituals"),
        ("Add a ritual", "At what time?"),
        ("18:00", "18:00 After the last meeting"),
    ):
        await ada.press(label, then)
    await ada.press("Back", "Your rituals")
    await ada.press("Back", "Settings")
    await ada.press("Close", "07:00, 18:00")
