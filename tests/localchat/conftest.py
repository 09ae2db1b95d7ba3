"""A running localchat, a bot of the real library on it, and a person."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.localchat.server import Localchat
from tests.localchat.visitor import Visitor

PLAIN = {
    "trust_env": False,
    "verify": False,
}  # no TLS on loopback; loading its roots takes longer than a test


@pytest.fixture
async def local() -> AsyncIterator[Localchat]:
    local = Localchat()
    await local.start()
    yield local
    await local.stop()


@pytest.fixture
async def bot(local: Localchat) -> AsyncIterator[Bot]:
    bot = Bot(
        local.token,
        base_url=local.api_url,
        base_file_url=local.file_url,
        request=HTTPXRequest(httpx_kwargs=PLAIN),
        get_updates_request=HTTPXRequest(httpx_kwargs=PLAIN),
    )
    async with bot:
        yield bot


@pytest.fixture
async def ada(local: Localchat) -> AsyncIterator[Visitor]:
    """Somebody who has pressed Start."""
    async with await Visitor.arrive(local, "Ada") as ada:
        await ada.say("/start")
        yield ada
