"""A flare at the desk: noted with safety open, the day decided anew, and the way back."""

import datetime as dt

import pytest

from bot.domain.decision import Action, Reason
from bot.domain.profile import Question
from bot.domain.refusal import NotEnrolled, PlanLocked
from bot.domain.safety import SEEN, Tier
from bot.domain.session import Asked
from bot.practice.desk import Desk
from bot.practice.explanation import Explanation, tell
from bot.practice.plan import Plan
from bot.practice.replay import Outcome, Replay
from bot.storage import people
from tests.builders import ADA, enrolled, words
from tests.practice.someone import CALM, RED, Someone, at

CLEAN_DAYS = 7
GENTLE = {"control", "mobility"}


async def well(ada: Someone) -> None:
    """Some calm days."""
    for number in range(CLEAN_DAYS):
        await ada.day(number)


def doses(plan: Plan) -> set[float]:
    return {given.dose_fraction for given in plan.session.given}


def ladders(plan: Plan) -> set[str]:
    return {given.ladder for given in plan.session.given}


def reasons(plan: Plan) -> set[Reason]:
    return {decision.reasons[0] for decision in plan.decisions.values()}


async def all_the_same(desk: Desk) -> bool:
    prescription = desk.prescription
    replay = Replay(
        database=prescription.database,
        catalogue=prescription.catalogue,
        policy=prescription.policy,
    )
    outcomes = {one.outcome async for one in replay.everybody()}
    return outcomes == {Outcome.SAME}


async def test_it_is_kept_while_the_safety_questions_are_open(ada: Someone) -> None:
    await well(ada)
    profile = await ada.tell_of_flare(at(CLEAN_DAYS))
    assert profile.question is Question.SAFETY
    assert profile.flares == (at(CLEAN_DAYS).date(),)
    with pytest.raises(NotEnrolled):
        await ada.today(at(CLEAN_DAYS))
    await ada.all_clear(at(CLEAN_DAYS))
    plan = await ada.today(at(CLEAN_DAYS))
    assert reasons(plan) == {Reason.FLARE}


async def test_an_untouched_day_is_decided_anew_and_the_next_ones_are_gentle(ada: Someone) -> None:
    await well(ada)
    before = await ada.today(at(CLEAN_DAYS))
    await ada.flare(at(CLEAN_DAYS))
    after = await ada.today(at(CLEAN_DAYS))
    assert after.session.id == before.session.id
    assert ladders(after) <= GENTLE
    assert doses(after) == {0.4}
    assert await ada.today(at(CLEAN_DAYS, hours=1)) == after
    await ada.answer(after, RED, at(CLEAN_DAYS, hours=2))
    tomorrow = await ada.today(at(CLEAN_DAYS + 1))
    assert ladders(tomorrow) <= GENTLE
    assert tomorrow.morning_of is not None
    assert await all_the_same(ada.desk)


async def test_a_day_that_was_practised_already_stays_as_it_was(ada: Someone) -> None:
    await well(ada)
    plan = await ada.day(CLEAN_DAYS)
    await ada.flare(at(CLEAN_DAYS, hours=3))
    assert (await ada.show(plan.session.id)).session.given == plan.session.given
    assert ladders(await ada.today(at(CLEAN_DAYS, hours=4))) == ladders(plan)
    assert doses(await ada.today(at(CLEAN_DAYS + 1))) == {0.4}


async def test_a_longer_ritual_is_short_in_a_flare_and_long_again_after_it(ada: Someone) -> None:
    async with ada.desk.enrolment.database.work() as work:
        profile = await ada.desk.enrolment.profile(ADA)
        await people.tell(work, profile.id, minutes=20)
    assert (await ada.today(at(0))).sequence.minutes > 10
    await ada.flare(at(0))
    gentle = await ada.today(at(0))
    assert gentle.sequence.minutes <= 10
    assert (await ada.show(gentle.session.id)).sequence == gentle.sequence
    for number in (0, 1):
        await ada.day(number)
    waiting = await ada.today(at(2))
    assert waiting.session.minutes == 10
    assert waiting.morning_of is not None
    settled = await ada.wake(waiting.morning_of.id, 2, at(2))
    assert settled.session.minutes == 20
    assert reasons(settled) == {Reason.FLARE_SETTLED, Reason.FIRST_TIME}


async def test_told_again_while_it_runs_it_changes_nothing(ada: Someone) -> None:
    await well(ada)
    await ada.flare(at(CLEAN_DAYS))
    await ada.day(CLEAN_DAYS)
    before = await ada.today(at(CLEAN_DAYS + 1))
    await ada.flare(at(CLEAN_DAYS + 1))
    after = await ada.today(at(CLEAN_DAYS + 1))
    assert after.session.given == before.session.given
    course = await ada.course(at(CLEAN_DAYS + 1))
    assert course.flare is not None
    assert course.flare.since == at(CLEAN_DAYS).toordinal()


async def test_the_same_update_again_is_the_same_flare(ada: Someone) -> None:
    for _ in range(2):
        profile = await ada.desk.enrolment.tell_of_flare(ADA, update_id=900, now=at(0))
    assert len(profile.flares) == 1


async def test_a_set_on_the_way_is_gentle_too(ada: Someone) -> None:
    await well(ada)
    await ada.flare(at(CLEAN_DAYS))
    plan = await ada.travel(at(CLEAN_DAYS), 15)
    assert ladders(plan) <= GENTLE
    assert doses(plan) == {0.4}


async def test_after_two_calm_days_everything_comes_back_and_the_way_up_is_ordinary(
    ada: Someone,
) -> None:
    await well(ada)
    before = await ada.standings(at(CLEAN_DAYS))
    await ada.flare(at(CLEAN_DAYS))
    for number in (CLEAN_DAYS, CLEAN_DAYS + 1):
        await ada.day(number)
    waiting = await ada.today(at(CLEAN_DAYS + 2))
    assert waiting.morning_of is not None
    back = await ada.wake(waiting.morning_of.id, 2, at(CLEAN_DAYS + 2))
    assert reasons(back) == {Reason.FLARE_SETTLED}
    standings = await ada.standings(at(CLEAN_DAYS + 2))
    for name, standing in before.items():
        assert standings[name].step <= standing.step
        assert standings[name].dose_fraction <= 0.6
    for number in range(CLEAN_DAYS + 2, CLEAN_DAYS + 16):
        await ada.day(number)
    later = await ada.standings(at(CLEAN_DAYS + 16))
    assert all(later[name] >= standing for name, standing in before.items())
    assert await all_the_same(ada.desk)


async def test_a_week_that_does_not_settle_rests_the_plan_until_someone_was_seen(
    ada: Someone,
) -> None:
    await well(ada)
    await ada.flare(at(CLEAN_DAYS))
    for number in range(CLEAN_DAYS, CLEAN_DAYS + 7):
        await ada.day(number, RED, woke=5)
    with pytest.raises(PlanLocked) as locked:
        await ada.today(at(CLEAN_DAYS + 7))
    assert locked.value.tier == Tier.ROUTINE
    await ada.desk.enrolment.screen(ADA, SEEN, True, at(CLEAN_DAYS + 8))
    back = await ada.today(at(CLEAN_DAYS + 8, hours=1))
    assert reasons(back) == {Reason.FIRST_TIME}
    assert doses(back) == {0.6}
    await ada.day(CLEAN_DAYS + 9)  # and the flare is over
    assert await all_the_same(ada.desk)

    stories = await Explanation(
        database=ada.desk.prescription.database,
        catalogue=ada.desk.prescription.catalogue,
        policy=ada.desk.prescription.policy,
    ).of(ADA, day=at(CLEAN_DAYS + 7).date())
    assert {story.decided.decision.action for story in stories} == {Action.PAUSE_AND_REFER}
    assert "has not settled within a week" in tell(stories[0], words())


@pytest.mark.parametrize("tier", [Tier.EMERGENCY, Tier.URGENT])
async def test_a_yes_to_the_safety_questions_locks_as_ever(ada: Someone, tier: Tier) -> None:
    await ada.tell_of_flare(at(0))
    await ada.desk.enrolment.screen(ADA, tier, True, at(0))
    with pytest.raises(PlanLocked) as locked:
        await ada.today(at(0))
    assert locked.value.tier == tier
    with pytest.raises(PlanLocked):
        await ada.tell_of_flare(at(0, hours=1))
    profile = await ada.desk.enrolment.screen(ADA, SEEN, True, at(1))
    assert profile.flares == ()


async def test_a_flare_that_was_left_at_the_safety_question_of_a_worry_is_kept(
    ada: Someone,
) -> None:
    await ada.desk.enrolment.ask_safety_again(ADA, at(0))
    assert (await ada.tell_of_flare(at(0))).flares == (at(0).date(),)


async def test_who_has_not_told_everything_has_nothing_to_go_gently_on(desk: Desk) -> None:
    await enrolled(desk, at(0), upto=Question.MINUTES)
    with pytest.raises(NotEnrolled):
        await desk.enrolment.tell_of_flare(ADA, update_id=1, now=at(0))
    assert (await desk.enrolment.profile(ADA)).flares == ()


async def test_it_begins_on_the_day_where_the_person_is(ada: Someone) -> None:
    midnight = dt.datetime(2026, 11, 23, 23, 0, tzinfo=dt.UTC)  # in Zurich it is the 24th
    assert (await ada.tell_of_flare(midnight)).flares == (dt.date(2026, 11, 24),)


async def test_a_set_on_the_way_that_hurt_keeps_it_from_settling(ada: Someone) -> None:
    await well(ada)
    await ada.flare(at(CLEAN_DAYS))
    await ada.day(CLEAN_DAYS)
    away = await ada.travel(at(CLEAN_DAYS + 1))
    await ada.answer(away, {**CALM, Asked.PAIN: 8}, at(CLEAN_DAYS + 1))
    await ada.day(CLEAN_DAYS + 1)
    assert (await ada.course(at(CLEAN_DAYS + 2))).in_flare
