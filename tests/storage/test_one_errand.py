"""The connections' shorter way gives what the long one gives."""

import asyncio

import pytest
import sqlalchemy as sa

from bot.storage.database import Database, Work
from tests.postgres import ON_SQLITE

pytestmark = ON_SQLITE

MAKE = "CREATE TABLE told (id INTEGER PRIMARY KEY, word TEXT)"
COUNT = "SELECT count(*) FROM told"


@pytest.fixture
async def database(empty: Database) -> Database:
    async with empty.work() as work:
        await run(work, MAKE)
    return empty


async def count(work: Work) -> int:
    return int((await (await work.connection()).execute(sa.text(COUNT))).scalar_one())


async def run(work: Work, statement: str) -> None:
    await (await work.connection()).execute(sa.text(statement))


async def test_rows_numbers_and_names_come_back(database: Database) -> None:
    async with database.work() as work:
        connection = await work.connection()
        tell = sa.text("INSERT INTO told (word) VALUES (:word)")
        one = await connection.execute(tell, {"word": "a"})
        assert (one.lastrowid, one.rowcount, one.returns_rows) == (1, 1, False)
        await connection.execute(tell, [{"word": word} for word in "bcd"])
        shout = sa.text("UPDATE told SET word = upper(word) WHERE id > 1 RETURNING id, word")
        assert [dict(row) for row in (await connection.execute(shout)).mappings()] == [
            {"id": number, "word": word} for number, word in ((2, "B"), (3, "C"), (4, "D"))
        ]
        gone = await connection.execute(sa.text("DELETE FROM told WHERE word = 'a'"))
        assert gone.rowcount == 1
        nobody = await connection.execute(sa.text("SELECT id, word FROM told WHERE id > 9"))
        assert (list(nobody.keys()), nobody.all()) == (["id", "word"], [])


async def test_what_the_database_refuses_is_raised_and_the_connection_goes_on(
    database: Database,
) -> None:
    with pytest.raises(sa.exc.OperationalError, match="no such table: untold"):
        async with database.work() as work:
            await run(work, "DELETE FROM untold")
    async with database.look() as work:
        assert await count(work) == 0


async def test_who_is_cancelled_while_waiting_for_their_turn_leaves_nothing_open(
    database: Database,
) -> None:
    async def tell() -> None:
        async with database.work() as work:
            await run(work, "INSERT INTO told (word) VALUES ('late')")

    async with database.work() as first:
        await run(first, COUNT)
        waiting = asyncio.create_task(tell())
        await asyncio.sleep(0.05)  # it stands in SQLite's queue of writers
        waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with asyncio.timeout(5), database.work() as work:
        assert await count(work) == 0
