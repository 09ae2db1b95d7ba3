"""Build and drop indices, in migrations, while a running version goes on writing.

PostgreSQL builds one aside only outside of a transaction. If that is cut short, it leaves an index that is
good for nothing: whoever builds it again takes that one down first. SQLite has one process: it is migrating.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op


def build(name: str, table: str, *columns: str, where: str | None = None) -> None:
    """Of all rows, or of those that a condition holds for."""
    part = None if where is None else sa.text(where)
    with _aside() as how:
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=how)
        op.create_index(
            name,
            table,
            [*columns],
            postgresql_concurrently=how,
            postgresql_where=part,
            sqlite_where=part,
        )


def drop(name: str, table: str) -> None:
    with _aside() as how:
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=how)


@contextmanager
def _aside() -> Iterator[bool]:
    """Whoever builds aside waits for others as long as they take, and nobody waits for it."""
    if op.get_bind().dialect.name == "sqlite":
        yield False
        return
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        try:
            yield True
        finally:
            op.execute("RESET lock_timeout")
