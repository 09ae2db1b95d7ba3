"""The mannequin as shapes of a picture: what is far first, each limb with a fine edge around it.

The trunk lies at depth nought; a limb before or behind it by where its root joint is and a fifth of its
reach. Beads along the spine show its curve from the side; from the front, where they would look like buttons,
a dashed line shows the middle.
"""

import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from bot.domain.body import SIDES, Side
from bot.pictures import paper
from bot.pictures.camera import FEW, Camera, chained, closed, outline, outlines, smooth
from bot.pictures.hands import hand_volumes
from bot.pictures.limbs import sign
from bot.pictures.palette import Palette, mixed
from bot.pictures.regions import ON_LEGS, region, regions_of
from bot.pictures.skeleton import CHEST_BONE, NECK_BONE, Skeleton
from bot.pictures.space import NEAR, RIGHT, Array, vector
from bot.pictures.volumes import (
    SECTIONS,
    Ellipsoid,
    Hull,
    Shape,
    Trunk,
    arm_volumes,
    ellipsoid,
    leg_volumes,
    trunk_volumes,
)

EDGE = 1.15  # cm, of the ground's tone around a limb
REACH_COUNTS = 0.22  # how much of a limb's reach decides whether it is before or behind
FRONT = 0.45  # from how much of the chest being seen the spine is a line instead of beads
BACK_SEEN = 0.35  # below how much of it a region of the back is shown
EAR_SEEN = 0.38  # from how much of its side an ear is drawn
FACE_SEEN = -0.3
SHIRT = tuple(SECTIONS)[:-1]  # the neck is bare
FAR_CM, FAR_FROM = 9.0, 1.5  # a limb so far behind is as pale as can be; from there on

# How the working region is laid on: grown by centimetres, how dark. Many thin layers make a soft rim.
GLOW = (
    (2.0, 0.09), (1.4, 0.11), (0.8, 0.14), (0.2, 0.18), (-0.4, 0.22), (-1.0, 0.26), (-1.6, 0.30)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """Trunk, head or a limb."""

    name: str
    depth: float
    hulls: Sequence[Hull]
    edged: int | None  # the first hull with an edge around it; None: none has


@dataclass(frozen=True)
class Body:
    """One moment of the mannequin, seen through a camera."""

    skeleton: Skeleton
    shape: Shape
    camera: Camera
    palette: Palette
    holding: frozenset[Side] = frozenset()  # hands that are closed

    # What there is.

    @cached_property
    def trunk(self) -> Trunk:
        return trunk_volumes(self.skeleton, self.shape)

    @cached_property
    def parts(self) -> list[Part]:
        """From far to near."""
        found = [Part("trunk", 0.0, _trunk_hulls(self.trunk), None), self._head(self.trunk)]
        for side in SIDES:
            legs = leg_volumes(self.skeleton, self.shape, side)
            ends = (f"{side}_knee", f"{side}_ankle")
            found.append(
                Part(
                    f"{side}_leg",
                    self._depth(self.skeleton["pelvis"], f"{side}_hip", ends),
                    legs,
                    1,
                )
            )
            closed_ = side in self.holding or self.skeleton.limbs[side, "arm"].fist
            hand = hand_volumes(self.skeleton, side, holds=closed_)
            arms = [
                *(("skin", hull) for hull in hand),
                *arm_volumes(self.skeleton, self.shape, side),
            ]
            ends = (f"{side}_elbow", f"{side}_wrist")
            depth = self._depth(self.skeleton.spine[CHEST_BONE], f"{side}_shoulder", ends)
            found.append(Part(f"{side}_arm", depth, arms, 0))
        return sorted(found, key=lambda part: part.depth)

    def _depth(self, middle: Array, root: str, ends: Sequence[str]) -> float:
        """Of a limb before the middle of the trunk beside it; behind it, below 0."""
        start = self.camera.depth(self.skeleton[root])
        reach = np.mean([self.camera.depth(self.skeleton[end]) for end in ends]) - start
        return start - self.camera.depth(middle) + REACH_COUNTS * float(reach)

    def _head(self, trunk: Trunk) -> Part:
        neck = self.camera.depth(self.skeleton.spine[CHEST_BONE])
        nearer = self.camera.depth(self.skeleton["head"]) >= neck
        hulls: list[Hull] = [
            ("neck", [trunk["neck_low"], trunk["neck_high"]]),
            ("neck", [trunk["neck_high"], trunk["jaw"]]),
            ("skin", [trunk["cranium"], trunk["jaw"]]),
            ("skin", [trunk["brow"], trunk["jaw"]]),
            ("skin", [trunk["brow"], trunk["nose"]]),
        ]
        return Part("head", 0.15 if nearer else -0.15, hulls, None)

    def seen_from_front(self) -> float:
        """1: the chest looks at the viewer; -1: the back does."""
        return float((self.skeleton.bones[4] @ RIGHT) @ self.camera.view)

    # How it is drawn.

    def shadow(self) -> str:
        """On the floor, straight below."""
        hulls = (hull for part in self.parts for _, hull in part.hulls)
        d = "".join(
            closed(outline(self.camera, hull, on_floor=True, corners=FEW)) for hull in hulls
        )
        return paper.shape(d, fill="#000000", opacity=self.palette.shadow)

    def ghost(self) -> str:
        """All of it in one faint tone."""
        tone = mixed(self.palette.ghost, self.palette.ground, 0.45)
        d = "".join(outlines(self.camera, (hull for _, hull in part.hulls)) for part in self.parts)
        return paper.shape(d, fill=tone, opacity=0.55)

    def svg(self, highlight: Sequence[str], held: Mapping[Side, str]) -> str:
        """The body, with the regions that work, and what its hands hold."""
        parts, said = self.parts, []
        order = [part.name for part in parts]
        due: dict[int, list[str]] = {}
        for name in highlight:
            due.setdefault(max(order.index(part) for part in _under(name)), []).append(name)
        for number, part in enumerate(parts):
            said += [svg for side, svg in held.items() if part.name == f"{side}_arm"]
            said += self._part(part)
            said += self._glow(due.get(number, []), parts)
            if part.name == "trunk":
                said += [*self._collar(order.index("head") > number), *self._spine()]
            if part.name == "head":
                said += self._hair_and_ears()
        return "".join(said)

    def _part(self, part: Part) -> Iterator[str]:
        tones: dict[str, list[str]] = {}
        drawn = [closed(outline(self.camera, hull)) for _, hull in part.hulls]
        if part.edged is not None:
            width = self.camera.scale * EDGE
            edge = "".join(drawn[part.edged :])
            yield paper.path(edge, stroke=self.palette.ground, width=round(width, 1))
        for (tone, _), d in zip(part.hulls, drawn, strict=True):
            tones.setdefault(tone, []).append(d)
        for tone, paths in tones.items():
            yield paper.shape("".join(paths), fill=self._tone(tone, part))

    def _tone(self, tone: str, part: Part) -> str:
        """Paler the farther behind; not where the body is seen from the front and nothing is behind."""
        palette = self.palette
        if tone == "neck":
            return mixed(palette.skin, palette.hair, 0.16)
        far = 0.0
        if part.name not in ("trunk", "head"):
            sideways = min(1, 1.15 * abs(float((self.skeleton.chest @ NEAR) @ self.camera.view)))
            far = min(max((-part.depth - FAR_FROM) / FAR_CM, 0), 1) * sideways**2
        return mixed(getattr(palette, tone), palette.ground, palette.far * far)

    def _collar(self, neck_in_front: bool) -> Iterator[str]:
        """The hem of the shirt, where the neck comes out of it."""
        if not neck_in_front:
            return
        frame, middle = self.skeleton.bones[NECK_BONE], self.skeleton.spine[NECK_BONE]
        hem = ellipsoid(middle + frame @ vector(2.9, -0.4, 0), frame, 5.6, 1.3, 6.4)
        yield paper.shape(
            closed(outline(self.camera, [hem])),
            fill=mixed(self.palette.shirt, self.palette.line, 0.28),
        )

    def _hair_and_ears(self) -> Iterator[str]:
        trunk = self.trunk
        palette, camera, head = self.palette, self.camera, self.skeleton.head
        cap = _hair_cap(trunk["cranium"], camera)
        if cap is not None:
            yield (
                f'<path d="{closed(cap)}" fill="{palette.hair}" stroke="{palette.hair}"'
                f' stroke-width="{1.5 * camera.scale:.1f}" stroke-linejoin="round"/>'
            )
        if float((head @ RIGHT) @ camera.view) > FACE_SEEN:
            face = closed(outline(camera, [trunk["brow"], trunk["jaw"]]))
            yield paper.shape(face, fill=palette.skin)
        for side in SIDES:
            if float((head @ (NEAR * sign(side))) @ camera.view) > EAR_SEEN:
                ear = closed(outline(camera, [trunk[f"ear_{side}"]]))
                yield paper.shape(ear, fill=mixed(palette.skin, palette.hair, 0.2))

    def _spine(self) -> Iterator[str]:
        points = [self.camera(point) for point in self._on_the_back()]
        scale, bead = self.camera.scale, self.palette.bead
        if self.seen_from_front() > FRONT:
            yield (
                f'<path d="{smooth(points)}" fill="none" stroke="{bead}" stroke-opacity=".75"'
                f' stroke-width="{0.8 * scale:.1f}" stroke-dasharray="{2.2 * scale:.1f} {1.6 * scale:.1f}"'
                ' stroke-linecap="round"/>'
            )
            return
        yield (
            f'<path d="{smooth(points)}" fill="none" stroke="{bead}" stroke-opacity=".6"'
            f' stroke-width="{0.9 * scale:.1f}" stroke-linecap="round"/>'
        )
        for x, y in points:
            yield paper.disc(x, y, 1.1 * scale, fill=bead)

    def _on_the_back(self) -> Iterator[Array]:
        """Near the skin, from the sacrum to the neck."""
        bones = self.skeleton
        yield bones["pelvis"] + bones.pelvis @ vector(-7.2, 3.6, 0)
        for bone in range(NECK_BONE + 1):
            yield bones.spine[bone] + bones.bones[bone] @ vector(-2.6, 0, 0)

    def _glow(self, names: Sequence[str], parts: Sequence[Part]) -> Iterator[str]:
        """Working muscles, kept within the clothes."""
        shapes = [shape for name in names for shape in self._region_shapes(name)]
        if not shapes:
            return
        clothed = (part for part in parts if part.name == "trunk" or part.name.endswith("leg"))
        d = "".join(
            closed(outline(self.camera, hull))
            for part in clothed
            for tone, hull in part.hulls
            if tone != "skin"
        )
        clip = f"c{zlib.crc32((d + ''.join(names)).encode()):08x}"
        yield f'<clipPath id="{clip}"><path d="{d}"/></clipPath><g clip-path="url(#{clip})">'
        yield from shapes
        yield "</g>"

    def _region_shapes(self, name: str) -> Iterator[str]:
        if name in ("lumbar", "thoracic") and self.seen_from_front() > BACK_SEEN:
            return
        for one, side in regions_of(name):
            balls = region(self.skeleton, self.trunk, one, side)
            if name == f"{one}s" and one != "hip_side" and self._hidden(balls):
                continue
            hulls = [balls] if len(balls) == 1 else chained(balls)
            for grow, dark in GLOW:
                d = outlines(self.camera, hulls, grow=grow)
                yield paper.shape(d, fill=self.palette.effort, opacity=dark * self.skeleton.effort)

    def _hidden(self, balls: Sequence[Ellipsoid]) -> bool:
        """Of a pair, the one on the far side is behind the body."""
        middle = np.mean([one.middle for one in balls], 0)
        return self.camera.depth(middle) < self.camera.depth(self.skeleton["pelvis"]) - 3


def _trunk_hulls(trunk: Trunk) -> list[Hull]:
    def hull(*names: str) -> list[Ellipsoid]:
        return [trunk[name] for name in names]

    glutes = ("glute_right", "glute_left")
    hips = [("hips", *glutes), ("hips", "S1"), *(("S1", glute) for glute in glutes)]
    back = list(pairwise(SHIRT))
    shoulders = [(bone, f"cap_{side}") for bone in ("T3", "T5", "T1") for side in SIDES]
    return [
        *(("pants", hull(*names)) for names in hips),
        *(("shirt", hull(*names)) for names in (*back, ("T3", "T1"), *shoulders)),
    ]


def _under(name: str) -> list[str]:
    """The parts that a region is drawn over."""
    return [
        "trunk",
        *(f"{side}_leg" for one, side in regions_of(name) if side and one in ON_LEGS),
    ]


def _cap_points() -> Array:
    """Points of the unit sphere that are covered with hair: tilted back, and lower at the sides."""
    back = vector(-0.66, 0.75, 0)
    back /= np.linalg.norm(back)
    points = []
    for down in np.linspace(0, math.pi, 30):
        for around in np.linspace(0, 2 * math.pi, 44, endpoint=False):
            point = vector(
                math.sin(down) * math.cos(around), math.cos(down), math.sin(down) * math.sin(around)
            )
            at_side = 0.12 * abs(point[2]) * float(point[0] < 0.25)
            if float(point @ back) > 0.06 - at_side:
                points.append(point)
    return np.array(points)


CAP = _cap_points()


def _hair_cap(cranium: Ellipsoid, camera: Camera) -> Array | None:
    """The outline of the hair that is seen, in dots."""
    normals = CAP @ np.linalg.inv(cranium.axes)
    seen = (normals @ camera.view) / np.linalg.norm(normals, axis=1) > -0.02
    if seen.sum() < 4:
        return None
    skin = cranium.middle + (CAP[seen] @ cranium.axes.T) * 0.975
    return _convex(camera.dots(skin @ camera.matrix.T))


def _convex(points: Array) -> Array:
    """The corners of the hull around points (Andrew's monotone chain)."""
    ordered = points[np.lexsort((points[:, 1], points[:, 0]))]

    def half(along: Array) -> list[Array]:
        kept: list[Array] = []
        for point in along:
            while len(kept) > 1 and _turns_out(kept[-2], kept[-1], point):
                kept.pop()
            kept.append(point)
        return kept

    there, back = half(ordered), half(ordered[::-1])
    return np.array(there[:-1] + back[:-1])


def _turns_out(one: Array, other: Array, point: Array) -> bool:
    a, b = other - one, point - one
    return float(a[0] * b[1] - a[1] * b[0]) <= 0
