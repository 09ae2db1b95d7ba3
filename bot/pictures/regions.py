"""The regions that a figure can show at work, as shapes that lie over the skin like the muscles below it."""

from collections.abc import Callable, Mapping

import numpy as np

from bot.domain.body import PAIRS, SIDES, Side
from bot.pictures.limbs import sign
from bot.pictures.skeleton import Skeleton
from bot.pictures.space import RIGHT, Array, across, unit, vector
from bot.pictures.volumes import Ellipsoid, Trunk, ball, ellipsoid

Region = list[Ellipsoid]  # each wrapped with the next; a single one alone

# Bone, cm in front of it, cm aside, radius.
Strip = tuple[tuple[int, float, float, float], ...]
LUMBAR: Strip = tuple((bone, -1.6, 0, 3.6 if bone in (0, 4) else 4.2) for bone in range(5))
THORACIC: Strip = ((5, -1.2, 0, 3.8), (6, -1.2, 0, 4.6), (7, -1.2, 0, 4.6), (8, -1.2, 0, 3.8))
ABS: Strip = ((0, 11.3, 0, 3.0), (2, 9.6, 0, 3.2), (4, 10.6, 0, 3.2), (5, 11.6, 0, 3.0))
FLANK: Strip = ((1, 3.8, 9.6, 3.8), (3, 3.8, 9.4, 4.2), (5, 4.8, 10.2, 3.8))


def regions_of(name: str) -> list[tuple[str, Side | None]]:
    """The single regions of a name: a pair has two."""
    if name in PAIRS:
        return [(PAIRS[name], side) for side in SIDES]
    for side in SIDES:
        if name.endswith(f"_{side}"):
            return [(name.removesuffix(f"_{side}"), side)]
    return [(name, None)]


def region(skeleton: Skeleton, trunk: Trunk, name: str, side: Side | None) -> Region:
    """Where it lies."""
    if side is None:
        return _strip(skeleton, MIDDLES[name], 1)
    if name == "side":
        return _strip(skeleton, FLANK, sign(side))
    if name == "glute":
        middle = trunk[f"glute_{side}"].middle + skeleton.pelvis @ vector(-0.8, 0.4, 0)
        return [ellipsoid(middle, skeleton.pelvis, 6.6, 7.4, 6.6)]
    return LEGS[name](skeleton, side)


MIDDLES: Mapping[str, Strip] = {"lumbar": LUMBAR, "thoracic": THORACIC, "abs": ABS}


def _strip(skeleton: Skeleton, strip: Strip, side: int) -> Region:
    return [
        ball(skeleton.spine[bone] + skeleton.bones[bone] @ vector(ahead, 0, aside * side), radius)
        for bone, ahead, aside, radius in strip
    ]


def _hip_side(skeleton: Skeleton, side: Side) -> Region:
    """The small muscles that hold the pelvis level."""
    hip, pelvis, out = skeleton[f"{side}_hip"], skeleton.pelvis, sign(side)
    return [
        ball(hip + pelvis @ vector(-1, 6.5, 3.6 * out), 3.2),
        ball(hip + pelvis @ vector(-1, 1.5, 4.8 * out), 3.6),
        ball(hip + pelvis @ vector(-0.5, -4, 4.6 * out), 2.6),
    ]


def _hip_front(skeleton: Skeleton, side: Side) -> Region:
    """From the front of the pelvis to the top of the thigh."""
    hip, pelvis = skeleton[f"{side}_hip"], skeleton.pelvis
    thigh = unit(skeleton[f"{side}_knee"] - hip)
    front = unit(across(pelvis @ RIGHT, thigh))
    return [
        ball(hip + pelvis @ vector(7.4, 5.0, 0), 2.8),
        ball(hip + front * 6.4 + thigh * 3, 3.2),
        ball(hip + front * 5.4 + thigh * 12, 3.0),
    ]


def _quad(skeleton: Skeleton, side: Side) -> Region:
    hip, thigh, front = _thigh(skeleton, side)
    return [
        ball(hip + thigh * 9 + front * 3.2, 4.4),
        ball(hip + thigh * 20 + front * 3.0, 4.6),
        ball(hip + thigh * 32 + front * 2.0, 3.4),
    ]


def _hamstring(skeleton: Skeleton, side: Side) -> Region:
    hip, thigh, front = _thigh(skeleton, side)
    return [
        ball(hip + thigh * 10 - front * 4.0, 3.6),
        ball(hip + thigh * 22 - front * 3.4, 3.8),
        ball(hip + thigh * 33 - front * 2.0, 3.0),
    ]


def _thigh(skeleton: Skeleton, side: Side) -> tuple[Array, Array, Array]:
    """Its upper end, its direction, and its front: where the knee bends to."""
    hip, knee, ankle = (skeleton[f"{side}_{name}"] for name in ("hip", "knee", "ankle"))
    thigh, shin = unit(knee - hip), unit(ankle - knee)
    back = across(shin, thigh)
    front = -unit(back) if np.linalg.norm(back) > 0.1 else skeleton.pelvis @ RIGHT
    return hip, thigh, front


def _calf(skeleton: Skeleton, side: Side) -> Region:
    knee, ankle = skeleton[f"{side}_knee"], skeleton[f"{side}_ankle"]
    shin = unit(ankle - knee)
    front = unit(across(skeleton[f"{side}_toe"] - skeleton[f"{side}_heel"], shin))
    return [
        ball(knee + shin * 7 - front * 2.6, 3.2),
        ball(knee + shin * 14 - front * 2.6, 3.4),
        ball(knee + shin * 23 - front * 1.6, 2.4),
    ]


LEGS: Mapping[str, Callable[[Skeleton, Side], Region]] = {
    "hip_side": _hip_side,
    "hip_front": _hip_front,
    "quad": _quad,
    "hamstring": _hamstring,
    "calf": _calf,
}
ON_LEGS = frozenset({*LEGS, "glute"})  # shown over the legs, too, where these are in front
