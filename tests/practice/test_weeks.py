"""Weekly look backs at the desk: what moved and why, as it was decided; when one comes, and when none."""

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.domain.decision import Action, Reason
from bot.domain.refusal import ButtonUnreadable, NotEnrolled, PlanLocked
from bot.domain.safety import Tier
from bot.practice.progress import Told
from bot.storage import decisions, errands
from bot.storage.tables import Errand
from tests.builders import ADA
from tests.practice.someone import CALM, RED, Someone, at


async def now(ada: Someone, day: int) -> Told:
    told = await ada.desk.weeks.now(ADA, at(day))
    assert told is not None
    return told


async def planned(ada: Someone, *days: int) -> list[str]:
    """The rituals of these days have come; the weekly look backs that this put into the post."""
    profile = await ada.desk.enrolment.profile(ADA)
    for day in days:
        await ada.desk.retrospect.plan(profile, at(day).date(), at(day))
    async with ada.desk.enrolment.database.look() as work:
        rows = await errands.of_person(work, profile.id, Errand.WEEK)
    return [row.key for row in rows]


def key(day: int) -> str:
    return at(day).date().isoformat()


async def test_what_moved_is_told_by_the_reason_that_decided_it(ada: Someone) -> None:
    for number in range(4):
        await ada.day(number)
    calm = await now(ada, 4)
    assert {one.reasons[0] for one in calm.moved.values()} == {Reason.READY_FOR_MORE}
    assert calm.stays is None
    await ada.day(4, RED)
    for number in (5, 6):
        await ada.day(number)
    sore = await now(ada, 7)
    assert Reason.PAIN_RED in {one.reasons[0] for one in sore.moved.values()}


async def test_steps_are_told_before_doses(ada: Someone) -> None:
    for number in range(14):
        await ada.day(number)
    actions = [one.action for one in (await now(ada, 14)).moved.values()]
    assert Action.ADVANCE_STEP in actions
    assert actions == sorted(actions, key=lambda action: action is not Action.ADVANCE_STEP)


async def test_where_nothing_moved_the_reason_to_stay_is_told(ada: Someone) -> None:
    await ada.day(0)
    told = await now(ada, 1)
    assert told.moved == {}
    assert told.stays is not None


async def test_moves_of_an_older_week_are_not_told_again(ada: Someone) -> None:
    for number in range(4):
        await ada.day(number)
    later = await now(ada, 20)
    assert (later.moved, later.stays, later.progress.week) == ({}, None, 0)


async def test_it_comes_once_a_week_after_a_week_with_something_in_it(ada: Someone) -> None:
    await ada.day(0)
    assert await planned(ada, 5, 6) == []
    assert await planned(ada, 7, 7, 8) == [key(7)]
    assert await planned(ada, 14, 15, 16) == [key(7)]  # nothing was practised in it
    await ada.day(16)
    assert await planned(ada, 17, 18) == [key(7), key(17)]
    await ada.day(20)
    assert await planned(ada, 21) == [key(7), key(17), key(21)]


async def test_a_look_back_over_four_weeks_is_the_only_one_of_its_week(ada: Someone) -> None:
    for number in (0, 20, 27):
        await ada.day(number)
    assert await planned(ada, 28, 29, 30) == []
    assert await ada.desk.retrospect.latest(ADA) is not None
    await ada.day(30)
    assert await planned(ada, 34, 35) == [key(35)]


async def test_one_that_was_held_up_for_a_week_is_not_said(ada: Someone) -> None:
    await ada.day(0)
    await planned(ada, 7)
    async with ada.desk.enrolment.database.look() as work:
        [row] = await errands.of_person(work, 1, Errand.WEEK)
    assert await ada.desk.weeks.due(row, at(13)) is not None
    assert await ada.desk.weeks.due(row, at(14)) is None


async def test_while_locked_nothing_is_said_or_changed(ada: Someone) -> None:
    await ada.day(0)
    await planned(ada, 7)
    await ada.desk.enrolment.screen(ADA, Tier.EMERGENCY, True, at(7))
    async with ada.desk.enrolment.database.look() as work:
        [row] = await errands.of_person(work, 1, Errand.WEEK)
    assert await ada.desk.weeks.due(row, at(7)) is None
    with pytest.raises(PlanLocked):
        await ada.desk.weeks.now(ADA, at(7))
    with pytest.raises(PlanLocked):
        await ada.desk.weeks.fit(ADA, at(7).date(), 20, at(7))
    assert (await ada.desk.enrolment.profile(ADA)).minutes == 10


async def test_strangers_have_no_weeks(ada: Someone) -> None:
    with pytest.raises(NotEnrolled):
        await ada.desk.weeks.now(4711, at(0))


async def test_before_anything_was_practised_there_is_nothing_to_see_or_choose(
    ada: Someone,
) -> None:
    await ada.today(at(0))
    assert await ada.desk.weeks.now(ADA, at(1)) is None
    with pytest.raises(ButtonUnreadable):
        await ada.desk.weeks.fit(ADA, at(1).date(), 20, at(1))


async def test_fewer_days_rest_in_the_basis_of_what_is_decided(ada: Someone) -> None:
    await ada.day(0)
    told, weekdays = await ada.desk.weeks.keep_days(ADA, at(1).date(), 3, at(1))
    assert (len(told.weekdays), weekdays) == (7, frozenset({0, 2, 4}))
    profile = await ada.desk.enrolment.profile(ADA)
    assert ada.desk.prescription.person(profile).days == 3
    await ada.day(2, CALM)
    bases = await basis_days(ada)
    assert bases == [7, 3, 3]


async def basis_days(ada: Someone) -> list[int]:
    async with ada.desk.enrolment.database.look() as work:
        occasions = await decisions.of_person(work, 1)
    return [occasion.basis.person.days for occasion in occasions]


async def test_the_next_ritual_moves_with_the_days(ada: Someone) -> None:
    await ada.day(0)
    tuesday, thursday = at(1, hours=1), at(3, hours=-1)
    for now, days, comes in (
        *((tuesday, 3, 2), (tuesday, 7, 2)),
        *((thursday, 3, 4), (thursday, 7, 3), (thursday, 3, 4)),
    ):
        await ada.desk.weeks.keep_days(ADA, at(0).date(), days, now)
        assert (await due_days(ada))[-1] == at(comes).date()


async def due_days(ada: Someone) -> list[dt.date]:
    async with ada.desk.enrolment.database.look() as work:
        rows = await (await work.connection()).execute(
            sa.text("SELECT local_date FROM delivery WHERE state = 'due'")
        )
        return [dt.date.fromisoformat(day) for (day,) in rows]
