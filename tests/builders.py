"""What several tests build: a desk over a database, and somebody who is enrolled, without the chat."""

import datetime as dt
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from sqlmodel import SQLModel

from bot.catalogue.emergency import Emergency, read_emergency
from bot.catalogue.places import Places, Town
from bot.catalogue.policy import read_policy
from bot.catalogue.reading import Catalogue, read_catalogue
from bot.catalogue.safety import read_safety
from bot.catalogue.words import Voices, Words, read_voices
from bot.domain.policy import Policy
from bot.domain.profile import Profile, Question
from bot.domain.safety import ASKED, ClearanceItem
from bot.practice.away import Away
from bot.practice.belongings import Belongings
from bot.practice.desk import Desk
from bot.practice.enrolment import Enrolment
from bot.practice.journal import Journal
from bot.practice.lapse import Lapse
from bot.practice.mornings import Mornings
from bot.practice.player import Player
from bot.practice.prescription import Prescription
from bot.practice.retrospect import Retrospect
from bot.practice.rhythm import Rhythm
from bot.practice.tryout import TryOut
from bot.practice.weeks import Weeks
from bot.practice.weights import Weights
from bot.settings import CONTENT
from bot.storage import people, post
from bot.storage.database import Database, Work, run_migrations
from bot.storage.tables import Posted, State

# Tables of no person: groups, and what Telegram wants of the bot. Whoever adds one names it here.
NOBODYS = frozenset({"told_group", "halt"})
ADA = 1001  # the first chat that localchat makes
TOLD = {
    Question.DIRECTION: "none",
    Question.LIFE: "sitting",
    Question.PAIN: "2",
    Question.EQUIPMENT: "none",
    Question.ACTIVITY: "5",
    Question.TOWN: "Europe/Zurich",
    Question.TIME: "07:00",
    Question.MINUTES: "10",
}


class Atlas(Places):
    """A world of two towns. Reading the real one takes a second or two, and has tests of its own."""

    def __init__(self, _languages: Iterable[str] = ()) -> None:
        self._towns = {
            (47, 9): Town("Zürich", "Switzerland", "Europe/Zurich", "CH"),
            (36, 140): Town("Tokyo", "Japan", "Asia/Tokyo", "JP"),
        }

    def find(self, text: str) -> tuple[Town, ...]:
        wanted = text.casefold()
        towns = self._towns.values()
        return tuple(t for t in towns if wanted in (t.name.casefold(), t.zone.casefold()))

    def zone_at(self, lat: float, lon: float) -> str | None:
        town = self._towns.get((round(lat), round(lon)))
        return town.zone if town else None


# Content and tables never change while tests run, and take long to read or to make: once is enough.


@cache
def catalogue() -> Catalogue:
    return read_catalogue(CONTENT)


@cache
def policy() -> Policy:
    return read_policy(CONTENT / "policy.yaml")


@cache
def clearance() -> tuple[ClearanceItem, ...]:
    return read_safety(CONTENT / "safety.yaml")


@cache
def emergency() -> Emergency:
    return read_emergency(CONTENT / "emergency.yaml")


@cache
def voices() -> Voices:
    return read_voices(CONTENT, "en")


def words() -> Words:
    """The English ones, in which most tests talk."""
    return voices()["en"]


@cache
def migrated() -> bytes:
    """The file of an empty database, brought up to date by the migrations."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "backbeat.db"
        engine = sa.create_engine(f"sqlite:///{file}")
        with engine.begin() as connection:
            run_migrations(connection, "head")
        engine.dispose()
        return file.read_bytes()


def _file(folder: Path) -> Path:
    file = folder / "backbeat.db"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.write_bytes(migrated())
    return file


@asynccontextmanager
async def database(folder: Path) -> AsyncIterator[Database]:
    """A real one, in a file; the folder's own where it has one."""
    made = Database(f"sqlite+aiosqlite:///{_file(folder)}")
    yield made
    await made.close()


def desk(database: Database) -> Desk:
    """As the assembly builds it, without what is slow to read."""
    enrolment = Enrolment(database=database, places=Atlas(), clearance=clearance())
    prescription = Prescription(
        database=database,
        catalogue=catalogue(),
        policy=policy(),
        enrolment=enrolment,
    )
    journal = Journal(database=database, prescription=prescription)
    return Desk(
        enrolment=enrolment,
        prescription=prescription,
        journal=journal,
        player=Player(database=database, prescription=prescription, journal=journal),
        try_out=TryOut(database=database, prescription=prescription),
        retrospect=Retrospect(database=database, prescription=prescription),
        weights=Weights(database=database, prescription=prescription),
        belongings=Belongings(database=database, prescription=prescription),
        away=Away(database=database, prescription=prescription),
        mornings=Mornings(database=database, prescription=prescription),
        emergency=emergency(),
        weeks=Weeks(database=database, prescription=prescription),
        rhythm=Rhythm(database=database, prescription=prescription),
        lapse=Lapse(database=database),
        words=voices(),
    )


_LEFT: dict[tuple[object, ...], dict[str, list[tuple[object, ...]]]] = {}


async def enrolled(
    desk: Desk, now: dt.datetime, chat_id: int = ADA, upto: Question | None = None
) -> Profile:
    """Somebody who has told everything, or everything before one question.

    The first one in a database comes the long way only once; then by the rows that this way has left.
    """
    enrolment, known = desk.enrolment, (now, chat_id, upto)
    async with enrolment.database.work() as work:
        connection = await work.connection()
        first = (
            connection.dialect.name == "sqlite"  # as the rows are kept
            and (await connection.exec_driver_sql("SELECT 1 FROM person")).first() is None
        )
        if first and known in _LEFT:
            for table, rows in _LEFT[known].items():
                values = ", ".join("?" * len(rows[0]))
                await connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({values})", rows)
            return await people.get(work, 1)
    profile = await told(enrolment, now, chat_id, upto)
    if first:
        _LEFT[known] = await _rows(enrolment.database)
    return profile


async def _rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """All that is there, by table, as the database has it."""
    async with database.look() as work:
        connection = await work.connection()
        tables = [table.name for table in SQLModel.metadata.sorted_tables]
        found = {name: await connection.exec_driver_sql(f"SELECT * FROM {name}") for name in tables}
    return {name: rows for name in tables if (rows := [tuple(row) for row in found[name]])}


async def told(
    enrolment: Enrolment, now: dt.datetime, chat_id: int, upto: Question | None
) -> Profile:
    """Question by question."""
    profile = await enrolment.begin(chat_id, "en", now)
    if upto is Question.CONSENT:
        return profile
    profile = await enrolment.tell(chat_id, Question.CONSENT, "yes", now)
    if upto is Question.SAFETY:
        return profile
    for tier in ASKED:
        profile = await enrolment.screen(chat_id, tier, False, now)
    for question, value in TOLD.items():
        if question is upto:
            break
        profile = await enrolment.tell(chat_id, question, value, now)
    return profile


async def noted(
    work: Work,
    kind: type[Posted],
    posted_id: int,
    state: State,
    *,
    message_id: int | None = None,
    held_until: dt.datetime | None = None,
    tries: int | None = None,
) -> None:
    """What became of one letter, whoever held it."""
    row = await work.get_one(kind, posted_id)
    note = post.Note(
        posted=row,
        state=state,
        message_id=message_id,
        held_until=held_until,
        tries=row.tries if tries is None else tries,
        begun=True,
    )
    await post.note(work, [note])
    await work.refresh(row)
