"""What is kept of two people: one takes hers along and leaves, with the bot gone between any two taps."""

import io
import json
import zipfile
from typing import Any

import pytest

from bot.practice import consent
from tests.builders import words
from tests.delivery.printed import opened, said_on
from tests.journeys.house import Guest, House, settle

pytestmark = pytest.mark.timeout(240)

TABLES = ("person", "screening", "ritual", "session", "portion", "answer", "decision", "delivery")


async def test_everything_is_taken_along_and_then_forgotten_to_the_last_row(home: House) -> None:
    ada, ben = await home.visitor("Ada"), await home.visitor("Ben")
    async with home.bot():
        await ada.visitor.say("/start")
        await ada.visitor.wait_for("Hello")
        await ada.press("What is kept, and where?", "not end-to-end encrypted")
        await ada.press("Back", "Hello")
        await ada.enrol(pain="3")
        await ben.enrol(pain="4")
        for day in range(3):
            if day:
                await ada.morning(day)
            await ada.practise(woke=3, pain=3)
        await ben.practise(pain=4)

    await ada.visitor.say("/report")
    async with home.bot():
        report = await the_file(ada, "For a physiotherapist")
        await ada.visitor.say("/privacy")
        shown = await ada.visitor.wait_for(consent.version(words()))
    async with home.bot():
        await settle()
    await ada.visitor.tap("All of it, as files", on=shown["id"], wait=0)
    async with home.bot():
        export = await the_file(ada, "Everything that is kept about you")

    name, page = await ada.visitor.file(report)
    assert name.endswith(".pdf")
    assert len(opened(page).pages) == 1
    text = said_on(page)
    assert "told at the start 3" in text  # the usual pain
    assert "We begin gently" in text  # the reason of the first steps
    assert text.count("Step 1 of") >= 3
    whole = unpacked((await ada.visitor.file(export))[1])
    assert [len(whole["tables"][table]) for table in ("person", "session")] == [1, 3]
    pains = [r["value"] for r in whole["tables"]["answer"] if r["question"] == "pain_during"]
    assert pains == [3, 3, 3]
    assert str(ben.visitor.id) not in json.dumps(whole)
    files = [m for m in await ada.visitor.messages() if "document" in m["content"]]
    assert len(files) == 2  # each came once

    await ada.visitor.say("/forget")
    async with home.bot():
        asked = await ada.visitor.wait_for("Delete everything?")
    await ada.visitor.tap("Delete everything", on=asked["id"], wait=0)
    async with home.bot():
        gone = await ada.visitor.wait_for("Everything about you is deleted here")
        assert gone["id"] == asked["id"]
        await ada.visitor.tap("A summary", on=shown["id"])
        await ada.visitor.wait_for("Nothing is kept about you")
    for table in TABLES:
        rows = await home.rows(f"SELECT * FROM {table}")
        assert rows, table  # Ben's
    assert await home.rows("SELECT 1 FROM inbox WHERE chat_id = :ada", ada=ada.visitor.id) == []
    assert [row["chat_id"] for row in await home.rows("SELECT chat_id FROM person")] == [
        ben.visitor.id
    ]
    async with home.bot():
        await ben.morning(3)
        await ben.practise(woke=4, pain=4)


async def the_file(guest: Guest, caption: str) -> dict[str, Any]:
    return await guest.visitor.wait_for(
        lambda m: "document" in m["content"] and caption in m["text"]
    )


def unpacked(body: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        whole: dict[str, Any] = json.loads(archive.read("backbeat.json"))
        return whole
