"""SQLAlchemy's dialect for tests, where every test opens a database of its own: what a statement once came to
in SQL is known in all of them, instead of being worked out again in each.
"""

from typing import Any

from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.engine import Engine

_COMPILED: dict[Any, Any] = {}


class SharedDialect(SQLiteDialect_aiosqlite):
    """One is as good as another: compiled statements are kept by dialect."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_COMPILED)
