"""A stored decision comes out the same, always; and another policy shows where it would have gone."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from bot.domain.policy import Policy
from bot.domain.refusal import NotEnrolled, PlanLocked
from bot.domain.safety import SEEN, Tier
from bot.domain.session import GREATEST, Asked
from bot.practice.desk import Desk
from bot.practice.replay import Outcome, Replay, Replayed
from bot.storage import people
from tests.builders import ADA, enrolled
from tests.practice.someone import CALM, RED, Someone, at


def replay(desk: Desk, **other: object) -> Replay:
    prescription = desk.prescription
    known = {"catalogue": prescription.catalogue, "policy": prescription.policy}
    return Replay(database=desk.enrolment.database, **(known | other))  # type: ignore[arg-type]


async def again(desk: Desk, under: Policy | None = None, **other: object) -> list[Replayed]:
    return [one async for one in replay(desk, **other).everybody(under)]


def outcomes(replayed: list[Replayed]) -> set[Outcome]:
    assert replayed
    return {one.outcome for one in replayed}


def eager(policy: Policy) -> Policy:
    """One clean session is enough."""
    return replace(policy, version="eager", advance=replace(policy.advance, first_clean_sessions=1))


async def test_a_week_with_sore_mornings_silence_and_a_changed_mind_replays_to_itself(
    ada: Someone,
) -> None:
    for number, woke in enumerate((2, 3, 5, 2)):
        await ada.day(number, woke=woke)
    plan = await ada.today(at(4))  # and nobody answers
    await ada.day(6, RED, woke=4)
    await ada.answer(plan, {Asked.COMPLETED: 1, Asked.PAIN: 3}, at(7))  # late, about day 4
    await ada.today(at(7))
    await ada.answer(plan, {Asked.PAIN: 6}, at(8))
    await ada.today(at(8))
    assert outcomes(await again(ada.desk)) == {Outcome.SAME}


async def test_a_number_held_confirmed_and_changed_replays(ada: Someone) -> None:
    for number in range(12):
        plan = await ada.day(number)
    await ada.answer(plan, {Asked.PAIN: 9}, at(11, hours=2))
    for asked, value in ((Asked.MORNING, 2), (Asked.PAIN_CONFIRMED, 9), (Asked.PAIN, 8)):
        await ada.recall(plan.session.id, asked, value, at(12))
    replayed = await again(ada.desk)
    assert outcomes(replayed) == {Outcome.SAME}
    assert {"R7", "R8"} <= {rule for one in replayed for rule in one.stored.decision.rules}


async def test_answers_given_later_are_not_known_earlier(ada: Someone) -> None:
    await ada.day(0)
    await ada.day(1)
    first = await ada.today(at(2))
    before = await again(ada.desk)
    assert first.morning_of is not None
    await ada.wake(first.morning_of.id, 9, at(2))
    after = await again(ada.desk)
    assert after[: len(before)] == before
    assert outcomes(after) == {Outcome.SAME}


async def test_sets_on_the_way_before_and_after_the_day_was_decided_replay(ada: Someone) -> None:
    await ada.day(0)
    set_out = await ada.travel(at(1), set_id="seat")
    await ada.answer(set_out, RED, at(1))
    await ada.today(at(1))
    later = await ada.travel(at(1, hours=2))
    await ada.answer(later, CALM, at(1, hours=3))
    await ada.today(at(1, hours=4))
    await ada.today(at(2))
    assert outcomes(await again(ada.desk)) == {Outcome.SAME}


async def test_a_delivery_of_yesterday_knows_nothing_of_today(ada: Someone) -> None:
    await ada.day(0)
    await ada.day(2)
    profile = await ada.desk.enrolment.profile(ADA)
    await ada.desk.prescription.today(profile, at(2), date(2026, 11, 24))
    assert outcomes(await again(ada.desk)) == {Outcome.SAME}


async def test_what_somebody_tells_anew_changes_no_past(ada: Someone) -> None:
    for number in range(3):
        await ada.day(number)
    async with ada.desk.enrolment.database.work() as work:
        profile = await people.find(work, ADA)
        assert profile is not None
        await people.tell(work, profile.id, usual_pain=9, equipment="dumbbells", zone="Asia/Tokyo")
    assert outcomes(await again(ada.desk)) == {Outcome.SAME}


async def test_before_and_after_a_clinician_has_seen_them(ada: Someone) -> None:
    for number in range(3):
        await ada.day(number)
    await ada.today(at(3))
    await ada.desk.enrolment.screen(ADA, Tier.URGENT, True, at(3, hours=1))
    await ada.desk.enrolment.screen(ADA, SEEN, True, at(3, hours=2))
    await ada.today(at(3, hours=3))
    await ada.day(4)
    assert outcomes(await again(ada.desk)) == {Outcome.SAME}


async def test_another_policy_shows_where_and_why_it_differs(ada: Someone) -> None:
    for number in range(3):
        await ada.day(number)
    other = eager(ada.desk.prescription.policy)
    changed = [one for one in await again(ada.desk, other) if one.outcome is Outcome.DIFFERENT]
    assert changed
    for one in changed:
        assert one.again is not None
        assert one.stored.decision.rules != one.again.decision.rules
        assert one.again.decision.policy == "eager"
    same = replace(ada.desk.prescription.policy, version="only the name")
    assert outcomes(await again(ada.desk, same)) == {Outcome.SAME}


@pytest.mark.parametrize("compared", [False, True])
async def test_decisions_of_another_version_are_compared_only_with_a_policy_that_is_named(
    ada: Someone, compared: bool
) -> None:
    await ada.day(0)
    loaded = replace(ada.desk.prescription.policy, version="newer")
    told = await again(ada.desk, loaded if compared else None, policy=loaded)
    assert outcomes(told) == {Outcome.SAME if compared else Outcome.OTHER_POLICY}


async def test_over_other_ladders_nothing_is_compared(ada: Someone) -> None:
    await ada.day(0)
    catalogue = ada.desk.prescription.catalogue
    name, ladder = next(iter(catalogue.ladders.items()))
    shorter = {**catalogue.ladders, name: replace(ladder, steps=ladder.steps[:-1])}
    told = await again(ada.desk, catalogue=replace(catalogue, ladders=shorter))
    assert outcomes(told) == {Outcome.OTHER_LADDERS}


async def test_nothing_decided_nothing_replayed(desk: Desk) -> None:
    await enrolled(desk, at(0))
    assert await again(desk) == []


@pytest.mark.parametrize("seed", range(12))
async def test_any_weeks_replay_to_themselves(ada: Someone, seed: int) -> None:
    """Late answers, changed minds, days decided twice, sets on the way, flares, yesterday, clinicians."""
    chance, given, day, now = Random(seed), [], 0, at(0)
    for _ in range(14):
        day += chance.choice((0, 1, 1, 1, 2, 8))
        hours = chance.choice((0, 3, 17))  # the last one is after midnight
        now = max(now + timedelta(minutes=1), at(day, hours))  # the clock never goes back
        try:
            if chance.random() < 0.15:
                await ada.flare(now)
            if chance.random() < 0.2:
                given.append(await ada.travel(now))
            if chance.random() < 0.2:
                profile = await ada.desk.enrolment.profile(ADA)
                yesterday = at(day).date() - timedelta(days=1)
                given.append(await ada.desk.prescription.today(profile, now, yesterday))
            given.append(await ada.today(now))
            for plan in chance.sample(given, min(2, len(given))):
                asked = chance.sample([*Asked], chance.randint(0, 5))
                answers = {one: chance.randint(0, min(GREATEST[one], 8)) for one in asked}
                if answers:
                    await ada.answer(plan, answers, now)
            await ada.today(now)
        except PlanLocked:
            await ada.desk.enrolment.screen(ADA, SEEN, True, now)
        except NotEnrolled:
            await ada.all_clear(now)
    assert outcomes(await again(ada.desk)) == {Outcome.SAME}
