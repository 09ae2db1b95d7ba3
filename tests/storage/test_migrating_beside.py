"""The newest migration, while the version before it goes on writing: nobody waits for it."""

import asyncio

import pytest
import sqlalchemy as sa

from bot.storage.database import PATIENCE, Database
from tests import postgres
from tests.storage.test_migrations import ANSWERED_AT_0004, ENROLLED_AT_0001

BEFORE = "0018"
# What that version says to its tables. It waits no longer than this for anything.
PATIENT = "SET LOCAL lock_timeout = '500ms'"
OF_THAT_VERSION = (
    "INSERT INTO delivery (person_id, ritual_id, local_date, due_at, state, tries)"
    " VALUES (1, 1, '2026-11-24', '2026-11-24 06:00:00+00', 'due', 0)",
    "UPDATE delivery SET state = 'claimed', held_until = '2026-11-24 06:01:00+00' WHERE id IN ("
    "SELECT id FROM delivery WHERE state IN ('due', 'claimed', 'sending') AND local_date = '2026-11-24'"
    " ORDER BY due_at LIMIT 100 FOR UPDATE SKIP LOCKED)",
    "INSERT INTO inbox (update_id, chat_id, payload, received_at, waiting, tries)"
    " VALUES (1, 70, '{}', '2026-11-24 06:00:00+00', true, 0)",
    "SELECT chat_id FROM inbox WHERE waiting",
    "UPDATE inbox SET waiting = false, chat_id = 0, payload = '' WHERE update_id = 1",
    "INSERT INTO errand (person_id, kind, key, due_at, state, tries, session_id)"
    " VALUES (1, 'snooze', '1', '2026-11-24 06:00:00+00', 'due', 0, 1)",
    "DELETE FROM delivery WHERE local_date = '2026-11-24'",
)
UNDER_WAY = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'"
)
INVALID = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"


async def first(database: Database, query: str) -> object:
    async with database.engine.connect() as connection:
        return await connection.scalar(sa.text(query))


async def wait_for(database: Database, query: str) -> None:
    async with asyncio.timeout(30):
        while not await first(database, query):  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.05)


async def test_a_version_that_still_runs_waits_for_no_migration(
    postgres_server: postgres.Server,
) -> None:
    database = Database(await postgres_server.empty())
    await database.migrate(BEFORE)
    async with database.engine.begin() as connection:
        for statement in (*ENROLLED_AT_0001, *ANSWERED_AT_0004):
            await connection.execute(sa.text(statement))
    async with database.engine.connect() as slow:  # a unit of work that lasts
        for statement in OF_THAT_VERSION[:1]:
            await slow.execute(sa.text(statement.replace("11-24", "11-23")))
        migrating = asyncio.create_task(database.migrate())
        await wait_for(database, UNDER_WAY)
        async with database.engine.begin() as other:
            await other.execute(sa.text(PATIENT))
            for statement in OF_THAT_VERSION:
                await other.execute(sa.text(statement))
        assert not migrating.done()
        await slow.commit()
    await migrating
    assert await first(database, INVALID) is None
    await database.close()


async def test_a_table_in_use_is_asked_for_again_and_nobody_queues_behind(
    postgres_server: postgres.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PATIENCE, "lock_timeout", "100ms")
    monkeypatch.setattr("bot.storage.database.BETWEEN", 0.1)
    database = Database(await postgres_server.empty())
    await database.migrate("0014")
    async with database.engine.connect() as slow:
        await slow.execute(sa.text("LOCK TABLE inbox IN ROW EXCLUSIVE MODE"))
        migrating = asyncio.create_task(database.migrate())
        await asyncio.sleep(0.3)
        assert await first(database, "SELECT count(*) FROM inbox") == 0
        assert not migrating.done()
        await slow.commit()
    async with asyncio.timeout(30):
        await migrating
    assert await first(database, INVALID) is None
    await database.close()


async def test_two_that_start_at_once_migrate_once(postgres_server: postgres.Server) -> None:
    url = await postgres_server.empty()
    replicas = [Database(url), Database(url)]
    async with asyncio.timeout(60):
        await asyncio.gather(*(replica.migrate() for replica in replicas))
    assert await first(replicas[0], "SELECT count(*) FROM alembic_version") == 1
    for replica in replicas:
        await replica.close()


async def test_what_was_cut_short_is_built_again(postgres_server: postgres.Server) -> None:
    """As a kill in the middle leaves it: an index that is good for nothing."""
    database = Database(await postgres_server.empty())
    await database.migrate(BEFORE)
    async with database.engine.begin() as connection:
        await connection.execute(sa.text("CREATE INDEX delivery_open ON delivery (due_at)"))
        await connection.execute(
            sa.text(
                "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'delivery_open'::regclass"
            )
        )
    await database.migrate()
    assert await first(database, INVALID) is None
    assert "state" in str(
        await first(database, "SELECT pg_get_indexdef('delivery_open'::regclass)")
    )
    await database.close()
