"""The weights that people use: shown ones are taken as used, chosen ones remembered, no offer presses."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlmodel import select

from bot.domain.exercise import Occasion
from bot.domain.load import KILO, Offer, Unit, Weight
from bot.domain.refusal import CardGone, WeightStands
from bot.domain.safety import SEEN
from bot.domain.session import Asked
from bot.practice.plan import Plan
from bot.practice.replay import Outcome
from bot.storage import people, sessions
from bot.storage.tables import PersonRow, WeightRow
from tests import builders
from tests.builders import ADA, catalogue
from tests.practice.someone import CALM, RED, Someone, at
from tests.practice.test_weight import outcomes

UPDATES = iter(range(500, 1000))


async def take(ada: Someone, plan: Plan, grams: int, day: int, *, update_id: int = 0) -> Plan:
    return await ada.desk.weights.choose(
        ADA, plan.session.id, grams, update_id=update_id or next(UPDATES), now=at(day)
    )


def weight(plan: Plan) -> Weight:
    assert plan.weight is not None
    return plan.weight


async def first_weight(ada: Someone) -> tuple[int, Plan]:
    await ada.finds_the_hinge_easy(at(0))
    number = await ada.until_a_weight(0)
    return number, await ada.today(at(number))


async def rows(ada: Someone) -> list[tuple[int, int]]:
    async with ada.desk.enrolment.database.look() as work:
        found = await work.exec(select(WeightRow).order_by(sa.text("id")))
        return [(row.step, row.grams) for row in found]


async def test_the_first_is_the_lightest_and_what_was_shown_is_taken_as_used(ada: Someone) -> None:
    number, plan = await first_weight(ada)
    assert (weight(plan).grams, weight(plan).first) == (2 * KILO, True)
    await ada.day(number)
    again = await ada.today(at(await ada.until_a_weight(number + 1)))
    assert (weight(again).grams, weight(again).first) == (2 * KILO, False)
    assert await rows(ada) == []  # nobody said anything


async def test_what_nobody_answered_was_perhaps_not_used(ada: Someone) -> None:
    number, _ = await first_weight(ada)
    later = await ada.today(at(number + 1))
    assert later.weight is None or later.weight.first


async def test_a_chosen_weight_is_remembered_from_then_on(ada: Someone) -> None:
    number, plan = await first_weight(ada)
    chosen = await take(ada, plan, 3500, number)
    assert (weight(chosen).grams, weight(chosen).first) == (3500, False)
    await ada.day(number)
    number = await ada.until_a_weight(number + 1)
    assert weight(await ada.today(at(number))).grams == 3500
    await take(ada, await ada.today(at(number)), 3000, number)
    await ada.day(number)
    number = await ada.until_a_weight(number + 1)
    assert weight(await ada.today(at(number))).grams == 3000
    assert await rows(ada) == [(5, 3500), (5, 3000)]
    assert await outcomes(ada) == {Outcome.SAME}


async def test_a_day_decided_again_keeps_what_was_said_on_it(ada: Someone) -> None:
    number, plan = await first_weight(ada)
    assert plan.morning_of is not None
    await take(ada, plan, 3500, number)
    again = await ada.wake(plan.morning_of.id, 3, at(number))
    assert weight(again).grams == 3500
    profile = await ada.desk.enrolment.profile(ADA)
    for short in (True, False):
        again = await ada.desk.prescription.shorten(
            profile, plan.session.id, short=short, now=at(number)
        )
    assert weight(again).grams == 3500


async def test_what_was_said_without_practising_is_remembered_too(ada: Someone) -> None:
    number, plan = await first_weight(ada)
    await take(ada, plan, 3500, number)
    number = await ada.until_a_weight(number + 1)
    assert weight(await ada.today(at(number))).grams == 3500


async def test_one_update_is_kept_once_and_a_second_tap_changes_nothing(ada: Someone) -> None:
    number, plan = await first_weight(ada)
    for _ in range(2):
        await take(ada, plan, 3500, number, update_id=7)
    assert await rows(ada) == [(5, 3500)]
    await take(ada, plan, 2500, number, update_id=8)
    late = await take(ada, plan, 3500, number, update_id=7)  # the same update once more
    assert weight(late).grams == 2500


@pytest.mark.parametrize("grams", [0, -3000, 1999, 4001, 2**62])
async def test_what_the_step_does_not_allow_is_refused(ada: Someone, grams: int) -> None:
    number, plan = await first_weight(ada)
    with pytest.raises(WeightStands):
        await take(ada, plan, grams, number)
    assert await rows(ada) == []


@pytest.mark.parametrize("answers", [{Asked.COMPLETED: 0}, {Asked.COMPLETED: 2}])
async def test_what_was_answered_stays_as_it_was_done(
    ada: Someone, answers: Mapping[Asked, int]
) -> None:
    number, plan = await first_weight(ada)
    await ada.answer(plan, answers, at(number))
    with pytest.raises(WeightStands):
        await take(ada, plan, 3000, number)
    with pytest.raises(WeightStands):
        await ada.desk.weights.look(ADA, plan.session.id)


async def test_an_older_card_and_one_without_a_weight_change_nothing(ada: Someone) -> None:
    number, plan = await first_weight(ada)
    later = await ada.today(at(number + 3))
    with pytest.raises(WeightStands):
        await take(ada, plan, 3000, number + 3)
    with pytest.raises(WeightStands):
        await ada.desk.weights.measure(ADA, plan.session.id, Unit.LB)
    assert weight(later).unit is Unit.KG
    without = await ada.today(at(number + 4))
    assert (without.weight is None) is (Asked.RESERVE not in without.session.afterwards)


async def test_somebody_elses_card_is_none(ada: Someone) -> None:
    number, plan = await first_weight(ada)
    await builders.enrolled(ada.desk, at(number), 77)
    with pytest.raises(CardGone):
        await ada.desk.weights.choose(77, plan.session.id, 3000, update_id=1, now=at(number))
    assert await rows(ada) == []


@pytest.mark.parametrize(
    ("zone", "unit", "first"),
    [
        ("America/Chicago", Unit.LB, 2041),  # 4.5 lb
        ("US/Eastern", Unit.LB, 2041),
        ("Asia/Yangon", Unit.LB, 2041),
        ("Europe/London", Unit.KG, 2000),
        ("Etc/GMT+3", Unit.KG, 2000),
    ],
)
async def test_weights_are_in_the_unit_of_the_country_until_another_is_chosen(
    ada: Someone, zone: str, unit: Unit, first: int
) -> None:
    profile = await ada.desk.enrolment.profile(ADA)
    async with ada.desk.enrolment.database.work() as work:
        await people.tell(work, profile.id, zone=zone)
    number, plan = await first_weight(ada)
    assert (weight(plan).unit, weight(plan).grams) == (unit, first)
    other = Unit.KG if unit is Unit.LB else Unit.LB
    changed = await ada.desk.weights.measure(ADA, plan.session.id, other)
    assert (weight(changed).unit, weight(changed).grams) == (other, first)
    assert weight(await ada.today(at(number))).unit is other


async def test_a_set_on_the_way_has_its_own_weight_and_leaves_the_other_alone(
    ada: Someone,
) -> None:
    await ada.lifted(9 * KILO, 0, 2, 4)
    sets = ada.desk.prescription.catalogue.sets_for(Occasion.WAY)
    hotel = next(
        replace(one, highest={}) for one in sets if one.id == "hotel"
    )  # as a clinician may write it
    profile = await ada.desk.enrolment.profile(ADA)
    plan = await ada.desk.prescription.travel(profile, hotel, 15, update_id=1, now=at(6))
    assert (weight(plan).step, weight(plan).grams) == (5, 4 * KILO)  # a bag, instead of a dumbbell
    plan = await take(ada, plan, 2500, 6)
    assert weight(plan).grams == 2500
    await ada.answer(plan, {**CALM, Asked.RESERVE: 0}, at(6, hours=1))
    home = await ada.today(at(8))
    assert (weight(home).step, weight(home).grams) == (8, 9 * KILO)


@pytest.mark.parametrize(("seen", "grams"), [(None, 9000), (5, 2000)])
async def test_once_a_clinician_has_seen_someone_weights_begin_anew(
    ada: Someone, seen: int | None, grams: int
) -> None:
    await ada.lifted(9 * KILO, 0, 2, 4)
    if seen is not None:
        profile = await ada.desk.enrolment.profile(ADA)
        async with ada.desk.enrolment.database.work() as work:
            await people.screen(work, profile.id, SEEN, True, at(seen))
    plan = await ada.today(at(6))
    assert weight(plan).grams == grams
    assert weight(plan).first is (seen is not None)


# At the top.


@pytest.mark.parametrize(
    ("sessions_there", "offer"),
    [(2, None), (3, None), (4, Offer(5 * KILO, far=True)), (5, Offer(5 * KILO, far=True))],
)
async def test_the_next_dumbbell_is_offered_after_four_good_sessions(
    ada: Someone, sessions_there: int, offer: Offer | None
) -> None:
    days = [2 * number for number in range(sessions_there)]
    await ada.lifted(4500, *days)
    plan = await ada.today(at(days[-1] + 2))
    assert (weight(plan).step, weight(plan).grams) == (8, 4500)
    assert weight(plan).offer == offer


async def test_taken_up_it_counts_anew_and_left_alone_nothing_grows(ada: Someone) -> None:
    await ada.lifted(4500, 0, 2, 4, 6)
    plan = await ada.today(at(8))
    taken = await take(ada, plan, 5 * KILO, 8)
    assert (weight(taken).grams, weight(taken).offer) == (5 * KILO, None)
    taken = await take(ada, plan, 4500, 8)  # or rather not
    assert (weight(taken).grams, weight(taken).offer) == (4500, Offer(5 * KILO, far=True))
    await ada.day(8)
    number = await ada.until_a_weight(9)
    later = await ada.today(at(number))
    assert weight(later).grams == 4500
    assert await outcomes(ada) == {Outcome.SAME}


@pytest.mark.parametrize(
    "answers",
    [
        RED,
        {**CALM, Asked.PAIN: 4},
        {**CALM, Asked.MORNING: 4},
        {**CALM, Asked.RESERVE: 1},
        {**CALM, Asked.COMPENSATION: 1},
    ],
)
async def test_after_anything_less_than_clean_there_is_no_offer(
    ada: Someone, answers: Mapping[Asked, int]
) -> None:
    await ada.lifted(4500, 0, 2, 4, 6)
    await ada.lifted(4500, 8, answers=answers)
    plan = await ada.today(at(10))
    assert plan.weight is None or plan.weight.offer is None
    await ada.lifted(4500, 12)
    plan = await ada.today(at(14))
    assert plan.weight is None or plan.weight.offer is None


async def test_an_answered_card_offers_nothing_more(ada: Someone) -> None:
    await ada.lifted(4500, 0, 2, 4, 6)
    plan = await ada.today(at(8))
    await ada.answer(plan, {Asked.COMPLETED: 0}, at(8))
    assert weight(await ada.show(plan.session.id)).offer is None


async def test_whoever_leaves_takes_their_weights_along(ada: Someone) -> None:
    number, plan = await first_weight(ada)
    await take(ada, plan, 3000, number)
    await ada.desk.weights.measure(ADA, plan.session.id, Unit.LB)
    await ada.desk.enrolment.forget(ADA)
    assert await rows(ada) == []
    async with ada.desk.enrolment.database.look() as work:
        assert (await work.exec(select(PersonRow))).all() == []
        assert await sessions.of_person(work, 1, catalogue().ladders) == ()
