"""Whether an exercise's figure goes through the phases that its dose has."""

from collections.abc import Iterator

from bot.catalogue.forms import DoseForm, ExerciseForm, LadderForm
from bot.catalogue.shelves import Shelf, readable
from bot.catalogue.yaml_lines import Page
from bot.domain.figure import HOLD, Figure

CYCLE = ("figure", "cycle")


def check_figures(exercises: Shelf[ExerciseForm], ladders: Shelf[LadderForm]) -> None:
    """Each exercise that is drawn, against the dose of its step, or its own."""
    doses = {
        step.exercise: step.dose for _, _, ladder in readable(ladders) for step in ladder.steps
    }
    for slug, page, form in readable(exercises):
        dose = form.dose or doses.get(slug)
        if form.figure is not None and dose is not None:
            _check_phases(page, form.figure.figure(), form, dose)


def _check_phases(page: Page, figure: Figure, form: ExerciseForm, dose: DoseForm) -> None:
    for words in _faults(figure.phases, form.phases, dose):
        page.blame(CYCLE, words)


def _faults(drawn: tuple[str, ...], named: tuple[str, ...], dose: DoseForm) -> Iterator[str]:
    if dose.hold is not None:
        if strange := [phase for phase in drawn if phase != HOLD]:
            yield f'the dose is a hold: of phases there is only "{HOLD}", not {", ".join(strange)}'
    elif len(drawn) != len(dose.tempo):
        yield f"the tempo has {len(dose.tempo)} phases, the moves of the cycle name {len(drawn)}"
    elif named and drawn != named:
        yield f"goes through {', '.join(drawn)}; the exercise names {', '.join(named)}"
