"""Who is due: what a tick costs beside its own cost among few people, and beside a job for each person."""

import asyncio
import datetime as dt
from collections import defaultdict
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
from bot.bench.figures import Figure, Request, percentile
from bot.bench.stand import Store, resident, stores
from bot.delivery import gathering
from bot.delivery.letter import Letter
from bot.delivery.receipt import Receipt, Unsent
from bot.delivery.tick import Postman
from bot.practice.desk import Desk
from bot.storage import post
from bot.storage.database import Database
from bot.storage.tables import DeliveryRow, State

FEW = 1000
DUE_AT_ONCE = 1000  # rows, however many people there are
TICK = "a tick with nothing due"
SCATTERED = "1,000 due, scattered"
WHERE = ("1,000 due", SCATTERED)
LEASE = dt.timedelta(minutes=1)
SAME = 1.5  # what is still the same, on a machine that does other things as well
UNDISTURBED = 0.1  # of all: those that whatever else the machine does let alone
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
        await self.postman.run()
        return (perf_counter() - begun) * 1e6

    async def thousand(self, *, scattered: bool) -> tuple[float, float]:
        """Microseconds a row: until all that is due is found, and until it is about to leave.

        What is due together was planned together, the day before, and lies together. Scattered it lies after
        everybody has moved their ritual.
        """
        some: sa.ColumnElement[bool] = col(DeliveryRow.id).between(
            first := max(1, (self.people - DUE_AT_ONCE) // 2), first + DUE_AT_ONCE - 1
        )
        if scattered:
            some = col(DeliveryRow.id) % max(1, self.people // DUE_AT_ONCE) == 0
        async with self.database.work() as work:
            await work.exec(sa.update(DeliveryRow).where(some).values(due_at=BEFORE))
        begun = perf_counter()
        async with self.database.look() as work:
            found = await post.due(work, DeliveryRow, BEFORE, most=2 * DUE_AT_ONCE)
        looked = perf_counter()
        for start in range(0, len(found), gathering.MOST):
            async with self.database.work() as work:
                await post.begin(work, found[start : start + gathering.MOST], BEFORE + LEASE)
        ended = perf_counter()
        async with self.database.work() as work:
            again = sa.update(DeliveryRow).where(col(DeliveryRow.due_at) == BEFORE)
            await work.exec(again.values(state=State.DUE, held_until=None, due_at=DUE, tries=0))
        return (looked - begun) / len(found) * 1e6, (ended - looked) / len(found) * 1e6


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
        taken: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
        for _ in range(request.of(300, 5)):
            for crowd in (few, many):
                taken[TICK][crowd.people].append(await crowd.tick())
        for _ in range(request.of(10, 1)):
            for crowd in (few, many):
                for where in WHERE:
                    found, claimed = await crowd.thousand(scattered=where == SCATTERED)
                    taken[f"find a letter, {where}"][crowd.people].append(found)
                    taken[f"begin a letter, {where}"][crowd.people].append(claimed)
        for name, times in taken.items():
            yield Figure(
                name=f"due: {name}, {many.people:,} people",
                store=store.name,
                unit="us",
                ours=percentile(times[many.people], UNDISTURBED),
                peer=f"the same, {few.people:,} people",
                theirs=percentile(times[few.people], UNDISTURBED),
                at_most=None if name.endswith(SCATTERED) else SAME,
            )


async def _crowd(stack: AsyncExitStack, request: Request, store: Store, people: int) -> Crowd:
    request.progress(f"due: {people:,} people on {store.name}")
    database = await stack.enter_async_context(store.database())
    desk = desk_over(request, database)
    await gather_people(desk, people, apart=True)
    postman = _postman(database, desk)
    return Crowd(database, postman, people)


def _postman(database: Database, desk: Desk) -> Postman:
    return Postman(
        database=database,
        desk=desk,
        outbox=NoWayOut(),
        clock=lambda: BEFORE,
        lease=LEASE,
        freshness=LEASE,
    )


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
    rest = dt.timedelta(seconds=people / 5_000)  # to put the due ones in, and to come
    soon = dt.datetime.now(dt.UTC) + rest
    due = people // 20
    for person in range(due):
        scheduler.add_job(come, DateTrigger(soon), (person,))
    scheduler.resume()
    late = await _longest_stall(soon + rest + dt.timedelta(seconds=0.5))
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
        postman = _postman(database, desk)
        await postman.run()
        return perf_counter() - begun
