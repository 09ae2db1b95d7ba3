"""How a body is held: its points, its limbs, its trunk, in plain numbers.

Lengths are centimetres, angles degrees. The world: x to the right, y up from the floor, z toward the viewer.
A point of two numbers lies at the limb's own distance from the middle. The body: front, up along the spine,
and the person's own right. What an author writes stands here as it is written, so that one set of words
describes a page, its schema and what is drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal

Vector = tuple[float, float, float]
Point = tuple[float, float] | Vector
Direction = float | tuple[float, float] | Vector
"""An angle in the picture (0 to the right, 90 up), with how far it leans toward the viewer, or a vector."""
Bend = float | tuple[float, float] | Vector
"""Forward; with the bend to one's own right; with the turn to one's own right."""

Side = Literal["right", "left"]
Grip = Literal["right", "left", "both"]
SIDES: tuple[Side, Side] = ("right", "left")

LIMB_POINTS = (
    "shoulder",
    "elbow",
    "wrist",
    "tip",
    "hip",
    "knee",
    "ankle",
    "heel",
    "ball",
    "toe",
)  # fmt: skip
TRUNK_POINTS = ("upper_back", "mid_back", "low_back", "sacrum", "seat", "head")
POINTS = frozenset(
    {f"{side}_{point}" for side in SIDES for point in LIMB_POINTS}
    | {*TRUNK_POINTS, "pelvis", "nose"}
)


def three(bend: Bend) -> Vector:
    """A bend with all its three angles."""
    if not isinstance(bend, tuple):
        return (bend, 0, 0)
    return bend if len(bend) == 3 else (*bend, 0)


# Regions that can be shown at work: those in the middle, and the pairs, whole or of one side.
MIDDLE = ("abs", "lumbar", "thoracic")
PAIRS = {
    "calves": "calf",
    "glutes": "glute",
    "hamstrings": "hamstring",
    "hip_fronts": "hip_front",
    "hip_sides": "hip_side",
    "quads": "quad",
    "sides": "side",
}
REGIONS = frozenset(
    {*MIDDLE, *PAIRS} | {f"{one}_{side}" for one in PAIRS.values() for side in SIDES}
)


class Part(StrEnum):
    """What a point of the body's own is told from."""

    PELVIS = "pelvis"
    CHEST = "chest"
    HEAD = "head"


class Palm(StrEnum):
    """On what a hand lies."""

    FLOOR = "floor"  # it bears weight
    LIE = "lie"  # it only lies there
    WALL = "wall"


class Sole(StrEnum):
    """On what of it a foot stands."""

    FLAT = "flat"
    EDGE = "edge"  # it rolls with the shin


class Written:
    """What an author may write: a key that nobody knows is a fault."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, object]] = {
        "extra": "forbid",
        "use_attribute_docstrings": True,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot(Written):
    """A point that goes with a part of the body."""

    part: Part
    """What it goes with."""
    at: Vector
    """Front, up, to the person's right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedArm(Written):
    """An arm told by where its hand is; elbow and shoulder follow."""

    hand: Point | Spot
    """Where the wrist is, or what lies below it; a point of the world or of the body."""
    palm: Palm | None = None
    """On what the hand lies."""
    bend: Direction | None = None
    """Where the elbow points, in the world."""
    bend_body: Vector | None = None
    """The same, in the chest's front, up and right."""
    fingers: Direction | None = None
    """Where the fingers point; along the forearm where nothing is said."""
    fingers_body: Vector | None = None
    """The same, in the chest's front, up and right."""
    glide: bool = False
    """true: from pose to pose the hand goes straight, however far it is."""
    fist: bool = False
    """true: the hand is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AimedArm(Written):
    """An arm told by where its bones point."""

    upper: Direction
    """Where the upper arm points."""
    fore: Direction | None = None
    """Where the forearm points; on from the upper arm where nothing is said."""
    fingers: Direction | None = None
    """Where the fingers point; on from the forearm where nothing is said."""
    fist: bool = False
    """true: the hand is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedArm(Written):
    """An arm told by its joints, so that it goes with the chest."""

    shoulder: Bend
    """Forward, away from the side, turned outward; 0 hangs."""
    elbow: float = 5
    """How far it is bent."""
    wrist: float = 0
    """How far it is bent."""
    fist: bool = False
    """true: the hand is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLeg(Written):
    """A leg told by where its foot is; knee and hip follow."""

    foot: Point | Spot
    """Where the sole is below the ankle; a point of the world or of the body."""
    sole: Sole = Sole.FLAT
    """On what of it the foot stands."""
    pitch: float | None = None
    """How far the toes are lifted, below 0 the heel."""
    bend: Direction | None = None
    """Where the knee points; forward where nothing is said."""
    toes: Direction | None = None
    """Where the toes point; ahead where nothing is said."""
    ankle: float = 0
    """Toes toward the shin; only of a sole that isn't flat."""
    glide: bool = False
    """true: from pose to pose the foot goes straight, however far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AimedLeg(Written):
    """A leg told by where its bones point."""

    thigh: Direction
    """Where the thigh points."""
    shin: Direction | None = None
    """Where the shin points; on from the thigh where nothing is said."""
    toes: Direction | None = None
    """Where the toes point; as the ankle has them where nothing is said."""
    ankle: float = 0
    """Toes toward the shin; 0 is square to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedLeg(Written):
    """A leg told by its joints, so that it goes with the pelvis."""

    hip: Bend
    """Forward, away from the side, turned outward; 0 stands."""
    knee: float = 3
    """How far it is bent."""
    ankle: float = 0
    """Toes toward the shin; 0 is square to it."""


Arm = PlacedArm | AimedArm | TurnedArm
Leg = PlacedLeg | AimedLeg | TurnedLeg
STANDING_ARM, STANDING_LEG = TurnedArm(shoulder=0), TurnedLeg(hip=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """How trunk and head are held. Spine and neck are told as changes from a neutral curve."""

    trunk: tuple[float, float] = (
        90,
        0,
    )  # 90 upright, 0 on all fours, 180 on the back; then 90 faces the viewer
    tilt: float = 0  # of the pelvis, backward is positive; the lumbar spine takes it up
    lumbar: Vector = (0, 0, 0)
    thoracic: Vector = (0, 0, 0)
    neck: Vector = (0, 0, 0)
    head: Vector = (0, 0, 0)
    shrug: float = 0  # cm that the shoulders are lifted
    belly: float = 0  # cm that its front wall moves out, with the breath
    effort: float = 1  # 0 to 1: how strongly the working region shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """A body at rest somewhere."""

    trunk: Trunk
    limbs: Mapping[tuple[Side, Literal["arm", "leg"]], Arm | Leg]
    anchor: str  # the point that lies at `at`
    at: Point
    at_wall: bool = (
        False  # it is its skin toward the wall on the left that lies there; else its lower skin
    )
    touch: Mapping[str, str]  # point: the angle that is turned until it rests on the floor
