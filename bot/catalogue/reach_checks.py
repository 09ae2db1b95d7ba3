"""What can be done at all: each exercise by somebody, each beginning by everybody, each set in its minutes.

It asks what the sequence asks (bot/domain/sequence.py): a place, what is at hand there, and time.
"""

from collections.abc import Iterator, Sequence

from bot.catalogue.forms import ExerciseForm, LadderForm, SetForm
from bot.catalogue.shelves import Shelf, Shelves, all_read, readable
from bot.catalogue.step_checks import check_dose
from bot.catalogue.yaml_lines import Page
from bot.domain.dose import FLARE, Dose
from bot.domain.exercise import OWNED, Caution, Place
from bot.domain.sequence import ASSUMED, AT_HAND, CHANGEOVER, LEAST, LONGEST_OPENING

Written = tuple[Page, ExerciseForm]


def check_reach(shelves: Shelves) -> None:
    for _, page, form in readable(shelves.exercises):
        if not any(_possible(form, place) for place in form.places):
            words = f"at none of its places ({', '.join(form.places)}) is all of this at hand"
            page.blame(("equipment",), words)
        _check_opening(page, form)
    longest = max((_seconds(form) for _, _, form in readable(shelves.exercises)), default=0)
    for _, page, ladder in readable(shelves.ladders):
        steps = _written(ladder, shelves.exercises)
        _check_beginning(page, steps)
        _check_ends_of_swaps(steps)
        _check_times(page, ladder, longest)
    for _, page, chosen in readable(shelves.sets):
        _check_set(page, chosen, shelves)


def _possible(form: ExerciseForm, place: Place, *, owned: bool = True) -> bool:
    """There, for somebody; or, owned aside, for everybody."""
    at_hand = OWNED if owned and place in AT_HAND else frozenset[str]()
    return place in form.places and ASSUMED[place] | at_hand >= {*form.equipment}


def _seconds(form: ExerciseForm | None) -> int:
    """Of an opening. One that is far too long is told itself, and not at all that it leaves no time for."""
    seconds = form.dose.dose().seconds if form and form.dose else 0
    return 0 if seconds > LONGEST_OPENING else seconds


def _said(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s"


# Exercises and ladders.


def _check_opening(page: Page, form: ExerciseForm) -> None:
    if form.dose is None:
        return
    check_dose(page, ("dose",), form.dose)
    if (seconds := form.dose.dose().seconds) > LONGEST_OPENING:
        words = f"takes {_said(seconds)}; an opening takes at most {_said(LONGEST_OPENING)}"
        page.blame(("dose",), words)
    if form.cautions:
        page.blame(("cautions",), "an opening suits everybody: its cautions are told to nobody")


def _written(ladder: LadderForm, exercises: Shelf[ExerciseForm]) -> dict[str, Written | None]:
    """The exercises of a ladder in its order; None for what could not be read."""
    read = {slug: (page, form) for slug, page, form in readable(exercises)}
    return {step.exercise: read.get(step.exercise) for step in ladder.steps}


def _check_beginning(page: Page, steps: dict[str, Written | None]) -> None:
    """Whoever can do nothing else of a ladder comes back to its first step."""
    slug, first = next(iter(steps.items()))
    if first and not _possible(first[1], Place.FLOOR, owned=False):
        words = f"everybody begins here, and not everybody can do {slug} at home"
        page.blame(("steps", 0, "exercise"), words)


def _check_ends_of_swaps(steps: dict[str, Written | None]) -> None:
    """What a caution asks for instead, followed to its end, is something to do at home."""
    first = next(iter(steps))  # told by itself
    for slug, written in steps.items():
        page, form = written or (None, None)
        if page is None or form is None:
            continue
        for caution, swap in form.cautions.items():
            end = _end(slug, caution, steps) if swap.instead else first
            if end != first and (last := steps[end]) and not _possible(last[1], Place.FLOOR):
                words = f"leads to {end}, which nobody can do at home"
                page.blame(("cautions", caution, "instead"), words)


def _end(slug: str, caution: Caution, steps: dict[str, Written | None]) -> str:
    """The exercise that suits; the first one where the way goes wrong, which is told by itself."""
    order = [*steps]
    while (written := steps[slug]) and (swap := written[1].cautions.get(caution)) and swap.instead:
        if swap.instead not in order[: order.index(slug)]:
            return order[0]
        slug = swap.instead
    return slug


def _check_times(page: Page, ladder: LadderForm, opening: int) -> None:
    """The shortest ritual has room for any step: so nobody stands on one that never comes up."""
    for place, step in enumerate(ladder.steps):
        seconds = opening + CHANGEOVER + step.dose.dose().seconds
        if seconds > LEAST:
            words = f"takes {_said(seconds)} with an opening; a ritual may have {_said(LEAST)}"
            page.blame(("steps", place, "dose"), words)


# Sets.


def _check_set(page: Page, form: SetForm, shelves: Shelves) -> None:
    opening = shelves.exercises.get(form.opening, (page, None))[1]
    if opening is not None and not _possible(opening, form.place, owned=False):
        page.blame(("opening",), f"not everybody can do {form.opening} at its place, {form.place}")
    rooms = [minutes * 60 - _seconds(opening) for minutes in form.minutes]
    possible = False
    for place, slug in enumerate(form.ladders):
        ladder = shelves.ladders[slug][1] if slug in shelves.ladders else None
        if ladder is None:
            continue
        top = form.highest.get(slug, len(ladder.steps))
        times = [*_times(ladder, top, form.place, shelves.exercises)]
        possible = possible or bool(times)
        if not times:
            words = f"no step of {slug} up to {top} can be done at its place, {form.place}"
            page.blame(("ladders", place), words)
        elif min(times) > max(rooms):
            words = f"no step of {slug} up to {top} fits into {max(form.minutes)} minutes"
            page.blame(("ladders", place), words)
    if possible:
        _check_beginner(page, form, rooms, shelves)


def _times(
    ladder: LadderForm, top: int, place: Place, exercises: Shelf[ExerciseForm]
) -> Iterator[int]:
    """How long the steps that somebody can do there take at the smallest dose."""
    for step in ladder.steps[:top]:
        form = exercises[step.exercise][1] if step.exercise in exercises else None
        if form is None or _possible(form, place):
            yield _least(step.dose.dose())


def _least(dose: Dose) -> int:
    return CHANGEOVER + dose.at(FLARE).seconds


def _check_beginner(page: Page, form: SetForm, rooms: Sequence[int], shelves: Shelves) -> None:
    """Someone on the first steps, who owns nothing, always has something to do."""
    if not all_read(shelves.ladders) or not all_read(shelves.exercises):
        return  # it may be on the page that cannot be read
    firsts = [
        step
        for slug in form.ladders
        if slug in shelves.ladders and (ladder := shelves.ladders[slug][1])
        if (step := ladder.steps[0]).exercise in shelves.exercises
        if (exercise := shelves.exercises[step.exercise][1])
        if _possible(exercise, form.place, owned=False)
    ]
    if not firsts:
        page.blame(("ladders",), f"a beginner finds nothing to do at its place, {form.place}")
        return
    shortest = min(_least(step.dose.dose()) for step in firsts)
    for place, (minutes, room) in enumerate(zip(form.minutes, rooms, strict=True)):
        if room < shortest:
            words = f"no first step fits into {minutes} minutes with its opening"
            page.blame(("minutes", place), words)
