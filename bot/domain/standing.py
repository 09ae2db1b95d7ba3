"""Where a person stands on a ladder."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """A step (from 1) and the fraction of its full dose (0.4 to 1.0). Ordered: more demanding is greater."""

    step: int
    dose_fraction: float
