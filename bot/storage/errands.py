"""Errands: what is brought to someone once, at a time. They share the post with rituals and reviews."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import col, select

from bot.storage.database import Work, insert_once
from bot.storage.tables import Errand, ErrandRow, State


async def plan(
    work: Work,
    person_id: int,
    kind: Errand,
    key: str,
    due_at: dt.datetime,
    session_id: int | None = None,
) -> bool:
    """Put one into the post; says whether it was new. Its kind and key come once for a person."""
    return await insert_once(
        work,
        ErrandRow,
        person_id=person_id,
        kind=kind,
        key=key,
        due_at=due_at,
        session_id=session_id,
        state=State.DUE,
        tries=0,
    )


async def cancel(work: Work, person_id: int, kind: Errand, key: str | None = None) -> None:
    """Take back what has not left: all of a kind, or one."""
    chosen = sa.and_(
        col(ErrandRow.person_id) == person_id,
        col(ErrandRow.kind) == kind,
        col(ErrandRow.state).in_((State.DUE, State.CLAIMED)),
    )
    if key is not None:
        chosen = sa.and_(chosen, col(ErrandRow.key) == key)
    await work.exec(sa.update(ErrandRow).where(chosen).values(state=State.CANCELLED))


async def plan_instead(
    work: Work, person_id: int, kind: Errand, key: str, due_at: dt.datetime, session_id: int
) -> None:
    """Put one into the post in place of all others of its kind for a session that have not left."""
    await plan(work, person_id, kind, key, due_at, session_id)
    others = sa.and_(
        col(ErrandRow.session_id) == session_id,
        col(ErrandRow.kind) == kind,
        col(ErrandRow.key) != key,
        col(ErrandRow.state).in_((State.DUE, State.CLAIMED)),
    )
    await work.exec(sa.update(ErrandRow).where(others).values(state=State.CANCELLED))


async def waiting(work: Work, session_id: int, kind: Errand) -> dt.datetime | None:
    """When one of a kind comes for a session, if one waits."""
    due = sa.and_(
        col(ErrandRow.session_id) == session_id,
        col(ErrandRow.kind) == kind,
        col(ErrandRow.state) == State.DUE,
    )
    return (await work.exec(select(sa.func.min(ErrandRow.due_at)).where(due))).one()


async def of_person(work: Work, person_id: int, kind: Errand) -> tuple[ErrandRow, ...]:
    """All of a kind that there ever were, in the order of their times."""
    rows = select(ErrandRow).where(ErrandRow.person_id == person_id, ErrandRow.kind == kind)
    return tuple(await work.exec(rows.order_by(col(ErrandRow.due_at))))
