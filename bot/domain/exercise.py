"""What is practised: exercises, their doses, the ladders that order them, and the sets made of those.

Plain values read from content files. Steps count from 1, gentlest first. A dose fraction (0.4 flare,
0.6 entry, 0.8, 1.0) scales how often, never how long: a hold keeps its seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.dose import Dose
from bot.domain.figure import Figure

# Everything an exercise may ask for. A mat is a kindness, not a need: any floor will do.
EQUIPMENT = frozenset(
    {
        "bag",
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

# What people are asked about. The rest is assumed of a home, a room or a seat (see sequence.py).
OWNED = frozenset({"dumbbells", "stair"})


class Place(StrEnum):
    """Where a sequence can be done."""

    FLOOR = "floor"  # at home, with room to lie down
    HOTEL = "hotel"  # a small room, nothing brought along
    SEAT = "seat"  # flight, train, desk: sitting or standing beside it
    GYM = "gym"  # weights at hand


class Occasion(StrEnum):
    """When a set is given."""

    MORNING = "morning"  # a daily ritual up to eleven
    MIDDAY = "midday"  # a daily ritual from eleven to three
    EVENING = "evening"  # a daily ritual from three on
    WAY = "way"  # asked for with /travel
    FLARE = "flare"  # every day while one runs
    SHORT = "short"  # instead of the day's ritual, when there is no time for it


class Variable(StrEnum):
    """The one thing by which a step differs from the one before it."""

    SKILL = "skill"  # something new to feel or to do
    POSITION = "position"
    RANGE = "range"  # how far
    HOLD = "hold"  # staying instead of moving
    ENDURANCE = "endurance"  # staying or going on for longer
    LIMBS = "limbs"  # one more moves
    LEVER = "lever"  # longer
    SUPPORT = "support"  # less
    BASE = "base"  # smaller
    SYMMETRY = "symmetry"  # one side does more
    TEMPO = "tempo"
    ROTATION = "rotation"
    LOAD = "load"
    SENSES = "senses"  # eyes or head are busy elsewhere


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


# What people are asked about themselves; the others come with the safety screen.
BOTHERS = frozenset(
    {
        Caution.EXTENSION,
        Caution.FLEXION,
        Caution.HAMSTRING,
        Caution.HIP,
        Caution.KNEELING,
        Caution.SHOULDER,
    }
)


@dataclass(frozen=True, slots=True)
class Swap:
    """What a caution asks for: a change that makes the exercise suit, or an easier step in its place."""

    change: str = ""  # in words: "Bring the heel closer to you."
    instead: str | None = None  # the exercise of that step


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
    cautions: Mapping[Caution, Swap]
    source: str
    phases: tuple[str, ...] = ()  # a word for each phase of the tempo: ("down", "still", "up")
    figure: Figure | None = None  # how it is drawn


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
class Load:
    """The weights of a step: how many are held, all alike, and what one of them may weigh, in kg."""

    least: float
    most: float
    pieces: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rung: an exercise at its full dose, and the single thing that differs from the rung below."""

    exercise: Exercise
    dose: Dose
    variable: Variable
    changed: str  # the same in words
    gate: Gate | None = None
    load: Load | None = None

    @property
    def loaded(self) -> bool:
        """It carries a weight: never on two days running."""
        return self.load is not None


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

    @property
    def exercises(self) -> tuple[str, ...]:
        """What its steps are known by; none stands on it twice."""
        return tuple(step.exercise.id for step in self.steps)

    def step(self, number: int) -> Step:
        """Steps count from 1."""
        if not 1 <= number <= self.top:
            raise ValueError(f"ladder {self.id} has steps 1 to {self.top}, not {number}")
        return self.steps[number - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """A kind of sequence: where and when it is for, and what may come up in it."""

    id: str
    name: str
    purpose: str
    occasion: Occasion
    place: Place
    minutes: tuple[int, ...]  # to choose from
    opening: Opening
    ladders: tuple[str, ...]  # in the order of practice
    highest: Mapping[str, int]  # ladder -> the step above which nobody is taken in this set
    source: str
