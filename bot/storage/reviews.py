"""Reviews, one for each mark of someone's weeks: on their way, and said."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import col, select

from bot.storage.database import Work, insert_once
from bot.storage.tables import ReviewRow, State

# They blocked the bot, or the plan was locked meanwhile: it was not said, and may still be.
UNSAID = (State.NEEDLESS, State.UNREACHABLE)


async def plan(work: Work, person_id: int, mark: int, day: dt.date, now: dt.datetime) -> None:
    """Put the review of a mark into the post, unless it is there or was said."""
    due = {"day": day, "due_at": now, "state": State.DUE, "tries": 0}
    if not await insert_once(work, ReviewRow, person_id=person_id, mark=mark, **due):
        unsaid = sa.and_(
            col(ReviewRow.person_id) == person_id,
            col(ReviewRow.mark) == mark,
            col(ReviewRow.state).in_(UNSAID),
        )
        await work.exec(sa.update(ReviewRow).where(unsaid).values(due))


async def newest(work: Work, person_id: int) -> ReviewRow | None:
    """The review of the latest mark that was said, or is about to be."""
    said = select(ReviewRow).where(
        ReviewRow.person_id == person_id, col(ReviewRow.state).not_in(UNSAID)
    )
    return (await work.exec(said.order_by(col(ReviewRow.mark).desc()).limit(1))).first()
