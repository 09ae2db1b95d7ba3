"""The same letters as they are first sent: a job for each, one object at a time, the library's own client."""

import asyncio
import datetime as dt
from contextlib import AsyncExitStack
from time import perf_counter, process_time
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from sqlmodel.ext.asyncio.session import AsyncSession
from telegram.request import HTTPXRequest

from bot.bench.send import Pace, bot_on
from bot.bench.stand import Telegram
from bot.chat.outbox import inline
from bot.delivery.letterbox import Addressed, compose
from bot.practice.desk import Desk
from bot.practice.occurrences import plan_next
from bot.storage import people
from bot.storage.tables import DeliveryRow, State

AT_ONCE = 64  # more connections to a database than this it doesn't survive
PATIENT = {"read_timeout": 600, "pool_timeout": 600, "connect_timeout": 600}


async def drain(
    stack: AsyncExitStack, desk: Desk, answering: Telegram, letters: int, now: dt.datetime
) -> Pace:
    """All in the same second, each by itself."""
    bot = await bot_on(stack, answering, HTTPXRequest(), HTTPXRequest())
    limit, over = asyncio.Semaphore(AT_ONCE), asyncio.Event()
    sent: list[int] = []

    async def one(number: int) -> None:
        async with limit:
            await _carry(bot, desk, number, now)
        sent.append(number)
        if len(sent) == letters:
            over.set()

    scheduler = AsyncIOScheduler(timezone=dt.UTC)
    scheduler.start(paused=True)
    begun, spent = perf_counter(), process_time()
    soon = dt.datetime.now(dt.UTC)
    for number in range(1, letters + 1):
        scheduler.add_job(one, DateTrigger(soon), (number,), misfire_grace_time=None)
    scheduler.resume()
    await over.wait()
    took = perf_counter() - begun
    scheduler.shutdown(wait=False)
    return Pace(letters / took, (process_time() - spent) / letters * 1000)


async def _carry(bot: Any, desk: Desk, number: int, now: dt.datetime) -> None:
    database = desk.enrolment.database
    async with AsyncSession(database.engine, expire_on_commit=False) as session:
        row = await session.get_one(DeliveryRow, number)
        row.state = State.SENDING
        session.add(row)
        await session.commit()
    addressed = await compose(desk, row, now)
    assert isinstance(addressed, Addressed)
    letter = addressed.letter
    message = await bot.send_message(
        addressed.chat_id, letter.text, reply_markup=inline(letter), **PATIENT
    )
    async with database.work() as session:
        again = await session.get_one(DeliveryRow, number)
        again.state, again.message_id = State.SENT, message.message_id
        session.add(again)
        profile = await people.get(session, again.person_id)
        await plan_next(session, profile, again.ritual_id, now)
