"""Letters that are due all at once, through the whole pipeline, until the last one is noted."""

import datetime as dt
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from time import perf_counter, process_time

import sqlalchemy as sa
from sqlmodel import col, select

from bot.bench import naive
from bot.bench.crowd import DUE, desk_over, gather_people
from bot.bench.figures import Figure, Request
from bot.bench.send import DELAY, IN_FLIGHT, Pace, bot_on
from bot.bench.stand import Store, Telegram, stores, telegram
from bot.chat.album import Album
from bot.chat.outbox import TelegramOutbox
from bot.chat.wire import Wire
from bot.delivery.tick import Postman
from bot.practice.desk import Desk
from bot.storage.database import Database
from bot.storage.tables import DeliveryRow, State

LETTERS = 5000
NAIVE = 300  # of the peer: its time grows with their number, or worse
IDEAL = 1000  # letters a second, what Telegram takes at most
LEASE, FRESHNESS = dt.timedelta(minutes=10), dt.timedelta(hours=3)


async def measure(request: Request) -> AsyncIterator[Figure]:
    """Ours and the naive design, on each store."""
    async with stores(request) as every:
        for store in every:
            letters = request.of(LETTERS, 5)
            request.progress(f"drain: {letters:,} letters on {store.name}")
            ours, repeated = await _ours(request, store, letters)
            few = request.of(NAIVE, 5)
            request.progress(f"drain: {few:,} letters as they are first sent, on {store.name}")
            theirs = await _naive(request, store, few)
            yield Figure(
                name=f"drain: {letters:,} letters, {DELAY * 1000:.0f} ms to an answer",
                store=store.name,
                unit="s",
                ours=letters / ours.rate,
                peer=f"ideal, {IDEAL}/s",
                theirs=letters / IDEAL,
                aside=f"{repeated} came twice; load {os.getloadavg()[0]:.1f}",
            )
            yield Figure(
                name="drain: processor time a letter",
                store=store.name,
                unit="ms",
                ours=ours.cpu,
                peer="naive: a job each, one object at a time",
                theirs=theirs.cpu,
            )
            yield Figure(
                name="drain: rate",
                store=store.name,
                unit="letters/s",
                ours=ours.rate,
                peer="naive: a job each, one object at a time",
                theirs=theirs.rate,
                aside=f"theirs with {few} letters",
            )


async def _ours(request: Request, store: Store, letters: int) -> tuple[Pace, int]:
    async with (
        store.database() as database,
        telegram(DELAY) as answering,
        AsyncExitStack() as stack,
    ):
        desk = desk_over(request, database)
        await gather_people(desk, letters)
        postman = await _postman(stack, desk, answering)
        begun, spent = perf_counter(), process_time()
        while await _left(database):
            await postman.run(DUE)
        took, spent = perf_counter() - begun, process_time() - spent
        counts = await answering.counts()
        assert counts["different"] == letters, counts
        return Pace(letters / took, spent / letters * 1000), counts["repeated"]


async def _postman(stack: AsyncExitStack, desk: Desk, answering: Telegram) -> Postman:
    bot = await bot_on(stack, answering, Wire(max(IN_FLIGHT)), Wire(1))
    return Postman(
        database=desk.enrolment.database,
        desk=desk,
        outbox=TelegramOutbox(bot, Album(desk.enrolment.database)),
        lease=LEASE,
        freshness=FRESHNESS,
    )


async def _left(database: Database) -> bool:
    """Whether any of the first rituals is still on its way."""
    over = (State.SENT, State.DOUBTFUL, State.REFUSED, State.UNREACHABLE)
    waiting = sa.exists().where(col(DeliveryRow.due_at) <= DUE, col(DeliveryRow.state).not_in(over))
    async with database.look() as work:
        return bool((await work.exec(select(waiting))).one())


async def _naive(request: Request, store: Store, letters: int) -> Pace:
    async with (
        store.database() as database,
        telegram(DELAY) as answering,
        AsyncExitStack() as stack,
    ):
        desk = desk_over(request, database)
        await gather_people(desk, letters)
        return await naive.drain(stack, desk, answering, letters, DUE)
