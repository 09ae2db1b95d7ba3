"""SQLite's connections, asked less often: one errand of a connection's thread for each statement.

Left alone, SQLAlchemy sends the thread four times: for a cursor, to execute, to fetch, to close. Each errand
takes longer than most of our statements.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Self

import aiosqlite
from sqlalchemy.engine import URL


def connector(url: URL) -> Callable[[], Awaitable[aiosqlite.Connection]]:
    """What opens connections to the database of a URL."""
    [file], options = url.get_dialect()().create_connect_args(url)

    def connect() -> Awaitable[aiosqlite.Connection]:
        connection = _Connection(lambda: sqlite3.connect(file, **options), iter_chunk_size=64)
        connection._thread.daemon = True  # a connection left open keeps no process alive
        return connection

    return connect


class _Cursor(aiosqlite.Cursor):
    """Brings the rows with the statement; once they are here, nothing is left to close."""

    _rows: Iterable[sqlite3.Row] = ()

    async def execute(self, sql: str, parameters: Any = None) -> Self:
        self._rows = await self._execute(self._bring, sql, parameters or ())  # type: ignore[no-untyped-call]  # aiosqlite's
        return self

    def _bring(self, sql: str, parameters: Any) -> Iterable[sqlite3.Row]:
        return self._cursor.execute(sql, parameters).fetchall()

    async def fetchall(self) -> Iterable[sqlite3.Row]:
        return self._rows

    async def close(self) -> None:
        pass


class _Connection(aiosqlite.Connection):
    """Makes a cursor where it stands: that reaches no file."""

    def cursor(self) -> _Cursor:  # type: ignore[override]  # SQLAlchemy enters either
        return _Cursor(self, self._conn.cursor())
