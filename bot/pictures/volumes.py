"""The flesh around the bones: ellipsoids, whose hulls are drawn and whose skin rests on things.

An ellipsoid is a middle and a matrix whose columns are its half axes; a ball is one of them. The same shapes
tell where skin touches the floor, so that what is seen to rest there does.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from bot.domain.body import SIDES, Side
from bot.domain.look import Build
from bot.pictures.skeleton import ANKLE, HEAD_BONE, NECK_BONE, Skeleton
from bot.pictures.space import DOWN, Array, across, unit, vector

SOFT = 1.2  # cm over which contact passes from one ellipsoid to the next, so that nothing jumps


class Ellipsoid(NamedTuple):
    """A middle, and half axes as columns."""

    middle: Array
    axes: Array

    def reach(self, direction: Array) -> float:
        """How far it comes in a direction, from the origin."""
        return float(self.middle @ direction) + float(np.linalg.norm(self.axes.T @ direction))


@dataclass(frozen=True, slots=True)
class Shape:
    """What a build changes: widths of trunk and limbs, never a length."""

    width: float  # of the trunk, from side to side
    depth: float  # of the trunk, from back to front
    limb: float
    belly: float  # cm more, in front


SHAPES: Mapping[Build, Shape] = {
    Build.SLIM: Shape(width=1, depth=1, limb=1, belly=0),
    Build.BROAD: Shape(width=1.1, depth=1.1, limb=1.09, belly=1.6),
}

# Trunk sections: bone, middle in front of it, half depth, half height, half width.
SECTIONS: Mapping[str, tuple[int, float, float, float, float]] = {
    "S1": (0, 4.4, 9.8, 4, 15.2),
    "L5": (1, 3.6, 9.3, 4, 14.2),
    "L3": (2, 3.3, 9.1, 4, 13.6),
    "L1": (3, 3.5, 9.4, 4, 13.6),
    "T12": (4, 4.0, 10.0, 4, 14.2),
    "T10": (5, 4.8, 10.7, 4, 15.0),
    "T8": (6, 5.4, 11.2, 4, 15.8),
    "T5": (7, 5.3, 10.9, 4, 16.2),
    "T3": (8, 4.6, 9.2, 4, 14.6),
    "T1": (9, 2.6, 6.0, 3, 9.0),
}
BREATH = {"S1": 0.5, "L5": 0.9, "L3": 1.0, "L1": 1.0, "T12": 0.8, "T10": 0.5}  # shares of the belly
BREATH_ASIDE = 0.7  # of what the front wall moves, each side does

# Skin below a named point of a limb, in a slim build.
SKIN = {
    "knee": 5.4,
    "elbow": 3.8,
    "heel": 3.0,
    "ball": 2.4,
    "toe": 1.7,
    "wrist": 2.7,
    "tip": 1.4,
    "shoulder": 6.2,
    "hip": 10.5,
    "ankle": 3.0,
}
FOOT = ("heel", "ball", "toe", "wrist", "tip")  # of one size in every build
# What of the trunk touches a floor at a named point.
RESTING: Mapping[str, Callable[[Skeleton, Shape], list[Ellipsoid]]] = {
    "upper_back": lambda skeleton, shape: [_section(skeleton, shape, one) for one in ("T8", "T5")],
    "mid_back": lambda skeleton, shape: [_section(skeleton, shape, "T8")],
    "low_back": lambda skeleton, shape: [_section(skeleton, shape, "L3")],
    "sacrum": lambda skeleton, shape: [_section(skeleton, shape, "S1")],
    "seat": lambda skeleton, shape: [_glute(skeleton, shape, side) for side in SIDES],
    "head": lambda skeleton, _: [_cranium(skeleton)],
}

Trunk = dict[str, Ellipsoid]


def ellipsoid(middle: Array, frame: Array, front: float, up: float, right: float) -> Ellipsoid:
    return Ellipsoid(middle, frame * np.array((front, up, right)))


def ball(middle: Array, radius: float) -> Ellipsoid:
    return Ellipsoid(middle, np.eye(3) * radius)


def trunk_volumes(skeleton: Skeleton, shape: Shape) -> Trunk:
    """From hips to head, by name."""
    pelvis, w, d = skeleton.pelvis, shape.width, shape.depth
    middle = skeleton["pelvis"] + pelvis @ vector(-0.5, 1, 0)
    volumes = {"hips": ellipsoid(middle, pelvis, 10.2 * d, 8.5, 16.2 * w)}
    for side in SIDES:
        volumes[f"glute_{side}"] = _glute(skeleton, shape, side)
    for name in SECTIONS:
        volumes[name] = _section(skeleton, shape, name)
    for side, sign in zip(SIDES, (1, -1), strict=True):
        middle = skeleton[f"{side}_shoulder"] + skeleton.chest @ vector(-0.6, -0.6, -2.2 * sign)
        limb = shape.limb
        volumes[f"cap_{side}"] = ellipsoid(
            middle, skeleton.chest, 6.0 * limb, 5.6 * limb, 6.0 * limb
        )
    return volumes | _neck_and_head(skeleton, shape)


def _glute(skeleton: Skeleton, shape: Shape, side: Side) -> Ellipsoid:
    aside = 7.4 * shape.width * (1 if side == "right" else -1)
    middle = skeleton["pelvis"] + skeleton.pelvis @ vector(-4.6, -1.5, aside)
    return ellipsoid(middle, skeleton.pelvis, 8.0 * shape.depth, 8.6, 8.2 * shape.width)


def _section(skeleton: Skeleton, shape: Shape, name: str) -> Ellipsoid:
    bone, ahead, depth, height, width = SECTIONS[name]
    breath = BREATH.get(name, 0)
    out = (skeleton.belly + shape.belly) * breath
    frame = skeleton.bones[bone]
    middle = skeleton.spine[bone] + frame @ vector(ahead * shape.depth + out / 2, 0, 0)
    half = width * shape.width + skeleton.belly * breath * BREATH_ASIDE
    return ellipsoid(middle, frame, depth * shape.depth + out / 2, height, half)


def _cranium(skeleton: Skeleton) -> Ellipsoid:
    middle = skeleton["head"] + skeleton.head @ vector(-0.4, 1.2, 0)
    return ellipsoid(middle, skeleton.head, 9.4, 9.2, 7.4)


def _neck_and_head(skeleton: Skeleton, shape: Shape) -> Trunk:
    low, high = skeleton.bones[NECK_BONE], skeleton.bones[HEAD_BONE]
    head, frame = skeleton["head"], skeleton.head
    slim = min(shape.limb, 1.08)

    def there(x: float, y: float, z: float) -> Array:
        return np.asarray(head + frame @ vector(x, y, z))

    return {
        "neck_low": ellipsoid(
            skeleton.spine[NECK_BONE] + low @ vector(2.0, -0.5, 0), low, 5.4 * slim, 3, 5.6 * slim
        ),
        "neck_high": ellipsoid(
            skeleton.spine[HEAD_BONE] + high @ vector(2.4, 0.5, 0), high, 5.2 * slim, 3, 5.0 * slim
        ),
        "cranium": _cranium(skeleton),
        "jaw": ellipsoid(there(3.0, -6.2, 0), frame, 5.0, 4.4, 4.9 * slim),
        "brow": ellipsoid(there(4.6, 0.2, 0), frame, 4.2, 5.0, 5.4),
        "nose": ellipsoid(there(9.1, -2.0, 0), frame, 1.5, 1.9, 1.2),
        "ear_right": ellipsoid(there(-0.4, -1.4, 7.0), frame, 1.6, 2.4, 0.9),
        "ear_left": ellipsoid(there(-0.4, -1.4, -7.0), frame, 1.6, 2.4, 0.9),
    }


def skin_radius(point: str, shape: Shape) -> float:
    """How far the skin is from a named point of a limb."""
    name = point.split("_", 1)[1]
    return SKIN[name] * (1 if name in FOOT else shape.limb)


def skin(skeleton: Skeleton, shape: Shape, point: str, toward: Array = DOWN) -> Array:
    """Where the skin of a named point lies, seen from a floor (or from a wall)."""
    if point in RESTING:
        touching = RESTING[point](skeleton, shape)
        reach = _soft_maximum([one.reach(toward) for one in touching])
        middle = np.mean([one.middle for one in touching], 0)
        return np.asarray(middle + toward * (reach - float(middle @ toward)))
    if point in ("pelvis", "nose"):
        return skeleton[point]
    return np.asarray(skeleton[point] + toward * skin_radius(point, shape))


def _soft_maximum(numbers: Sequence[float]) -> float:
    """Near the largest, without a corner where another one becomes it."""
    most = max(numbers)
    if len(numbers) == 1:
        return most
    return most + SOFT * math.log(
        sum(math.exp((one - most) / SOFT) for one in numbers) / len(numbers)
    )


# Limbs.

Hull = tuple[str, list[Ellipsoid]]  # a colour's name, and what is wrapped together


def leg_volumes(skeleton: Skeleton, shape: Shape, side: Side) -> list[Hull]:
    """From the hip to the toes."""
    hip, knee, ankle = (skeleton[f"{side}_{name}"] for name in ("hip", "knee", "ankle"))
    limb = skeleton.limbs[side, "leg"]
    shin, thigh, toes = unit(ankle - knee), unit(knee - hip), limb.directions[2]
    front, calf = _front_of_thigh(thigh, shin, toes), _front_of_shin(thigh, shin, toes)
    w = shape.limb
    upper = [
        ball(hip + thigh * 1.0, 8.6 * w),
        ball(hip + thigh * 13 + front * 0.9, 8.0 * w),
        ball(hip + thigh * 27 + front * 0.9, 6.7 * w),
        ball(knee, 5.4 * w),
    ]
    lower = [
        ball(knee, 5.4 * w),
        ball(knee + shin * 7 - calf * 1.0, 5.3 * w),
        ball(knee + shin * 14 - calf * 1.4, 5.0 * w),
        ball(knee + shin * 24 - calf * 0.9, 4.1 * w),
        ball(knee + shin * 32, 3.5 * w),
    ]
    return [
        *(("pants", [one, next_]) for bones in (upper, lower) for one, next_ in _pairs(bones)),
        *foot_volumes(skeleton, side, knee + shin * 33),
    ]


def foot_volumes(skeleton: Skeleton, side: Side, above: Array) -> list[Hull]:
    """Ankle, heel, instep and toes, with the inner side a little longer than the outer."""
    heel, ball_, toe, ankle = (
        skeleton[f"{side}_{name}"] for name in ("heel", "ball", "toe", "ankle")
    )
    limb = skeleton.limbs[side, "leg"]
    assert limb.normal is not None
    up = unit(across(limb.normal, limb.directions[2]))
    inward = np.cross(limb.directions[2], up) * (-1 if side == "right" else 1)
    low, top = ball_ - up * 0.1, ankle - up * (ANKLE - 4.2) + unit(ball_ - heel) * 4.5
    return [
        ("skin", [ball(above, 3.1), ball(ankle, 3.0)]),
        ("skin", [ball(ankle, 3.0), ball(heel, 3.0)]),
        ("skin", [ball(ankle, 3.0), ball(top, 2.6), ball(heel, 3.0), ball(low + up * 0.5, 2.5)]),
        ("skin", [ball(low + inward * 1.6, 2.3), ball(low - inward * 1.7, 2.1), ball(top, 2.4)]),
        ("skin", [ball(low + inward * 1.6, 2.3), ball(toe + inward * 1.5, 1.6)]),
        (
            "skin",
            [
                ball(low + inward * 1.6, 2.2),
                ball(toe + inward * 1.5, 1.6),
                ball(low - inward * 1.7, 2.0),
                ball(toe - inward * 1.9 - unit(ball_ - heel) * 1.6, 1.4),
            ],
        ),
    ]


def _pairs(balls: Sequence[Ellipsoid]) -> list[tuple[Ellipsoid, Ellipsoid]]:
    return list(pairwise(balls))


def _front_of_thigh(thigh: Array, shin: Array, toes: Array) -> Array:
    """Where the knee bends to, or the toes point where it is straight."""
    bend = thigh - shin if np.linalg.norm(thigh - shin) > 0.15 else toes
    front = across(bend, thigh)
    return unit(front) if np.linalg.norm(front) > 0.05 else unit(across(toes, thigh))


def _front_of_shin(thigh: Array, shin: Array, toes: Array) -> Array:
    bend = thigh - shin if np.linalg.norm(thigh - shin) > 0.15 else toes
    front = across(bend, shin)
    return unit(front) if np.linalg.norm(front) > 0.08 else unit(across(toes, shin))


def arm_volumes(skeleton: Skeleton, shape: Shape, side: Side) -> list[Hull]:
    """From the shoulder to the wrist; the hand is hands.py's."""
    shoulder, elbow, wrist = (skeleton[f"{side}_{name}"] for name in ("shoulder", "elbow", "wrist"))
    upper, fore = unit(elbow - shoulder), unit(wrist - elbow)
    w = shape.limb
    return [
        ("skin", [ball(shoulder + upper * 13.5, 4.3 * w), ball(elbow, 3.8 * w)]),
        ("skin", [ball(elbow, 3.8 * w), ball(elbow + fore * 7, 4.0 * w)]),
        ("skin", [ball(elbow + fore * 7, 4.0 * w), ball(elbow + fore * 17, 3.2 * w)]),
        ("skin", [ball(elbow + fore * 17, 3.2 * w), ball(wrist, 2.5)]),
        ("shirt", [ball(shoulder, 5.7 * w), ball(shoulder + upper * 15, 4.8 * w)]),
    ]
