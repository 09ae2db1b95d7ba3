"""The summary for a physiotherapist: what it tells of a life, and that its page stands alone."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest

from bot.catalogue.claims import CLAIMS
from bot.delivery.report_page import report_page
from bot.domain.decision import Reason
from bot.domain.profile import Question
from bot.domain.refusal import NotEnrolled
from bot.domain.safety import Tier
from bot.domain.session import Asked
from bot.practice.desk import Desk
from bot.practice.report import CHANGES, MORNINGS, WEEKS, Report
from bot.storage import people, sessions
from tests import builders
from tests.builders import ADA
from tests.practice.someone import CALM, RED, Someone, at

ALONE = ("html", "head", "meta", "title", "style", "body", "header", "section", "footer")
PLAIN = ("h1", "h2", "p", "b", "table", "tr", "th", "td")


class Reader(HTMLParser):
    """As a browser sees it: its tags, whether they close, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [name for name, _ in attrs if name in ("src", "href", "srcset", "action")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data


async def report_of(ada: Someone, day: int) -> Report:
    return await ada.desk.belongings.report(ADA, at(day))


async def page_of(ada: Someone, day: int) -> Reader:
    desk = ada.desk
    page = report_page(desk.words["en"], await report_of(ada, day), desk.enrolment.clearance)
    return Reader(page)


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
    assert len(report.changes) + report.earlier_changes > len(report.stands)
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


async def test_it_counts_what_was_told_and_silence_as_silence(ada: Someone) -> None:
    await weeks(ada, 14)
    report = await report_of(ada, 14)
    assert [(w.rituals, w.whole, w.partly, w.skipped) for w in report.weeks] == [(7, 6, 0, 0)] * 2
    assert report.practised == 12
    assert report.on_the_way == 0
    assert report.noticed.compensation == (12, 0, 0)
    assert report.pains[-1] == (date(2026, 12, 5), 2)
    assert (date(2026, 12, 2), 8) in report.pains
    assert report.mornings[0] == (date(2026, 11, 24), 2)  # the one after the first session
    assert report.usual_pain == 2


async def test_a_set_on_the_way_is_practice_and_moves_nothing(ada: Someone) -> None:
    await ada.day(0)
    before = (await report_of(ada, 0)).stands
    await ada.answer(await ada.travel(at(1)), CALM, at(1))
    report = await report_of(ada, 1)
    assert (report.practised, report.on_the_way) == (1, 1)
    assert report.stands == before


async def test_what_is_old_is_counted_so_that_two_pages_hold_it(ada: Someone) -> None:
    await weeks(ada, 70)
    report = await report_of(ada, 70)
    assert len(report.changes) == CHANGES
    assert report.earlier_changes > 0
    assert (len(report.mornings), len(report.weeks)) == (MORNINGS, WEEKS)


async def test_flares_and_safety_answers_are_told(ada: Someone) -> None:
    await ada.day(0)
    await ada.flare(at(1))
    await ada.desk.enrolment.ask_safety_again(ADA, at(2))
    await ada.desk.enrolment.screen(ADA, Tier.EMERGENCY, False, at(2))
    await ada.desk.enrolment.screen(ADA, Tier.URGENT, True, at(2))
    report = await report_of(ada, 2)  # the plan is locked: a report is for exactly that
    assert report.lock is Tier.URGENT
    assert report.flares == (date(2026, 11, 24),)
    assert report.safety == ((date(2026, 11, 25), "U"),)
    assert report.asked_last == date(2026, 11, 25)
    text = (await page_of(ada, 2)).text
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
    [named] = report.noticed.exercises
    assert (named.ladder, named.sessions, named.signs) == (known.name, 1, ((sign, 1),))


@pytest.mark.parametrize("days", [0, 30])
async def test_its_page_stands_alone_and_claims_nothing(ada: Someone, days: int) -> None:
    await weeks(ada, days)
    page = await page_of(ada, days)
    assert page.tags <= {*ALONE, *PLAIN}
    assert page.links == []
    assert page.open == []
    assert not CLAIMS["en"].search(page.text), CLAIMS["en"].search(page.text)
    assert not re.search(r"\bNone\b|\{\{|\}\}", page.text)


async def test_text_of_people_can_be_no_tag(ada: Someone) -> None:
    async with ada.desk.enrolment.database.work() as work:
        profile = await people.find(work, ADA)
        assert profile is not None
        await people.screen(work, profile.id, "<script>alert(1)</script>", True, at(0))
    page = await page_of(ada, 0)
    assert "script" not in page.tags
    assert "<script>alert(1)</script>" in page.text


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
