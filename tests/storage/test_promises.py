"""What the database promises, whoever asks and however often."""

import asyncio
import datetime as dt
import stat
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import SQLModel, col, select

from bot.domain.basis import Basis, mark
from bot.domain.course import Course
from bot.domain.exercise import Occasion, Place
from bot.domain.placement import Felt, Tried
from bot.domain.player import START, Moment
from bot.domain.refusal import CardGone
from bot.domain.rhythm import Hindrance
from bot.domain.safety import SEEN, Tier
from bot.domain.session import Asked, Held
from bot.storage import (
    activity,
    decisions,
    errands,
    inbox,
    media,
    mornings,
    people,
    players,
    post,
    reviews,
    rhythm,
    rituals,
    sessions,
    trips,
)
from bot.storage.database import Database, Work
from bot.storage.decisions import Decided
from bot.storage.players import Bookmark
from bot.storage.tables import (
    DeliveryRow,
    Errand,
    FlareRow,
    Instant,
    PersonRow,
    ReviewRow,
    RitualRow,
    SessionRow,
    State,
)
from tests import builders
from tests.builders import NOBODYS
from tests.domain.lives import catalogue, course_of, given, person
from tests.postgres import ON_SQLITE

MORNING = catalogue().set_for(Occasion.MORNING)
HOTEL = catalogue().sets["hotel"]
NOW = dt.datetime(2026, 11, 23, 6, 0, tzinfo=dt.UTC)
TURN = dt.timedelta(seconds=20)
TODAY = NOW.date()
MINUTE = dt.timedelta(minutes=1)
LEASE = dt.timedelta(seconds=60)


async def newcomer(work: Work, chat_id: int = 70) -> int:
    return (await people.welcome(work, chat_id, "en", NOW)).id


async def session_on(work: Work, person_id: int, occasion: str = "2026-11-23") -> int:
    return await sessions.make(
        work,
        person_id=person_id,
        occasion=occasion,
        day=TODAY,
        chosen=MORNING,
        minutes=15,
        now=NOW,
    )


async def ritual_of(work: Work, person_id: int) -> RitualRow:
    return await work.get_one(RitualRow, await rituals.add(work, person_id, dt.time(7, 0)))


async def due(work: Work, ritual: RitualRow, *minutes_ago: int) -> None:
    """Deliveries that have been due for so long, each for a day of its own."""
    for number, minutes in enumerate(minutes_ago):
        await rituals.plan(
            work,
            ritual.person_id,
            ritual.id or 0,
            TODAY + number * dt.timedelta(days=1),
            NOW - minutes * MINUTE,
        )


async def count(work: Work, table: type[SQLModel]) -> int:
    return (await work.exec(select(sa.func.count()).select_from(table))).one()


# Things that are there once.


async def test_one_ritual_a_day(database: Database) -> None:
    async with database.work() as work:
        ritual = await ritual_of(work, await newcomer(work))
        kept = (ritual.person_id, ritual.id or 0)
        await rituals.plan(work, *kept, TODAY, NOW)
        await rituals.plan(work, *kept, TODAY, NOW + MINUTE)
        await rituals.plan(work, *kept, TODAY + dt.timedelta(days=1), NOW)
        planned = (await work.exec(select(DeliveryRow.due_at).order_by(col(DeliveryRow.id)))).all()
    assert planned == [NOW, NOW]  # the first stands


async def test_one_review_a_mark(database: Database) -> None:
    async with database.work() as work:
        ada, bob = await newcomer(work), await newcomer(work, 71)
        for person_id, mark in ((ada, 1), (ada, 1), (ada, 2), (bob, 1)):
            await reviews.plan(work, person_id, mark, TODAY, NOW)
        assert await count(work, ReviewRow) == 3
        newest = await reviews.newest(work, ada)
    assert newest is not None
    assert (newest.mark, newest.day, newest.state) == (2, TODAY, State.DUE)


@pytest.mark.parametrize("state", State)
async def test_only_a_review_that_was_not_said_can_be_planned_again(
    database: Database, state: State
) -> None:
    tomorrow = TODAY + dt.timedelta(days=1)
    async with database.work() as work:
        ada = await newcomer(work)
        await reviews.plan(work, ada, 1, TODAY, NOW)
        await builders.noted(work, ReviewRow, 1, state, tries=1)
        unsaid = await reviews.newest(work, ada) is None
        await reviews.plan(work, ada, 1, tomorrow, NOW + MINUTE)
        row = await work.get_one(ReviewRow, 1)
    assert unsaid is (state in (State.NEEDLESS, State.UNREACHABLE))
    again = (State.DUE, tomorrow, NOW + MINUTE, 0)
    assert (row.state, row.day, row.due_at, row.tries) == (
        again if unsaid else (state, TODAY, NOW, 1)
    )


async def test_an_update_tells_the_activity_once_and_all_that_was_told_stays(
    database: Database,
) -> None:
    async with database.work() as work:
        ada = await newcomer(work)
        await activity.tell(work, ada, None, NOW)
        for value, update_id in ((4, 8), (9, 8), (6, 9)):
            await activity.tell(work, ada, value, NOW + MINUTE, update_id)
        assert await activity.of_person(work, ada) == (
            (NOW, None),
            (NOW + MINUTE, 4),
            (NOW + MINUTE, 6),
        )


async def test_one_session_an_occasion(database: Database) -> None:
    async with database.work() as work:
        ada, bob = await newcomer(work), await newcomer(work, 71)
        made = [
            await session_on(work, ada),
            await session_on(work, ada),
            await session_on(work, bob),
        ]
        travel = await session_on(work, ada, sessions.on_the_way(5))
    assert made[0] == made[1]
    assert len({*made, travel}) == 3


async def test_one_person_a_chat(database: Database) -> None:
    async with database.work() as work:
        assert await newcomer(work) == await newcomer(work)
        assert await count(work, PersonRow) == 1


async def test_an_update_answers_a_question_once_and_the_newest_update_counts(
    database: Database,
) -> None:
    async with database.work() as work:
        session_id = await session_on(work, await newcomer(work))
        for update_id, value in ((1, 4), (1, 9), (2, 3), (1, 8)):
            await sessions.answer(work, session_id, Asked.PAIN, value, update_id=update_id, now=NOW)
        await sessions.answer(work, session_id, Asked.COMPLETED, 0, update_id=2, now=NOW)
        session = await sessions.get(work, session_id, catalogue().ladders)
    assert session.answers == {Asked.PAIN: 3, Asked.COMPLETED: 0}


async def test_what_was_confirmed_is_known_from_then_on_and_not_before(database: Database) -> None:
    """A past decision is made again without the yes that came after it, and without its loss."""
    told = ((Asked.PAIN, 9), (Asked.PAIN_CONFIRMED, 9), (Asked.PAIN, 8), (Asked.PAIN, 9))
    async with database.work() as work:
        ada = await newcomer(work)
        session_id = await session_on(work, ada)
        upto = []
        for update_id, (asked, value) in enumerate(told):
            await sessions.answer(work, session_id, asked, value, update_id=update_id, now=NOW)
            upto.append(await sessions.newest_answer(work, ada))
        [record] = await sessions.records(work, ada, catalogue().ladders)
    known = [record.as_of(NOW, answers_upto) for answers_upto in upto]
    assert [session and session.stands(Asked.PAIN) for session in known] == [
        False,
        True,
        False,
        True,
    ]


async def test_an_update_is_taken_once_even_after_it_was_done(database: Database) -> None:
    async with database.work() as work:
        assert await kept(work, 9, 70, "{}")
        assert not await kept(work, 9, 70, "{}")
        await inbox.finish(work, 9)
        assert not await kept(work, 9, 70, "{}")
        assert await inbox.chats_waiting(work) == []


async def test_what_is_not_guarded_by_our_own_care_is_guarded_by_the_database(
    database: Database,
) -> None:
    async with database.work() as work:
        await newcomer(work)
    with pytest.raises(IntegrityError):
        async with database.work() as work:
            work.add(PersonRow(chat_id=70, language="en", joined_at=NOW))


async def test_a_flare_is_told_once_an_update_and_counts_until_a_clinician_has_seen_them(
    database: Database,
) -> None:
    async with database.work() as work:
        ada = await newcomer(work)
        for update_id, days in ((1, 0), (1, 0), (2, 3)):
            day = TODAY + dt.timedelta(days=days)
            at = NOW + dt.timedelta(days=days)
            await people.flare(work, ada, day, update_id=update_id, now=at)
        assert await count(work, FlareRow) == 2
        assert (await people.get(work, ada)).flares == (TODAY, TODAY + dt.timedelta(days=3))
        await people.screen(work, ada, SEEN, True, NOW + dt.timedelta(days=1))
        assert (await people.get(work, ada)).flares == (TODAY + dt.timedelta(days=3),)


# The inbox.


async def test_a_chat_is_worked_off_in_order_and_the_others_beside_it(database: Database) -> None:
    async with database.work() as work:
        for update_id, chat_id in ((12, 70), (11, 70), (13, 71)):
            await kept(work, update_id, chat_id, f"{update_id}")
        assert sorted(await inbox.chats_waiting(work)) == [70, 71]
        order = []
        while (row := await inbox.next_of(work, 70)) is not None:
            order.append(row.update_id)
            await inbox.finish(work, row.update_id)
        assert order == [11, 12]


async def test_what_was_written_goes_when_it_is_done(database: Database) -> None:
    async with database.work() as work:
        await kept(work, 11, 70, "it hurts")
        row = await inbox.begin(work, 70)
        assert row is not None
        assert (row.tries, row.payload) == (1, "it hurts")
        await inbox.finish(work, 11)
    assert b"it hurts" not in await rows_of(database, "inbox")


async def test_a_chat_is_one_process_at_a_time_until_it_lets_go_or_its_lease_is_over(
    database: Database,
) -> None:
    async def take(holder: str, after: float) -> bool:
        async with database.work() as work:
            return await inbox.take(work, 70, holder, NOW + dt.timedelta(seconds=after), TURN)

    assert await take("one", 0)
    assert not await take("two", 19)
    assert await take("one", 19)
    assert not await take("two", 38)
    assert await take("two", 39)
    assert not await take("one", 40)
    assert await take("one", -3600)  # the clock was put back: no lease is so long
    async with database.work() as work:
        await inbox.leave(work, "two")
        await inbox.leave(work, "one", 71)
    assert not await take("two", -3600)
    async with database.work() as work:
        await inbox.hold_on(work, "one", NOW, TURN)
    assert not await take("two", 19)
    async with database.work() as work:
        await inbox.leave(work, "one")
    assert await take("two", 19)


async def test_of_processes_that_want_a_turn_at_once_one_gets_it(database: Database) -> None:
    async def take(holder: str) -> bool:
        async with database.work() as work:
            return await inbox.take(work, 70, holder, NOW, TURN)

    got = await asyncio.gather(*(take(f"{number}") for number in range(8)))
    assert sum(got) == 1


async def test_due_is_what_waits_in_no_pause_and_in_nobody_elses_hands(
    database: Database,
) -> None:
    longest = dt.timedelta(minutes=5)

    async def due(after: float) -> list[int]:
        async with database.look() as work:
            at = NOW + dt.timedelta(seconds=after)
            return [*await inbox.chats_due(work, "me", at, longest)]

    async with database.work() as work:
        for update_id, chat_id in ((4, 71), (5, 70), (6, 70), (7, 72), (8, 73)):
            await kept(work, update_id, chat_id, "{}")
        assert await inbox.put_off(work, 70, 5, NOW + dt.timedelta(seconds=10))
        assert not await inbox.put_off(work, 70, 7, NOW)  # it is somebody else's, or forgotten
        assert await inbox.take(work, 72, "other", NOW, TURN)
        await inbox.finish(work, 8)
    assert await due(1) == [71]
    assert await due(10) == [71, 70]
    assert await due(20) == [71, 70, 72]
    assert await due(-3600) == [71, 70]  # no pause is so long


async def test_a_batch_is_stored_at_once_and_only_what_is_new_counts(database: Database) -> None:
    arrivals = [
        inbox.Arrival(update_id=number // 2, chat_id=number // 2, payload="{}")
        for number in range(500)
    ]
    async with database.work() as work:
        await inbox.keep(work, arrivals[:100], NOW)
        new = await inbox.keep(work, arrivals, NOW)
        assert await inbox.keep(work, [], NOW) == []
    assert sorted(new) == [*range(50, 250)]


async def test_old_ids_go_once_they_are_done(database: Database) -> None:
    async with database.work() as work:
        for update_id in (1, 2, 3):
            await kept(work, update_id, 70, "{}")
        await inbox.finish(work, 1, 2)
    async with database.work() as work:
        assert await inbox.purge(work, NOW) == 0
        assert await inbox.purge(work, NOW + dt.timedelta(days=3)) == 2
        assert [row.update_id for row in await inbox.line_of(work, 70, 9)] == [3]
        assert await kept(work, 1, 71, "{}") == [71]  # Telegram may give the number again


# Instants.


@pytest.mark.parametrize("hours", [0, 5.75, -8])
async def test_an_instant_comes_back_aware_and_in_utc(database: Database, hours: float) -> None:
    there = NOW.astimezone(dt.timezone(dt.timedelta(hours=hours)))
    async with database.work() as work:
        await people.welcome(work, 70, "en", there)
    async with database.look() as work:
        joined = (await work.exec(select(PersonRow.joined_at))).one()
    assert joined == NOW
    assert joined.tzinfo is dt.UTC


async def test_a_naive_instant_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        async with database.work() as work:
            await people.welcome(work, 70, "en", NOW.replace(tzinfo=None))


def test_every_column_with_an_instant_keeps_zones() -> None:
    for table in SQLModel.metadata.tables.values():
        for column in table.columns:
            assert not isinstance(column.type, sa.DateTime) or isinstance(column.type, Instant)


# The try-out.


async def test_the_first_answer_about_a_tried_step_counts(database: Database) -> None:
    async with database.work() as work:
        ada, bob = await newcomer(work), await newcomer(work, 71)
        for person_id, update_id, felt in (
            (ada, 1, Felt.JUST),
            (ada, 2, Felt.EASY),  # a second tap
            (bob, 3, Felt.TOO_MUCH),
        ):
            await people.try_out(work, person_id, "bridge", 2, felt, update_id=update_id, now=NOW)
        await people.try_out(work, ada, "bridge", 4, Felt.EASY, update_id=1, now=NOW)  # once more
    async with database.look() as work:
        told = [(await people.get(work, person_id)).tried for person_id in (ada, bob)]
    bridge = Tried(ladder="bridge", step=2, felt=Felt.JUST, at=NOW)
    assert told == [(bridge,), (replace(bridge, felt=Felt.TOO_MUCH),)]


# Leaving.


async def test_whoever_leaves_leaves_nothing_and_others_keep_everything(database: Database) -> None:
    async with database.work() as work:
        for chat_id in (70, 71):
            await a_whole_life(work, chat_id)
    before = await counts(database)
    assert min(before.values()) >= 2  # a table that nobody fills would prove nothing
    async with database.work() as work:
        profile = await people.find(work, 70)
        assert profile is not None
        await people.forget(work, profile)
    after = await counts(database)
    assert after == {
        name: number if name == "inbox" else number // 2 for name, number in before.items()
    }
    async with database.look() as work:
        assert await people.find(work, 70) is None
        assert await people.find(work, 71) is not None
        row = await inbox.next_of(work, 70)
        assert row is None or row.payload == ""


async def kept(work: Work, update_id: int, chat_id: int, payload: str) -> list[int]:
    arrival = inbox.Arrival(update_id=update_id, chat_id=chat_id, payload=payload)
    return await inbox.keep(work, [arrival], NOW)


async def a_whole_life(work: Work, chat_id: int) -> None:
    """A row in every table."""
    person_id = await newcomer(work, chat_id)
    await people.screen(work, person_id, Tier.EMERGENCY, False, NOW)
    await people.try_out(work, person_id, "bridge", 2, Felt.JUST, update_id=chat_id, now=NOW)
    await people.flare(work, person_id, TODAY, update_id=chat_id, now=NOW)
    await trips.tell(work, person_id, trips.Told(at=NOW, from_day=TODAY, update_id=chat_id))
    await mornings.tell(work, person_id, TODAY, 3, update_id=chat_id, now=NOW)
    ritual = await ritual_of(work, person_id)
    await due(work, ritual, 0)
    session_id = await session_on(work, person_id)
    await sessions.give(work, session_id, [given("bridge", 1, 0.6)], MORNING, 15)
    await sessions.answer(work, session_id, Asked.PAIN, 3, update_id=chat_id, now=NOW)
    held = Held(1, 2000)
    await sessions.weigh(work, session_id, "bridge", held, update_id=chat_id, now=NOW)
    course: Course = course_of(person(), today=1)
    decided = Decided(
        ladder="bridge", decision=course.decisions["bridge"], nearest=course.nearest("bridge")
    )
    basis = Basis(
        person=course.person,
        day=TODAY,
        answers_upto=0,
        fresh_since=None,
        ladders=mark(course.ladders),
    )
    await decisions.add(work, session_id, [decided], basis, NOW)
    await kept(work, chat_id, chat_id, "{}")
    assert await inbox.take(work, chat_id, "me", NOW, dt.timedelta(seconds=20))
    await activity.tell(work, person_id, 5, NOW)
    await reviews.plan(work, person_id, 1, TODAY, NOW)
    await errands.plan(work, person_id, Errand.WEEK, "1", NOW)
    bookmark = Bookmark(given="bridge", moment=Moment(START), message_id=1, update_id=chat_id)
    await players.begin(work, session_id, bookmark, NOW)
    await rhythm.pause(work, person_id, TODAY, update_id=chat_id, now=NOW)
    await rhythm.hinder(work, person_id, Hindrance.SORE, update_id=chat_id, now=NOW)
    await media.keep(work, 1, f"drawn for {chat_id}", "AgAC", chat_id)


async def counts(database: Database) -> dict[str, int]:
    async with database.look() as work:
        connection = await work.connection()
        return {
            name: (
                await connection.execute(sa.select(sa.func.count()).select_from(table))
            ).scalar_one()
            for name, table in SQLModel.metadata.tables.items()
            if name not in NOBODYS
        }


async def rows_of(database: Database, table: str) -> bytes:
    async with database.engine.connect() as connection:
        return repr([*await connection.execute(sa.text(f"SELECT * FROM {table}"))]).encode()


async def test_numbers_of_answers_are_not_given_again_after_somebody_left(
    database: Database,
) -> None:
    """Else a decision that rests on "answers up to 1" would seem to rest on somebody else's."""
    async with database.work() as work:
        await a_whole_life(work, 70)
        profile = await people.find(work, 70)
        assert profile is not None
        await people.forget(work, profile)
        await a_whole_life(work, 71)
        bob = await people.find(work, 71)
        assert bob is not None
        assert await sessions.newest_answer(work, bob.id) == 2


async def test_a_session_of_somebody_else_is_gone(database: Database) -> None:
    async with database.work() as work:
        ada, bob = await newcomer(work), await newcomer(work, 71)
        session_id = await session_on(work, ada)
        await sessions.check_owner(work, session_id, ada)
        for gone, whose in ((session_id, bob), (999, ada)):
            with pytest.raises(CardGone):
                await sessions.check_owner(work, gone, whose)


# Units of work.


@ON_SQLITE
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("foreign_keys", 1),
        ("synchronous", 2),  # full
        ("busy_timeout", 10_000),
        ("secure_delete", 1),
    ],
)
async def test_what_sqlite_was_asked_for_is_on_in_every_connection(
    database: Database, pragma: str, value: object
) -> None:
    async with database.look() as one, database.look() as other:
        for work in (one, other):
            found = await (await work.connection()).exec_driver_sql(f"PRAGMA {pragma}")
            assert found.scalar_one() == value


async def test_a_unit_that_raises_keeps_nothing(database: Database) -> None:
    async def interrupted() -> None:
        async with database.work() as work:
            await newcomer(work)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await interrupted()
    async with database.look() as work:
        assert await count(work, PersonRow) == 0


async def test_a_look_waits_for_no_writer_and_sees_what_was_kept_before(database: Database) -> None:
    async with database.work() as writing:
        await newcomer(writing)
        async with asyncio.timeout(2), database.look() as work:
            assert await count(work, PersonRow) == 0


async def test_a_look_sees_one_moment(database: Database) -> None:
    async with database.look() as work:
        assert await count(work, PersonRow) == 0
        async with database.work() as writing:
            await newcomer(writing)
        assert await count(work, PersonRow) == 0
    async with database.look() as work:
        assert await count(work, PersonRow) == 1


async def test_writers_queue_and_none_is_lost(database: Database) -> None:
    """Each reads before it writes: the very case in which SQLite would refuse a late writer."""

    async def write(chat_id: int) -> None:
        async with database.work() as work:
            await count(work, PersonRow)
            await asyncio.sleep(0.01)
            await newcomer(work, chat_id)

    await asyncio.gather(*(write(chat_id) for chat_id in range(6)))
    async with database.look() as work:
        assert await count(work, PersonRow) == 6


async def test_an_error_tells_nobody_what_was_answered(database: Database) -> None:
    with pytest.raises(IntegrityError) as refused:
        async with database.work() as work:
            await sessions.answer(work, 999, Asked.PAIN, 7, update_id=4321, now=NOW)
    assert "4321" not in str(refused.value)


def test_the_folder_of_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    Database(f"sqlite+aiosqlite:///{tmp_path / 'mine' / 'backbeat.db'}")
    assert stat.S_IMODE((tmp_path / "mine").stat().st_mode) == 0o700


@ON_SQLITE
async def test_every_file_that_holds_answers_is_for_its_owner_alone(
    database: Database, tmp_path: Path
) -> None:
    async with database.work() as work:
        await newcomer(work)
    kept = [*(tmp_path / "data").iterdir()]
    assert {path.name for path in kept} >= {"backbeat.db", "backbeat.db-wal"}
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


# The due-index.


async def found(
    database: Database, now: dt.datetime, most: int = 100, besides: Iterable[int] = ()
) -> list[int]:
    """The numbers of what is to leave, as `put` gave them; besides some of them."""
    async with database.look() as work:
        rows = await post.due(work, DeliveryRow, now, [number + 1 for number in besides], most)
    return [(row.local_date - TODAY).days for row in rows]


async def begun(database: Database, rows: Sequence[DeliveryRow]) -> int:
    """How many of them were as they were found."""
    async with database.work() as work:
        return len(await post.begin(work, rows, NOW + LEASE))


async def put(database: Database, *minutes_ago: int) -> None:
    async with database.work() as work:
        await due(work, await ritual_of(work, await newcomer(work)), *minutes_ago)


async def test_what_is_due_is_found_oldest_first_and_nothing_else(database: Database) -> None:
    await put(database, 1, 3, -1, 2, 0)
    assert await found(database, NOW) == [1, 3, 0, 4]
    assert await found(database, NOW, most=2) == [1, 3]
    assert await found(database, NOW, most=2, besides=[1, 0]) == [3, 4]


async def test_what_is_about_to_leave_is_found_again_when_the_lease_of_its_call_is_over(
    database: Database,
) -> None:
    await put(database, 1)
    async with database.look() as work:
        rows = await post.due(work, DeliveryRow, NOW)
    assert await begun(database, rows) == 1
    assert await found(database, NOW + LEASE - dt.timedelta(seconds=1)) == []
    assert await found(database, NOW + LEASE) == [0]


async def test_of_several_that_found_a_letter_one_begins_it(database: Database) -> None:
    await put(database, *range(20))
    async with database.look() as work:
        rows = await post.due(work, DeliveryRow, NOW)
    taken = await asyncio.gather(*(begun(database, rows[n : n + 7]) for n in (0, 0, 5, 3, 12, 13)))
    assert sum(taken) == 20


async def test_what_was_not_begun_is_noted_only_as_it_was_found(database: Database) -> None:
    await put(database, 1)
    async with database.look() as work:
        [row] = await post.due(work, DeliveryRow, NOW)
    assert await begun(database, [row]) == 1
    for begins, state in ((False, State.SENDING), (True, State.NEEDLESS)):
        note = post.Note(posted=row, state=State.NEEDLESS, tries=0, begun=begins)
        async with database.work() as work:
            await post.note(work, [note])
            assert (await work.get_one(DeliveryRow, 1)).state == state


@pytest.mark.parametrize("state", State)
async def test_only_what_is_not_over_is_found(database: Database, state: State) -> None:
    await put(database, 1)
    async with database.work() as work:
        await builders.noted(work, DeliveryRow, 1, state)
    open_states = {State.DUE, State.CLAIMED, State.SENDING}
    async with database.look() as work:
        assert await post.any_due(work, [ReviewRow, DeliveryRow], NOW) is (state in open_states)
        last = await rituals.last_of(work, 1)
        assert (last is None) is (state in {*open_states, State.CANCELLED})
    assert await found(database, NOW) == ([0] if state in open_states else [])


async def test_what_waits_for_a_retry_is_not_due_before(database: Database) -> None:
    await put(database, 1)
    async with database.work() as work:
        await builders.noted(work, DeliveryRow, 1, State.DUE, held_until=NOW + MINUTE, tries=1)
    assert await found(database, NOW) == []
    assert await found(database, NOW + MINUTE) == [0]


async def test_a_note_changes_what_it_names_and_nothing_else(database: Database) -> None:
    await put(database, 1)
    async with database.work() as work:
        await builders.noted(work, DeliveryRow, 1, State.SENDING, held_until=NOW + LEASE, tries=1)
        await builders.noted(work, DeliveryRow, 1, State.SENT, message_id=55)
        row = await work.get_one(DeliveryRow, 1)
    assert (row.state, row.tries, row.message_id, row.held_until) == (State.SENT, 1, 55, None)


async def test_rows_are_read_back_as_they_were_kept(database: Database) -> None:
    made = [
        given("bridge", 3, 0.8, shown_step=2, shown_dose=0.4),
        given("side", 1, 0.6, loaded=True),
    ]
    async with database.work() as work:
        session_id = await session_on(work, await newcomer(work))
        await sessions.give(work, session_id, reversed(made), MORNING, 20)
        await sessions.give(work, session_id, made, HOTEL, 15)  # in place of what was there
        session = await sessions.get(work, session_id, catalogue().ladders)
        assert await count(work, SessionRow) == 1
    assert session.given == tuple(made)
    assert (session.day, session.minutes, session.travel) == (TODAY, 15, False)
    assert (session.set_id, session.place) == ("hotel", Place.HOTEL)
