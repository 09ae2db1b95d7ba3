"""The pages of content, by kind and slug, each with its form where it could be read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.catalogue.form import Form
from bot.catalogue.forms import ExerciseForm, LadderForm, SetForm
from bot.catalogue.yaml_lines import Page, read_page

# The names of ladders and sets travel in buttons, which hold 64 bytes in all.
SLUG = re.compile(r"[a-z][a-z0-9-]{0,29}")

KIND = ".yaml"

FormT = TypeVar("FormT", bound=Form)
Shelf = dict[str, tuple[Page, FormT | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """All pages of a content folder."""

    name: str  # of the folder, as authors know it
    exercises: Shelf[ExerciseForm]
    ladders: Shelf[LadderForm]
    sets: Shelf[SetForm]

    @property
    def faults(self) -> tuple[str, ...]:
        """Whatever is wrong with any page, in the order of the pages."""
        pages = (
            page
            for shelf in (self.exercises, self.ladders, self.sets)
            for page, _ in shelf.values()
        )
        return tuple(fault for page in pages for fault in page.faults)


def read_shelves(folder: Path) -> Shelves:
    """Every page that there is; what cannot be read is among its faults."""
    return Shelves(
        name=folder.name,
        exercises=_shelf(folder / "exercises", folder, ExerciseForm),
        ladders=_shelf(folder / "ladders", folder, LadderForm),
        sets=_shelf(folder / "sets", folder, SetForm),
    )


def readable(shelf: Shelf[FormT]) -> Iterator[tuple[str, Page, FormT]]:
    """Slug, page and form of those that could be read."""
    for slug, (page, form) in shelf.items():
        if form is not None:
            yield slug, page, form


def all_read(shelf: Shelf[FormT]) -> bool:
    """Nothing is unknown: only then is it fair to say that something is missing."""
    return all(form is not None for _, form in shelf.values())


def _shelf(folder: Path, root: Path, form: type[FormT]) -> Shelf[FormT]:
    """Files of other kinds are pages, too, so that a slip in a name doesn't hide what was written."""
    paths = sorted(path for path in folder.glob("*") if not path.name.startswith("."))
    return {
        path.stem if path.suffix == KIND else path.name: _page(path, root, form) for path in paths
    }


def _page(path: Path, root: Path, form: type[FormT]) -> tuple[Page, FormT | None]:
    if path.suffix != KIND:
        page = Page(path.relative_to(root.parent).as_posix())
        page.blame((), f"is not read: its name should end in {KIND}")
        return page, None
    page = read_page(path, root)
    if not SLUG.fullmatch(path.stem):
        words = "its name should be at most 30 small letters, digits and hyphens, beginning with a letter"
        page.blame((), words)
    return page, page.as_a(form)
