"""What is on its way to people, whatever its kind: due, claimed by one sender at a time, and over.

A claim is held until a moment, and that moment is its mark: whoever wants to go on with a letter must still
hold it by the same one. So a sender that was slow, or asleep, finds out before it sends.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import col, select

from bot.storage.database import Work
from bot.storage.tables import DeliveryRow, ErrandRow, Posted, ReviewRow, State, is_open

KINDS = (DeliveryRow, ReviewRow, ErrandRow)  # a review comes after the card that it follows
# Rows a claim takes: a longer transaction would stall SQLite's other users (performance.md).
MOST: Mapping[str, int] = {"sqlite": 100, "postgresql": 500}

Row = TypeVar("Row", bound=Posted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is to be written about one letter."""

    posted: Posted
    state: State
    message_id: int | None = None
    held_until: dt.datetime | None = None
    tries: int  # calls that may have left


def most(work: Work) -> int:
    """Rows that one claim may take here."""
    return MOST[work.get_bind().dialect.name]


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


async def count_due(work: Work, now: dt.datetime) -> int:
    """How many letters should have left by now, and are not over."""
    counts = [
        select(sa.func.count())
        .select_from(kind)
        .where(is_open(kind), col(kind.due_at) <= now)
        .scalar_subquery()
        for kind in KINDS
    ]
    return sum([(await work.exec(select(count))).one() for count in counts])


async def begin(
    work: Work, held: Sequence[Posted], lease_until: dt.datetime
) -> set[tuple[str, int | None]]:
    """Note that their calls are about to leave, of those that are still ours; says which.

    What is noted of a letter that another sender holds by now is nothing.
    """
    ours: set[tuple[str, int | None]] = set()
    for kind, held_until, ids in _by_claim(held):
        taken = await (await work.connection()).execute(
            sa.update(kind)
            .where(col(kind.id).in_(ids), *_still(kind, held_until))
            .values(state=State.SENDING, held_until=lease_until, tries=col(kind.tries) + 1)
            .returning(col(kind.id))
        )
        ours.update((str(kind.__tablename__), row_id) for (row_id,) in taken)
    return ours


async def give_back(work: Work, held: Sequence[Posted], until: dt.datetime | None = None) -> None:
    """Take a claim back: whoever sends next may have it at once, or from a moment on.

    One that was found in `sending` stays what it was.
    """
    for kind, held_until, ids in _by_claim(held):
        await work.exec(
            sa.update(kind)
            .where(col(kind.id).in_(ids), *_still(kind, held_until))
            .values(held_until=until, state=_given_back(kind))
        )


async def any_claimed(work: Work) -> bool:
    """Whether somebody has claimed a letter whose call has not left."""
    found = (sa.exists().where(_is_claimed(kind)) for kind in KINDS)
    return bool((await work.exec(select(sa.or_(*found)))).one())


async def take_over(work: Work) -> None:
    """What the last sender had claimed and surely not sent is due at once; nobody else sends now.

    What it was sending keeps its lease: an answer may still be on its way to it.
    """
    for kind in KINDS:
        left = sa.update(kind).where(_is_claimed(kind))
        await work.exec(left.values(state=State.DUE, held_until=None))


async def note(work: Work, notes: Sequence[Note]) -> None:
    """Write down what became of them, in one go for each kind."""
    by_kind: dict[type[Posted], list[dict[str, Any]]] = defaultdict(list)
    for one in notes:
        by_kind[type(one.posted)].append(
            {
                "its_id": one.posted.id,
                "its_state": one.state,
                "its_hold": one.held_until,
                "its_message": one.message_id,
                "its_tries": one.tries,
            }
        )
    for kind, rows in by_kind.items():
        table = sa.inspect(kind).local_table
        columns = table.c
        await (await work.connection()).execute(
            sa.update(table)
            .where(columns.id == sa.bindparam("its_id"))
            .values(
                state=sa.bindparam("its_state"),
                held_until=sa.bindparam("its_hold"),
                message_id=sa.bindparam("its_message"),
                tries=sa.bindparam("its_tries"),
            ),
            rows,
        )


def _by_claim(
    held: Iterable[Posted],
) -> list[tuple[type[Posted], dt.datetime | None, list[int | None]]]:
    """Letters that were claimed together have one kind and one lease."""
    claims: dict[tuple[type[Posted], dt.datetime | None], list[int | None]] = defaultdict(list)
    for posted in held:
        claims[type(posted), posted.held_until].append(posted.id)
    return [(kind, until, ids) for (kind, until), ids in claims.items()]


def _still(kind: type[Posted], held_until: dt.datetime | None) -> tuple[Any, ...]:
    """By the same claim, and nobody has taken it back."""
    held = (State.CLAIMED, State.SENDING)
    return (col(kind.held_until) == held_until, col(kind.state).in_(held))


def _is_claimed(kind: type[Posted]) -> sa.ColumnElement[bool]:
    """Among what is open: the index knows no other way."""
    return sa.and_(is_open(kind), col(kind.state) == State.CLAIMED)


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


def _given_back(kind: type[Posted]) -> sa.ColumnElement[str]:
    return sa.case((col(kind.state) == State.SENDING, State.SENDING.value), else_=State.DUE.value)
