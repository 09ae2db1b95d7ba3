"""Which zone a pain reply falls into: the traffic light of the pain-monitoring model.

Published for knee and Achilles (0-2 safe, 2-5 acceptable, above 5 high risk: Thomee 1997;
Silbernagel, 10.1177/0363546506298279), extrapolated to backs and set against a person's own reference
pain. Two points are the smallest change that is more than noise (Childs 2005).
"""

from enum import IntEnum

from bot.domain.policy import PainDuring, PainNextMorning


class Zone(IntEnum):
    """Greater is worse."""

    GREEN = 0
    AMBER = 1  # tolerable: hold, don't cut
    RED = 2


def zone_during(pain: int, reference: float, limits: PainDuring) -> Zone:
    """Pain while practising."""
    if pain <= limits.green_to:
        return Zone.GREEN
    if pain <= min(reference + limits.green_above_reference, limits.green_at_most):
        return Zone.GREEN
    if pain >= max(reference + limits.red_above_reference, limits.red_from):
        return Zone.RED
    return Zone.AMBER


def zone_next_morning(pain: int, reference: float, limits: PainNextMorning) -> Zone:
    """Pain on the morning after: a back answers late. A half point above green is amber.

    For usual pain near none, noise alone would make a 2 amber and a 3 red: so both begin no lower than here.
    """
    if pain <= max(reference + limits.green_above_reference, limits.green_to):
        return Zone.GREEN
    if pain >= max(reference + limits.red_above_reference, limits.red_from):
        return Zone.RED
    return Zone.AMBER
