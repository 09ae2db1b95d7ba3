"""What a page of content may say, field by field. An editor shows these words (`backbeat schema`).

A form only knows its own page; whether pages agree with each other is for checks.py.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    Field,
    GetJsonSchemaHandler,
    StrictBool,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from bot.catalogue.figure_forms import FigureForm
from bot.catalogue.form import Form, Text
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


Sign = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=BUTTON)]
Equipment = Annotated[
    str,
    AfterValidator(_known_equipment),
    WithJsonSchema({"type": "string", "enum": sorted(EQUIPMENT)}),
]
Seconds = Annotated[StrictInt, Field(ge=0)]
Count = Annotated[StrictInt, Field(ge=1)]
Kilograms = Annotated[float, Field(strict=True, gt=0)]
# A pair's schema is written by hand: editors don't all know how newer schemas write one.
Range = Annotated[
    tuple[Kilograms, Kilograms],
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "number", "exclusiveMinimum": 0},
            "minItems": 2,
            "maxItems": 2,
        }
    ),
]


class DoseForm(Form):
    """How much at full dose; every duration in seconds. Smaller doses are made from it."""

    sets: tuple[Count, ...] = Field(min_length=1)
    """Repetitions or holds in each set, on each side: [12, 12], or [5, 4, 3]."""
    tempo: tuple[Seconds, ...] = ()
    """Seconds of each phase of a repetition: [3, 1, 2]. Leave it out for holds."""
    hold: Count | None = None
    """Seconds of one hold. Leave it out for repetitions."""
    per_side: StrictBool = False
    """true: all of it once on the left and once on the right."""
    rest: Seconds = 0
    """Seconds between sets."""
    pause: Seconds = 0
    """Seconds between the holds of one set."""

    @model_validator(mode="after")
    def _makes_a_dose(self) -> Self:
        self.dose()
        return self

    def dose(self) -> Dose:
        return Dose(**self.model_dump())


class SwapForm(Form):
    """What a caution asks for: words for a change, or the exercise of an easier step."""

    change: Text | None = None
    """How to change the exercise, in words to the person."""
    instead: Text | None = None
    """The exercise of an earlier step of the same ladder, by the name of its file."""

    @model_validator(mode="before")
    @classmethod
    def _words_are_a_change(cls, value: Any) -> Any:
        return {"change": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.change is None) == (self.instead is None):
            raise ValueError("say either how to change it, in words, or what to do instead")
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """As the two validators have it: words alone, or exactly one of the two fields."""
        fields = {**handler(core), "minProperties": 1, "maxProperties": 1}
        return {
            "description": fields["description"],
            "anyOf": [{"type": "string", "minLength": 1}, fields],
        }

    def swap(self) -> Swap:
        return Swap(change=self.change or "", instead=self.instead)


class ExerciseForm(Form):
    """One movement, a file each; other files call it by the name of its file."""

    name: Text
    """What people read above it."""
    position: Text
    """How one stands, sits or lies at the start."""
    cue: Text
    """The one thing to think of."""
    breath: Text
    """When to breathe in and out."""
    signs: tuple[Sign, ...] = Field(min_length=1)
    """What a person may notice when other muscles take over; each is a button of at most 40 characters."""
    equipment: tuple[Equipment, ...]
    """Everything it needs; [] for nothing. A mat is no need: any floor will do."""
    places: tuple[Place, ...] = Field(min_length=1)
    """Where it can be done: floor (at home), hotel, seat (flight, train, desk), gym."""
    cautions: dict[Caution, SwapForm]
    """For whom it needs a change, {} for nobody, each with words for the change or {instead: an easier one}.
    PG pregnancy, EX arching makes it worse, FX bending makes it worse, OP osteoporosis or a past fracture of
    the spine, BP blood pressure or heart disease, SH shoulder or wrist, KN kneeling, BA risk of falling,
    HS hamstring cramps easily, HIP hip."""
    source: Text
    """Where it comes from, and what of it is our own judgement."""
    phases: tuple[Text, ...] = ()
    """A word for each phase of the tempo: [down, still, up]."""
    figure: FigureForm | None = None
    """How it is drawn."""
    dose: DoseForm | None = None
    """Only of an opening, the quiet minute before the first exercise."""

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
            figure=self.figure.figure() if self.figure else None,
        )


class GateForm(Form):
    """What must be so before a step is entered. Whatever it does not name, it does not ask."""

    max_usual_pain: Annotated[StrictInt, Field(ge=0, le=10)] | None = None
    """The usual pain that is still fine, 0 to 10."""
    clean_steps_upto: Count | None = None
    """Each step up to this one has been practised cleanly."""
    ladder: Text | None = None
    """Whose steps, by the name of its file; this ladder's own where it is left out."""

    def gate(self) -> Gate:
        return Gate(**self.model_dump())


class LoadForm(Form):
    """The weights of a step."""

    kg: Range
    """The least and the most that one piece weighs: [2, 6]."""
    pieces: Annotated[StrictInt, Field(ge=1, le=2)] = 1
    """How many are held, all alike."""

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if self.kg[0] >= self.kg[1]:
            raise ValueError("kg: give the least and the most that one piece weighs, as [2, 6]")
        return self

    def load(self) -> Load:
        least, most = self.kg
        return Load(least=least, most=most, pieces=self.pieces)


class StepForm(Form):
    """One rung: an exercise, and the single thing that differs from the rung below."""

    step: Count
    """Its number, from 1, gentlest first."""
    exercise: Text
    """By the name of its file."""
    variable: Variable
    """The one thing that changes: skill (something new to feel or do), position, range (how far), hold
    (staying instead of moving), endurance (for longer), limbs (one more moves), lever (longer), support
    (less), base (smaller), symmetry (one side does more), tempo, rotation, load (a weight), senses (eyes or
    head are busy elsewhere)."""
    changed: Text
    """The same in words to the person."""
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
    """As clinicians number the ladders: L2."""
    name: Text
    """What people read."""
    purpose: Text
    """What it is for, in words to the person."""
    evidence: Text
    """What is known, and what is our own judgement."""
    steps: tuple[StepForm, ...] = Field(min_length=1)
    """Gentlest first, without gaps; one change from each to the next."""
    try_out: StrictBool = False
    """true: a few of its steps may be tried before the first session."""

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
    """What people read."""
    purpose: Text
    """What it is for, in words to the person."""
    occasion: Occasion
    """When it is given: morning, midday, evening (daily: up to eleven, to three, from three on), way (asked
    for with /travel), flare (every day while one runs), short (when there is no time)."""
    place: Place
    """Where it is done: floor (at home), hotel, seat (flight, train, desk), gym."""
    minutes: tuple[Annotated[StrictInt, Field(ge=2, le=LONGEST_SET)], ...] = Field(min_length=1)
    """The lengths to choose from."""
    opening: Text
    """The exercise that it begins with, by the name of its file."""
    ladders: tuple[Text, ...] = Field(min_length=1)
    """What may come up, in the order of practice, by the names of their files."""
    highest: dict[str, Count] = Field(default={})
    """For a ladder, the step above which nobody is taken here: {hinge: 2}."""
    source: Text
    """Where it comes from, and what of it is our own judgement."""

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
