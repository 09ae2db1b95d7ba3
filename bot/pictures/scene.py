"""One picture of an exercise: the floor, what stands on it, and the body; and where the camera has to be."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from bot.domain.body import SIDES
from bot.domain.figure import Figure, Frame
from bot.domain.look import Look
from bot.pictures import paper
from bot.pictures.body import Body
from bot.pictures.camera import Camera, camera_of
from bot.pictures.hands import hand_volumes
from bot.pictures.mannequin import Mannequin
from bot.pictures.palette import Palette, palette_of
from bot.pictures.props import FAR_WALL, Stage, extent
from bot.pictures.skeleton import Skeleton
from bot.pictures.space import Array, vector
from bot.pictures.volumes import (
    Ellipsoid,
    Shape,
    arm_volumes,
    leg_volumes,
    trunk_volumes,
)

AROUND = 1.0  # cm of room around flesh: hair, edges
MOST = 7.0  # dots a centimetre: a close picture isn't a large one
SHARES = (0, 0.5, 1)  # of a movement that the picture has to hold
Box = tuple[float, float, float, float]  # left, top, right, bottom


class Scene:
    """An exercise in one look: its mannequin, and how each moment of it is drawn."""

    def __init__(self, figure: Figure, look: Look) -> None:
        self.figure = figure
        self.palette: Palette = palette_of(look)
        self.mannequin = Mannequin(figure.poses, look.build)

    def moments(self) -> list[Skeleton]:
        """All that the cycle passes through, coarsely."""
        at, seen = self.figure.start, []
        for move in self.figure.cycle:
            seen += [self.mannequin.between(at, move.to, share) for share in SHARES]
            at = move.to
        return seen

    def camera(self, skeletons: Iterable[Skeleton], box: Box, also: Sequence[Array] = ()) -> Camera:
        """So that all of these fit into a box of dots; `also` are points in centimetres of the picture."""
        camera = camera_of(self.figure.camera)
        points = [camera.flat(point) for point in extent(self.figure.props)]
        low, high = _bounds(skeletons, self.mannequin.shape, camera)
        return camera.fitted(np.array([*points, *also, low, high]), box, MOST)

    def svg(
        self,
        skeleton: Skeleton,
        camera: Camera,
        *,
        ghost: Skeleton | None = None,
        phase: float = 0,
    ) -> str:
        """Things and body, without a ground."""
        stage = Stage(self.figure.props, camera, self.palette)
        body = self._body(skeleton, camera, stage)
        said = [stage.on_floor(phase), body.shadow(), stage.standing(skeleton)]
        if ghost is not None:
            said.append(self._body(ghost, camera, stage).ghost())
        said.append(body.svg(self.figure.highlight, stage.held(skeleton)))
        said.append(stage.in_front(skeleton))
        return "".join(said)

    def _body(self, skeleton: Skeleton, camera: Camera, stage: Stage) -> Body:
        return Body(skeleton, self.mannequin.shape, camera, self.palette, stage.closed_hands())

    def floor(self, camera: Camera, width: float, height: float) -> str:
        """From where the floor meets the far wall, down."""
        top = float(camera(vector(0, 0, FAR_WALL))[1])
        return paper.block(0, top, width, max(height - top, 0), fill=self.palette.floor)


def _bounds(skeletons: Iterable[Skeleton], shape: Shape, camera: Camera) -> tuple[Array, Array]:
    """The corners of what they take, in centimetres of the picture."""
    volumes = [one for skeleton in skeletons for one in _flesh(skeleton, shape)]
    middles = np.array([one.middle for one in volumes]) @ camera.matrix.T
    reach = np.linalg.norm(camera.matrix @ np.array([one.axes for one in volumes]), axis=2)
    return (middles - reach).min(0) - AROUND, (middles + reach).max(0) + AROUND


def _flesh(skeleton: Skeleton, shape: Shape) -> Iterator[Ellipsoid]:
    yield from trunk_volumes(skeleton, shape).values()
    for side in SIDES:
        for _, hull in (*leg_volumes(skeleton, shape, side), *arm_volumes(skeleton, shape, side)):
            yield from hull
        for hull in hand_volumes(skeleton, side, holds=False):
            yield from hull


def size_of(frame: Frame) -> tuple[int, int]:
    """Dots of a single picture or a clip."""
    return (640, 352) if frame is Frame.WIDE else (448, 560)


def closer(camera: Camera, to: Array, times: float) -> Camera:
    """The same view, so many times as large, with a point where it was."""
    here = camera(to)
    larger = replace(camera, scale=camera.scale * times)
    there = larger(to)
    return replace(larger, x=larger.x + here[0] - there[0], y=larger.y + here[1] - there[1])
