"""How an exercise is drawn: a few poses, the way between them, and what must be true of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.domain.body import Pose, Spot, Vector, Written
from bot.domain.things import Props

HOLD = "hold"  # the phase of a dose that is held


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A stretch of the cycle: to a pose, or staying where it is."""

    to: str
    seconds: float
    stays: bool = False
    phase: str | None = (
        None  # of the dose's tempo, or HOLD; without one it is only a change of position
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera(Written):
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
class Arc(Written):
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
class Arrow(Written):
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
class Expect(Written):
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
