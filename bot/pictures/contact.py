"""All exercises of a ladder on one sheet, for who judges how they are drawn."""

from collections.abc import Iterator, Sequence

import numpy as np

from bot.domain.figure import Figure, Frame
from bot.pictures import paper
from bot.pictures.card import Shown
from bot.pictures.palette import GROUNDS
from bot.pictures.poster import camera_of_poster, picture_svg
from bot.pictures.scene import Scene

MOMENTS = 6  # of the cycle
WIDE, TALL = (250, 160), (136, 160)  # one picture
NAME, GAP, MARGIN, HEAD = 30, 8, 16, 56


def contact_sheet(shown: Sequence[Shown], title: str) -> bytes:
    """A row for each: the two pictures of its poster, and six moments of its cycle. PNG."""
    width = 2 * MARGIN + (MOMENTS + 2) * (max(_size(one.figure)[0] for one in shown) + GAP) - GAP
    palette = GROUNDS[shown[0].look.theme]
    row = WIDE[1] + NAME + GAP
    parts = [paper.text(MARGIN, 38, title, size=28, weight=600, fill=palette.text)]
    for number, one in enumerate(shown):
        y = HEAD + number * row
        name = f"{number + 1}  {one.name}   {one.dose}"
        parts.append(paper.text(MARGIN, y + 20, name, size=18, fill=palette.text))
        size = _size(one.figure)
        for place, picture in enumerate(_pictures(Scene(one.figure, one.look), size)):
            x = MARGIN + place * (size[0] + GAP)
            clip = f"m{number}-{place}"
            frame = f'<rect width="{size[0]}" height="{size[1]}" rx="6"'
            parts.append(
                f'<g transform="translate({x} {y + NAME})"><clipPath id="{clip}">{frame}/></clipPath>'
                f'<g clip-path="url(#{clip})">{picture}</g></g>'
            )
    height = HEAD + len(shown) * row + MARGIN
    return paper.png(paper.sheet(width, height, parts, ground=palette.ground, title=title))


def _size(figure: Figure) -> tuple[int, int]:
    return WIDE if figure.frame is Frame.WIDE else TALL


def _pictures(scene: Scene, size: tuple[int, int]) -> Iterator[str]:
    box = (6, 5, size[0] - 6, size[1] - 5)
    poster = camera_of_poster(scene, box)
    yield from (picture_svg(scene, poster, number, size) for number in (0, 1))
    camera = scene.camera(scene.moments(), box)
    figure = scene.figure
    for start, end, share in _moments(figure):
        skeleton = scene.mannequin.between(start, end, share)
        ground = paper.block(0, 0, *size, fill=scene.palette.ground)
        yield ground + scene.floor(camera, *size) + scene.svg(skeleton, camera)


def _moments(figure: Figure) -> Iterator[tuple[str, str, float]]:
    """Evenly over the moves, whatever they last; holds show nothing new."""
    at, moves = figure.start, list[tuple[str, str]]()
    for move in figure.cycle:
        if not move.stays:
            moves.append((at, move.to))
        at = move.to
    for passed in np.linspace(0, len(moves), MOMENTS, endpoint=False):
        number = int(passed)
        yield *moves[number], float(passed - number)
