"""A postman over a real database, with a way out that does as it is told."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.delivery.letter import Letter
from bot.delivery.pace import Freely
from bot.delivery.receipt import Later, Receipt, Refused, Sent, Unknown, Unreachable, Unsent
from bot.delivery.taps import Hinder, Rate
from bot.delivery.tick import MOST_CALLS, RETRY, Postman
from bot.domain.feedback import Completed
from bot.domain.profile import Profile
from bot.domain.safety import Tier
from bot.domain.session import Asked
from bot.practice.desk import Desk
from bot.storage import people, reviews, rituals
from bot.storage.database import Database
from bot.storage.post import BATCH
from bot.storage.tables import DeliveryRow, ReviewRow, State
from tests import builders
from tests.builders import ADA

SUNDAY = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
DUE = dt.datetime(2026, 11, 23, 6, 0, tzinfo=dt.UTC)  # Monday, 07:00 in Zurich
ONE_DAY = dt.timedelta(days=1)
WEEK = 7 * ONE_DAY
SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)
LEASE = dt.timedelta(seconds=60)
FRESH = dt.timedelta(hours=3)

Outcome = Receipt | Exception


class ScriptedOutbox:
    """Notes every letter; answers as scripted, and that it was sent once the script is over.

    The question after quiet days (test_rhythm.py) is noted apart: here people are silent for long.
    """

    def __init__(self, *script: Outcome) -> None:
        self.script = list(script)
        self.letters: list[tuple[int, Letter]] = []
        self.retired: list[tuple[int, int]] = []
        self.asked: list[Letter] = []

    async def send(self, chat_id: int, letter: Letter) -> Receipt:
        if any(isinstance(button.tap, Hinder) for row in letter.rows for button in row):
            self.asked.append(letter)
            return Sent(0)
        self.letters.append((chat_id, letter))
        await asyncio.sleep(0)  # others get a turn, as with a network
        outcome = self.script.pop(0) if self.script else Sent(len(self.letters))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def retire(self, chat_id: int, message_id: int) -> None:
        self.retired.append((chat_id, message_id))

    def newest_card(self) -> str:
        """What a ritual brought last; a look back may have come behind it."""
        return next(letter.text for _, letter in reversed(self.letters) if letter.session)

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
        self.updates = count(100)
        self.now = SUNDAY
        self.postman = self.postman_with(self.outbox)

    def postman_with(self, outbox: ScriptedOutbox) -> Postman:
        return Postman(
            database=self.database,
            desk=self.desk,
            outbox=outbox,
            clock=lambda: self.now,
            lease=LEASE,
            freshness=FRESH,
        )

    async def enrol(self, chat_id: int = ADA) -> Profile:
        return await builders.enrolled(self.desk, SUNDAY, chat_id)

    async def at(self, now: dt.datetime, *script: Outcome) -> int:
        """Tick; says how many letters left."""
        self.outbox.script.extend(script)
        before = len(self.outbox.letters)
        self.now = now
        await self.postman.run()
        return len(self.outbox.letters) - before

    async def answer(self, now: dt.datetime, value: Completed = Completed.FULL) -> None:
        """Somebody answers the card of that day."""
        profile = await self.desk.enrolment.profile(ADA)
        plan = await self.desk.prescription.today(profile, now)
        session, asked = plan.session.id, Asked.COMPLETED
        await self.desk.journal.keep(ADA, session, asked, value, update_id=1, now=now)

    async def practise(self, now: dt.datetime, **answers: int) -> None:
        """Somebody does the ritual of that day, and says so; answers by the names of the questions."""
        profile = await self.desk.enrolment.profile(ADA)
        plan = await self.desk.prescription.today(profile, now)
        told = {Asked.COMPLETED: int(Completed.FULL)} | {Asked(k): v for k, v in answers.items()}
        for asked, value in told.items():
            await self.desk.journal.keep(
                ADA, plan.session.id, asked, value, update_id=next(self.updates), now=now
            )

    async def reviews(self) -> list[Any]:
        return await self.rows("SELECT mark, day, state, tries FROM review ORDER BY mark")

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
        """Somebody had the first delivery in hand when it was due, and died at that state."""
        async with self.database.work() as work:
            await builders.noted(work, DeliveryRow, 1, state, held_until=DUE + LEASE, tries=tries)


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
    assert "Before the first coffee" in letter.text
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


async def test_a_machine_that_wakes_after_six_hours_sends_what_is_fresh_once_and_no_flood(
    office: Office,
) -> None:
    """Ten people, every half hour from 07:00 to 11:30; asleep until 12:59."""
    for number in range(10):
        [ritual] = (await office.enrol(ADA + number)).rituals
        wall_time = dt.time(7 + number // 2, number % 2 * 30)
        await office.desk.rhythm.edit(ADA + number, ritual.id, DUE - FRESH, wall_time=wall_time)
    assert await office.at(DUE - SECOND) == 0
    wakes = DUE + dt.timedelta(hours=5, minutes=59)
    assert await office.at(wakes) == 4
    assert sorted(chat - ADA for chat, _ in office.outbox.letters) == [6, 7, 8, 9]  # from 10:00
    for number in range(1, 60):
        assert await office.at(wakes + number * SECOND) == 0
    states = await office.rows("SELECT state, count(*) FROM delivery GROUP BY state")
    assert dict(states) == {State.SENT: 4, State.LATE: 6, State.DUE: 10}
    assert await office.at(DUE + ONE_DAY) == 1


async def test_a_week_without_us_is_one_missed_ritual_and_not_seven(office: Office) -> None:
    await office.enrol()
    assert await office.at(DUE + 7 * ONE_DAY + FRESH + SECOND) == 0
    assert await office.states() == [State.LATE, State.DUE]
    assert await office.at(DUE + 8 * ONE_DAY) == 1


async def test_who_wakes_days_later_at_the_time_of_a_ritual_has_it(office: Office) -> None:
    for days, wakes in enumerate((SECOND, FRESH - SECOND), start=1):
        await office.enrol(ADA + days)
        assert await office.at(DUE + days * ONE_DAY + wakes) == days
    assert await office.at(DUE + 2 * ONE_DAY + FRESH + SECOND) == 0


async def test_tried_and_then_too_late_is_doubtful_and_not_late(office: Office) -> None:
    await office.enrol()
    await office.at(DUE, Unknown())
    assert await office.at(DUE + FRESH + SECOND) == 0
    assert (await office.first())[0] == State.DOUBTFUL


async def test_what_was_composed_before_the_machine_slept_does_not_leave_after_it(
    office: Office,
) -> None:
    class Asleep(Freely):
        async def turn(self, chat_id: int) -> None:
            office.now = DUE + 2 * FRESH

    await office.enrol()
    office.postman.pace = Asleep()
    assert await office.at(DUE) == 0
    assert (await office.first())[0] == State.LATE


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
        (State.CLAIMED, 0, 1, (State.SENT, 1)),  # of an older version
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
        office.now = colleague.now = DUE
        both = office.postman, colleague.postman
        await asyncio.gather(*(postman.run() for postman in both * 2))
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
        office.now = DUE
        await office.postman_with(Leaving()).run()
    assert await office.states() == []


async def test_everybody_who_is_due_is_served_however_many(office: Office) -> None:
    """More rows than one look finds; all but one are too old to be sent."""
    profile = await office.enrol()
    async with office.database.work() as work:
        [ritual] = await rituals.of_person(work, profile.id)
        for n in range(1, BATCH + 20):
            day = (DUE - n * ONE_DAY).date()
            await rituals.plan(work, profile.id, ritual.id, day, DUE - n * ONE_DAY)
    await office.at(DUE)
    assert set(await office.states()) == {State.LATE, State.SENT, State.DUE}
    assert (await office.states()).count(State.DUE) == 1


# Reviews, and the safety questions that come back by themselves.

MARK = DUE + 28 * ONE_DAY


async def until_the_mark(office: Office) -> None:
    """Practised on the first day and on the day before four weeks are over."""
    await office.enrol()
    for day in (0, 14, 27):
        await office.at(DUE + day * ONE_DAY)
        await office.practise(DUE + day * ONE_DAY)
    await office.at(MARK - SECOND)  # the days in between are settled


async def test_a_review_comes_silently_right_behind_the_ritual_of_its_day_and_once(
    office: Office,
) -> None:
    await until_the_mark(office)
    assert await office.reviews() == []
    assert await office.at(MARK) == 2
    (_, card), (chat, review) = office.outbox.letters[-2:]
    assert "Before the first coffee" in card.text
    assert (chat, card.silent, review.silent) == (ADA, False, True)
    assert "4 weeks: a look back" in review.text
    assert "You practised 3 times" in review.text
    assert await office.reviews() == [(1, "2026-12-21", State.SENT, 1)]
    for day in range(29, 35):
        assert await office.at(DUE + day * ONE_DAY) == 1


async def test_a_week_is_looked_back_on_silently_in_a_picture_right_behind_its_ritual_and_once(
    office: Office,
) -> None:
    await office.enrol()
    for day in range(7):
        await office.at(DUE + day * ONE_DAY)
        await office.practise(DUE + day * ONE_DAY)
    assert await office.at(DUE + WEEK) == 2
    (_, card), (chat, week) = office.outbox.letters[-2:]
    assert "Before the first coffee" in card.text
    assert (chat, card.silent, week.silent) == (ADA, False, True)
    assert week.picture is not None
    assert week.picture.body
    assert "You practised on 7 of the last seven days." in week.text
    for day in range(8, 14):
        assert await office.at(DUE + day * ONE_DAY) == 1
    weeks = "SELECT kind, key, state, tries FROM errand WHERE kind = 'week'"
    assert await office.rows(weeks) == [("week", "2026-11-30", State.SENT, 1)]


async def test_a_week_that_telegram_may_have_got_is_sent_once_more_and_not_thrice(
    office: Office,
) -> None:
    await office.enrol()
    await office.at(DUE)
    await office.practise(DUE)
    await office.at(DUE + WEEK - SECOND)
    now, sent = DUE + WEEK, Sent(7)
    assert await office.at(now, sent, Unknown()) == 2
    assert await office.at(now + MINUTE, Unknown()) == 1
    assert await office.at(now + 2 * MINUTE) == 0
    assert await office.rows("SELECT state, tries FROM errand") == [(State.DOUBTFUL, 2)]


async def test_before_anything_was_practised_no_weeks_are_counted(office: Office) -> None:
    await office.enrol()
    for day in range(60):
        await office.at(DUE + day * ONE_DAY)
        if day == 20:
            await office.answer(DUE + day * ONE_DAY, Completed.NO)
    assert await office.reviews() == []


async def test_whoever_practises_before_the_ritual_is_due_gets_the_review_all_the_same(
    office: Office,
) -> None:
    await until_the_mark(office)
    await office.practise(MARK - SECOND)
    assert await office.at(MARK) == 1
    assert "a look back" in office.outbox.letters[-1][1].text


async def test_a_ritual_that_came_too_late_brings_no_review_by_itself(office: Office) -> None:
    await until_the_mark(office)
    assert await office.at(MARK + FRESH + SECOND) == 0
    assert await office.reviews() == []
    assert await office.at(MARK + ONE_DAY) == 2


async def test_a_locked_plan_hears_no_review_until_it_opens(office: Office) -> None:
    await until_the_mark(office)
    await office.desk.enrolment.screen(ADA, Tier.URGENT, True, MARK - SECOND)
    assert await office.at(MARK) == 0
    assert await office.reviews() == []
    await office.desk.enrolment.screen(ADA, "seen", True, MARK + SECOND)
    assert await office.at(MARK + ONE_DAY) == 2
    assert await office.reviews() == [(1, "2026-12-22", State.SENT, 1)]


async def test_a_lock_that_comes_while_a_review_is_held_back_keeps_it_for_later(
    office: Office,
) -> None:
    await until_the_mark(office)
    assert await office.at(MARK, Sent(1), Later(40)) == 2
    await office.desk.enrolment.screen(ADA, Tier.URGENT, True, MARK + SECOND)
    assert await office.at(MARK + 40 * SECOND) == 0
    assert await office.reviews() == [(1, "2026-12-21", State.NEEDLESS, 0)]
    await office.desk.enrolment.screen(ADA, "seen", True, MARK + 41 * SECOND)
    assert await office.at(MARK + ONE_DAY) == 2
    assert await office.reviews() == [(1, "2026-12-22", State.SENT, 1)]


@pytest.mark.parametrize(
    ("died_in", "calls_before", "letters", "then"),
    [
        (State.DUE, 0, 1, (State.SENT, 1)),
        (State.CLAIMED, 0, 1, (State.SENT, 1)),
        (State.SENDING, 1, 1, (State.SENT, 2)),  # it may have left: once more
        (State.SENDING, 2, 0, (State.DOUBTFUL, 2)),  # twice is all
    ],
)
async def test_a_review_survives_whoever_held_it_and_is_never_too_late(
    office: Office, died_in: State, calls_before: int, letters: int, then: tuple[str, int]
) -> None:
    await until_the_mark(office)
    profile = await office.desk.enrolment.profile(ADA)
    await office.desk.retrospect.plan(profile, MARK.date(), MARK)
    async with office.database.work() as work:
        await builders.noted(
            work, ReviewRow, 1, died_in, held_until=MARK + LEASE, tries=calls_before
        )
    evening = MARK + FRESH + FRESH  # too late for the ritual itself
    assert await office.at(evening) == letters
    assert await office.reviews() == [(1, "2026-12-21", *then)]
    assert await office.at(DUE + 29 * ONE_DAY) == 1  # the card, and no review


async def test_whoever_dies_between_ritual_and_review_leaves_it_to_the_next_ritual(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await until_the_mark(office)
    with monkeypatch.context() as dying, capture_logs():
        dying.setattr(reviews, "plan", _die)
        assert await office.at(MARK) == 1
    assert (await office.states())[-2:] == [State.SENT, State.DUE]
    assert await office.reviews() == []
    assert await office.at(MARK + ONE_DAY) == 2
    assert await office.reviews() == [(1, "2026-12-22", State.SENT, 1)]


async def _die(*_args: object) -> None:
    raise RuntimeError("the power went")


async def test_a_review_that_waited_until_the_next_mark_is_overtaken_by_it(office: Office) -> None:
    await until_the_mark(office)
    await office.at(MARK, Sent(1), Later(3600))
    for day in (40, 50):
        await office.practise(DUE + day * ONE_DAY)
    await office.at(DUE + 56 * ONE_DAY - SECOND)  # nobody ticked for four weeks
    assert [row[:1] + row[2:3] for row in await office.reviews()] == [(1, State.NEEDLESS)]
    assert await office.at(DUE + 56 * ONE_DAY) == 2
    assert "8 weeks: a look back" in office.outbox.letters[-1][1].text
    assert await office.at(DUE + 57 * ONE_DAY) == 1


async def test_two_postmen_at_once_never_send_a_review_twice(
    tmp_path: Path, office: Office
) -> None:
    await until_the_mark(office)
    async with builders.database(tmp_path) as other:
        colleague = Office(other)
        office.now = colleague.now = MARK
        both = office.postman, colleague.postman
        await asyncio.gather(*(postman.run() for postman in both * 2))
        sent = [letter.text for o in (office, colleague) for _, letter in o.outbox.letters]
    assert len([text for text in sent if "a look back" in text]) == 1


async def test_after_four_weeks_away_the_safety_questions_come_instead_of_the_ritual(
    office: Office,
) -> None:
    await office.enrol()
    await office.at(DUE)
    await office.practise(DUE)
    for day in range(1, 28):
        await office.at(DUE + day * ONE_DAY)
        assert "Before the first coffee" in office.outbox.newest_card()
    for day in (28, 29):
        assert await office.at(DUE + day * ONE_DAY) == 1
        assert "Is any of this <b>new</b>?" in office.outbox.letters[-1][1].text
    assert await office.reviews() == []  # it waits, too
    for tier in (Tier.EMERGENCY, Tier.URGENT):
        await office.desk.enrolment.screen(ADA, tier, False, DUE + 29 * ONE_DAY)
    assert await office.at(DUE + 30 * ONE_DAY) == 2
    card, review = (letter.text for _, letter in office.outbox.letters[-2:])
    assert "four weeks or more" in card
    assert "4 weeks: a look back" in review


async def test_once_a_week_the_card_points_at_the_safety_button(office: Office) -> None:
    await office.enrol()
    reminded = []
    for day in range(16):
        await office.at(DUE + day * ONE_DAY)
        if "something new or worrying?" in office.outbox.newest_card():
            reminded.append(day)
        if day == 1:
            await office.practise(DUE + day * ONE_DAY)
    assert reminded == [8, 15]  # counted from what was practised first
