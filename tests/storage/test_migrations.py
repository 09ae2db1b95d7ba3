"""The schema: every way up leads to what the tables say, and every way down leaves nothing."""

from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel

from bot.storage.database import MIGRATIONS, Database

OWN = {"alembic_version"}  # Alembic's note of where it is


async def tables(database: Database) -> set[str]:
    async with database.engine.connect() as connection:
        return {*await connection.run_sync(lambda c: sa.inspect(c).get_table_names())}


async def test_up_down_and_up_again(empty: Database) -> None:
    every = {*SQLModel.metadata.tables}
    assert await tables(empty) == set()
    for _ in range(2):
        await empty.migrate()
        assert await tables(empty) == every | OWN
        await empty.migrate("base")
        assert await tables(empty) == OWN


async def test_up_twice_changes_nothing(database: Database) -> None:
    before = await schema(database)
    await database.migrate()
    assert await schema(database) == before


async def test_the_migrations_lead_to_what_the_tables_say(database: Database) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, SQLModel.metadata))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_every_constraint_has_the_name_that_the_convention_gives(database: Database) -> None:
    """Else a later migration can't take it down on both databases."""

    def names(connection: Connection) -> set[str | None]:
        inspector = sa.inspect(connection)
        return {
            constraint["name"]
            for table in SQLModel.metadata.tables
            for constraint in (
                *inspector.get_foreign_keys(table),
                *inspector.get_unique_constraints(table),
            )
        }

    said = {
        str(constraint.name)
        for table in SQLModel.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.ForeignKeyConstraint | sa.UniqueConstraint)
    }
    async with database.engine.connect() as connection:
        assert await connection.run_sync(names) == said


def test_there_is_one_newest_migration() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


async def schema(database: Database) -> list[Any]:
    async with database.engine.connect() as connection:
        return [
            *await connection.execute(sa.text("SELECT name, sql FROM sqlite_master ORDER BY name"))
        ]
