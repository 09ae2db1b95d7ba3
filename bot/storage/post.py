"""What is on its way to people, whatever its kind: due, claimed by one sender at a time, and over."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import col, select

from bot.storage.database import Work
from bot.storage.tables import Posted, State, is_open

Row = TypeVar("Row", bound=Posted)


async def claim(
    work: Work, kind: type[Row], now: dt.datetime, lease: dt.timedelta, batch: int
) -> Sequence[Row]:
    """Take what is due, oldest first, for as long as the lease runs.

    What somebody took and never finished is due again once its lease is over. No row is taken twice:
    PostgreSQL skips rows that another process has locked, SQLite has one writer at a time.
    """
    ready = (
        select(kind.id)
        .where(_ready(kind, now))
        .order_by(col(kind.due_at))
        .limit(batch)
        .with_for_update(skip_locked=True)
    )
    taken = await work.exec(
        sa.update(kind)
        .where(col(kind.id).in_(ready.scalar_subquery()))
        .values(held_until=now + lease, state=_claimed(kind))
        .returning(kind)
    )
    return sorted((row for (row,) in taken), key=lambda row: row.due_at)


async def any_due(work: Work, kinds: Iterable[type[Posted]], now: dt.datetime) -> bool:
    """Whether a claim would find something; reading the indexes is all that an idle tick costs."""
    found = (sa.exists().where(_ready(kind, now)) for kind in kinds)
    return bool((await work.exec(select(sa.or_(*found)))).one())


async def note(
    work: Work,
    kind: type[Posted],
    posted_id: int,
    state: State,
    *,
    message_id: int | None = None,
    held_until: dt.datetime | None = None,
    tries: int | None = None,
) -> None:
    """Write down what became of it."""
    values: dict[str, object] = {"state": state, "held_until": held_until}
    if message_id is not None:
        values["message_id"] = message_id
    if tries is not None:
        values["tries"] = tries
    await work.exec(sa.update(kind).where(col(kind.id) == posted_id).values(values))


def _ready(kind: type[Posted], now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        is_open(kind),
        col(kind.due_at) <= now,
        sa.or_(col(kind.held_until).is_(None), col(kind.held_until) <= now),
    )


def _claimed(kind: type[Posted]) -> sa.ColumnElement[str]:
    """A row found in `sending` stays so: its letter may have left, and the sender must know."""
    return sa.case(
        (col(kind.state) == State.SENDING, State.SENDING.value), else_=State.CLAIMED.value
    )
