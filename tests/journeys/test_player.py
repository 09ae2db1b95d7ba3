"""Guided sessions as they are lived: every bell waited for, the bot stopped in a hold and in a rest."""

import asyncio
import datetime as dt
from typing import Any

import pytest

from tests.journeys.house import Guest, House, settle

pytestmark = pytest.mark.timeout(240)

MOST_MESSAGES = 2  # that a full guided session may leave in the chat
SHORT, LONGEST = 600, 1200  # characters of a card
ON = ("Go", "Go on", "Set done", "Next", "Clean")
QUESTIONS = "Pain while you moved"


async def bells(ada: Guest, card: int) -> list[dict[str, Any]]:
    """What rang below the card, and still stands there."""
    return [m for m in await ada.visitor.messages() if m["by_bot"] and m["id"] > card]


async def shown(ada: Guest, card: int) -> dict[str, Any]:
    return next(m for m in await ada.visitor.messages() if m["id"] == card)


def ends(message: dict[str, Any]) -> dt.datetime | None:
    """When its bell rings."""
    entities = message["content"].get("entities", ())
    [*found] = (e["unix_time"] for e in entities if e["type"] == "date_time")
    return dt.datetime.fromtimestamp(found[0], dt.UTC) if found else None


async def press(ada: Guest, card: int, *labels: str, on: int | None = None) -> None:
    """The first of these that is there; then the chat holds the card alone."""
    there = await ada.visitor.labels(on or card)
    await ada.visitor.tap(next(label for label in labels if label in there), on=on or card)
    async with asyncio.timeout(5):
        while await bells(ada, card):  # noqa: ASYNC110  # no message tells of its end
            await asyncio.sleep(0.02)


async def begun(home: House) -> tuple[Guest, int]:
    """Somebody new, at the first exercise."""
    ada = await home.visitor()
    await ada.enrol(minutes="15 min")
    card = (await ada.card())["id"]
    await press(ada, card, "Start")
    return ada, card


async def play(home: House, ada: Guest, card: int) -> tuple[int, list[int]]:
    """To the questions; every timer runs to its end. Returns how often it rang, and how long cards were."""
    rang, lengths = 0, []
    while QUESTIONS not in (now := await shown(ada, card))["text"]:
        lengths.append(len(now["text"]))
        due = ends(now)
        if due is None or due <= home.local.now():
            await press(ada, card, *ON)
            continue
        rang += await heard(home, ada, card, due)
        [*_, newest] = await bells(ada, card)
        await press(ada, card, *ON, on=newest["id"])
    return rang, lengths


async def heard(home: House, ada: Guest, card: int, due: dt.datetime) -> int:
    """Let the time pass to a bell, and through a rest that begins with it. Returns how often it rang."""
    known = len(await bells(ada, card))
    home.local.move_to(due + dt.timedelta(milliseconds=10))
    async with asyncio.timeout(5):
        while len(rung := await bells(ada, card)) == known:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.02)
    if "a bell ends it" not in rung[-1]["text"]:
        return 1
    [rest] = await home.rows("SELECT due_at FROM errand WHERE state = 'due'")
    due = dt.datetime.fromisoformat(rest["due_at"]).replace(tzinfo=dt.UTC)
    return 1 + await heard(home, ada, card, due)


async def test_a_session_bell_by_bell_leaves_one_card_and_counts_as_any_other(home: House) -> None:
    async with home.bot():
        ada, card = await begun(home)
        before = [m["id"] for m in await ada.visitor.messages()]
        rang, lengths = await play(home, ada, card)
        assert rang > 3
        assert max(lengths) <= LONGEST
        assert sorted(lengths)[len(lengths) // 2] <= SHORT
        left = [m["id"] for m in await ada.visitor.messages() if m["id"] not in before]
        assert len([card, *left]) <= MOST_MESSAGES
        sent = await home.rows("SELECT id FROM errand WHERE state = 'sent'")
        assert len(sent) == rang  # each once
        assert "Thank you" in await answered(ada, card)

        for day in (1, 2):
            card = (await ada.morning(day))["id"]
            await press(ada, card, "2")  # how she woke
            await press(ada, card, "Start")
            await play(home, ada, card)
            await answered(ada, card)
    moves = await home.rows("SELECT DISTINCT action FROM decision")
    assert {row["action"] for row in moves} == {"hold", "advance_dose"}


async def answered(ada: Guest, card: int) -> str:
    """Pain and breath; what was said of every exercise is not asked again."""
    await press(ada, card, "2")
    await press(ada, card, "All the way")
    return str((await shown(ada, card))["text"])


async def test_a_bot_that_is_stopped_in_a_hold_and_in_a_rest_rings_once_for_each(
    home: House,
) -> None:
    async with home.bot():
        ada, card = await begun(home)
        await press(ada, card, "Go")
        await press(ada, card, "Next")
        await press(ada, card, "Go")
        held = ends(await shown(ada, card))
    assert held is not None
    async with home.bot():
        await heard(home, ada, card, held)
    async with home.bot():
        await settle()
        [rang] = await bells(ada, card)
        assert rang["text"].startswith("Time.")
        await press(ada, card, "Clean", on=rang["id"])
        while "Rest" not in (now := await shown(ada, card))["text"]:
            await press(ada, card, *ON)
    rest = ends(now)
    assert rest is not None
    home.local.move_to(rest + dt.timedelta(seconds=2))
    async with home.bot():
        over = await ada.visitor.wait_for("Rest is over. Set 2 of")
        await settle()
        assert [m["id"] for m in await bells(ada, card)] == [over["id"]]
        await press(ada, card, *ON, on=over["id"])
    async with home.bot():
        await ada.visitor.say("/today")
        again = await ada.visitor.wait_for(lambda m: m["id"] > over["id"])
        assert again["text"] == (await shown(ada, card))["text"]


async def test_after_a_day_away_yesterdays_player_is_history_and_todays_begins_anew(
    home: House,
) -> None:
    async with home.bot():
        ada, card = await begun(home)
        await press(ada, card, "Skip")
        today = await ada.morning(1)
        assert "Start" in await ada.visitor.labels(today["id"])
        await press(ada, today["id"], "Start")
        assert "quiet minute" in (await shown(ada, today["id"]))["text"]
        assert (await shown(ada, card))["text"].startswith("1 of")  # and can still be finished
