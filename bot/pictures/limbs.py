"""From what an author says of a limb to where its bones point."""

import math
from dataclasses import replace
from functools import singledispatch

import numpy as np

from bot.domain.body import (
    AimedArm,
    AimedLeg,
    Arm,
    Direction,
    Leg,
    Palm,
    PlacedArm,
    PlacedLeg,
    Side,
    Sole,
    Spot,
    TurnedArm,
    TurnedLeg,
    three,
)
from bot.pictures.skeleton import (
    ANKLE,
    FOREARM,
    HIP_ASIDE,
    SHIN,
    SHOULDER_ASIDE,
    THIGH,
    UPPER_ARM,
    Limb,
    Skeleton,
    turned_limb,
)
from bot.pictures.space import DOWN, LEFT, RIGHT, UP, Array, about_z, across, towards, unit, vector

# The wrist above the point where a hand rests: on its palm, or on its edge.
WRIST = {Palm.FLOOR: 4.2, Palm.LIE: 2.9}
WALL_WRIST = 2.5  # and in front of it, of a hand against a wall
ELBOW = (-0.7, -0.2, 0.7)  # where an elbow points by itself: back, a little down, and out
KNEE = (1.0, 0.15, 0.12)
SLACK = 0.3  # cm by which a limb is never quite folded
REACH = 0.9995  # of its length, to which a limb is stretched at most


def sign(side: Side) -> int:
    return 1 if side == "right" else -1


def in_depth(limb: Arm | Leg, side: Side) -> Arm | Leg:
    """The same, a place of two numbers at the limb's own distance from the middle."""
    if isinstance(limb, PlacedArm) and isinstance(limb.hand, tuple) and len(limb.hand) == 2:
        return replace(limb, hand=(*limb.hand, SHOULDER_ASIDE * sign(side)))
    if isinstance(limb, PlacedLeg) and isinstance(limb.foot, tuple) and len(limb.foot) == 2:
        return replace(limb, foot=(*limb.foot, HIP_ASIDE * sign(side)))
    return limb


def waits(limb: Arm | Leg) -> bool:
    """Whether it can only be solved when the body is where it belongs."""
    return isinstance(limb, PlacedArm | PlacedLeg)


@singledispatch
def limb_of(told: Arm | Leg, skeleton: Skeleton, side: Side) -> Limb:
    """Where the bones of a limb point."""
    raise TypeError(told)


@limb_of.register
def _(told: TurnedArm, skeleton: Skeleton, side: Side) -> Limb:
    upper = turned_limb(skeleton.chest, sign(side), three(told.shoulder))
    fore = upper @ about_z(told.elbow)
    hand = fore @ about_z(told.wrist)
    return Limb(directions=(upper @ DOWN, fore @ DOWN, hand @ DOWN), fist=told.fist)


@limb_of.register
def _(told: AimedArm, skeleton: Skeleton, side: Side) -> Limb:
    upper = towards(told.upper)
    fore = upper if told.fore is None else towards(told.fore)
    hand = fore if told.fingers is None else towards(told.fingers)
    return Limb(directions=(upper, fore, hand), fist=told.fist)


@limb_of.register
def _(told: PlacedArm, skeleton: Skeleton, side: Side) -> Limb:
    root = skeleton[f"{side}_shoulder"]
    if isinstance(told.hand, Spot):
        wrist = skeleton.spot(told.hand.part, told.hand.at)
    else:
        wrist = np.array(told.hand, float)
    if told.palm is Palm.WALL:
        wrist = wrist - (RIGHT if wrist[0] > root[0] else LEFT) * WALL_WRIST
    elif told.palm is not None:
        wrist = wrist + UP * WRIST[told.palm]
    if told.bend_body is not None:
        bend = skeleton.chest @ vector(*told.bend_body)
    elif told.bend is not None:
        bend = towards(told.bend)
    else:
        front, up, out = ELBOW
        bend = skeleton.chest @ vector(front, up, out * sign(side))
    upper, fore, short = two_bones(root, wrist, UPPER_ARM, FOREARM, bend)
    fingers = fore
    if told.fingers is not None:
        fingers = towards(told.fingers)
    elif told.fingers_body is not None:
        fingers = unit(skeleton.chest @ vector(*told.fingers_body))
    fixed = not isinstance(told.hand, Spot)
    directions = (upper, fore, fingers)
    return Limb(directions=directions, short=short, fixed=fixed, palm=told.palm, fist=told.fist)


@limb_of.register
def _(told: TurnedLeg, skeleton: Skeleton, side: Side) -> Limb:
    thigh = turned_limb(skeleton.pelvis, sign(side), three(told.hip))
    shin = thigh @ about_z(-told.knee)
    foot = shin @ about_z(told.ankle)
    return Limb(directions=(thigh @ DOWN, shin @ DOWN, foot @ RIGHT), normal=foot @ UP)


@limb_of.register
def _(told: AimedLeg, skeleton: Skeleton, side: Side) -> Limb:
    thigh = towards(told.thigh)
    shin = thigh if told.shin is None else towards(told.shin)
    toes, normal = _free_foot(skeleton, shin, told.toes, told.ankle)
    return Limb(directions=(thigh, shin, toes), normal=normal)


@limb_of.register
def _(told: PlacedLeg, skeleton: Skeleton, side: Side) -> Limb:
    root = skeleton[f"{side}_hip"]
    if isinstance(told.foot, Spot):
        sole = skeleton.spot(told.foot.part, told.foot.at)
    else:
        sole = np.array(told.foot, float)
    front, up, out = KNEE
    bend = (
        towards(told.bend)
        if told.bend is not None
        else skeleton.pelvis @ vector(front, up, out * sign(side))
    )
    thigh, shin, short = two_bones(root, sole + UP * ANKLE, THIGH, SHIN, bend)
    if told.pitch is not None:
        toes, normal = _pitched_foot(skeleton, shin, told.pitch)
    elif told.sole is Sole.FLAT:
        _, front_of_shin = _shin_frame(skeleton, shin)
        toes, normal = unit(vector(front_of_shin[0], 0, front_of_shin[2])), UP
        if told.toes is not None:
            toes = towards(told.toes)
    else:
        toes, normal = _free_foot(skeleton, shin, told.toes, told.ankle)
    fixed = not isinstance(told.foot, Spot)
    return Limb(directions=(thigh, shin, toes), normal=normal, short=short, fixed=fixed)


def two_bones(
    root: Array, target: Array, first: float, second: float, bend: Array
) -> tuple[Array, Array, float]:
    """The directions of two bones to a target, their joint toward `bend`; and how far they fall short."""
    way = target - root
    distance = float(np.linalg.norm(way))
    length = min(max(distance, abs(first - second) + SLACK), (first + second) * REACH)
    ahead = unit(way)
    along = (first**2 - second**2 + length**2) / (2 * length)
    aside = math.sqrt(max(first**2 - along**2, 0))
    joint = root + ahead * along + unit(across(bend, ahead)) * aside
    return unit(joint - root), unit(root + ahead * length - joint), distance - length


def _shin_frame(skeleton: Skeleton, shin: Array) -> tuple[Array, Array]:
    """Up along the shin, and its front."""
    up = -shin
    right = unit(across(skeleton.pelvis @ vector(0, 0, 1), up))
    return up, np.cross(up, right)


def _pitched_foot(skeleton: Skeleton, shin: Array, pitch: float) -> tuple[Array, Array]:
    """Toes lifted by so much from the floor, or the heel."""
    _, front = _shin_frame(skeleton, shin)
    ahead = unit(vector(front[0], 0, front[2]))
    c, s = math.cos(math.radians(pitch)), math.sin(math.radians(pitch))
    return ahead * c + UP * s, UP * c - ahead * s


def _free_foot(
    skeleton: Skeleton, shin: Array, toes: Direction | None, ankle: float
) -> tuple[Array, Array]:
    """A foot that goes with its shin, or whose toes are told; and where its sole looks away from."""
    up, front = _shin_frame(skeleton, shin)
    if toes is None:
        c, s = math.cos(math.radians(ankle)), math.sin(math.radians(ankle))
        return c * front + s * up, c * up - s * front
    ahead = towards(toes)
    across_shin = abs(float(up @ ahead)) < 0.95
    return ahead, unit(across(up if across_shin else front, ahead))
