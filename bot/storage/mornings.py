"""How people woke on mornings that follow no session: only ever appended; the newest of a day counts."""

import datetime as dt

from sqlmodel import col, select

from bot.storage.database import Work, insert_once
from bot.storage.tables import MorningRow


async def tell(
    work: Work, person_id: int, day: dt.date, value: int, *, update_id: int, now: dt.datetime
) -> None:
    """Append it; the same update again changes nothing."""
    await insert_once(
        work, MorningRow, person_id=person_id, day=day, value=value, at=now, update_id=update_id
    )


async def of_person(work: Work, person_id: int) -> dict[dt.date, int]:
    """By day, what was told last."""
    rows = select(MorningRow).where(MorningRow.person_id == person_id)
    told = await work.exec(rows.order_by(col(MorningRow.id)))
    return {row.day: row.value for row in told}
