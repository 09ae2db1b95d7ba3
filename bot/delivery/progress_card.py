"""How it goes, as letters: a picture, the same in words, and below the weekly one a choice."""

import datetime as dt
from collections.abc import Mapping
from functools import partial
from html import unescape

from bot.catalogue.words import Words
from bot.delivery.charts import with_chart
from bot.delivery.letter import CAPTION, Button, Letter, Rows
from bot.delivery.taps import Fit, LookBack, Weekly, Why
from bot.domain.progress import STRIP, WEEK, Kept, Progress
from bot.domain.rhythm import EVERY_DAY
from bot.pictures.pain import PainLabels
from bot.pictures.progress import Labels, progress_sheet
from bot.practice.enrolment import MINUTES
from bot.practice.progress import Told
from bot.practice.why import explain

MOST_MOVES = 2  # that are told of, each with its reason; the second only where there is room
MOST_NAMES = 3  # of ladders that moved alike
ONE_DAY = dt.timedelta(days=1)

Moves = list[tuple[list[str], str]]


async def pictured(
    letter: Letter,
    words: Words,
    told: Told,
) -> Letter:
    """The letter with its picture, where that can be drawn."""
    labels = partial(labels_of, words, told.progress, told.names)
    return await with_chart(letter, lambda: progress_sheet(told.progress, labels(), told.theme))


def progress_card(words: Words, told: Told) -> Letter:
    """At any time, with ways on."""
    ways = [Button(words.label("progress.review"), LookBack())] if told.reviewed else []
    if told.session_id is not None:
        ways.insert(0, Button(words.label("progress.why"), Why(told.session_id)))
    return Letter(_text(words, told), (tuple(ways),) if ways else ())


def week_card(words: Words, told: Told) -> Letter:
    """Once a week: the one choice below it is fewer days where they are offered, else the minutes."""
    day, seen = told.progress.day.toordinal(), told.progress
    if told.fewer is not None:
        asks = words.say("progress.ask_days", weeks=seen.weeks, fewer=told.fewer)
        fewer = words.label("progress.fewer_days", fewer=told.fewer)
        same = Button(words.label("progress.same_days"), Weekly(day, 0))
        rows: Rows = ((Button(fewer, Weekly(day, told.fewer)),), (same,))
    else:
        asks = words.say("progress.ask_minutes", minutes=told.minutes)
        rows = _minutes(words, told.minutes, day)
    return Letter(_text(words, told, asks), rows)


def minutes_card(words: Words, told: Told, minutes: int) -> Letter:
    """The same, once the minutes are chosen."""
    said = words.say("progress.minutes_kept", minutes=minutes)
    return Letter(_text(words, told, said))


def days_card(words: Words, told: Told, weekdays: frozenset[int], days: int) -> Letter:
    """The same, once the days are chosen; from fewer ones, daily is one tap away."""
    if not days:
        return Letter(_text(words, told, words.say("progress.same_days_kept")))
    if weekdays == EVERY_DAY:
        return Letter(_text(words, told, words.say("progress.daily_kept")))
    day = told.progress.day
    dates = [day + (weekday - day.weekday()) * ONE_DAY for weekday in sorted(weekdays)]
    daily = Weekly(day.toordinal(), len(EVERY_DAY))
    rows = ((Button(words.label("progress.daily_again"), daily),),)
    return Letter(_text(words, told, words.say("progress.days_kept", dates=dates)), rows)


def _minutes(words: Words, minutes: int, day: int) -> Rows:
    """As they are, and one less and one more of those that there are."""
    known = sorted(map(int, MINUTES))
    less = [n for n in known if n < minutes][-1:]
    more = [n for n in known if n > minutes][:1]
    keep = Button(words.label("progress.keep", minutes=minutes), Fit(day, minutes))
    return (
        (keep,),
        (
            *(Button(words.label("progress.shorter", minutes=n), Fit(day, n)) for n in less),
            *(Button(words.label("progress.longer", minutes=n), Fit(day, n)) for n in more),
        ),
    )


def _text(words: Words, told: Told, below: str = "") -> str:
    """What is told; of a week, with what is asked or was chosen below it."""
    moves = _moved(words, told)[:MOST_MOVES]
    text = f"{_telling(words, told, moves, weekly=bool(below))}\n\n{below}".strip()
    if len(text) > CAPTION and len(moves) > 1:
        text = f"{_telling(words, told, moves[:1], weekly=bool(below))}\n\n{below}".strip()
    return text


def _telling(words: Words, told: Told, moves: Moves, *, weekly: bool) -> str:
    seen = told.progress
    return words.say(
        "progress.card",
        weekly=weekly,
        days=seen.week,
        band=str(seen.band),
        moved=moves,
        stays=explain(told.stays, words) if told.stays else None,
        picture=in_words(words, seen, told.names),
    )


def in_words(words: Words, seen: Progress, names: Mapping[str, str]) -> str:
    """What there is to see in the picture."""
    return words.say(
        "progress.in_words",
        waking=seen.lately(seen.waking),
        during=seen.lately(seen.during),
        usual=seen.usual_pain,
        marks=[*seen.marks.values()],
        ladders=[(names[s.ladder], s.latest, s.reached[-1][0]) for s in seen.ladders],
        done=seen.count(Kept.DONE),
        partly=seen.count(Kept.PARTLY),
        not_today=seen.count(Kept.NOT_TODAY),
        silent=seen.count(Kept.SILENT),
    )


def _moved(words: Words, told: Told) -> Moves:
    """The reasons that were given, each with its ladders."""
    ladders: dict[str, list[str]] = {}
    for ladder, decision in told.moved.items():
        ladders.setdefault(explain(decision, words), []).append(told.names[ladder])
    return [(names[:MOST_NAMES], why) for why, names in ladders.items()]


def labels_of(words: Words, seen: Progress, names: Mapping[str, str]) -> Labels:
    """What is written in the picture."""
    label, first = words.label, min(seen.days)
    return Labels(
        title=label("progress.chart_title"),
        about=unescape(in_words(words, seen, names)),
        day=label("progress.chart_date", date=seen.day),
        pain=label("progress.chart_pain"),
        chart=pain_labels(words, seen),
        steps=label("progress.chart_steps"),
        names=names,
        stands={
            one.ladder: label("progress.chart_stands", step=one.latest, top=one.top)
            for one in seen.ladders
        },
        days=label("progress.chart_days"),
        weekdays=[label("progress.chart_weekday", date=first + n * ONE_DAY) for n in range(WEEK)],
        weeks=[label("progress.chart_date", date=first + n * WEEK * ONE_DAY) for n in range(STRIP)],
        kept={kept: label(f"progress.kept_{kept}") for kept in Kept if kept is not Kept.OUTSIDE},
        consistency=label("progress.chart_consistency"),
        band=label(f"progress.band_{seen.band}"),
    )


def pain_labels(words: Words, seen: Progress) -> PainLabels:
    """What is written in the chart of the pain."""
    label = words.label
    middle = seen.since + (seen.day - seen.since) / 2
    return PainLabels(
        waking=label("progress.chart_waking"),
        during=label("progress.chart_during"),
        usual=label("progress.chart_usual", value=seen.usual_pain),
        none=label("progress.chart_no_pain"),
        dates=[label("progress.chart_date", date=d) for d in (seen.since, middle, seen.day)],
        marks={day: label("progress.chart_mark", weeks=n) for day, n in seen.marks.items()},
    )
