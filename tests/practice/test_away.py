"""Days away at the desk: told step by step, lived by another clock, and gently home."""

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.decision import Action, Reason
from bot.domain.refusal import (
    AlreadyTold,
    AtHome,
    ButtonUnreadable,
    NotADay,
    NotEnrolled,
    PlanLocked,
)
from bot.domain.trip import Asks
from bot.practice.away import HOME, LOCAL, PATIENCE, Absence
from bot.practice.occurrences import plan_next
from bot.practice.plan import Plan
from bot.storage import people, post
from bot.storage.tables import DeliveryRow, State
from tests import builders
from tests.builders import ADA, enrolled
from tests.practice.someone import CALM, RED, Someone, at
from tests.practice.test_flare import all_the_same

TOKYO = "Asia/Tokyo"
CLEAN_DAYS = 12


class Traveller(Someone):
    """Tells of days away."""

    async def begin(self, now: dt.datetime) -> Absence:
        return await self.desk.away.begin(ADA, update_id=next(self._updates), now=now)

    async def says(self, asks: Asks, value: str, now: dt.datetime) -> Absence:
        return await self.desk.away.tell(ADA, asks, value, update_id=next(self._updates), now=now)

    async def leaves(self, now: dt.datetime, days: int, zone: str | None = None) -> Absence:
        """Home again so many days later."""
        today = (await self.begin(now)).today
        await self.says(Asks.UNTIL, (today + dt.timedelta(days=days)).isoformat(), now)
        await self.says(Asks.SET, "hotel", now)
        if zone is None:
            return await self.says(Asks.CLOCK, HOME, now)
        await self.says(Asks.CLOCK, LOCAL, now)
        return await self.says(Asks.TOWN, zone, now)

    async def comes_back(self, now: dt.datetime) -> Absence:
        return await self.desk.away.come_back(ADA, update_id=next(self._updates), now=now)

    async def waiting(self) -> list[tuple[str, str]]:
        """The rituals that wait: date and time of them, in UTC."""
        async with self.desk.enrolment.database.look() as work:
            rows = await (await work.connection()).execute(
                sa.text("SELECT local_date, due_at FROM delivery WHERE state = 'due'")
            )
        return [(str(day), str(due)[:16]) for day, due in rows]

    async def sent(self, now: dt.datetime) -> dt.date:
        """The ritual that is due goes out; the date it is for."""
        async with self.desk.enrolment.database.work() as work:
            (row,) = await post.due(work, DeliveryRow, now)
            assert row.id is not None
            await builders.noted(work, DeliveryRow, row.id, State.SENT)
            profile = await people.get(work, row.person_id)
            await plan_next(work, profile, row.ritual_id, max(now, row.due_at))
        return row.local_date


@pytest.fixture
async def ada(tmp_path: Path) -> AsyncIterator[Traveller]:
    async with builders.database(tmp_path) as database:
        desk = builders.desk(database)
        await enrolled(desk, at(0, hours=-1))
        yield Traveller(desk)


def given(plan: Plan) -> dict[str, tuple[int, float]]:
    return {g.ladder: (g.step, g.dose_fraction) for g in plan.session.given}


async def well(ada: Traveller, days: int = CLEAN_DAYS) -> None:
    for number in range(days):
        await ada.day(number)


async def test_it_is_told_question_by_question_and_each_is_kept_at_once(ada: Traveller) -> None:
    now = at(0)
    assert (await ada.begin(now)).asks is Asks.UNTIL
    assert (await ada.says(Asks.UNTIL, "2026-11-28", now)).asks is Asks.SET
    assert (await ada.says(Asks.SET, "seat", now)).asks is Asks.CLOCK
    told = await ada.says(Asks.CLOCK, LOCAL, now)
    assert told.asks is Asks.TOWN
    assert told.trip is not None  # at home time, until the town is known
    assert told.trip.zone is None
    told = await ada.says(Asks.TOWN, TOKYO, now)
    assert told.asks is None
    assert told.trip is not None
    assert (told.trip.set_id, told.trip.zone) == ("seat", TOKYO)
    assert (told.trip.from_day, told.trip.until_day) == (
        dt.date(2026, 11, 23),
        dt.date(2026, 11, 28),
    )


async def test_an_old_button_an_old_answer_and_a_lost_reply_change_nothing(ada: Traveller) -> None:
    with pytest.raises(AlreadyTold):
        await ada.says(Asks.UNTIL, "2026-11-28", at(0))  # nothing is open
    await ada.begin(at(0))
    with pytest.raises(AlreadyTold):
        await ada.says(Asks.SET, "hotel", at(0))
    first = await ada.desk.away.tell(ADA, Asks.UNTIL, "2026-11-28", update_id=9, now=at(0))
    again = await ada.desk.away.tell(ADA, Asks.UNTIL, "2026-11-28", update_id=9, now=at(0))
    assert again == first


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-01", "2028-01-01", "soon"])
async def test_a_day_of_return_lies_ahead_and_within_a_year(ada: Traveller, day: str) -> None:
    await ada.begin(at(0))
    with pytest.raises(NotADay):
        await ada.says(Asks.UNTIL, day, at(0))
    assert (await ada.says(Asks.UNTIL, "2026-11-24", at(0))).asks is Asks.SET


async def test_what_no_button_says_is_refused(ada: Traveller) -> None:
    await ada.begin(at(0))
    await ada.says(Asks.UNTIL, "2026-11-28", at(0))
    with pytest.raises(ButtonUnreadable):
        await ada.says(Asks.SET, "before-coffee", at(0))
    await ada.says(Asks.SET, "hotel", at(0))
    with pytest.raises(ButtonUnreadable):
        await ada.says(Asks.CLOCK, "mars", at(0))
    await ada.says(Asks.CLOCK, LOCAL, at(0))
    for zone in ("Mars/Base", "Europe", "../etc/passwd"):
        with pytest.raises(ButtonUnreadable):
            await ada.says(Asks.TOWN, zone, at(0))


async def test_left_half_told_it_is_no_trip_and_typed_words_are_soon_nobodys_answer(
    ada: Traveller,
) -> None:
    await ada.begin(at(0))
    profile = await ada.desk.enrolment.profile(ADA)
    assert (await ada.desk.away.look(profile, at(0, hours=1))).asks is Asks.UNTIL
    later = await ada.desk.away.look(profile, at(0) + PATIENCE)
    assert (later.asks, later.trip) == (None, None)
    left = await ada.desk.away.leave(ADA, update_id=5, now=at(0, hours=2))
    assert (left.asks, left.trip) == (None, None)
    assert not (await ada.today(at(1))).session.travel


async def test_away_the_set_stands_in_and_no_step_advances(ada: Traveller) -> None:
    await well(ada)
    own = await ada.standings(at(CLEAN_DAYS))
    held = (await ada.course(at(CLEAN_DAYS))).standings_held_back
    await ada.leaves(at(CLEAN_DAYS - 1, hours=12), 8)
    for number in range(CLEAN_DAYS, CLEAN_DAYS + 7):
        plan = await ada.today(at(number))
        assert plan.set.id == "hotel"
        assert plan.trip is not None
        assert plan.session.away
        assert not plan.decisions
        assert all(step <= held[name].step for name, (step, _) in given(plan).items())
        assert (await ada.today(at(number, hours=1))).session == plan.session
        await ada.day(number)
    after = (await ada.course(at(CLEAN_DAYS + 7))).standings
    assert all(after[name].step <= own[name].step for name in own.keys() & after.keys())
    assert await all_the_same(ada.desk)


async def test_a_morning_away_is_asked_about_and_fits_the_day(ada: Traveller) -> None:
    await well(ada)
    await ada.leaves(at(CLEAN_DAYS - 1, hours=12), 5)
    await ada.answer(await ada.today(at(CLEAN_DAYS)), CALM, at(CLEAN_DAYS, hours=1))
    plan = await ada.today(at(CLEAN_DAYS + 1))
    assert plan.morning_of is not None
    before = (await ada.course(at(CLEAN_DAYS + 1))).standings_held_back
    plan = await ada.wake(plan.morning_of.id, 9, at(CLEAN_DAYS + 1))
    after = (await ada.course(at(CLEAN_DAYS + 1))).standings_held_back
    assert plan.session.away
    assert any(after[name] < before[name] for name in after.keys() & before.keys())
    assert all(dose <= after[name].dose_fraction for name, (_, dose) in given(plan).items())


async def test_strong_pain_that_returns_asks_for_a_clinician_away_as_well(ada: Traveller) -> None:
    await ada.day(0, RED)
    await ada.leaves(at(0, hours=12), 40)
    days = iter(range(1, 30))
    with pytest.raises(PlanLocked, match="R"):
        await until_it_rests(ada, days)
    assert next(days) > 14
    assert await all_the_same(ada.desk)


async def until_it_rests(ada: Traveller, days: Iterator[int]) -> None:
    for number in days:
        await ada.day(number, RED, woke=7)


async def test_the_first_turn_at_home_is_one_notch_smaller_and_then_it_goes_on(
    ada: Traveller,
) -> None:
    await well(ada, 16)
    full = {n: s for n, s in (await ada.standings(at(16))).items() if s.dose_fraction == 1.0}
    assert full
    await ada.leaves(at(15, hours=12), 3)
    for number in (16, 17):
        await ada.day(number)
    plan = await ada.today(at(18))
    assert not plan.session.travel
    assert plan.returned
    assert all(dose <= 0.8 for _, dose in given(plan).values())
    smaller = [d for d in plan.decisions.values() if d.reasons[0] is Reason.HOME_AGAIN]
    assert any(d.action is Action.REDUCE_DOSE for d in smaller)
    assert all("R21" in d.rules for d in plan.decisions.values())
    await ada.answer(plan, CALM, at(18, hours=1))
    after = await ada.today(at(19))
    assert not after.returned
    given_again = plan.decisions.keys() & after.decisions.keys()
    assert all("R21" not in after.decisions[name].rules for name in given_again)
    assert await all_the_same(ada.desk)


async def test_one_night_away_changes_no_portion(ada: Traveller) -> None:
    await well(ada, 16)
    await ada.leaves(at(15, hours=12), 1)
    plan = await ada.today(at(16))
    assert plan.returned
    assert all("R21" not in d.rules for d in plan.decisions.values())


async def test_nothing_practised_for_a_week_away_is_a_gap_and_the_smaller_portion_counts(
    ada: Traveller,
) -> None:
    await well(ada, 16)
    await ada.leaves(at(15, hours=12), 9)
    plan = await ada.today(at(24))
    assert all(dose <= 0.6 for _, dose in given(plan).values())
    assert {d.reasons[0] for d in plan.decisions.values()} >= {Reason.SHORT_GAP}


async def test_four_weeks_away_in_silence_ask_for_safety_first(ada: Traveller) -> None:
    await well(ada, 3)
    await ada.leaves(at(2, hours=12), 60)
    with pytest.raises(NotEnrolled):
        await ada.today(at(2 + 28))


async def test_back_early_the_ritual_at_home_is_there_at_once(ada: Traveller) -> None:
    await well(ada, 3)
    await ada.leaves(at(2, hours=12), 10, TOKYO)
    assert (await ada.today(at(5))).session.away
    home = await ada.comes_back(at(5, hours=1))
    assert home.trip is None
    plan = await ada.today(at(5, hours=1))
    assert not plan.session.travel
    assert plan.returned
    with pytest.raises(AtHome):
        await ada.comes_back(at(5, hours=2))


async def test_what_was_practised_away_stays_the_days_session_for_who_is_back(
    ada: Traveller,
) -> None:
    await well(ada, 3)
    await ada.leaves(at(2, hours=12), 10)
    away = await ada.today(at(4))
    await ada.answer(away, CALM, at(4, hours=1))
    await ada.comes_back(at(4, hours=2))
    assert (await ada.today(at(4, hours=3))).session.id == away.session.id
    assert not (await ada.today(at(5))).session.travel


async def test_what_was_practised_at_home_stays_the_days_session_for_who_leaves(
    ada: Traveller,
) -> None:
    plan = await ada.day(0)
    await ada.leaves(at(0, hours=2), 5)
    assert (await ada.today(at(0, hours=3))).session.id == plan.session.id
    assert (await ada.today(at(1))).session.away


# When the ritual comes.


async def test_a_ritual_for_each_date_there_and_back(ada: Traveller) -> None:
    assert await ada.waiting() == [("2026-11-24", "2026-11-24 06:00")] or await ada.sent(at(0))
    await ada.leaves(at(0, hours=1), 4, TOKYO)  # home on the 27th
    dates = []
    for _ in range(6):
        [(_, due)] = await ada.waiting()
        now = dt.datetime.fromisoformat(due).replace(tzinfo=dt.UTC)
        dates.append(((await ada.sent(now)).day, due[8:]))
    assert dates == [
        (24, "23 22:00"),  # 07:00 in Tokyo
        (25, "24 22:00"),
        (26, "25 22:00"),
        (27, "27 06:00"),  # 07:00 in Zurich
        (28, "28 06:00"),
        (29, "29 06:00"),
    ]


async def test_a_change_at_the_moment_a_ritual_is_due_neither_skips_nor_doubles_it(
    ada: Traveller,
) -> None:
    """06:00 UTC is 07:00 in Zurich and 15:00 in Tokyo: over there the hour of that date has passed."""
    if (await ada.waiting())[0][0] == "2026-11-23":
        await ada.sent(at(0))
    await ada.leaves(at(1), 4, TOKYO)  # the ritual of the 24th waits, due this very second
    assert await ada.waiting() == [
        ("2026-11-24", "2026-11-24 06:00"),  # it still comes
        ("2026-11-25", "2026-11-24 22:00"),
    ]
    assert (await ada.sent(at(1))).day == 24
    assert [day for day, _ in await ada.waiting()] == ["2026-11-25"]


async def test_westwards_over_the_date_line_a_date_has_one_ritual(ada: Traveller) -> None:
    await ada.sent(at(0))
    await ada.leaves(at(0, hours=1), 6, "Pacific/Kiritimati")  # 14 hours ahead of UTC
    [(_, due)] = await ada.waiting()
    assert due == "2026-11-23 17:00"  # 07:00 of the 24th
    await ada.sent(at(0, hours=11))
    # Over the line: from the 24th back to the 23rd.
    await ada.leaves(at(0, hours=12), 7, "Pacific/Honolulu")
    assert await ada.waiting() == [("2026-11-25", "2026-11-25 17:00")]  # 07:00 there


async def test_eastwards_over_the_date_line_the_new_date_comes_by_its_own_hour(
    ada: Traveller,
) -> None:
    await ada.sent(at(0))
    await ada.leaves(at(0, hours=1), 6, "Pacific/Honolulu")  # 21:00 on the 22nd there
    assert await ada.waiting() == [("2026-11-24", "2026-11-24 17:00")]
    # 06:30 of the 24th there; on Kiritimati 06:30 of the 25th.
    await ada.leaves(at(1, hours=10.5), 6, "Pacific/Kiritimati")
    assert await ada.waiting() == [("2026-11-25", "2026-11-24 17:00")]


async def test_what_is_on_its_way_when_the_clock_changes_goes_out_once(ada: Traveller) -> None:
    database = ada.desk.enrolment.database
    await ada.sent(at(0))
    async with database.look() as work:
        rows = await post.due(work, DeliveryRow, at(1))
    await ada.leaves(at(1), 4, TOKYO)
    async with database.work() as work:
        assert len(await post.begin(work, rows, at(1, hours=1))) == 1
    assert [day for day, _ in await ada.waiting()] == ["2026-11-25"]
