"""Days with several rituals: whatever order they are made, shortened and answered in, decisions replay."""

import datetime as dt
from random import Random

import pytest

from bot.domain.refusal import NotEnrolled, PlanLocked
from bot.domain.rhythm import Hindrance
from bot.domain.safety import SEEN
from bot.domain.session import GREATEST, Asked
from bot.practice.plan import Plan
from bot.practice.replay import Outcome
from tests.builders import ADA
from tests.practice.someone import Someone, at
from tests.practice.test_replay import again, outcomes


@pytest.mark.parametrize("seed", range(12))
async def test_days_with_several_rituals_replay(ada: Someone, seed: int) -> None:
    chance, given, now = Random(seed), list[Plan](), at(0)
    for hour in (12, 18):
        await ada.desk.rhythm.add(ADA, dt.time(hour), now)
    for number in range(10):
        for hours in sorted(chance.sample(range(14), chance.randint(1, 5))):
            now = at(number, hours + chance.random())
            try:
                given.append(await something(ada, chance, given, now))
                for plan in chance.sample(given[-6:], min(2, len(given))):
                    await answer(ada, chance, plan, now)
            except PlanLocked:
                await ada.desk.enrolment.screen(ADA, SEEN, True, now)
            except NotEnrolled:
                await ada.all_clear(now)
    assert outcomes(await again(ada.desk)) == {Outcome.SAME}
    days: dict[tuple[dt.date, int | None], set[int]] = {}
    for plan in given:
        if not plan.session.travel:
            key = plan.session.day, plan.session.ritual
            days.setdefault(key, set()).add(plan.session.id)
    assert all(len(ids) == 1 for ids in days.values())  # a ritual has one session a day


async def something(ada: Someone, chance: Random, given: list[Plan], now: dt.datetime) -> Plan:
    """Any ritual of today or yesterday, one that is shortened, a set on the way, another variety."""
    profile = await ada.desk.enrolment.profile(ADA)
    prescription = ada.desk.prescription
    match chance.randint(0, 6):
        case 0:
            return await ada.travel(now)
        case 1 if given:
            session = chance.choice(given[-4:]).session
            short = chance.random() < 0.5
            return await prescription.shorten(profile, session.id, short=short, now=now)
        case 2:
            update_id = -chance.randint(10**6, 10**9)
            await ada.desk.lapse.answer(ADA, Hindrance.BORED, update_id=update_id, now=now)
            return await ada.today(now)
        case 3 | 4:
            day = now.date() - dt.timedelta(days=chance.choice((0, 0, 0, 1)))
            ritual = chance.choice(profile.rituals)
            return await prescription.today(profile, now, day, ritual.id)
        case _:
            return await ada.today(now)


async def answer(ada: Someone, chance: Random, plan: Plan, now: dt.datetime) -> None:
    asked = chance.sample([*Asked], chance.randint(0, 5))
    if answers := {one: chance.randint(0, min(GREATEST[one], 8)) for one in asked}:
        await ada.answer(plan, answers, now)
