"""Sessions with what they gave, the answers to them, and the decisions behind them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlmodel import col, select

from bot.domain.decision import Action, Decision, Missing, Reason
from bot.domain.exercise import Place
from bot.domain.refusal import CardGone
from bot.domain.session import Asked, Given, Session
from bot.storage.database import Work, insert_once
from bot.storage.tables import AnswerRow, DecisionRow, PortionRow, SessionRow

_TRAVEL = "travel:"


def on_day(day: dt.date) -> str:
    """The occasion of a day's ritual: however often it is sent, it is one session."""
    return day.isoformat()


def on_the_way(update_id: int) -> str:
    """The occasion of a travel set, asked for by one update."""
    return f"{_TRAVEL}{update_id}"


async def of_person(work: Work, person_id: int) -> tuple[Session, ...]:
    """Every session of a person, oldest first."""
    return await _sessions(work, col(SessionRow.person_id) == person_id)


async def get(work: Work, session_id: int) -> Session:
    """A session that is known to exist."""
    (found,) = await _sessions(work, col(SessionRow.id) == session_id)
    return found


async def owned(work: Work, session_id: int, person_id: int) -> Session:
    """A session of this person. Raises CardGone for anybody else's, and for one that was forgotten."""
    found = await _sessions(
        work, sa.and_(col(SessionRow.id) == session_id, col(SessionRow.person_id) == person_id)
    )
    if not found:
        raise CardGone
    return found[0]


async def make(
    work: Work,
    *,
    person_id: int,
    occasion: str,
    day: dt.date,
    minutes: int,
    place: Place,
    now: dt.datetime,
) -> int:
    """The session of an occasion, empty if it is new; `give` fills it. Two makers get the same one."""
    await insert_once(
        work,
        SessionRow,
        person_id=person_id,
        occasion=occasion,
        local_date=day,
        minutes=minutes,
        place=place,
        made_at=now,
    )
    made = await work.exec(
        select(SessionRow.id).where(
            SessionRow.person_id == person_id, SessionRow.occasion == occasion
        )
    )
    return made.one() or 0


async def give(work: Work, session_id: int, portions: Iterable[Given]) -> None:
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
            shown_dose=given.shown_dose,
        )
        for position, given in enumerate(portions)
    )
    await work.flush()


async def answer(
    work: Work,
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


async def newest_answer(work: Work, person_id: int) -> int:
    """The id of a person's newest reply, 0 when there is none: a decision rests on all up to it."""
    newest = await work.exec(
        select(sa.func.max(AnswerRow.id))
        .join(SessionRow, col(SessionRow.id) == col(AnswerRow.session_id))
        .where(SessionRow.person_id == person_id)
    )
    return newest.one() or 0


async def decide(
    work: Work,
    session_id: int,
    decisions: Mapping[str, Decision],
    *,
    day: dt.date,
    answers_upto: int,
    now: dt.datetime,
) -> None:
    """Append the decisions, by ladder, that a session rests on."""
    work.add_all(
        DecisionRow(
            session_id=session_id,
            ladder=ladder,
            day=day,
            answers_upto=answers_upto,
            action=decision.action,
            step=decision.step,
            dose_fraction=decision.dose_fraction,
            rules=list(decision.rules),
            reasons=list(decision.reasons),
            missing=list(decision.missing),
            rest_hours=decision.rest_hours,
            policy=decision.policy,
            at=now,
        )
        for ladder, decision in decisions.items()
    )
    await work.flush()


async def decisions(work: Work, session_id: int) -> dict[str, Decision]:
    """The newest decision for each ladder of a session, in the order they were made."""
    rows = await work.exec(
        select(DecisionRow)
        .where(DecisionRow.session_id == session_id)
        .order_by(col(DecisionRow.id))
    )
    return {row.ladder: _decision(row) for row in rows}


async def decided(work: Work, session_id: int) -> tuple[int, dt.datetime] | None:
    """The answers that a session's newest decisions rest on, and when they were made."""
    made = select(DecisionRow.answers_upto, DecisionRow.at)
    newest = made.where(DecisionRow.session_id == session_id).order_by(col(DecisionRow.id).desc())
    return (await work.exec(newest.limit(1))).first()


def _decision(row: DecisionRow) -> Decision:
    return Decision(
        action=Action(row.action),
        step=row.step,
        dose_fraction=row.dose_fraction,
        rules=tuple(row.rules),
        reasons=tuple(map(Reason, row.reasons)),
        missing=tuple(map(Missing, row.missing)),
        rest_hours=row.rest_hours,
        policy=row.policy,
    )


async def _sessions(work: Work, chosen: sa.ColumnElement[bool]) -> tuple[Session, ...]:
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
        shown_dose=row.shown_dose,
    )
