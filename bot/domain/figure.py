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
    """What it goes with."""
    at: Vector
    """Front, up, to the person's right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedArm(_Written):
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
class AimedArm(_Written):
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
class TurnedArm(_Written):
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
class PlacedLeg(_Written):
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
class AimedLeg(_Written):
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
class TurnedLeg(_Written):
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
    """From there to there."""
    z: float = 31
    """Half its width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall(_Written):
    """Its face, at x."""

    x: float
    """Where its face is."""
    side: Side = "left"
    """Of the picture, on which it stands."""
    h: float = 178
    """How high."""
    z: float = 30
    """How far it comes toward the viewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chair(_Written):
    """With a back, unless told."""

    x: float
    """The middle of its seat."""
    seat: float = 45
    """How high."""
    facing: Literal[-1, 1] = 1
    """1: who sits on it looks to the right."""
    back: bool = True
    """false: a stool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(_Written):
    """Something firm and square."""

    x: float
    """Its middle."""
    h: float
    """How high."""
    w: float = 14
    """How wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pillow(_Written):
    """Something soft; `depth` is its length toward the viewer."""

    x: float
    """Its middle."""
    h: float
    """How high."""
    w: float = 34
    """How wide."""
    depth: float = 34
    """How far toward the viewer."""
    z: float = 0
    """Its middle, toward the viewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stair(_Written):
    """A step whose edge is at x and goes down to the right; `rail` is a point on the handrail."""

    x: float
    """Its edge."""
    h: float
    """How high."""
    depth: float = 30
    """Of the tread."""
    z: float = 34
    """Half its width."""
    rail: Vector | None = None
    """A point on the handrail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorFrame(_Written):
    """A post from the floor up, at x."""

    x: float
    """Its middle."""
    z: float = 0
    """Its middle, toward the viewer."""
    h: float = 196
    """How high."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Towel(_Written):
    """Below a heel."""

    foot: Grip
    """Below which heel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stick(_Written):
    """From one point of the body to another."""

    a: Spot
    """One end."""
    b: Spot
    """The other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(_Written):
    """In the hand."""

    hand: Grip
    """In which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band(_Written):
    """From a point that doesn't move to a hand."""

    start: Vector
    """Where it is fixed."""
    hand: Grip
    """In which it is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground(_Written):
    """Marks on the floor that pass while somebody walks; cm in one cycle, and between marks."""

    speed: float
    """Centimetres that pass in one cycle."""
    gap: float = 24
    """From mark to mark."""
    z: float = -34
    """Where they lie, toward the viewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Props(_Written):
    """What else stands, lies or is held there."""

    mat: Mat | None = None
    """What one lies on."""
    wall: Wall | None = None
    """A wall."""
    chair: Chair | None = None
    """A chair or a stool."""
    block: Block | None = None
    """Something firm."""
    pillow: Pillow | None = None
    """Something soft."""
    stair: Stair | None = None
    """A step, with or without a rail."""
    doorframe: DoorFrame | None = None
    """A post."""
    towel: Towel | None = None
    """A cloth to slide on."""
    stick: Stick | None = None
    """A stick along the body."""
    bag: Held | None = None
    """A bag in each of these hands, or one in both that are together."""
    dumbbell: Held | None = None
    """A weight in each of these hands."""
    band: Band | None = None
    """A band or a towel that pulls."""
    ground: Ground | None = None
    """A floor to walk on."""


# What is shown, and what must be true.


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera(_Written):
    """From where one looks: around, and from above."""

    yaw: float = 18
    """Around: 0 from the side, 90 from ahead."""
    pitch: float = 8
    """From above."""


class Frame(StrEnum):
    """The shape of the picture."""

    WIDE = "wide"
    TALL = "tall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc(_Written):
    """A part of a circle around a point, in the plane of the picture."""

    about: str
    """The point in its middle."""
    r: float
    """Its radius."""
    start: float
    """From which angle; 0 to the right, 90 up."""
    end: float
    """To which."""
    z: float = 9
    """How far toward the viewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow(_Written):
    """The way of a point from the first pose to the second, or a line that is given."""

    point: str | Spot | None = None
    """Of the body, whose way it shows."""
    world: tuple[Vector, ...] = ()
    """Points of a line that is given."""
    arc: Arc | None = None
    """A part of a circle."""
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
    """Of the body."""
    start: str
    """A pose."""
    end: str
    """Another."""
    moves: Literal["up", "down", "left", "right", "near", "far"]
    """Which way."""
    min: float = 2
    """Centimetres at least."""


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
