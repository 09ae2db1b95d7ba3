"""Read content/exercises and content/ladders into a catalogue, or say everything that is wrong with them.

Whatever this file lets through, the rest of the house may trust: every step has an exercise, every
exercise is used, every place, caution and piece of equipment is known. Faults are collected, never met one
by one: an author corrects them all in one sitting.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Self, TypeVar

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

from bot.catalogue.faults import ContentFaulty
from bot.catalogue.yaml_lines import Page, read_page
from bot.domain.dose import Dose
from bot.domain.exercise import EQUIPMENT, Caution, Exercise, Gate, Ladder, Opening, Place, Step

BUTTON = 40  # characters of a sign that a phone still shows on one button


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All that can be practised."""

    ladders: Mapping[str, Ladder]  # by slug, in the order of their codes
    exercises: Mapping[str, Exercise]  # by slug
    opening: Opening


def _known_equipment(name: str) -> str:
    if name not in EQUIPMENT:
        raise ValueError(f"unknown equipment; known are {', '.join(sorted(EQUIPMENT))}")
    return name


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Sign = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=BUTTON)]
Equipment = Annotated[str, AfterValidator(_known_equipment)]
Seconds = Annotated[StrictInt, Field(ge=0)]
Count = Annotated[StrictInt, Field(ge=1)]


class _Form(BaseModel):
    """A page's fields; a field that nobody knows is a slip of the pen, and a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _DoseForm(_Form):
    sets: tuple[Count, ...]
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


class _ExerciseForm(_Form):
    name: Text
    position: Text
    cue: Text
    breath: Text
    signs: tuple[Sign, ...] = Field(min_length=1)
    equipment: tuple[Equipment, ...]
    places: tuple[Place, ...] = Field(min_length=1)
    cautions: dict[Caution, Text]
    source: Text
    phases: tuple[Text, ...] = ()
    dose: _DoseForm | None = None  # only an opening has a dose of its own

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
            cautions=MappingProxyType(dict(self.cautions)),
            source=self.source,
            phases=self.phases,
        )


class _GateForm(_Form):
    max_usual_pain: Annotated[StrictInt, Field(ge=0, le=10)] | None = None
    clean_steps_upto: Count | None = None
    ladder: Text | None = None

    def gate(self) -> Gate:
        return Gate(**self.model_dump())


class _StepForm(_Form):
    step: Count
    exercise: Text
    changed: Text
    dose: _DoseForm
    gate: _GateForm | None = None
    loaded: StrictBool = False


class _LadderForm(_Form):
    code: Text
    name: Text
    purpose: Text
    evidence: Text
    in_flare: StrictBool = False
    steps: tuple[_StepForm, ...] = Field(min_length=1)
    try_out: StrictBool = False

    def ladder(self, slug: str, exercises: Mapping[str, Exercise]) -> Ladder:
        steps = (
            Step(
                exercise=exercises[form.exercise],
                dose=form.dose.dose(),
                changed=form.changed,
                gate=form.gate.gate() if form.gate else None,
                loaded=form.loaded,
            )
            for form in self.steps
        )
        return Ladder(
            id=slug,
            code=self.code,
            name=self.name,
            purpose=self.purpose,
            evidence=self.evidence,
            steps=tuple(steps),
            try_out=self.try_out,
            in_flare=self.in_flare,
        )


FormT = TypeVar("FormT", bound=_Form)
Shelf = dict[
    str, tuple[Page, FormT | None]
]  # slug -> the page, and its form where it could be read


def _shelf(folder: Path, root: Path, form: type[FormT]) -> Shelf[FormT]:
    pages = {path.stem: read_page(path, root) for path in sorted(folder.glob("*.yaml"))}
    return {slug: (page, None if page.faults else page.as_a(form)) for slug, page in pages.items()}


def _readable(shelf: Shelf[FormT]) -> Iterator[tuple[str, Page, FormT]]:
    for slug, (page, form) in shelf.items():
        if form is not None:
            yield slug, page, form


def _check_steps(ladders: Shelf[_LadderForm], exercises: Shelf[_ExerciseForm]) -> None:
    """Every step stands in its place, and asks for an exercise that there is."""
    for slug, page, ladder in _readable(ladders):
        for place, step in enumerate(ladder.steps):
            trail = ("steps", place)
            if step.step != place + 1:
                words = f"step {step.step} stands where step {place + 1} should: gentlest first, no gaps"
                page.blame((*trail, "step"), words)
            if step.exercise not in exercises:
                page.blame((*trail, "exercise"), f"there is no exercise {step.exercise}")
            elif (form := exercises[step.exercise][1]) is not None:
                _check_phases(page, (*trail, "dose"), step.dose, form)
            if step.gate is not None:
                _check_gate(page, place, step.gate, slug, ladders)


def _check_phases(
    page: Page, trail: tuple[str | int, ...], dose: _DoseForm, form: _ExerciseForm
) -> None:
    if form.phases and len(form.phases) != len(dose.tempo):
        words = f"the tempo has {len(dose.tempo)} phases, its exercise names {len(form.phases)}"
        page.blame(trail, words)


def _check_gate(
    page: Page, place: int, gate: _GateForm, own: str, ladders: Shelf[_LadderForm]
) -> None:
    """A gate may only ask for steps that come before it, or that another ladder has."""
    trail = ("steps", place, "gate")
    other = gate.ladder or own
    if other not in ladders:
        page.blame((*trail, "ladder"), f"there is no ladder {other}")
    elif (form := ladders[other][1]) is not None:
        last = place if other == own else len(form.steps)
        if (gate.clean_steps_upto or 0) > last:
            page.blame((*trail, "clean_steps_upto"), f"should be at most {last} here")


def _check_use(ladders: Shelf[_LadderForm], exercises: Shelf[_ExerciseForm]) -> None:
    """Every exercise is one step of one ladder, or the opening."""
    if any(form is None for _, form in ladders.values()):
        return  # what an unreadable ladder uses is unknown: blame nobody for it
    used = [step.exercise for _, _, ladder in _readable(ladders) for step in ladder.steps]
    for slug, page, form in _readable(exercises):
        wanted = 0 if form.dose else 1
        if used.count(slug) > wanted:
            page.blame(
                (), "an opening cannot be a step" if form.dose else "is a step more than once"
            )
        elif used.count(slug) < wanted:
            page.blame((), "no ladder uses this exercise")


def _check_codes(ladders: Shelf[_LadderForm]) -> None:
    seen: set[str] = set()
    for _, page, ladder in _readable(ladders):
        if ladder.code in seen:
            page.blame(("code",), f"another ladder is {ladder.code} already")
        seen.add(ladder.code)


def _check_flare(ladders: Shelf[_LadderForm], folder: str) -> Iterator[str]:
    """In a flare something has to be left to move with, and no weight in it."""
    for _, page, ladder in _readable(ladders):
        if ladder.in_flare and any(step.loaded for step in ladder.steps):
            page.blame(("in_flare",), "a ladder with a weight is not for a flare")
    everything_read = all(form is not None for _, form in ladders.values())
    if everything_read and not any(ladder.in_flare for _, _, ladder in _readable(ladders)):
        yield f"{folder}: at least one ladder must be in_flare: what goes on in a flare"


def _check_opening(exercises: Shelf[_ExerciseForm], folder: str) -> Iterator[str]:
    openings = [slug for slug, _, form in _readable(exercises) if form.dose]
    everything_read = all(form is not None for _, form in exercises.values())
    if len(openings) > 1 or (everything_read and not openings):
        found = ", ".join(openings) or "none"
        yield f"{folder}: exactly one exercise has a dose of its own, the opening; found: {found}"


def _faults(shelves: Iterable[Shelf[_LadderForm] | Shelf[_ExerciseForm]]) -> Iterator[str]:
    for shelf in shelves:
        for page, _ in shelf.values():
            yield from page.faults


def read_catalogue(folder: Path) -> Catalogue:
    """The catalogue in a content folder; ContentFaulty tells all its faults by file and line."""
    forms = _shelf(folder / "exercises", folder, _ExerciseForm)
    ladder_forms = _shelf(folder / "ladders", folder, _LadderForm)
    _check_steps(ladder_forms, forms)
    _check_use(ladder_forms, forms)
    _check_codes(ladder_forms)
    missing = (
        *_check_flare(ladder_forms, f"{folder.name}/ladders"),
        *_check_opening(forms, f"{folder.name}/exercises"),
    )
    if faults := (*_faults((forms, ladder_forms)), *missing):
        raise ContentFaulty(faults)

    exercises = {slug: form.exercise(slug) for slug, _, form in _readable(forms)}
    ladders = {
        slug: form.ladder(slug, exercises)
        for slug, _, form in sorted(_readable(ladder_forms), key=lambda read: read[2].code)
    }
    return Catalogue(
        ladders=MappingProxyType(ladders),
        exercises=MappingProxyType(exercises),
        opening=_opening(forms, exercises),
    )


def _opening(forms: Shelf[_ExerciseForm], exercises: Mapping[str, Exercise]) -> Opening:
    return next(
        Opening(exercise=exercises[slug], dose=form.dose.dose())
        for slug, _, form in _readable(forms)
        if form.dose
    )
