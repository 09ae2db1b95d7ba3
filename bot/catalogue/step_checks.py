"""What must hold from step to step: one change at a time, a dose without slips, and gates that open."""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from bot.catalogue.forms import DoseForm, ExerciseForm, GateForm, LadderForm, StepForm
from bot.catalogue.shelves import Shelf, readable
from bot.catalogue.yaml_lines import Page, Trail
from bot.domain.exercise import Variable

Rung = tuple[str, int]  # a ladder and the number of a step


def check_steps(ladders: Shelf[LadderForm], exercises: Shelf[ExerciseForm]) -> None:
    """Each ladder by itself, and then the gates that lie between them."""
    for slug, page, ladder in readable(ladders):
        for place, step in enumerate(ladder.steps):
            trail = ("steps", place)
            if step.step != place + 1:
                words = f"step {step.step} stands where step {place + 1} should: gentlest first, no gaps"
                page.blame((*trail, "step"), words)
            if step.exercise not in exercises:
                page.blame((*trail, "exercise"), f"there is no exercise {step.exercise}")
            elif (form := exercises[step.exercise][1]) is not None:
                _check_phases(page, (*trail, "dose"), step.dose, form)
            check_dose(page, (*trail, "dose"), step.dose)
            if step.gate is not None:
                _check_gate(page, place, step.gate, slug, ladders)
        _check_changes(page, ladder)
        _check_weights(page, ladder)
    _check_gates_open(ladders)


def _check_phases(page: Page, trail: Trail, dose: DoseForm, form: ExerciseForm) -> None:
    if form.phases and len(form.phases) != len(dose.tempo):
        words = f"the tempo has {len(dose.tempo)} phases, its exercise names {len(form.phases)}"
        page.blame(trail, words)


def check_dose(page: Page, trail: Trail, dose: DoseForm) -> None:
    """Seconds that nobody would ever wait are a slip of the pen."""
    if dose.rest and len(dose.sets) == 1:
        page.blame((*trail, "rest"), "is between sets, and there is one")
    if dose.pause and (dose.hold is None or max(dose.sets) == 1):
        page.blame((*trail, "pause"), "is between the holds of a set, and no set has two")


# Each variable.


def _lasts_longer(step: StepForm, before: StepForm) -> bool:
    """A repetition, a hold, or all those of a set."""
    now, then = step.dose.dose(), before.dose.dose()
    return now.once_seconds > then.once_seconds or now.once_seconds * max(
        now.sets
    ) > then.once_seconds * max(then.sets)


# What a variable says about a step by itself, and about it and the one before.
ALONE: Mapping[Variable, tuple[Callable[[StepForm], bool], str]] = {
    Variable.HOLD: (lambda step: step.dose.hold is not None, "the dose has no hold"),
    Variable.TEMPO: (lambda step: bool(step.dose.tempo), "the dose has no tempo"),
    Variable.SYMMETRY: (lambda step: step.dose.per_side, "the dose is not per_side"),
    Variable.LOAD: (lambda step: step.load is not None, "there is no load"),
}
COMPARED: Mapping[Variable, tuple[Callable[[StepForm, StepForm], bool], str]] = {
    Variable.TEMPO: (
        lambda step, before: step.dose.tempo != before.dose.tempo,
        "the tempo is that of the step before",
    ),
    Variable.LOAD: (
        lambda step, before: step.load != before.load,
        "the load is that of the step before",
    ),
    Variable.ENDURANCE: (
        _lasts_longer,
        "neither a repetition, a hold nor a set lasts longer than at the step before",
    ),
}


def _check_changes(page: Page, ladder: LadderForm) -> None:
    """The one thing that a step says it changes is seen to change, and said in words of its own."""
    for place, (before, step) in enumerate(zip((None, *ladder.steps), ladder.steps, strict=False)):
        if unseen := _unseen(step, before):
            page.blame(("steps", place, "variable"), f"{step.variable}, yet {unseen}")
        if before and step.changed.casefold() == before.changed.casefold():
            page.blame(("steps", place, "changed"), "says the same as the step before")


def _unseen(step: StepForm, before: StepForm | None) -> str | None:
    """Why the change cannot be seen."""
    holds, words = ALONE.get(step.variable, (None, ""))
    if holds and not holds(step):
        return words
    differs, words = COMPARED.get(step.variable, (None, ""))
    return words if differs and before and not differs(step, before) else None


def _check_weights(page: Page, ladder: LadderForm) -> None:
    """The first weight is a change of its own, and from there on every step has one."""
    first = next((place for place, step in enumerate(ladder.steps) if step.load), None)
    if first is None:
        return
    if ladder.steps[first].variable is not Variable.LOAD:
        page.blame(
            ("steps", first, "variable"), "should be load: the first weight is what changes here"
        )
    for place, (before, step) in enumerate(pairwise(ladder.steps), 1):
        if place > first + 1 and step.load and not before.load:
            page.blame(("steps", place, "load"), f"comes back: step {place} went without a weight")


# Gates.


def _check_gate(
    page: Page, place: int, gate: GateForm, own: str, ladders: Shelf[LadderForm]
) -> None:
    """A gate may only ask for steps that come before it, or that another ladder has."""
    trail = ("steps", place, "gate")
    other = gate.ladder or own
    if place == 0:
        page.blame(trail, "everybody begins at the first step: it has no gate")
    if gate.max_usual_pain is None and gate.clean_steps_upto is None:
        page.blame(trail, "asks for nothing: say max_usual_pain, clean_steps_upto or both")
    if other not in ladders:
        page.blame((*trail, "ladder"), f"there is no ladder {other}")
    elif (form := ladders[other][1]) is not None:
        last = place if other == own else len(form.steps)
        if (gate.clean_steps_upto or 0) > last:
            page.blame((*trail, "clean_steps_upto"), f"should be at most {last} here")


def _check_gates_open(ladders: Shelf[LadderForm]) -> None:
    """Someone without pain who practises every ladder comes to every step, sooner or later."""
    asked = {
        (slug, number): rung
        for slug, _, ladder in readable(ladders)
        for number, step in enumerate(ladder.steps, 1)
        if step.gate and (rung := _asked(step.gate, slug, number, ladders))
    }
    reached = _reached({slug: len(ladder.steps) for slug, _, ladder in readable(ladders)}, asked)
    for slug, page, ladder in readable(ladders):
        if reached[slug] < len(ladder.steps):
            waits = _waits((slug, reached[slug] + 1), asked, reached)
            words = f"nobody can ever enter here: {', and '.join(waits)}"
            page.blame(("steps", reached[slug], "gate"), words)


def _asked(gate: GateForm, own: str, number: int, ladders: Shelf[LadderForm]) -> Rung | None:
    """The step that must have been clean. None for one that isn't there, which is told already."""
    other, clean = gate.ladder or own, gate.clean_steps_upto
    form = ladders[other][1] if other in ladders else None
    if form is None or clean is None:
        return None
    return (other, clean) if clean <= (number - 1 if other == own else len(form.steps)) else None


def _reached(tops: Mapping[str, int], asked: Mapping[Rung, Rung]) -> dict[str, int]:
    """The highest step of each ladder that gates let anyone come to."""
    reached = dict.fromkeys(tops, 0)

    def can_go_on(slug: str) -> bool:
        gate = asked.get((slug, reached[slug] + 1))
        return reached[slug] < tops[slug] and (gate is None or reached[gate[0]] >= gate[1])

    while ready := [slug for slug in tops if can_go_on(slug)]:
        for slug in ready:
            reached[slug] += 1
    return reached


def _waits(first: Rung, asked: Mapping[Rung, Rung], reached: Mapping[str, int]) -> Iterator[str]:
    """From the first on, who waits for whom, until it comes round."""
    told: list[Rung] = []
    rung = first
    while rung not in told:
        told.append(rung)
        other, clean = asked[rung]
        yield f"step {rung[1]} of {rung[0]} waits for step {clean} of {other}"
        rung = (other, reached[other] + 1)
