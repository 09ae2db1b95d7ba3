"""Read the content folder into a catalogue, or say everything that is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bot.catalogue.checks import check
from bot.catalogue.faults import ContentFaulty
from bot.catalogue.shelves import read_shelves, readable
from bot.domain.exercise import Exercise, Ladder, Occasion, Opening, Set


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All that can be practised."""

    ladders: Mapping[str, Ladder]  # by slug, in the order of their codes
    exercises: Mapping[str, Exercise]  # by slug
    sets: Mapping[str, Set]  # by slug

    def set_for(self, occasion: Occasion) -> Set:
        """The one for it; of those for the way, the first."""
        return next(self.sets_for(occasion))

    def sets_for(self, occasion: Occasion) -> Iterator[Set]:
        """Those for it, in the order of their names."""
        return (one for one in self.sets.values() if one.occasion is occasion)


def read_catalogue(folder: Path) -> Catalogue:
    """The catalogue in a content folder; ContentFaulty tells all its faults by file and line."""
    shelves = read_shelves(folder)
    if faults := check(shelves):
        raise ContentFaulty(faults)
    forms = {slug: form for slug, _, form in readable(shelves.exercises)}
    exercises = {slug: form.exercise(slug) for slug, form in forms.items()}
    openings = {
        slug: Opening(exercise=exercises[slug], dose=form.dose.dose())
        for slug, form in forms.items()
        if form.dose
    }
    sets = {slug: form.set(slug, openings) for slug, _, form in readable(shelves.sets)}
    gentle = {
        slug for one in sets.values() if one.occasion is Occasion.FLARE for slug in one.ladders
    }
    ladders = {
        slug: form.ladder(slug, exercises, slug in gentle)
        for slug, _, form in sorted(readable(shelves.ladders), key=lambda read: read[2].code)
    }
    return Catalogue(
        ladders=MappingProxyType(ladders),
        exercises=MappingProxyType(exercises),
        sets=MappingProxyType(sets),
    )
