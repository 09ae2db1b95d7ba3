"""The sequence of a day: made once, decided again while nobody touched it, and never changed after."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from bot.domain.decision import Action, Reason
from bot.domain.refusal import CardGone, NotEnrolled, PlanLocked
from bot.domain.safety import SEEN, Tier
from bot.domain.session import Asked
from bot.practice.desk import Desk
from bot.practice.plan import MORNING_DAYS
from bot.storage.tables import AnswerRow, DecisionRow, DeliveryRow, RitualRow, SessionRow, State
from tests import builders
from tests.builders import ADA, enrolled
from tests.practice.someone import CALM, RED, Someone, at

BOB = 1002
CLEAN_DAYS = 6


async def rows(desk: Desk, table: type[SQLModel]) -> Sequence[Any]:
    async with desk.enrolment.database.look() as work:
        return (await work.exec(select(table).order_by(col(table.id)))).all()  # type: ignore[attr-defined]


async def test_a_day_is_one_session_however_often_it_is_asked_for(ada: Someone) -> None:
    first = await ada.today(at(0))
    assert await ada.today(at(0)) == first
    assert await ada.today(at(0, hours=15)) == first
    assert [row.occasion for row in await rows(ada.desk, SessionRow)] == ["2026-11-23"]
    assert len(await rows(ada.desk, DecisionRow)) == len(first.session.given)


async def test_asked_for_by_several_at_once_it_is_one_session_too(ada: Someone) -> None:
    plans = await asyncio.gather(*(ada.today(at(0)) for _ in range(5)))
    assert all(plan == plans[0] for plan in plans)
    assert len(await rows(ada.desk, DecisionRow)) == len(plans[0].session.given)


async def test_what_is_made_is_what_stands_in_the_rows(ada: Someone) -> None:
    for day in range(5):
        made = await ada.today(at(day))
        assert made == await ada.show(made.session.id)
        await ada.answer(made, CALM, at(day, hours=1))


async def test_a_day_begins_where_the_person_is(ada: Someone) -> None:
    late = await ada.today(dt.datetime(2026, 11, 23, 22, 59, tzinfo=dt.UTC))
    midnight = await ada.today(dt.datetime(2026, 11, 23, 23, 0, tzinfo=dt.UTC))
    assert (late.session.day.day, midnight.session.day.day) == (23, 24)


async def test_a_delivery_of_yesterday_is_still_yesterdays(ada: Someone) -> None:
    profile = await ada.desk.enrolment.profile(ADA)
    plan = await ada.desk.prescription.today(profile, at(1), dt.date(2026, 11, 23))
    assert plan.session.day == dt.date(2026, 11, 23)


async def test_the_first_day_begins_gently_for_everyone(ada: Someone) -> None:
    plan = await ada.today(at(0))
    assert {(given.step, given.dose_fraction) for given in plan.session.given} == {(1, 0.6)}
    assert {decision.reasons for decision in plan.decisions.values()} == {(Reason.FIRST_TIME,)}
    assert plan.decisions.keys() == {given.ladder for given in plan.session.given}
    assert plan.morning_of is None
    assert [p.ladder for p in plan.sequence.portions] == [g.ladder for g in plan.session.given]


async def test_how_someone_woke_decides_the_day_again_in_place(ada: Someone) -> None:
    for number in range(2):
        await ada.day(number)
    before = await ada.today(at(2))
    assert before.morning_of is not None
    after = await ada.wake(before.morning_of.id, 9, at(2))
    assert after.session.id == before.session.id
    assert after.morning_of is None
    hit = after.decisions.keys() & {given.ladder for given in before.morning_of.given}
    assert hit
    assert {after.decisions[ladder].reasons[0] for ladder in hit} == {Reason.MORNING_RED}
    assert {after.decisions[ladder].dose_fraction for ladder in hit} == {0.4}


async def test_once_somebody_answered_the_day_stays_as_it_was_given(ada: Someone) -> None:
    await ada.day(0)
    before = await ada.today(at(1))
    assert before.morning_of is not None
    await ada.answer(before, {Asked.COMPLETED: 0}, at(1))
    decided = len(await rows(ada.desk, DecisionRow))
    after = await ada.wake(before.morning_of.id, 9, at(1))
    assert after.session.given == before.session.given
    assert after.sequence == before.sequence
    assert len(await rows(ada.desk, DecisionRow)) == decided


async def test_decisions_are_added_and_never_changed_each_with_the_answers_behind_it(
    ada: Someone,
) -> None:
    await ada.day(0)
    before = await ada.today(at(1))
    first = await rows(ada.desk, DecisionRow)
    assert before.morning_of is not None
    await ada.wake(before.morning_of.id, 3, at(1))
    every = await rows(ada.desk, DecisionRow)
    assert [row.model_dump() for row in every[: len(first)]] == [row.model_dump() for row in first]
    todays = [row for row in every if row.session_id == before.session.id]
    newest = max(row.id for row in await rows(ada.desk, AnswerRow))
    assert sorted({row.answers_upto for row in todays}) == [newest - 1, newest]
    assert {row.policy for row in every} == {ada.desk.prescription.policy.version}


async def test_a_morning_that_changes_nothing_is_a_decision_too(ada: Someone) -> None:
    await ada.day(0)
    before = await ada.today(at(1))
    assert before.morning_of is not None
    after = await ada.wake(before.morning_of.id, 2, at(1))
    assert after.session.given == before.session.given
    [upto] = {row.answers_upto for row in (await rows(ada.desk, DecisionRow))[-1:]}
    assert upto == len(CALM) + 1


async def test_clean_days_grow_and_what_was_given_is_what_was_decided(ada: Someone) -> None:
    for number in range(CLEAN_DAYS):
        plan = await ada.day(number)
    highest = max(given.dose_fraction for given in plan.session.given)
    assert highest > 0.6
    for given in plan.session.given:
        decision = plan.decisions[given.ladder]
        assert (given.step, given.dose_fraction) == (decision.step, decision.dose_fraction)
        assert given.shown_dose <= given.dose_fraction


# How someone woke.


@pytest.mark.parametrize(
    ("days_later", "asked"), [(1, True), (MORNING_DAYS, True), (MORNING_DAYS + 1, False)]
)
async def test_a_morning_is_asked_about_while_it_can_be_remembered(
    ada: Someone, days_later: int, asked: bool
) -> None:
    await ada.day(0)
    assert ((await ada.today(at(days_later))).morning_of is not None) is asked


async def test_nobody_is_asked_how_they_woke_after_a_day_without_practice(ada: Someone) -> None:
    plan = await ada.today(at(0))
    await ada.answer(plan, {Asked.COMPLETED: 2}, at(0))
    assert (await ada.today(at(1))).morning_of is None


# What is asked back.


async def test_a_number_in_doubt_holds_and_what_is_said_about_it_decides_again(
    ada: Someone,
) -> None:
    for number in range(12):
        plan = await ada.day(number)
    await ada.answer(plan, {Asked.PAIN: 9}, at(11, hours=2))
    moves = []
    for asked, value in ((Asked.MORNING, 2), (Asked.PAIN_CONFIRMED, 9), (Asked.PAIN, 1)):
        today = await ada.recall(plan.session.id, asked, value, at(12))
        reasons = {decision.reasons[0] for decision in today.decisions.values()}
        moves.append(reasons & {Reason.SURPRISING_PAIN, Reason.PAIN_RED})
        assert (today.doubt_before is not None) is (asked is Asked.MORNING)
    assert moves == [{Reason.SURPRISING_PAIN}, {Reason.PAIN_RED}, set()]


@pytest.mark.parametrize(
    ("asked", "days_later", "waits"),
    [
        (Asked.PAIN, 1, True),
        (Asked.PAIN, 2, False),  # by then it stands
        (Asked.MORNING, 1, True),
        (Asked.MORNING, MORNING_DAYS, True),
        (Asked.MORNING, MORNING_DAYS + 1, False),
    ],
)
async def test_an_earlier_number_is_asked_back_while_it_matters(
    ada: Someone, asked: Asked, days_later: int, waits: bool
) -> None:
    for number in range(7):
        plan = await ada.day(number)
    await ada.answer(plan, {asked: 9}, at(7))
    today = await ada.today(at(6 + days_later))
    assert (today.doubt_before is not None) is waits
    if today.doubt_before is not None:
        assert (today.doubt_before.session.id, today.doubt_before.asked) == (plan.session.id, asked)
        assert (await ada.travel(at(6 + days_later))).doubt_before is None
    await ada.answer(today, {Asked.COMPLETED: 0}, at(6 + days_later))
    assert (await ada.today(at(7 + days_later))).doubt_before is None  # it was a day before that


# On the way.


@pytest.mark.parametrize("set_id", ["hotel", "seat", "after-flight"])
@pytest.mark.parametrize("minutes", [5, 15])
async def test_a_set_for_the_way_moves_nobody(ada: Someone, set_id: str, minutes: int) -> None:
    for number in range(CLEAN_DAYS):
        await ada.day(number)
    course = await ada.course(at(CLEAN_DAYS))
    own, held_back = course.standings, course.standings_held_back
    plan = await ada.travel(at(CLEAN_DAYS), minutes, set_id)
    await ada.answer(plan, CALM, at(CLEAN_DAYS))
    assert plan.session.travel
    assert plan.decisions == {}
    assert plan.sequence.seconds <= minutes * 60
    tomorrow = await ada.standings(at(CLEAN_DAYS + 1))
    assert any(own[ladder] == held_back[ladder] for ladder in own)
    for ladder, standing in own.items():  # what is due may wait until the next ritual
        assert held_back[ladder] <= tomorrow[ladder] <= standing


async def test_each_wish_for_a_set_is_a_session_and_the_ritual_stays(ada: Someone) -> None:
    ritual = await ada.today(at(0))
    sets = [await ada.travel(at(0)) for _ in range(2)]
    assert len({plan.session.id for plan in [*sets, ritual]}) == 3
    assert await ada.today(at(0)) == ritual


async def test_whatever_went_wrong_on_the_way_is_heeded_at_home(ada: Someone) -> None:
    for number in range(2):
        await ada.day(number)
    plan = await ada.travel(at(2), 15)
    await ada.answer(plan, RED, at(2))
    course = await ada.course(at(3))
    sore = [course.decisions[given.ladder] for given in plan.session.given]
    assert {decision.action for decision in sore} == {Action.REDUCE_DOSE}


# Locks.


async def test_strong_pain_that_keeps_returning_locks_the_plan_until_somebody_was_seen(
    ada: Someone,
) -> None:
    locked = None
    for number in range(60):
        try:
            await ada.day(number, RED, woke=2)
        except PlanLocked as lock:
            locked = number, lock.tier
            break
    assert locked is not None
    day, tier = locked
    assert tier == Tier.ROUTINE
    assert day >= 14
    assert (await ada.desk.enrolment.profile(ADA)).screening.lock is Tier.ROUTINE
    with pytest.raises(PlanLocked):
        await ada.today(at(day))
    with pytest.raises(PlanLocked):
        await ada.travel(at(day))

    await ada.desk.enrolment.screen(ADA, SEEN, True, at(day, hours=2))
    back = await ada.today(at(day, hours=3))
    assert {given.dose_fraction for given in back.session.given} == {0.6}
    assert {decision.reasons[0] for decision in back.decisions.values()} == {Reason.FIRST_TIME}
    await ada.answer(back, CALM, at(day, hours=4))
    for number in range(day + 1, day + 4):
        await ada.day(number)  # and the old pain locks nothing again


@pytest.mark.parametrize("tier", [Tier.EMERGENCY, Tier.URGENT])
async def test_a_worry_locks_whatever_the_day_had_brought(ada: Someone, tier: Tier) -> None:
    plan = await ada.today(at(0))
    await ada.desk.enrolment.screen(ADA, tier, True, at(0))
    for wish in (ada.today(at(0)), ada.travel(at(0)), ada.show(plan.session.id)):
        with pytest.raises(PlanLocked) as locked:
            await wish
        assert locked.value.tier == tier


async def test_who_was_seen_on_the_same_day_begins_that_day_anew(ada: Someone) -> None:
    for number in range(CLEAN_DAYS):
        await ada.day(number)
    before = await ada.today(at(CLEAN_DAYS))
    assert max(given.dose_fraction for given in before.session.given) > 0.6
    await ada.desk.enrolment.screen(ADA, Tier.EMERGENCY, True, at(CLEAN_DAYS, hours=1))
    await ada.desk.enrolment.screen(ADA, SEEN, True, at(CLEAN_DAYS, hours=5))
    after = await ada.today(at(CLEAN_DAYS, hours=6))
    assert {given.dose_fraction for given in after.session.given} == {0.6}
    assert await ada.today(at(CLEAN_DAYS, hours=7)) == after


async def test_who_has_not_told_everything_gets_no_sequence(desk: Desk) -> None:
    profile = await desk.enrolment.begin(ADA, "en", at(0))
    with pytest.raises(NotEnrolled):
        await desk.prescription.today(profile, at(0))
    assert await rows(desk, SessionRow) == []


# Looking back.


async def test_a_card_of_the_past_shows_what_was_given_then(ada: Someone) -> None:
    first = await ada.day(0)
    for number in range(1, CLEAN_DAYS):
        await ada.day(number)
    assert (await ada.show(first.session.id)).sequence == first.sequence


async def test_nobody_sees_anybody_elses_card(ada: Someone) -> None:
    plan = await ada.today(at(0))
    bob = await enrolled(ada.desk, at(0), BOB)
    for session_id in (plan.session.id, 999):
        with pytest.raises(CardGone):
            await ada.desk.prescription.show(bob, session_id)


async def test_a_ritual_that_came_too_late_is_said_once_it_can_be(ada: Someone) -> None:
    async with ada.desk.enrolment.database.work() as work:
        await builders.noted(work, DeliveryRow, 1, State.LATE)
    plan = await ada.today(at(1))
    assert plan.missed == dt.date(2026, 11, 24)


# Sets.


@pytest.mark.parametrize(
    ("hour", "name"),
    [
        (0, "before-coffee"),
        (10, "before-coffee"),
        (11, "midday"),
        (14, "midday"),
        (15, "after-meeting"),
    ],
)
async def test_the_hour_of_the_ritual_chooses_its_set(ada: Someone, hour: int, name: str) -> None:
    async with ada.desk.enrolment.database.work() as work:
        await work.exec(sa.update(RitualRow).values(wall_time=dt.time(hour)))
    plan = await ada.today(at(0))
    assert (plan.set.id, plan.session.set_id) == (name, name)
    in_order = [slug for slug in plan.set.ladders if slug in plan.decisions]
    assert [portion.ladder for portion in plan.sequence.portions] == in_order


async def test_a_short_day_stays_short_when_the_morning_is_told(ada: Someone) -> None:
    """New answers decide the day again, in place; that there is no time, they don't change."""
    before = await ada.day(0)
    plan = await ada.today(at(1))
    profile = await ada.desk.enrolment.profile(ADA)
    short = await ada.desk.prescription.shorten(profile, plan.session.id, short=True, now=at(1))
    assert short.sequence.seconds <= 120
    told = await ada.wake(before.session.id, 5, at(1))
    assert told.set.id == "two-minutes"
    assert told.session.minutes == 2


async def test_a_session_whose_set_is_gone_is_still_shown(ada: Someone) -> None:
    plan = await ada.today(at(0))
    async with ada.desk.enrolment.database.work() as work:
        await work.exec(sa.update(SessionRow).values(set_id="no-longer-there"))
    assert (await ada.show(plan.session.id)).sequence.portions == plan.sequence.portions
