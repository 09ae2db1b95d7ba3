"""The summary for a physiotherapist, put into words for its page of paper."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import unescape
from itertools import groupby

from bot.catalogue.words import Words
from bot.delivery.progress_card import pain_labels
from bot.domain.look import Taste, Theme
from bot.domain.profile import Question
from bot.domain.progress import Progress
from bot.domain.safety import ClearanceItem
from bot.pictures.inks import PRINT
from bot.pictures.pain import pain_svg
from bot.pictures.poster import pose_svg
from bot.pictures.sheet import Card, Labelled, Picture, Sheet, Weeks, sheet
from bot.pictures.sheet import Change as Row
from bot.practice.enrolment import TICKS
from bot.practice.report import Change, Report, Stand, Week
from bot.practice.why import explain

FIGURE = (480, 260)
CHART = (1180, 400)  # the pain, with letters of 30
MARKS = (4, 8)  # weeks whose means are told
ROWS = 40  # more changes of step than any page holds


def report_sheet(words: Words, report: Report, clearance: Iterable[ClearanceItem]) -> bytes:
    """PDF. Raises LettersMissing or SheetUnprintable."""
    return sheet(sheet_of(words, report, clearance))


def sheet_of(words: Words, report: Report, clearance: Iterable[ClearanceItem]) -> Sheet:
    """Every word on the page; the figures are as the person likes them, but on paper."""
    taste = replace(report.taste, theme=Theme.PAPER)
    label, rows = words.label, [*_rows(words, report.changes)]
    return Sheet(
        language=words.language,
        day=report.day,
        title=label("report.title"),
        as_of=label("report.as_of", day=report.day),
        name=label("report.name"),
        facts=label(
            "report.facts",
            since=report.since,
            minutes=report.minutes,
            at=report.ritual_at or "",
            life=report.life or "",
            worse=[*_worse(words, report)],
        ),
        note=label("report.rests") if report.lock else None,
        pain=label("report.pain"),
        chart=_chart(words, report.progress) if report.progress else None,
        numbers=tuple(_numbers(words, report)),
        activity=_activity(words, report),
        now=label("report.now"),
        nothing=label("report.nothing"),
        cards=tuple(_card(words, stand, taste) for stand in report.stands),
        changed=label("report.changed"),
        columns=(
            label("report.column_day"),
            label("report.column_step"),
            label("report.column_reason"),
        ),
        changes=tuple(row for row, _ in rows[:ROWS]),
        left_out=tuple(_left_out(words, [number for _, number in rows])),
        consistency=label("report.consistency"),
        practised=label("report.practised", number=report.practised, travel=report.on_the_way),
        weeks=_weeks(words, report.weeks),
        noticed=label("report.noticed"),
        seen=tuple(_seen(words, report, clearance)),
        closing=(
            (label("report.decides"), label("report.decides_told", policy=report.policy)),
            (label("report.is_not"), label("report.is_not_told")),
        ),
    )


def _worse(words: Words, report: Report) -> Iterator[str]:
    """In the words in which they ticked it."""
    question = Question.DIRECTION
    for thing in TICKS[question]:
        if thing in report.aggravated_by:
            yield words.label(f"enrol.{question}_{thing}", ticked=False)


def _chart(words: Words, seen: Progress) -> Picture:
    alt = words.label(
        "report.chart",
        since=seen.since,
        day=seen.day,
        waking=seen.lately(seen.waking),
        during=seen.lately(seen.during),
        usual=seen.usual_pain,
        marks=[*seen.marks.values()],
    )
    labels = replace(  # of somebody else
        pain_labels(words, seen),
        waking=words.label("report.chart_waking"),
        during=words.label("report.chart_during"),
        usual=words.label("report.chart_usual", value=seen.usual_pain),
    )
    return Picture(svg=pain_svg(seen, labels, *CHART, PRINT), alt=alt)


def _numbers(words: Words, report: Report) -> Iterator[Labelled]:
    def told(value: float | None) -> str:
        return words.label("report.told", value=value)

    yield words.label("report.usual_pain"), told(report.usual_pain)
    if seen := report.progress:
        yield words.label("report.waking"), told(seen.lately(seen.waking))
        yield words.label("report.during"), told(seen.lately(seen.during))
        for day, weeks in seen.marks.items():
            if weeks in MARKS:
                mean = seen.lately(seen.waking, day)
                yield words.label("report.at_mark", weeks=weeks), told(mean)


def _activity(words: Words, report: Report) -> Labelled | None:
    told, others = report.activity.told, report.activity.others
    if not told:
        return None
    said = words.label("report.activity_told", told=told, others=others)
    return words.label("report.activity"), said


def _card(words: Words, stand: Stand, taste: Taste) -> Card:
    label, exercise = words.label, stand.exercise
    figure = exercise.figure
    svg = pose_svg(figure, taste.look(exercise.id), FIGURE) if figure else ""
    return Card(
        ladder=stand.ladder,
        exercise=exercise.name,
        step=label("report.stands", step=stand.step, top=stand.top, since=stand.since),
        dose=label(
            "report.dose",
            dose=stand.dose,
            phases=exercise.phases,
            grams=stand.grams or 0,
            percent=stand.percent,
        ),
        figure=Picture(svg=svg, alt=label("report.figure", name=exercise.name)) if svg else None,
    )


def _rows(words: Words, changes: Iterable[Change]) -> Iterator[tuple[Row, int]]:
    """Changes of one day for one reason stand together; with each row, how many they are."""

    def alike(change: Change) -> tuple[dt.date, str]:
        why = unescape(explain(change.decision, words)) if change.decision else ""
        return change.day, why

    for (day, why), together in groupby(changes, alike):
        of = [*together]
        what = ", ".join(_change(words, one) for one in of)
        yield Row(day=words.label("report.week", date=day), what=what, why=why), len(of)


def _change(words: Words, one: Change) -> str:
    return words.label("report.change", ladder=one.ladder, before=one.before or 0, step=one.step)


def _left_out(words: Words, numbers: list[int]) -> Iterator[str]:
    """How many changes are not told, by the number of rows that are."""
    for shown in range(min(len(numbers), ROWS) + 1):
        rest = sum(numbers[shown:])
        yield words.label("report.left_out", number=rest) if rest else ""


def _weeks(words: Words, weeks: Iterable[Week]) -> Weeks:
    label, lived = words.label, [*weeks]
    counted = (
        (label("report.whole"), [week.whole for week in lived]),
        (label("report.partly"), [week.partly for week in lived]),
        (label("report.skipped"), [week.skipped for week in lived]),
        (
            label("report.silent"),
            [week.rituals - week.whole - week.partly - week.skipped for week in lived],
        ),
    )
    mondays = (label("report.week", date=week.monday) for week in lived)
    return Weeks(
        head=(label("report.week_of"), *mondays),
        rows=tuple((name, *map(str, counts)) for name, counts in counted) if lived else (),
    )


def _seen(words: Words, report: Report, clearance: Iterable[ClearanceItem]) -> Iterator[Labelled]:
    label, noticed = words.label, report.noticed
    items = {item.key: label(f"safety.item_{item.id}") for item in clearance}
    safety = [
        (day, items.get(item) or label("report.safety_item", item=item))
        for day, item in report.safety.told
    ]
    yield label("report.muscles"), label("report.muscles_told", counts=noticed.compensation)
    yield label("report.breath"), label("report.breath_told", counts=noticed.breath)
    if noticed.exercises.told:
        named = label(
            "report.named_told", exercises=noticed.exercises.told, others=noticed.exercises.others
        )
        yield label("report.named"), named
    flares = label("report.flares_told", days=report.flares.told, others=report.flares.others)
    yield label("report.flares"), flares
    answers = label(
        "report.safety_told",
        items=safety,
        others=report.safety.others,
        asked=report.asked_last or "",
    )
    yield label("report.safety"), answers
