"""How much of an exercise: sets, seconds and rests.

A fraction of a dose changes how often, never how long: repetitions and holds are scaled, a hold keeps
its seconds and a repetition its tempo. Every duration in this file is in seconds.
"""

from dataclasses import dataclass, replace
from math import floor

FLARE = 0.4  # the smallest dose; it also spares one set
ENTRY = 0.6  # where every step begins

FEWEST = 3  # repetitions or holds in a set: fewer teach nothing (inference)

# To come down, take a breath and come up again where a dose names no pause. Ours, an estimate: without it
# five holds of 10 s would be counted as one long hold, the very thing that shrinking sets avoid.
BETWEEN_HOLDS = 3


def _half_up(number: float) -> int:
    """Round as people do. 0.6 x 15 is 8.999... in binary, hence the inner rounding."""
    return floor(round(number, 6) + 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """What one session asks of one exercise: repetitions with a tempo, or holds."""

    sets: tuple[int, ...]  # repetitions or holds in each set, on each side: (12, 12), (5, 4, 3)
    tempo: tuple[int, ...] = ()  # seconds of each phase of a repetition: (3, 1, 2); empty for holds
    hold: int | None = None  # seconds of one hold; None for repetitions
    per_side: bool = False
    rest: int = 0  # between sets
    pause: int = 0  # between holds of a set

    def __post_init__(self) -> None:
        if not self.sets or min(self.sets) < 1:
            raise ValueError(
                "a dose needs at least one set, and every set at least one repetition or hold"
            )
        if (self.hold is None) == (not self.tempo):
            raise ValueError("a dose has either a tempo or a hold")
        if min(self.rest, self.pause, *self.tempo, self.hold or 0) < 0:
            raise ValueError("a duration cannot be negative")
        if self.once_seconds == 0:
            raise ValueError("a repetition or a hold lasts at least a second")

    @property
    def timed(self) -> bool:
        """Sets of one hold each, such as 3 x 45 s."""
        return self.hold is not None and set(self.sets) == {1}

    @property
    def once_seconds(self) -> int:
        """One repetition, or one hold."""
        return sum(self.tempo) if self.hold is None else self.hold

    @property
    def seconds(self) -> int:
        """All of it. One side's turn is the other's rest, so a rest comes after both sides only."""
        sides = 2 if self.per_side else 1
        return sides * sum(map(self._set_seconds, self.sets)) + self.rest * (len(self.sets) - 1)

    def _set_seconds(self, times: int) -> int:
        between = 0 if self.hold is None else (self.pause or BETWEEN_HOLDS)
        return times * self.once_seconds + (times - 1) * between

    def at(self, fraction: float) -> "Dose":
        """This dose, made smaller: 2 x 12 at 0.6 is 2 x 7, at 0.4 it is 1 x 5."""
        if not 0 < fraction <= 1:
            raise ValueError(f"a dose fraction lies above 0 and at most at 1, not at {fraction}")
        if self.timed:
            return replace(self, sets=(1,) * max(1, _half_up(len(self.sets) * fraction)))
        spared = 1 if fraction <= FLARE and len(self.sets) > 1 else 0
        kept = self.sets[: len(self.sets) - spared]
        # A set that is shorter than FEWEST at full dose is not made longer by a smaller one.
        return replace(
            self, sets=tuple(max(min(FEWEST, times), _half_up(times * fraction)) for times in kept)
        )
