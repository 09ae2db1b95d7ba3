"""Alembic's way in: a connection handed over by the bot, or, for `alembic revision`, a URL."""

from typing import Literal

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection
from sqlmodel import AutoString, SQLModel

from bot.storage import tables  # the import fills SQLModel.metadata

assert tables


def render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """SQLModel's own string type is a plain one in a migration; False leaves the rest to Alembic."""
    return "sa.String()" if kind == "type" and isinstance(item, AutoString) else False


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,  # SQLite alters a table by making it anew
        user_module_prefix="tables.",
        render_item=render,
    )
    with context.begin_transaction():
        context.run_migrations()


if (handed := context.config.attributes.get("connection")) is not None:
    migrate(handed)
else:
    with create_engine("sqlite:///data/revision.db").connect() as opened:
        migrate(opened)
