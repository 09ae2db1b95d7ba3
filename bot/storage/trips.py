"""What people told of days away, step by step: only ever appended."""

import datetime as dt
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.domain.trip import Asks, Trip
from bot.storage.database import Work, insert_once
from bot.storage.tables import TripRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was told so far, and what waits for an answer; None is what isn't told yet."""

    at: dt.datetime
    from_day: dt.date
    until_day: dt.date | None = None
    set_id: str | None = None
    zone: str | None = None
    asks: Asks | None = None
    update_id: int = 0  # that told it


async def tell(work: Work, person_id: int, told: Told) -> None:
    """Append it; the same update again changes nothing."""
    await insert_once(
        work,
        TripRow,
        person_id=person_id,
        from_day=told.from_day,
        until_day=told.until_day,
        set_id=told.set_id,
        zone=told.zone,
        asks=told.asks,
        at=told.at,
        update_id=told.update_id,
    )


async def newest(work: Work, person_id: int) -> Told | None:
    """What was told last."""
    told = await work.exec(_of(person_id).order_by(col(TripRow.id).desc()).limit(1))
    row = told.first()
    return None if row is None else _told(row)


async def of_person(work: Work, person_id: int) -> tuple[Trip, ...]:
    """Every trip as it was told, oldest first; what is not whole is none."""
    rows = await work.exec(_of(person_id).order_by(col(TripRow.id)))
    return tuple(
        Trip(
            told_at=row.at,
            from_day=row.from_day,
            until_day=row.until_day,
            set_id=row.set_id,
            zone=row.zone,
        )
        for row in rows
        if row.until_day is not None and row.set_id is not None and row.asks in (None, Asks.TOWN)
    )


def _of(person_id: int) -> SelectOfScalar[TripRow]:
    return select(TripRow).where(TripRow.person_id == person_id)


def _told(row: TripRow) -> Told:
    return Told(
        at=row.at,
        from_day=row.from_day,
        until_day=row.until_day,
        set_id=row.set_id,
        zone=row.zone,
        asks=Asks(row.asks) if row.asks else None,
        update_id=row.update_id,
    )
