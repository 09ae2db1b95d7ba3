"""Things that stand, lie or are held beside a body. Lengths are centimetres."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.body import Grip, Side, Spot, Vector, Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Mat(Written):
    """Between two x."""

    x: tuple[float, float] = (-90, 72)
    """From there to there."""
    z: float = 31
    """Half its width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall(Written):
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
class Chair(Written):
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
class Block(Written):
    """Something firm and square."""

    x: float
    """Its middle."""
    h: float
    """How high."""
    w: float = 14
    """How wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pillow(Written):
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
class Stair(Written):
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
class DoorFrame(Written):
    """A post from the floor up, at x."""

    x: float
    """Its middle."""
    z: float = 0
    """Its middle, toward the viewer."""
    h: float = 196
    """How high."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Towel(Written):
    """Below a heel."""

    foot: Grip
    """Below which heel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stick(Written):
    """From one point of the body to another."""

    a: Spot
    """One end."""
    b: Spot
    """The other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Written):
    """In the hand."""

    hand: Grip
    """In which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band(Written):
    """From a point that doesn't move to a hand."""

    start: Vector
    """Where it is fixed."""
    hand: Grip
    """In which it is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground(Written):
    """Marks on the floor that pass while somebody walks; cm in one cycle, and between marks."""

    speed: float
    """Centimetres that pass in one cycle."""
    gap: float = 24
    """From mark to mark."""
    z: float = -34
    """Where they lie, toward the viewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Props(Written):
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
