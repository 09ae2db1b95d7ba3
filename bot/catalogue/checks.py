"""What must hold between the pages of content. Whatever passes here, the rest of the house may trust.

Faults are collected, never met one by one: an author corrects them all in one sitting.
"""

from collections.abc import Iterator

from bot.catalogue.figure_checks import check_figures
from bot.catalogue.forms import ExerciseForm, LadderForm, SetForm, StepForm
from bot.catalogue.reach_checks import check_reach
from bot.catalogue.shelves import Shelf, Shelves, all_read, readable
from bot.catalogue.step_checks import check_steps
from bot.catalogue.yaml_lines import Page
from bot.domain.exercise import Occasion

DAILY = (Occasion.MORNING, Occasion.MIDDAY, Occasion.EVENING)
ONCE = (*DAILY, Occasion.FLARE, Occasion.SHORT)


def check(shelves: Shelves) -> tuple[str, ...]:
    """Every fault of every page, and then what is missing altogether."""
    check_steps(shelves.ladders, shelves.exercises)
    check_reach(shelves)
    check_figures(shelves.exercises, shelves.ladders)
    _check_signs(shelves.exercises)
    _check_swaps(shelves.ladders, shelves.exercises)
    _check_use(shelves)
    _check_codes(shelves.ladders)
    _check_sets(shelves)
    return (*shelves.faults, *_missing_sets(shelves))


def _check_signs(exercises: Shelf[ExerciseForm]) -> None:
    """Each is a button: of two alike, nobody knows which was meant."""
    for _, page, form in readable(exercises):
        alike = [sign.casefold() for sign in form.signs]
        for place, sign in enumerate(alike):
            if sign in alike[:place]:
                page.blame(("signs", place), "is the same as a sign before it")


def _check_swaps(ladders: Shelf[LadderForm], exercises: Shelf[ExerciseForm]) -> None:
    """What is done instead is an earlier step of the same ladder: so following it comes to an end."""
    for _, _, ladder in readable(ladders):
        earlier: list[str] = []
        for step in ladder.steps:
            page, form = exercises.get(step.exercise, (None, None))
            if page is None:
                break  # it may be the very one that is done instead further up
            if form is not None:
                _check_instead(page, form, earlier)
            earlier.append(step.exercise)


def _check_instead(page: Page, form: ExerciseForm, earlier: list[str]) -> None:
    for caution, swap in form.cautions.items():
        if swap.instead is not None and swap.instead not in earlier:
            words = (
                f"should be an earlier step of its ladder: {', '.join(earlier) or 'there is none'}"
            )
            page.blame(("cautions", caution, "instead"), words)


def _check_use(shelves: Shelves) -> None:
    """Every exercise is one step of one ladder, or opens a set."""
    if not all_read(shelves.ladders) or not all_read(shelves.sets):
        return  # what an unreadable page uses is unknown: blame nobody for it
    used = [step.exercise for _, _, ladder in readable(shelves.ladders) for step in ladder.steps]
    openings = {form.opening for _, _, form in readable(shelves.sets)}
    for slug, page, form in readable(shelves.exercises):
        if form.dose and slug in used:
            page.blame((), "an opening cannot be a step")
        elif form.dose and slug not in openings:
            page.blame((), "no set begins with this opening")
        elif used.count(slug) > 1:
            page.blame((), "is a step more than once")
        elif not form.dose and slug not in used and slug not in openings:
            page.blame((), "no ladder uses this exercise")


def _check_codes(ladders: Shelf[LadderForm]) -> None:
    seen: set[str] = set()
    for _, page, ladder in readable(ladders):
        if ladder.code in seen:
            page.blame(("code",), f"another ladder is {ladder.code} already")
        seen.add(ladder.code)


def _check_sets(shelves: Shelves) -> None:
    seen: set[Occasion] = set()
    for _, page, form in readable(shelves.sets):
        if form.occasion in ONCE and form.occasion in seen:
            page.blame(("occasion",), f"another set is for {form.occasion} already")
        seen.add(form.occasion)
        _check_opening(page, form, shelves.exercises)
        _check_ladders(page, form, shelves.ladders)
        if form.occasion in DAILY:
            _check_daily(page, form, shelves.ladders)


def _check_opening(page: Page, form: SetForm, exercises: Shelf[ExerciseForm]) -> None:
    if form.opening not in exercises:
        page.blame(("opening",), f"there is no exercise {form.opening}")
    elif (opening := exercises[form.opening][1]) is not None and opening.dose is None:
        page.blame(("opening",), f"{form.opening} has no dose of its own, as an opening has")


def _check_ladders(page: Page, form: SetForm, ladders: Shelf[LadderForm]) -> None:
    for place, slug in enumerate(form.ladders):
        trail = ("ladders", place)
        if slug not in ladders:
            page.blame(trail, f"there is no ladder {slug}")
        elif slug in form.ladders[:place]:
            page.blame(trail, f"{slug} stands here twice")
        elif form.occasion is Occasion.FLARE and _with_a_weight(ladders[slug][1]):
            page.blame(trail, "a ladder with a weight is not for a flare")
    for slug, step in form.highest.items():
        ladder = ladders[slug][1] if slug in ladders else None
        if slug not in form.ladders:
            page.blame(("highest", slug), "is not among the ladders of this set")
        elif ladder is not None and step > len(ladder.steps):
            page.blame(("highest", slug), f"should be at most {len(ladder.steps)}")


def _with_a_weight(ladder: LadderForm | None) -> bool:
    steps: tuple[StepForm, ...] = ladder.steps if ladder else ()
    return any(step.load for step in steps)


def _check_daily(page: Page, form: SetForm, ladders: Shelf[LadderForm]) -> None:
    """Elsewhere a ladder may be left out; here it would never come up."""
    if left_out := [slug for slug in ladders if slug not in form.ladders]:
        page.blame(("ladders",), f"a daily set has all ladders; missing: {', '.join(left_out)}")


def _missing_sets(shelves: Shelves) -> Iterator[str]:
    if not all_read(shelves.sets):
        return
    there = {form.occasion for _, _, form in readable(shelves.sets)}
    for occasion in Occasion:
        if occasion not in there:
            yield f"{shelves.name}/sets:1: there is no set for {occasion}"
