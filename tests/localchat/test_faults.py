"""What was planned to go wrong does, and the world shows what was stored nevertheless."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest as TelegramBadRequest
from telegram.error import NetworkError, RetryAfter, TimedOut

from bot.localchat.faults import (
    BadRequest,
    Fault,
    Flood,
    HoldAfter,
    HoldBefore,
    LostAfter,
    LostBefore,
    ServerError,
    TooMany,
)
from bot.localchat.server import Localchat
from tests.localchat.visitor import Visitor


@pytest.fixture(autouse=True)
def _waits_are_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library warns about its own RetryAfter unless told that timedeltas are fine."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


async def stored(person: Visitor) -> list[str]:
    return [m["text"] for m in await person.messages() if m["by_bot"]]


async def test_too_many_says_how_long_to_wait(local: Localchat, bot: Bot, ada: Visitor) -> None:
    local.faults.add(TooMany(retry_after=7))
    with pytest.raises(RetryAfter, match=r"Retry in 0:00:07"):
        await bot.send_message(ada.id, "hello")
    await bot.send_message(ada.id, "again")
    assert await stored(ada) == ["again"]


@pytest.mark.parametrize(
    ("fault", "kind", "kept"),
    [
        (ServerError(), NetworkError, []),
        (ServerError(status=503, stored=True), NetworkError, ["hello"]),
        (LostBefore(), NetworkError, []),
        (LostAfter(), NetworkError, ["hello"]),
        (BadRequest(words="out of luck"), TelegramBadRequest, []),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
async def test_a_fault_strikes_once(
    local: Localchat, bot: Bot, ada: Visitor, fault: Fault, kind: type[Exception], kept: list[str]
) -> None:
    local.faults.add(fault)
    with pytest.raises(kind):
        await bot.send_message(ada.id, "hello")
    assert await stored(ada) == kept
    await bot.send_message(ada.id, "again")
    assert await stored(ada) == [*kept, "again"]


@pytest.mark.parametrize("fault", [LostBefore(), LostAfter()], ids=["before", "after"])
async def test_a_lost_call_looks_like_a_broken_connection(
    local: Localchat, bot: Bot, ada: Visitor, fault: Fault
) -> None:
    local.faults.add(fault)
    with pytest.raises(NetworkError) as broken:
        await bot.send_message(ada.id, "hello")
    assert isinstance(broken.value.__cause__, httpx.RemoteProtocolError)


async def test_a_fault_may_choose_its_chat_and_its_number(
    local: Localchat, bot: Bot, ada: Visitor
) -> None:
    async with await Visitor.arrive(local, "Bo") as bo:
        await bo.say("/start")
        local.faults.add(ServerError(chat_id=bo.id, times=2))
        await bot.send_message(ada.id, "fine")
        for _ in range(2):
            with pytest.raises(NetworkError):
                await bot.send_message(bo.id, "not fine")
        await bot.send_message(bo.id, "fine again")
        assert await stored(bo) == ["fine again"]


@pytest.mark.parametrize(
    ("fault", "kept"), [(HoldBefore(), []), (HoldAfter(), ["hello"])], ids=["before", "after"]
)
async def test_a_bot_that_dies_while_held(
    local: Localchat, bot: Bot, ada: Visitor, fault: HoldBefore | HoldAfter, kept: list[str]
) -> None:
    local.faults.add(fault)
    call = asyncio.create_task(bot.send_message(ada.id, "hello"))
    await fault.reached.wait()
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    await asyncio.sleep(0.05)
    fault.let_go()
    await asyncio.sleep(0.05)
    assert await stored(ada) == kept


async def test_a_held_call_goes_on_when_let_go(local: Localchat, bot: Bot, ada: Visitor) -> None:
    hold = local.faults.add(HoldBefore())
    call = asyncio.create_task(bot.send_message(ada.id, "hello"))
    await hold.reached.wait()
    assert await stored(ada) == []
    hold.let_go()
    await call
    assert await stored(ada) == ["hello"]


async def test_a_held_call_outlasts_the_bots_patience(
    local: Localchat, bot: Bot, ada: Visitor
) -> None:
    hold = local.faults.add(HoldAfter())
    with pytest.raises(TimedOut) as late:
        await bot.send_message(ada.id, "hello", read_timeout=0.1)
    assert isinstance(late.value.__cause__, httpx.ReadTimeout)
    hold.let_go()
    assert await stored(ada) == ["hello"]


async def test_clearing_forgets_what_was_planned(local: Localchat, bot: Bot, ada: Visitor) -> None:
    local.faults.add(ServerError(method="*", times=99))
    local.faults.clear()
    await bot.send_message(ada.id, "hello")


@pytest.fixture
async def strict() -> AsyncIterator[Localchat]:
    strict = Localchat(flood=Flood())
    await strict.start()
    yield strict
    await strict.stop()


async def test_flood_control_counts_each_chat(strict: Localchat) -> None:
    async with Bot(strict.token, base_url=strict.api_url) as bot:
        people = [await Visitor.arrive(strict, name) for name in ("Ada", "Bo")]
        for person in people:
            await person.say("/start")
            await bot.send_message(person.id, "one")
        with pytest.raises(RetryAfter):
            await bot.send_message(people[0].id, "two")
        await asyncio.sleep(1)
        await bot.send_message(people[0].id, "two")
        for person in people:
            await person.leave()


def test_flood_control_counts_the_whole_bot() -> None:
    flood = Flood(per_chat=1, overall=3)
    for chat in range(3):
        flood.check(chat, at=10.0)
    with pytest.raises(Exception, match="retry after 1"):
        flood.check(9, at=10.9)
    flood.check(9, at=11.0)
