"""A flare: worse for hours to weeks, hard to tolerate, in the way of the day or the mood.

(That definition: 10.1016/j.jpain.2019.03.003.) Only that one was told is kept; how it goes is read from the
sessions since, so that a changed answer changes it, too. Days are day numbers.

Silence settles nothing and unsettles nothing: a session with open answers neither counts nor breaks a row,
and while nothing is known the days stay gentle. What a flare means for a ladder is rule R19.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """A day with a session, as far as a flare asks; each by the measure of its own day."""

    day: int
    practised: bool
    clean: bool
    flawed: bool  # some reply was less than clean; with answers open it may be neither
    gentle: bool  # no more was given than a flare allows


@dataclass(frozen=True, slots=True, kw_only=True)
class Flare:
    """The latest one that was told."""

    since: int
    practised: tuple[int, ...] = ()  # the days on which there was movement in it
    clean: int = 0  # sessions in a row, up to the latest
    flawed: bool = False  # some session since says that it had not settled
    settled_on: int | None = None  # the day of the session that settled it

    def after(self, lived: Lived, needed: int) -> "Flare":
        """The same, a day later; nothing wakes a flare that has settled, but telling of it."""
        if self.settled_on is not None or not self._holds(lived):
            return self
        clean = 0 if lived.flawed else self.clean + lived.clean
        return replace(
            self,
            practised=(*self.practised, lived.day) if lived.practised else self.practised,
            clean=clean,
            flawed=self.flawed or lived.flawed,
            settled_on=lived.day if clean >= needed else None,
        )

    def _holds(self, lived: Lived) -> bool:
        """On the day it was told, what was practised before is told from what came after by its dose."""
        return lived.day > self.since or (lived.day == self.since and lived.gentle)


def latest_flare(told: Iterable[int], days: Sequence[Lived], needed: int) -> Flare | None:
    """As of the last of these days, oldest first; `needed` clean sessions in a row settle one.

    Told again while one runs, it is the same flare; after it has settled, a new one begins.
    """
    flare: Flare | None = None
    for day in sorted(told):
        if flare is None or (flare.settled_on is not None and flare.settled_on < day):
            flare = Flare(since=day)
            for lived in days:
                flare = flare.after(lived, needed)
    return flare
