"""Later, and the question after silent days, through the chat: each answer does something."""

import datetime as dt

import pytest

from bot.delivery.taps import Later
from bot.domain.rhythm import Hindrance
from tests.chat.scenes import delivered, forge, guest_at, processed, read, reply_to, text_of
from tests.journeys.house import MONDAY, Guest, House

pytestmark = pytest.mark.usefixtures("no_accidents")

DAY = dt.timedelta(days=1)


async def card_of_today(home: House, ada: Guest) -> int:
    await reply_to(home, ada, "/today")
    return int((await ada.visitor.last())["id"])


async def tap(home: House, ada: Guest, card: int, *labels: str) -> str:
    for label in labels:
        await ada.visitor.tap(label, on=card)
        await processed(home)
    return await text_of(ada, card)


async def test_later_stands_in_place_of_the_buttons_leads_back_and_says_when(home: House) -> None:
    async with home.bot():
        ada = await guest_at(home)
        card = await card_of_today(home, ada)
        labels = await ada.visitor.labels(card)
        assert labels[:6] == [
            *("Start", "Find my start (2 min)", "Done", "Partly", "Later", "Not today")
        ]
        whole = await tap(home, ada, card, "Later")
        assert await ada.visitor.labels(card) == ["In 30 min", "In 1 hour", "Tonight", "Back"]
        assert await tap(home, ada, card, "Back") == whole
        assert await ada.visitor.labels(card) == labels
        assert "Again at 07:30." in await tap(home, ada, card, "Later", "In 30 min")
        assert await ada.visitor.labels(card) == labels  # still usable
        shorter = await tap(home, ada, card, "Only two minutes")
        assert "Again at 07:30." in shorter
        assert "Again at 19:00." in await tap(home, ada, card, "Later", "Tonight")
        assert "1 of 3" in await tap(home, ada, card, "Done")


async def test_where_the_day_has_no_room_left_it_says_so(home: House) -> None:
    async with home.bot():
        ada = await guest_at(home)
        home.local.move_to(MONDAY + dt.timedelta(hours=14, minutes=10))  # 21:10
        card = await card_of_today(home, ada)
        await tap(home, ada, card, "Later")
        assert await ada.visitor.labels(card) == ["In 30 min", "Back"]
        home.local.move_to(MONDAY + dt.timedelta(hours=14, minutes=50))
        await tap(home, ada, card, "In 30 min")  # too late by now
        assert "Again at" not in await text_of(ada, card)
        answer = await ada.visitor.tap("Later", on=card)
        assert answer["text"] == "Today has no room for that any more. The card stays here."
        await processed(home)
        assert "Done" in await ada.visitor.labels(card)
        await forge(home, ada, Later(1, "whenever").encode(), on=card)
        assert "can't read it any more" in (await ada.visitor.last())["text"]
        await forge(home, ada, Later(99, "half").encode(), on=card)
        assert "isn't here any more" in (await ada.visitor.last())["text"]
    assert read(home, "SELECT * FROM errand") == []


async def asked(home: House, ada: Guest) -> int:
    """Three days of silence, and the evening of the third; returns the question."""
    sent: list[str] = []
    for day in range(1, 4):
        home.local.move_to(MONDAY + day * DAY + dt.timedelta(seconds=1))
        sent.append("sent")
        await delivered(home, *sent, "due")
    home.local.move_to(MONDAY + 3 * DAY + dt.timedelta(hours=12))
    question = await ada.visitor.wait_for("A few quiet days")
    labels = await ada.visitor.labels(question["id"])
    assert labels == ["No time", "Sore", "Travelling", "I forgot", "Bored", "All is well"]
    return int(question["id"])


@pytest.mark.parametrize(
    ("label", "kind", "leads_to"),
    [
        ("No time", Hindrance.TIME, "Then less of it."),
        ("Sore", Hindrance.SORE, "A flare, then."),
        ("Travelling", Hindrance.TRAVEL, "On the way."),
        ("I forgot", Hindrance.FORGOT, "At what time?"),
        ("Bored", Hindrance.BORED, "Something different, then."),
        ("All is well", Hindrance.NOTHING, "It comes as planned."),
    ],
)
async def test_each_answer_is_kept_and_leads_on_in_the_same_message(
    home: House, label: str, kind: Hindrance, leads_to: str
) -> None:
    async with home.bot():
        ada = await guest_at(home)
        question = await asked(home, ada)
    async with home.bot():
        assert leads_to in await tap(home, ada, question, label)
        assert (await ada.visitor.last())["id"] == question
        await what_follows(home, ada, question, kind)
    assert read(home, "SELECT kind FROM hindrance") == [(kind,)]
    assert read(home, "SELECT state FROM errand WHERE kind = 'missed'") == [("sent",)]


async def what_follows(home: House, ada: Guest, question: int, kind: Hindrance) -> None:
    """Something is done about it."""
    match kind:
        case Hindrance.TIME:
            labels = await ada.visitor.labels(question)
            assert labels == ["Two minutes next time", "Leave it as it is"]  # it is ten already
            assert "on Friday" in await tap(home, ada, question, "Two minutes next time")
            home.local.move_to(MONDAY + 4 * DAY + dt.timedelta(seconds=1))
            await ada.visitor.wait_for(lambda m: m["text"].startswith("Two minutes · 2 min"))
        case Hindrance.SORE:
            assert read(home, "SELECT day FROM flare") == [("2026-11-26",)]
            assert "None of these" in await ada.visitor.labels(question)  # safety first
        case Hindrance.TRAVEL:
            assert "Hotel room" in await ada.visitor.labels(question)
        case Hindrance.FORGOT:
            await tap(home, ada, question, "18:00")
            assert read(home, "SELECT wall_time FROM ritual") == [("18:00:00.000000",)]
            home.local.move_to(MONDAY + 4 * DAY + dt.timedelta(hours=11, seconds=1))
            await ada.visitor.wait_for(lambda m: m["text"].startswith("After the last meeting"))
        case Hindrance.BORED:
            home.local.move_to(MONDAY + 4 * DAY + dt.timedelta(seconds=1))
            await delivered(home, *["sent"] * 4, "due")
            assert read(home, "SELECT variety FROM session ORDER BY id DESC LIMIT 1") == [(1,)]
        case Hindrance.NOTHING:
            assert await ada.visitor.labels(question) == []


async def test_less_time_in_one_tap(home: House) -> None:
    async with home.bot():
        ada = await guest_at(home)
        await reply_to(home, ada, "/settings")
        await tap(home, ada, 2, "Usual minutes", "20 min")
        question = await asked(home, ada)
        eased = await tap(home, ada, question, "No time", "15 min from now on")
        assert "15 minutes at most" in eased
        assert await ada.visitor.labels(question) == []
    assert read(home, "SELECT minutes FROM person") == [(15,)]


async def test_whoever_has_several_rituals_says_which_one_was_forgotten(home: House) -> None:
    async with home.bot():
        ada = await guest_at(home)
        question = await asked(home, ada)
        await reply_to(home, ada, "/settings")
        settings = int((await ada.visitor.last())["id"])
        await tap(home, ada, settings, "Rituals", "Add a ritual", "18:00")
        await tap(home, ada, question, "I forgot")
        labels = await ada.visitor.labels(question)
        assert [label[:5] for label in labels] == ["07:00", "18:00", "Add a", "Back"]
