"""What led to a decision, for a phone: a row a ladder, a mark for each of its last turns, then the next.

What a mark means is told by its shape as well as by its tone; the number in it is the step. All words come
in, in the person's language.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.behind import Sign, Turn, Went
from bot.domain.look import Theme
from bot.pictures import paper
from bot.pictures.inks import INKS, Inks

WIDTH = 1080
LEFT, RIGHT = 64, 1016
LABEL, SMALL = 32, 26
NEXT = 776  # where the next step is told
COLUMN, ROW = 132, 200
RADIUS = 27


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One ladder, by its name."""

    name: str
    turns: Sequence[Turn]
    next: str  # on which step, and how much of it
    rises: int  # 1 up, -1 down, 0 as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Every word but the names."""

    title: str
    about: str  # all of it in words
    before: str
    next: str
    none: str  # no turn yet
    went: Mapping[Went, str]
    signs: Mapping[Sign, str]
    days: Mapping[dt.date, str]


def why_picture(rows: Sequence[Row], labels: Labels, theme: Theme = Theme.PAPER) -> bytes:
    """As PNG."""
    return paper.png(why_svg(rows, labels, theme))


def why_svg(rows: Sequence[Row], labels: Labels, theme: Theme = Theme.PAPER) -> str:
    """The same as SVG."""
    inks = INKS[theme]
    parts = [
        paper.text(LEFT, 96, labels.title, size=50, weight=600, fill=inks.ink, room=RIGHT - LEFT),
        paper.text(LEFT, 150, labels.before, size=LABEL, fill=inks.faint, room=NEXT - LEFT - 40),
        paper.text(NEXT, 150, labels.next, size=LABEL, fill=inks.faint, room=RIGHT - NEXT),
    ]
    y = 186.0
    for row in rows:
        parts += _row(row, labels, inks, y)
        y += ROW
    explained, y = _explained(rows, labels, inks, y + 46)
    return paper.sheet(
        WIDTH, y, [*parts, *explained], ground=inks.ground, title=labels.title, told=labels.about
    )


def _row(row: Row, labels: Labels, inks: Inks, top: float) -> Iterator[str]:
    middle = top + 92
    yield paper.line(LEFT, top, RIGHT, top, fill=inks.line)
    yield paper.text(
        LEFT, top + 44, row.name, size=LABEL, weight=600, fill=inks.ink, room=NEXT - LEFT - 40
    )
    if not row.turns:
        yield paper.text(LEFT, middle + 10, labels.none, size=LABEL, fill=inks.faint, room=600)
    for number, turn in enumerate(row.turns):
        x = LEFT + 50 + number * COLUMN
        yield from _mark(turn.went, str(turn.step), x, middle, inks)
        said = [(labels.days[turn.day], inks.faint)]
        said += [(labels.signs[turn.sign], inks.warm)] if turn.sign else []
        for line, (name, fill) in enumerate(said):
            at = middle + 58 + line * 30
            yield paper.text(x, at, name, size=SMALL, fill=fill, anchor="middle", room=COLUMN - 12)
    yield _arrow(row.rises, NEXT + 20, middle, inks)
    yield paper.text(
        NEXT + 56, middle + 11, row.next, size=LABEL, fill=inks.ink, room=RIGHT - NEXT - 56
    )


def _mark(went: Went, said: str, x: float, y: float, inks: Inks) -> Iterator[str]:
    """A shape for each way that a turn went."""
    fill = inks.ink
    match went:
        case Went.CALM:
            yield paper.disc(x, y, RADIUS, fill=inks.teal)
            fill = inks.ground
        case Went.A_LITTLE:
            yield paper.ring(x, y, RADIUS - 3, stroke=inks.warm, width=6)
        case Went.MUCH:
            side = 2 * RADIUS - 4
            yield paper.block(x - side / 2, y - side / 2, side, side, fill=inks.warm, corner=6)
            fill = inks.ground
        case Went.OPEN:
            yield paper.ring(x, y, RADIUS - 2, stroke=inks.faint, width=2)
        case Went.LEFT_OUT:
            yield paper.line(x - 18, y, x + 18, y, fill=inks.faint, width=7)
            return
    yield paper.text(x, y + 10, said, size=28, weight=600, fill=fill, anchor="middle")


def _arrow(rises: int, x: float, y: float, inks: Inks) -> str:
    """Up, down, or on."""
    if rises == 0:
        d = f"M{x - 14} {y}h28m-10 -10l10 10l-10 10"
    else:
        d = f"M{x} {y + 14 * rises}v{-28 * rises}m-10 {10 * rises}l10 {-10 * rises}l10 {10 * rises}"
    return paper.path(d, stroke=inks.ink, width=5)


def _explained(
    rows: Sequence[Row], labels: Labels, inks: Inks, y: float
) -> tuple[list[str], float]:
    """The shapes that there are, two in a line."""
    seen = {turn.went for row in rows for turn in row.turns}
    shown = [went for went in Went if went in seen]
    half = (RIGHT - LEFT) / 2
    parts = [paper.line(LEFT, y - 46, RIGHT, y - 46, fill=inks.line)]
    for number, went in enumerate(shown):
        x, at = LEFT + (number % 2) * half + RADIUS, y + 8 + number // 2 * 68
        parts += _mark(went, "", x, at, inks)
        said = labels.went[went]
        parts.append(
            paper.text(x + 46, at + 11, said, size=30, fill=inks.faint, room=half - 2 * RADIUS - 30)
        )
    return parts, y + 8 + -(-len(shown) // 2) * 68 + 6
