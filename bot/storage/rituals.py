"""Rituals, the rules, and deliveries, their occurrences. A rule never moves; an occurrence comes once."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import col, select

from bot.domain.rhythm import EVERY_DAY
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


async def keep_weekdays(work: Work, person_id: int, weekdays: frozenset[int]) -> None:
    """All rituals of a person come on these days of the week from now on."""
    rules = sa.update(RitualRow).where(col(RitualRow.person_id) == person_id)
    await work.exec(rules.values(weekdays=as_bits(weekdays)))


async def take_back(work: Work, person_id: int) -> None:
    """All occurrences that nobody has begun to send: their rule has changed."""
    waiting = sa.and_(
        col(DeliveryRow.person_id) == person_id,
        col(DeliveryRow.state) == State.DUE,
        col(DeliveryRow.tries) == 0,
    )
    await work.exec(sa.delete(DeliveryRow).where(waiting))


async def came_on(work: Work, person_id: int) -> frozenset[dt.date]:
    """The days on which a ritual arrived."""
    arrived = select(col(DeliveryRow.local_date)).where(
        DeliveryRow.person_id == person_id, DeliveryRow.state == State.SENT
    )
    return frozenset((await work.exec(arrived)).all())


def as_bits(weekdays: frozenset[int]) -> int:
    """Days of the week as a row has them."""
    return sum(1 << day for day in weekdays)


def from_bits(bits: int) -> frozenset[int]:
    """The same, read."""
    return frozenset(day for day in EVERY_DAY if bits >> day & 1)


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


async def last_of(work: Work, person_id: int) -> DeliveryRow | None:
    """The newest delivery that is over, whatever became of it."""
    over = select(DeliveryRow).where(
        DeliveryRow.person_id == person_id,
        col(DeliveryRow.state).not_in((State.DUE, State.CLAIMED, State.SENDING)),
    )
    return (await work.exec(over.order_by(col(DeliveryRow.due_at).desc()).limit(1))).first()
