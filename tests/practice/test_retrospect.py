"""Looking back: what a review says, what it asks, and what an answer changes in it."""

import pytest
import sqlalchemy as sa

from bot.domain.refusal import ButtonUnreadable, NotEnrolled, PlanLocked
from bot.domain.review import Shift
from bot.domain.safety import Tier
from bot.domain.session import Asked
from bot.practice.desk import Desk
from bot.practice.retrospect import Retrospection
from bot.storage.tables import ActivityRow
from tests.builders import ADA, enrolled
from tests.practice.someone import CALM, Someone, at

FIRST, SECOND = 28, 56  # days after the first session


async def weeks(ada: Someone, upto: int = SECOND, woke: int = 2) -> None:
    """The first day, one in between, so that there is no long gap, and the last ten up to a mark."""
    for number in (0, 20, 40, *range(upto - 10, upto)):
        await ada.day(number, {**CALM, Asked.MORNING: woke})


async def planned(ada: Someone, day: int) -> Retrospection:
    profile = await ada.desk.enrolment.profile(ADA)
    await ada.desk.retrospect.plan(profile, at(day).date(), at(day))
    latest = await ada.desk.retrospect.latest(ADA)
    assert latest is not None
    return latest


async def told(ada: Someone, value: str, update_id: int = 900, day: int = SECOND) -> Retrospection:
    latest = await ada.desk.retrospect.keep_activity(
        ADA, value, update_id=update_id, now=at(day, hours=1)
    )
    assert latest is not None
    return latest


async def forget_activity(desk: Desk) -> None:
    """As it was for whoever enrolled before this was a question."""
    async with desk.enrolment.database.work() as work:
        await work.exec(sa.delete(ActivityRow))


async def test_before_four_weeks_there_is_nothing_to_look_back_on(ada: Someone) -> None:
    await ada.day(0)
    profile = await ada.desk.enrolment.profile(ADA)
    await ada.desk.retrospect.plan(profile, at(27).date(), at(27))
    assert await ada.desk.retrospect.latest(ADA) is None


async def test_how_the_activity_goes_now_may_take_the_suggestion_back(ada: Someone) -> None:
    """Usual pain was 2, so that only the activity, 5 at sign-up, had room."""
    await weeks(ada)
    asked = await planned(ada, SECOND)
    assert asked.asks
    assert (asked.review.pain.shift, asked.review.activity.shift) == (Shift.LITTLE, Shift.UNKNOWN)
    assert not asked.review.suggests_clinician  # silence is no reason
    same = await told(ada, "5", update_id=900)
    assert (same.asks, same.review.suggests_clinician) == (False, True)
    better = await told(ada, "8", update_id=901)
    assert (better.review.activity.shift, better.review.suggests_clinician) == (Shift.BETTER, False)


async def test_an_update_that_is_processed_twice_counts_once(ada: Someone) -> None:
    await weeks(ada)
    await planned(ada, SECOND)
    await told(ada, "8", update_id=900)
    assert (await told(ada, "5", update_id=900)).review.activity.now == 8


async def test_a_review_stays_as_of_its_day_and_each_one_asks_anew(ada: Someone) -> None:
    await weeks(ada, FIRST)
    first = await planned(ada, FIRST)
    await told(ada, "6", day=FIRST)
    for number in range(FIRST, FIRST + 5):
        await ada.day(number)
    again = await planned(ada, FIRST + 5)
    assert (again.review.weeks, again.review.sessions) == (4, first.review.sessions)
    assert not again.asks
    await weeks(ada)
    second = await planned(ada, SECOND)
    assert (second.review.weeks, second.asks) == (8, True)


async def test_whoever_was_never_asked_is_asked_by_the_review(ada: Someone) -> None:
    await forget_activity(ada.desk)
    await weeks(ada)
    first = await planned(ada, SECOND)
    assert (first.asks, first.review.activity.then) == (True, None)
    assert (await told(ada, "4")).review.activity.then == 4  # a beginning, and no change yet


async def test_nothing_in_particular_is_an_answer_and_is_not_asked_again(ada: Someone) -> None:
    await forget_activity(ada.desk)
    await weeks(ada)
    await planned(ada, SECOND)
    quiet = await told(ada, "nothing in particular")
    assert (quiet.asks, quiet.review.activity.then) == (False, None)


@pytest.mark.parametrize("value", ["11", "-1", "", "none", "nothing", "5x"])
async def test_a_forged_answer_is_refused_and_nothing_kept(ada: Someone, value: str) -> None:
    with pytest.raises(ButtonUnreadable):
        await ada.desk.retrospect.keep_activity(ADA, value, update_id=9, now=at(1))


async def test_while_locked_no_review_is_told_and_no_answer_taken(ada: Someone) -> None:
    await weeks(ada)
    await planned(ada, SECOND)
    await ada.desk.enrolment.screen(ADA, Tier.URGENT, True, at(SECOND))
    with pytest.raises(PlanLocked):
        await ada.desk.retrospect.latest(ADA)
    with pytest.raises(PlanLocked):
        await ada.desk.retrospect.keep_activity(ADA, "5", update_id=9, now=at(SECOND))


async def test_who_is_not_enrolled_has_no_weeks(desk: Desk) -> None:
    with pytest.raises(NotEnrolled):
        await desk.retrospect.latest(ADA)
    await enrolled(desk, at(0))
    assert await desk.retrospect.latest(ADA) is None


# The safety questions after a long gap.


async def test_after_a_long_gap_safety_comes_before_any_sequence(ada: Someone) -> None:
    await ada.day(0)
    await ada.today(at(27))
    for ask in (ada.today, ada.travel):
        with pytest.raises(NotEnrolled):
            await ask(at(28))
    profile = await ada.desk.enrolment.profile(ADA)
    assert profile.screening.question is Tier.EMERGENCY
    for tier in (Tier.EMERGENCY, Tier.URGENT):
        with pytest.raises(NotEnrolled):
            await ada.today(at(28))
        await ada.desk.enrolment.screen(ADA, tier, False, at(28))
    assert (await ada.today(at(28, hours=1))).session.given
    assert (await ada.today(at(29))).session.given  # still nothing was practised: not asked twice


async def test_a_yes_after_a_long_gap_locks_the_plan(ada: Someone) -> None:
    await ada.day(0)
    with pytest.raises(NotEnrolled):
        await ada.today(at(30))
    await ada.desk.enrolment.screen(ADA, Tier.EMERGENCY, True, at(30))
    with pytest.raises(PlanLocked):
        await ada.today(at(30))


async def test_who_never_practised_comes_back_to_the_first_sequence(ada: Someone) -> None:
    assert (await ada.today(at(100))).session.given
