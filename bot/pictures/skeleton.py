"""The bones of the mannequin, in centimetres: how long they are, and where they are in a pose.

The trunk is a chain from the pelvis: four lumbar, five thoracic and three neck segments with a neutral curve,
to which a pose adds. The sizes are those of an ordinary adult, rounded; nobody is measured by them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from bot.domain.body import SIDES, Palm, Part, Side, Trunk
from bot.pictures.space import Array, about_x, about_y, about_z, bent, unit, vector

UPPER_ARM, FOREARM, HAND = 28.5, 24.5, 15.0
THIGH, SHIN, ANKLE = 42.0, 41.0, 6.6  # the ankle stands so high above the sole
HEEL_SOLE, BALL_SOLE, TOE_SOLE = (
    3.0,
    2.3,
    1.6,
)  # heel, ball and tip of the toes lie so high in the foot
HEEL_BACK, BALL_FRONT, TOE_FRONT = 4.0, 11.5, 17.0  # from the ankle
HIP_ASIDE, SHOULDER_ASIDE = 9.0, 17.0  # from the middle

SACRAL_SLOPE = 10.0
HEAD_SLOPE = 4.0  # the head is held a little back of where the neck ends, so that it looks level
THORAX_SLOPE = 8.0  # of the chest's frame, against the bone it is taken from
SEGMENTS: Mapping[str, tuple[int, float, float]] = {  # how many, how long, their neutral curve
    "lumbar": (4, 4.6, -21.0),
    "thoracic": (5, 5.4, 26.0),
    "neck": (3, 3.0, -13.0),
}
CHEST_BONE, NECK_BONE, HEAD_BONE = 8, 9, 12  # of the chain, counted from the sacrum

Kind = Literal["arm", "leg"]
LimbKey = tuple[Side, Kind]
LIMBS: tuple[LimbKey, ...] = tuple((side, kind) for side in SIDES for kind in ("arm", "leg"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limb:
    """Where the three bones of a limb point; of a leg also where its sole looks away from the floor."""

    directions: tuple[Array, Array, Array]
    normal: Array | None = None
    short: float = 0  # cm by which it can't reach where it is placed
    fixed: bool = False  # placed at a point of the world
    palm: Palm | None = None
    fist: bool = False


@dataclass(slots=True)
class Skeleton:
    """Joints and frames of one moment. Written while it is solved, only read after that."""

    spine: list[Array]
    bones: list[Array]  # their frames
    frames: dict[Part, Array]
    points: dict[str, Array]
    belly: float
    effort: float
    limbs: dict[LimbKey, Limb] = field(default_factory=dict)

    def __getitem__(self, point: str) -> Array:
        return self.points[point]

    @property
    def pelvis(self) -> Array:
        return self.frames[Part.PELVIS]

    @property
    def chest(self) -> Array:
        return self.frames[Part.CHEST]

    @property
    def head(self) -> Array:
        return self.frames[Part.HEAD]

    def spot(self, part: Part, at: tuple[float, float, float]) -> Array:
        """A point that goes with a part of the body."""
        origin = {
            Part.PELVIS: self["pelvis"],
            Part.CHEST: self.spine[CHEST_BONE - 1],
            Part.HEAD: self["head"],
        }
        return origin[part] + self.frames[part] @ vector(*at)

    def move(self, by: Array) -> None:
        """Everything, by so much."""
        self.spine = [point + by for point in self.spine]
        self.points = {name: point + by for name, point in self.points.items()}

    def attach(self, key: LimbKey, limb: Limb) -> None:
        """A limb, where its bones point."""
        self.limbs[key] = limb
        side, kind = key
        points = self.arm_points(side, limb) if kind == "arm" else self.leg_points(side, limb)
        self.points.update({f"{side}_{name}": point for name, point in points.items()})

    def arm_points(self, side: Side, limb: Limb) -> dict[str, Array]:
        upper, fore, hand = limb.directions
        elbow = self[f"{side}_shoulder"] + upper * UPPER_ARM
        wrist = elbow + fore * FOREARM
        return {"elbow": elbow, "wrist": wrist, "tip": wrist + hand * HAND}

    def leg_points(self, side: Side, limb: Limb) -> dict[str, Array]:
        thigh, shin, toes = limb.directions
        knee = self[f"{side}_hip"] + thigh * THIGH
        ankle = knee + shin * SHIN
        assert limb.normal is not None
        up = unit(limb.normal - toes * float(limb.normal @ toes))
        ball = ankle - up * (ANKLE - BALL_SOLE) + toes * BALL_FRONT
        toe = ankle - up * (ANKLE - TOE_SOLE) + toes * TOE_FRONT
        if limb.fixed and toe[1] < TOE_SOLE:
            toe = _on_the_floor(ball, toe)
        heel = ankle - up * (ANKLE - HEEL_SOLE) - toes * HEEL_BACK
        return {"knee": knee, "ankle": ankle, "heel": heel, "ball": ball, "toe": toe}


def _on_the_floor(ball: Array, toe: Array) -> Array:
    """While the heel is up the toes bend, and lie flat."""
    ahead = unit(vector(toe[0] - ball[0], 0, toe[2] - ball[2]))
    drop = TOE_SOLE - float(ball[1])
    length = max(float((toe - ball) @ (toe - ball)) - drop * drop, 1.0) ** 0.5
    return np.asarray(ball + ahead * length + vector(0, drop, 0))


def trunk_of(trunk: Trunk) -> Skeleton:
    """Pelvis, spine, shoulders and head, with the middle of the hips at the origin."""
    pelvis = _pelvis_frame(trunk)
    spine, bones = _chain(trunk, pelvis)
    chest = bones[CHEST_BONE] @ about_z(THORAX_SLOPE)
    head = bones[HEAD_BONE] @ bent(*trunk.head) @ about_z(HEAD_SLOPE)
    middle = spine[HEAD_BONE] + head @ vector(2.6, 8.2, 0)
    points = {
        "pelvis": vector(0, 0, 0),
        "head": middle,
        "nose": middle + head @ vector(9.1, -2.0, 0),
    }
    for side, sign in zip(SIDES, (1, -1), strict=True):
        points[f"{side}_hip"] = pelvis @ vector(0, 0, HIP_ASIDE * sign)
        points[f"{side}_shoulder"] = spine[CHEST_BONE] + chest @ vector(
            4.2, 1.8 + trunk.shrug, SHOULDER_ASIDE * sign
        )
    return Skeleton(
        spine=spine,
        bones=bones,
        frames={Part.PELVIS: pelvis, Part.CHEST: chest, Part.HEAD: head},
        points=points,
        belly=trunk.belly,
        effort=trunk.effort,
    )


def _pelvis_frame(trunk: Trunk) -> Array:
    axis, turn = trunk.trunk
    return about_z(axis - 90) @ about_y(-turn) @ about_z(trunk.tilt)


def _chain(trunk: Trunk, pelvis: Array) -> tuple[list[Array], list[Array]]:
    """From sacrum to skull: each bend is spread evenly, half of a step before and half behind a bone."""
    points, frame = [pelvis @ vector(-4.0, 9.0, 0)], pelvis @ about_z(-SACRAL_SLOPE)
    frames = [frame]
    for name, (count, length, neutral) in SEGMENTS.items():
        flexion, side, twist = getattr(trunk, name)
        flexion += neutral + (trunk.tilt if name == "lumbar" else 0)
        half = bent(flexion / count / 2, side / count / 2, twist / count / 2)
        for _ in range(count):
            frame = frame @ half
            points.append(points[-1] + frame @ vector(0, length, 0))
            frame = frame @ half
            frames.append(frame)
    return points, frames


def turned_limb(frame: Array, sign: int, bend: tuple[float, float, float]) -> Array:
    """A shoulder's or hip's frame: forward, away from the middle, turned outward."""
    forward, away, out = bend
    return frame @ about_z(forward) @ about_x(-away * sign) @ about_y(-out * sign)
