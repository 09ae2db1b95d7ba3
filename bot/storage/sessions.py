"""Sessions with what they gave, the answers to them, and the decisions behind them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.exercise import Place
from bot.domain.session import Asked, Given, Session
from bot.storage.database import insert_once
from bot.storage.tables import AnswerRow, DecisionRow, PortionRow, SessionRow

_TRAVEL = "travel:"


def on_day(day: dt.date) -> str:
    """The occasion of a day's ritual: however often it is sent, it is one session."""
    return day.isoformat()


def on_the_way(update_id: int) -> str:
    """The occasion of a travel set, asked for by one update."""
    return f"{_TRAVEL}{update_id}"


async def of_person(work: AsyncSession, person_id: int) -> tuple[Session, ...]:
    """Every session of a person, oldest first."""
    return await _sessions(work, col(SessionRow.person_id) == person_id)


async def find(work: AsyncSession, session_id: int) -> Session | None:
    """One session, if it is there."""
    return next(iter(await _sessions(work, col(SessionRow.id) == session_id)), None)


async def at(work: AsyncSession, person_id: int, occasion: str) -> Session | None:
    """The session of an occasion, if it was made."""
    found = await _sessions(
        work,
        sa.and_(col(SessionRow.person_id) == person_id, col(SessionRow.occasion) == occasion),
    )
    return next(iter(found), None)


async def make(
    work: AsyncSession,
    *,
    person_id: int,
    occasion: str,
    day: dt.date,
    minutes: int,
    place: Place,
    now: dt.datetime,
) -> int:
    """An empty session; `give` fills it."""
    row = SessionRow(
        person_id=person_id,
        occasion=occasion,
        local_date=day,
        minutes=minutes,
        place=place,
        made_at=now,
    )
    work.add(row)
    await work.flush()
    assert row.id is not None
    return row.id


async def give(work: AsyncSession, session_id: int, portions: Iterable[Given]) -> None:
    """Put these portions in place of whatever the session gave before."""
    await work.exec(sa.delete(PortionRow).where(col(PortionRow.session_id) == session_id))
    work.add_all(
        PortionRow(
            session_id=session_id,
            position=position,
            ladder=given.ladder,
            step=given.step,
            shown_step=given.shown_step,
            dose_fraction=given.dose_fraction,
        )
        for position, given in enumerate(portions)
    )
    await work.flush()


async def answer(
    work: AsyncSession,
    session_id: int,
    asked: Asked,
    value: int,
    *,
    update_id: int,
    now: dt.datetime,
) -> None:
    """Append a reply; the same update again changes nothing."""
    await insert_once(
        work,
        AnswerRow,
        session_id=session_id,
        question=asked,
        value=value,
        at=now,
        update_id=update_id,
    )


async def newest_answer(work: AsyncSession, person_id: int) -> int:
    """The id of a person's newest reply, 0 when there is none: a decision rests on all up to it."""
    newest = await work.exec(
        select(sa.func.max(AnswerRow.id))
        .join(SessionRow, col(SessionRow.id) == col(AnswerRow.session_id))
        .where(SessionRow.person_id == person_id)
    )
    return newest.one() or 0


async def decide(work: AsyncSession, rows: Iterable[DecisionRow]) -> None:
    """Append decisions."""
    work.add_all(rows)
    await work.flush()


async def decisions(work: AsyncSession, session_id: int) -> Sequence[DecisionRow]:
    """The newest decision for each ladder of a session, in the order they were made."""
    newest = (
        select(sa.func.max(DecisionRow.id))
        .where(DecisionRow.session_id == session_id)
        .group_by(DecisionRow.ladder)
    )
    return (
        await work.exec(
            select(DecisionRow).where(col(DecisionRow.id).in_(newest)).order_by(col(DecisionRow.id))
        )
    ).all()


async def _sessions(work: AsyncSession, chosen: sa.ColumnElement[bool]) -> tuple[Session, ...]:
    rows = (
        await work.exec(
            select(SessionRow)
            .where(chosen)
            .order_by(col(SessionRow.local_date), col(SessionRow.id))
        )
    ).all()
    ids = [row.id for row in rows]
    given: dict[int | None, list[Given]] = defaultdict(list)
    portions = select(PortionRow).where(col(PortionRow.session_id).in_(ids))
    for portion in await work.exec(portions.order_by(col(PortionRow.position))):
        given[portion.session_id].append(_given(portion))
    answers: dict[int | None, dict[Asked, int]] = defaultdict(dict)
    replies = select(AnswerRow).where(col(AnswerRow.session_id).in_(ids))
    for reply in await work.exec(replies.order_by(col(AnswerRow.id))):
        answers[reply.session_id][Asked(reply.question)] = reply.value
    return tuple(
        Session(
            id=row.id or 0,
            person_id=row.person_id,
            day=row.local_date,
            travel=row.occasion.startswith(_TRAVEL),
            minutes=row.minutes,
            place=Place(row.place),
            given=tuple(given[row.id]),
            answers=answers[row.id],
        )
        for row in rows
    )


def _given(row: PortionRow) -> Given:
    return Given(
        ladder=row.ladder,
        step=row.step,
        shown_step=row.shown_step,
        dose_fraction=row.dose_fraction,
    )
