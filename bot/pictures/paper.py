"""What pictures are made of: a warm paper, a few tones, shapes and letters as SVG, and from SVG a PNG.

The same values give the same bytes: the letters come from one font file, never from the machine. Every text
is escaped here, and made smaller where it would not fit.
"""

from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path

import fontpkg
import resvg_py

FAMILY = "Inter"
PAPER, INK, FAINT, LINE = "#F3EFE7", "#26323B", "#5C666E", "#CFC6B5"
TEAL, SOFT_TEAL, PALE_TEAL, WARM = "#2F7377", "#6FA09C", "#C9D7D1", "#B8481A"

WIDE = 0.54  # of its size, what a letter of this font takes on average; a cautious guess


class LettersMissing(Exception):
    """Without the font a picture would come out without a word, and without an error."""


def text(
    x: float,
    y: float,
    said: str,
    *,
    size: float,
    fill: str = INK,
    weight: int = 400,
    anchor: str = "start",
    room: float | None = None,
) -> str:
    """A line of text; `room` is the width that it has."""
    if room is not None:
        size = fitting([said], size, room)
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{FAMILY}" font-size="{size:.1f}" font-weight="{weight}"'
        f' fill="{fill}" text-anchor="{anchor}">{escape(said)}</text>'
    )


def fitting(texts: Iterable[str], size: float, room: float) -> float:
    """The size at which all of them have room."""
    return min(size, room / (WIDE * max(1, *map(len, texts))))


def line(
    x: float, y: float, to_x: float, to_y: float, *, fill: str = LINE, width: float = 2
) -> str:
    return path(f"M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}", stroke=fill, width=width)


def path(d: str, *, stroke: str, width: float, dashes: str | None = None) -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{width:g}"{dashed}'
        ' stroke-linecap="round" stroke-linejoin="round"/>'
    )


def shape(d: str, *, fill: str, opacity: float = 1) -> str:
    """A path that is filled."""
    faint = f' fill-opacity="{opacity:.3f}"' if opacity < 1 else ""
    return f'<path d="{d}" fill="{fill}"{faint}/>'


def disc(x: float, y: float, radius: float, *, fill: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}"/>'


def ring(x: float, y: float, radius: float, *, stroke: str, width: float = 4) -> str:
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="none"'
        f' stroke="{stroke}" stroke-width="{width:g}"/>'
    )


def half_disc(x: float, y: float, radius: float, *, fill: str) -> str:
    """The lower half."""
    arc = f"A{radius:.1f} {radius:.1f} 0 0 0 {x + radius:.1f} {y:.1f}Z"
    return f'<path d="M{x - radius:.1f} {y:.1f}{arc}" fill="{fill}"/>'


def block(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str,
    corner: float = 0,
    stroke: str = "",
) -> str:
    edge = f' stroke="{stroke}" stroke-width="3"' if stroke else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{corner:g}"'
        f' fill="{fill}"{edge}/>'
    )


def sheet(
    width: int,
    height: float,
    parts: Iterable[str],
    *,
    ground: str = PAPER,
    title: str = "",
    told: str = "",
) -> str:
    """All of it on its ground; `title` and `told` say what there is to see, to who can't see it."""
    said = f"<title>{escape(title)}</title>" if title else ""
    said += f"<desc>{escape(told)}</desc>" if told else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height:g}"'
        f' viewBox="0 0 {width} {height:g}">{said}{block(0, 0, width, height, fill=ground)}'
        f"{''.join(parts)}</svg>"
    )


def png(svg: str) -> bytes:
    """As a picture of dots. Raises LettersMissing."""
    return resvg_py.svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_files=[_font()], font_family=FAMILY
    )


@cache
def _font() -> str:
    path = fontpkg.path(FAMILY)
    if not path.is_file():
        raise LettersMissing(str(path))
    return str(path)


def letters() -> Path:
    """The folder of the font. Raises LettersMissing."""
    return Path(_font()).parent
