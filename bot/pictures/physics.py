"""What a body can't do, and what an exercise promises: looked for all through its cycle, in every build.

A picture that passes may still show a poor movement. Somebody has to look.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bot.domain.body import SIDES, Side, Vector
from bot.domain.figure import Expect, Figure
from bot.domain.look import Build
from bot.domain.things import Block, Chair
from bot.pictures.mannequin import Mannequin
from bot.pictures.skeleton import LIMBS, Skeleton
from bot.pictures.space import DOWN, LEFT, NEAR, RIGHT, Array, across, unit, vector
from bot.pictures.volumes import (
    Ellipsoid,
    Shape,
    arm_volumes,
    leg_volumes,
    skin,
    skin_radius,
    trunk_volumes,
)

SAMPLES = {Build.SLIM: 9, Build.BROAD: 5}  # of a movement; the second body is only wider
SHORT = 0.6  # cm that a limb may miss its place by
DEEP = 1.0  # cm that flesh gives way on a floor or a wall
SOFT = 2.5  # cm that it gives way on a seat
OFF = 0.8  # cm that a contact may be off the floor
KNEE, ELBOW = 6.0, 12.0  # degrees from which a joint is bent at all
HIP = (-24.0, 125.0)  # flexion
ELBOW_MOST, KNEE_MOST = 150.0, 150.0
WITHIN = 2.6  # cm that a forearm or a hand may sink into the trunk
ALONG = (0.0, 0.35, 0.7, 1.0)  # where a bone is looked at
JUMP = 9.0  # cm that a joint may move within one sample beyond what it moves in the next ones
# Flexion, bend to the side, turn: what spine and neck of an ordinary adult allow, rounded (our judgement).
RANGES = {
    "lumbar": ((-18, 45), (-20, 20), (-10, 10)),
    "thoracic": ((-20, 30), (-20, 20), (-45, 45)),
    "neck": ((-50, 50), (-35, 35), (-70, 70)),
}
BENDS = ("flexion", "bend to the side", "turn")
MOVES = {  # axis and sign
    "up": (1, 1), "down": (1, -1), "right": (0, 1), "left": (0, -1), "near": (2, 1), "far": (2, -1)
}  # fmt: skip
LOW = ("knee", "heel", "ball", "toe", "elbow", "wrist")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, in which movement: from where, to where, how far on the way."""

    start: str
    end: str
    share: float
    words: str

    def __str__(self) -> str:
        where = self.start
        if self.start != self.end:
            where = f"{self.start} to {self.end}, {self.share:.0%} of the way"
        return f"{where}: {self.words}"


def troubles(figure: Figure) -> list[Trouble]:
    """Everything that is wrong with a figure, each thing once for each movement, where it is worst seen."""
    found = [*_ranges(figure)]
    for build in Build:
        man = Mannequin(figure.poses, build)
        found += _expected(figure, man)
        found += _moving(figure, man, SAMPLES[build])
    kept: dict[tuple[str, str, str], list[Trouble]] = {}
    for one in found:
        kind = " ".join(word for word in one.words.split() if not any(c.isdigit() for c in word))
        kept.setdefault((one.start, one.end, kind), []).append(one)
    return [alike[len(alike) // 2] for alike in kept.values()]


def _ranges(figure: Figure) -> Iterator[Trouble]:
    for name, pose in figure.poses.items():
        for part, limits in RANGES.items():
            for told, (low, high), bend in zip(
                getattr(pose.trunk, part), limits, BENDS, strict=True
            ):
                if not low <= told <= high:
                    yield Trouble(name, name, 0, f"{part} {bend} of {told:g} is out of range")


def _expected(figure: Figure, man: Mannequin) -> Iterator[Trouble]:
    for one in figure.expect:
        moved = _moved(one, man)
        if moved < one.min:
            words = f"{one.point} should move {one.moves} by {one.min:g} cm, and moves {moved:.1f}"
            yield Trouble(one.start, one.end, 1, words)


def _moved(one: Expect, man: Mannequin) -> float:
    start, end = (_point(man, man.at(pose), one.point) for pose in (one.start, one.end))
    axis, sign = MOVES[one.moves]
    return float((end - start)[axis]) * sign


def _point(man: Mannequin, skeleton: Skeleton, name: str) -> Array:
    return skeleton[name] if name in skeleton.points else skin(skeleton, man.shape, name)


def _moving(figure: Figure, man: Mannequin, samples: int) -> Iterator[Trouble]:
    at = figure.start
    for move in figure.cycle:
        if not move.stays:
            shares = np.linspace(0, 1, samples)
            seen = [man.between(at, move.to, float(share)) for share in shares]
            for share, skeleton in zip(shares, seen, strict=True):
                for words in _impossible(figure, skeleton, man.shape):
                    yield Trouble(at, move.to, float(share), words)
            yield from _jumps(at, move.to, seen)
        at = move.to


def _impossible(figure: Figure, skeleton: Skeleton, shape: Shape) -> Iterator[str]:
    yield from _limbs(skeleton)
    yield from _through_trunk(skeleton, shape)
    yield from _on_floor(figure, skeleton, shape)
    flesh = [*trunk_volumes(skeleton, shape).values()]
    if figure.props.wall is not None:
        toward = LEFT if figure.props.wall.side == "left" else RIGHT
        inside = max(one.reach(toward) for one in flesh) - figure.props.wall.x * float(toward[0])
        if inside > DEEP:
            yield f"the trunk is {inside:.1f} cm inside the wall"
    if figure.props.chair is not None:
        yield from _in_chair(figure.props.chair, skeleton, shape, flesh)
    if figure.props.block is not None:
        yield from _in_block(figure.props.block, skeleton, shape, flesh)


# Joints.


def _limbs(skeleton: Skeleton) -> Iterator[str]:
    for key in LIMBS:
        side, kind = key
        limb = skeleton.limbs[key]
        if limb.short > SHORT:
            yield f"the {side} {kind} can't reach its place by {limb.short:.1f} cm"
        first, second, _ = limb.directions
        angle = math.degrees(math.acos(float(np.clip(first @ second, -1, 1))))
        if kind == "leg":
            yield from _leg(skeleton, side, angle)
        elif angle > ELBOW_MOST:
            yield f"the {side} elbow is bent by {angle:.0f} degrees"
        elif angle > ELBOW and _elbow_back(skeleton, side):
            yield f"the {side} elbow bends the wrong way, by {angle:.0f} degrees"


def _leg(skeleton: Skeleton, side: Side, angle: float) -> Iterator[str]:
    thigh, shin, _ = skeleton.limbs[side, "leg"].directions
    right = skeleton.pelvis @ NEAR
    if float(np.cross(thigh, shin) @ right) > 0 and angle > KNEE and abs(thigh @ right) < 0.8:
        yield f"the {side} knee bends backwards by {angle:.0f} degrees"
    if angle > KNEE_MOST:
        yield f"the {side} knee is bent by {angle:.0f} degrees"
    if abs(float(thigh @ right)) < 0.8:
        front, up = skeleton.pelvis[:, 0], skeleton.pelvis[:, 1]
        flexion = math.degrees(math.atan2(float(thigh @ front), -float(thigh @ up)))
        if not HIP[0] <= flexion <= HIP[1]:
            yield f"the {side} hip is bent by {flexion:.0f} degrees"


def _elbow_back(skeleton: Skeleton, side: Side) -> bool:
    """The forearm goes to where a shoulder can't turn the elbow's inside.

    Its crease can look forward, inward, up or out: only not straight back while the upper arm hangs or
    reaches forward. With the arm behind the body or overhead the shoulder's turn allows all.
    """
    upper, fore, _ = skeleton.limbs[side, "arm"].directions
    chest = skeleton.chest
    bent_to = unit(across(fore, upper))
    if float(upper @ (chest @ RIGHT)) < -0.35 or float(upper @ (chest @ vector(0, 1, 0))) > 0.3:
        return False
    outward = chest @ (NEAR * (1 if side == "right" else -1))
    ways = chest @ vector(-1, 0, 0)
    back = across(ways, upper)
    if np.linalg.norm(back) < 0.5:  # the arm reaches forward: its crease can't look straight down
        back = across(chest @ DOWN, upper)
    return float(bent_to @ unit(back)) > 0.8 and float(bent_to @ outward) < 0.5


def _through_trunk(skeleton: Skeleton, shape: Shape) -> Iterator[str]:
    """Forearms and shins keep out of the trunk; a hand may lie on it."""
    trunk = trunk_volumes(skeleton, shape)
    inner = [one for name, one in trunk.items() if not name.startswith(("cap", "glute", "ear"))]
    bones = {
        f"{side} {name}": (skeleton[f"{side}_{start}"], skeleton[f"{side}_{end}"])
        for side in SIDES
        for name, start, end in (("forearm", "elbow", "wrist"), ("shin", "knee", "ankle"))
    }
    points = np.array(
        [start + (end - start) * share for start, end in bones.values() for share in ALONG]
    )
    deepest = _depths(inner, points).max(0).reshape(len(bones), len(ALONG)).max(1)
    for name, depth in zip(bones, deepest, strict=True):
        if depth > WITHIN:
            yield f"the {name} goes {depth:.1f} cm into the trunk"


def _depths(ellipsoids: Sequence[Ellipsoid], points: Array) -> Array:
    """How far inside each ellipsoid (rows) each point (columns) is, away from its middle; 0 outside."""
    axes = np.array([one.axes for one in ellipsoids])
    apart = points[None] - np.array([one.middle for one in ellipsoids])[:, None]
    local = np.einsum("eij,epj->epi", np.linalg.inv(axes), apart)
    share = np.linalg.norm(local, axis=2)  # 1 on the skin
    radius = np.linalg.norm(apart, axis=2) / np.maximum(share, 1e-9)
    least = np.linalg.norm(axes, axis=1).min(1)[:, None]  # where there is no way out to measure
    radius = np.where(share < 1e-6, least, radius)
    return np.asarray(radius * np.clip(1 - share, 0, None))


# Things.


def _on_floor(figure: Figure, skeleton: Skeleton, shape: Shape) -> Iterator[str]:
    lowest = [(-one.reach(DOWN), name) for name, one in trunk_volumes(skeleton, shape).items()]
    lowest += [
        (
            float(skeleton[f"{side}_{name}"][1]) - skin_radius(f"{side}_{name}", shape),
            f"{side} {name}",
        )
        for side in SIDES
        for name in LOW
    ]
    height, name = min(lowest)
    if height < -DEEP:
        yield f"{name} is {-height:.1f} cm below the floor"
    for contact in figure.contacts:
        above = float(skin(skeleton, shape, contact)[1])
        if abs(above) > OFF:
            yield f"{contact} should rest on the floor, and is {above:+.1f} cm off"


Box = tuple[Vector, Vector]


def _in_chair(
    chair: Chair, skeleton: Skeleton, shape: Shape, flesh: Sequence[Ellipsoid]
) -> Iterator[str]:
    x, back = chair.x, chair.x - 19.5 * chair.facing
    seat = ((x - 21, chair.seat - 4, -21), (x + 21, chair.seat, 21))
    yield from _in_box("seat", seat, skeleton, shape, flesh)
    if chair.back:
        box = ((back - 1.5, chair.seat, -20), (back + 1.5, chair.seat + 42, 20))
        yield from _in_box("chair's back", box, skeleton, shape, flesh)


def _in_block(
    block: Block, skeleton: Skeleton, shape: Shape, flesh: Sequence[Ellipsoid]
) -> Iterator[str]:
    half = block.w / 2
    box = ((block.x - half, 0, -11), (block.x + half, block.h - SOFT, 11))
    yield from _in_box("block", box, skeleton, shape, flesh)


def _in_box(
    name: str, box: Box, skeleton: Skeleton, shape: Shape, flesh: Sequence[Ellipsoid]
) -> Iterator[str]:
    """Flesh inside a thing: of each ellipsoid, by how much its middle and its size overlap with the box."""
    low, high = np.array(box[0]), np.array(box[1])
    limbs = [
        one
        for side in SIDES
        for _, hull in (*leg_volumes(skeleton, shape, side), *arm_volumes(skeleton, shape, side))
        for one in hull
    ]
    every = (*flesh, *limbs)
    nearest = np.clip(np.array([one.middle for one in every]), low, high)
    inside = max(
        float(_depths([one], point[None])[0, 0]) for one, point in zip(every, nearest, strict=True)
    )
    if inside > SOFT:
        yield f"the body is {inside:.1f} cm inside the {name}"


# From picture to picture.


def _jumps(start: str, end: str, seen: Sequence[Skeleton]) -> Iterator[Trouble]:
    """A joint that moves much farther between two samples than between others: a clip would jerk."""
    for name in seen[0].points:
        steps = [float(np.linalg.norm(b[name] - a[name])) for a, b in pairwise(seen)]
        usual = float(np.median(steps))
        worst = int(np.argmax(steps))
        if steps[worst] > JUMP + 2.5 * usual:
            share = (worst + 1) / (len(seen) - 1)
            yield Trouble(start, end, share, f"{name} jumps by {steps[worst]:.0f} cm")
