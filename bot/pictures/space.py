"""Directions and turns in three dimensions: x to the right, y up, z toward the viewer; angles in degrees.

A body's frame has its front, its upward direction and its right as columns.
"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.domain.body import Direction

Array: TypeAlias = NDArray[np.float64]

STRAIGHT, OPPOSITE = 1e-5, math.pi - 1e-3  # radians between two directions


def vector(x: float, y: float, z: float) -> Array:
    return np.array((x, y, z), float)


UP, DOWN = vector(0, 1, 0), vector(0, -1, 0)
LEFT, RIGHT, NEAR = vector(-1, 0, 0), vector(1, 0, 0), vector(0, 0, 1)
NOTHING = vector(0, 0, 0)


def about_x(angle: float) -> Array:
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return np.array(((1, 0, 0), (0, c, -s), (0, s, c)), float)


def about_y(angle: float) -> Array:
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return np.array(((c, 0, s), (0, 1, 0), (-s, 0, c)), float)


def about_z(angle: float) -> Array:
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return np.array(((c, -s, 0), (s, c, 0), (0, 0, 1)), float)


def bent(flexion: float, side: float, twist: float) -> Array:
    """Forward, to one's own right, and turned to one's own right, in a body's frame."""
    return about_z(-flexion) @ about_x(side) @ about_y(-twist)


def unit(of: Array) -> Array:
    """The same direction, one long; nothing stays nothing."""
    length = float(np.linalg.norm(of))
    return of / length if length > 1e-9 else of


def across(of: Array, axis: Array) -> Array:
    """What of a direction is square to an axis of length one."""
    return np.asarray(of - axis * float(of @ axis))


def towards(direction: Direction) -> Array:
    """A direction as authors write it: an angle, an angle with a lean toward the viewer, or a vector."""
    if not isinstance(direction, tuple):
        direction = (direction, 0)
    if len(direction) == 3:
        return unit(vector(*direction))
    angle, lean = (math.radians(part) for part in direction)
    return vector(
        math.cos(angle) * math.cos(lean), math.sin(angle) * math.cos(lean), math.sin(lean)
    )


def swung(start: Array, end: Array, share: float) -> Array:
    """On the way from one direction to another, on the shortest arc; opposite ones go round by the viewer."""
    angle = math.acos(float(np.clip(start @ end, -1, 1)))
    if angle < STRAIGHT:
        return end
    if angle > OPPOSITE:
        aside = unit(np.cross(start, NEAR))
        return start * math.cos(angle * share) + aside * math.sin(angle * share)
    return np.asarray(
        (math.sin((1 - share) * angle) * start + math.sin(share * angle) * end) / math.sin(angle)
    )
