"""The rows, and the promises they keep.

Rows are apart from the domain's values: the modules beside this one translate, and nothing above
storage sees a row. Answers, weights, screenings, try-outs, flares, trips, pauses, hindrances and decisions
are only ever appended.
"""

import datetime as dt
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel, col

# Every constraint has a name, so that a later migration can take it down on either database.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[dt.datetime]):
    """An aware instant, kept as UTC. SQLite forgets zones, so one is given back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a zone can't be kept")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        instant: dt.datetime = value
        return instant.replace(tzinfo=dt.UTC) if instant.tzinfo is None else instant


class State(StrEnum):
    """Of a delivery, or of a review."""

    DUE = "due"
    CLAIMED = "claimed"  # by an older version, that composed it: surely not sent
    SENDING = "sending"  # the call may have left
    SENT = "sent"
    LATE = "late"  # too late to be useful; said so at the next contact
    NEEDLESS = "needless"  # done before it was due, or the plan is locked
    CANCELLED = "cancelled"  # taken back before it left
    UNREACHABLE = "unreachable"  # blocked by the person
    DOUBTFUL = "doubtful"  # tried twice, and Telegram never said whether it arrived
    REFUSED = "refused"  # Telegram won't have it: a fault of ours


# An id of it outlives it in the buttons of old cards: they may never act on something new.
NEVER_REUSED = {"sqlite_autoincrement": True}
OPEN = (State.DUE, State.CLAIMED, State.SENDING)  # not over yet


def _open_index(table: str) -> Index:
    """The due-index: as small as what is open, however much was ever sent."""
    still = sa.text("state IN ('due', 'claimed', 'sending')")
    return Index(f"{table}_open", "due_at", sqlite_where=still, postgresql_where=still)


def is_open(kind: type["Posted"]) -> sa.ColumnElement[bool]:
    """Not over yet, in the very words of the due-index: SQLite would not know them by their values."""
    states = sa.bindparam("open", [*OPEN], expanding=True, literal_execute=True, type_=sa.String())
    return col(kind.state).in_(states)


class PersonRow(SQLModel, table=True):
    """Someone who pressed /start. What isn't told yet is null: the first null is the next question."""

    __tablename__: ClassVar[Any] = "person"

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_type=BigInteger, unique=True)
    language: str
    joined_at: dt.datetime = Field(sa_type=Instant)
    consented_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    consented_to: str | None = None  # the version of that text; null from before it was kept
    aggravated_by: str | None = None  # Caution codes with commas; "" for none
    life: str | None = None
    usual_pain: int | None = None
    zone: str | None = None
    equipment: str | None = None  # slugs with commas; "" for nothing special
    minutes: int | None = None
    unit: str | None = None  # kg or lb; null for the one of their country
    theme: str | None = None  # of pictures (domain/look.py); null for paper
    tone: str | None = None  # of the figures in them; null for mixed
    build: str | None = None  # the same
    quiet_from: dt.time | None = None  # where they are; null for the usual quiet hours
    quiet_until: dt.time | None = None
    typing: str | None = None  # what their next words answer, on a card of the settings
    typing_since: dt.datetime | None = Field(default=None, sa_type=Instant)
    blocked_at: dt.datetime | None = Field(default=None, sa_type=Instant)


class ScreeningRow(SQLModel, table=True):
    """One answer to the safety screen; `yes` is null while it has only been asked."""

    __tablename__: ClassVar[Any] = "screening"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    item: str
    yes: bool | None
    at: dt.datetime = Field(sa_type=Instant)


class TryOutRow(SQLModel, table=True):
    """How a step felt at the try-out. The first answer to a step counts, and one update is kept once."""

    __tablename__: ClassVar[Any] = "tryout"
    __table_args__ = (UniqueConstraint("person_id", "ladder", "step"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    ladder: str
    step: int
    felt: int  # domain/placement.py
    at: dt.datetime = Field(sa_type=Instant)
    update_id: int = Field(sa_type=BigInteger, unique=True)
    exercise: str | None = None  # of that step; null from before it was kept


class FlareRow(SQLModel, table=True):
    """Somebody told of a flare, once an update. How it goes, the sessions say (domain/flare.py)."""

    __tablename__: ClassVar[Any] = "flare"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    day: dt.date  # where the person was
    at: dt.datetime = Field(sa_type=Instant)
    update_id: int = Field(sa_type=BigInteger, unique=True)


class TripRow(SQLModel, table=True):
    """What was told of days away so far. The newest that is whole counts; what it asks for is open."""

    __tablename__: ClassVar[Any] = "trip"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    from_day: dt.date  # where the person was
    until_day: dt.date | None = None  # home again; null until it is told
    set_id: str | None = None  # null until it is told
    zone: str | None = None  # null for home time
    asks: str | None = None  # domain/trip.py; null where nothing waits
    at: dt.datetime = Field(sa_type=Instant)
    update_id: int = Field(sa_type=BigInteger, unique=True)


class MorningRow(SQLModel, table=True):
    """How someone woke on a morning of a flare that follows no session. The newest of a day counts."""

    __tablename__: ClassVar[Any] = "morning"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    day: dt.date
    value: int  # 0-10
    at: dt.datetime = Field(sa_type=Instant)
    update_id: int = Field(sa_type=BigInteger, unique=True)


class RitualRow(SQLModel, table=True):
    """The rule: a wall time on some weekdays. It never moves by itself."""

    __tablename__: ClassVar[Any] = "ritual"
    __table_args__ = NEVER_REUSED

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    wall_time: dt.time
    weekdays: int = 0b1111111  # bit 0 is Monday
    name: str | None = None  # their own; null for that of the hour's set
    minutes: int | None = None  # null for those of the person
    ended_at: dt.datetime | None = Field(default=None, sa_type=Instant)  # its deliveries stay


class PauseRow(SQLModel, table=True):
    """Nothing comes until a date. The newest counts; one that is over as it is told resumes."""

    __tablename__: ClassVar[Any] = "pause"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    until: (
        dt.date | None
    )  # where they are: the first day with a ritual again; null until they say so
    at: dt.datetime = Field(sa_type=Instant)
    update_id: int = Field(sa_type=BigInteger, unique=True)


class HindranceRow(SQLModel, table=True):
    """What got in the way of several rituals, once an update."""

    __tablename__: ClassVar[Any] = "hindrance"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    kind: str  # domain/rhythm.py
    at: dt.datetime = Field(sa_type=Instant)
    update_id: int = Field(sa_type=BigInteger, unique=True)


class SessionRow(SQLModel, table=True):
    """One occasion to practise. However often it is sent, one occasion is one session."""

    __tablename__: ClassVar[Any] = "session"
    __table_args__ = (UniqueConstraint("person_id", "occasion"), NEVER_REUSED)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    # The local date, with the ritual behind a colon unless it is the person's first one; away "travel:day:"
    # and the date; "travel:" and the update that asked for it.
    occasion: str
    local_date: dt.date
    minutes: int
    place: str
    set_id: str | None = None  # its slug in content/sets; null from before there were any
    variety: int | None = None  # how often it was asked to be different; null from before that
    card: int | None = Field(default=None, sa_type=BigInteger)  # the message that can be answered
    made_at: dt.datetime = Field(sa_type=Instant)


class PortionRow(SQLModel, table=True):
    """What one ladder gave to a session."""

    __tablename__: ClassVar[Any] = "portion"

    session_id: int = Field(foreign_key="session.id", ondelete="CASCADE", primary_key=True)
    ladder: str = Field(primary_key=True)
    position: int
    step: int  # as decided
    shown_step: int  # as practised: lower where place or caution asked for it
    dose_fraction: float  # as decided
    shown_dose: float  # as practised: smaller where the minutes were too few
    loaded: bool | None = None  # a weight was shown; null from before that was asked about
    grams: int | None = None  # of one piece of it; null without one, and from before it was kept
    # Of its ladder on that day, with commas, up to the step: what a number means once the ladder has
    # changed (domain/renumbering.py). Null from before they were kept.
    exercises: str | None = None


class AnswerRow(SQLModel, table=True):
    """One reply. The newest to a question counts; one update is kept once."""

    __tablename__: ClassVar[Any] = "answer"
    __table_args__ = (
        UniqueConstraint("update_id", "question"),
        # Never reused after a deletion, so that "answers up to N" keeps its meaning.
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="session.id", ondelete="CASCADE", index=True)
    question: str
    value: int
    at: dt.datetime = Field(sa_type=Instant)
    update_id: int = Field(sa_type=BigInteger)
    ladder: str | None = None  # that it is about; null for the whole session


class PlayerRow(SQLModel, table=True):
    """Where somebody is in a session that is played exercise by exercise; gone once that is at its end."""

    __tablename__: ClassVar[Any] = "player"

    session_id: int = Field(foreign_key="session.id", ondelete="CASCADE", primary_key=True)
    given: str  # what the session gave when it began; a player of anything else is over
    chapter: int
    stage: int
    until: dt.datetime | None = Field(default=None, sa_type=Instant)  # null while no timer runs
    message_id: int = Field(sa_type=BigInteger)  # of the card
    update_id: int = Field(sa_type=BigInteger)  # of the last tap that led on: it leads on once
    at: dt.datetime = Field(sa_type=Instant)  # of that tap


class WeightRow(SQLModel, table=True):
    """The weight somebody says they use, on a session's card. The newest counts; one update is kept once."""

    __tablename__: ClassVar[Any] = "weight"

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="session.id", ondelete="CASCADE", index=True)
    ladder: str
    step: int  # as shown
    grams: int  # of one piece
    at: dt.datetime = Field(sa_type=Instant)
    update_id: int = Field(sa_type=BigInteger, unique=True)
    exercise: str | None = None  # of that step; null from before it was kept


class DecisionRow(SQLModel, table=True):
    """What was decided, by which rules, from which answers, under which policy."""

    __tablename__: ClassVar[Any] = "decision"

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="session.id", ondelete="CASCADE", index=True)
    ladder: str
    day: dt.date
    answers_upto: int  # it rested on the answers with an id up to this one
    action: str
    step: int
    dose_fraction: float
    rules: list[str] = Field(sa_column=Column(JSON, nullable=False))
    reasons: list[str] = Field(sa_column=Column(JSON, nullable=False))
    missing: list[str] = Field(sa_column=Column(JSON, nullable=False))
    nearest: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    basis: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))  # domain/basis.py
    rest_hours: int
    policy: str
    at: dt.datetime = Field(sa_type=Instant)


class Posted(SQLModel):
    """Something on its way to someone: when it is due, and what became of it."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    due_at: dt.datetime = Field(sa_type=Instant)
    state: str = State.DUE
    held_until: dt.datetime | None = Field(default=None, sa_type=Instant)  # lease, or next try
    tries: int = 0  # calls that may have left
    message_id: int | None = Field(default=None, sa_type=BigInteger)


class DeliveryRow(Posted, table=True):
    """One occurrence of a ritual, and the due-index: a tick reads nothing else to know who is due."""

    __tablename__: ClassVar[Any] = "delivery"
    __table_args__ = (
        UniqueConstraint("ritual_id", "local_date"),  # one ritual a day
        _open_index("delivery"),
    )

    ritual_id: int = Field(foreign_key="ritual.id", ondelete="CASCADE")
    local_date: dt.date


class ReviewRow(Posted, table=True):
    """One look back, on its way right behind a ritual. A mark of the weeks is reviewed once."""

    __tablename__: ClassVar[Any] = "review"
    __table_args__ = (
        UniqueConstraint("person_id", "mark"),
        _open_index("review"),
    )

    mark: int  # 1 for the first four weeks
    day: dt.date  # as of which it looks back


class Errand(StrEnum):
    """What else is brought to people at a time; the letterbox knows who makes each."""

    SNOOZE = "snooze"  # a ritual's card once more, as they asked for
    MISSED = "missed"  # one question after several rituals without an answer
    MORNING = "morning"  # how someone woke, on a morning of a flare without a ritual
    WEEK = "week"  # the weekly look back
    BELL = "bell"  # the end of a hold or a rest in the guided session


class ErrandRow(Posted, table=True):
    """Something to bring that no rule repeats by itself: it is put here once, by its kind and key."""

    __tablename__: ClassVar[Any] = "errand"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "key"),
        _open_index("errand"),
    )

    kind: str
    key: str  # what makes it this one: a day, a session, an update
    session_id: int | None = Field(
        default=None, foreign_key="session.id", ondelete="CASCADE", index=True
    )


class ActivityRow(SQLModel, table=True):
    """How well the main activity went, whenever it was told: the first is the baseline, the newest counts."""

    __tablename__: ClassVar[Any] = "activity"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    value: int | None  # 0-10; null for "nothing in particular"
    at: dt.datetime = Field(sa_type=Instant)
    # Null while enrolling, where the question itself is open only once.
    update_id: int | None = Field(default=None, sa_type=BigInteger, unique=True)


class MediaRow(SQLModel, table=True):
    """A picture that Telegram has, by what is in it. It belongs to whoever it was drawn for."""

    __tablename__: ClassVar[Any] = "media"

    bot_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    digest: str = Field(primary_key=True)  # SHA-256 of its bytes
    file_id: str
    person_id: int | None = Field(
        default=None, foreign_key="person.id", ondelete="CASCADE", index=True
    )  # null for one that is the same for everybody


class ToldGroup(SQLModel, table=True):
    """A group that was told once that the bot talks in private chats only. Nothing of its people is kept."""

    __tablename__: ClassVar[Any] = "told_group"

    group_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))


class HaltRow(SQLModel, table=True):
    """Telegram told the bot to wait. It is one row, and nobody's."""

    __tablename__: ClassVar[Any] = "halt"

    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    said_at: dt.datetime = Field(sa_type=Instant)
    until: dt.datetime = Field(sa_type=Instant)


class InboxRow(SQLModel, table=True):
    """An update, stored before Telegram is told that it arrived. Once it is done, only its id stays."""

    __tablename__: ClassVar[Any] = "inbox"
    __table_args__ = (
        Index(
            "inbox_line",
            "chat_id",
            "update_id",
            postgresql_where=sa.text("waiting"),
            sqlite_where=sa.text("waiting = 1"),  # as it is asked there, which has no truth values
        ),
        Index("inbox_received", "received_at"),
    )

    update_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    chat_id: int = Field(sa_type=BigInteger, index=True)  # 0 once it is done
    payload: str
    received_at: dt.datetime = Field(sa_type=Instant)
    waiting: bool = True
    tries: int = 0  # begun so often
    try_at: dt.datetime | None = Field(
        default=None, sa_type=Instant
    )  # not before, unless more comes


class TurnRow(SQLModel, table=True):
    """Who works off a chat just now: one process at a time, so that a person's updates stay in order."""

    __tablename__: ClassVar[Any] = "turn"

    chat_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    holder: str
    held_until: dt.datetime = Field(sa_type=Instant)  # a holder that died lets go by then
