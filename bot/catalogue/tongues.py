"""What content says to people in a further language. English stands in the pages themselves; every other
language has one file a kind in content/words/<language>, keyed by the names of the pages.

A translation only brings words: how many signs, phases and changes there are, and who needs a change, is
said by the pages.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import Field

from bot.catalogue.form import Form, Text
from bot.catalogue.forms import ExerciseForm, LadderForm, Sign
from bot.catalogue.shelves import Shelf, Shelves, readable
from bot.catalogue.yaml_lines import Page, Trail, read_page
from bot.domain.exercise import Caution, Exercise, Ladder, Opening, Set, Swap

ENGLISH = "en"

FormT = TypeVar("FormT", bound=Form)
WordsT = TypeVar("WordsT", bound=Form)


class ExerciseWords(Form):
    """One exercise, by the name of its page."""

    name: Text
    """What people read above it."""
    position: Text
    """How one stands, sits or lies at the start."""
    cue: Text
    """The one thing to think of."""
    breath: Text
    """When to breathe in and out."""
    signs: tuple[Sign, ...] = Field(min_length=1)
    """Those of its page, in the same order; each is a button of at most 40 characters."""
    phases: tuple[Text, ...] = ()
    """Those of its page, in the same order; left out where it has none."""
    cautions: dict[Caution, Text] = Field(default={})
    """Those of its page that are a change in words; what is done instead is no matter of words."""

    def of(self, exercise: Exercise) -> Exercise:
        changes = {caution: Swap(change=words) for caution, words in self.cautions.items()}
        return replace(
            exercise,
            name=self.name,
            position=self.position,
            cue=self.cue,
            breath=self.breath,
            signs=self.signs,
            phases=self.phases,
            cautions=MappingProxyType({**exercise.cautions, **changes}),
        )


class LadderWords(Form):
    """One ladder, by the name of its page."""

    name: Text
    """What people read."""
    purpose: Text
    """What it is for."""
    changed: tuple[Text, ...]
    """For each step the one thing that changes, gentlest first."""

    def of(self, ladder: Ladder, exercises: Mapping[str, Exercise]) -> Ladder:
        steps = zip(ladder.steps, self.changed, strict=True)
        return replace(
            ladder,
            name=self.name,
            purpose=self.purpose,
            steps=tuple(
                replace(step, exercise=exercises[step.exercise.id], changed=changed)
                for step, changed in steps
            ),
        )


class SetWords(Form):
    """One set, by the name of its page."""

    name: Text
    """What people read."""
    purpose: Text
    """What it is for."""

    def of(self, one: Set, exercises: Mapping[str, Exercise]) -> Set:
        opening = Opening(exercise=exercises[one.opening.exercise.id], dose=one.opening.dose)
        return replace(one, name=self.name, purpose=self.purpose, opening=opening)


FILES = ("exercises.yaml", "ladders.yaml", "sets.yaml")  # of a language, beside its sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """One language's words for all that can be practised, by slug."""

    exercises: Mapping[str, ExerciseWords]
    ladders: Mapping[str, LadderWords]
    sets: Mapping[str, SetWords]


def languages(content: Path) -> tuple[str, ...]:
    """English, and every further one that has a folder of words."""
    folders = sorted(path.name for path in (content / "words").glob("[a-z]*/"))
    return (ENGLISH, *(name for name in folders if name != ENGLISH))


def read_tongue(
    content: Path, language: str, shelves: Shelves
) -> tuple[Tongue | None, tuple[str, ...]]:
    """The words of a language other than English, or None, and everything that is wrong with them."""
    folder = content / "words" / language
    pages = [read_page(folder / name, content) for name in FILES]
    exercises, ladders, sets = pages
    tongue = Tongue(
        exercises=_words(exercises, ExerciseWords, shelves.exercises, _check_exercise),
        ladders=_words(ladders, LadderWords, shelves.ladders, _check_ladder),
        sets=_words(sets, SetWords, shelves.sets, lambda *_: None),
    )
    faults = tuple(fault for page in pages for fault in page.faults)
    return (None if faults else tongue), faults


def _words(
    page: Page,
    model: type[WordsT],
    shelf: Shelf[FormT],
    check: Callable[[Page, str, WordsT, FormT], None],
) -> dict[str, WordsT]:
    """What stands there for each page of a kind: each is read by itself, so that one slip hides no other."""
    if page.values is None and page.faults:
        return {}  # it could not be read at all, which is told already
    if not isinstance(page.values, dict):
        page.blame((), "should be a mapping, from the names of the pages to their words")
        return {}
    read: dict[str, WordsT] = {}
    for slug in page.values:
        if slug not in shelf:
            page.blame((slug,), "there is no such page")
        elif words := page.as_a(model, slug):
            read[slug] = words
            if form := shelf[slug][1]:
                check(page, slug, words, form)
    for slug in sorted({slug for slug, _, _ in readable(shelf)} - page.values.keys()):
        page.blame((), f"{slug} is missing")
    return read


def _check_exercise(page: Page, slug: str, words: ExerciseWords, form: ExerciseForm) -> None:
    _check_count(page, (slug, "signs"), words.signs, form.signs)
    _check_count(page, (slug, "phases"), words.phases, form.phases)
    _check_signs(page, slug, words.signs)
    changes = {caution for caution, swap in form.cautions.items() if swap.change}
    for caution in sorted(words.cautions.keys() - changes):
        page.blame((slug, "cautions", caution), "its page has no change in words for that")
    for caution in sorted(changes - words.cautions.keys()):
        page.blame((slug, "cautions"), f"{caution} is missing")


def _check_signs(page: Page, slug: str, signs: tuple[str, ...]) -> None:
    """Each is a button: of two alike, nobody knows which was meant."""
    alike = [sign.casefold() for sign in signs]
    for place, sign in enumerate(alike):
        if sign in alike[:place]:
            page.blame((slug, "signs", place), "is the same as a sign before it")


def _check_ladder(page: Page, slug: str, words: LadderWords, form: LadderForm) -> None:
    _check_count(page, (slug, "changed"), words.changed, form.steps)


def _check_count(
    page: Page, trail: Trail, words: tuple[str, ...], english: tuple[object, ...]
) -> None:
    if len(words) != len(english):
        page.blame(trail, f"should be {len(english)}, as on its page, and there are {len(words)}")
