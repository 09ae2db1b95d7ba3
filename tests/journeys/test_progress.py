"""Nine weeks through the chat: one look back a week, of another kind at the marks, and none of them twice."""

from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.house import MONDAY, Guest, House, settle

pytestmark = pytest.mark.timeout(180)

WEEKS = range(1, 10)
MARKS = (4, 8)


async def test_nine_weeks_bring_one_look_back_each_across_a_restart(home: House) -> None:
    """Ben practises on the first day only, and hears nothing of weeks without anything."""
    ada, ben = await home.visitor("Ada"), await home.visitor("Ben")
    async with home.bot():
        for guest in (ada, ben):
            await guest.enrol(pain="4", able="5", minutes="15 min")
            await guest.practise(pain=3)
        for week in WEEKS[:5]:
            await live(home, (ada, ben), week)
    for week in WEEKS[5:]:
        async with home.bot():
            await live(home, (ada, ben), week)
        async with home.bot():  # once more, with nothing new to say
            await settle()
    assert await looks_back(ada) == [
        "4 weeks: a look back"
        if week == 4
        else "8 weeks: a look back"
        if week == 8
        else "Your week"
        for week in WEEKS
    ]
    assert await looks_back(ben) == ["Your week"]  # after four weeks away, safety comes first
    errands = await home.rows(
        "SELECT kind, state, tries FROM errand WHERE kind = 'week' ORDER BY id"
    )
    assert {tuple(row.values()) for row in errands} == {("week", "sent", 1)}


async def test_a_week_is_looked_back_on_in_a_picture_with_one_choice(home: House) -> None:
    ada = await home.visitor()
    async with home.bot():
        await ada.enrol(pain="4", minutes="15 min")
        await ada.practise(pain=3)
        await live(home, (ada,), 1)
        week = await newest(ada)
        assert week["content"]["photo"]
        assert [b["text"] for row in week["rows"] for b in row] == [
            *("Keep 15 minutes", "Shorter: 10 min", "Longer: 20 min"),
        ]
        answer = await ada.visitor.tap("Longer: 20 min")
        assert answer["text"] == "Kept."
        kept = await newest(ada)
        assert kept["id"] == week["id"]
        assert kept["content"]["photo"] == week["content"]["photo"]
        assert kept["text"].endswith("20 minutes, from the next ritual on.")
        assert kept["rows"] == []
        await ada.morning(8)
    minutes = await home.rows("SELECT minutes FROM session ORDER BY id")
    assert [row["minutes"] for row in minutes] == [15, 15, 15, 20]


async def live(home: House, guests: tuple[Guest, ...], week: int) -> None:
    """The last two rituals of a week and the one behind it; the first guest practises one of them."""
    await meet(home, guests, 7 * week - 2)
    await guests[0].practise(woke=3, pain=3)
    await meet(home, guests, 7 * week)
    await settle()


async def meet(home: House, guests: tuple[Guest, ...], day: int) -> None:
    """The ritual of a day, after days on which it came too late."""
    await home.pass_days(day, people=len(guests))
    known = [(await guest.visitor.messages())[-1]["id"] for guest in guests]
    home.local.move_to(MONDAY + timedelta(days=day, seconds=2))
    for guest, newest_then in zip(guests, known, strict=True):
        await guest.visitor.wait_for(lambda m, then=newest_then: m["id"] > then, timeout=10)  # type: ignore[misc]


async def newest(guest: Guest) -> dict[str, Any]:
    return await guest.visitor.wait_for("Your week")


async def looks_back(guest: Guest) -> list[str]:
    """The titles of those that came, in their order."""
    titles = [m["text"].splitlines()[0] for m in await guest.visitor.messages() if m["text"]]
    return [title for title in titles if title == "Your week" or "a look back" in title]
