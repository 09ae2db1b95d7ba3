"""For how long Telegram wants everyone to be quiet: one row, so that a restart is no way around it."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import col, select

from bot.storage.database import Work, insert_once
from bot.storage.tables import HaltRow

ONLY = 1  # its id: there is one Telegram


async def keep(work: Work, now: dt.datetime, seconds: float) -> None:
    """A halt begins; one that lasts longer stays."""
    until = now + dt.timedelta(seconds=seconds)
    if await insert_once(work, HaltRow, id=ONLY, said_at=now, until=until):
        return
    shorter = sa.update(HaltRow).where(col(HaltRow.until) < until)
    await work.exec(shorter.values(said_at=now, until=until))


async def left(work: Work, now: dt.datetime) -> float:
    """Seconds that remain of it. A clock that was set back makes it no longer than it was."""
    row = (await work.exec(select(HaltRow.said_at, HaltRow.until).limit(1))).first()
    if row is None:
        return 0.0
    said_at, until = row
    return max(0.0, min(until - now, until - said_at).total_seconds())
