"""The mannequin in a pose, and on the way between two.

A body is solved in one order: trunk, limbs that need no place, its place (`anchor`), the angles that are
turned until something rests on the floor (`touch`), limbs that are placed. On the way between two poses the
same is done with numbers in between, so that a foot that rests in both stays where it is; any other limb
swings on arcs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from typing import Any, TypeVar

from bot.domain.body import Arm, Leg, Point, Pose, Side, Spot, Trunk, TurnedArm, TurnedLeg
from bot.domain.look import Build
from bot.pictures.limbs import in_depth, limb_of, waits
from bot.pictures.skeleton import LIMBS, Limb, LimbKey, Skeleton, trunk_of
from bot.pictures.space import DOWN, LEFT, swung, unit, vector
from bot.pictures.volumes import SHAPES, Shape, skin

NEAR = 8.0  # cm that a resting hand or foot may move along the floor from pose to pose
SEARCH, STEP, FAR = 12, 2.0, 12.0  # turns of a search, its first step, its longest, in degrees
RESTS = 0.02  # cm above the floor

Way = Callable[[Skeleton], Limb]  # how a limb is found, once the trunk is there
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Ways:
    """How all limbs are found."""

    before: Mapping[LimbKey, Way]  # the body has its place
    after: Mapping[LimbKey, Way]


@dataclass(frozen=True, slots=True)
class Solved:
    """A pose with the angles that `touch` found, and its bones."""

    pose: Pose
    skeleton: Skeleton


class Mannequin:
    """One body, solved in whatever pose; what was solved is kept."""

    def __init__(self, poses: Mapping[str, Pose], build: Build) -> None:
        self.shape = SHAPES[build]
        self._poses = {
            name: replace(
                pose, limbs={key: in_depth(limb, key[0]) for key, limb in pose.limbs.items()}
            )
            for name, pose in poses.items()
        }
        self._solved: dict[str, Solved] = {}

    def at(self, name: str) -> Skeleton:
        """In a pose."""
        return self._solve(name).skeleton

    def between(self, start: str, end: str, share: float) -> Skeleton:
        """On the way from one pose to another, 0 to 1."""
        if share <= 0 or start == end:
            return self.at(start)
        if share >= 1:
            return self.at(end)
        one, other = self._solve(start), self._solve(end)
        touch = one.pose.touch if one.pose.touch == other.pose.touch else {}
        pose = replace(
            one.pose,
            trunk=blend(one.pose.trunk, other.pose.trunk, share),
            at=blend(one.pose.at, other.pose.at, share),
            touch=touch,
        )
        return _touching(pose, _ways_between(one, other, share), self.shape).skeleton

    def _solve(self, name: str) -> Solved:
        if name not in self._solved:
            pose = self._poses[name]
            self._solved[name] = _touching(pose, _ways(pose), self.shape)
        return self._solved[name]


def _ways(pose: Pose) -> Ways:
    """As a pose tells them."""
    before: dict[LimbKey, Way] = {}
    after: dict[LimbKey, Way] = {}
    for key, told in pose.limbs.items():
        (after if waits(told) else before)[key] = partial(_told, told=told, side=key[0])
    return Ways(before, after)


def _told(skeleton: Skeleton, told: Arm | Leg, side: Side) -> Limb:
    return limb_of(told, skeleton, side)


def _ways_between(one: Solved, other: Solved, share: float) -> Ways:
    before: dict[LimbKey, Way] = {}
    after: dict[LimbKey, Way] = {}
    for key in LIMBS:
        start, end = one.pose.limbs[key], other.pose.limbs[key]
        if _blends(start, end):
            told = blend(start, end, share)
            (after if waits(told) else before)[key] = partial(_told, told=told, side=key[0])
        else:
            limb = _swung(one.skeleton.limbs[key], other.skeleton.limbs[key], share)
            before[key] = partial(_given, limb=limb)
    return Ways(before, after)


def _given(_: Skeleton, limb: Limb) -> Limb:
    return limb


def _blends(start: Arm | Leg, end: Arm | Leg) -> bool:
    """Whether numbers in between say where it is: joints do, and what stays where it rests."""
    if type(start) is not type(end):
        return False
    if not waits(start):
        return isinstance(start, TurnedArm | TurnedLeg)
    here, there = _place(start), _place(end)
    if isinstance(here, Spot) or isinstance(there, Spot):
        return isinstance(here, Spot) and isinstance(there, Spot) and here.part is there.part
    if _ground(start) != _ground(end):
        return False
    glides = bool(getattr(start, "glide", False) and getattr(end, "glide", False))
    apart = sum((a - b) ** 2 for a, b in zip(here, there, strict=False)) ** 0.5
    return glides or apart < NEAR


def _place(limb: Arm | Leg) -> Point | Spot:
    place: Point | Spot = getattr(limb, "hand", None) or getattr(limb, "foot")  # noqa: B009
    return place


def _ground(limb: Arm | Leg) -> object:
    return getattr(limb, "palm", None) or getattr(limb, "sole", None)


def _swung(start: Limb, end: Limb, share: float) -> Limb:
    """Each bone on its own arc; nothing is held."""
    upper, fore, tip = (
        swung(a, b, share) for a, b in zip(start.directions, end.directions, strict=True)
    )
    normal = None
    if start.normal is not None and end.normal is not None:
        normal = unit(swung(start.normal, end.normal, share))
    nearer = start if share < 0.5 else end
    return Limb(directions=(upper, fore, tip), normal=normal, palm=nearer.palm, fist=nearer.fist)


def blend(start: Value, end: Value, share: float) -> Value:
    """What lies between two values of one kind: numbers in between, and all else from the nearer end."""
    if is_dataclass(start) and type(start) is type(end):
        between = {
            f.name: blend(getattr(start, f.name), getattr(end, f.name), share)
            for f in fields(start)
        }
        return replace(start, **between)  # type: ignore[type-var]
    if start is None or end is None:
        return start if end is None else end
    if isinstance(start, tuple) and isinstance(end, tuple) and len(start) == len(end):
        pairs = zip(start, end, strict=True)
        return tuple(blend(a, b, share) for a, b in pairs)  # type: ignore[return-value]
    if _number(start) and _number(end):
        return start + (end - start) * share  # type: ignore[operator, no-any-return]
    return start if share < 0.5 else end


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# In its place.


def _touching(pose: Pose, ways: Ways, shape: Shape) -> Solved:
    """With every angle of `touch` turned until its point rests on the floor (a secant search)."""
    skeleton = _placed(pose, ways, shape)
    for point, angle in pose.touch.items():
        start = _angle(pose.trunk, angle)
        height = float(skin(skeleton, shape, point)[1])
        turned = start + STEP
        for _ in range(SEARCH if abs(height) >= RESTS else 0):
            pose = replace(pose, trunk=_turned(pose.trunk, angle, turned))
            skeleton = _placed(pose, ways, shape)
            now = float(skin(skeleton, shape, point)[1])
            if abs(now) < RESTS or abs(now - height) < 1e-9:
                break
            step = now * (turned - start) / (now - height)
            start, height = turned, now
            turned -= max(-FAR, min(FAR, step))
    return Solved(pose, skeleton)


def _angle(trunk: Trunk, name: str) -> float:
    value = getattr(trunk, name)
    return float(value[0]) if isinstance(value, tuple) else float(value)


def _turned(trunk: Trunk, name: str, angle: float) -> Trunk:
    value = getattr(trunk, name)
    turned: Any = (angle, *value[1:]) if isinstance(value, tuple) else angle
    return replace(trunk, **{name: turned})


def _placed(pose: Pose, ways: Ways, shape: Shape) -> Skeleton:
    skeleton = trunk_of(pose.trunk)
    for key, way in ways.before.items():
        skeleton.attach(key, way(skeleton))
    side = LEFT if pose.at_wall else DOWN
    here = skin(skeleton, shape, pose.anchor, side)
    there = vector(pose.at[0], pose.at[1], pose.at[2] if len(pose.at) == 3 else here[2])
    if pose.anchor == "pelvis" and len(pose.at) == 2:
        there = vector(pose.at[0], pose.at[1], 0)
    skeleton.move(there - here)
    for key, way in ways.after.items():
        skeleton.attach(key, way(skeleton))
    return skeleton
