"""Pain over weeks: dots for mornings with their mean as a line, rings for sessions, dashes for the usual."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from bot.domain.progress import Progress
from bot.pictures import paper
from bot.pictures.axis import Axis
from bot.pictures.inks import Inks

WORST = 10
SMOOTH, LEAST = 7, 3  # days behind a point of the line, and numbers told in them
LARGEST, SMALLEST = 0.34, 0.12  # radius of a dot, of the size of letters


@dataclass(frozen=True, slots=True, kw_only=True)
class PainLabels:
    """Every word in it."""

    waking: str
    during: str
    usual: str
    none: str  # told, yet
    dates: Sequence[str]  # the beginning, the middle and the end of the axis
    marks: Mapping[dt.date, str]  # the looks back


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where it lies, and how large its letters are."""

    left: float
    right: float
    top: float  # of the legend
    height: float  # of the plot
    size: float


def pain_chart(
    told: Progress, labels: PainLabels, frame: Frame, inks: Inks
) -> tuple[list[str], float]:
    """Its shapes, and where they end."""
    size = frame.size
    axis = Axis(since=told.since, day=told.day, begin=frame.left + 1.75 * size, end=frame.right)
    top = frame.top + 2.9 * size  # below the legend and the names of the marks
    bottom = top + frame.height

    def down(pain: float) -> float:
        return top + frame.height * (1 - pain / WORST)

    parts = [*_legend(labels, frame, inks), *_scale(axis, down, size, inks)]
    parts += axis.marked(labels.marks, top, bottom, inks, 0.9 * size)
    parts += _told(told, axis, down, size, inks)
    if not (told.waking or told.during):
        middle = (axis.begin + axis.end) / 2
        parts.append(
            paper.text(middle, down(7), labels.none, size=size, fill=inks.faint, anchor="middle")
        )
    ends = ((axis.begin, "start"), ((axis.begin + axis.end) / 2, "middle"), (axis.end, "end"))
    for (x, anchor), date in zip(ends, labels.dates, strict=True):
        room = (axis.end - axis.begin) * 0.31
        at = bottom + 1.45 * size
        parts.append(
            paper.text(x, at, date, size=0.94 * size, fill=inks.faint, anchor=anchor, room=room)
        )
    return parts, bottom + 1.8 * size


def pain_svg(told: Progress, labels: PainLabels, width: int, height: int, inks: Inks) -> str:
    """By itself."""
    size = 30.0
    frame = Frame(left=0, right=width, top=size, height=height - 5.8 * size, size=size)
    parts, bottom = pain_chart(told, labels, frame, inks)
    return paper.sheet(width, bottom, parts, ground=inks.ground)


def _scale(axis: Axis, down: Callable[[float], float], size: float, inks: Inks) -> Iterator[str]:
    for pain in (0, 5, WORST):
        yield paper.line(axis.begin, down(pain), axis.end, down(pain), fill=inks.line)
        yield paper.text(
            axis.begin - 0.56 * size,
            down(pain) + 0.34 * size,
            str(pain),
            size=0.94 * size,
            fill=inks.faint,
            anchor="end",
        )


def _legend(labels: PainLabels, frame: Frame, inks: Inks) -> Iterator[str]:
    """Three shapes and their names, each in a third of the width."""
    size = frame.size
    third, at = (frame.right - frame.left) / 3, frame.top - 0.34 * size
    said = (labels.waking, labels.during, labels.usual)
    fitting = paper.fitting(said, size, third - 2.25 * size)
    for number, name in enumerate(said):
        x = frame.left + number * third + 1.8 * size
        yield paper.text(x, frame.top, name, size=fitting, fill=inks.faint)
    dot, dash, begin = LARGEST * size, 1.25 * size, frame.left + 0.06 * size
    yield paper.path(f"M{begin:.1f} {at:.1f}h{dash:g}", stroke=inks.teal, width=0.19 * size)
    yield paper.disc(begin + dash / 2, at, dot, fill=inks.teal)
    yield paper.ring(begin + third + dash / 2, at, dot * 1.2, stroke=inks.warm, width=0.12 * size)
    yield _usual(begin + 2 * third, begin + 2 * third + dash, at, size, inks)


def _usual(begin: float, end: float, y: float, size: float, inks: Inks) -> str:
    dashes = f"{0.06 * size:g} {0.37 * size:g}"
    d = f"M{begin:.1f} {y:.1f}H{end:.1f}"
    return paper.path(d, stroke=inks.ink, width=0.094 * size, dashes=dashes)


def _told(
    told: Progress, axis: Axis, down: Callable[[float], float], size: float, inks: Inks
) -> Iterator[str]:
    waking, during = (
        {day: value for day, value in of.items() if told.since <= day <= told.day}
        for of in (told.waking, told.during)
    )
    dot = min(max(axis.step * LARGEST, SMALLEST * size), LARGEST * size)
    yield _usual(axis.begin, axis.end, down(told.usual_pain), size, inks)
    for day, value in during.items():
        width = 0.06 * size + dot / 6
        yield paper.ring(
            axis.across(day), down(value), dot + 0.09 * size, stroke=inks.warm, width=width
        )
    for day, value in waking.items():
        yield paper.disc(axis.across(day), down(value), dot, fill=inks.teal)
    yield from _smoothed(told, axis, down, size, inks)


def _smoothed(
    told: Progress, axis: Axis, down: Callable[[float], float], size: float, inks: Inks
) -> Iterator[str]:
    """The mean of the mornings up to each day; broken where too few were told."""
    run: list[str] = []
    for number in range(axis.days):
        day = told.since + dt.timedelta(days=number)
        near = [v for d, v in told.waking.items() if 0 <= (day - d).days < SMOOTH]
        if len(near) >= LEAST:
            run.append(f"{axis.across(day):.1f} {down(mean(near)):.1f}")
        if run and (len(near) < LEAST or day == told.day):
            yield paper.path("M" + "L".join(run), stroke=inks.teal, width=0.19 * size)
            run = []
