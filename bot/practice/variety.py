"""Several rituals, and how their sequences differ: by hour, by minutes, and for who wants something else."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from bot.catalogue.reading import Catalogue
from bot.domain.exercise import Occasion, Set
from bot.domain.person import Person
from bot.domain.rhythm import Ritual
from bot.domain.session import Session

# From which hour on a daily ritual is of which occasion, the latest first.
DAILY = ((15, Occasion.EVENING), (11, Occasion.MIDDAY), (0, Occasion.MORNING))
DAILY_OCCASIONS = tuple(occasion for _, occasion in DAILY)


def set_of(ritual: Ritual, catalogue: Catalogue) -> Set:
    """The set of a ritual's hour."""
    hour = ritual.wall_time.hour
    return catalogue.set_for(next(occasion for begins, occasion in DAILY if hour >= begins))


def by_id(rituals: Iterable[Ritual], ritual_id: int | None) -> Ritual | None:
    """The ritual of a delivery; None where it is kept no more, or none is named."""
    return next((ritual for ritual in rituals if ritual.id == ritual_id), None)


def by_key(rituals: tuple[Ritual, ...], key: int | None) -> Ritual:
    """The ritual of a session; the earliest one where it is kept no more."""
    return next((ritual for ritual in rituals if ritual.key == key), rituals[0])


def of_ritual(person: Person, ritual: Ritual) -> Person:
    """Someone with the minutes that they have for this one."""
    return person if ritual.minutes is None else replace(person, minutes=ritual.minutes)


def of_same_day(day: dt.date, past: Iterable[Session]) -> dict[str, int]:
    """The ladders that the day's other rituals have given, answered or not: they needn't come twice."""
    return {
        given.ladder: day.toordinal()
        for other in past
        if other.day == day and not other.travel
        for given in other.given
    }


def is_followed(session: Session, every: Iterable[Session]) -> bool:
    """What came after it was given with this one in sight: it stays as it was."""
    return any(
        later.day > session.day
        or (later.day == session.day and later.id > session.id and not later.travel)
        for later in every
        if later.given
    )


def own_name(rituals: Iterable[Ritual], session: Session, chosen: Set) -> str | None:
    """What they call it, on a day like others."""
    if session.travel or chosen.occasion not in DAILY_OCCASIONS:
        return None
    return next((ritual.name for ritual in rituals if ritual.key == session.ritual), None)


def varied(chosen: Set, variety: int, catalogue: Catalogue) -> Set:
    """A daily set in the order of another hour, and with its opening: the most unlike first.

    Every hour's order is one of ours; which of them is practised when is habit, not need (inference).
    """
    if chosen.occasion not in DAILY_OCCASIONS:
        return chosen
    every = map(catalogue.set_for, DAILY_OCCASIONS)
    others = [one for one in every if one.occasion is not chosen.occasion]
    others.sort(key=lambda o: (o.ladders == chosen.ladders, o.opening == chosen.opening))
    other = (chosen, *others)[variety % (len(others) + 1)]
    return replace(chosen, ladders=other.ladders, opening=other.opening)
