"""Pauses, and what got in the way of rituals: both only ever appended."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import col, select

from bot.domain.rhythm import Hindrance, Pause
from bot.storage.database import Work, insert_once
from bot.storage.tables import HindranceRow, PauseRow


async def pause(
    work: Work, person_id: int, until: dt.date | None, *, update_id: int, now: dt.datetime
) -> None:
    """Append that nothing shall come until a day; the same update again changes nothing."""
    await insert_once(work, PauseRow, person_id=person_id, until=until, at=now, update_id=update_id)


async def newest_pause(work: Work, person_id: int) -> Pause | None:
    """The one that counts."""
    told = select(PauseRow).where(PauseRow.person_id == person_id)
    row = (await work.exec(told.order_by(col(PauseRow.id).desc()).limit(1))).first()
    return Pause(row.at, row.until) if row else None


async def hinder(
    work: Work, person_id: int, kind: Hindrance, *, update_id: int, now: dt.datetime
) -> None:
    """Append what got in the way; the same update again changes nothing."""
    await insert_once(
        work, HindranceRow, person_id=person_id, kind=kind, at=now, update_id=update_id
    )


async def last_hindrance(work: Work, person_id: int) -> dt.datetime | None:
    """When somebody told last what got in the way."""
    newest = select(sa.func.max(HindranceRow.at)).where(HindranceRow.person_id == person_id)
    return (await work.exec(newest)).one()
