"""From a tap to the stored answer and the edited card, through the whole bot; quiet, and while letters leave.

The answering server keeps the time: from when it has the tap to when it is told of the edit. The way of the
tap through the inbox, the journal and the new decision lies between. Beside it stands one committed row.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from bot.assembly import running
from bot.bench.crowd import DUE, FIRST_CHAT, desk_over, gather_people
from bot.bench.figures import Figure, Request, middle, percentile
from bot.bench.stand import SQLITE, TOKEN, Store, Telegram, raw_postgresql, stores, telegram
from bot.delivery.taps import Rate
from bot.domain.session import Asked
from bot.settings import read_settings
from bot.storage.database import Database
from bot.storage.tables import DeliveryRow, SessionRow, State

TAPS = 150  # of as many people
LETTERS = 1500  # that leave meanwhile
PAUSE = 0.02  # seconds between one tap and the next
LIMIT = 120.0  # seconds, for what should come in a few


async def measure(request: Request) -> AsyncIterator[Figure]:
    """On each store."""
    async with stores(request) as every:
        for store in every:
            async for figure in _on(request, store):
                yield figure


async def _on(request: Request, store: Store) -> AsyncIterator[Figure]:
    taps, letters = request.of(TAPS, 3), request.of(LETTERS, 4)
    request.progress(f"tap: {taps} taps on {store.name}, quiet and among {letters:,} letters")
    async with store.database() as database, telegram(0) as answering:
        await gather_people(desk_over(request, database), 2 * taps + letters)
        await _put_off(database, 2 * taps)
        async with _bot(request, database, answering):
            cards = await _cards(database, 2 * taps)
            quiet = await _tapped(answering, cards[:taps])
            await answering.reset()
            await _put_off(database, None)
            busy = await _tapped(answering, cards[taps:])
            meanwhile = (await answering.counts())["letters"]
        row = await _one_row(store, database, request.of(100, 5))
    for name, waits, aside in (
        ("quiet", quiet, ""),
        ("while letters leave", busy, f"{meanwhile:,} letters left meanwhile"),
    ):
        for share, word in ((0.5, "half"), (0.99, "99 %")):
            yield Figure(
                name=f"tap: edited card, {name}, {word} within",
                store=store.name,
                unit="ms",
                ours=percentile(waits, share) * 1000,
                peer="one row, committed by the driver alone",
                theirs=row,
                aside=aside,
            )


@asynccontextmanager
async def _bot(request: Request, database: Database, answering: Telegram) -> AsyncIterator[None]:
    """All of it, on the bench's own time, at the fastest pace that Telegram sells."""
    settings = read_settings(
        {"BACKBEAT_CONTENT": str(request.content), "BACKBEAT_MESSAGES_PER_SECOND": "1000"}, None
    )
    url = database.engine.url.render_as_string(hide_password=False)
    own = settings.model_copy(update={"database_url": url, "tick_seconds": 0.05})
    async with running(own, token=TOKEN, api_url=answering.api_url, clock=lambda: DUE):
        yield


async def _put_off(database: Database, beyond: int | None) -> None:
    """Only the first so many people's rituals are due; with None, everybody's."""
    late = sa.update(DeliveryRow).where(col(DeliveryRow.state) == State.DUE)
    at = DUE if beyond is None else DUE.replace(hour=23)
    first = sa.and_(
        col(DeliveryRow.person_id) > (beyond or 0), col(DeliveryRow.local_date) == DUE.date()
    )
    async with database.work() as work:
        await work.exec(late.where(first).values(due_at=at))


async def _cards(database: Database, people: int) -> Sequence[tuple[int, int, int]]:
    """Chat, session and message of so many people, once they have them."""
    shown = select(SessionRow.person_id, SessionRow.id, SessionRow.card)
    shown = shown.where(col(SessionRow.card).is_not(None)).order_by(col(SessionRow.person_id))
    async with asyncio.timeout(LIMIT):
        while True:
            async with database.look() as work:
                found = (await work.exec(shown)).all()
            if len(found) == people:
                return [(FIRST_CHAT + who - 1, id_ or 0, card or 0) for who, id_, card in found]
            await asyncio.sleep(0.05)


async def _tapped(answering: Telegram, cards: Sequence[tuple[int, int, int]]) -> Sequence[float]:
    """Each of them says that the ritual is done; seconds until each card says so, too."""
    for chat, session, message in cards:
        await answering.publish([_tap(chat, session, message)])
        await asyncio.sleep(PAUSE)
    async with asyncio.timeout(LIMIT):
        while len(waits := (await answering.counts())["waits"]) < len(cards):  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.05)
    return [float(wait) for wait in waits]


def _tap(chat: int, session: int, message: int) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "Ada"}
    where = {"id": chat, "type": "private", "first_name": "Ada"}
    return {
        "callback_query": {
            "id": f"{chat}-{session}",
            "from": person,
            "chat_instance": "1",
            "message": {"message_id": message, "date": 1767225600, "chat": where, "text": "card"},
            "data": Rate(session, Asked.COMPLETED, 0).encode(),
        }
    }


async def _one_row(store: Store, database: Database, times: int) -> float:
    """Milliseconds of the least that keeps anything."""
    url = database.engine.url
    if store.name == SQLITE:
        assert url.database is not None
        return await asyncio.to_thread(_sqlite_row, url.database, times)
    connection = await raw_postgresql(url)
    taken: list[float] = []
    for number in range(times):
        begun = perf_counter()
        await connection.execute("INSERT INTO told_group VALUES ($1)", -number - 1)
        taken.append(perf_counter() - begun)
    await connection.close()
    return middle(taken) * 1000


def _sqlite_row(file: str, times: int) -> float:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    taken: list[float] = []
    for number in range(times):
        begun = perf_counter()
        connection.execute("INSERT INTO told_group VALUES (?)", (-number - 1,))
        taken.append(perf_counter() - begun)
    connection.close()
    return middle(taken) * 1000
