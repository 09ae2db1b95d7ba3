"""Decisions, only ever appended, each with all that it takes to make it again."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from bot.domain.basis import Basis
from bot.domain.decision import Action, Decision, Missing, Reason
from bot.domain.nearest import Change, Nearest
from bot.storage.database import Work
from bot.storage.tables import DecisionRow, SessionRow

# Written once: every letter asks them, and to put a statement together takes longer than to run it.
_MADE = select(DecisionRow).where(col(DecisionRow.session_id) == sa.bindparam("session"))
_OF_SESSION = _MADE.order_by(col(DecisionRow.id))
_NEWEST = _MADE.order_by(col(DecisionRow.id).desc()).limit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision on one ladder, and the nearest change that would lead upwards from it."""

    ladder: str
    decision: Decision
    nearest: Nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What was decided for a session at one time, from one basis."""

    session_id: int
    basis: Basis
    at: dt.datetime
    decided: tuple[Decided, ...]


async def add(
    work: Work, session_id: int, decided: Sequence[Decided], basis: Basis, now: dt.datetime
) -> None:
    """Append the decisions that a session rests on."""
    rows = [
        {
            "session_id": session_id,
            "ladder": one.ladder,
            "day": basis.day,
            "answers_upto": basis.answers_upto,
            "action": one.decision.action,
            "step": one.decision.step,
            "dose_fraction": one.decision.dose_fraction,
            "rules": list(one.decision.rules),
            "reasons": list(one.decision.reasons),
            "missing": list(one.decision.missing),
            "nearest": _kept(one.nearest),
            "basis": basis.encode(),
            "rest_hours": one.decision.rest_hours,
            "policy": one.decision.policy,
            "at": now,
        }
        for one in decided
    ]
    if rows:  # in one go: as objects, each would be a statement that brings its id back
        await (await work.connection()).execute(sa.insert(DecisionRow), rows)


async def of_session(work: Work, session_id: int) -> dict[str, Decided]:
    """The newest decision for each ladder of a session, in the order they were made."""
    rows = await work.exec(_OF_SESSION, params={"session": session_id})
    return {row.ladder: _decided(row) for row in rows}


async def newest(work: Work, session_id: int, person_id: int) -> tuple[Basis, dt.datetime] | None:
    """What a session's newest decisions rest on, and when they were made."""
    row = (await work.exec(_NEWEST, params={"session": session_id})).first()
    return (_basis(row, person_id), row.at) if row else None


async def deciders(work: Work) -> Sequence[int]:
    """Everybody for whom something was ever decided, by row id."""
    of = select(SessionRow.person_id).join(
        DecisionRow, col(DecisionRow.session_id) == col(SessionRow.id)
    )
    return (await work.exec(of.distinct().order_by(col(SessionRow.person_id)))).all()


async def of_person(work: Work, person_id: int) -> tuple[Occasion, ...]:
    """Every decision ever made for a person, as they were made."""
    rows = await work.exec(
        select(DecisionRow)
        .join(SessionRow, sa.and_(col(SessionRow.id) == col(DecisionRow.session_id)))
        .where(SessionRow.person_id == person_id)
        .order_by(col(DecisionRow.id))
    )
    return tuple(_occasions(rows.all(), person_id))


def _occasions(rows: Sequence[DecisionRow], person_id: int) -> Iterator[Occasion]:
    """Rows with one session, moment and basis stand next to each other."""
    for _, together in groupby(rows, lambda r: (r.session_id, r.answers_upto, r.at, r.basis)):
        made = [*together]
        yield Occasion(
            session_id=made[0].session_id,
            basis=_basis(made[0], person_id),
            at=made[0].at,
            decided=tuple(map(_decided, made)),
        )


def _basis(row: DecisionRow, person_id: int) -> Basis:
    return Basis.decode(row.basis, person_id=person_id, day=row.day, answers_upto=row.answers_upto)


def _decided(row: DecisionRow) -> Decided:
    return Decided(
        ladder=row.ladder,
        decision=Decision(
            action=Action(row.action),
            step=row.step,
            dose_fraction=row.dose_fraction,
            rules=tuple(row.rules),
            reasons=tuple(map(Reason, row.reasons)),
            missing=tuple(map(Missing, row.missing)),
            rest_hours=row.rest_hours,
            policy=row.policy,
        ),
        nearest=_nearest(row.nearest),
    )


def _kept(nearest: Nearest) -> dict[str, Any]:
    return {
        "change": nearest.change,
        "sessions": nearest.sessions,
        "leads_to": nearest.leads_to,
    }


def _nearest(kept: Mapping[str, Any]) -> Nearest:
    leads_to = kept["leads_to"]
    return Nearest(Change(kept["change"]), kept["sessions"], leads_to and Action(leads_to))
