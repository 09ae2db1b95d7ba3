"""The page's addresses: only for this machine's own page, and kind in their refusals."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from bot.localchat.server import Localchat
from tests.localchat.samples import png
from tests.localchat.visitor import Impossible, Visitor


@pytest.fixture
async def http(local: Localchat) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=local.page_url, trust_env=False) as http:
        yield http


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:1"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["", "page/state", "bot1:local/getMe"])
async def test_other_websites_stay_outside(
    http: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    assert (await http.get(path, headers=headers)).status_code == 403


async def test_the_page_itself_may_come_in(local: Localchat, http: httpx.AsyncClient) -> None:
    own = {"Origin": f"http://localhost:{local.port}", "Host": f"localhost:{local.port}"}
    answer = await http.get("page/state", headers=own)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("name", ["", "page.css", "page.js", "draw.js", "icon.svg"])
async def test_every_file_of_the_page_is_served(http: httpx.AsyncClient, name: str) -> None:
    answer = await http.get(name)
    assert answer.status_code == 200
    assert "://" not in answer.text.replace("http://www.w3.org/", "").replace("https?://", "")


async def test_a_form_of_another_website_is_no_json(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        "page/people", content='{"name": "x"}', headers={"Content-Type": "text/plain"}
    )
    assert answer.status_code == 400


async def test_bodies_have_an_end(http: httpx.AsyncClient) -> None:
    assert (await http.post("page/people", content=bytes(2**20 + 1))).status_code == 413


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("people", {}, 400),
        ("people", {"name": 5}, 400),
        ("people", {"name": " "}, 409),
        ("people", {"name": "a" * 65}, 409),
        ("people", {"name": "a", "language_code": 5}, 400),
        ("people/1/say", {"text": "hi"}, 409),
        ("people/1001/say", {"text": ""}, 409),
        ("people/1001/say", {"text": "a" * 4097}, 409),
        ("people/1001/say", {}, 400),
        ("people/1001/location", {"latitude": 91, "longitude": 0}, 409),
        ("people/1001/location", {"latitude": True, "longitude": 0}, 400),
        ("people/1001/tap", {"message_id": 1, "data": "x"}, 409),
        ("people/1001/block", {"blocked": "yes"}, 400),
        ("clock", {}, 400),
        ("clock", {"to": "soon"}, 400),
        ("clock", {"local": "tomorrow 07:00", "zone": "Mars/Olympus"}, 400),
        ("clock", {"by_seconds": 1e300}, 400),
        ("faults", {"kind": "gremlins"}, 400),
        ("faults", {"kind": "too_many", "times": "x"}, 400),
    ],
)
async def test_what_cannot_be_done_is_said(
    ada: Visitor, http: httpx.AsyncClient, path: str, body: dict[str, Any], code: int
) -> None:
    answer = await http.post(f"page/{path}", json=body)
    assert (answer.status_code, bool(answer.json()["error"])) == (code, True)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"to": "2030-01-02T03:04:00+01:00"}, "2030-01-02T02:04"),
        ({"local": "2030-01-02 07:00", "zone": "Europe/Paris"}, "2030-01-02T06:00"),
    ],
)
async def test_the_clock_is_moved(
    local: Localchat, http: httpx.AsyncClient, body: dict[str, str], expected: str
) -> None:
    answer = (await http.post("page/clock", json=body)).json()
    assert answer["now"].startswith(expected)
    assert abs((local.now() - datetime.fromisoformat(answer["now"])).total_seconds()) < 5
    back = (await http.post("page/clock", json={"reset": True})).json()
    assert back["shift_seconds"] == 0


async def test_messages_carry_localchats_time(local: Localchat, bot: Bot, ada: Visitor) -> None:
    local.move_to(datetime.fromisoformat("2030-01-02T03:04:00+00:00"))
    sent = await bot.send_message(ada.id, "the future")
    assert sent.date == datetime.fromisoformat("2030-01-02T03:04:00+00:00")


async def test_faults_are_planned_from_the_page(
    local: Localchat, http: httpx.AsyncClient, bot: Bot, ada: Visitor
) -> None:
    body = {"kind": "too_many", "method": "sendMessage", "retry_after": 3, "times": 2}
    planned = (await http.post("page/faults", json=body)).json()
    assert (planned[0]["kind"], planned[0]["times"]) == ("too_many", 2)
    assert (await http.delete("page/faults")).json() == []
    await bot.send_message(ada.id, "fine")


async def test_a_tap_returns_the_bots_answer(bot: Bot, ada: Visitor) -> None:
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
    await bot.send_message(ada.id, "?", reply_markup=keys)
    (start, *_) = await bot.get_updates()
    tap = asyncio.create_task(ada.tap("Yes"))
    (update,) = await bot.get_updates(offset=start.update_id + 1, timeout=5)
    assert update.callback_query is not None
    await update.callback_query.answer("Noted.", show_alert=True)
    answer = await tap
    assert (answer["answered"], answer["text"], answer["show_alert"]) == (True, "Noted.", True)


async def test_a_tap_without_an_answer_says_so(bot: Bot, ada: Visitor) -> None:
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
    await bot.send_message(ada.id, "?", reply_markup=keys)
    assert (await ada.tap("Yes", wait=0.05))["answered"] is False


async def test_a_one_time_keyboard_hides_when_used(bot: Bot, ada: Visitor) -> None:
    keys = ReplyKeyboardMarkup(
        [["Sitting", KeyboardButton("Here", request_location=True)]], one_time_keyboard=True
    )
    await bot.send_message(ada.id, "Where?", reply_markup=keys)
    assert [b["text"] for b in (await ada.chat())["keyboard"]["keyboard"][0]] == ["Sitting", "Here"]
    await ada.say("Sitting")
    chat = await ada.chat()
    assert chat["keyboard"] is None
    assert chat["hidden_keyboard"] is not None


async def test_nobody_is_impossible(ada: Visitor) -> None:
    with pytest.raises(Impossible, match="not there"):
        await ada.tap("no such button")


async def test_pictures_are_shown_and_documents_only_downloaded(
    http: httpx.AsyncClient, bot: Bot, ada: Visitor
) -> None:
    photo = (await bot.send_photo(ada.id, png())).photo[0].file_id
    page = (await bot.send_document(ada.id, b"<script>1</script>", filename="x.html")).document
    assert page is not None
    shown, kept = [await http.get(f"page/files/{name}") for name in (photo, page.file_id)]
    assert (shown.content, shown.headers["content-type"]) == (png(), "image/png")
    assert kept.headers["content-type"] == "application/octet-stream"
    assert kept.headers["content-disposition"] == "attachment"
    assert (await http.get("page/files/none")).status_code == 404


async def test_the_page_is_told_of_changes(http: httpx.AsyncClient, ada: Visitor) -> None:
    told: list[str] = []
    async with http.stream("GET", "page/events") as stream, asyncio.timeout(5):
        async for line in stream.aiter_lines():
            if line == "event: hello":
                await ada.say("hi")
            told += [line] if line.startswith(("event", "data")) else []
            if told[-1:] == [f"data: {ada.id}"]:
                break
    assert told[-2:] == ["event: chat", f"data: {ada.id}"]


async def test_stopping_does_not_wait_for_an_open_page(
    local: Localchat, http: httpx.AsyncClient
) -> None:
    async with asyncio.timeout(2), http.stream("GET", "page/events") as stream:
        lines = stream.aiter_lines()
        await anext(lines)
        await local.stop()
