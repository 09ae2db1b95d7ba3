"""Hands: open, with a thumb, or closed around what they hold."""

import numpy as np

from bot.domain.body import Palm, Side
from bot.pictures.limbs import sign
from bot.pictures.skeleton import Skeleton
from bot.pictures.space import DOWN, LEFT, NEAR, RIGHT, Array, across, unit
from bot.pictures.volumes import Ellipsoid, ball

GRIP = 6.2  # cm from the wrist to the middle of a closed hand
ON_TRUNK = 19.0  # cm from the spine to a hand that lies on the trunk
BENT_UP = 2.0  # cm that the middle of a hand bearing weight lies below its wrist


def grip_point(skeleton: Skeleton, side: Side) -> Array:
    """Where a hand holds something."""
    wrist, fingers = skeleton[f"{side}_wrist"], skeleton.limbs[side, "arm"].directions[2]
    return np.asarray(wrist + fingers * GRIP)


def hand_volumes(skeleton: Skeleton, side: Side, *, holds: bool) -> list[list[Ellipsoid]]:
    """The hulls of a hand."""
    wrist, limb = skeleton[f"{side}_wrist"], skeleton.limbs[side, "arm"]
    fingers = limb.directions[2]
    palm = _palm(skeleton, side, fingers, limb.palm)
    thumb = np.cross(fingers, palm) * sign(
        side
    )  # an open right hand, palm down, has it on its left
    if holds:
        return _closed(wrist, fingers, palm, thumb)
    sunk = DOWN * BENT_UP if limb.palm is Palm.FLOOR else DOWN * 0
    return _open(wrist, fingers, thumb, sunk)


def _palm(skeleton: Skeleton, side: Side, fingers: Array, palm: Palm | None) -> Array:
    """Where the palm looks: at what it rests on, at the trunk, or inward, as of arms that hang."""
    if palm is Palm.WALL:
        ahead = skeleton[f"{side}_wrist"][0] > skeleton[f"{side}_shoulder"][0]
        wanted = [RIGHT if ahead else LEFT, DOWN]
    elif palm is not None:
        wanted = [DOWN, LEFT]
    elif (trunk := _nearest_bone(skeleton, side)) is not None:
        wanted = [trunk, DOWN]
    else:
        inward = skeleton.chest @ (NEAR * -sign(side))
        wanted = [inward, skeleton.chest @ DOWN]
    square = across(wanted[0], fingers)
    if np.linalg.norm(square) < 0.3:  # the hand points there itself
        square = across(wanted[1], fingers)
    return unit(square)


def _nearest_bone(skeleton: Skeleton, side: Side) -> Array | None:
    """The way from the hand to the spine, where it is near."""
    hand = skeleton[f"{side}_tip"]
    ways = [bone - hand for bone in skeleton.spine]
    nearest = min(ways, key=lambda way: float(np.linalg.norm(way)))
    return unit(nearest) if np.linalg.norm(nearest) < ON_TRUNK else None


def _open(wrist: Array, fingers: Array, thumb: Array, sunk: Array) -> list[list[Ellipsoid]]:
    knuckles = [
        ball(wrist + fingers * 7.6 + thumb * 2.4 + sunk, 1.9),
        ball(wrist + fingers * 7.0 - thumb * 2.5 + sunk, 1.8),
    ]
    tips = [
        ball(wrist + fingers * 14.0 + thumb * 1.0 + sunk * 1.1, 1.25),
        ball(wrist + fingers * 12.4 - thumb * 2.2 + sunk * 1.1, 1.15),
    ]
    root = ball(wrist + fingers * 2.6 + thumb * 1.8 + sunk * 0.6, 1.8)
    return [
        [ball(wrist + sunk * 0.3, 2.4), *knuckles],
        [*knuckles, *tips],
        [root, ball(wrist + fingers * 6.4 + thumb * 4.6 + sunk, 1.25)],
        [
            ball(wrist + fingers * 6.4 + thumb * 4.6 + sunk, 1.25),
            ball(wrist + fingers * 9.2 + thumb * 5.0 + sunk, 1.0),
        ],
    ]


def _closed(wrist: Array, fingers: Array, palm: Array, thumb: Array) -> list[list[Ellipsoid]]:
    middle = wrist + fingers * GRIP
    fist = [
        ball(middle + thumb * 2.2 - palm * 0.6, 2.5),
        ball(middle - thumb * 2.4 - palm * 0.6, 2.4),
        ball(middle + thumb * 1.8 + palm * 1.4 + fingers * 1.2, 2.2),
        ball(middle - thumb * 2.0 + palm * 1.4 + fingers * 1.0, 2.1),
    ]
    return [
        [ball(wrist, 2.4), *fist[:2]],
        fist,
        [
            ball(middle + thumb * 3.2 - fingers * 1.6, 1.5),
            ball(middle + thumb * 3.6 + palm * 2.2, 1.3),
        ],
    ]
