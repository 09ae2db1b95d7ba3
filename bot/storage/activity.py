"""How well the one thing goes that the back gets in the way of most: only ever appended."""

import datetime as dt

from sqlmodel import col, select

from bot.storage.database import Work, insert_once
from bot.storage.tables import ActivityRow

Told = tuple[dt.datetime, int | None]  # when, and 0-10; None is "nothing in particular"


async def tell(
    work: Work, person_id: int, value: int | None, now: dt.datetime, update_id: int | None = None
) -> None:
    """Append what was told; the same update again changes nothing."""
    await insert_once(
        work, ActivityRow, person_id=person_id, value=value, at=now, update_id=update_id
    )


async def of_person(work: Work, person_id: int) -> tuple[Told, ...]:
    """All that was told, oldest first."""
    rows = select(ActivityRow).where(ActivityRow.person_id == person_id)
    told = await work.exec(rows.order_by(col(ActivityRow.id)))
    return tuple((row.at, row.value) for row in told)
