"""How the stores find what a tick and a tap ask for: by an index, never through everybody's rows."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel

from bot.domain.profile import Profile
from bot.domain.session import Asked
from bot.storage import inbox
from bot.storage.database import Database
from tests.builders import ADA
from tests.delivery.test_tick import Office

DUE = dt.datetime(2026, 11, 23, 6, 0, 1, tzinfo=dt.UTC)
FEW = {"halt", "media", "told_group", "turn"}  # they don't grow with people

Statement = tuple[str, Any]


@contextmanager
def heard(database: Database) -> Iterator[list[Statement]]:
    """Every statement that is executed meanwhile, with its values."""
    said: list[Statement] = []

    def hear(
        _connection: object, _cursor: object, statement: str, values: Any, *_more: object
    ) -> None:
        said.append((statement, values))

    engine = database.engine.sync_engine
    sa.event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        sa.event.remove(engine, "before_cursor_execute", hear)


async def a_tick_and_a_tap(database: Database, office: Office, profile: Profile) -> None:
    """A ritual is sent and answered, with all that the chat and the sender do around it."""
    assert await office.at(DUE) == 1
    desk = office.desk
    async with database.work() as work:
        assert await inbox.keep(work, 1, ADA, "{}", DUE)
    async with database.work() as work:
        await inbox.take(work, ADA, "me", DUE, dt.timedelta(seconds=30))
        await inbox.begin(work, ADA)
        await inbox.line_of(work, ADA, 5)
    async with database.work() as work:
        await inbox.chats_due(work, "me", DUE, dt.timedelta(hours=1))
        await inbox.finish(work, 1)
        await inbox.leave(work, "me", ADA)
    plan = await desk.prescription.today(profile, DUE)
    for update_id, asked in enumerate((Asked.COMPLETED, Asked.PAIN), start=2):
        await desk.journal.keep(ADA, plan.session.id, asked, 0, update_id=update_id, now=DUE)


async def test_no_statement_of_a_tick_or_a_tap_reads_through_a_table(database: Database) -> None:
    office = Office(database)
    profile = await office.enrol()
    with heard(database) as said:
        await a_tick_and_a_tap(database, office, profile)
    explain = _sqlite if database.engine.dialect.name == "sqlite" else _postgresql
    asked = {statement: values for statement, values in said if _is_ours(statement)}
    assert len(asked) > 30
    async with database.engine.connect() as connection:
        read_through = {
            statement: scanned
            for statement, values in asked.items()
            if (scanned := await connection.run_sync(explain, statement, values))
        }
    assert read_through == {}


def test_a_table_that_is_read_through_would_be_found() -> None:
    plan = "SCAN delivery"
    assert _tables_scanned([plan], "SCAN ") == {"delivery"}


def _is_ours(statement: str) -> bool:
    return statement.split()[0] in ("SELECT", "UPDATE", "DELETE")


def _sqlite(connection: Connection, statement: str, values: Any) -> set[str]:
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    return _tables_scanned([row[3] for row in plan], "SCAN ")


def _postgresql(connection: Connection, statement: str, values: Any) -> set[str]:
    """It reads through a small table where it may; forbidden to, it does so only without an index."""
    connection.exec_driver_sql("SET enable_seqscan = off")
    plan = connection.exec_driver_sql(f"EXPLAIN {statement}", values).all()
    return _tables_scanned([row[0].strip().removeprefix("->  ") for row in plan], "Seq Scan on ")


def _tables_scanned(plan: list[str], sign: str) -> set[str]:
    tables = {line.removeprefix(sign).split()[0] for line in plan if line.startswith(sign)}
    return tables & {*SQLModel.metadata.tables} - FEW
