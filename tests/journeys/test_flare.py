"""A flare after weeks of progress: one that settles and leads back, one that doesn't and asks for someone."""

from datetime import timedelta

import pytest

from tests.journeys.house import Guest, House, settle

pytestmark = pytest.mark.timeout(240)

GENTLE = {"control", "mobility"}
DAY = timedelta(days=1)


async def test_through_a_flare_gently_and_back_to_where_it_had_begun(home: House) -> None:
    async with home.bot():
        ada = await home.visitor()
        await ada.enrol(pain="2")
        await calm_days(ada, 0, 10)
        before = await standings(home)
        assert max(before.values()) >= (2, 0.6)

        await ada.morning(10)
        await tell_of_flare(ada)
        card = await ada.visitor.wait_for("A flare comes and goes")
        assert "How did you wake" in card["text"]
        assert await last_session(home) == dict.fromkeys(GENTLE, 0.4)
        await ada.practise(woke=6, pain=5)
        for day, pain, woke in ((11, 4, 5), (12, 2, 3), (13, 2, 2)):
            card = await ada.morning(day)
            assert "A flare comes and goes" in card["text"]
            assert "How did you wake" in card["text"]
            assert await last_session(home) == dict.fromkeys(GENTLE, 0.4)
            await ada.practise(woke=woke, pain=pain)

        await ada.morning(14)
        known = (await ada.visitor.last())["id"]
        await ada.visitor.tap("2", on=known)  # the second calm morning
        card = await ada.visitor.wait_for("The flare has settled, so the way back begins")
        assert card["id"] == known
        back = await last_session(home)
        assert back.keys() - GENTLE  # the others are back
        assert max(back.values()) == 0.6
        await ada.practise(woke=None)

        await calm_days(ada, 15, 30)
        after = await standings(home)
        assert all(after[ladder] >= before[ladder] for ladder in before)
    texts = " ".join([m["text"] for m in await ada.visitor.messages() if m["by_bot"]]).lower()
    assert not any(word in texts for word in ("fail", "damage", "injur", "danger"))
    actions = await home.rows("SELECT DISTINCT action FROM decision")
    assert "pause_and_refer" not in {row["action"] for row in actions}


async def test_a_flare_that_does_not_settle_in_a_week_rests_the_plan_until_someone_was_seen(
    home: House,
) -> None:
    async with home.bot():
        ada = await home.visitor()
        await ada.enrol(pain="2")
        await calm_days(ada, 0, 5)
        await ada.morning(5)
        await tell_of_flare(ada)
        await ada.visitor.wait_for("A flare comes and goes")
        await ada.practise(woke=6, pain=5)
        for day in range(6, 12):
            await ada.morning(day)
            await ada.practise(woke=5, pain=5)
        known = (await ada.visitor.messages())[-1]["id"]
        ada.local.clock.move_by(DAY)
        card = await ada.visitor.wait_for(
            lambda m: m["id"] > known and "has not settled within a week" in m["text"], timeout=10
        )
        assert "worth a clinician's eye" in card["text"]
        ada.local.clock.move_by(DAY)
        await settle()
        assert await ada.visitor.last() == card  # it rests, and it is said once

        await ada.press("Someone has seen me, and movement is fine", "We go on as planned")
        await ada.visitor.wait_for(
            lambda m: m["id"] > card["id"] and "We begin gently" in m["text"]
        )
        await ada.practise()


async def calm_days(guest: Guest, first: int, beyond: int) -> None:
    for day in range(first, beyond):
        if day:
            await guest.morning(day)
        await guest.practise()


async def tell_of_flare(guest: Guest) -> None:
    await guest.visitor.say("/flare")
    await guest.visitor.wait_for("Safety first")
    await guest.press("None of these", "And any of this?")
    await guest.press("None of these", "We keep moving, gently")


async def standings(home: House) -> dict[str, tuple[int, float]]:
    """Where the newest decision on each ladder left it."""
    rows = await home.rows("SELECT ladder, step, dose_fraction FROM decision ORDER BY id")
    return {row["ladder"]: (row["step"], row["dose_fraction"]) for row in rows}


async def last_session(home: House) -> dict[str, float]:
    """What the newest session gives, by ladder."""
    rows = await home.rows(
        "SELECT ladder, dose_fraction FROM portion"
        " WHERE session_id = (SELECT max(session_id) FROM portion)"
    )
    return {row["ladder"]: row["dose_fraction"] for row in rows}
