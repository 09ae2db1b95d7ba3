"""Rows of many people, made by the database itself: of each table, one row for each of them."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel

from bot.storage.database import Database

PEOPLE = 20_000
_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]
FIRST = 1_000  # ids below are for whoever a test enrols
NUMBERS = {
    "postgresql": "FROM generate_series({first}, {last}) AS n",
    "sqlite": "FROM (WITH RECURSIVE c(n) AS (VALUES ({first}) UNION ALL SELECT n + 1 FROM c WHERE n < {last})"
    " SELECT n FROM c)",
}
# Most is over; everybody's next ritual is far away.
SAID = {
    ("delivery", "state"): "CASE WHEN n % 2 = 0 THEN 'due' ELSE 'sent' END",
    ("review", "state"): "'sent'",
    ("errand", "state"): "CASE WHEN n % 50 = 0 THEN 'due' ELSE 'sent' END",
    ("inbox", "chat_id"): "0",
    ("person", "chat_id"): "n + 1000000",
    ("turn", "chat_id"): "n + 1000000",
}
BY_TYPE = {
    sa.Boolean: "false",
    sa.Integer: "1",
    sa.Float: "1.0",
    sa.DateTime: "'2030-01-01 00:00:00+00:00'",
    sa.Date: "'2030-01-01'",
    sa.Time: "'07:00:00.000000'",
    sa.JSON: "'{}'",
    sa.String: "'x'",
}


async def fill(database: Database, people: int = PEOPLE) -> None:
    """And let the database look at what it has, as it does by itself sooner or later."""
    async with database.engine.connect() as connection:
        dialect = connection.dialect.name
        numbers = NUMBERS[dialect].format(first=FIRST, last=FIRST + people - 1)
        for table in SQLModel.metadata.sorted_tables:
            columns = [c for c in table.columns if not c.nullable or c.foreign_keys]
            names = ", ".join(f'"{column.name}"' for column in columns)
            values = ", ".join(_value(dialect, column) for column in columns)
            await connection.exec_driver_sql(
                f'INSERT INTO "{table.name}" ({names}) SELECT {values} {numbers}'
            )
        await connection.commit()
        if dialect == "postgresql":  # SQLite is not asked to look, and doesn't
            await connection.exec_driver_sql("ANALYZE")
            await connection.commit()


def _value(dialect: str, column: "sa.Column[object]") -> str:
    said = SAID.get((column.table.name, column.name))
    if said is not None:
        return said
    if column.primary_key and isinstance(column.type, sa.Integer):
        return "n"
    if column.foreign_keys or column.name in ("update_id", "chat_id"):
        return "n"
    kind = getattr(column.type, "impl", column.type)
    written = next(value for one, value in BY_TYPE.items() if isinstance(kind, one))
    if dialect == "postgresql" and not isinstance(kind, sa.String):
        return f"CAST({written} AS {kind.compile(dialect=_POSTGRESQL)})"
    return written
