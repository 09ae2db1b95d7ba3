"""What a row costs: claimed and marked our way, beside the driver alone, and beside one object at a time.

The driver alone says the same statements on the same kind of file or server, with the same promises of its
own about power cuts. One object at a time is how a program is first written: read it, change it, commit it.
"""

import asyncio
import datetime as dt
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.bench.crowd import DUE, desk_over, gather_people
from bot.bench.figures import Figure, Request, middle
from bot.bench.stand import SQLITE, Store, raw_postgresql, stores
from bot.storage import post
from bot.storage.database import Database
from bot.storage.post import Note
from bot.storage.tables import DeliveryRow, State

LEASE = dt.timedelta(minutes=1)
ROWS = 2000
BATCH = 100
FEW = 100  # for who takes one at a time

CLAIM = """
    UPDATE delivery SET state = 'claimed', held_until = {until} WHERE id IN (
        SELECT id FROM delivery WHERE state = 'due' AND due_at <= {now} ORDER BY due_at LIMIT {batch} {skip}
    ) RETURNING id, person_id, ritual_id, local_date, due_at, state, held_until, tries, message_id
"""
MARK = (
    "UPDATE delivery SET state = 'sent', held_until = NULL, message_id = {message} WHERE id = {id}"
)

Work = Callable[[], Awaitable[int]]  # the rows that it was done to


async def measure(request: Request) -> AsyncIterator[Figure]:
    async with stores(request) as every:
        for store in every:
            request.progress(f"rows on {store.name}")
            async with store.database() as database, AsyncExitStack() as stack:
                await gather_people(desk_over(request, database), request.of(ROWS, 20))
                claims, marks = _ours(database), _ours_marked(database, request.of(ROWS, 20))
                raw = await _raw(stack, store, database)
                one = request.of(FEW, 5)
                for name, works in (
                    ("claim", (claims, raw[0], _object_claimed(database, one))),
                    ("mark", (marks, raw[1], _object_marked(database, one))),
                ):
                    async for figure in _beside(request, store, database, name, works):
                        yield figure


async def _beside(
    request: Request, store: Store, database: Database, name: str, works: tuple[Work, Work, Work]
) -> AsyncIterator[Figure]:
    """In turns, from the same state each time."""
    taken: list[list[float]] = [[], [], []]
    for _ in range(request.of(5, 1)):
        for times, work in zip(taken, works, strict=True):
            await _anew(database)
            begun = perf_counter()
            rows = await work()
            times.append((perf_counter() - begun) / rows * 1e6)
    ours, raw, one = (middle(times) for times in taken)
    for peer, theirs in (("the driver alone", raw), ("one object at a time", one)):
        yield Figure(
            name=f"rows: {name} one, in batches of {BATCH}",
            store=store.name,
            unit="us",
            ours=ours,
            peer=peer,
            theirs=theirs,
        )


async def _anew(database: Database) -> None:
    async with database.work() as work:
        await work.exec(sa.update(DeliveryRow).values(state=State.DUE, held_until=None))


def _ours(database: Database) -> Work:
    async def claim() -> int:
        claimed = 0
        while True:
            async with database.look() as work:
                rows = await post.due(work, DeliveryRow, DUE, most=BATCH)
            if not rows:
                return claimed
            async with database.work() as work:
                claimed += len(await post.begin(work, rows, DUE + LEASE))

    return claim


def _ours_marked(database: Database, rows: int) -> Work:
    async def mark() -> int:
        for first in range(1, rows + 1, BATCH):
            some = range(first, min(first + BATCH, rows + 1))
            notes = [
                Note(posted=_row(n), state=State.SENT, message_id=n, tries=1, begun=True)
                for n in some
            ]
            async with database.work() as work:
                await post.note(work, notes)
        return rows

    return mark


def _row(number: int) -> DeliveryRow:
    return DeliveryRow(
        id=number, person_id=number, due_at=DUE, ritual_id=number, local_date=DUE.date()
    )


def _object_claimed(database: Database, rows: int) -> Work:
    async def claim() -> int:
        for _ in range(rows):
            async with AsyncSession(database.engine) as session:
                due = select(DeliveryRow).where(DeliveryRow.state == State.DUE)
                row = (await session.exec(due.order_by(col(DeliveryRow.due_at)).limit(1))).one()
                row.state, row.held_until = State.CLAIMED, DUE + LEASE
                session.add(row)
                await session.commit()
        return rows

    return claim


def _object_marked(database: Database, rows: int) -> Work:
    async def mark() -> int:
        for number in range(1, rows + 1):
            async with AsyncSession(database.engine) as session:
                row = await session.get_one(DeliveryRow, number)
                row.state, row.message_id = State.SENT, number
                session.add(row)
                await session.commit()
        return rows

    return mark


async def _raw(stack: AsyncExitStack, store: Store, database: Database) -> tuple[Work, Work]:
    url = database.engine.url
    if store.name == SQLITE:
        assert url.database is not None
        file = sqlite3.connect(url.database, isolation_level=None, check_same_thread=False)
        stack.callback(file.close)
        file.execute("PRAGMA synchronous = FULL")
        return _in_thread(_sqlite_claim, file), _in_thread(_sqlite_mark, file)
    connection = await raw_postgresql(url)
    stack.push_async_callback(connection.close)
    return _postgresql_claim(connection), _postgresql_mark(connection)


def _in_thread(work: Callable[[sqlite3.Connection], int], file: sqlite3.Connection) -> Work:
    return lambda: asyncio.to_thread(work, file)


def _sqlite_claim(file: sqlite3.Connection) -> int:
    now, until = (f"{moment:%Y-%m-%d %H:%M:%S.%f}" for moment in (DUE, DUE + LEASE))
    statement = CLAIM.format(until="?", now="?", batch=BATCH, skip="")
    claimed = 0
    while True:
        file.execute("BEGIN IMMEDIATE")
        rows = file.execute(statement, (until, now)).fetchall()
        file.execute("COMMIT")
        if not rows:
            return claimed
        claimed += len(rows)


def _sqlite_mark(file: sqlite3.Connection) -> int:
    statement = MARK.format(message="?", id="?")
    every = [(number,) for (number,) in file.execute("SELECT id FROM delivery")]
    for first in range(0, len(every), BATCH):
        file.execute("BEGIN IMMEDIATE")
        file.executemany(statement, [(n, n) for (n,) in every[first : first + BATCH]])
        file.execute("COMMIT")
    return len(every)


def _postgresql_claim(connection: Any) -> Work:
    statement = CLAIM.format(until="$1", now="$2", batch=BATCH, skip="FOR UPDATE SKIP LOCKED")

    async def claim() -> int:
        claimed = 0
        while rows := await connection.fetch(statement, DUE + LEASE, DUE):
            claimed += len(rows)
        return claimed

    return claim


def _postgresql_mark(connection: Any) -> Work:
    statement = MARK.format(message="$1", id="$2")

    async def mark() -> int:
        every = [row["id"] for row in await connection.fetch("SELECT id FROM delivery")]
        for first in range(0, len(every), BATCH):
            async with connection.transaction():
                some = every[first : first + BATCH]
                await connection.executemany(statement, [(number, number) for number in some])
        return len(every)

    return mark
