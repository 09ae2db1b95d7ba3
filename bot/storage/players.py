"""Where people are in the sessions that they play, and the bells that are on their way to them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col, select

from bot.domain.player import Moment, Position
from bot.storage import errands
from bot.storage.database import Work, insert_once
from bot.storage.tables import Errand, ErrandRow, PlayerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """Somebody's place in a session, as kept."""

    given: str
    moment: Moment
    message_id: int
    update_id: int


@dataclass(frozen=True, slots=True)
class Ring:
    """Which bell it is: the end of a stage that one tap began."""

    session: int
    at: Position
    update_id: int

    def encode(self) -> str:
        """As the key of an errand: a stage done anew rings anew."""
        return f"{self.session}:{self.at.chapter}:{self.at.stage}:{self.update_id}"

    @classmethod
    def decode(cls, key: str) -> "Ring":
        session, chapter, stage, update_id = map(int, key.split(":"))
        return cls(session, Position(chapter, stage), update_id)


async def find(work: Work, session_id: int) -> Bookmark | None:
    """None where nobody plays it."""
    row = await work.get(PlayerRow, session_id)
    if row is None:
        return None
    return Bookmark(
        given=row.given,
        moment=Moment(Position(row.chapter, row.stage), row.until),
        message_id=row.message_id,
        update_id=row.update_id,
    )


async def begin(work: Work, session_id: int, bookmark: Bookmark, now: dt.datetime) -> None:
    """The first place in a session, instead of any other."""
    await end(work, session_id)
    await insert_once(
        work,
        PlayerRow,
        session_id=session_id,
        given=bookmark.given,
        chapter=bookmark.moment.at.chapter,
        stage=bookmark.moment.at.stage,
        until=bookmark.moment.until,
        message_id=bookmark.message_id,
        update_id=bookmark.update_id,
        at=now,
    )


async def move(
    work: Work, session_id: int, moment: Moment, *, update_id: int, now: dt.datetime
) -> None:
    """From here on they are there."""
    await _write(
        work,
        session_id,
        chapter=moment.at.chapter,
        stage=moment.at.stage,
        until=moment.until,
        update_id=update_id,
        at=now,
    )


async def stand_on(work: Work, session_id: int, message_id: int) -> None:
    """This message is the card from now on."""
    await _write(work, session_id, message_id=message_id)


async def end(work: Work, session_id: int) -> None:
    """Nobody plays it any longer."""
    await work.exec(sa.delete(PlayerRow).where(col(PlayerRow.session_id) == session_id))


async def ring(
    work: Work,
    person_id: int,
    session_id: int,
    bells: Iterable[tuple[Position, dt.datetime]],
    update_id: int,
) -> None:
    """These bells and no others: whatever has not rung by now is taken back."""
    await errands.cancel(work, person_id, Errand.BELL)
    for at, due_at in bells:
        key = Ring(session_id, at, update_id).encode()
        await errands.plan(work, person_id, Errand.BELL, key, due_at, session_id)


async def rung(work: Work, person_id: int) -> tuple[int, ...]:
    """The messages of bells that still stand in the chat."""
    found = select(ErrandRow.message_id).where(*_rung(person_id))
    return tuple(filter(None, await work.exec(found)))


async def clear(work: Work, person_id: int, messages: Iterable[int]) -> None:
    """These are gone from the chat."""
    chosen = sa.and_(*_rung(person_id), col(ErrandRow.message_id).in_(messages))
    await work.exec(sa.update(ErrandRow).where(chosen).values(message_id=None))


def _rung(person_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(ErrandRow.person_id) == person_id,
        col(ErrandRow.kind) == Errand.BELL,
        col(ErrandRow.message_id).is_not(None),
    )


async def _write(work: Work, session_id: int, **values: object) -> None:
    chosen = sa.update(PlayerRow).where(col(PlayerRow.session_id) == session_id)
    await work.exec(chosen.values(values))
