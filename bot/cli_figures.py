"""`backbeat figures`, and what `backbeat check` says of figures: whether a body can do what is drawn."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.catalogue.reading import Catalogue
from bot.catalogue.words import Words
from bot.catalogue.yaml_lines import read_page
from bot.domain.dose import Dose
from bot.domain.exercise import Exercise
from bot.domain.look import Taste, Theme
from bot.pictures.card import Shown
from bot.pictures.clip import NoEncoder, clip
from bot.pictures.contact import contact_sheet
from bot.pictures.physics import troubles
from bot.pictures.poster import poster

OPENINGS = "openings"  # the sheet of what belongs to no ladder


class FigureUnknown(Exception):
    """There is no exercise of that name, or it is not drawn."""


def figure_faults(content: Path, catalogue: Catalogue) -> Iterator[str]:
    """What a body can't do, by file and line."""
    for exercise in catalogue.exercises.values():
        if exercise.figure is None:
            continue
        for trouble in troubles(exercise.figure):
            page = read_page(content / "exercises" / f"{exercise.id}.yaml", content)
            yield page.fault(("figure", "poses", trouble.start), str(trouble))


def draw_sheets(catalogue: Catalogue, words: Words, folder: Path) -> Iterator[Path]:
    """A contact sheet for each ladder, and one for the openings."""
    folder.mkdir(parents=True, exist_ok=True)
    doses = dict(_doses(catalogue))
    for slug, ladder in catalogue.ladders.items():
        shown = [_shown(words, one.exercise, one.dose, Theme.PAPER) for one in ladder.steps]
        yield _written(folder / f"{slug}.png", contact_sheet(_drawn(shown), ladder.name))
    openings = dict.fromkeys(one.opening.exercise.id for one in catalogue.sets.values())
    shown = [_shown(words, catalogue.exercises[one], doses[one], Theme.PAPER) for one in openings]
    yield _written(folder / f"{OPENINGS}.png", contact_sheet(_drawn(shown), OPENINGS.title()))


def draw_exercises(
    catalogue: Catalogue, words: Words, names: Iterable[str], theme: Theme, folder: Path
) -> Iterator[Path]:
    """The poster of each, and its clip where PyAV is installed. Raises FigureUnknown."""
    folder.mkdir(parents=True, exist_ok=True)
    doses = dict(_doses(catalogue))
    for name in names:
        exercise = catalogue.exercises.get(name)
        if exercise is None or name not in doses:
            raise FigureUnknown(f"there is no exercise {name}")
        shown = _shown(words, exercise, doses[name], theme)
        if shown is None:
            raise FigureUnknown(f"{name} is not drawn: its file has no figure")
        picture = poster(shown.figure, shown.look, shown.name, shown.dose)
        yield _written(folder / f"{name}.png", picture)
        try:
            film = clip(shown.figure, shown.look, doses[name])
        except NoEncoder:
            continue
        yield _written(folder / f"{name}.mp4", film)


def _doses(catalogue: Catalogue) -> Iterator[tuple[str, Dose]]:
    for ladder in catalogue.ladders.values():
        for step in ladder.steps:
            yield step.exercise.id, step.dose
    for one in catalogue.sets.values():
        yield one.opening.exercise.id, one.opening.dose


def _shown(words: Words, exercise: Exercise, dose: Dose, theme: Theme) -> Shown | None:
    if exercise.figure is None:
        return None
    line = words.label("dose.line", dose=dose, phases=exercise.phases)
    return Shown(exercise.figure, Taste(theme).look(exercise.id), exercise.name, line)


def _drawn(shown: Iterable[Shown | None]) -> list[Shown]:
    return [one for one in shown if one is not None]


def _written(path: Path, picture: bytes) -> Path:
    path.write_bytes(picture)
    return path
