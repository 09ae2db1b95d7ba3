"""A postman over a real database, with a way out that does as it is told."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.delivery.letter import Letter
from bot.delivery.receipt import Later, Receipt, Refused, Sent, Unknown, Unreachable, Unsent
from bot.delivery.taps import Rate
from bot.delivery.tick import BATCH, MOST_CALLS, RETRY, Postman
from bot.domain.feedback import Completed
from bot.domain.profile import Profile
from bot.domain.safety import Tier
from bot.domain.session import Asked
from bot.practice.desk import Desk
from bot.storage import people, rituals
from bot.storage.database import Database
from bot.storage.tables import State
from tests import builders
from tests.builders import ADA

SUNDAY = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
DUE = dt.datetime(2026, 11, 23, 6, 0, tzinfo=dt.UTC)  # Monday, 07:00 in Zurich
ONE_DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
LEASE = dt.timedelta(seconds=60)
FRESH = dt.timedelta(hours=3)

Outcome = Receipt | Exception


class ScriptedOutbox:
    """Notes every letter; answers as scripted, and that it was sent once the script is over."""

    def __init__(self, *script: Outcome) -> None:
        self.script = list(script)
        self.letters: list[tuple[int, Letter]] = []

    async def send(self, chat_id: int, letter: Letter) -> Receipt:
        self.letters.append((chat_id, letter))
        await asyncio.sleep(0)  # others get a turn, as with a network
        outcome = self.script.pop(0) if self.script else Sent(len(self.letters))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def sessions(self) -> set[int]:
        """Those that the buttons act on."""
        taps = (button.tap for _, letter in self.letters for row in letter.rows for button in row)
        return {tap.session for tap in taps if isinstance(tap, Rate)}


class Office:
    """A desk, a way out, and a postman between them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.desk: Desk = builders.desk(database)
        self.outbox = ScriptedOutbox()
        self.postman = self.postman_with(self.outbox)

    def postman_with(self, outbox: ScriptedOutbox) -> Postman:
        return Postman(
            database=self.database, desk=self.desk, outbox=outbox, lease=LEASE, freshness=FRESH
        )

    async def enrol(self, chat_id: int = ADA) -> Profile:
        return await builders.enrolled(self.desk, SUNDAY, chat_id)

    async def at(self, now: dt.datetime, *script: Outcome) -> int:
        """Tick; says how many letters left."""
        self.outbox.script.extend(script)
        before = len(self.outbox.letters)
        await self.postman.run(now)
        return len(self.outbox.letters) - before

    async def answer(self, now: dt.datetime, value: Completed = Completed.FULL) -> None:
        """Somebody answers the card of that day."""
        profile = await self.desk.enrolment.profile(ADA)
        plan = await self.desk.prescription.today(profile, now)
        session, asked = plan.session.id, Asked.COMPLETED
        await self.desk.journal.keep(ADA, session, asked, value, update_id=1, now=now)

    async def rows(self, query: str) -> list[Any]:
        async with self.database.look() as work:
            return [tuple(row) for row in await (await work.connection()).execute(sa.text(query))]

    async def states(self) -> list[str]:
        return [s for (s,) in await self.rows("SELECT state FROM delivery ORDER BY due_at, id")]

    async def first(self) -> tuple[str, int]:
        """State and calls of the first delivery."""
        (row,) = await self.rows("SELECT state, tries FROM delivery ORDER BY due_at, id LIMIT 1")
        return (row[0], row[1])

    async def abandon(self, state: State, tries: int) -> None:
        """Somebody claimed the first delivery when it was due, and died at that state."""
        async with self.database.work() as work:
            (delivery,) = await rituals.claim(work, DUE, LEASE, BATCH)
            assert delivery.id is not None
            await rituals.note(work, delivery.id, state, held_until=DUE + LEASE, tries=tries)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with builders.database(tmp_path) as database:
        yield Office(database)


async def test_a_ritual_leaves_at_its_time_once_and_not_before(office: Office) -> None:
    await office.enrol()
    assert await office.at(DUE - SECOND) == 0
    assert await office.at(DUE) == 1
    assert await office.at(DUE) == 0
    assert await office.at(DUE + SECOND) == 0
    [(chat, letter)] = office.outbox.letters
    assert chat == ADA
    assert "Your ritual" in letter.text
    assert await office.first() == (State.SENT, 1)


async def test_the_next_occurrence_is_one_local_day_on(office: Office) -> None:
    await office.enrol()
    await office.at(DUE)
    assert await office.rows("SELECT local_date, due_at, state FROM delivery ORDER BY due_at") == [
        ("2026-11-23", "2026-11-23 06:00:00.000000", "sent"),
        ("2026-11-24", "2026-11-24 06:00:00.000000", "due"),
    ]
    assert await office.at(DUE + ONE_DAY) == 1


async def test_a_local_day_may_have_25_hours(office: Office) -> None:
    """Zurich leaves summer time on 25 October 2026."""
    saturday = dt.datetime(2026, 10, 24, 5, 0, tzinfo=dt.UTC)
    await builders.enrolled(office.desk, saturday - SECOND)
    assert await office.at(saturday) == 1
    assert await office.at(saturday + ONE_DAY) == 0
    assert await office.at(saturday + ONE_DAY + dt.timedelta(hours=1)) == 1


async def test_a_flood_holds_the_letter_for_as_long_as_told(office: Office) -> None:
    await office.enrol()
    assert await office.at(DUE, Later(40)) == 1
    assert await office.first() == (State.DUE, 0)
    assert await office.at(DUE + 39 * SECOND) == 0
    assert await office.at(DUE + 40 * SECOND) == 1
    assert await office.first() == (State.SENT, 1)


async def test_what_surely_never_left_is_tried_again_and_not_counted(office: Office) -> None:
    await office.enrol()
    for n in range(4):
        assert await office.at(DUE + n * RETRY, Unsent()) == 1
        assert await office.at(DUE + (n + 1) * RETRY - SECOND) == 0
        assert await office.first() == (State.DUE, 0)
    assert await office.at(DUE + 4 * RETRY) == 1
    assert await office.first() == (State.SENT, 1)


async def test_what_may_have_arrived_is_sent_once_more_at_most(office: Office) -> None:
    await office.enrol()
    assert await office.at(DUE, Unknown()) == 1
    assert await office.first() == (State.DUE, 1)
    assert await office.at(DUE + RETRY - SECOND) == 0
    assert await office.at(DUE + RETRY, Unknown()) == 1
    assert await office.first() == (State.DOUBTFUL, MOST_CALLS)
    assert await office.at(DUE + dt.timedelta(hours=2)) == 0
    assert len(office.outbox.sessions()) == 1
    assert len(await office.rows("SELECT id FROM session")) == 1
    assert await office.states() == [State.DOUBTFUL, State.DUE]


async def test_a_tap_proves_delivery_so_that_no_second_letter_follows(office: Office) -> None:
    await office.enrol()
    await office.at(DUE, Unknown())
    await office.answer(DUE + SECOND)
    assert await office.at(DUE + RETRY) == 0
    assert await office.states() == [State.NEEDLESS, State.DUE]


async def test_whoever_blocked_us_is_set_aside_until_they_press_start(office: Office) -> None:
    await office.enrol()
    assert await office.at(DUE, Unreachable()) == 1
    assert (await office.desk.enrolment.profile(ADA)).blocked
    assert await office.at(DUE + ONE_DAY) == 0
    assert await office.states() == [State.UNREACHABLE, State.NEEDLESS, State.DUE]
    await office.desk.enrolment.begin(ADA, "en", DUE + ONE_DAY)
    assert await office.at(DUE + 2 * ONE_DAY) == 1


async def test_what_is_too_late_is_not_sent_and_said_with_the_next(office: Office) -> None:
    await office.enrol()
    assert await office.at(DUE + FRESH + SECOND) == 0
    assert await office.states() == [State.LATE, State.DUE]
    assert await office.at(DUE + ONE_DAY) == 1
    [(_, tuesday)] = office.outbox.letters
    assert "the ritual of Monday could not reach you" in tuesday.text
    await office.at(DUE + 2 * ONE_DAY)
    assert "could not reach you" not in office.outbox.letters[-1][1].text


async def test_just_fresh_enough_is_still_sent(office: Office) -> None:
    await office.enrol()
    assert await office.at(DUE + FRESH) == 1


async def test_a_week_without_us_is_one_missed_ritual_and_not_seven(office: Office) -> None:
    await office.enrol()
    assert await office.at(DUE + 7 * ONE_DAY + FRESH + SECOND) == 0
    assert await office.states() == [State.LATE, State.DUE]
    assert await office.at(DUE + 8 * ONE_DAY) == 1


async def test_tried_and_then_too_late_is_doubtful_and_not_late(office: Office) -> None:
    await office.enrol()
    await office.at(DUE, Unknown())
    assert await office.at(DUE + FRESH + SECOND) == 0
    assert (await office.first())[0] == State.DOUBTFUL


async def test_answered_before_it_is_due_is_needless(office: Office) -> None:
    await office.enrol()
    await office.answer(DUE - SECOND, Completed.NO)
    assert await office.at(DUE) == 0
    assert await office.states() == [State.NEEDLESS, State.DUE]


async def test_a_locked_plan_sends_nothing_and_goes_on_when_it_opens(office: Office) -> None:
    await office.enrol()
    await office.desk.enrolment.screen(ADA, Tier.EMERGENCY, True, SUNDAY)
    assert await office.at(DUE) == 0
    assert await office.states() == [State.NEEDLESS, State.DUE]
    await office.desk.enrolment.screen(ADA, "seen", True, DUE + SECOND)
    assert await office.at(DUE + ONE_DAY) == 1


async def test_pain_that_keeps_returning_pauses_the_ritual_and_that_is_said_once(
    office: Office,
) -> None:
    """Found out while composing: silence would leave somebody waiting for their ritual."""
    await office.enrol()
    await office.at(DUE)
    profile = await office.desk.enrolment.profile(ADA)
    await office.desk.prescription.today(profile, DUE + ONE_DAY)
    async with office.database.work() as work:
        await people.screen(work, profile.id, Tier.ROUTINE, True, DUE)
    assert await office.at(DUE + ONE_DAY, Later(5)) == 1  # surely not sent: said again
    assert await office.at(DUE + ONE_DAY + 5 * SECOND) == 1
    assert "worth a clinician's eye" in office.outbox.letters[-1][1].text
    assert await office.at(DUE + 2 * ONE_DAY) == 0


@pytest.mark.parametrize(
    ("died_in", "calls_before", "letters", "then"),
    [
        (State.CLAIMED, 0, 1, (State.SENT, 1)),  # it never left: no call is counted
        (State.SENDING, 1, 1, (State.SENT, 2)),  # it may have left: once more
        (State.SENDING, 2, 0, (State.DOUBTFUL, 2)),  # twice is all
    ],
)
async def test_what_a_dead_sender_held_is_taken_up_when_its_lease_ends(
    office: Office, died_in: State, calls_before: int, letters: int, then: tuple[str, int]
) -> None:
    await office.enrol()
    await office.abandon(died_in, calls_before)
    assert await office.at(DUE + LEASE - SECOND) == 0
    assert await office.at(DUE + LEASE) == letters
    assert await office.first() == then
    assert (await office.states())[1:] == [State.DUE]


async def test_what_died_in_sending_is_not_sent_a_third_time(office: Office) -> None:
    await office.enrol()
    await office.abandon(State.SENDING, 1)
    assert await office.at(DUE + LEASE, Unknown()) == 1
    assert await office.first() == (State.DOUBTFUL, MOST_CALLS)


async def test_two_postmen_at_once_never_send_a_letter_twice(
    tmp_path: Path, office: Office
) -> None:
    chats = range(ADA, ADA + 12)
    for chat in chats:
        await office.enrol(chat)
    async with builders.database(tmp_path) as other:  # another process has its own connections
        colleague = Office(other)
        both = office.postman, colleague.postman
        await asyncio.gather(*(postman.run(DUE) for postman in both * 2))
        sent = [chat for o in (office, colleague) for chat, _ in o.outbox.letters]
    assert sorted(sent) == [*chats]
    assert await office.rows("SELECT count(*) FROM delivery WHERE state = 'due'") == [(12,)]


async def test_what_goes_wrong_with_one_stops_nobody_else(office: Office) -> None:
    for chat in (ADA, ADA + 1, ADA + 2):
        await office.enrol(chat)
    with capture_logs() as logs:
        assert await office.at(DUE, RuntimeError("a fault of ours")) == 3
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["a delivery failed"]
    assert sorted(await office.states()) == sorted(
        [State.SENDING, State.SENT, State.SENT, State.DUE, State.DUE]
    )
    assert await office.at(DUE + LEASE) == 1  # as one that may have left


async def test_a_letter_that_telegram_refuses_is_logged_and_tomorrow_comes(office: Office) -> None:
    await office.enrol()
    with capture_logs() as logs:
        assert await office.at(DUE, Refused("can't parse entities")) == 1
    assert "can't parse entities" in [line.get("why") for line in logs]
    assert await office.states() == [State.REFUSED, State.DUE]


async def test_an_idle_tick_writes_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.enrol()

    def no_writing(_self: Database) -> None:
        raise AssertionError("an idle tick wants to write")

    monkeypatch.setattr(Database, "work", no_writing)
    assert await office.at(DUE - SECOND) == 0


async def test_somebody_who_is_forgotten_gets_nothing_more(office: Office) -> None:
    await office.enrol()
    await office.desk.enrolment.forget(ADA)
    assert await office.at(DUE) == 0
    assert await office.states() == []


async def test_whoever_leaves_while_their_letter_is_under_way_leaves_nothing_behind(
    office: Office,
) -> None:
    await office.enrol()

    class Leaving(ScriptedOutbox):
        async def send(self, chat_id: int, letter: Letter) -> Receipt:
            await office.desk.enrolment.forget(chat_id)
            return await super().send(chat_id, letter)

    with capture_logs():
        await office.postman_with(Leaving()).run(DUE)
    assert await office.states() == []


async def test_everybody_who_is_due_is_served_however_many(office: Office) -> None:
    """More rows than one claim takes; all but one are too old to be sent."""
    profile = await office.enrol()
    async with office.database.work() as work:
        ritual = await rituals.of_person(work, profile.id)
        assert ritual is not None
        for n in range(1, BATCH + 20):
            day = (DUE - n * ONE_DAY).date()
            await rituals.plan(work, ritual, day, DUE - n * ONE_DAY)
    await office.at(DUE)
    assert set(await office.states()) == {State.LATE, State.SENT, State.DUE}
    assert (await office.states()).count(State.DUE) == 1
