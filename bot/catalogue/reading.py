"""Read the content folder into a catalogue, or say everything that is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from bot.catalogue.checks import check
from bot.catalogue.faults import ContentFaulty
from bot.catalogue.shelves import Shelves, read_shelves, readable
from bot.catalogue.tongues import ENGLISH, Tongue, languages, read_tongue
from bot.domain.exercise import Exercise, Ladder, Occasion, Opening, Set


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All that can be practised."""

    ladders: Mapping[str, Ladder]  # by slug, in the order of their codes
    exercises: Mapping[str, Exercise]  # by slug
    sets: Mapping[str, Set]  # by slug
    # The same in each language but English, by its name.
    translated: Mapping[str, "Catalogue"] = field(default_factory=dict, repr=False)

    def spoken(self, language: str) -> "Catalogue":
        """The same in the words of a language; in English where it is English, or not known here."""
        return self.translated.get(language, self)

    def set_for(self, occasion: Occasion) -> Set:
        """The one for it; of those for the way, the first."""
        return next(self.sets_for(occasion))

    def sets_for(self, occasion: Occasion) -> Iterator[Set]:
        """Those for it, in the order of their names."""
        return (one for one in self.sets.values() if one.occasion is occasion)


def read_catalogue(folder: Path) -> Catalogue:
    """The catalogue in a content folder; ContentFaulty tells all its faults by file and line."""
    shelves = read_shelves(folder)
    read = {one: read_tongue(folder, one, shelves) for one in languages(folder) if one != ENGLISH}
    told = (fault for _, faults in read.values() for fault in faults)
    if faults := (*check(shelves), *told):
        raise ContentFaulty(faults)
    catalogue = _catalogue(shelves)
    translated = {
        one: _translated(catalogue, tongue) for one, (tongue, _) in read.items() if tongue
    }
    return replace(catalogue, translated=MappingProxyType(translated))


def _catalogue(shelves: Shelves) -> Catalogue:
    """All that can be practised, in English; the pages are known to be sound."""
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


def _translated(catalogue: Catalogue, tongue: Tongue) -> Catalogue:
    exercises = {slug: tongue.exercises[slug].of(one) for slug, one in catalogue.exercises.items()}
    ladders = {
        slug: tongue.ladders[slug].of(one, exercises) for slug, one in catalogue.ladders.items()
    }
    sets = {slug: tongue.sets[slug].of(one, exercises) for slug, one in catalogue.sets.items()}
    return Catalogue(
        ladders=MappingProxyType(ladders),
        exercises=MappingProxyType(exercises),
        sets=MappingProxyType(sets),
    )
