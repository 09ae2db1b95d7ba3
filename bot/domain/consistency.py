"""How much the ritual is part of someone's days: a score that fades, and no row that breaks.

One missed day hardly matters to a habit (Lally 2010, 10.1002/ejsp.674), so each day with a ritual moves the
score by a small part only, and the older a day is, the less it tells. Days without a ritual don't count: in a
pause, while the plan rests, on weekdays of one's own.
"""

from collections.abc import Iterable
from enum import StrEnum

from bot.domain.policy import Steadiness


class Band(StrEnum):
    """What is said of the score; each has its sentence in progress.j2."""

    SETTLING = "settling"
    SOME = "some"  # days that it is part of
    MANY = "many"
    MOST = "most"
    NEARLY_ALL = "nearly_all"


def consistency(days: Iterable[bool], limits: Steadiness) -> float:
    """From 0 to below 1; of each day with a ritual, oldest first, whether something was practised."""
    score, keeps = 0.0, 0.5 ** (1 / limits.half_life_days)
    for practised in days:
        score = score * keeps + (1 - keeps) * practised
    return score


def band(score: float, limits: Steadiness) -> Band:
    """The same in words."""
    begins = {
        Band.NEARLY_ALL: limits.nearly_all_from,
        Band.MOST: limits.most_from,
        Band.MANY: limits.many_from,
        Band.SOME: limits.some_from,
    }
    return next((band for band, least in begins.items() if score >= least), Band.SETTLING)
