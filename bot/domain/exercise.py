"""What is practised: exercises, their doses, and the ladders that order them.

Plain values read from content files. Steps count from 1, gentlest first. A dose fraction (0.4 flare,
0.6 entry, 0.8, 1.0) scales how often, never how long: a hold keeps its seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.dose import Dose

# Everything an exercise may ask for. A mat is a kindness, not a need: any floor will do.
EQUIPMENT = frozenset(
    {
        "bag",
        "band",
        "chair",
        "cushion",
        "dumbbells",
        "pillow",
        "stair",
        "stick",
        "support",
        "towel",
        "wall",
    }
)


class Place(StrEnum):
    """Where a sequence can be done."""

    FLOOR = "floor"  # at home, with room to lie down
    HOTEL = "hotel"  # a small room, nothing brought along
    SEAT = "seat"  # flight, train, desk: sitting or standing beside it
    GYM = "gym"  # weights at hand


class Caution(StrEnum):
    """What a person may have, and an exercise may not suit."""

    PREGNANCY = "PG"
    EXTENSION = "EX"  # arching, standing, walking make it worse
    FLEXION = "FX"  # sitting, bending make it worse
    BONE = "OP"  # osteoporosis or a past vertebral fracture
    PRESSURE = "BP"  # uncontrolled blood pressure or heart disease
    SHOULDER = "SH"  # painful shoulder or wrist
    KNEELING = "KN"
    BALANCE = "BA"  # risk of falling
    HAMSTRING = "HS"  # cramps easily
    HIP = "HIP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One movement, as its author describes it."""

    id: str
    name: str
    position: str
    cue: str  # the one thing to think of
    breath: str
    signs: tuple[str, ...]  # what a person may notice when other muscles take over
    equipment: frozenset[str]
    places: frozenset[Place]
    cautions: Mapping[Caution, str]  # caution -> the change that makes it suit ("heels closer")
    source: str
    phases: tuple[str, ...] = ()  # a word for each phase of the tempo: ("down", "still", "up")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The quiet minute before the first exercise. It belongs to no ladder and never progresses."""

    exercise: Exercise
    dose: Dose


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What must be so before a step is entered. Whatever it does not name, it does not ask."""

    max_usual_pain: int | None = None  # 0-10 (NRS)
    clean_steps_upto: int | None = None  # each step up to this one has been practised cleanly
    ladder: str | None = None  # whose steps; None means the gate's own ladder

    def opens(self, *, usual_pain: int, highest_clean_step: int) -> bool:
        """Judge someone by their usual pain and the highest step with a clean session (0: none yet).

        Steps are entered one by one and only after clean sessions, or skipped because a harder one was easy
        at the try-out: so the highest stands for those below.
        """
        bearable = self.max_usual_pain is None or usual_pain <= self.max_usual_pain
        skilled = self.clean_steps_upto is None or highest_clean_step >= self.clean_steps_upto
        return bearable and skilled


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rung: an exercise at its full dose, and the single thing that differs from the rung below."""

    exercise: Exercise
    dose: Dose
    changed: str
    gate: Gate | None = None
    loaded: bool = False  # carries a weight: never on two days running


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """One quality of movement, from its gentlest exercise to its most demanding."""

    id: str
    code: str  # as clinicians number the ladders: "L2"
    name: str
    purpose: str
    evidence: str
    steps: tuple[Step, ...]
    try_out: bool = False  # a few of its steps may be tried before the first session
    in_flare: bool = False  # gentle enough to go on with in a flare; the others rest

    @property
    def top(self) -> int:
        return len(self.steps)

    def step(self, number: int) -> Step:
        """Steps count from 1."""
        if not 1 <= number <= self.top:
            raise ValueError(f"ladder {self.id} has steps 1 to {self.top}, not {number}")
        return self.steps[number - 1]
