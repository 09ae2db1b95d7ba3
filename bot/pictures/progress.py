"""Someone's progress on one sheet for a phone: pain, the steps of the ladders, four weeks of days.

What a mark means is told by its shape as well as by its tone. All words come in, in the person's language.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.domain.look import Theme
from bot.domain.progress import Kept, Progress, Stood
from bot.pictures import paper
from bot.pictures.axis import Axis
from bot.pictures.inks import INKS, Inks
from bot.pictures.pain import Frame, PainLabels, pain_chart

WIDTH = 1080
LEFT, RIGHT = 64, 1016
HEADING, LABEL = 40, 32  # sizes of letters: a third of these on a phone
PLOT = 224  # height
STAIR = 54  # height of a ladder's row
NAMED, STANDS = 452, 896  # where a ladder's name ends, and the number of its step begins
EXPLAINED = 56  # of a shape's words


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Every word on the sheet."""

    title: str
    about: str  # all of it in words
    day: str
    pain: str
    chart: PainLabels
    steps: str
    names: Mapping[str, str]  # of the ladders
    stands: Mapping[str, str]  # on which step of how many, by ladder
    days: str
    weekdays: Sequence[str]  # from the first of the days on
    weeks: Sequence[str]  # their first days
    kept: Mapping[Kept, str]
    consistency: str
    band: str


def progress_sheet(told: Progress, labels: Labels, theme: Theme = Theme.PAPER) -> bytes:
    """The picture, as PNG."""
    return paper.png(progress_svg(told, labels, theme))


def progress_svg(told: Progress, labels: Labels, theme: Theme = Theme.PAPER) -> str:
    """The same as SVG."""
    inks = INKS[theme]
    day = paper.text(RIGHT, 100, labels.day, size=LABEL, fill=inks.faint, anchor="end", room=300)
    title = paper.text(LEFT, 100, labels.title, size=56, weight=600, fill=inks.ink, room=620)
    parts, y = [title, day], 186.0
    for band in (_pain, _steps, _days, _consistency):
        drawn, y = band(told, labels, inks, y)
        parts += drawn
    return paper.sheet(WIDTH, y, parts, ground=inks.ground, title=labels.title, told=labels.about)


def _heading(y: float, said: str, inks: Inks, room: float = RIGHT - LEFT) -> str:
    return paper.text(LEFT, y, said, size=HEADING, weight=600, fill=inks.ink, room=room)


# Pain.


def _pain(told: Progress, labels: Labels, inks: Inks, y: float) -> tuple[list[str], float]:
    frame = Frame(left=LEFT, right=RIGHT, top=y + 54, height=PLOT, size=LABEL)
    parts, bottom = pain_chart(told, labels.chart, frame, inks)
    return [_heading(y, labels.pain, inks), *parts], bottom + 66


# Ladders.


def _steps(told: Progress, labels: Labels, inks: Inks, y: float) -> tuple[list[str], float]:
    """Each ladder's steps over the same weeks, one above the other."""
    if not told.ladders:  # from before portions were kept
        return [], y
    axis = Axis(since=told.since, day=told.day, begin=NAMED, end=STANDS)
    top, bottom = y + 34, y + 34 + len(told.ladders) * STAIR
    names = [labels.names[stood.ladder] for stood in told.ladders]
    size = paper.fitting(names, LABEL, NAMED - LEFT - 24)
    parts = [
        _heading(y, labels.steps, inks, 430),
        *axis.marked(dict.fromkeys(told.marks, ""), top + 16, bottom, inks, 26),  # as named above
    ]
    for number, (name, stood) in enumerate(zip(names, told.ladders, strict=True)):
        floor = top + (number + 1) * STAIR
        parts.append(paper.text(LEFT, floor - 8, name, size=size, fill=inks.ink))
        parts += _climb(stood, axis, floor, inks)
        of = labels.stands[stood.ladder]
        parts.append(
            paper.text(RIGHT, floor - 8, of, size=30, fill=inks.ink, anchor="end", room=108)
        )
    first, _, last = labels.chart.dates
    for x, date, anchor in ((NAMED, first, "start"), (STANDS, last, "end")):
        parts.append(
            paper.text(x, bottom + 40, date, size=28, fill=inks.faint, anchor=anchor, room=210)
        )
    return parts, bottom + 100


def _climb(stood: Stood, axis: Axis, floor: float, inks: Inks) -> Iterator[str]:
    """A line that rises with each step, and a dot on the day it was reached."""

    def up(step: int) -> float:
        return floor - (STAIR - 14) * step / stood.top

    reached = [(axis.across(day), up(step)) for day, step in stood.reached]
    seen = [*(at for at in reached if at[0] > axis.begin)]
    if len(seen) < len(reached):  # where it stood when the axis begins
        seen.insert(0, (axis.begin, reached[len(reached) - len(seen) - 1][1]))
    begin, height = seen[0]
    line = f"M{begin:.1f} {height:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in seen[1:])
    line += f"H{axis.end:.1f}"
    yield paper.shape(f"{line}V{floor:.1f}H{begin:.1f}Z", fill=inks.pale_teal)
    yield paper.line(axis.begin, floor, axis.end, floor, fill=inks.line)
    yield paper.path(line, stroke=inks.teal, width=5)
    for x, y in seen:
        yield paper.disc(x, y, 7, fill=inks.teal)


# Days.


def _days(told: Progress, labels: Labels, inks: Inks, y: float) -> tuple[list[str], float]:
    """Up to four weeks, a row each; what the shapes mean stands beside them."""
    gutter, wide, high, top = LEFT + 164, 64, 62, y + 106
    parts = [_heading(y, labels.days, inks)]
    small = paper.fitting(labels.weeks, 28, 156)
    for number, name in enumerate(labels.weekdays):
        x = gutter + (number + 0.5) * wide
        parts.append(
            paper.text(x, y + 54, name, size=28, fill=inks.faint, anchor="middle", room=wide - 8)
        )
    weeks = [row for row in enumerate(_rows(told)) if any(k is not Kept.OUTSIDE for _, k in row[1])]
    for line, (week, days) in enumerate(weeks):
        at = top + line * high
        parts.append(paper.text(LEFT, at + 10, labels.weeks[week], size=small, fill=inks.faint))
        for number, (date, kept) in enumerate(days):
            x = gutter + (number + 0.5) * wide
            if date == told.day:
                edge = (x - 27, at - 27, 54, 54)
                parts.append(paper.block(*edge, fill="none", corner=12, stroke=inks.line))
            parts += _mark(kept, x, at, inks)
    explained = [*_explained(told, labels, inks, top)]
    lowest = max((len(weeks) - 1) * high, (len(explained) - 1) * EXPLAINED)
    return [*parts, *chain(*explained)], top + lowest + 122


def _rows(told: Progress) -> Iterator[list[tuple[dt.date, Kept]]]:
    days = sorted(told.days.items())
    return (days[begin : begin + 7] for begin in range(0, len(days), 7))


def _explained(told: Progress, labels: Labels, inks: Inks, top: float) -> Iterator[list[str]]:
    """The shapes that there are."""
    left, words = 732, 766
    shown = [kept for kept in Kept if kept in told.days.values() and kept in labels.kept]
    size = paper.fitting([labels.kept[kept] for kept in shown], 30, RIGHT - words)
    for number, kept in enumerate(shown):
        at = top + number * EXPLAINED
        said = paper.text(words, at + 10, labels.kept[kept], size=size, fill=inks.faint)
        yield [*_mark(kept, left, at, inks), said]


def _mark(kept: Kept, x: float, y: float, inks: Inks) -> list[str]:
    """A shape of its own for each."""
    match kept:
        case Kept.DONE:
            return [paper.disc(x, y, 20, fill=inks.teal)]
        case Kept.PARTLY:
            return [
                paper.half_disc(x, y, 18, fill=inks.teal),
                paper.ring(x, y, 18, stroke=inks.teal),
            ]
        case Kept.NOT_TODAY:
            return [paper.line(x - 14, y, x + 14, y, fill=inks.faint, width=7)]
        case Kept.SILENT:
            return [paper.ring(x, y, 17, stroke=inks.faint, width=3)]
        case Kept.FREE:
            return [paper.disc(x, y, 5, fill=inks.faint)]
        case Kept.OUTSIDE:
            return []


# Consistency.


def _consistency(told: Progress, labels: Labels, inks: Inks, y: float) -> tuple[list[str], float]:
    """A bar that fills softly, and what it says."""
    wide, high, top = RIGHT - LEFT, 34, y + 34
    filled = max(high, wide * told.consistency)
    parts = [
        _heading(y, labels.consistency, inks, 430),
        paper.text(RIGHT, y, labels.band, size=34, fill=inks.ink, anchor="end", room=500),
        paper.block(LEFT, top, wide, high, fill=inks.pale_teal, corner=17),
        paper.block(LEFT, top, filled, high, fill=inks.soft_teal, corner=17),
    ]
    return parts, top + high + 64
