"""The moves that every arm is limited to. They are the policy's own: one visible change at a time.

Doses move by 0.2 between 0.4 and 1.0; a new step begins at 0.6; a step back is taken at 0.8, or at the
present dose where that is less. A pause may end in a deload, which only our own table knows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from bot.patients.model import Flags, Whole
from bot.patients.priors import Floats

LOWEST, ENTRY, FULL, CHANGE, AFTER_REGRESS = 0.4, 0.6, 1.0, 0.2, 0.8


Look: TypeAlias = Callable[["Move", "Standings", int], list["Standings"]]


class Move(IntEnum):
    REGRESS = 0
    REDUCE = 1
    HOLD = 2
    ADVANCE = 3  # the dose while it is not full, then the step


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """Where everyone is, by person and ladder."""

    step: Whole
    dose: Floats

    def chosen(self, who: Flags, other: "Standings") -> "Standings":
        """The other's for those asked for (a person, or a person's ladder), mine for the rest."""
        asked = who[:, None] if who.ndim == 1 else who
        return Standings(
            step=np.where(asked, other.step, self.step),
            dose=np.where(asked, other.dose, self.dose),
        )

    def above(self, other: "Standings") -> Flags:
        """Higher on the ladder: a harder step, or more of the same."""
        more = (self.step == other.step) & (self.dose > other.dose + 1e-9)
        return np.asarray((self.step > other.step) | more)


def moved(moves: npt.NDArray[np.int64], now: Standings, top: int) -> Standings:
    """Where each move leads from here."""
    return Standings(
        step=np.choose(moves, [_of(move, now, top).step for move in Move]),
        dose=np.choose(moves, [_of(move, now, top).dose for move in Move]),
    )


def landing(move: Move, now: Standings, top: int) -> list[Standings]:
    """Where a move leads."""
    return [_of(move, now, top)]


def soon(move: Move, now: Standings, top: int) -> list[Standings]:
    """Where a move leads, and for a new step also where it goes on to.

    Its entry is a smaller load than the full dose before: who looks no further than one move stays there.
    """
    [to] = landing(move, now, top)
    if move is not Move.ADVANCE:
        return [to]
    climbs = to.step > now.step
    return [to, *(Standings(step=to.step, dose=np.where(climbs, d, to.dose)) for d in (0.8, FULL))]


def _of(move: Move, now: Standings, top: int) -> Standings:
    match move:
        case Move.ADVANCE:
            return _advanced(now, top)
        case Move.REDUCE:
            return _reduced(now)
        case Move.REGRESS:
            return _regressed(now)
        case _:
            return now


def _advanced(now: Standings, top: int) -> Standings:
    full = now.dose >= FULL - 1e-9
    climbs = full & (now.step < top)
    more = np.minimum(FULL, np.round(now.dose + CHANGE, 1))
    return Standings(step=now.step + climbs, dose=np.where(climbs, ENTRY, more))


def _reduced(now: Standings) -> Standings:
    return Standings(step=now.step, dose=np.maximum(LOWEST, np.round(now.dose - CHANGE, 1)))


def _regressed(now: Standings) -> Standings:
    below = Standings(step=now.step - 1, dose=np.minimum(now.dose, AFTER_REGRESS))
    return _reduced(now).chosen(now.step > 1, below)
