"""Several rituals, snoozes, pauses, quiet hours and the question after silent days, through the postman."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bot.delivery.letter import Letter
from bot.delivery.pace import Freely
from bot.delivery.taps import Rate
from bot.domain.feedback import Completed
from bot.domain.refusal import ButtonUnreadable, CardGone, NotADay
from bot.domain.rhythm import Hindrance, Ritual, Snooze
from bot.domain.session import Asked
from bot.practice.plan import Plan
from bot.storage.tables import State
from tests import builders
from tests.builders import ADA
from tests.delivery.test_tick import DUE, FRESH, ONE_DAY, SECOND, SUNDAY, Office

HOUR = dt.timedelta(hours=1)
EVENING = DUE + 11 * HOUR  # 18:00 in Zurich
ZURICH = ZoneInfo("Europe/Zurich")
PLANNED = "SELECT ritual_id, local_date, state FROM delivery ORDER BY due_at, id"


class Rhythmic(Office):
    """An office, and what Ada asks of it."""

    async def second(self, at: dt.time = dt.time(18), now: dt.datetime = SUNDAY) -> Ritual:
        return await self.desk.rhythm.add(ADA, at, now)

    async def plan(self, now: dt.datetime) -> Plan:
        return await self.desk.prescription.today(await self.desk.enrolment.profile(ADA), now)

    async def done(self, plan: Plan, now: dt.datetime, value: int = Completed.FULL) -> None:
        await self.desk.journal.keep(
            ADA, plan.session.id, Asked.COMPLETED, value, update_id=next(self.updates), now=now
        )

    async def snooze(self, plan: Plan, snooze: Snooze, now: dt.datetime) -> bool:
        update_id = next(self.updates)
        return await self.desk.rhythm.snooze(
            ADA, plan.session.id, snooze, update_id=update_id, now=now
        )

    async def pause(self, until: dt.date | None, now: dt.datetime) -> None:
        await self.desk.rhythm.pause(ADA, until, update_id=next(self.updates), now=now)

    async def resume(self, now: dt.datetime) -> None:
        await self.desk.rhythm.resume(ADA, update_id=next(self.updates), now=now)

    @property
    def last(self) -> Letter:
        return self.outbox.letters[-1][1]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Rhythmic]:
    async with builders.database(tmp_path) as database:
        made = Rhythmic(database)
        await made.enrol()
        yield made


def sessions_in(letter: Letter) -> set[int]:
    return {b.tap.session for row in letter.rows for b in row if isinstance(b.tap, Rate)}


# Several rituals.


async def test_each_ritual_of_a_day_has_a_session_of_its_own_by_its_hour_and_minutes(
    office: Rhythmic,
) -> None:
    evening = await office.second()
    await office.desk.rhythm.edit(ADA, evening.id, SUNDAY, minutes=20, name="Late <3")
    assert await office.at(DUE) == 1
    morning_card = office.last
    assert await office.at(EVENING) == 1
    assert sessions_in(morning_card).isdisjoint(sessions_in(office.last))
    assert "Before the first coffee" in morning_card.text
    assert "<b>Late &lt;3</b>" in office.last.text
    assert await office.rows("SELECT occasion, minutes, set_id FROM session ORDER BY id") == [
        ("2026-11-23", 10, "before-coffee"),
        (f"2026-11-23:{evening.id}", 20, "after-meeting"),
    ]


async def test_the_second_ritual_of_a_day_repeats_only_what_fills_it(office: Rhythmic) -> None:
    await office.second()
    first, second = await office.plan(DUE), await office.plan(EVENING)
    assert first.session.id != second.session.id
    ladders = [{portion.ladder for portion in plan.sequence.portions} for plan in (first, second)]
    assert ladders[1] >= {"side", "posture"}
    assert len(ladders[0] & ladders[1]) == 1


async def test_what_the_evening_was_given_with_the_morning_in_sight_stays_so(
    office: Rhythmic,
) -> None:
    await office.second()
    morning = await office.plan(DUE)
    await office.plan(EVENING)
    profile = await office.desk.enrolment.profile(ADA)
    again = await office.desk.prescription.shorten(
        profile, morning.session.id, short=True, now=EVENING
    )
    assert again.session == morning.session


async def test_no_ritual_comes_twice_on_a_day_wherever_its_time_is_moved(office: Rhythmic) -> None:
    [ritual] = (await office.desk.rhythm.look(ADA)).rituals
    await office.at(DUE)
    for hour in (9, 7, 18, 23):
        await office.desk.rhythm.edit(ADA, ritual.id, DUE + SECOND, wall_time=dt.time(hour))
    assert await office.at(DUE + 16 * HOUR) == 0
    assert await office.rows(PLANNED) == [
        (ritual.id, "2026-11-23", State.SENT),
        (ritual.id, "2026-11-24", State.DUE),
    ]


async def test_one_that_is_still_to_come_today_moves_with_its_rule(office: Rhythmic) -> None:
    [ritual] = (await office.desk.rhythm.look(ADA)).rituals
    early = DUE - HOUR
    await office.desk.rhythm.edit(ADA, ritual.id, early, wall_time=dt.time(18))
    assert await office.at(DUE) == 0
    assert await office.at(EVENING) == 1
    await office.desk.rhythm.edit(ADA, ritual.id, EVENING, weekdays=1 << 4)  # Fridays
    assert [await office.at(EVENING + n * ONE_DAY) for n in range(1, 6)] == [0, 0, 0, 1, 0]


async def test_moved_to_another_hour_an_untouched_card_is_of_that_hours_set(
    office: Rhythmic,
) -> None:
    [ritual] = (await office.desk.rhythm.look(ADA)).rituals
    before = await office.plan(DUE - HOUR)
    await office.desk.rhythm.edit(ADA, ritual.id, DUE - HOUR, wall_time=dt.time(18))
    after = await office.plan(DUE - HOUR)
    assert (before.set.id, after.set.id) == ("before-coffee", "after-meeting")
    assert after.session.id == before.session.id
    await office.done(after, DUE - HOUR)
    await office.desk.rhythm.edit(ADA, ritual.id, DUE, wall_time=dt.time(7))
    assert (await office.plan(DUE)).set.id == "after-meeting"  # what was practised stays


async def test_a_ritual_that_is_kept_no_more_comes_no_more_and_the_last_one_stays(
    office: Rhythmic,
) -> None:
    evening = await office.second()
    [morning, _] = (await office.desk.rhythm.look(ADA)).rituals
    await office.desk.rhythm.end(ADA, morning.id, SUNDAY)
    assert [await office.at(DUE), await office.at(EVENING)] == [0, 1]
    await office.desk.rhythm.end(ADA, evening.id, EVENING)
    assert (await office.desk.rhythm.look(ADA)).rituals == (evening,)
    with pytest.raises(CardGone):
        await office.desk.rhythm.edit(ADA, morning.id, EVENING, name="Gone")


async def test_four_rituals_at_most_and_one_at_a_time(office: Rhythmic) -> None:
    for hour in (12, 18, 20):
        await office.second(dt.time(hour))
        await office.second(dt.time(hour))  # a second tap
    assert len((await office.desk.rhythm.look(ADA)).rituals) == 4
    with pytest.raises(ButtonUnreadable):
        await office.second(dt.time(21))


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_changed_each_ritual_comes_at_most_once_a_day_and_goes_on(
    office: Rhythmic, seed: int
) -> None:
    """Times, days, zones, pauses and removals, in any order, between the ticks of ten days."""
    chance, now = Random(seed), DUE
    for _ in range(100):
        now += chance.choice((1, 2, 3)) * HOUR
        await change(office, chance, now)
        await office.at(now)
        profile = await office.desk.rhythm.look(ADA)
        due = await office.rows("SELECT DISTINCT ritual_id FROM delivery WHERE state = 'due'")
        paused = profile.pause is not None and profile.pause.until is None
        kept = [] if paused else sorted(ritual.id for ritual in profile.rituals)
        assert sorted(ritual for (ritual,) in due) == kept
    came = await office.rows("SELECT ritual_id, local_date FROM delivery WHERE state = 'sent'")
    assert len(came) == len({*came}) > 2
    # One session a ritual and day, and no card of it twice: the postman was asked for no more.
    cards = [found for _, letter in office.outbox.letters if (found := sessions_in(letter))]
    assert len(cards) == len({session for sessions in cards for session in sessions})


async def change(office: Rhythmic, chance: Random, now: dt.datetime) -> None:
    """Something that Ada may set."""
    rhythm = office.desk.rhythm
    profile = await rhythm.look(ADA)
    ritual = chance.choice(profile.rituals)
    match chance.randint(0, 30):
        case 0 | 1:
            at = dt.time(chance.randint(6, 21), chance.choice((0, 30)))
            await rhythm.edit(ADA, ritual.id, now, wall_time=at)
        case 2:
            await rhythm.edit(ADA, ritual.id, now, weekdays=chance.randint(1, 127))
        case 3:
            zone = chance.choice(("Europe/Zurich", "America/New_York", "Pacific/Auckland"))
            await rhythm.tell(ADA, now, zone=zone)
        case 4:
            days = chance.choice((1, 2, None))
            today = now.astimezone(ZoneInfo(str(profile.zone))).date()
            await office.pause(today + days * ONE_DAY if days else None, now)
        case 5:
            await office.resume(now)
        case 6 if len(profile.rituals) < 3:
            await rhythm.add(ADA, dt.time(chance.randint(6, 21), 15), now)
        case 7:
            await rhythm.end(ADA, ritual.id, now)
        case 8:
            await office.done(await office.plan(now), now)
        case _:
            pass


# Later.


async def test_a_snoozed_card_comes_once_more_with_sound_and_the_rule_stays(
    office: Rhythmic,
) -> None:
    await office.at(DUE)
    plan = await office.plan(DUE)
    assert await office.snooze(plan, Snooze.TONIGHT, DUE)
    assert await office.snooze(plan, Snooze.HALF, DUE + SECOND)  # instead of the first
    assert (await office.plan(DUE + SECOND)).snoozed == dt.time(7, 30, 1)
    assert await office.at(DUE + HOUR / 2) == 0
    assert await office.at(DUE + HOUR / 2 + SECOND) == 1
    assert sessions_in(office.last) == {plan.session.id}
    assert not office.last.silent
    assert "Again at" not in office.last.text
    assert await office.at(DUE + 13 * HOUR) == 0  # not tonight, too
    assert await office.at(DUE + ONE_DAY) == 1  # at its own time


async def test_a_snooze_that_is_processed_twice_stays(office: Rhythmic) -> None:
    plan = await office.plan(DUE)
    for _ in range(2):
        await office.desk.rhythm.snooze(ADA, plan.session.id, Snooze.HALF, update_id=7, now=DUE)
    assert await office.rows("SELECT state FROM errand") == [(State.DUE,)]


async def test_answered_meanwhile_it_is_needless(office: Rhythmic) -> None:
    await office.at(DUE)
    plan = await office.plan(DUE)
    await office.snooze(plan, Snooze.HOUR, DUE)
    await office.done(plan, DUE + SECOND)
    assert await office.at(DUE + HOUR) == 0
    assert await office.rows("SELECT state FROM errand") == [(State.NEEDLESS,)]
    assert not await office.snooze(plan, Snooze.HOUR, DUE + HOUR)


async def test_one_that_was_held_up_until_another_day_does_not_come(office: Rhythmic) -> None:
    await office.at(DUE)
    await office.snooze(await office.plan(DUE), Snooze.HOUR, DUE)
    assert await office.at(DUE + ONE_DAY) == 1  # the new day's own
    assert await office.rows("SELECT state FROM errand") == [(State.NEEDLESS,)]


# Quiet hours.


async def test_a_ritual_inside_quiet_hours_comes_silently_and_one_that_was_late_waits(
    office: Rhythmic,
) -> None:
    [ritual] = (await office.desk.rhythm.look(ADA)).rituals
    await office.desk.rhythm.edit(ADA, ritual.id, SUNDAY, wall_time=dt.time(5))
    assert await office.at(DUE - 2 * HOUR) == 1
    assert office.last.silent
    await office.desk.rhythm.edit(ADA, ritual.id, DUE, wall_time=dt.time(21, 30))
    late = DUE + ONE_DAY + 15 * HOUR  # 22:00
    assert await office.at(late) == 0
    assert await office.at(late + 8 * HOUR) == 0  # too late by then: said with the next
    assert (await office.states())[:2] == [State.SENT, State.LATE]


async def test_an_errand_waits_for_the_end_of_quiet_hours(office: Rhythmic) -> None:
    await silent_days(office)
    await office.desk.rhythm.tell(ADA, DUE, quiet_from=dt.time(18), quiet_until=dt.time(20))
    asked_at = DUE + 2 * ONE_DAY + 12 * HOUR  # 19:00
    await office.at(asked_at)
    assert office.outbox.asked == []
    await office.at(asked_at + HOUR)
    assert len(office.outbox.asked) == 1


# Pauses.


async def test_nothing_comes_in_a_pause_and_on_the_day_it_ends_the_ritual_with_a_kind_line(
    office: Rhythmic,
) -> None:
    await office.at(DUE)
    await office.pause((DUE + 3 * ONE_DAY).date(), DUE + HOUR)
    assert [await office.at(DUE + n * ONE_DAY) for n in (1, 2)] == [0, 0]
    assert (await office.plan(DUE + 2 * ONE_DAY)).session.day == (DUE + 2 * ONE_DAY).date()
    assert await office.at(DUE + 3 * ONE_DAY) == 1
    assert office.last.text.startswith("Good to be back together.")
    assert await office.at(DUE + 4 * ONE_DAY) == 1
    assert "back together" not in office.last.text
    assert "could not reach you" not in office.last.text  # what was not to come was not missed


async def test_a_pause_over_a_change_of_clocks_ends_at_the_wall_time(tmp_path: Path) -> None:
    async with builders.database(tmp_path) as database:
        office = Rhythmic(database)
        friday = dt.datetime(2027, 3, 26, 9, 0, tzinfo=dt.UTC)
        await builders.enrolled(office.desk, friday)
        await office.pause(dt.date(2027, 3, 29), friday)
        summer = dt.datetime(2027, 3, 29, 5, 0, tzinfo=dt.UTC)  # 07:00, an hour earlier
        assert await office.at(summer - SECOND) == 0
        assert await office.at(summer) == 1


async def test_a_pause_without_an_end_lasts_until_they_say_so(office: Rhythmic) -> None:
    await office.pause(None, SUNDAY)
    assert [await office.at(DUE + n * ONE_DAY) for n in range(30)] == [0] * 30
    assert await office.desk.rhythm.next(await office.desk.rhythm.look(ADA)) is None
    back = DUE + 30 * ONE_DAY - HOUR
    await office.resume(back)
    await office.resume(back)  # a second time
    assert await office.at(back + HOUR) == 1
    assert "back together" not in office.last.text  # they know


async def test_one_on_its_way_as_the_pause_is_told_does_not_leave(office: Rhythmic) -> None:
    class Meanwhile(Freely):
        async def turn(self, chat_id: int) -> None:
            await office.pause((DUE + ONE_DAY).date(), DUE)

    office.postman.pace = Meanwhile()
    assert await office.at(DUE) == 0
    assert await office.states() == [State.CANCELLED, State.DUE]
    office.postman.pace = Freely()
    assert await office.at(DUE + ONE_DAY) == 1


async def test_a_pause_ends_in_the_future_and_within_a_year(office: Rhythmic) -> None:
    for until in (SUNDAY.date(), SUNDAY.date() - ONE_DAY, SUNDAY.date() + 400 * ONE_DAY):
        with pytest.raises(NotADay):
            await office.pause(until, SUNDAY)


async def test_a_pause_takes_a_snooze_back(office: Rhythmic) -> None:
    await office.at(DUE)
    await office.snooze(await office.plan(DUE), Snooze.HOUR, DUE)
    await office.pause(None, DUE + SECOND)
    assert await office.at(DUE + HOUR) == 0


# Three silent days.


async def silent_days(office: Rhythmic, number: int = 3, since: int = 0) -> None:
    for day in range(since, since + number):
        await office.at(DUE + day * ONE_DAY)


async def test_after_three_silent_days_one_question_comes_that_evening_and_once(
    office: Rhythmic,
) -> None:
    await silent_days(office)
    assert office.outbox.asked == []
    await office.at(DUE + 2 * ONE_DAY + 12 * HOUR)  # 19:00
    [asked] = office.outbox.asked
    assert asked.silent
    assert "missed" not in asked.text.lower()
    for day in range(3, 17):
        await office.at(DUE + day * ONE_DAY)
        await office.at(DUE + day * ONE_DAY + 12 * HOUR)
    assert len(office.outbox.asked) == 1
    await office.at(DUE + 17 * ONE_DAY)
    await office.at(DUE + 17 * ONE_DAY + 12 * HOUR)
    assert len(office.outbox.asked) == 2  # after two weeks of silence


async def test_two_rituals_a_day_are_asked_about_after_three_days_not_three_cards(
    office: Rhythmic,
) -> None:
    await office.second()
    for day in range(3):
        assert len(office.outbox.asked) == 0
        await office.at(DUE + day * ONE_DAY)
        await office.at(EVENING + day * ONE_DAY)
        await office.at(EVENING + day * ONE_DAY + 3 * HOUR)
    await office.at(DUE + 3 * ONE_DAY + 12 * HOUR)
    assert len(office.outbox.asked) == 1


@pytest.mark.parametrize("value", Completed)
async def test_whoever_stirs_is_not_asked(office: Rhythmic, value: Completed) -> None:
    await silent_days(office)
    await office.done(await office.plan(DUE + 2 * ONE_DAY), DUE + 2 * ONE_DAY, value)
    await office.at(DUE + 2 * ONE_DAY + 12 * HOUR)
    assert office.outbox.asked == []
    assert await office.rows("SELECT state FROM errand") == [(State.NEEDLESS,)]


async def test_whoever_pauses_is_not_asked_and_begins_anew(office: Rhythmic) -> None:
    await silent_days(office)
    await office.pause((DUE + 4 * ONE_DAY).date(), DUE + 2 * ONE_DAY + HOUR)
    await silent_days(office, 2, since=4)
    await office.at(DUE + 5 * ONE_DAY + 12 * HOUR)
    assert office.outbox.asked == []


async def test_what_could_not_arrive_is_no_silence(office: Rhythmic) -> None:
    await silent_days(office, 2)
    await office.at(DUE + 2 * ONE_DAY + FRESH + SECOND)
    await office.at(DUE + 2 * ONE_DAY + 12 * HOUR)
    assert office.outbox.asked == []


async def test_bored_brings_another_order_and_opening_and_the_steps_stay(office: Rhythmic) -> None:
    before = await office.plan(DUE)
    await office.desk.lapse.answer(ADA, Hindrance.BORED, update_id=1, now=DUE)
    after = await office.plan(DUE)
    assert after.session.id == before.session.id
    assert after.sequence.opening != before.sequence.opening
    order = [p.ladder for p in after.sequence.portions]
    assert order != [p.ladder for p in before.sequence.portions]
    assert {p.ladder: p.step for p in after.sequence.portions} == {
        p.ladder: p.step for p in before.sequence.portions
    }
    profile = await office.desk.enrolment.profile(ADA)
    shown = await office.desk.prescription.show(profile, after.session.id)
    assert shown.sequence == after.sequence


async def test_no_time_makes_every_ritual_one_size_smaller_down_to_ten(office: Rhythmic) -> None:
    evening = await office.second()
    await office.desk.rhythm.edit(ADA, evening.id, SUNDAY, minutes=20)
    for sizes in ((10, 15), (10, 10), (10, 10)):
        profile = await office.desk.rhythm.shorter(ADA, SUNDAY)
        assert (profile.minutes, profile.rituals[1].minutes) == sizes


async def test_two_minutes_next_time_is_the_next_ritual_and_only_that(office: Rhythmic) -> None:
    await office.at(DUE)
    assert await office.desk.rhythm.two_minutes_next(ADA, DUE) == (DUE + ONE_DAY).date()
    profile = await office.desk.enrolment.profile(ADA)
    today = await office.plan(DUE)
    shorter = await office.desk.prescription.shorten(profile, today.session.id, short=True, now=DUE)
    assert shorter.set.name == "Two minutes"  # today's card can still be shortened as well
    await office.at(DUE + ONE_DAY)
    assert "Two minutes" in office.last.text
    await office.at(DUE + 2 * ONE_DAY)
    assert "Before the first coffee" in office.last.text
