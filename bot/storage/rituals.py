"""Rituals, the rules, and deliveries, their occurrences. A rule never moves; an occurrence comes once."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col, select

from bot.storage.database import Work, insert_once
from bot.storage.tables import DeliveryRow, RitualRow, State


async def add(work: Work, person_id: int, wall_time: dt.time) -> int:
    """A ritual on every day of the week."""
    row = RitualRow(person_id=person_id, wall_time=wall_time)
    work.add(row)
    await work.flush()
    assert row.id is not None
    return row.id


async def of_person(work: Work, person_id: int) -> RitualRow | None:
    """A person's ritual."""
    return (await work.exec(select(RitualRow).where(RitualRow.person_id == person_id))).first()


async def plan(work: Work, ritual: RitualRow, local_date: dt.date, due_at: dt.datetime) -> None:
    """Put an occurrence into the due-index. A second one for the same local date can't be."""
    await insert_once(
        work,
        DeliveryRow,
        person_id=ritual.person_id,
        ritual_id=ritual.id,
        local_date=local_date,
        due_at=due_at,
        state=State.DUE,
        tries=0,
    )


async def claim(
    work: Work, now: dt.datetime, lease: dt.timedelta, batch: int
) -> Sequence[DeliveryRow]:
    """Take what is due, oldest first, for as long as the lease runs.

    What somebody took and never finished is due again once its lease is over. No row is taken twice:
    PostgreSQL skips rows that another process has locked, SQLite has one writer at a time.
    """
    ready = (
        select(DeliveryRow.id)
        .where(_ready(now))
        .order_by(col(DeliveryRow.due_at))
        .limit(batch)
        .with_for_update(skip_locked=True)
    )
    taken = await work.exec(
        sa.update(DeliveryRow)
        .where(col(DeliveryRow.id).in_(ready.scalar_subquery()))
        .values(held_until=now + lease, state=_claimed())
        .returning(DeliveryRow)
    )
    return sorted((row for (row,) in taken), key=lambda row: row.due_at)


async def any_due(work: Work, now: dt.datetime) -> bool:
    """Whether a claim would find something; reading the index is all that an idle tick costs."""
    return (await work.exec(select(DeliveryRow.id).where(_ready(now)).limit(1))).first() is not None


async def note(
    work: Work,
    delivery_id: int,
    state: State,
    *,
    message_id: int | None = None,
    held_until: dt.datetime | None = None,
    tries: int | None = None,
) -> None:
    """Write down what became of a delivery."""
    values: dict[str, object] = {"state": state, "held_until": held_until}
    if message_id is not None:
        values["message_id"] = message_id
    if tries is not None:
        values["tries"] = tries
    await work.exec(sa.update(DeliveryRow).where(col(DeliveryRow.id) == delivery_id).values(values))


async def last_of(work: Work, person_id: int) -> DeliveryRow | None:
    """The newest delivery that is over, whatever became of it."""
    over = select(DeliveryRow).where(
        DeliveryRow.person_id == person_id,
        col(DeliveryRow.state).not_in((State.DUE, State.CLAIMED, State.SENDING)),
    )
    return (await work.exec(over.order_by(col(DeliveryRow.due_at).desc()).limit(1))).first()


def _ready(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        col(DeliveryRow.state).in_((State.DUE, State.CLAIMED, State.SENDING)),
        col(DeliveryRow.due_at) <= now,
        sa.or_(col(DeliveryRow.held_until).is_(None), col(DeliveryRow.held_until) <= now),
    )


def _claimed() -> sa.ColumnElement[str]:
    """A row found in `sending` stays so: its letter may have left, and the sender must know."""
    return sa.case(
        (col(DeliveryRow.state) == State.SENDING, State.SENDING.value), else_=State.CLAIMED.value
    )
