"""Webhooks as Telegram keeps them: in order, until taken, with the secret; and no polling beside them."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import BadRequest, Conflict

from bot.localchat.server import Localchat
from bot.server import Server
from tests.localchat.visitor import Visitor

SECRET = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Hook:
    """Takes updates, or does not."""

    url: str = ""
    status: int = 200
    texts: list[str] = field(default_factory=list)
    secrets: set[str | None] = field(default_factory=set)
    at_once: int = 0
    most_at_once: int = 0
    refused: int = 0

    async def bring(self, request: Request) -> Response:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.01)
        self.at_once -= 1
        if self.status != 200:
            self.refused += 1
            return Response(status_code=self.status)
        self.secrets.add(request.headers.get(SECRET))
        update = json.loads(await request.body())
        self.texts.append(update.get("message", {}).get("text", "?"))
        return Response()

    async def has(self, number: int) -> list[str]:
        async with asyncio.timeout(5):
            while len(self.texts) < number:  # noqa: ASYNC110  # no request tells of itself
                await asyncio.sleep(0.01)
        return self.texts


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    server = Server(Starlette(routes=[Route("/h", hook.bring, methods=["POST"])]), "127.0.0.1", 0)
    hook.url = f"http://127.0.0.1:{server.port}/h"
    await server.start()
    yield hook
    await server.stop()


async def test_updates_are_posted_in_order_with_the_secret_and_polling_is_refused(
    bot: Bot, ada: Visitor, hook: Hook
) -> None:
    await bot.set_webhook(hook.url, secret_token="s-1")
    for text in "abc":
        await ada.say(text)
    assert await hook.has(4) == ["/start", "a", "b", "c"]
    assert hook.secrets == {"s-1"}
    with pytest.raises(Conflict):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).pending_update_count == 0
    await bot.delete_webhook()
    await ada.say("d")
    assert [u.message.text for u in await bot.get_updates() if u.message] == ["d"]


async def test_what_is_refused_is_brought_again_in_order_and_told_of(
    bot: Bot, ada: Visitor, hook: Hook
) -> None:
    hook.status = 503
    await bot.set_webhook(hook.url)
    await ada.say("a")
    async with asyncio.timeout(5):
        while hook.refused < 2:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.01)
    info = await bot.get_webhook_info()
    assert info.pending_update_count == 2
    assert info.last_error_message is not None
    assert "503" in info.last_error_message
    hook.status = 200
    assert await hook.has(2) == ["/start", "a"]
    assert hook.secrets == {None}


async def test_dropped_updates_never_come(bot: Bot, ada: Visitor, hook: Hook) -> None:
    await bot.set_webhook("http://127.0.0.1:1/nobody")
    await ada.say("dropped")
    await bot.delete_webhook(drop_pending_updates=True)
    await bot.set_webhook(hook.url)
    await ada.say("kept")
    assert await hook.has(1) == ["kept"]


async def test_only_so_many_connections_and_only_the_kinds_asked_for(
    local: Localchat, bot: Bot, ada: Visitor, hook: Hook
) -> None:
    await bot.set_webhook(hook.url, max_connections=2, allowed_updates=["message"])
    people = [await Visitor.arrive(local, name) for name in "BCDE"]
    await ada.block()
    for person in people:
        await person.say("hello")
        await person.leave()
    assert sorted(await hook.has(5)) == ["/start", *["hello"] * 4]
    assert hook.most_at_once == 2


@pytest.mark.parametrize("url", ["http://bot.example/hook", "bot.example"])
async def test_the_address_is_https_or_this_machine(bot: Bot, url: str) -> None:
    with pytest.raises(BadRequest, match=r"(?i)https"):
        await bot.set_webhook(url)
