"""The send path beside a bare client and beside the library's own, in turns, on the same answering server.

The bare client says the same to the same place with aiohttp alone, and reads the answer's number; what our
path costs beyond it is the price of pacing, of telling errors apart, and of letters being values.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Any, cast

import aiohttp
from pydantic_core import from_json, to_json
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.ext import ApplicationBuilder, BaseRateLimiter, Defaults, ExtBot
from telegram.request import BaseRequest, HTTPXRequest

from bot.bench.figures import Figure, Request, middle
from bot.bench.stand import TOKEN, Telegram, telegram
from bot.chat.album import Album
from bot.chat.outbox import TelegramOutbox
from bot.chat.wire import Wire
from bot.delivery.letter import Button, Letter
from bot.delivery.taps import Rate, Worry
from bot.domain.session import Asked

ROUNDS = 5
DELAY = 0.05  # seconds until an answer, as from far away
IN_FLIGHT = (16, 64, 256)
ENOUGH = 0.8  # of the bare client's rate
FLOOR = 1000.0  # messages a second that one core should manage

# 1.3 kB with three buttons, as a ritual is.
TEXT = "<b>Before the first coffee</b>\n\n" + "1. Belly-wide breathing, 6 holds of 10 s.\n" * 29
BUTTONS = (
    (
        Button("Done", Rate(7, Asked.COMPLETED, 0), "success"),
        Button("Partly", Rate(7, Asked.COMPLETED, 1)),
    ),
    (Button("Something new or worrying", Worry()),),
)
LETTER = Letter(TEXT, BUTTONS)
SAID: Mapping[str, Any] = {
    "text": TEXT,
    "parse_mode": "HTML",
    "disable_notification": False,
    "reply_markup": {
        "inline_keyboard": [
            [{"text": b.label, "callback_data": b.tap.encode()} for b in row] for row in BUTTONS
        ]
    },
}

Send = Callable[[int], Awaitable[object]]


class Unpaced(BaseRateLimiter[int]):
    """Everybody's turn is at once: a rate is not what is measured here."""

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def process_request(
        self, callback: Any, args: Any, kwargs: Any, endpoint: Any, data: Any, rate_limit_args: Any
    ) -> Any:
        return await callback(*args, **kwargs)


@dataclass(frozen=True, slots=True)
class Pace:
    """What one round came to."""

    rate: float  # messages a second
    cpu: float  # milliseconds of this process, a message


async def measure(request: Request) -> AsyncIterator[Figure]:
    """Bound by the processor, then by the time that answers take."""
    async for figure in _without_delay(request):
        yield figure
    async for figure in _with_delay(request):
        yield figure


async def _without_delay(request: Request) -> AsyncIterator[Figure]:
    request.progress("send: answers at once")
    async with telegram(0) as answering, AsyncExitStack() as stack:
        designs = {"ours": await ours(stack, answering), "bare": await _bare(stack, answering)}
        paces = await in_turns(designs, 16, request.of(3000, 50), request.of(ROUNDS, 1))
    costs = {name: middle([p.cpu for p in of]) for name, of in paces.items()}
    rates = {name: middle([p.rate for p in of]) for name, of in paces.items()}
    yield Figure(
        name="send: answers at once, 16 in flight",
        unit="msg/s",
        ours=rates["ours"],
        peer="bare aiohttp client",
        theirs=rates["bare"],
        at_least=ENOUGH,
        aside=f"load {os.getloadavg()[0]:.1f}",
    )
    yield Figure(
        name="send: processor time a message",
        unit="ms",
        ours=costs["ours"],
        peer="bare aiohttp client",
        theirs=costs["bare"],
        at_most=1 / ENOUGH,
    )
    yield Figure(
        name="send: one core, answers at once",
        unit="msg/s",
        ours=1000 / costs["ours"],
        peer="floor",
        theirs=FLOOR,
        at_least=1,
        aside="what the processor time leaves room for",
    )


async def _with_delay(request: Request) -> AsyncIterator[Figure]:
    best: list[float] = []
    for in_flight in IN_FLIGHT:
        request.progress(f"send: {in_flight} in flight")
        async with telegram(DELAY) as answering, AsyncExitStack() as stack:
            designs = {"ours": await ours(stack, answering), "bare": await _bare(stack, answering)}
            messages = in_flight * request.of(20, 1)
            paces = await in_turns(designs, in_flight, messages, request.of(ROUNDS, 1))
            rates = {name: middle([p.rate for p in of]) for name, of in paces.items()}
            yield Figure(
                name=f"send: {DELAY * 1000:.0f} ms to an answer, {in_flight} in flight",
                unit="msg/s",
                ours=rates["ours"],
                peer="bare aiohttp client",
                theirs=rates["bare"],
                at_least=ENOUGH,
                aside=f"possible {in_flight / DELAY:.0f}",
            )
            if in_flight > 64:
                continue
            library = {"library": await _library(stack, answering)}
            few = request.of(in_flight * 6, in_flight)
            theirs = await in_turns(library, in_flight, few, request.of(2, 1))
            best.append(middle([p.rate for p in theirs["library"]]))
            yield Figure(
                name=f"send: {DELAY * 1000:.0f} ms to an answer, {in_flight} in flight",
                unit="msg/s",
                ours=rates["ours"],
                peer="the library with its own client",
                theirs=best[-1],
            )


async def in_turns(
    designs: Mapping[str, Send], in_flight: int, messages: int, rounds: int
) -> Mapping[str, list[Pace]]:
    """Each design once a round, after one round that nobody counts."""
    paces: dict[str, list[Pace]] = {name: [] for name in designs}
    for send in designs.values():
        await _round(send, in_flight, in_flight)
    for _ in range(rounds):
        for name, send in designs.items():
            paces[name].append(await _round(send, in_flight, messages))
    return paces


async def _round(send: Send, in_flight: int, messages: int) -> Pace:
    waiting = iter(range(messages))

    async def work() -> None:
        for number in waiting:
            await send(1 + number)

    begun, spent = perf_counter(), process_time()
    await asyncio.gather(*(work() for _ in range(in_flight)))
    took = perf_counter() - begun
    return Pace(messages / took, (process_time() - spent) / messages * 1000)


async def ours(stack: AsyncExitStack, answering: Telegram) -> Send:
    """From a letter to its receipt."""
    bot = await bot_on(stack, answering, Wire(max(IN_FLIGHT)), Wire(1))
    outbox = TelegramOutbox(bot, cast("Album", None))  # none of these has a picture

    async def send(chat_id: int) -> object:
        return await outbox.send(chat_id, LETTER)

    return send


async def bot_on(
    stack: AsyncExitStack, answering: Telegram, request: BaseRequest, listening: BaseRequest
) -> ExtBot[Any]:
    """The library's bot, as the application has it but for the pace."""
    builder: Any = ApplicationBuilder().token(TOKEN).base_url(answering.api_url)
    builder = builder.request(request).get_updates_request(listening).updater(None).job_queue(None)
    builder = builder.defaults(Defaults(parse_mode="HTML")).rate_limiter(Unpaced())
    bot: ExtBot[Any] = builder.build().bot
    await bot.initialize()
    stack.push_async_callback(bot.shutdown)
    return bot


async def _bare(stack: AsyncExitStack, answering: Telegram) -> Send:
    session = await stack.enter_async_context(
        aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
        )
    )
    url, headers = f"{answering.api_url}{TOKEN}/sendMessage", {"Content-Type": "application/json"}

    async def send(chat_id: int) -> object:
        body = to_json({"chat_id": chat_id, **SAID})
        async with session.post(url, data=body, headers=headers) as response:
            return from_json(await response.read())["result"]["message_id"]

    return send


async def _library(stack: AsyncExitStack, answering: Telegram) -> Send:
    bot = await bot_on(stack, answering, HTTPXRequest(), HTTPXRequest())
    keyboard = InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(b.label, callback_data=b.tap.encode(), style=b.style)
                for b in row
            ]
            for row in BUTTONS
        ]
    )

    async def send(chat_id: int) -> object:
        return await bot.send_message(
            chat_id, TEXT, reply_markup=keyboard, read_timeout=60, pool_timeout=60
        )

    return send
