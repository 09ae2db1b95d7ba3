"""How an exercise is drawn: a few poses in plain numbers, the way between them, and what must be true of it.

Lengths are centimetres, angles degrees, times seconds. The world: x to the right, y up from the floor, z
toward the viewer. A point of two numbers lies at the limb's own distance from the middle. The body: front,
up along the spine, and the person's own right. What an author writes stands here as it is written, so that
one set of words describes a page, its schema and what is drawn.
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

HOLD = "hold"  # the phase of a dose that is held


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


class _Written:
    """What an author may write: a key that nobody knows is a fault."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, object]] = {
        "extra": "forbid",
        "use_attribute_docstrings": True,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot(_Written):
    """A point that goes with a part of the body."""

    part: Part
    at: Vector
    """Front, up, to the person's right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedArm(_Written):
    """An arm told by where its hand is; elbow and shoulder follow."""

    hand: Point | Spot
    palm: Palm | None = None
    bend: Direction | None = None
    """Where the elbow points, in the world."""
    bend_body: Vector | None = None
    """The same, in the chest's front, up and right."""
    fingers: Direction | None = None
    """Where the fingers point; along the forearm where nothing is said."""
    fingers_body: Vector | None = None
    glide: bool = False
    """true: from pose to pose the hand goes straight, however far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AimedArm(_Written):
    """An arm told by where its bones point."""

    upper: Direction
    fore: Direction | None = None
    fingers: Direction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedArm(_Written):
    """An arm told by its joints, so that it goes with the chest."""

    shoulder: Bend
    elbow: float = 5
    wrist: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLeg(_Written):
    """A leg told by where its foot is; knee and hip follow."""

    foot: Point | Spot
    sole: Sole = Sole.FLAT
    pitch: float | None = None
    """How far the toes are lifted, below 0 the heel."""
    bend: Direction | None = None
    """Where the knee points; forward where nothing is said."""
    toes: Direction | None = None
    ankle: float = 0
    """Toes toward the shin; only of a sole that isn't flat."""
    glide: bool = False
    """true: from pose to pose the foot goes straight, however far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AimedLeg(_Written):
    """A leg told by where its bones point."""

    thigh: Direction
    shin: Direction | None = None
    toes: Direction | None = None
    ankle: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedLeg(_Written):
    """A leg told by its joints, so that it goes with the pelvis."""

    hip: Bend
    knee: float = 3
    ankle: float = 0


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A stretch of the cycle: to a pose, or staying where it is."""

    to: str
    seconds: float
    stays: bool = False
    phase: str | None = (
        None  # of the dose's tempo, or HOLD; without one it is only a change of position
    )


# Things.


@dataclass(frozen=True, slots=True, kw_only=True)
class Mat(_Written):
    """Between two x."""

    x: tuple[float, float] = (-90, 72)
    z: float = 31
    """Half its width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall(_Written):
    """Its face, at x."""

    x: float
    side: Side = "left"
    """Of the picture, on which it stands."""
    h: float = 178
    z: float = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Chair(_Written):
    """With a back, unless told."""

    x: float
    seat: float = 45
    facing: Literal[-1, 1] = 1
    """1: who sits on it looks to the right."""
    back: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(_Written):
    """Something firm and square."""

    x: float
    h: float
    w: float = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Pillow(_Written):
    """Something soft; `depth` is its length toward the viewer."""

    x: float
    h: float
    w: float = 34
    depth: float = 34
    z: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stair(_Written):
    """A step whose edge is at x and goes down to the right; `rail` is a point on the handrail."""

    x: float
    h: float
    depth: float = 30
    z: float = 34
    rail: Vector | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorFrame(_Written):
    """A post from the floor up, at x."""

    x: float
    z: float = 0
    h: float = 196


@dataclass(frozen=True, slots=True, kw_only=True)
class Towel(_Written):
    """Below a heel."""

    foot: Grip


@dataclass(frozen=True, slots=True, kw_only=True)
class Stick(_Written):
    """From one point of the body to another."""

    a: Spot
    b: Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(_Written):
    """In the hand."""

    hand: Grip


@dataclass(frozen=True, slots=True, kw_only=True)
class Band(_Written):
    """From a point that doesn't move to a hand."""

    start: Vector
    hand: Grip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground(_Written):
    """Marks on the floor that pass while somebody walks; cm in one cycle, and between marks."""

    speed: float
    gap: float = 24
    z: float = -34


@dataclass(frozen=True, slots=True, kw_only=True)
class Props(_Written):
    """What else stands, lies or is held there."""

    mat: Mat | None = None
    wall: Wall | None = None
    chair: Chair | None = None
    block: Block | None = None
    pillow: Pillow | None = None
    stair: Stair | None = None
    doorframe: DoorFrame | None = None
    towel: Towel | None = None
    stick: Stick | None = None
    bag: Held | None = None
    dumbbell: Held | None = None
    band: Band | None = None
    ground: Ground | None = None


# What is shown, and what must be true.


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera(_Written):
    """From where one looks: around, and from above."""

    yaw: float = 18
    pitch: float = 8


class Frame(StrEnum):
    """The shape of the picture."""

    WIDE = "wide"
    TALL = "tall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc(_Written):
    """A part of a circle around a point, in the plane of the picture."""

    about: str
    r: float
    start: float
    end: float
    z: float = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow(_Written):
    """The way of a point from the first pose to the second, or a line that is given."""

    point: str | Spot | None = None
    world: tuple[Vector, ...] = ()
    arc: Arc | None = None
    between: tuple[str, str] | None = None
    """Other poses than those of the poster."""
    shift: tuple[float, float] = (0, 0)
    """Right and up in the picture, clear of the body."""
    t: tuple[float, float] = (0, 1)
    """Which part of the way."""
    both: bool = False
    """true: there and back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect(_Written):
    """A movement that must be seen: the point goes that way, so far at least."""

    point: str
    start: str
    end: str
    moves: Literal["up", "down", "left", "right", "near", "far"]
    min: float = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """The pictures of a poster, and what is drawn into the second of them."""

    poses: tuple[str, str]
    ghost: bool = True  # the first, faintly behind the second
    arrows: tuple[Arrow, ...] = ()
    guides: tuple[tuple[str, str], ...] = ()  # lines through two points
    inset: str | None = None  # a point that is shown larger as well


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One exercise, as it is drawn."""

    camera: Camera
    frame: Frame
    props: Props
    highlight: tuple[str, ...]  # the regions that work, or that one should feel
    poses: Mapping[str, Pose]
    cycle: tuple[Move, ...]  # it ends in the pose in which it begins
    even: bool = False  # moves have one speed, as in walking, and don't begin softly
    contacts: tuple[str, ...] = ()  # what rests on the floor in every moment
    expect: tuple[Expect, ...] = ()
    poster: Poster

    @property
    def start(self) -> str:
        """The pose in which the cycle begins."""
        return self.cycle[-1].to

    @property
    def phases(self) -> tuple[str, ...]:
        """Those of the cycle, in the order in which they come up first."""
        return tuple(dict.fromkeys(move.phase for move in self.cycle if move.phase))
