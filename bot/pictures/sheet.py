"""One page of paper for a physiotherapist, as PDF: tagged, with a text alternative for each picture.

The same values give the same bytes. What is said comes in as values and is never read as markup; what the
font has no letter for becomes an empty box. How the page looks stands in sheet.typ.
"""

import datetime as dt
import json
import re
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst

from bot.pictures import paper

TEMPLATE = Path(__file__).with_name("sheet.typ")
# It also refuses a letter that the font hasn't, instead of leaving it out.
STANDARD = "ua-1"
REMEMBERED = 11  # calls until Typst lets go of something

# Latin, Greek, Cyrillic, and the signs that go with them: what the font surely has.
UNKNOWN = re.compile(
    "[^ -~\u00a0-\u0148\u014a-\u01c3\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03d7\u0400-\u0479\u0480-\u049d"
    "\u1e00-\u1e9b\u1e9e-\u1eff\u2010-\u2015\u2018-\u2027\u2030-\u203a\u20ac\u2190-\u2193\u2212\u2248\u2260"
    "\u2264\u2265\u25a1]+"
)
BOX = "\u25a1"


class SheetUnprintable(Exception):
    """Something of it can't stand on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing, and the same in words."""

    svg: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An exercise as it is practised now."""

    ladder: str
    exercise: str
    step: str
    dose: str
    figure: Picture | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Of a step, or of several on the same day for the same reason."""

    day: str
    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """A column each; in its head and its rows the first is a name."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Labelled = tuple[str, str]  # what it is, and what is told of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Every word on the page, in its order."""

    language: str
    day: dt.date
    title: str
    as_of: str
    name: str  # before a line to write on
    facts: str
    note: str | None
    pain: str
    chart: Picture | None
    numbers: tuple[Labelled, ...]
    activity: Labelled | None
    now: str
    nothing: str  # instead of cards
    cards: tuple[Card, ...]
    changed: str
    columns: tuple[str, str, str]
    changes: tuple[Change, ...]  # newest first
    left_out: tuple[str, ...]  # how many changes, by the number of those shown
    consistency: str
    practised: str
    weeks: Weeks
    noticed: str
    seen: tuple[Labelled, ...]
    closing: tuple[Labelled, ...]


def sheet(said: Sheet) -> bytes:
    """The page. Raises LettersMissing or SheetUnprintable, rather than print it without its words."""
    return _printed(said, format="pdf", pdf_standards=STANDARD)


def preview(said: Sheet, ppi: float = 110) -> bytes:
    """The same as PNG, to look at."""
    return _printed(said, format="png", ppi=ppi)


def _printed(said: Sheet, **how: Any) -> bytes:
    fonts = _fonts()
    # Of a font that isn't there Typst prints no letter, and says nothing of it.
    if paper.FAMILY not in fonts.families() or UNKNOWN.search(said.title):
        raise paper.LettersMissing(paper.FAMILY, said.language)
    values = {**_printable(asdict(said)), "font": paper.FAMILY}
    try:
        page = typst.compile(
            TEMPLATE,
            root=TEMPLATE.parent,
            font_paths=fonts,
            sys_inputs={"said": json.dumps(values)},
            timestamp=dt.datetime.combine(said.day, dt.time(), dt.UTC),
            **how,
        )
    except typst.TypstError as refused:
        raise SheetUnprintable(str(refused)) from refused
    finally:
        _forget(fonts)
    assert isinstance(page, bytes)  # one page
    return page


def _forget(fonts: typst.Fonts) -> None:
    """Typst remembers how it laid out its last ten pages, tens of megabytes each: now they are empty ones."""
    for _ in range(REMEMBERED):
        typst.compile(b"", font_paths=fonts, format="svg")


def _printable(said: Any) -> Any:
    """The same, with a box for what the font has no letter for. Drawings are left as they are."""
    match said:
        case dt.date():
            return said.isoformat()
        case str():
            return UNKNOWN.sub(BOX, said)
        case {"svg": str(svg), "alt": alt}:
            return {"svg": svg, "alt": _printable(alt)}
        case dict():
            return {name: _printable(one) for name, one in said.items()}
        case tuple() | list():
            return [_printable(one) for one in said]
    return said


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(paper.letters())],  # a folder: a file is ignored without a word
    )
