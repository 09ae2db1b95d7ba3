"""The day's exercises in one picture: each with where it goes, its name and its dose.

All words come in, in the person's language.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.figure import Figure
from bot.domain.look import Look, Theme
from bot.pictures import paper
from bot.pictures.palette import GROUNDS, Palette
from bot.pictures.poster import camera_of_poster, picture_svg
from bot.pictures.scene import Scene

WIDTH, MARGIN, GAP = 1080, 40, 24
HEAD = 116
TITLE, NAME, DOSE = 48, 34, 30  # sizes of letters: a third of these on a phone
PICTURE, WORDS = 300, 104  # heights of a cell's two halves
ROOM = (16, 14)
CORNER = 18


@dataclass(frozen=True, slots=True)
class Shown:
    """An exercise on the card."""

    figure: Figure
    look: Look
    name: str
    dose: str


def day_card(shown: Sequence[Shown], theme: Theme, title: str) -> bytes:
    """The card as PNG, two exercises in a row."""
    return paper.png(day_card_svg(shown, theme, title))


def day_card_svg(shown: Sequence[Shown], theme: Theme, title: str) -> str:
    """The same as SVG. An odd one out takes the whole row, so that nothing seems to be missing."""
    palette = GROUNDS[theme]
    rows = math.ceil(len(shown) / 2)
    height = HEAD + rows * (PICTURE + WORDS) + (rows - 1) * GAP + MARGIN
    room = WIDTH - 2 * MARGIN
    parts = [paper.text(MARGIN, 76, title, size=TITLE, weight=600, fill=palette.text, room=room)]
    half = (room - GAP) / 2
    names = paper.fitting([f"{one.name}123" for one in shown], NAME, half)
    doses = paper.fitting([one.dose for one in shown], DOSE, half)
    for number, one in enumerate(shown):
        row, column = divmod(number, 2)
        alone = column == 0 and number == len(shown) - 1
        x, y = MARGIN + column * (half + GAP), HEAD + row * (PICTURE + WORDS + GAP)
        cell = _Cell(number + 1, x, y, room if alone else half, names, doses)
        parts.append(_drawn(one, cell, palette))
    told = ". ".join(f"{one.name}: {one.dose}" for one in shown)
    return paper.sheet(WIDTH, height, parts, ground=palette.ground, title=title, told=told)


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where an exercise stands, and how large its words are: as large as all the others."""

    number: int
    x: float
    y: float
    width: float
    name: float
    dose: float


def _drawn(one: Shown, cell: _Cell, palette: Palette) -> str:
    """A picture, and below it what it is."""
    scene = Scene(one.figure, one.look)
    left, top = ROOM
    camera = camera_of_poster(scene, (left, top, cell.width - left, PICTURE - top))
    clip = f"cell{cell.number}"
    frame = f'<rect width="{cell.width:g}" height="{PICTURE}" rx="{CORNER}"'
    drawn = picture_svg(scene, camera, 1, (cell.width, PICTURE))
    named = f"{cell.number}  {one.name}"
    return (
        f'<g transform="translate({cell.x:g} {cell.y})"><clipPath id="{clip}">{frame}/></clipPath>'
        f'<g clip-path="url(#{clip})">{drawn}</g>'
        f"{paper.text(0, PICTURE + 44, named, size=cell.name, weight=600, fill=palette.text)}"
        f"{paper.text(0, PICTURE + 84, one.dose, size=cell.dose, fill=palette.faint)}</g>"
    )
