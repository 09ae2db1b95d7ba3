"""Whether the database has the schema that this version needs."""

from functools import cache

import sqlalchemy as sa
from alembic.script import ScriptDirectory

from bot.storage.database import MIGRATIONS, Database


class SchemaBehind(Exception):
    """Migrations that this version needs have not run."""


async def check_schema(database: Database) -> None:
    """Raises SchemaBehind, or whatever the database raises where it can't be reached.

    A revision that we don't know is of a newer version: it locks no older one out.
    """
    async with database.look() as work:
        connection = await work.connection()
        rows = await connection.execute(sa.text("SELECT version_num FROM alembic_version"))
        found = rows.scalars().all()
    newest, older = _revisions()
    if not found or (newest not in found and older.intersection(found)):
        raise SchemaBehind


def known_revisions() -> frozenset[str]:
    """Of all schemas that this version can start from."""
    newest, older = _revisions()
    return older | {newest}


@cache
def _revisions() -> tuple[str, frozenset[str]]:
    scripts = ScriptDirectory(str(MIGRATIONS))
    [newest] = scripts.get_heads()
    return newest, frozenset(script.revision for script in scripts.walk_revisions()) - {newest}
