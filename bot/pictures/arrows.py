"""Arrows that show a movement, and dotted lines that show what should be in line."""

import math
from collections.abc import Sequence

import numpy as np

from bot.domain.body import Spot
from bot.domain.figure import Arc, Arrow, Poster
from bot.pictures import paper
from bot.pictures.camera import Camera, closed, smooth
from bot.pictures.mannequin import Mannequin
from bot.pictures.palette import Palette
from bot.pictures.space import Array, unit, vector
from bot.pictures.volumes import skin

SAMPLES = 14
THICK, HEAD, WIDE = 2.0, 6.0, 0.52  # cm of shaft and head; the head's half width, of its length
RIM = 1.3  # cm of the ground's tone around an arrow
BEYOND = 14.0  # cm that a guide goes on past its points


def arrow_path(arrow: Arrow, poster: Poster, mannequin: Mannequin, camera: Camera) -> Array:
    """Where an arrow runs, in dots."""
    start, end = arrow.between or poster.poses
    if arrow.arc is not None:
        points = _arc(arrow.arc, mannequin, end)
    elif arrow.world:
        points = [vector(*point) for point in arrow.world]
    else:
        points = [
            _moving(arrow.point or "pelvis", mannequin, start, end, share)
            for share in np.linspace(*arrow.t, SAMPLES)
        ]
    right, up = arrow.shift
    return np.array([camera(point) for point in points]) + np.array((right, -up)) * camera.scale


def _arc(arc: Arc, mannequin: Mannequin, pose: str) -> list[Array]:
    about = mannequin.at(pose)[arc.about]
    angles = np.radians(np.linspace(arc.start, arc.end, SAMPLES))
    return [
        about + vector(math.cos(angle) * arc.r, math.sin(angle) * arc.r, arc.z) for angle in angles
    ]


def _moving(point: str | Spot, mannequin: Mannequin, start: str, end: str, share: float) -> Array:
    skeleton = mannequin.between(start, end, float(share))
    if isinstance(point, Spot):
        return skeleton.spot(point.part, point.at)
    return skeleton[point]


def arrow_svg(points: Array, palette: Palette, scale: float, *, both: bool) -> str:
    """A soft shaft with a head at its end, or at both."""
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    along = np.concatenate(([0.0], np.cumsum(steps)))
    length = float(along[-1])
    head = min(HEAD * scale, length * 0.5)

    def at(distance: float) -> Array:
        return np.array([np.interp(distance, along, points[:, axis]) for axis in (0, 1)])

    first = head * 0.8 if both else 0.0
    shaft = smooth([at(distance) for distance in np.linspace(first, length - head * 0.8, 16)])
    heads = _head(at(length), at(length - head), head)
    if both:
        heads += _head(at(0), at(head), head)
    said = []
    for tone, rim in ((palette.ground, RIM * scale), (palette.effort, 0.0)):
        said.append(paper.path(shaft, stroke=tone, width=round(THICK * scale + rim * 2, 1)))
        said.append(
            f'<path d="{heads}" fill="{tone}" stroke="{tone}" stroke-width="{0.9 * scale + rim * 2:.1f}"'
            ' stroke-linejoin="round"/>'
        )
    return "".join(said)


def _head(end: Array, base: Array, length: float) -> str:
    ahead = unit(end - base)
    aside = np.array((-ahead[1], ahead[0])) * length * WIDE
    return closed(np.array((end, base + aside, base - aside)))


def guides_svg(
    guides: Sequence[tuple[str, str]],
    mannequin: Mannequin,
    pose: str,
    camera: Camera,
    palette: Palette,
) -> str:
    """Dotted lines with a light rim, so that they are seen on trousers, too."""
    skeleton = mannequin.at(pose)
    said = []
    for names in guides:
        one, other = (
            skeleton[name] if name in skeleton.points else skin(skeleton, mannequin.shape, name)
            for name in names
        )
        ahead = unit(other - one) * BEYOND
        start, end = camera(one - ahead), camera(other + ahead)
        line = f"M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}"
        dots = f"{0.1 * camera.scale:.1f} {2.2 * camera.scale:.1f}"
        for tone, thick in ((palette.ground, 1.7), (palette.text, 0.9)):
            width = round(thick * camera.scale, 1)
            said.append(paper.path(line, stroke=tone, width=width, dashes=dots))
    return "".join(said)
