"""A cycle in the seconds that are prescribed, phase by phase."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.domain.dose import Dose
from bot.domain.figure import HOLD, Figure, Move

LONGEST = 10.0  # seconds of a hold that a clip shows; it goes round anyway


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one pose to another in so many seconds, or staying in one."""

    start: str
    end: str
    seconds: float


def stretches(figure: Figure, dose: Dose) -> list[Stretch]:
    """The whole cycle, as long as the dose asks."""
    seconds: dict[str, float] = dict(zip(figure.phases, dose.tempo, strict=False))
    if dose.hold is not None:
        seconds[HOLD] = min(float(dose.hold), LONGEST)
    timed: list[Stretch] = []
    for run in _runs(figure):
        natural = sum(stretch.seconds for _, stretch in run)
        wanted = seconds.get(run[0][0] or "", natural)
        if wanted == 0:  # a phase of no time, such as "still" at 3-0-2
            continue
        again = max(1, round(wanted / natural)) if run[0][0] == HOLD else 1
        share = wanted / (natural * again)
        one = [Stretch(s.start, s.end, s.seconds * share) for _, s in run]
        timed += one * again
    return timed


Named = tuple[str | None, Stretch]


def _runs(figure: Figure) -> Iterator[list[Named]]:
    """What shares the seconds of one phase: a run of moves that ends where the phase does; of a repetition
    also where it is back in the pose in which it began, so that two sides have its seconds each."""
    for _, same in groupby(_named(figure), key=lambda named: named[0]):
        run: list[Named] = []
        for named in same:
            run.append(named)
            back = named[1].start != named[1].end == run[0][1].start
            if back and named[0] not in (None, HOLD):
                yield run
                run = []
        if run:
            yield run


def _named(figure: Figure) -> Iterator[Named]:
    at = figure.start
    for move in figure.cycle:
        yield move.phase, _stretch(at, move)
        at = move.to


def _stretch(at: str, move: Move) -> Stretch:
    return Stretch(at, move.to, move.seconds)


def seconds_of(timed: Sequence[Stretch]) -> float:
    return sum(stretch.seconds for stretch in timed)
