"""What a page of content may say, field by field. An editor shows the descriptions (`backbeat schema`).

A form only knows its own page; whether pages agree with each other is for checks.py.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    model_validator,
)

from bot.domain.dose import Dose
from bot.domain.exercise import (
    EQUIPMENT,
    Caution,
    Exercise,
    Gate,
    Ladder,
    Load,
    Occasion,
    Opening,
    Place,
    Set,
    Step,
    Swap,
    Variable,
)

BUTTON = 40  # characters of a sign that a phone still shows on one button
LONGEST_SET = 20  # minutes


def _known_equipment(name: str) -> str:
    if name not in EQUIPMENT:
        raise ValueError(f"unknown equipment; known are {', '.join(sorted(EQUIPMENT))}")
    return name


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Sign = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=BUTTON)]
Equipment = Annotated[str, AfterValidator(_known_equipment)]
Seconds = Annotated[StrictInt, Field(ge=0)]
Count = Annotated[StrictInt, Field(ge=1)]
Kilograms = Annotated[float, Field(strict=True, gt=0)]


class Form(BaseModel):
    """A page's fields; a field that nobody knows is a slip of the pen, and a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DoseForm(Form):
    """How much at full dose; every duration in seconds."""

    sets: tuple[Count, ...] = Field(min_length=1)
    tempo: tuple[Seconds, ...] = ()
    hold: Count | None = None
    per_side: StrictBool = False
    rest: Seconds = 0
    pause: Seconds = 0

    @model_validator(mode="after")
    def _makes_a_dose(self) -> Self:
        self.dose()
        return self

    def dose(self) -> Dose:
        return Dose(**self.model_dump())


class SwapForm(Form):
    """What a caution asks for: words for a change, or the exercise of an easier step."""

    change: Text | None = None
    instead: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _words_are_a_change(cls, value: Any) -> Any:
        return {"change": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.change is None) == (self.instead is None):
            raise ValueError("say either how to change it, in words, or what to do instead")
        return self

    def swap(self) -> Swap:
        return Swap(change=self.change or "", instead=self.instead)


class ExerciseForm(Form):
    """One movement."""

    name: Text
    position: Text
    cue: Text
    breath: Text
    signs: tuple[Sign, ...] = Field(min_length=1)
    equipment: tuple[Equipment, ...]
    places: tuple[Place, ...] = Field(min_length=1)
    cautions: dict[Caution, SwapForm]
    source: Text
    phases: tuple[Text, ...] = ()
    dose: DoseForm | None = None

    @model_validator(mode="after")
    def _opening_is_breathed(self) -> Self:
        if self.dose and not self.dose.tempo:
            raise ValueError(
                "only an opening has a dose of its own, and it is breathed: give a tempo"
            )
        return self

    def exercise(self, slug: str) -> Exercise:
        return Exercise(
            id=slug,
            name=self.name,
            position=self.position,
            cue=self.cue,
            breath=self.breath,
            signs=self.signs,
            equipment=frozenset(self.equipment),
            places=frozenset(self.places),
            cautions=MappingProxyType({c: form.swap() for c, form in self.cautions.items()}),
            source=self.source,
            phases=self.phases,
        )


class GateForm(Form):
    """What must be so before a step is entered."""

    max_usual_pain: Annotated[StrictInt, Field(ge=0, le=10)] | None = None
    clean_steps_upto: Count | None = None
    ladder: Text | None = None

    def gate(self) -> Gate:
        return Gate(**self.model_dump())


class LoadForm(Form):
    """The weights of a step."""

    kg: tuple[Kilograms, Kilograms]
    pieces: Annotated[StrictInt, Field(ge=1, le=2)] = 1

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if self.kg[0] >= self.kg[1]:
            raise ValueError("kg: give the least and the most that one piece weighs, as [2, 6]")
        return self

    def load(self) -> Load:
        least, most = self.kg
        return Load(least=least, most=most, pieces=self.pieces)


class StepForm(Form):
    """One rung of a ladder."""

    step: Count
    exercise: Text
    variable: Variable
    changed: Text
    dose: DoseForm
    gate: GateForm | None = None
    load: LoadForm | None = None

    def rung(self, exercises: Mapping[str, Exercise]) -> Step:
        return Step(
            exercise=exercises[self.exercise],
            dose=self.dose.dose(),
            variable=self.variable,
            changed=self.changed,
            gate=self.gate.gate() if self.gate else None,
            load=self.load.load() if self.load else None,
        )


class LadderForm(Form):
    """One quality of movement, its steps gentlest first."""

    code: Text
    name: Text
    purpose: Text
    evidence: Text
    steps: tuple[StepForm, ...] = Field(min_length=1)
    try_out: StrictBool = False

    def ladder(self, slug: str, exercises: Mapping[str, Exercise], in_flare: bool) -> Ladder:
        return Ladder(
            id=slug,
            code=self.code,
            name=self.name,
            purpose=self.purpose,
            evidence=self.evidence,
            steps=tuple(step.rung(exercises) for step in self.steps),
            try_out=self.try_out,
            in_flare=in_flare,
        )


class SetForm(Form):
    """A kind of sequence: where and when it is for, and what may come up in it."""

    name: Text
    purpose: Text
    occasion: Occasion
    place: Place
    minutes: tuple[Annotated[StrictInt, Field(ge=2, le=LONGEST_SET)], ...] = Field(min_length=1)
    opening: Text
    ladders: tuple[Text, ...] = Field(min_length=1)
    highest: dict[str, Count] = {}
    source: Text

    def set(self, slug: str, openings: Mapping[str, Opening]) -> Set:
        return Set(
            id=slug,
            name=self.name,
            purpose=self.purpose,
            occasion=self.occasion,
            place=self.place,
            minutes=self.minutes,
            opening=openings[self.opening],
            ladders=self.ladders,
            highest=MappingProxyType(self.highest),
            source=self.source,
        )
