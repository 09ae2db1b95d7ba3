"""The summary for a physiotherapist: what it tells of a life, and on its page."""

import re
from datetime import date

import pytest

from bot.catalogue.claims import CLAIMS
from bot.delivery.report_sheet import report_sheet
from bot.domain.decision import Reason
from bot.domain.profile import Question
from bot.domain.refusal import NotEnrolled
from bot.domain.safety import Tier
from bot.domain.session import Asked
from bot.practice.desk import Desk
from bot.practice.report import FLARES, WEEKS, Excerpt, Report
from bot.storage import people, sessions
from tests import builders
from tests.builders import ADA
from tests.delivery.printed import said_on
from tests.practice.someone import CALM, RED, Someone, at


async def report_of(ada: Someone, day: int) -> Report:
    return await ada.desk.belongings.report(ADA, at(day))


async def page_of(ada: Someone, day: int) -> str:
    """All that is said on it."""
    desk = ada.desk
    page = report_sheet(desk.words["en"], await report_of(ada, day), desk.enrolment.clearance)
    return said_on(page)


async def weeks(ada: Someone, upto: int) -> None:
    """Calm days but one; every seventh is silent."""
    for number in range(upto):
        if number == 9:
            await ada.day(number, RED)
        elif number % 7 == 6:
            await ada.today(at(number))
        else:
            await ada.day(number, CALM)


async def test_it_tells_steps_with_their_reasons_and_dates(ada: Someone) -> None:
    await weeks(ada, 24)
    report = await report_of(ada, 24)
    assert len(report.changes) > len(report.stands)
    assert [change.day for change in report.changes] == sorted(
        (change.day for change in report.changes), reverse=True
    )
    up = [c for c in report.changes if c.before and c.before < c.step]
    assert up
    assert all(c.decision and c.decision.step == c.step for c in report.changes)
    assert {c.decision.reasons[0] for c in up if c.decision} == {Reason.READY_FOR_NEXT_STEP}
    latest = {c.ladder: c.step for c in reversed(report.changes)}
    assert all(
        stand.step == latest[stand.ladder] for stand in report.stands if stand.ladder in latest
    )
    since = {(c.ladder, c.step): c.day for c in reversed(report.changes)}
    assert all(stand.since == since[stand.ladder, stand.step] for stand in report.stands)


async def test_it_counts_what_was_told_and_silence_as_silence(ada: Someone) -> None:
    await weeks(ada, 14)
    report = await report_of(ada, 14)
    assert [(w.rituals, w.whole, w.partly, w.skipped) for w in report.weeks] == [(7, 6, 0, 0)] * 2
    assert report.practised == 12
    assert report.on_the_way == 0
    assert report.noticed.compensation == (12, 0, 0)
    seen = report.progress
    assert seen is not None
    assert seen.during[date(2026, 12, 5)] == 2
    assert seen.during[date(2026, 12, 2)] == 8
    assert min(seen.waking.items()) == (date(2026, 11, 24), 2)  # the one after the first session
    assert report.usual_pain == seen.usual_pain == 2


async def test_a_set_on_the_way_is_practice_and_moves_nothing(ada: Someone) -> None:
    await ada.day(0)
    before = (await report_of(ada, 0)).stands
    await ada.answer(await ada.travel(at(1)), CALM, at(1))
    report = await report_of(ada, 1)
    assert (report.practised, report.on_the_way) == (1, 1)
    assert report.stands == before


async def test_what_a_page_has_no_room_for_is_counted(ada: Someone) -> None:
    await weeks(ada, 14)
    for number in range(14, 14 + FLARES + 2):
        await ada.flare(at(number))
    for number in range(28, 80, 7):
        await ada.day(number)
    report = await report_of(ada, 80)
    assert len(report.weeks) == WEEKS
    assert report.flares == Excerpt(
        tuple(date(2026, 12, day) for day in range(9, 9 + FLARES)), others=2
    )
    assert "13 Dec 2026, and 2 earlier." in await page_of(ada, 80)


async def test_flares_and_safety_answers_are_told(ada: Someone) -> None:
    await ada.day(0)
    await ada.flare(at(1))
    await ada.desk.enrolment.ask_safety_again(ADA, at(2))
    await ada.desk.enrolment.screen(ADA, Tier.EMERGENCY, False, at(2))
    await ada.desk.enrolment.screen(ADA, Tier.URGENT, True, at(2))
    report = await report_of(ada, 2)  # the plan is locked: a report is for exactly that
    assert report.lock is Tier.URGENT
    assert report.flares.told == (date(2026, 11, 24),)
    assert report.safety.told == ((date(2026, 11, 25), "U"),)
    assert report.asked_last == date(2026, 11, 25)
    text = await page_of(ada, 2)
    assert "yes to a sign that should be looked at soon" in text
    assert "The ritual rests at present" in text


async def test_what_was_said_of_one_exercise_is_told_of_that_one(ada: Someone) -> None:
    plan = await ada.day(0, {Asked.COMPLETED: 0, Asked.PAIN: 2})
    ladder = plan.session.given[0].ladder
    async with ada.desk.enrolment.database.work() as work:
        for update_id, (asked, value) in enumerate({Asked.COMPENSATION: 2, Asked.SIGNS: 2}.items()):
            await sessions.answer(
                work,
                plan.session.id,
                asked,
                value,
                ladder=ladder,
                update_id=-90 - update_id,
                now=at(0),
            )
    report = await report_of(ada, 0)
    known = ada.desk.prescription.catalogue.ladders[ladder]
    sign = known.step(1).exercise.signs[1]
    assert report.noticed.compensation == (0, 0, 1)
    [named] = report.noticed.exercises.told
    assert (named.ladder, named.sessions, named.signs) == (known.name, 1, ((sign, 1),))


@pytest.mark.parametrize("days", [0, 30])
async def test_its_page_claims_nothing(ada: Someone, days: int) -> None:
    await weeks(ada, days)
    text = await page_of(ada, days)
    assert not CLAIMS["en"].search(text), CLAIMS["en"].search(text)
    assert not re.search(r"\bNone\b(?! of these)|\{\{|\}\}", text)


async def test_what_people_typed_is_only_text(ada: Someone) -> None:
    async with ada.desk.enrolment.database.work() as work:
        profile = await people.find(work, ADA)
        assert profile is not None
        await people.screen(work, profile.id, "<b>#alert(1)</b> & $x$ \\ 😀", True, at(0))
    assert "<b>#alert(1)</b> & $x$ \\ □" in await page_of(ada, 0)


async def test_before_there_is_anything_to_tell_the_open_question_comes(desk: Desk) -> None:
    await builders.enrolled(desk, at(0), upto=Question.TOWN)
    with pytest.raises(NotEnrolled):
        await desk.belongings.report(ADA, at(0))


async def test_an_answer_that_was_changed_counts_as_it_stands(ada: Someone) -> None:
    plan = await ada.day(0)
    await ada.answer(plan, {Asked.COMPLETED: 1, Asked.COMPENSATION: 2}, at(0, 2))
    report = await report_of(ada, 0)
    assert report.noticed.compensation == (0, 0, 1)
    assert [(w.whole, w.partly) for w in report.weeks] == [(0, 1)]
