"""The schema: every way up leads to what the tables say, and every way down leaves nothing."""

from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel

from bot.domain.session import Held
from bot.storage import people, sessions
from bot.storage.database import MIGRATIONS, Database
from tests.domain.lives import catalogue
from tests.postgres import ON_SQLITE

ENROLLED_AT_0001 = (
    "INSERT INTO person (id, chat_id, language, joined_at, consented_at, aggravated_by, life, usual_pain,"
    " zone, equipment, minutes) VALUES (1, 70, 'en', '2026-11-22 09:00:00', '2026-11-22 09:00:00', '',"
    " 'sitting', 3, 'Europe/Zurich', '', 10)",
    *(
        f"INSERT INTO screening (person_id, item, yes, at) VALUES (1, '{tier}', false, '2026-11-22 09:00:00')"
        for tier in ("E", "U", "C")
    ),
    "INSERT INTO ritual (person_id, wall_time, weekdays) VALUES (1, '07:00:00.000000', 127)",
)
ANSWERED_AT_0004 = (
    "INSERT INTO session (id, person_id, occasion, local_date, minutes, place, made_at)"
    " VALUES (1, 1, '2026-11-22', '2026-11-22', 10, 'floor', '2026-11-22 09:00:00')",
    "INSERT INTO portion (session_id, ladder, position, step, shown_step, dose_fraction, shown_dose)"
    " VALUES (1, 'hinge', 0, 5, 5, 0.6, 0.6)",
    *(
        "INSERT INTO answer (session_id, question, value, at, update_id)"
        f" VALUES (1, '{question}', 0, '2026-11-22 09:00:00', 1)"
        for question in (
            *("completed", "pain_during", "compensation", "breath_holding"),
            "pain_next_morning",
        )
    ),
)
TRIED_AND_WEIGHED_AT_0007 = (
    "INSERT INTO tryout (person_id, ladder, step, felt, at, update_id)"
    " VALUES (1, 'hinge', 3, 0, '2026-11-22 09:00:00', 2)",
    "INSERT INTO weight (session_id, ladder, step, grams, at, update_id)"
    " VALUES (1, 'hinge', 5, 2000, '2026-11-22 09:00:00', 3)",
)
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


@ON_SQLITE
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


async def test_whoever_enrolled_before_the_activity_was_a_question_stays_enrolled(
    empty: Database,
) -> None:
    await empty.migrate("0001")
    async with empty.engine.begin() as connection:
        for statement in ENROLLED_AT_0001:
            await connection.execute(sa.text(statement))
    await empty.migrate()
    async with empty.look() as work:
        profile = await people.get(work, 1)
    assert (profile.question, profile.activity_told) == (None, False)


async def test_what_was_answered_in_full_before_weights_were_asked_about_stays_so(
    empty: Database,
) -> None:
    await empty.migrate("0004")
    async with empty.engine.begin() as connection:
        for statement in (*ENROLLED_AT_0001, *ANSWERED_AT_0004):
            await connection.execute(sa.text(statement))
    await empty.migrate()
    async with empty.look() as work:
        session = await sessions.get(work, 1, catalogue().ladders)
    feedback = session.feedback("hinge")
    assert feedback is not None
    assert (session.question, feedback.is_answered) == (None, True)


async def test_a_version_that_knows_no_weights_can_still_keep_its_portions(
    database: Database,
) -> None:
    async with database.engine.begin() as connection:
        for statement in (*ENROLLED_AT_0001, *ANSWERED_AT_0004):
            await connection.execute(sa.text(statement))
    async with database.look() as work:
        assert [
            given.loaded for given in (await sessions.get(work, 1, catalogue().ladders)).given
        ] == [False]


async def test_rows_from_before_exercises_were_kept_keep_their_numbers(empty: Database) -> None:
    await empty.migrate("0007")
    async with empty.engine.begin() as connection:
        for statement in (*ENROLLED_AT_0001, *ANSWERED_AT_0004, *TRIED_AND_WEIGHED_AT_0007):
            await connection.execute(sa.text(statement))
    await empty.migrate()
    async with empty.look() as work:
        session = await sessions.get(work, 1, catalogue().ladders)
        [tried] = (await people.get(work, 1)).tried
    [given] = session.given
    assert (given.step, given.shown_step, given.exercises) == (5, 5, None)
    assert session.held == {"hinge": Held(5, 2000)}
    assert (tried.step, tried.exercise) == (3, None)


@ON_SQLITE
async def test_no_number_of_a_session_or_ritual_is_given_twice_and_nothing_gets_lost(
    empty: Database,
) -> None:
    await empty.migrate("0013")
    async with empty.engine.begin() as connection:
        for statement in (*ENROLLED_AT_0001, *ANSWERED_AT_0004):
            await connection.execute(sa.text(statement))
    await empty.migrate()
    async with empty.engine.begin() as connection:
        assert (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all() == []
        for table, number in (("portion", 1), ("answer", 5), ("ritual", 1), ("session", 1)):
            found = await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")
            assert found.scalar() == number, table
        await connection.exec_driver_sql("DELETE FROM person")
        assert (await connection.exec_driver_sql("SELECT count(*) FROM answer")).scalar() == 0
        for statement in (*ENROLLED_AT_0001, ANSWERED_AT_0004[0].replace("(1, 1,", "(NULL, 1,")):
            await connection.execute(sa.text(statement))
        for table in ("ritual", "session"):
            [(newest,)] = await connection.exec_driver_sql(f"SELECT max(id) FROM {table}")
            assert newest == 2, table


def test_there_is_one_newest_migration() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


async def schema(database: Database) -> list[Any]:
    async with database.engine.connect() as connection:
        return [
            *await connection.execute(sa.text("SELECT name, sql FROM sqlite_master ORDER BY name"))
        ]
