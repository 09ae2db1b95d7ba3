"""Updates: stored before Telegram hears of it, processed once, in order, and answered in the end."""

import asyncio
import datetime as dt
import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.chat import intake, polling
from bot.domain.profile import Question
from bot.localchat.faults import (
    BadRequest,
    Fault,
    HoldBefore,
    LostAfter,
    LostBefore,
    ServerError,
    TooMany,
)
from bot.practice.journal import Journal
from tests.chat.conftest import is_accident
from tests.chat.scenes import (
    card,
    file_of,
    guest_at,
    processed,
    read,
    reply_to,
    text_of,
    unfinished,
    write,
)
from tests.journeys.house import Guest, House

ANSWERS = "SELECT question, value FROM answer ORDER BY id"
WAITING = (
    "INSERT INTO inbox (update_id, chat_id, payload, received_at, waiting, tries)"
    " VALUES (?, ?, ?, '2026-11-23 06:00:00', 1, 0)"
)


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the tries of one update; what Telegram itself asks for stays."""
    monkeypatch.setattr(intake, "LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(polling, "LONGEST_WAIT", 0.05)


async def test_every_update_is_stored_before_it_is_acknowledged(home: House) -> None:
    ada = await guest_at(home)
    seen: list[tuple[int, ...]] = []
    wanted: set[int] = set()

    def on_change(change: dict[str, Any]) -> None:
        wanted.update(update["update_id"] for update in home.local.world.updates)
        if change["kind"] == "acknowledged":
            left = {update["update_id"] for update in home.local.world.updates}
            stored = {row for (row,) in read(home, "SELECT update_id FROM inbox")}
            seen.append(tuple(wanted - left - stored))

    home.local.world.listeners.append(on_change)
    async with home.bot():
        for _ in range(3):
            await reply_to(home, ada, "/help")
    assert len(wanted) == 3
    assert seen
    assert not any(seen)  # acknowledged, and not stored


async def test_what_was_stored_and_not_acknowledged_comes_twice_and_counts_once(
    home: House,
) -> None:
    ada = await guest_at(home, Question.LIFE)
    async with home.bot():
        await asyncio.sleep(0.1)  # it listens
        acknowledging = home.local.faults.add(HoldBefore(method="getUpdates"))
        await ada.visitor.say("Sitting")
        await acknowledging.reached.wait()
        await ada.visitor.wait_for("how much does your back hurt")
        while unfinished(home):  # noqa: ASYNC110  # no row tells of itself
            await asyncio.sleep(0.01)
    assert len(home.local.world.updates) == 1
    home.local.faults.clear()
    async with home.bot():
        await processed(home)
        await ada.visitor.say("/help")
        await ada.visitor.wait_for("keeps your daily back ritual")
    said = [m["text"] for m in await ada.visitor.messages() if m["by_bot"]]
    assert len(said) == 2


async def test_one_update_twice_in_one_batch_counts_once(home: House) -> None:
    ada = await guest_at(home, Question.LIFE)
    await ada.visitor.say("Sitting")
    home.local.world.updates.append(home.local.world.updates[0])
    async with home.bot():
        await processed(home)
        await asyncio.sleep(0.1)
    assert len([m for m in await ada.visitor.messages() if m["by_bot"]]) == 1


async def test_a_persons_updates_run_in_the_order_they_came(home: House) -> None:
    ada = await guest_at(home, Question.DIRECTION)
    for text in ("None, or I can't say", "On my feet", "4", "dumbbells", "5", "Zürich"):
        await ada.visitor.say(text)
    async with home.bot():
        await ada.visitor.wait_for("Which of these is it?")
    assert read(home, "SELECT life, usual_pain, equipment FROM person") == [
        ("standing", 4, "dumbbells")
    ]


async def test_what_takes_long_for_one_person_holds_up_nobody_else(home: House) -> None:
    ada, ben = await guest_at(home), await guest_at(home, name="Ben")
    async with home.bot():
        slow = home.local.faults.add(HoldBefore(chat_id=ada.visitor.id))
        await ada.visitor.say("/help")
        await slow.reached.wait()
        await ben.visitor.say("/help")
        await ben.visitor.wait_for("keeps your daily back ritual")
        assert [m for m in await ada.visitor.messages() if m["by_bot"]] == []
        slow.let_go()
        await ada.visitor.wait_for("keeps your daily back ritual")


async def test_what_an_earlier_run_left_is_worked_off_at_the_start(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot(patience=0):
        reply = home.local.faults.add(HoldBefore())
        await ada.visitor.say("/help")
        await reply.reached.wait()
    home.local.faults.clear()
    assert unfinished(home)
    async with home.bot():
        await ada.visitor.wait_for("keeps your daily back ritual")


@pytest.mark.parametrize(
    "fault",
    [
        ServerError(),
        ServerError(stored=True),
        LostBefore(),
        LostAfter(),
        TooMany(retry_after=1),
        ServerError(times=3),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.times}",
)
async def test_an_answer_is_kept_once_and_the_card_moves_on_when_telegram_is_back(
    home: House, fault: Fault, no_accidents: None
) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        fault.method = "editMessageText"
        home.local.faults.add(fault)
        await ada.visitor.tap("Done", on=shown)
        await processed(home)
        assert "1 of 3" in await text_of(ada, shown)
    assert read(home, ANSWERS) == [("completed", 0)]


@pytest.mark.parametrize("method", ["editMessageText", "sendMessage"])
@pytest.mark.parametrize("last_question", [Question.LIFE, Question.MINUTES])
async def test_an_enrolment_whose_reply_got_lost_goes_on_without_a_reproach(
    home: House, method: str, last_question: Question, no_accidents: None
) -> None:
    ada = await guest_at(home, last_question)
    async with home.bot():
        await reply_to(home, ada, "/start")
        question = await ada.visitor.last()
        home.local.faults.add(ServerError(method=method))
        await ada.visitor.tap(question["rows"][0][0]["text"])
        await processed(home)
        said = [m["text"] for m in await ada.visitor.messages() if m["by_bot"]]
    assert "answered already" not in " ".join(said)
    after = "how much does your back hurt" if last_question is Question.LIFE else "ritual comes at"
    assert any(after in text for text in said)


async def test_a_typed_answer_whose_reply_got_lost_is_not_taken_for_the_next_question(
    home: House, no_accidents: None
) -> None:
    ada = await guest_at(home, Question.PAIN)
    async with home.bot():
        home.local.faults.add(ServerError())
        said = await reply_to(home, ada, "3")
    assert len(said) == 1
    assert said[0].startswith("Which of these do you have at home")
    assert read(home, "SELECT usual_pain, equipment FROM person") == [(3, None)]


async def test_a_reply_waits_for_telegram_however_long_it_is_away(home: House) -> None:
    """The answer is kept at once; the reply comes when it can, and not only for half a minute."""
    ada = await guest_at(home)
    async with home.bot(patience=0.1):
        shown = await card(home, ada)
        lost = home.local.faults.add(ServerError(method="editMessageText", times=99))
        await ada.visitor.tap("Done", on=shown, wait=0.1)
        while lost.struck <= intake.TRIES + 2:  # noqa: ASYNC110  # no call tells of itself
            await asyncio.sleep(0.02)
        assert read(home, ANSWERS) == [("completed", 0)]
        assert len(unfinished(home)) == 1
        home.local.faults.clear()
        await processed(home)
        assert "1 of 3" in await text_of(ada, shown)


async def test_a_reply_that_never_gets_through_yields_to_what_comes_behind_it(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "YIELDS", dt.timedelta())
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        lost = home.local.faults.add(ServerError(method="editMessageText", times=99))
        await ada.visitor.tap("Done", on=shown, wait=0.1)
        await lost.reached.wait()
        assert (await reply_to(home, ada, "/help"))[0].startswith("Backbeat keeps")
        assert lost.struck >= intake.TRIES
        assert read(home, ANSWERS) == [("completed", 0)]
        home.local.faults.clear()
        await ada.visitor.tap("Done", on=shown)
        assert "1 of 3" in await text_of(ada, shown)


async def test_a_pause_ends_with_the_persons_next_update_and_nothing_overtakes(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LONGEST_PAUSE", 60)
    ada, ben = await guest_at(home), await guest_at(home, name="Ben")
    async with home.bot():
        lost = home.local.faults.add(ServerError(chat_id=ada.visitor.id, times=3))
        await ada.visitor.say("/help")
        await lost.reached.wait()
        assert (await reply_to_one(home, ben, "/help")).startswith("Backbeat keeps")
        for _ in range(2):
            await ada.visitor.say("/privacy")
            await asyncio.sleep(0.1)
        await processed(home)
    said = [m["text"] for m in await ada.visitor.messages() if m["by_bot"]]
    assert [text.startswith("Backbeat keeps") for text in said] == [True, False, False]


async def test_a_database_that_is_away_loses_no_tap(
    home: House, monkeypatch: pytest.MonkeyPatch, no_accidents: None
) -> None:
    """While it is away nothing new is taken from Telegram; and what was begun is done again."""
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        keep = Journal.keep
        failed: list[OperationalError] = []

        async def away(*of: Any, **what: Any) -> Any:
            if len(failed) < 2:
                failed.append(OperationalError("INSERT", None, Exception("database is locked")))
                raise failed[-1]
            return await keep(*of, **what)

        monkeypatch.setattr(Journal, "keep", away)
        await ada.visitor.tap("Done", on=shown)
        assert "1 of 3" in await text_of(ada, shown)
    assert len(failed) == 2
    assert read(home, ANSWERS) == [("completed", 0)]


async def test_a_flood_from_one_person_holds_up_nobody_and_its_repetitions_do_no_harm(
    home: House,
) -> None:
    """2,000 taps on one button wait; somebody else is answered first, by the order of events."""
    ada, ben = await guest_at(home), await guest_at(home, name="Ben")
    async with home.bot():
        shown = await card(home, ada)
    world = home.local.world
    buttons = world.chats[ada.visitor.id].messages[shown].buttons
    assert buttons is not None
    every = {b["text"]: b["callback_data"] for row in buttons["inline_keyboard"] for b in row}
    world.tap(ada.visitor.id, shown, every["Done"], home.local.now())
    tapped = world.updates.pop()
    lines = [(n, ada.visitor.id, json.dumps(tapped | {"update_id": n})) for n in range(2000)]
    with closing(sqlite3.connect(file_of(home))) as connection, connection:
        connection.executemany(WAITING, lines)
    known = await ben.visitor.say("/help")
    async with home.bot():
        await ben.visitor.wait_for(lambda m: m["id"] > known, timeout=30)
        assert len(unfinished(home)) > 1000
        await processed(home, patience=60)
        assert "1 of 3" in await text_of(ada, shown)
    answered = read(home, ANSWERS)
    assert set(answered) == {("completed", 0)}
    assert len(answered) < 3 * intake.CROWD  # each of the others said the same as the one before it


async def reply_to_one(home: House, guest: Guest, text: str) -> str:
    """What comes to one, whatever waits for others."""
    known = await guest.visitor.say(text)
    return str((await guest.visitor.wait_for(lambda m: m["id"] > known))["text"])


async def test_a_fault_of_ours_is_logged_apologised_for_and_over(
    home: House, caplog: pytest.LogCaptureFixture
) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        home.local.faults.add(BadRequest(method="editMessageText", words="unheard of"))
        with capture_logs() as logs:
            answer = await ada.visitor.tap("Done", on=shown)
        assert "went wrong on my side" in answer["text"]
        assert "a handler failed" in [line["event"] for line in logs]
        assert await reply_to(home, ada, "/help")
    assert read(home, ANSWERS) == [("completed", 0)]
    assert not any(is_accident(record) for record in caplog.records)  # the library saw none


@pytest.mark.parametrize("payload", ["", "{", "[]", '{"update_id": "x"}', '{"message": {}}'])
async def test_a_row_that_nobody_can_read_blocks_nobody(home: House, payload: str) -> None:
    ada = await guest_at(home)
    write(
        home,
        WAITING,
        *(5, ada.visitor.id, payload),
    )
    async with home.bot():
        assert (await reply_to(home, ada, "/help"))[0].startswith("Backbeat keeps")
    assert unfinished(home) == []


async def test_forgetting_is_answered_though_telegram_was_away_meanwhile(
    home: House, no_accidents: None
) -> None:
    """To forget someone empties what they wrote, the update in hand as well."""
    ada = await guest_at(home)
    async with home.bot():
        await reply_to(home, ada, "/forget")
        home.local.faults.add(ServerError(method="editMessageText"))
        await ada.visitor.tap("Delete everything")
        await ada.visitor.wait_for("Everything about you is deleted here")
        assert "Hello" in (await reply_to(home, ada, "/start"))[0]
    assert read(home, "SELECT payload FROM inbox WHERE payload <> ''") == []


async def test_telegram_out_of_reach_is_waited_for(home: House) -> None:
    ada = await guest_at(home)
    home.local.faults.add(ServerError(method="getUpdates", times=2))
    async with home.bot():
        assert await reply_to(home, ada, "/help")
