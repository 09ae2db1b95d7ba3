"""Many people in a database, quickly: one who came the long way, and copies made by one statement a table."""

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import SQLModel

from bot.assembly import build_desk
from bot.bench.figures import Request
from bot.domain.profile import Question
from bot.domain.safety import ASKED
from bot.practice.desk import Desk
from bot.settings import read_settings
from bot.storage.database import Database

FIRST_CHAT = 10_000
JOINED = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
DUE = dt.datetime(2026, 11, 23, 6, 0, tzinfo=dt.UTC)  # everybody's first ritual
BEFORE = DUE - dt.timedelta(hours=1)  # nothing is due
TOLD = {
    Question.CONSENT: "yes",
    Question.DIRECTION: "none",
    Question.LIFE: "sitting",
    Question.PAIN: "2",
    Question.EQUIPMENT: "none",
    Question.ACTIVITY: "5",
    Question.TOWN: "Europe/Zurich",
    Question.TIME: "07:00",
    Question.MINUTES: "10",
}
NUMBERED = ("person", "ritual")  # others refer to their ids
SERIES = (
    "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {last})"
)


def desk_over(request: Request, database: Database) -> Desk:
    """As the assembly builds it."""
    return build_desk(read_settings({"BACKBEAT_CONTENT": str(request.content)}, None), database)


async def gather_people(desk: Desk, people: int) -> None:
    """So many, enrolled, whose first ritual is due at DUE. Ids, of people and of rituals, begin at 1."""
    enrolment = desk.enrolment
    await enrolment.begin(FIRST_CHAT, "en", JOINED)
    for question, value in TOLD.items():
        await enrolment.tell(FIRST_CHAT, question, value, JOINED)
        if question is Question.CONSENT:
            for tier in ASKED:
                await enrolment.screen(FIRST_CHAT, tier, False, JOINED)
    if people == 1:
        return
    async with enrolment.database.engine.begin() as connection:
        for statement in _copies(people - 1):
            await connection.execute(sa.text(statement))
        if connection.dialect.name == "postgresql":
            for table in NUMBERED:
                counter = f"pg_get_serial_sequence('{table}', 'id')"
                await connection.execute(sa.text(f"SELECT setval({counter}, {people})"))
    async with enrolment.database.engine.begin() as connection:
        await connection.execute(sa.text("ANALYZE"))


def _copies(last: int) -> Iterator[str]:
    for table in SQLModel.metadata.sorted_tables:
        if table.name != "person" and "person_id" not in table.columns:
            continue
        numbered = table.name in NUMBERED
        columns = [c.name for c in table.columns if c.name != "id" or numbered]
        values = [_copied(column) for column in columns]
        yield (
            f"INSERT INTO {table.name} ({', '.join(columns)}) {SERIES.format(last=last)}"
            f" SELECT {', '.join(values)} FROM {table.name}, series"
        )


def _copied(column: str) -> str:
    """Everything as the first one's, but for what tells people apart."""
    apart = column in ("id", "person_id", "ritual_id", "chat_id")
    return f"{column} + n" if apart else column
