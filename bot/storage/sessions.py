"""Sessions with what they gave, and the answers to them; as they are, and as they were known at any time.

Whoever reads them says over which ladders, and gets steps that are numbered by those (domain/renumbering.py).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import col, select

from bot.domain.exercise import Ladder, Place, Set
from bot.domain.refusal import CardGone
from bot.domain.renumbering import Steps, renumbered, steps_of
from bot.domain.session import Asked, Given, Held, Reply, Session
from bot.storage.database import Work, insert_once
from bot.storage.tables import AnswerRow, PortionRow, SessionRow, WeightRow

_TRAVEL = "travel:"
_AWAY = f"{_TRAVEL}day:"

# Every decision reads all of these that a person has: as plain rows, never made into objects.
_SESSIONS, _PORTIONS, _ANSWERS, _WEIGHTS = (
    sa.inspect(row).local_table for row in (SessionRow, PortionRow, AnswerRow, WeightRow)
)

Ladders = Mapping[str, Ladder]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A session with every reply there ever was to it.

    Its portions are exact for any past in which it counted: `give` replaces them only while nobody has
    touched the session, and an untouched one at the end of a history is left out of it.
    """

    session: Session
    made_at: dt.datetime
    replies: tuple[Reply, ...]  # oldest first

    def as_of(self, moment: dt.datetime, answers_upto: int) -> Session | None:
        """As it was known; None if it was not there yet."""
        known = [reply for reply in self.replies if reply.id <= answers_upto]
        if not known and self.made_at > moment:
            return None
        return self.session.told(known)


def on_day(day: dt.date, ritual: int | None = None) -> str:
    """The occasion of a day's ritual: however often it is sent, it is one session.

    A person's first ritual has the day for itself; all others are told apart by their ids.
    """
    return day.isoformat() if ritual is None else f"{day.isoformat()}:{ritual}"


def _ritual_of(occasion: str) -> int | None:
    """The other direction."""
    _, _, ritual = occasion.partition(":")
    return int(ritual) if ritual and not occasion.startswith(_TRAVEL) else None


def on_the_way(update_id: int) -> str:
    """The occasion of a travel set, asked for by one update."""
    return f"{_TRAVEL}{update_id}"


def on_day_away(day: dt.date) -> str:
    """The occasion of a day's ritual away from home."""
    return f"{_AWAY}{day.isoformat()}"


async def of_person(work: Work, person_id: int, ladders: Ladders) -> tuple[Session, ...]:
    """Every session of a person, oldest first."""
    return tuple(record.session for record in await records(work, person_id, ladders))


async def records(work: Work, person_id: int, ladders: Ladders) -> tuple[Record, ...]:
    """The same, with what was known when."""
    return await _records(work, _OF_PERSON, person_id, ladders)


async def get(work: Work, session_id: int, ladders: Ladders) -> Session:
    """A session that is known to exist."""
    (found,) = await _records(work, _OF_ONE, session_id, ladders)
    return found.session


async def check_owner(work: Work, session_id: int, person_id: int) -> None:
    """Raises CardGone for a session of anybody else, and for one that was forgotten."""
    owner = select(SessionRow.person_id).where(col(SessionRow.id) == session_id)
    if (await work.exec(owner)).first() != person_id:
        raise CardGone


async def make(
    work: Work,
    *,
    person_id: int,
    occasion: str,
    day: dt.date,
    chosen: Set,
    minutes: int,
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
        place=chosen.place,
        set_id=chosen.id,
        made_at=now,
    )
    made = await work.exec(
        select(SessionRow.id).where(
            SessionRow.person_id == person_id, SessionRow.occasion == occasion
        )
    )
    return made.one() or 0


async def give(
    work: Work,
    session_id: int,
    portions: Iterable[Given],
    chosen: Set,
    minutes: int,
    variety: int = 0,
) -> None:
    """Put these portions, their set and minutes, in place of whatever the session gave before."""
    await work.exec(
        sa.update(SessionRow)
        .where(col(SessionRow.id) == session_id)
        .values(minutes=minutes, place=chosen.place, set_id=chosen.id, variety=variety)
    )
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
            loaded=given.loaded,
            grams=given.grams,
            exercises=",".join(given.exercises) if given.exercises else None,
        )
        for position, given in enumerate(portions)
    )
    await work.flush()


async def show(work: Work, session_id: int, message_id: int) -> int | None:
    """Note the message that is a session's card from now on; the one that was it until now, if any."""
    chosen = col(SessionRow.id) == session_id
    last = (await work.exec(select(SessionRow.card).where(chosen).with_for_update())).first()
    await work.exec(sa.update(SessionRow).where(chosen).values(card=message_id))
    return None if last == message_id else last


async def show_all(work: Work, shown: Sequence[tuple[int | None, int | None]]) -> list[int | None]:
    """The same for many sessions and messages, in their order; None where there is no session or message."""
    news = {session: message for session, message in shown if session and message}
    if not news:
        return [None] * len(shown)
    connection = await work.connection()
    last = sa.select(col(SessionRow.id), col(SessionRow.card)).where(col(SessionRow.id).in_(news))
    cards = {row.id: row.card for row in await connection.execute(last)}
    await connection.execute(
        sa.update(SessionRow)
        .where(col(SessionRow.id) == sa.bindparam("its_id"))
        .values(card=sa.bindparam("its_card")),
        [{"its_id": session, "its_card": message} for session, message in news.items()],
    )
    older = {session: card for session, card in cards.items() if card != news[session]}
    return [older.get(session) if session and message else None for session, message in shown]


async def answer(
    work: Work,
    session_id: int,
    asked: Asked,
    value: int,
    *,
    ladder: str | None = None,
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
        ladder=ladder,
        at=now,
        update_id=update_id,
    )


async def weigh(
    work: Work, session_id: int, ladder: str, held: Held, *, update_id: int, now: dt.datetime
) -> None:
    """Append the weight that somebody uses, and show it; the same update again changes nothing."""
    new = await insert_once(
        work,
        WeightRow,
        session_id=session_id,
        ladder=ladder,
        step=held.step,
        grams=held.grams,
        exercise=held.exercise,
        at=now,
        update_id=update_id,
    )
    if new:
        shown = sa.update(PortionRow).values(grams=held.grams)
        await work.exec(
            shown.where(col(PortionRow.session_id) == session_id, col(PortionRow.ladder) == ladder)
        )


async def newest_answer(work: Work, person_id: int) -> int:
    """The id of a person's newest reply, 0 when there is none: a decision rests on all up to it."""
    connection = await work.connection()
    return await connection.scalar(_NEWEST_ANSWER, {"person": person_id}) or 0


async def last_touched(work: Work, person_id: int) -> dt.date | None:
    """The day of the newest session that somebody answered."""
    day: dt.date | None = await (await work.connection()).scalar(
        _LAST_TOUCHED, {"person": person_id}
    )
    return day


class _Reading(NamedTuple):
    """The statements that bring sessions whole: written once, for that takes longer than to run them."""

    sessions: sa.Select[Any]
    portions: sa.Select[Any]
    answers: sa.Select[Any]
    weights: sa.Select[Any]


def _reading(key: sa.ColumnElement[int]) -> _Reading:
    """Of those with a value in this column."""
    chosen = key == sa.bindparam("key")
    sessions, portions, answers, weights = (
        sa.select(table) for table in (_SESSIONS, _PORTIONS, _ANSWERS, _WEIGHTS)
    )
    ids = sa.select(_SESSIONS.c.id).where(chosen)
    return _Reading(
        sessions.where(chosen).order_by(_SESSIONS.c.local_date, _SESSIONS.c.id),
        portions.where(_PORTIONS.c.session_id.in_(ids)).order_by(_PORTIONS.c.position),
        answers.where(_ANSWERS.c.session_id.in_(ids)).order_by(_ANSWERS.c.id),
        weights.where(_WEIGHTS.c.session_id.in_(ids)).order_by(_WEIGHTS.c.id),
    )


_ANSWERED = (
    sa.select()
    .join_from(_ANSWERS, _SESSIONS)
    .where(_SESSIONS.c.person_id == sa.bindparam("person"))
)
_NEWEST_ANSWER = _ANSWERED.with_only_columns(sa.func.max(_ANSWERS.c.id))
_LAST_TOUCHED = _ANSWERED.with_only_columns(sa.func.max(_SESSIONS.c.local_date))
_OF_PERSON, _OF_ONE = _reading(_SESSIONS.c.person_id), _reading(_SESSIONS.c.id)


async def _records(work: Work, reading: _Reading, key: int, ladders: Ladders) -> tuple[Record, ...]:
    connection = await work.connection()
    rows, portions, answers, weights = [
        (await connection.execute(statement, {"key": key})).all() for statement in reading
    ]
    given: dict[int, list[Given]] = defaultdict(list)
    for portion in portions:
        given[portion.session_id].append(_given(portion))
    replies: dict[int, list[Reply]] = defaultdict(list)
    for row in answers:
        reply = Reply(row.id, Asked(row.question), row.value, row.ladder)
        replies[row.session_id].append(reply)
    held: dict[int, dict[str, Held]] = defaultdict(dict)
    for weight in weights:
        held[weight.session_id][weight.ladder] = Held(weight.step, weight.grams, weight.exercise)
    steps = steps_of(ladders)
    return tuple(_record(row, given[row.id], replies[row.id], held[row.id], steps) for row in rows)


def _record(
    row: sa.Row[Any],
    given: Iterable[Given],
    replies: Iterable[Reply],
    held: Mapping[str, Held],
    steps: Steps,
) -> Record:
    known = tuple(replies)
    session = Session(
        id=row.id,
        person_id=row.person_id,
        day=row.local_date,
        travel=row.occasion.startswith(_TRAVEL),
        away=row.occasion.startswith(_AWAY),
        ritual=_ritual_of(row.occasion),
        variety=row.variety or 0,
        minutes=row.minutes,
        place=Place(row.place),
        set_id=row.set_id,
        given=tuple(given),
        answers={},
        held=held,
    )
    return Record(
        session=renumbered(session, steps).told(known), made_at=row.made_at, replies=known
    )


def _given(row: sa.Row[Any]) -> Given:
    return Given(
        ladder=row.ladder,
        step=row.step,
        shown_step=row.shown_step,
        dose_fraction=row.dose_fraction,
        shown_dose=row.shown_dose,
        loaded=bool(row.loaded),
        grams=row.grams,
        exercises=tuple(row.exercises.split(",")) if row.exercises else None,
    )
