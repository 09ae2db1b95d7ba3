"""A Telegram that only answers: the library takes its answers, and what came twice is counted."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, RetryAfter
from telegram.request import HTTPXRequest

from bot.localchat.answering import Answers, serve
from bot.localchat.faults import Flood
from tests.localchat.conftest import PLAIN

BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("Done", callback_data="1")]])


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
async def address(answers: Answers) -> AsyncIterator[str]:
    async with await serve(answers, 0, 0.01) as server:
        yield "http://{}:{}".format(*server.sockets[0].getsockname())


@pytest.fixture
async def bot(address: str) -> AsyncIterator[Bot]:
    requests = [HTTPXRequest(httpx_kwargs=PLAIN) for _ in range(2)]
    async with Bot(
        "1:x", f"{address}/bot", request=requests[0], get_updates_request=requests[1]
    ) as bot:
        yield bot


async def test_it_answers_as_telegram_would(bot: Bot) -> None:
    message = await bot.send_message(5, "Good morning", reply_markup=BUTTONS)
    assert (message.chat.id, message.text, message.reply_markup) == (5, "Good morning", BUTTONS)
    assert (await bot.edit_message_text("Done", 5, message.message_id)) == message
    assert await bot.answer_callback_query("7")
    assert await bot.delete_webhook()


async def test_a_picture_has_an_id_that_may_be_sent_again(bot: Bot) -> None:
    first = await bot.send_photo(5, b"\x89PNG\r\n--\r\n", "Four weeks")
    again = await bot.send_photo(6, first.photo[-1].file_id, "Four weeks")
    assert again.photo[-1].file_id == first.photo[-1].file_id
    with pytest.raises(BadRequest, match=r"[Ww]rong file identifier"):
        await bot.send_photo(6, "another")


async def test_a_letter_that_comes_twice_is_counted(bot: Bot, address: str) -> None:
    for chat, text in ((5, "a"), (5, "b"), (6, "a"), (5, "a")):
        await bot.send_message(chat, text)
    async with httpx.AsyncClient(trust_env=False) as client:
        counts = (await client.get(f"{address}/counts")).json()
    assert counts["letters"] == 4
    assert counts["different"] == 3
    assert counts["repeated"] == 1
    assert counts["most_to_one_chat"] == 2


async def test_updates_wait_for_whoever_listens_until_they_are_confirmed(
    bot: Bot, answers: Answers
) -> None:
    listening = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.sleep(0)
    answers.publish([{}, {}], 0)
    first, second = await listening
    assert [one.update_id for one in await bot.get_updates(second.update_id, timeout=0)] == [2]
    assert await bot.get_updates(second.update_id + 1, timeout=0) == ()
    assert first.update_id == 1


async def test_whoever_talks_too_much_is_told_to_wait(
    bot: Bot, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the bot has it
    answers.flood = Flood(per_chat=1, overall=2)
    await bot.send_message(5, "a")
    with pytest.raises(RetryAfter):
        await bot.send_message(5, "b")
