"""What stands, lies or is held beside the body: plain boxes and rounded shapes in the same space."""

from collections.abc import Iterator, Mapping

import numpy as np

from bot.domain.body import SIDES, Grip, Side
from bot.domain.things import (
    Band,
    Block,
    Chair,
    DoorFrame,
    Ground,
    Mat,
    Pillow,
    Props,
    Stair,
    Stick,
    Towel,
    Wall,
)
from bot.pictures import paper
from bot.pictures.camera import Camera, closed, outline
from bot.pictures.hands import grip_point
from bot.pictures.palette import Palette, mixed
from bot.pictures.skeleton import Skeleton
from bot.pictures.space import UP, Array, unit, vector
from bot.pictures.volumes import ball

FAR_WALL = -62.0  # z at which floor and far wall meet
TOGETHER = 18.0  # cm between two hands that hold one bag
BEYOND = 240.0  # cm that a wall goes on, out of the picture
Corner = tuple[float, float, float]
Box = tuple[Corner, Corner]
Tones = tuple[str, str, str]  # of a box: top, front, side


class Stage:
    """The things of an exercise, drawn through a camera."""

    def __init__(self, props: Props, camera: Camera, palette: Palette) -> None:
        self._props = props
        self._camera = camera
        self._palette = palette
        p = palette
        self._wood: Tones = (p.prop, p.prop_side, mixed(p.prop_side, p.line, 0.15))

    def on_floor(self, phase: float) -> str:
        """What shadows fall on; `phase` is how much of the cycle has passed."""
        said: list[str] = []
        if self._props.mat:
            said += self._mat(self._props.mat)
        if self._props.ground:
            said += self._ground(self._props.ground, phase)
        return "".join(said)

    def standing(self, skeleton: Skeleton) -> str:
        """What is behind or below the body."""
        props, said = self._props, list[str]()
        if props.wall:
            said += self._wall(props.wall)
        if props.doorframe:
            said += self._doorframe(props.doorframe)
        if props.chair:
            said += self._chair(props.chair)
        if props.stair:
            said += self._stair(props.stair)
        if props.block:
            said += self._block(props.block)
        if props.pillow:
            said.append(self._pillow(props.pillow))
        if props.towel:
            said += self._towel(props.towel, skeleton)
        return "".join(said)

    def held(self, skeleton: Skeleton) -> Mapping[Side, str]:
        """What is in a hand, to be drawn just before that arm."""
        said = dict.fromkeys(SIDES, "")
        if self._props.dumbbell:
            for side in sides_of(self._props.dumbbell.hand):
                said[side] += "".join(self._dumbbell(skeleton, side))
        if self._props.bag:
            grips = {side: grip_point(skeleton, side) for side in sides_of(self._props.bag.hand)}
            if len(grips) == 2 and np.linalg.norm(grips["left"] - grips["right"]) < TOGETHER:
                nearest = self._nearest(skeleton, "both")
                grips = {nearest: (grips["left"] + grips["right"]) / 2}
            for side, grip in grips.items():
                said[side] += self._bag(grip)
        if self._props.band:
            said[self._nearest(skeleton, self._props.band.hand)] += self._band(
                self._props.band, skeleton
            )
        return said

    def in_front(self, skeleton: Skeleton) -> str:
        """What lies along the body, in front of it."""
        return self._stick(self._props.stick, skeleton) if self._props.stick else ""

    def closed_hands(self) -> frozenset[Side]:
        """Those that hold something."""
        held = (self._props.dumbbell, self._props.bag, self._props.band)
        return frozenset(side for one in held if one for side in sides_of(one.hand))

    # On the floor.

    def _mat(self, mat: Mat) -> Iterator[str]:
        p = self._palette
        yield from self._box(
            (mat.x[0], -1.4, -mat.z), (mat.x[1], 0, mat.z), (p.mat, p.mat_side, p.mat_side)
        )

    def _ground(self, ground: Ground, phase: float) -> Iterator[str]:
        """Marks that pass below somebody who walks on the spot."""
        offset = (-ground.speed * phase) % ground.gap
        for mark in range(-8, 9):
            x = mark * ground.gap + offset
            start, end = (self._camera(vector(x + d, 0, ground.z)) for d in (0, 9))
            if min(start[1], end[1]) < self._camera(vector(0, 0, FAR_WALL))[1] + 3:
                continue
            yield paper.line(
                *start, *end, fill=self._palette.edge, width=round(1.1 * self._camera.scale, 1)
            )

    # Standing.

    def _wall(self, wall: Wall) -> Iterator[str]:
        p = self._palette
        beyond = -BEYOND if wall.side == "left" else BEYOND
        x = sorted((wall.x, wall.x + beyond))
        tones = (p.floor, mixed(p.floor, p.edge, 0.75), mixed(p.floor, p.edge, 0.30))
        yield from self._box((x[0], 0, FAR_WALL), (x[1], wall.h, wall.z), tones)

    def _doorframe(self, frame: DoorFrame) -> Iterator[str]:
        yield from self._box(
            (frame.x - 4, 0, frame.z - 6), (frame.x + 4, frame.h, frame.z + 6), self._wood
        )

    def _chair(self, chair: Chair) -> Iterator[str]:
        x, seat = chair.x, chair.seat
        back = x - 19.5 * chair.facing
        pieces: list[Box] = [
            ((x + dx - 1.5, 0, dz - 1.5), (x + dx + 1.5, seat - 2, dz + 1.5))
            for dz in (-18, 18)
            for dx in (-18, 18)
        ]
        pieces.append(((x - 21, seat - 4, -21), (x + 21, seat, 21)))
        if chair.back:
            pieces.append(((back - 1.5, seat, -20), (back + 1.5, seat + 42, 20)))
        for low, high in pieces:
            yield from self._box(low, high, self._wood)

    def _stair(self, stair: Stair) -> Iterator[str]:
        x, h, z = stair.x, stair.h, stair.z
        yield from self._box((x - stair.depth, 0, -z), (x, h, z), self._wood)
        if stair.rail is None:
            return
        at, slope = vector(*stair.rail), h / stair.depth
        for ahead in (34.0, -36.0):
            foot = h if at[0] + ahead < x else 0
            low = (at[0] + ahead - 1.5, foot, at[2] - 1.5)
            high = (at[0] + ahead + 1.5, at[1] - ahead * slope, at[2] + 1.5)
            yield from self._box(low, high, self._wood)
        ends = (at + vector(-40, 40 * slope, 0), at + vector(40, -40 * slope, 0))
        rail = closed(outline(self._camera, [ball(end, 1.8) for end in ends]))
        yield paper.shape(rail, fill=self._palette.prop)

    def _block(self, block: Block) -> Iterator[str]:
        half = block.w / 2
        yield from self._box((block.x - half, 0, -11), (block.x + half, block.h, 11), self._wood)

    def _pillow(self, pillow: Pillow) -> str:
        r, half = pillow.h / 2, pillow.w / 2
        corners = [
            ball(vector(pillow.x + dx * (half - r), r, pillow.z + dz * (pillow.depth / 2 - r)), r)
            for dx in (-1, 1)
            for dz in (-1, 1)
        ]
        p = self._palette
        return (
            f'<path d="{closed(outline(self._camera, corners))}" fill="{p.cloth}" stroke="{p.edge}"'
            f' stroke-width="{0.4 * self._camera.scale:.1f}"/>'
        )

    def _towel(self, towel: Towel, skeleton: Skeleton) -> Iterator[str]:
        p = self._palette
        for side in sides_of(towel.foot):
            x, _, z = skeleton[f"{side}_heel"]
            yield from self._box((x - 9, 0, z - 7), (x + 9, 0.9, z + 7), (p.cloth, p.edge, p.edge))

    # Held.

    def _dumbbell(self, skeleton: Skeleton, side: Side) -> Iterator[str]:
        """Square to fingers and forearm's bend: as thumb and little finger lie."""
        middle = grip_point(skeleton, side)
        along = _thumb(skeleton, side)
        iron = self._palette.iron
        bar = [ball(middle - along * 8, 1.5), ball(middle + along * 8, 1.5)]
        yield paper.shape(
            closed(outline(self._camera, bar)), fill=mixed(iron, self._palette.ground, 0.3)
        )
        for end in (-1, 1):
            head = [ball(middle + along * reach * end, 4.6) for reach in (7.6, 10.4)]
            yield self._edged(outline(self._camera, head), iron)

    def _bag(self, grip: Array) -> str:
        """Below the hand, on two handles."""
        p, camera = self._palette, self._camera
        top = grip - UP * 15
        said = []
        for aside in (-7.0, 7.0):
            start, end = camera(grip), camera(top + vector(aside, 0, 0))
            said.append(
                paper.line(*start, *end, fill=p.prop_side, width=round(1.3 * camera.scale, 1))
            )
        corners = [
            ball(top + vector(dx, down, dz), 2.6)
            for dx, down in ((-8.5, -1.5), (8.5, -1.5), (-10, -25), (10, -25))
            for dz in (-3.5, 3.5)
        ]
        return "".join(said) + self._edged(outline(camera, corners), p.prop)

    def _band(self, band: Band, skeleton: Skeleton) -> str:
        grips = [grip_point(skeleton, side) for side in sides_of(band.hand)]
        start, end = self._camera(vector(*band.start)), self._camera(np.mean(grips, 0))
        p, scale = self._palette, self._camera.scale
        return paper.line(*start, *end, fill=p.ground, width=round(3.4 * scale, 1)) + paper.line(
            *start, *end, fill=p.iron, width=round(1.7 * scale, 1)
        )

    def _nearest(self, skeleton: Skeleton, hands: Grip) -> Side:
        sides = sides_of(hands)
        return max(sides, key=lambda side: self._camera.depth(skeleton[f"{side}_wrist"]))

    def _stick(self, stick: Stick, skeleton: Skeleton) -> str:
        ends = [skeleton.spot(spot.part, spot.at) for spot in (stick.a, stick.b)]
        return self._edged(
            outline(self._camera, [ball(end, 1.3) for end in ends]), self._palette.prop
        )

    # Shapes.

    def _edged(self, corners: Array, fill: str) -> str:
        return (
            f'<path d="{closed(corners)}" fill="{fill}" stroke="{self._palette.ground}"'
            f' stroke-width="{0.5 * self._camera.scale:.1f}"/>'
        )

    def _box(
        self, low: tuple[float, float, float], high: tuple[float, float, float], tones: Tones
    ) -> Iterator[str]:
        """The faces of a box that are seen."""
        ends = (vector(*low), vector(*high))
        for axis, tone in ((1, tones[0]), (2, tones[1]), (0, tones[2])):
            toward = self._camera.view[axis]
            if abs(toward) < 1e-3:
                continue
            one, other = (i for i in range(3) if i != axis)
            corners = []
            for a, b in ((0, 0), (1, 0), (1, 1), (0, 1)):
                corner = vector(0, 0, 0)
                corner[axis] = ends[int(toward > 0)][axis]
                corner[one], corner[other] = ends[a][one], ends[b][other]
                corners.append(self._camera(corner))
            d = closed(np.array(corners))
            yield f'<path d="{d}" fill="{tone}" stroke="{tone}" stroke-width=".6"/>'


def sides_of(grip: Grip) -> tuple[Side, ...]:
    """One or both."""
    return SIDES if grip == "both" else (grip,)


def _thumb(skeleton: Skeleton, side: Side) -> Array:
    """Where the thumb's side of a closed hand points: level where the arm hangs."""
    fingers = skeleton.limbs[side, "arm"].directions[2]
    right = skeleton.chest @ vector(0, 0, 1)
    along = np.cross(right, fingers)
    return unit(along) if np.linalg.norm(along) > 0.3 else unit(skeleton.chest @ UP)


def extent(props: Props) -> list[Array]:
    """Points of things that have to be in the picture."""
    points: list[Array] = []
    if props.mat:
        points += [vector(props.mat.x[0] + 6, 0, 20), vector(props.mat.x[1] - 6, 0, -20)]
    if props.wall:
        aside = -14 if props.wall.side == "left" else 14
        points.append(vector(props.wall.x + aside, 100, 0))
    if props.doorframe:
        points.append(vector(props.doorframe.x, 120, props.doorframe.z))
    if props.stair:
        points += [
            vector(props.stair.x - props.stair.depth, 0, 30),
            vector(props.stair.x + 46, 0, 0),
        ]
    if props.chair:
        points += [vector(props.chair.x - 22, 0, 0), vector(props.chair.x + 22, 0, 0)]
    if props.band:
        points.append(vector(*props.band.start))
    return points
