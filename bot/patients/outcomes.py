"""What an arm did to people: section 4's outcomes, each by itself and never blended into one score.

Rates are per 100 sessions over everyone's sessions together (on four ladders, x is counted per exercise).
Intervals are 95 %, over people: of a ratio by its linearised residuals, of a mean by its standard error.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from bot.patients.cohort import Log
from bot.patients.model import Flags
from bot.patients.moves import Standings
from bot.patients.priors import Floats

FLARE = 2.0  # points of exercise-caused soreness that make a flare day
OVERLOAD = 1.1  # x
UNSAFE = 1.15  # x of a move up, on a day of plain readiness: the decision's part, not the day's
USEFUL, ZONE_TOP = 0.65, 1.0  # x
SOON = 3  # sessions within which a move up that is taken back was a reversal
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One arm, one number a person."""

    sessions: Floats
    exercises: Floats  # sessions times ladders
    flare_days: Floats
    overload: Floats
    unsafe: Floats
    unsafe_felt: Floats  # the same with the day's readiness
    in_zone: Floats
    under_dosed: Floats
    advances: Floats
    reversals: Floats
    gain: Floats  # % of C0, at the horizon, of those who left as well
    end_step: Floats
    left: Floats  # 1 or 0
    days_here: Floats
    pain: Floats  # mean of the days
    referrals: Floats
    useful_from: Floats  # the first day at a useful load; the horizon where there was none


@dataclass(frozen=True, slots=True)
class Figure:
    """An outcome with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """A column: what is counted, and per what (None: per person)."""

    title: str
    count: str
    per: str | None = None
    scale: float = 1.0


OUTCOMES: dict[str, Outcome] = {
    "gain": Outcome("capacity gain %", "gain"),
    "end_step": Outcome("end step", "end_step"),
    "flares": Outcome("flare days /100", "flare_days", "sessions", 100),
    "overload": Outcome("overload %", "overload", "exercises", 100),
    "unsafe": Outcome("unsafe advances /100", "unsafe", "exercises", 100),
    "unsafe_felt": Outcome("unsafe as it felt /100", "unsafe_felt", "exercises", 100),
    "in_zone": Outcome("in zone %", "in_zone", "exercises", 100),
    "under_dosed": Outcome("under-dosed %", "under_dosed", "exercises", 100),
    "advances": Outcome("advances /100", "advances", "exercises", 100),
    "reversals": Outcome("reversals /100", "reversals", "exercises", 100),
    "sessions": Outcome("sessions", "sessions"),
    "left": Outcome("left %", "left", None, 100),
    "days_here": Outcome("days here", "days_here"),
    "pain": Outcome("mean pain", "pain"),
    "referrals": Outcome("referrals /100 people", "referrals", None, 100),
    "useful_from": Outcome("days to useful load", "useful_from"),
}
REGRETS = ("gain", "flares")  # against the oracle, each by itself

Row: TypeAlias = dict[str, Figure]


def tally(log: Log) -> Tally:
    """Count."""
    practised = log.practised
    done = practised[:, :, None]
    sessions = practised.sum(axis=1).astype(np.float64)
    days = practised.shape[1]
    up, back = _turns(log)
    useful: Flags = np.any(done & (log.x >= USEFUL), axis=2)
    last = np.where(done, log.step, 0)
    return Tally(
        sessions=sessions,
        exercises=sessions * log.x.shape[2],
        flare_days=_sum(log.sore >= FLARE),
        overload=_sum(log.x > OVERLOAD),
        unsafe=_sum(up & (log.plain_x > UNSAFE)),
        unsafe_felt=_sum(up & (log.x > UNSAFE)),
        in_zone=_sum(done & (log.x >= USEFUL) & (log.x <= ZONE_TOP)),
        under_dosed=_sum(done & (log.x < USEFUL)),
        advances=_sum(up),
        reversals=_sum(back),
        gain=100 * (log.capacity / log.start - 1).mean(axis=1),
        end_step=_end_step(last, practised, log.first),
        left=(log.left_on < days).astype(np.float64),
        days_here=log.left_on.astype(np.float64),
        pain=log.pain.mean(axis=1),
        referrals=log.referrals.astype(np.float64),
        useful_from=np.where(useful.any(axis=1), useful.argmax(axis=1), days).astype(np.float64),
    )


def figure(outcome: Outcome, arm: Tally) -> Figure:
    """The outcome of one arm."""
    value, residuals = _estimate(outcome, arm)
    return _with_interval(value, residuals)


def regret(outcome: Outcome, arm: Tally, oracle: Tally) -> Figure:
    """The arm's outcome less the oracle's, with the same people on both sides."""
    value, residuals = _estimate(outcome, arm)
    best, best_residuals = _estimate(outcome, oracle)
    return _with_interval(value - best, residuals - best_residuals)


def row(arm: Tally, oracle: Tally) -> Row:
    """All outcomes of an arm."""
    own = {name: figure(outcome, arm) for name, outcome in OUTCOMES.items()}
    apart = {f"{name}_regret": regret(OUTCOMES[name], arm, oracle) for name in REGRETS}
    return own | apart


def _estimate(outcome: Outcome, arm: Tally) -> tuple[float, Floats]:
    """The estimate, and each person's share in its error."""
    counted: Floats = getattr(arm, outcome.count)
    base: Floats = np.ones_like(counted) if outcome.per is None else getattr(arm, outcome.per)
    total = base.sum()
    if total == 0:
        return 0.0, np.zeros_like(counted)
    ratio = counted.sum() / total
    residuals = (counted - ratio * base) / base.mean()
    return float(outcome.scale * ratio), outcome.scale * residuals


def _with_interval(value: float, residuals: Floats) -> Figure:
    count = len(residuals)
    spread = float(residuals.std(ddof=1)) if count > 1 else 0.0
    half = Z95 * spread / np.sqrt(count)
    return Figure(value, float(value - half), float(value + half))


def _sum(flags: Flags) -> Floats:
    """Over everything but people."""
    return np.asarray(flags.reshape(len(flags), -1).sum(axis=1), dtype=np.float64)


def _turns(log: Log) -> tuple[Flags, Flags]:
    """By person, day and ladder: where a session was a move up, and where that was soon taken back."""
    people, days, ladders = log.x.shape
    order = np.argsort(~log.practised, axis=1, kind="stable")[:, :, None]  # sessions first
    real = np.take_along_axis(log.practised[:, :, None], order, axis=1)
    step = np.take_along_axis(log.step, order, axis=1)
    dose = np.take_along_axis(log.dose, order, axis=1)
    before = Standings(step=step[:, :-1], dose=dose[:, :-1])
    after = Standings(step=step[:, 1:], dose=dose[:, 1:])
    first = np.zeros((people, 1, ladders), dtype=bool)
    up = np.concatenate([first, after.above(before)], axis=1) & real
    down = np.concatenate([first, before.above(after)], axis=1) & real
    back = up & _soon_after(down, days)
    unsorted = np.argsort(order, axis=1)
    return np.take_along_axis(up, unsorted, axis=1), np.take_along_axis(back, unsorted, axis=1)


def _soon_after(flags: Flags, days: int) -> Flags:
    """Whether one of the next few is set."""
    padded = np.pad(flags, ((0, 0), (0, SOON), (0, 0)))
    shifted = [padded[:, ahead : ahead + days] for ahead in range(1, SOON + 1)]
    return np.asarray(np.logical_or.reduce(shifted))


def _end_step(step: Floats, practised: Flags, first: Standings) -> Floats:
    """The mean over ladders of the last session's step."""
    days = practised.shape[1]
    last = days - 1 - practised[:, ::-1].argmax(axis=1)
    reached = step[np.arange(len(step)), last]
    some = (practised.sum(axis=1) > 0)[:, None]
    return np.asarray(np.where(some, reached, first.step).mean(axis=1))
