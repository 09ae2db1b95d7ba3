"""From the world to the picture: where a point lies on it, what is nearer, and the outline of flesh.

Without perspective: what is straight stays straight, and a length is the same near and far. The outline of
ellipsoids that are wrapped together is found in a few dozen directions: in each of them, the one that reaches
farthest (the support function of a convex hull).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

import numpy as np

from bot.domain import figure as told
from bot.pictures.space import Array, vector
from bot.pictures.volumes import Ellipsoid

FEW = 16  # corners of a shadow's outline
# Corners of any other, so that a head's outline is nowhere half a dot off a circle: by dots a centimetre.
CORNERS = ((5.0, 24), (8.0, 32), (math.inf, 48))


@dataclass(frozen=True, slots=True)
class Camera:
    """A direction to look from, and where the world's origin lies in the picture."""

    yaw: float
    pitch: float
    scale: float = 1  # dots a centimetre
    x: float = 0
    y: float = 0
    matrix: Array = field(
        init=False, repr=False, compare=False
    )  # rows: right and up in the picture
    view: Array = field(init=False, repr=False, compare=False)  # toward the viewer

    def __post_init__(self) -> None:
        y, p = math.radians(self.yaw), math.radians(self.pitch)
        right = vector(math.cos(y), 0, -math.sin(y))
        view = vector(math.sin(y) * math.cos(p), math.sin(p), math.cos(y) * math.cos(p))
        object.__setattr__(self, "view", view)
        object.__setattr__(self, "matrix", np.stack([right, np.cross(view, right)]))

    def flat(self, point: Array) -> Array:
        """In centimetres of the picture, up positive."""
        return np.asarray(self.matrix @ point)

    def __call__(self, point: Array) -> Array:
        """In dots of the picture, down positive."""
        return self.dots(self.flat(point))

    def dots(self, flat: Array) -> Array:
        return np.asarray(flat * (self.scale, -self.scale) + (self.x, self.y))

    def depth(self, point: Array) -> float:
        """Nearness to the viewer."""
        return float(self.view @ point)

    def fitted(self, flat: Array, box: tuple[float, float, float, float], most: float) -> "Camera":
        """So that these points (in centimetres of the picture) lie in the middle of a box of dots."""
        left, top, right, bottom = box
        low, high = flat.min(0), flat.max(0)
        wide, tall = np.maximum(high - low, 1)
        scale = min((right - left) / wide, (bottom - top) / tall, most)
        x, y = (low + high) / 2 * scale
        return replace(self, scale=scale, x=(left + right) / 2 - x, y=(top + bottom) / 2 + y)


def camera_of(camera: told.Camera) -> Camera:
    return Camera(camera.yaw, camera.pitch)


@cache
def _directions(count: int) -> Array:
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.stack([np.cos(angles), np.sin(angles)], 1)


def outline(
    camera: Camera,
    wrapped: Sequence[Ellipsoid],
    *,
    grow: float = 0,
    on_floor: bool = False,
    corners: int | None = None,
) -> Array:
    """The hull of ellipsoids as corners in dots; `grow` it by centimetres, or lay its shadow on the floor."""
    count = corners or next(count for below, count in CORNERS if camera.scale < below)
    directions = _directions(count)
    matrix = camera.matrix @ np.diag((1.0, 0.0, 1.0)) if on_floor else camera.matrix
    middles = np.array([one.middle for one in wrapped]) @ matrix.T
    axes = matrix @ np.array([one.axes for one in wrapped])
    reaches = np.einsum("nd,kde->kne", directions, axes)
    lengths = np.sqrt((reaches * reaches).sum(2)) + 1e-9
    farthest = (middles @ directions.T + lengths).argmax(0)
    every = np.arange(count)
    on_skin = np.einsum(
        "nde,ne->nd",
        axes[farthest],
        reaches[farthest, every] / lengths[farthest, every][:, None],
    )
    return camera.dots(middles[farthest] + on_skin + grow * directions)


@cache
def _format(numbers: int) -> str:
    return "M" + " ".join(["%.1f"] * numbers) + "Z"


def closed(corners: Array) -> str:
    """A path through corners, back to the first."""
    return _format(corners.size) % tuple(corners.ravel().tolist())


def outlines(camera: Camera, hulls: Iterable[Sequence[Ellipsoid]], *, grow: float = 0) -> str:
    """The outlines of several hulls in one path, to be filled as one."""
    return "".join(closed(outline(camera, hull, grow=grow)) for hull in hulls)


def chained(balls: Sequence[Ellipsoid]) -> list[tuple[Ellipsoid, Ellipsoid]]:
    """Each wrapped together with the next: a bent sausage rather than its hull."""
    return list(pairwise(balls))


def smooth(points: Sequence[Array], *, round_: float = 0.5) -> str:
    """A soft line through points (Catmull-Rom, as cubic curves)."""
    said = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    last = len(points) - 1
    for i in range(last):
        before, here = points[max(i - 1, 0)], points[i]
        there, beyond = points[i + 1], points[min(i + 2, last)]
        out = here + (there - before) * round_ / 3
        in_ = there - (beyond - here) * round_ / 3
        numbers = (*out, *in_, *there)
        said.append("C" + " ".join(f"{number:.1f}" for number in numbers))
    return "".join(said)
