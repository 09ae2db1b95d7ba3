"""Who is due: what a tick costs beside its own cost among few people, and beside a job for each person."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from time import perf_counter

import sqlalchemy as sa
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from sqlmodel import col

from bot.bench.crowd import BEFORE, DUE, desk_over, gather_people
from bot.bench.figures import Figure, Request, middle
from bot.bench.stand import Store, resident, stores
from bot.delivery.letter import Letter
from bot.delivery.receipt import Receipt, Unsent
from bot.delivery.tick import BATCH, Postman
from bot.storage import post
from bot.storage.database import Database
from bot.storage.tables import DeliveryRow, State

FEW = 1000
CLAIMED = 1000  # due rows, however many people there are
LEASE = dt.timedelta(minutes=1)
SAME = 1.5  # what is still the same, on a machine that does other things as well
MOST_JOBS = 100_000  # of the peer: each takes its time and its memory


class NoWayOut:
    """Nothing is due, so nothing is sent."""

    async def send(self, chat_id: int, letter: Letter) -> Receipt:
        return Unsent()

    async def retire(self, chat_id: int, message_id: int) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Crowd:
    """A database full of people, and the one who looks who is due."""

    database: Database
    postman: Postman
    people: int

    async def tick(self) -> float:
        """Microseconds of one that finds nothing."""
        begun = perf_counter()
        await self.postman.run(BEFORE)
        return (perf_counter() - begun) * 1e6

    async def claim(self) -> float:
        """Microseconds a row, until all that is due is claimed; afterwards it is due no more."""
        every = max(1, self.people // CLAIMED)
        async with self.database.work() as work:
            some = sa.update(DeliveryRow).where(col(DeliveryRow.id) % every == 0)
            await work.execute(some.values(due_at=BEFORE))
        claimed = 0
        begun = perf_counter()
        while rows := await self._batch():
            claimed += rows
        took = perf_counter() - begun
        async with self.database.work() as work:
            again = sa.update(DeliveryRow).where(col(DeliveryRow.due_at) == BEFORE)
            await work.execute(again.values(state=State.DUE, held_until=None, due_at=DUE))
        return took / claimed * 1e6

    async def _batch(self) -> int:
        async with self.database.work() as work:
            return len(await post.claim(work, DeliveryRow, BEFORE, LEASE, BATCH))


async def measure(request: Request) -> AsyncIterator[Figure]:
    """On each store, few people and many in turns; then a job for each."""
    async with stores(request) as every:
        for store in every:
            async for figure in _scale(request, store):
                yield figure
    async for figure in _jobs(request):
        yield figure


async def _scale(request: Request, store: Store) -> AsyncIterator[Figure]:
    async with AsyncExitStack() as stack:
        few = await _crowd(stack, request, store, request.of(FEW, 50))
        many = await _crowd(stack, request, store, request.people)
        request.progress(f"due: ticks on {store.name}")
        ticks: dict[int, list[float]] = {few.people: [], many.people: []}
        claims: dict[int, list[float]] = {few.people: [], many.people: []}
        for _ in range(request.of(300, 5)):
            for crowd in (few, many):
                ticks[crowd.people].append(await crowd.tick())
        for _ in range(request.of(7, 1)):
            for crowd in (few, many):
                claims[crowd.people].append(await crowd.claim())
        for name, taken in (
            ("a tick with nothing due", ticks),
            (f"claim a row, {CLAIMED:,} due", claims),
        ):
            yield Figure(
                name=f"due: {name}, {many.people:,} people",
                store=store.name,
                unit="us",
                ours=middle(taken[many.people]),
                peer=f"the same, {few.people:,} people",
                theirs=middle(taken[few.people]),
                at_most=SAME,
            )


async def _crowd(stack: AsyncExitStack, request: Request, store: Store, people: int) -> Crowd:
    request.progress(f"due: {people:,} people on {store.name}")
    database = await stack.enter_async_context(store.database())
    desk = desk_over(request, database)
    await gather_people(desk, people)
    postman = Postman(
        database=database, desk=desk, outbox=NoWayOut(), lease=LEASE, freshness=3 * LEASE
    )
    return Crowd(database, postman, people)


async def _jobs(request: Request) -> AsyncIterator[Figure]:
    """A job for each person, in memory; of every twenty people, one is due in the same second."""
    people = min(request.people, request.of(MOST_JOBS, 100))
    request.progress(f"due: a job for each of {people:,} people")
    before, begun, came = resident(), perf_counter(), set[int]()
    scheduler = AsyncIOScheduler(timezone=dt.UTC)

    async def come(person: int) -> None:
        came.add(person)

    scheduler.start(paused=True)
    for person in range(people):
        scheduler.add_job(come, CronTrigger(hour=3, timezone=dt.UTC), (person,))
    start, memory = perf_counter() - begun, resident() - before
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1 + people / 10_000)
    due = people // 20
    for person in range(due):
        scheduler.add_job(come, DateTrigger(soon), (person,))
    scheduler.resume()
    late = await _longest_stall(soon + dt.timedelta(seconds=2 + people / 10_000))
    scheduler.shutdown(wait=False)
    yield Figure(
        name=f"due: delivered of {due:,} due in one second",
        unit="share",
        ours=1,  # what is claimed late is still claimed: rows wait
        peer="a job a person",
        theirs=len(came) / due,
        aside=f"their loop stood still for {late:.1f} s",
    )
    yield Figure(
        name=f"due: start with {people:,} people",
        unit="s",
        ours=await _start(request),
        peer="a job a person",
        theirs=start,
        aside=f"they take {memory:.0f} MB; ours takes nothing a person",
    )


async def _longest_stall(until: dt.datetime) -> float:
    """Seconds for which nothing else could run."""
    longest = 0.0
    while dt.datetime.now(dt.UTC) < until:
        begun = perf_counter()
        await asyncio.sleep(0.01)
        longest = max(longest, perf_counter() - begun - 0.01)
    return longest


async def _start(request: Request) -> float:
    """Until the first tick has been: there is nothing to load."""
    async with Store("SQLite").database() as database:
        desk = desk_over(request, database)
        begun = perf_counter()
        postman = Postman(
            database=database, desk=desk, outbox=NoWayOut(), lease=LEASE, freshness=LEASE
        )
        await postman.run(BEFORE)
        return perf_counter() - begun
