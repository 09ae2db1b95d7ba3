"""What an author may write below `figure:` in an exercise: how it is drawn.

The words for lengths, angles and things are those of the values themselves (bot/domain/body.py). Here
stands what a page has and the values haven't: a pose made from another one, a limb that holds for both sides.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from bot.catalogue.form import Form, Text
from bot.domain.body import (
    POINTS,
    REGIONS,
    SIDES,
    STANDING_ARM,
    STANDING_LEG,
    AimedArm,
    AimedLeg,
    Arm,
    Bend,
    Leg,
    PlacedArm,
    PlacedLeg,
    Point,
    Pose,
    Trunk,
    TurnedArm,
    TurnedLeg,
    three,
)
from bot.domain.figure import Arrow, Camera, Expect, Figure, Frame, Move, Poster
from bot.domain.things import Props

ANGLES = ("trunk", "tilt", "lumbar", "thoracic", "neck")  # what `touch` may turn
BENDS = ("lumbar", "thoracic", "neck", "head")
WALL = "wall_"  # before an anchor: its skin toward the wall


def _a_point(name: str) -> str:
    if name.removeprefix(WALL) not in POINTS:
        raise ValueError(f"no such point of the body; there are {', '.join(sorted(POINTS))}")
    return name


def _a_region(name: str) -> str:
    if name not in REGIONS:
        raise ValueError(f"no such region; there are {', '.join(sorted(REGIONS))}")
    return name


def _an_angle(name: str) -> str:
    if name not in ANGLES:
        raise ValueError(f"can't be turned; what can is {', '.join(ANGLES)}")
    return name


def _manner(value: Any) -> str:
    """How a limb is told."""
    keys = value if isinstance(value, Mapping) else ()
    if "hand" in keys or "foot" in keys:
        return "[placed]"
    return "[aimed]" if "upper" in keys or "thigh" in keys else "[turned]"


BodyPoint = Annotated[str, AfterValidator(_a_point)]
Region = Annotated[str, AfterValidator(_a_region)]
Angle = Annotated[str, AfterValidator(_an_angle)]
ArmForm = Annotated[
    Annotated[PlacedArm, Tag("[placed]")]
    | Annotated[AimedArm, Tag("[aimed]")]
    | Annotated[TurnedArm, Tag("[turned]")],
    Discriminator(_manner),
]
LegForm = Annotated[
    Annotated[PlacedLeg, Tag("[placed]")]
    | Annotated[AimedLeg, Tag("[aimed]")]
    | Annotated[TurnedLeg, Tag("[turned]")],
    Discriminator(_manner),
]


class PoseForm(Form):
    """A body at rest. Angles of spine and neck are changes from a neutral curve."""

    base: Text | None = Field(default=None, alias="from")
    """Another pose; what stands here is put in place of what stands there."""
    trunk: float | tuple[float, float] = 90
    """90 upright, 0 on all fours facing right, 180 on the back with the head to the left; a second number
    turns the body, 90 toward the viewer."""
    tilt: float = 0
    """Of the pelvis, backward is positive; the lumbar spine takes it up."""
    lumbar: Bend = 0
    """Flexion, or [flexion, bend to one's own right, turn to one's own right]."""
    thoracic: Bend = 0
    """The same of the upper back."""
    neck: Bend = 0
    """The same."""
    head: Bend = 0
    """The same, on the neck."""
    shrug: float = 0
    """Centimetres that the shoulders are lifted."""
    belly: float = 0
    """Centimetres that its front wall moves out."""
    effort: Annotated[float, Field(ge=0, le=1)] = 1
    """How strongly the working region shows."""
    anchor: dict[BodyPoint, Point] = Field(default={"pelvis": (0, 90)}, min_length=1, max_length=1)
    """The point of the body whose skin lies there; led by wall_, its skin toward the wall."""
    touch: dict[BodyPoint, Angle] = Field(default={})
    """Point: the angle that is turned until it rests on the floor."""
    arms: ArmForm | None = None
    """Both; right_arm and left_arm each go before it."""
    right_arm: ArmForm | None = None
    """Told by where the hand is, where the bones point, or by its joints."""
    left_arm: ArmForm | None = None
    """The same."""
    legs: LegForm | None = None
    """Both; right_leg and left_leg each go before it."""
    right_leg: LegForm | None = None
    """Told by where the foot is, where the bones point, or by its joints."""
    left_leg: LegForm | None = None
    """The same."""

    def over(self, other: "PoseForm | None") -> "PoseForm":
        """This one, with everything that it doesn't say from another."""
        if other is None:
            return self
        return other.model_copy(
            update={name: getattr(self, name) for name in self.model_fields_set - {"base"}}
        )

    def pose(self) -> Pose:
        turned = self.trunk if isinstance(self.trunk, tuple) else (self.trunk, 0.0)
        ((anchor, at),) = self.anchor.items()
        limbs: dict[Any, Arm | Leg] = {}
        for side in SIDES:
            limbs[side, "arm"] = getattr(self, f"{side}_arm") or self.arms or STANDING_ARM
            limbs[side, "leg"] = getattr(self, f"{side}_leg") or self.legs or STANDING_LEG
        return Pose(
            trunk=Trunk(
                trunk=turned,
                tilt=self.tilt,
                shrug=self.shrug,
                belly=self.belly,
                effort=self.effort,
                **{name: three(getattr(self, name)) for name in BENDS},
            ),
            limbs=limbs,
            anchor=anchor.removeprefix(WALL),
            at=at,
            at_wall=anchor.startswith(WALL),
            touch=self.touch,
        )


class MoveForm(Form):
    """A stretch of the cycle: {go: pose, s: seconds}, or {hold: seconds}."""

    go: Text | None = None
    """To which pose."""
    s: Annotated[float, Field(gt=0)] | None = None
    """In how many seconds."""
    hold: Annotated[float, Field(gt=0)] | None = None
    """Staying where it is, for so many seconds."""
    phase: Text | None = None
    """Of the dose's tempo, as the exercise names its phases, or "hold"; its seconds are those that are
    prescribed. Without one it only leads there, and takes the seconds that stand here."""

    @model_validator(mode="after")
    def _goes_or_stays(self) -> Self:
        if (self.hold is None) == (self.go is None or self.s is None):
            raise ValueError("write either {go: a pose, s: seconds} or {hold: seconds}")
        return self


class PosterForm(Form):
    """The two pictures of the poster."""

    poses: tuple[Text, Text]
    """Where it begins, and where it goes."""
    ghost: bool = True
    """false: the first isn't shown behind the second."""
    arrows: tuple[Arrow, ...] = ()
    """Which way."""
    guides: tuple[tuple[BodyPoint, BodyPoint], ...] = ()
    """Lines through two points, where it matters that these are in line."""
    inset: BodyPoint | None = None
    """A point that is shown larger as well, for a movement that is small."""


class FigureForm(Form):
    """How the movement is drawn, from a few poses. See docs/figures/README.md."""

    camera: Camera = Camera()
    """From where one looks."""
    frame: Frame
    """wide for who lies or kneels, tall for who stands or sits."""
    props: Props = Props()
    """Things."""
    highlight: tuple[Region, ...] = ()
    """The regions that work, or that one should feel."""
    poses: dict[Text, PoseForm] = Field(min_length=1)
    """By name."""
    cycle: tuple[MoveForm, ...] = Field(min_length=1)
    """It begins in the pose in which it ends, that of the last `go`."""
    even: bool = False
    """true: at one speed, as in walking."""
    contacts: tuple[BodyPoint, ...] = ()
    """What rests on the floor in every moment."""
    expect: tuple[Expect, ...] = Field(min_length=1)
    """Movements that must be seen."""
    poster: PosterForm
    """Its two pictures."""

    @model_validator(mode="after")
    def _names_poses(self) -> Self:
        ground = self.props.ground
        if ground is not None and ground.speed % ground.gap:
            raise ValueError("the ground would jump: its speed should be a multiple of its gap")
        for told in (*(one.point for one in self.expect), *self._arrow_points()):
            _a_point(told)
        named = [form.base for form in self.poses.values() if form.base]
        named += [move.go for move in self.cycle if move.go]
        named += [*self.poster.poses, *(pose for e in self.expect for pose in (e.start, e.end))]
        named += [pose for arrow in self.poster.arrows for pose in arrow.between or ()]
        if missing := sorted({name for name in named if name not in self.poses}):
            raise ValueError(f"there is no pose {', '.join(missing)}")
        if all(move.go is None for move in self.cycle):
            raise ValueError("nothing moves: the cycle should go somewhere and come back")
        for name in self.poses:
            self._resolved(name, ())
        return self

    def _arrow_points(self) -> list[str]:
        """The points of the body that arrows name."""
        arrows = self.poster.arrows
        told = [arrow.arc.about if arrow.arc else arrow.point for arrow in arrows]
        return [point for point in told if isinstance(point, str)]

    def _resolved(self, name: str, seen: tuple[str, ...]) -> PoseForm:
        if name in seen:
            raise ValueError(f"the pose {name} is made from itself")
        form = self.poses[name]
        return form.over(self._resolved(form.base, (*seen, name)) if form.base else None)

    def figure(self) -> Figure:
        to = [move.go for move in self.cycle if move.go][-1]
        cycle = []
        for move in self.cycle:
            to = move.go or to
            seconds = move.s or move.hold or 0
            cycle.append(
                Move(to=to, seconds=seconds, stays=move.hold is not None, phase=move.phase)
            )
        return Figure(
            camera=self.camera,
            frame=self.frame,
            props=self.props,
            highlight=self.highlight,
            poses={name: self._resolved(name, ()).pose() for name in self.poses},
            cycle=tuple(cycle),
            even=self.even,
            contacts=self.contacts,
            expect=self.expect,
            poster=Poster(**{name: getattr(self.poster, name) for name in PosterForm.model_fields}),
        )
