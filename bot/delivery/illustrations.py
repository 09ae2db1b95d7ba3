"""The pictures of exercises: which of them a card has, and the recipe by which each is known.

The same exercise in the same look is the same picture for everybody; a day's card belongs to whoever it was
drawn for.
"""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from bot.catalogue.words import Words
from bot.delivery.letter import Medium, Picture
from bot.delivery.orders import DayCard, Film, Shown
from bot.domain.figure import Figure
from bot.domain.look import Look, Taste
from bot.domain.sequence import Portion
from bot.domain.sequence import Sequence as Exercises
from bot.pictures.mark import renderer
from bot.practice.foresight import Foreseen
from bot.practice.plan import Plan

_MARKS: dict[int, tuple[Figure, str]] = {}  # of content, which never changes while we run


def picture_of_day(words: Words, plan: Plan) -> Picture | None:
    """The exercises of a session on one sheet; None where one of them can't be drawn: it would be missing.

    Its title is that of the set, never a name of their own: it says nothing of a person.
    """
    return _of_day(words, plan.sequence, plan.set.name, plan.taste)


def _of_day(words: Words, sequence: Exercises, name: str, taste: Taste) -> Picture | None:
    doses = (words.label("dose.short", dose=one.dose) for one in sequence.portions)
    every = zip(sequence.portions, doses, strict=True)
    shown = tuple(filter(None, (_shown(one, dose, taste) for one, dose in every)))
    if not shown or len(shown) < len(sequence.portions):
        return None
    card = DayCard(shown, taste.theme, name)
    told = (*map(_told, shown), card.theme.value, card.title)
    return Picture(recipe=_recipe("day", told), drawing=card)


def picture_of_work(words: Words, portion: Portion, taste: Taste) -> Picture | None:
    """An exercise as it moves, at its pace; until that is there, its poster."""
    phases = portion.exercise.phases
    shown = _shown(portion, words.label("dose.line", dose=portion.dose, phases=phases), taste)
    if shown is None:
        return None
    poster = Picture(recipe=_recipe("poster", _told(shown)), drawing=shown, own=False)
    # Neither sets nor rests are seen in it: with one of each it is the same film for more people.
    pace = replace(portion.dose, sets=(1,), rest=0, pause=0, per_side=False)
    film = Film(shown.figure, shown.look, pace)
    told = (_mark(film.figure), *_written(film.look), pace.tempo, pace.hold)
    return Picture(
        recipe=_recipe("clip", told),
        medium=Medium.CLIP,
        drawing=film,
        own=False,
        instead=poster,
    )


def pictures_of(words: Words, coming: Foreseen) -> list[Picture]:
    """All that a session may show, in the order in which it is wanted."""
    sequence, taste = coming.sequence, coming.taste
    day = _of_day(words, sequence, coming.name, taste)
    works = [picture_of_work(words, portion, taste) for portion in sequence.portions]
    posters = [work.instead for work in works if work is not None]
    return [one for one in (day, *posters, *works) if one is not None]


def _shown(portion: Portion, dose: str, taste: Taste) -> Shown | None:
    exercise = portion.exercise
    if exercise.figure is None:
        return None
    return Shown(exercise.figure, taste.look(exercise.id), exercise.name, dose)


def _told(shown: Shown) -> tuple[str, ...]:
    return (_mark(shown.figure), *_written(shown.look), shown.name, shown.dose)


def _written(look: Look) -> tuple[str, ...]:
    return (look.theme.value, look.tone.value, look.build.value)


def _recipe(kind: str, told: Sequence[object]) -> str:
    return sha256(repr((renderer(), kind, *told)).encode()).hexdigest()


def _mark(figure: Figure) -> str:
    """A hash of the poses; to write them all down takes longer than the rest of a letter."""
    kept = _MARKS.get(id(figure))
    if kept is None or kept[0] is not figure:
        kept = _MARKS[id(figure)] = (figure, sha256(repr(figure).encode()).hexdigest())
    return kept[1]
