"""Someone's progress on one sheet for a phone: pain, the steps of the ladders, four weeks of days.

What a mark means is told by its shape as well as by its tone. All words come in, in the person's language.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from bot.domain.progress import Kept, Progress, Stood
from bot.pictures import paper
from bot.pictures.paper import FAINT, INK, LINE, PALE_TEAL, SOFT_TEAL, TEAL, WARM

WIDTH = 1080
LEFT, RIGHT = 64, 1016
HEADING, LABEL = 40, 32  # sizes of letters: a third of these on a phone
WORST = 10  # of pain
SMOOTH, LEAST = 7, 3  # days behind a point of the line, and numbers told in them
PLOT = 240  # height
STAIR = 52  # height of a ladder's row


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Every word on the sheet."""

    title: str
    day: str
    pain: str
    waking: str
    during: str
    usual: str
    no_pain: str  # told, yet
    dates: Sequence[str]  # the beginning, the middle and the end of the axis
    steps: str
    since: str  # what the dark steps are
    names: Mapping[str, str]  # of the ladders
    days: str
    weekdays: Sequence[str]  # from Monday
    weeks: Sequence[str]  # their Mondays
    kept: Mapping[Kept, str]
    consistency: str
    band: str


def progress_sheet(told: Progress, labels: Labels) -> bytes:
    """The picture, as PNG."""
    return paper.png(progress_svg(told, labels))


def progress_svg(told: Progress, labels: Labels) -> str:
    """The same as SVG."""
    parts = [
        paper.text(LEFT, 100, labels.title, size=56, weight=600, room=620),
        paper.text(RIGHT, 100, labels.day, size=LABEL, fill=FAINT, anchor="end", room=300),
    ]
    y = 186.0
    for band in (_pain, _steps, _days, _consistency):
        drawn, y = band(told, labels, y)
        parts += drawn
    return paper.sheet(WIDTH, y, parts)


def _heading(y: float, said: str, room: float = RIGHT - LEFT) -> str:
    return paper.text(LEFT, y, said, size=HEADING, weight=600, room=room)


# Pain.


def _pain(told: Progress, labels: Labels, y: float) -> tuple[list[str], float]:
    """Dots for mornings with their mean as a line, rings for sessions, dashes for what is usual."""
    begin, top = LEFT + 56, y + 92
    count = (told.day - told.since).days + 1

    def across(day: dt.date) -> float:
        return begin + (RIGHT - begin) * ((day - told.since).days + 0.5) / count

    def down(pain: float) -> float:
        return top + PLOT * (1 - pain / WORST)

    size = min(max((RIGHT - begin) / count * 0.34, 4), 11)
    parts = [_heading(y, labels.pain), *_legend(labels, y + 52)]
    for pain in (0, 5, WORST):
        parts.append(paper.line(begin, down(pain), RIGHT, down(pain)))
        parts.append(
            paper.text(begin - 18, down(pain) + 11, str(pain), size=30, fill=FAINT, anchor="end")
        )
    usual = down(told.usual_pain)
    parts.append(paper.path(f"M{begin} {usual:.1f}H{RIGHT}", stroke=INK, width=3, dashes="2 12"))
    waking, during = (
        {day: value for day, value in of.items() if told.since <= day <= told.day}
        for of in (told.waking, told.during)
    )
    parts += [
        paper.ring(across(d), down(v), size + 3, stroke=WARM, width=2 + size / 6)
        for d, v in during.items()
    ]
    parts += [paper.disc(across(d), down(v), size, fill=TEAL) for d, v in waking.items()]
    parts += _smoothed(told, across, down)
    if not (waking or during):
        middle = (begin + RIGHT) / 2
        parts.append(
            paper.text(middle, down(7), labels.no_pain, size=LABEL, fill=FAINT, anchor="middle")
        )
    ends = ((begin, "start"), ((begin + RIGHT) / 2, "middle"), (RIGHT, "end"))
    for (x, anchor), date in zip(ends, labels.dates, strict=True):
        at = top + PLOT + 46
        parts.append(paper.text(x, at, date, size=30, fill=FAINT, anchor=anchor, room=290))
    return parts, top + PLOT + 128


def _legend(labels: Labels, y: float) -> Iterator[str]:
    """Three shapes and their names, each in a third of the width."""
    third, at = (RIGHT - LEFT) / 3, y - 11
    said = (labels.waking, labels.during, labels.usual)
    for number, name in enumerate(said):
        yield paper.text(
            LEFT + number * third + 58, y, name, size=LABEL, fill=FAINT, room=third - 76
        )
    yield paper.path(f"M{LEFT + 2} {at}h40", stroke=TEAL, width=6)
    yield paper.disc(LEFT + 22, at, 11, fill=TEAL)
    yield paper.ring(LEFT + third + 22, at, 13, stroke=WARM)
    yield paper.path(f"M{LEFT + 2 * third + 2:.1f} {at}h40", stroke=INK, width=3, dashes="2 12")


def _smoothed(
    told: Progress, across: Callable[[dt.date], float], down: Callable[[float], float]
) -> Iterator[str]:
    """The mean of the mornings up to each day; broken where too few were told."""
    run: list[str] = []
    for number in range((told.day - told.since).days + 1):
        day = told.since + dt.timedelta(days=number)
        near = [v for d, v in told.waking.items() if 0 <= (day - d).days < SMOOTH]
        if len(near) >= LEAST:
            run.append(f"{across(day):.1f} {down(mean(near)):.1f}")
        if run and (len(near) < LEAST or day == told.day):
            yield paper.path("M" + "L".join(run), stroke=TEAL, width=6)
            run = []


# Ladders.


def _steps(told: Progress, labels: Labels, y: float) -> tuple[list[str], float]:
    """Each ladder as small steps: those below its beginning, those taken since, and those to come."""
    if not told.ladders:  # from before portions were kept
        return [], y
    parts = [
        _heading(y, labels.steps, 430),
        paper.text(RIGHT, y, labels.since, size=LABEL, fill=FAINT, anchor="end", room=500),
    ]
    for number, stood in enumerate(told.ladders):
        floor = y + 70 + number * STAIR
        name = labels.names.get(stood.ladder, stood.ladder)
        parts.append(paper.text(LEFT, floor, name, size=LABEL, room=500))
        parts += _stair(stood, floor + 6)
    return parts, y + 70 + len(told.ladders) * STAIR + 50


def _stair(stood: Stood, floor: float) -> Iterator[str]:
    """Reached steps are filled, those to come are low lines; a dot stands where it began."""
    left = 600.0
    width = (RIGHT - left) / stood.top
    for step in range(1, stood.top + 1):
        x, reached = left + (step - 1) * width, step <= stood.latest
        height = 6 + 30 * step / stood.top if reached else 5
        since = stood.first < step <= stood.latest
        tone = TEAL if since else PALE_TEAL if reached else LINE
        yield paper.block(x, floor - height, width - 7, height, fill=tone, corner=3)
        if step == stood.latest:
            yield paper.block(x, floor - height - 6, width - 7, 6, fill=INK, corner=3)


# Days.


def _days(told: Progress, labels: Labels, y: float) -> tuple[list[str], float]:
    """Four weeks, a row each; what the shapes mean stands beside them."""
    gutter, wide, high, top = LEFT + 150, 64, 62, y + 106
    parts = [_heading(y, labels.days)]
    small = paper.fitting(labels.weeks, 28, 136)
    for number, name in enumerate(labels.weekdays):
        x = gutter + (number + 0.5) * wide
        parts.append(
            paper.text(x, y + 54, name, size=28, fill=FAINT, anchor="middle", room=wide - 8)
        )
    for number, (date, kept) in enumerate(sorted(told.days.items())):
        week, weekday = divmod(number, 7)
        x, at = gutter + (weekday + 0.5) * wide, top + week * high
        if weekday == 0:
            parts.append(paper.text(LEFT, at + 10, labels.weeks[week], size=small, fill=FAINT))
        if date == told.day:
            edge = 27
            parts.append(
                paper.block(
                    *(x - edge, at - edge, 2 * edge, 2 * edge),
                    fill="none",
                    corner=12,
                    stroke=LINE,
                )
            )
        parts += _mark(kept, x, at)
    shown = [kept for kept in Kept if kept in told.days.values() and kept in labels.kept]
    for number, kept in enumerate(shown):
        at = top + number * 56
        parts += _mark(kept, 716, at)
        parts.append(
            paper.text(752, at + 10, labels.kept[kept], size=30, fill=FAINT, room=RIGHT - 752)
        )
    return parts, top + 3 * high + 122


def _mark(kept: Kept, x: float, y: float) -> list[str]:
    """A shape of its own for each."""
    match kept:
        case Kept.DONE:
            return [paper.disc(x, y, 20, fill=TEAL)]
        case Kept.PARTLY:
            return [paper.half_disc(x, y, 18, fill=TEAL), paper.ring(x, y, 18, stroke=TEAL)]
        case Kept.NOT_TODAY:
            return [paper.line(x - 14, y, x + 14, y, fill=FAINT, width=7)]
        case Kept.SILENT:
            return [paper.ring(x, y, 17, stroke=FAINT, width=3)]
        case Kept.FREE:
            return [paper.disc(x, y, 5, fill=FAINT)]
        case Kept.OUTSIDE:
            return []


# Consistency.


def _consistency(told: Progress, labels: Labels, y: float) -> tuple[list[str], float]:
    """A bar that fills softly, and what it says."""
    wide, high, top = RIGHT - LEFT, 34, y + 34
    filled = max(high, wide * told.consistency)
    parts = [
        _heading(y, labels.consistency, 430),
        paper.text(RIGHT, y, labels.band, size=34, anchor="end", room=500),
        paper.block(LEFT, top, wide, high, fill=PALE_TEAL, corner=17),
        paper.block(LEFT, top, filled, high, fill=SOFT_TEAL, corner=17),
    ]
    return parts, top + high + 64
