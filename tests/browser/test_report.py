"""The summary for a physiotherapist on paper: two sheets of A4 hold the fullest there can be."""

import datetime as dt
import re

import pytest
from playwright.async_api import Browser

from bot.catalogue.words import Words
from bot.delivery.report_page import report_page
from bot.domain.decision import Action, Decision, Missing, Reason
from bot.domain.person import Life
from bot.domain.safety import ClearanceItem, Tier
from bot.practice import report
from bot.practice.report import Change, Named, Noticed, Report, Stand, Week
from bot.practice.why import explain
from tests import builders

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

DAY = dt.date(2026, 11, 23)
SHEETS = re.compile(rb"/Type\s*/Page\b")


def decided(reason: Reason) -> Decision:
    return Decision(
        action=Action.REGRESS_STEP,
        step=1,
        dose_fraction=0.6,
        rules=("R8",),
        reasons=(reason,),
        missing=(Missing.MORE_CLEAN_SESSIONS,),
        rest_hours=48,
        policy="2026-11-22",
    )


def wordiest(words: Words) -> Decision:
    """The one whose sentence is the longest."""
    return max(map(decided, Reason), key=lambda decision: len(explain(decision, words)))


def fullest(words: Words) -> Report:
    """As much of everything as is told."""
    ladders = [*builders.catalogue().ladders.values()]
    longest = max(
        (step for ladder in ladders for step in ladder.steps), key=lambda s: len(s.exercise.name)
    )
    item = builders.clearance()[0].key
    return Report(
        day=DAY,
        since=DAY,
        life=Life.MIXED,
        minutes=20,
        ritual_at=dt.time(7),
        usual_pain=5,
        lock=Tier.ROUTINE,
        mornings=tuple((DAY, 10) for _ in range(report.MORNINGS)),
        pains=tuple((DAY, 10) for _ in range(report.MORNINGS)),
        activity=tuple((DAY, 10) for _ in range(report.ACTIVITIES)),
        stands=tuple(
            Stand(
                ladder=ladder.name,
                step=ladder.top,
                top=ladder.top,
                exercise=longest.exercise.name,
                phases=longest.exercise.phases,
                dose=longest.dose,
                percent=100,
                grams=12500,
                day=DAY,
            )
            for ladder in ladders
        ),
        changes=tuple(
            Change(
                day=DAY,
                ladder="Loose hips and upper back",
                before=7,
                step=6,
                decision=wordiest(words),
            )
            for _ in range(report.CHANGES)
        ),
        earlier_changes=99,
        weeks=tuple(
            Week(monday=DAY, rituals=7, whole=3, partly=2, skipped=1) for _ in range(report.WEEKS)
        ),
        practised=999,
        on_the_way=99,
        noticed=Noticed(
            compensation=(100, 100, 100),
            breath=(100, 100, 100),
            exercises=tuple(
                Named(
                    ladder=ladder.name,
                    sessions=99,
                    signs=tuple(
                        (sign, 99) for sign in ladder.steps[0].exercise.signs[: report.SIGNS]
                    ),
                )
                for ladder in ladders
            ),
        ),
        flares=tuple(DAY for _ in range(report.FLARES)),
        safety=tuple((DAY, item) for _ in range(report.ANSWERS)),
        asked_last=DAY,
        policy="2026-11-22-abcdef",
    )


async def test_the_fullest_report_fits_on_two_sheets(browser: Browser) -> None:
    for words in builders.voices().values():
        paper = await printed(browser, words, fullest(words), builders.clearance())
        assert 0 < len(SHEETS.findall(paper)) <= 2, words.language


async def printed(
    browser: Browser, words: Words, told: Report, clearance: tuple[ClearanceItem, ...]
) -> bytes:
    page = await browser.new_page()
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    try:
        await page.set_content(report_page(words, told, clearance))
        assert asked_for == []  # nothing is loaded from anywhere
        return await page.pdf(prefer_css_page_size=True)
    finally:
        await page.close()
