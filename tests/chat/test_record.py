"""Their data in a conversation: /privacy, /export and /forget, at any time, and groups left alone."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest

from bot.delivery.taps import Mine, Wish
from bot.domain.profile import Question
from bot.domain.safety import Tier
from bot.localchat.records import Chat, Person
from bot.practice import consent
from tests.builders import words
from tests.chat.scenes import card, file_of, forge, guest_at, processed, read, reply_to, write
from tests.delivery.printed import said_on
from tests.journeys.house import Guest, House

pytestmark = pytest.mark.usefixtures("no_accidents")

GROUP = -1001
KEPT = "What is kept, and where"
ALL = "All of it, as files"


async def unpacked(guest: Guest, message: dict[str, Any]) -> tuple[dict[str, Any], list[list[str]]]:
    """The JSON of an export, and the lines of its CSV."""
    name, body = await guest.visitor.file(message)
    assert name.endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.namelist() == ["backbeat.json", "sessions.csv"]
        whole = json.loads(archive.read("backbeat.json"))
        sheet = archive.read("sessions.csv").decode("utf-8-sig")
    return whole, [*csv.reader(io.StringIO(sheet, newline=""))]


# --- /privacy ---


async def test_privacy_tells_who_can_read_and_since_when(home: House) -> None:
    ada = await guest_at(home, Question.CONSENT)
    async with home.bot():
        await reply_to(home, ada, "/start")
        await ada.press("I agree, let's start", "Safety first")
        [said] = await reply_to(home, ada, "/privacy")
    version = consent.version(words())
    for word in ("not end-to-end encrypted", "whoever runs this bot", "23 Nov 2026", version):
        assert word in said
    assert "reworded" not in said
    assert read(home, "SELECT consented_to FROM person") == [(version,)]


async def test_a_text_that_was_reworded_since_is_told(home: House) -> None:
    ada = await guest_at(home)
    write(home, "UPDATE person SET consented_to = 'en-00000000'")
    async with home.bot():
        [said] = await reply_to(home, ada, "/privacy")
    assert "en-00000000 (it has been reworded since)" in said


async def test_before_consent_it_is_shown_in_place_and_leads_back_and_agrees_to_nothing(
    home: House,
) -> None:
    ada = await guest_at(home, Question.CONSENT)
    async with home.bot():
        await reply_to(home, ada, "/start")
    async with home.bot():
        asked = (await ada.visitor.last())["id"]
        shown = await ada.press("What is kept, and where?", KEPT)
        assert shown["id"] == asked
        assert await ada.visitor.labels() == ["Back"]
        assert read(home, "SELECT consented_at FROM person") == [(None,)]
    async with home.bot():
        back = await ada.press("Back", "Hello")
        assert back["id"] == asked
        await ada.press("I agree, let's start", "Safety first")


async def test_who_types_the_button_gets_the_same(home: House) -> None:
    ada = await guest_at(home, Question.CONSENT)
    async with home.bot():
        await reply_to(home, ada, "/start")
        assert KEPT in (await reply_to(home, ada, "what is kept, and where?"))[0]
        await ada.press("Back", "Hello")
        await ada.press("I agree, let's start", "Safety first")


async def test_a_stranger_may_ask_and_stays_one(home: House) -> None:
    ada = await home.visitor()
    async with home.bot():
        assert KEPT in (await reply_to(home, ada, "/privacy"))[0]
        assert await ada.visitor.labels() == []
        assert "Nothing is kept about you" in (await reply_to(home, ada, "/export"))[0]
    assert read(home, "SELECT * FROM person") == []


async def test_from_privacy_everything_can_be_deleted_after_one_more_question(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await reply_to(home, ada, "/privacy")
        await ada.press("Delete everything …", "Delete everything?")
    async with home.bot():
        await ada.press("Delete everything", "Everything about you is deleted here")
        for old in (Mine(Wish.BACK), Mine(Wish.EXPORT), Mine(Wish.PRIVACY), Mine(Wish.FORGET)):
            await forge(home, ada, old.encode())
    assert read(home, "SELECT * FROM person") == []


# --- /export ---


async def test_an_export_has_every_row_in_one_silent_message(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await card(home, ada)
        await ada.practise()
        await reply_to(home, ada, "/export")
        message = await ada.visitor.last()
    assert "Everything that is kept about you" in message["text"]
    whole, (heads, *lines) = await unpacked(ada, message)
    assert [row["question"] for row in whole["tables"]["answer"]] == [
        *("completed", "pain_during", "compensation", "breath_holding"),
    ]
    assert whole["tables"]["person"][0]["chat_id"] == ada.visitor.id
    assert whole["consent"]["at"] == whole["tables"]["person"][0]["consented_at"]
    assert "0 none to 10" in whole["questions"]["pain_during"]
    assert "2 most of the time" in whole["questions"]["compensation"]
    assert whole["explained"].keys() == whole["tables"].keys()
    assert len(lines) == 1
    told = dict(zip(heads, lines[0], strict=True))
    assert told["Day"] == "2026-11-23"
    assert told["Pain while moving, at its most, 0 none to 10 the worst imaginable"] == "2"
    assert "step 1, 60 %" in told.values()


async def test_an_export_asked_for_while_the_bot_was_away_comes_once(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await reply_to(home, ada, "/privacy")
    asked = (await ada.visitor.last())["id"]
    await ada.visitor.tap(ALL, on=asked, wait=0)
    async with home.bot():
        await processed(home)
    async with home.bot():
        await processed(home)
    files = [m for m in await ada.visitor.messages() if "document" in m["content"]]
    assert len(files) == 1


@pytest.mark.parametrize("tier", [Tier.EMERGENCY, Tier.ROUTINE])
async def test_what_is_theirs_is_theirs_while_the_plan_is_locked(home: House, tier: Tier) -> None:
    ada = await guest_at(home)
    write(
        home,
        "INSERT INTO screening (person_id, item, yes, at) VALUES (1, ?, 1, '2026-11-23 06:00:00')",
        tier.value,
    )
    async with home.bot():
        assert "Everything that is kept" in (await reply_to(home, ada, "/export"))[0]
        assert "For a physiotherapist" in (await reply_to(home, ada, "/report"))[0]
        assert KEPT in (await reply_to(home, ada, "/privacy"))[0]


async def test_before_somebody_has_told_everything_an_export_has_what_there_is(
    home: House,
) -> None:
    ada = await guest_at(home, Question.PAIN)
    async with home.bot():
        await reply_to(home, ada, "/export")
        whole, lines = await unpacked(ada, await ada.visitor.last())
    assert whole["tables"]["person"][0]["usual_pain"] is None
    assert len(lines) == 1


# --- /report ---


async def test_a_report_is_a_page_that_comes_silently_by_command_and_by_button(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await card(home, ada)
        await ada.practise()
        await reply_to(home, ada, "/report")
        message = await ada.visitor.last()
        name, page = await ada.visitor.file(message)
        await reply_to(home, ada, "/privacy")
        await ada.visitor.tap("A summary")
        again = await ada.visitor.wait_for(
            lambda m: m["id"] > message["id"] and "document" in m["content"]
        )
    assert "For a physiotherapist" in message["text"]
    assert name == "backbeat-report-2026-11-23.pdf"
    assert message["content"]["document"]["mime_type"] == "application/pdf"
    assert "We begin gently" in said_on(page)
    assert (await ada.visitor.file(again))[1] == page


async def test_before_everything_is_told_a_report_asks_the_open_question(home: House) -> None:
    ada, ben = await guest_at(home, Question.PAIN), await home.visitor("Ben")
    async with home.bot():
        [said] = await reply_to(home, ada, "/report")
        assert "Let's get to know each other first." in said
        assert "how much does your back hurt" in said
        assert "Nothing is kept about you" in (await reply_to(home, ben, "/report"))[0]


# --- /forget ---


async def test_what_was_forgotten_is_in_neither_file_once_it_is_said(home: House) -> None:
    ada = await guest_at(home)
    marker = "Antarctica/South_Pole"
    write(home, "UPDATE person SET zone = ?", marker)
    async with home.bot():
        await card(home, ada)
        await reply_to(home, ada, "/forget")
        assert marker.encode() in every_byte(home)
        await ada.press("Delete everything", "Everything about you is deleted here")
        assert marker.encode() not in every_byte(home)
        last = (await ada.visitor.last())["text"]
    assert "backups" in last
    assert "delete the chat" in last


def every_byte(home: House) -> bytes:
    files = file_of(home).parent.glob("backbeat.db*")
    return b"".join(file.read_bytes() for file in files)


async def test_a_second_tap_on_delete_is_harmless(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await reply_to(home, ada, "/forget")
        asked = (await ada.visitor.last())["id"]
        await ada.press("Delete everything", "Everything about you is deleted here")
        await forge(home, ada, "1:forget:1", on=asked)
        assert "Everything about you is deleted here" in (await ada.visitor.last())["text"]


# --- groups ---


async def say_in_group(home: House, guest: Guest, text: str) -> None:
    world = home.local.world
    world.publish(
        "message",
        {
            "message_id": 1,
            "date": 0,
            "from": world.people[guest.visitor.id].to_user(),
            "chat": {"id": GROUP, "type": "supergroup", "title": "The club"},
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": len(text)}],
        },
    )
    await processed(home)


def group(home: House) -> Chat:
    """Somewhere to be answered."""
    home.local.world.people[GROUP] = Person(id=GROUP, name="The club", started=True)
    return home.local.world.chats.setdefault(GROUP, Chat())


async def test_a_group_is_told_once_and_nothing_else_of_it_is_kept(home: House) -> None:
    ada, club = await guest_at(home), group(home)
    async with home.bot():
        await say_in_group(home, ada, "hello")
        assert not club.messages
        await say_in_group(home, ada, "/today")
        await say_in_group(home, ada, "/forget")
    async with home.bot():
        await say_in_group(home, ada, "/export")
    [told] = club.messages.values()
    assert "only talk in private chats" in told.content["text"]
    assert read(home, "SELECT group_id FROM told_group") == [(GROUP,)]
    assert read(home, "SELECT count(*) FROM person") == [(1,)]
    assert read(home, "SELECT 1 FROM inbox WHERE chat_id = ?", GROUP) == []


async def test_where_the_bot_may_not_write_it_says_nothing_and_goes_on(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await say_in_group(home, ada, "/today")  # Telegram knows no such chat
        assert await reply_to(home, ada, "/help")


async def test_being_added_to_a_group_or_a_channel_is_no_occasion_to_talk(home: House) -> None:
    ada, club = await guest_at(home), group(home)
    world = home.local.world
    me = {"id": 1, "is_bot": True, "first_name": "Backbeat"}
    async with home.bot():
        for kind in ("supergroup", "channel"):
            world.publish(
                "my_chat_member",
                {
                    "chat": {"id": GROUP, "type": kind, "title": "The club"},
                    "from": world.people[ada.visitor.id].to_user(),
                    "date": 0,
                    "old_chat_member": {"user": me, "status": "left"},
                    "new_chat_member": {"user": me, "status": "member"},
                },
            )
        await processed(home)
    assert not club.messages
    assert read(home, "SELECT * FROM told_group") == []
