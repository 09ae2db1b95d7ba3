"""getUpdates keeps Telegram's promises: nothing is lost before it was acknowledged."""

import asyncio
import time

import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.localchat.server import Localchat
from tests.localchat.visitor import Visitor


async def test_an_update_stays_until_a_higher_offset_is_asked(bot: Bot, ada: Visitor) -> None:
    await ada.say("one")
    first = await bot.get_updates()
    assert [u.update_id for u in await bot.get_updates()] == [u.update_id for u in first]
    rest = await bot.get_updates(offset=first[0].update_id + 1)
    assert [u.message.text for u in rest if u.message] == ["one"]
    assert await bot.get_updates(offset=rest[-1].update_id + 1) == ()
    assert await bot.get_updates() == ()


async def test_a_negative_offset_counts_from_the_end(bot: Bot, ada: Visitor) -> None:
    for text in ("one", "two"):
        await ada.say(text)
    newest = await bot.get_updates(offset=-1)
    assert [u.message.text for u in newest if u.message] == ["two"]
    assert await bot.get_updates() == newest


async def test_a_limit_takes_the_oldest(bot: Bot, ada: Visitor) -> None:
    await ada.say("one")
    assert len(await bot.get_updates(limit=1)) == 1


async def test_a_long_poll_wakes_with_the_message(bot: Bot, ada: Visitor) -> None:
    (start,) = await bot.get_updates()
    poll = asyncio.create_task(bot.get_updates(offset=start.update_id + 1, timeout=20))
    await asyncio.sleep(0.05)
    assert not poll.done()
    await ada.say("awake?")
    async with asyncio.timeout(2):
        (update,) = await poll
    assert update.message is not None
    assert update.message.text == "awake?"


async def test_of_two_pollers_the_newer_stays(local: Localchat, bot: Bot) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    other = Bot(local.token, base_url=local.api_url)
    async with other:
        assert await other.get_updates(timeout=0) == ()
    with pytest.raises(Conflict, match=r"(?i)terminated by other getUpdates request"):
        await older


async def test_a_webhook_and_polling_exclude_each_other(bot: Bot, ada: Visitor) -> None:
    await bot.set_webhook("https://bot.example/hook", secret_token="s", max_connections=3)
    with pytest.raises(Conflict, match=r"(?i)can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.pending_update_count) == (
        "https://bot.example/hook",
        3,
        1,
    )
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_a_webhook_ends_a_poll_that_waits(bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    await bot.set_webhook("https://bot.example/hook")
    with pytest.raises(Conflict):
        await poll


async def test_only_the_kinds_asked_for_arrive(bot: Bot, ada: Visitor) -> None:
    (start,) = await bot.get_updates(allowed_updates=["message"])
    await ada.block()
    await ada.unblock()
    await ada.say("one")
    updates = await bot.get_updates(offset=start.update_id + 1)  # the choice holds until the next
    assert [u.message.text for u in updates if u.message] == ["one"]
    assert len(updates) == 1


async def test_stopping_does_not_wait_for_a_long_poll(local: Localchat, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=50))
    await asyncio.sleep(0.1)
    async with asyncio.timeout(1.5):
        await local.stop()
        assert await poll == ()


async def test_a_location_a_sticker_and_a_command_arrive_as_telegram_sends_them(
    bot: Bot, ada: Visitor
) -> None:
    await ada.share_location(48.857, 2.352)
    await ada.sticker("👋")
    start, place, sticker = [u.message for u in await bot.get_updates()]
    assert start is not None
    assert place is not None
    assert sticker is not None
    assert start.entities[0].type == "bot_command"
    assert place.location is not None
    assert (place.location.latitude, place.location.longitude) == (48.857, 2.352)
    assert sticker.sticker is not None
    assert sticker.sticker.emoji == "👋"
    assert start.from_user is not None
    assert (start.from_user.first_name, start.from_user.language_code) == ("Ada", "en")


async def test_answers_come_at_once(bot: Bot) -> None:
    """Not 40 ms late, which is what a delayed ACK costs: a bench would measure nothing else."""
    await bot.get_me()
    spent = []
    for _ in range(5):
        began = time.perf_counter()
        await bot.get_me()
        spent.append(time.perf_counter() - began)
    assert min(spent) < 0.03
