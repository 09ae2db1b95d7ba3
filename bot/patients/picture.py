"""A comparison as a picture: what an arm gains against the flare days it costs, one dot an arm.

Better is up and to the left. Flare days are drawn on a square-root scale, so that both the calm arms and
the strawmen fit. The bars are 95 % intervals over people.
"""

from collections.abc import Callable
from html import escape
from math import ceil, floor, sqrt

from bot.patients.arms import ARMS, OURS
from bot.patients.outcomes import Row
from bot.patients.report import CAVEAT, heading
from bot.patients.run import Table

WIDTH, HEIGHT = 1040, 620
LEFT, RIGHT, TOP, BOTTOM = 70, 310, 76, 76  # margins; the right one holds the list of arms
INK, FAINT, PAPER = "#22303c", "#d5dbe0", "#fbfaf7"
OUR_COLOUR, GATE_COLOUR, RIVAL_COLOUR, BOUND_COLOUR = "#0b6e4f", "#7fb69f", "#b3541e", "#3d5a98"
FLARE_TICKS = (0, 1, 2, 5, 10, 20, 40, 80, 160)
GAIN_STEP = 5

Scale = Callable[[float], float]


def picture(table: Table) -> str:
    """SVG text."""
    across, up, ticks = _scales(list(table.rows.values()))
    parts = [
        *_frame(table),
        *_axes(across, up, ticks),
        *(_dot(n, name, row, across, up) for n, (name, row) in enumerate(table.rows.items(), 1)),
        *(_entry(n, name) for n, name in enumerate(table.rows, 1)),
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
            ' font-family="system-ui, sans-serif" font-size="13">',
            *parts,
            "</svg>",
            "",
        ]
    )


def _scales(rows: list[Row]) -> tuple[Scale, Scale, range]:
    most = max(1.0, *(row["flares"].high for row in rows))
    low = floor(min(0.0, *(row["gain"].low for row in rows)) / GAIN_STEP) * GAIN_STEP
    high = ceil(max(1.0, *(row["gain"].high for row in rows)) / GAIN_STEP) * GAIN_STEP
    wide, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    return (
        lambda flares: LEFT + wide * sqrt(max(0.0, flares) / most),
        lambda gain: TOP + tall * (high - gain) / (high - low),
        range(low, high + 1, GAIN_STEP),
    )


def _frame(table: Table) -> list[str]:
    return [
        f"<title>{escape('Capacity gain against flare days')}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
        _label(LEFT, 26, "What each policy gains, and what it costs", size=18),
        _label(LEFT, 46, heading(table)),
        _label(LEFT, HEIGHT - 14, CAVEAT),
    ]


def _axes(across: Scale, up: Scale, gains: range) -> list[str]:
    floor_y, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    ticks = [tick for tick in FLARE_TICKS if across(tick) <= right]
    return [
        *(_line(LEFT, up(gain), right, up(gain), FAINT) for gain in gains),
        *(_label(LEFT - 8, up(gain) + 4, f"{gain} %", anchor="end") for gain in gains),
        *(_line(across(tick), TOP, across(tick), floor_y, FAINT) for tick in ticks),
        *(_label(across(tick), floor_y + 18, str(tick), anchor="middle") for tick in ticks),
        _label(right, floor_y + 38, "exercise-caused flare days per 100 sessions", anchor="end"),
        _label(LEFT, TOP - 8, "capacity gain"),
    ]


def _dot(number: int, name: str, row: Row, across: Scale, up: Scale) -> str:
    gain, flares, colour = row["gain"], row["flares"], _colour(name)
    x, y = across(flares.value), up(gain.value)
    return "".join(
        [
            f"<g><title>{escape(ARMS[name].title)}</title>",
            _line(across(flares.low), y, across(flares.high), y, colour),
            _line(x, up(gain.low), x, up(gain.high), colour),
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{7 if name == OURS else 5}" fill="{colour}"/>',
            _label(x + 8, y - 7, str(number), colour=colour),
            "</g>",
        ]
    )


def _entry(number: int, name: str) -> str:
    text = f"{number}  {ARMS[name].title}"
    return _label(WIDTH - RIGHT + 16, TOP + 18 * number, text, colour=_colour(name))


def _colour(name: str) -> str:
    if name == OURS:
        return OUR_COLOUR
    if name.startswith(OURS):
        return GATE_COLOUR
    return RIVAL_COLOUR if ARMS[name].compared else BOUND_COLOUR


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def _label(
    x: float, y: float, text: str, *, anchor: str = "start", size: int = 13, colour: str = INK
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">'
        f"{escape(text)}</text>"
    )
