"""All that is kept of a person, table by table: found by walking the tables, so that none is forgotten.

A table holds something of a person if it knows their chat, or if its foreign keys lead to one that does.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from bot.storage.database import Work

Traces = Mapping[sa.Table, sa.ColumnElement[bool]]  # where the rows of a person are
Rows = tuple[Mapping[str, Any], ...]


class SomethingLeft(RuntimeError):
    """Somebody was to be forgotten, and rows of theirs remain."""

    def __init__(self, tables: tuple[str, ...]) -> None:
        super().__init__(f"rows remain in {', '.join(tables)}")
        self.tables = tables


async def of_person(work: Work, chat_id: int) -> dict[str, Rows]:
    """Every row of the person of a chat, by table."""
    connection = await work.connection()
    found: dict[str, Rows] = {}
    for table, theirs in (await trace(work, chat_id)).items():
        rows = await connection.execute(
            sa.select(table).where(theirs).order_by(*table.primary_key.columns)
        )
        found[table.name] = tuple(dict(row) for row in rows.mappings())
    return found


async def trace(work: Work, chat_id: int) -> Traces:
    """By ids, not by joins: so that a row is still found once the one it hangs on is gone."""
    connection = await work.connection()
    tables = SQLModel.metadata.sorted_tables  # whoever is pointed at stands first
    pointed_at = {key.column.table for table in tables for key in table.foreign_keys}
    traces: dict[sa.Table, sa.ColumnElement[bool]] = {}
    ids: dict[sa.Table, list[int]] = {}
    for table in tables:
        theirs: list[sa.ColumnElement[bool]] = [
            key.parent.in_(ids[key.column.table])
            for key in table.foreign_keys
            if key.column.table in ids
        ]
        if "chat_id" in table.columns:
            theirs.append(table.c.chat_id == chat_id)
        if theirs:
            traces[table] = sa.or_(*theirs)
            if table in pointed_at:
                found = await connection.execute(sa.select(table.c.id).where(traces[table]))
                ids[table] = [*found.scalars()]
    return traces


async def check_gone(work: Work, traces: Traces) -> None:
    """Raises SomethingLeft."""
    connection = await work.connection()
    left = [
        table.name
        for table, theirs in traces.items()
        if (await connection.execute(sa.select(sa.literal(1)).where(theirs).limit(1))).first()
    ]
    if left:
        raise SomethingLeft(tuple(left))
