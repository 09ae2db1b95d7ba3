"""Whole weeks of people, through the chat: the real bot, over HTTP, with the clock moved day by day."""

from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.house import Guest, House, settle

pytestmark = pytest.mark.timeout(240)


async def test_a_sitter_climbs_from_pelvic_tilts_towards_single_leg_bridges_and_a_light_hinge(
    home: House,
) -> None:
    async with home.bot():
        ada = await home.visitor()
        await ada.enrol(
            life="Sitting", minutes="20 min", owns=("Dumbbells", "A stair or sturdy step")
        )
        assert set((await ada.steps(home)).values()) == {(1, 0.6)}
        await ada.practise()
        before = await ada.steps(home)
        for day in range(1, 36):
            await ada.morning(day)
            await ada.practise()
            now = await ada.steps(home)
            climbed = {ladder for ladder in before if now[ladder][0] > before[ladder][0]}
            assert all(now[ladder][0] - before[ladder][0] <= 1 for ladder in before)
            assert len(climbed) <= 2
            before = now
    assert before["control"][0] >= 5  # it began with breathing, then small pelvic tilts
    assert before["bridge"] >= (5, 0.6)  # one heel leaves the floor: the way to one leg
    assert before["hinge"] >= (5, 0.6)  # past the isometric at the wall, with a light bag
    decided = await home.rows("SELECT DISTINCT action FROM decision")
    assert {row["action"] for row in decided} == {"hold", "advance_dose", "advance_step"}


async def test_a_stander_gets_posture_where_a_sitter_gets_hips_and_upper_back(home: House) -> None:
    async with home.bot():
        sitter, stander = await home.visitor("Ada"), await home.visitor("Ben")
        await sitter.enrol(life="Sitting", minutes="10 min")
        await stander.enrol(life="On my feet", minutes="10 min")
        theirs = [(await guest.visitor.last())["text"] for guest in (sitter, stander)]
    ladders = await home.rows(
        "SELECT person.life, portion.ladder FROM portion JOIN session ON session.id = session_id"
        " JOIN person ON person.id = person_id"
    )
    assert {"life": "sitting", "ladder": "mobility"} in ladders
    assert {"life": "standing", "ladder": "posture"} in ladders
    assert theirs[0] != theirs[1]


async def test_a_flare_makes_the_next_days_smaller_and_calm_days_bring_it_back(home: House) -> None:
    async with home.bot():
        ada = await home.visitor()
        await ada.enrol(pain="2")
        await _calm_days(ada, 0, 9)
        strong = await ada.steps(home)

        await ada.morning(9)
        flared = await ada.practise(pain=7)
        assert "Pain rose well above your usual" in flared
        await ada.morning(10)
        await ada.practise(woke=6, pain=7)
        await ada.morning(11)
        weak = await _given_today(home)  # who rests today hears of the sore days at the next turn
        assert all(weak[ladder] <= strong[ladder] for ladder in weak.keys() & strong.keys())
        assert sum(weak[ladder] < strong[ladder] for ladder in weak.keys() & strong.keys()) >= 4

        await ada.practise(woke=5, pain=4)
        await _calm_days(ada, 12, 20)
        back = await ada.steps(home)
        assert all(back[ladder] >= weak[ladder] for ladder in weak)
        assert sum(back[ladder] > weak[ladder] for ladder in weak) >= 4
    texts = " ".join([m["text"] for m in await ada.visitor.messages()]).lower()
    assert not any(word in texts for word in ("fail", "damage", "injur", "danger"))


async def test_strong_pain_that_keeps_returning_rests_the_plan_until_someone_was_seen(
    home: House,
) -> None:
    async with home.bot():
        ada = await home.visitor()
        await ada.enrol(pain="1")
        await ada.practise(woke=1, pain=8)
        for _ in range(25):
            card = await _next_card(ada)
            if not card["text"].startswith("Before the first coffee"):
                break
            await ada.practise(woke=1, pain=8)
        assert "worth a clinician's eye" in card["text"]
        for _ in range(3):
            ada.local.clock.move_by(_days(1))
            await settle()
        assert await ada.visitor.last() == card  # it rests: no ritual comes, and it is said once

        await ada.press("Someone has seen me, and movement is fine", "We go on as planned")
        card = await ada.visitor.wait_for("Before the first coffee")
        assert "We begin gently" in card["text"]


async def test_who_holds_their_breath_is_never_asked_for_more(home: House) -> None:
    async with home.bot():
        ada = await home.visitor()
        await ada.enrol()
        said = await ada.practise(breath="Lost it a few times")
        assert "breath" in said.lower()
        for day in range(1, 5):
            await ada.morning(day)
            await ada.practise(breath="Lost it a few times")
        assert set((await ada.steps(home)).values()) == {(1, 0.6)}
        for day in range(5, 9):
            await ada.morning(day)
            said = await ada.practise(breath="Held it most of the time")
        await ada.morning(9)
        assert all(dose < 0.6 for _, dose in (await ada.steps(home)).values())


async def test_who_never_answers_gets_one_quiet_card_a_day_and_nothing_changes(home: House) -> None:
    async with home.bot():
        ada = await home.visitor()
        await ada.enrol()
        first = (await ada.visitor.last())["text"]
        cards = [first, *[(await ada.morning(day))["text"] for day in range(1, 22)]]
    assert len(cards) == len(
        [m for m in await ada.visitor.messages() if "Before the first coffee" in m["text"]]
    )
    given = await home.rows("SELECT DISTINCT step, dose_fraction FROM portion")
    assert given == [{"step": 1, "dose_fraction": 0.6}]
    assert not any(
        word in text.lower() for text in cards for word in ("missed", "streak", "again!")
    )


async def test_silence_after_progress_is_a_gap_and_the_return_is_soft(home: House) -> None:
    async with home.bot():
        ada = await home.visitor()
        await ada.enrol()
        await _calm_days(ada, 0, 8)
        before = await ada.steps(home)
        for day in range(8, 17):
            card = await ada.morning(day)
        assert "we start again softly" in card["text"]
        after = await _given_today(home)
        assert all(dose <= 0.6 for _, dose in after.values())
        assert all(after[ladder] <= before.get(ladder, (1, 0.6)) for ladder in after)


async def test_on_the_way_nobody_climbs_and_at_home_it_goes_on(home: House) -> None:
    async with home.bot():
        ada = await home.visitor()
        await ada.enrol()
        await _calm_days(ada, 0, 8)
        own = await _standing_by_decision(home)
        for day, (name, minutes) in enumerate(
            [
                ("Hotel room", "5 min"),
                ("In your seat", "10 min"),
                ("After a long flight", "10 min"),
            ],
            start=8,
        ):
            await ada.morning(day)
            await ada.visitor.say("/travel")
            await ada.visitor.wait_for("What suits?")
            await ada.press(name, "And how long do you have?")
            card = await ada.press(minutes, name)
            assert int(card["text"].split("·")[1].split()[0]) <= int(minutes.split()[0])
            await ada.practise(woke=None)
        away = await home.rows(
            "SELECT ladder, step, shown_step FROM portion JOIN session ON session.id = session_id"
            " WHERE occasion LIKE 'travel:%'"
        )
        assert away
        assert all(row["shown_step"] <= row["step"] for row in away)
        assert all(row["step"] <= own[row["ladder"]][0] for row in away)
        await ada.morning(11)
        back = await _standing_by_decision(home)
        assert all(back[ladder][0] <= own[ladder][0] for ladder in back)


async def test_a_bot_that_is_stopped_between_any_two_taps_forgets_nothing(home: House) -> None:
    ada = await home.visitor()
    async with home.bot():
        await ada.enrol()
    for label in ("Done", "2", "None of these", "All the way"):
        async with home.bot():
            await ada.visitor.tap(label)
    async with home.bot():
        await ada.visitor.wait_for("Thank you")
        assert "How did you wake" in (await ada.morning(1))["text"]
    assert len(await home.rows("SELECT * FROM answer")) == 4


async def test_a_machine_asleep_for_six_hours_says_so_and_sends_no_flood(home: House) -> None:
    ada = await home.visitor()
    async with home.bot():
        await ada.enrol()
        await ada.practise()
    count = len(await ada.visitor.messages())
    ada.local.clock.move_by(_days(1, hours=6))
    async with home.bot():
        await settle()
        assert len(await ada.visitor.messages()) == count  # 13:00 is too late for 07:00
        card = await ada.morning(2)
    assert "could not reach you in time" in card["text"]


async def test_who_finds_their_start_begins_there_and_goes_on_from_there(home: House) -> None:
    async with home.bot():
        ada = await home.visitor()
        await ada.enrol(life="Sitting", minutes="10 min")
        assert set((await ada.steps(home)).values()) == {(1, 0.6)}
        await ada.press("Find my start (2 min)", "Find the middle and stay")
        fourth = ("Bent-knee fall-out", "Bridge holds", "Free hinge", "Side plank holds")
        while "Finding your start" in (text := (await ada.visitor.last())["text"]):
            hard = any(name in text for name in fourth)
            await ada.visitor.tap("Just about" if hard else "Easy, breathing calmly")
        assert (
            "You begin Quiet middle at step 3, Bridge at step 3, Hip hinge at step 3 and"
            in ((await ada.visitor.last())["text"])
        )
        found = await ada.steps(home)
        tried = {"control", "bridge", "hinge", "side"} & found.keys()
        assert tried
        assert all(found[ladder] == (3 if ladder in tried else 1, 0.6) for ladder in found)

        for label in ("Done", "2", "None of these", "All the way"):
            await ada.visitor.tap(label)
        await _calm_days(ada, 1, 12)
        now = await ada.steps(home)
        assert all(now[ladder] >= (3, 0.6) for ladder in ("control", "bridge", "hinge", "side"))
        assert any(step >= 4 for step, _ in now.values())
        assert "Find my start (2 min)" not in await ada.visitor.labels()
    rows = await home.rows("SELECT ladder, step FROM decision WHERE rules LIKE '%R2%' ORDER BY id")
    began = {row["ladder"]: row["step"] for row in rows}  # the last word on each
    assert began.keys() - found.keys()  # some came up after the first day
    tried_out = ("control", "bridge", "hinge", "side")
    assert all(step == (3 if ladder in tried_out else 1) for ladder, step in began.items())


async def _calm_days(guest: Guest, first: int, beyond: int) -> None:
    for day in range(first, beyond):
        if day:
            await guest.morning(day)
        await guest.practise()


async def _given_today(home: House) -> dict[str, tuple[int, float]]:
    rows = await home.rows(
        "SELECT ladder, step, dose_fraction FROM portion"
        " WHERE session_id = (SELECT max(session_id) FROM portion)"
    )
    return {row["ladder"]: (row["step"], row["dose_fraction"]) for row in rows}


async def _next_card(guest: Guest) -> dict[str, Any]:
    """Whatever the next morning brings; the look back at a week may still come behind the last one."""
    known = (await guest.visitor.messages())[-1]["id"]
    guest.local.clock.move_by(_days(1))
    return await guest.visitor.wait_for(
        lambda m: m["id"] > known and not m["text"].startswith("Your week"), timeout=10
    )


async def _standing_by_decision(home: House) -> dict[str, tuple[int, float]]:
    rows = await home.rows("SELECT ladder, step, dose_fraction FROM decision ORDER BY id")
    return {row["ladder"]: (row["step"], row["dose_fraction"]) for row in rows}


def _days(days: int, hours: int = 0) -> timedelta:
    return timedelta(days=days, hours=hours)
