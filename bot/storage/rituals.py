"""Rituals, the rules, and deliveries, their occurrences. A rule never moves; an occurrence comes once."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import col, select

from bot.domain.rhythm import EVERY_DAY
from bot.storage.database import Work, insert_once
from bot.storage.tables import OPEN, DeliveryRow, RitualRow, State


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


async def newest(work: Work, ritual_id: int) -> DeliveryRow | None:
    """The occurrence of the latest date, over or not."""
    of = select(DeliveryRow).where(DeliveryRow.ritual_id == ritual_id)
    return (await work.exec(of.order_by(col(DeliveryRow.local_date).desc()).limit(1))).first()


async def withdraw(work: Work, delivery: DeliveryRow) -> bool:
    """Take an occurrence out of the due-index that nobody has taken up; says whether it was."""
    mine = sa.and_(
        col(DeliveryRow.id) == delivery.id,
        col(DeliveryRow.state) == State.DUE,
        col(DeliveryRow.tries) == 0,
    )
    gone = await work.exec(sa.delete(DeliveryRow).where(mine).returning(col(DeliveryRow.id)))
    return gone.first() is not None


async def on_day(work: Work, person_id: int, day: dt.date) -> DeliveryRow | None:
    """The occurrence of a date."""
    of = select(DeliveryRow).where(
        DeliveryRow.person_id == person_id, DeliveryRow.local_date == day
    )
    return (await work.exec(of)).first()


async def last_of(work: Work, person_id: int) -> DeliveryRow | None:
    """The newest delivery that is over, whatever became of it."""
    over = select(DeliveryRow).where(
        DeliveryRow.person_id == person_id,
        col(DeliveryRow.state).not_in(OPEN),
    )
    return (await work.exec(over.order_by(col(DeliveryRow.due_at).desc()).limit(1))).first()
