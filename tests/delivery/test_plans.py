"""How the stores find what a tick and a tap ask for: by an index, whatever the number of people.

Asked of the stores themselves, not of a clock.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.session import Asked
from bot.storage import inbox, people
from bot.storage.database import Database
from bot.storage.inbox import Arrival
from tests import builders, crowd, postgres
from tests.builders import ADA
from tests.delivery.test_tick import DUE, MINUTE, ONE_DAY, Office

# These hold no more than what waits or is in hand, so they may be read whole.
SMALL = {
    "delivery_open",
    "review_open",
    "errand_open",
    "inbox_line",
    "turn",
    "pk_turn",
    "halt",
    "pk_halt",
}


@pytest.fixture
async def crowded(
    store_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[Database]:
    """A database of its own: to empty it again would take longer than to leave it."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'crowd' / 'backbeat.db'}"
    if store_url.startswith("postgresql"):
        server: postgres.Server = request.getfixturevalue("postgres_server")
        url = await server.empty()
    database = Database(url)
    await database.migrate()
    yield database
    await database.close()


class Heard:
    """Notes every statement that a database is asked."""

    def __init__(self, database: Database) -> None:
        self.statements: dict[str, Any] = {}
        sa.event.listen(database.engine.sync_engine, "before_cursor_execute", self._hear)

    def _hear(
        self, _connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool
    ) -> None:
        if re.match(r"SELECT|UPDATE|DELETE", statement):
            self.statements.setdefault(statement, given[0] if many else given)


async def a_day(office: Office) -> None:
    """A tick that finds nothing, a ritual that leaves, answers, a look at the inbox; then leaving."""
    journal, database = office.desk.journal, office.database
    await office.at(DUE - MINUTE)
    assert await office.at(DUE) == 1
    async with database.work() as work:
        assert await inbox.keep(work, [Arrival(update_id=1, chat_id=ADA, payload="{}")], DUE)
    async with database.look() as work:
        assert [*await inbox.chats_waiting(work)] == [ADA]
        assert [*await inbox.chats_due(work, "us", DUE, ONE_DAY)] == [ADA]
        assert len(await inbox.line_of(work, ADA, 10)) == 1
    async with database.work() as work:
        assert await inbox.take(work, ADA, "us", DUE, MINUTE)
        assert (await inbox.begin(work, ADA)) is not None
        assert await inbox.put_off(work, ADA, 1, DUE)
    await office.practise(DUE, pain_during=2, compensation=0, breath_holding=0)
    profile = await office.desk.enrolment.profile(ADA)
    async with database.work() as work:
        await inbox.finish(work, 1)
        await inbox.purge(work, DUE - 2 * ONE_DAY)
    session = await journal.open_session(profile)
    assert session is None or session.question is not Asked.COMPLETED
    assert await office.at(DUE + ONE_DAY) == 1
    async with database.work() as work:
        await people.forget(work, profile)


@pytest.mark.timeout(240)
async def test_no_statement_of_a_tick_or_a_tap_reads_a_whole_table(crowded: Database) -> None:
    await crowd.fill(crowded)
    office = Office(crowded)
    await builders.enrolled(office.desk, DUE - ONE_DAY)
    heard = Heard(crowded)
    await a_day(office)
    asked = dict(heard.statements)
    assert len(asked) > 40
    assert sum("_at <=" in one for one in asked) >= 4  # what a tick asks
    async with crowded.engine.connect() as connection:
        found = {
            statement: whole
            for statement, given in asked.items()
            if (whole := [*await read_whole(connection, statement, given)])
        }
    assert found == {}


async def read_whole(connection: AsyncConnection, statement: str, given: Any) -> list[str]:
    """The tables that the store would read from end to end to answer."""
    if connection.dialect.name == "sqlite":
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        return [*_whole_in_sqlite(row.detail for row in plan)]
    told = (await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", given)).scalar()
    [explained] = told if isinstance(told, list) else json.loads(str(told))
    return [*_whole_in_postgresql(explained["Plan"], limited=False)]


def _whole_in_sqlite(steps: Iterator[str]) -> Iterator[str]:
    for step in steps:
        scanned = re.match(r"SCAN (\w+)(?:.* INDEX (\w+))?", step)
        if scanned and scanned[1] != "CONSTANT" and SMALL.isdisjoint(scanned.groups()):
            yield step


def _whole_in_postgresql(node: dict[str, Any], *, limited: bool) -> Iterator[str]:
    kind, by = node["Node Type"], node.get("Index Name")
    limited = limited or kind == "Limit"
    if kind == "Seq Scan" and node["Relation Name"] not in SMALL:
        yield f"{kind} {node['Relation Name']}"
    if "Index" in kind and "Index Cond" not in node and by not in SMALL and not limited:
        yield f"{kind} {by}"
    for below in node.get("Plans", ()):
        yield from _whole_in_postgresql(below, limited=limited)
