"""How much of a comparison rests on what was assumed: the same arms under many draws of the parameters.

A Latin hypercube varies every uncertain parameter at once; each draw has people of its own. Told is where
each arm's outcomes lie over the draws, what share of the oracle's gain it has, and in what share of the
draws a rival and our table change places, by outcome, against the base assumptions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import repeat

import numpy as np

from bot.domain.policy import Policy
from bot.patients.arms import ORACLE, OURS
from bot.patients.outcomes import OUTCOMES, Tally, figure
from bot.patients.priors import UNCERTAIN, Floats, centred
from bot.patients.run import Progress, Trial, crew, run_arm

COMPARED = ("gain", "flares", "unsafe")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Where a figure lies over the draws."""

    median: float
    low: float  # 5 % of the draws lie below
    high: float  # 95 %


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """A rival's outcome less ours: under the base assumptions, and over the draws."""

    base: float
    drawn: Spread
    reversed: float  # share of draws in which the sign isn't the base's


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """By arm and outcome; and the share of draws in which a rival gains as much with as few flares."""

    trial: Trial
    policy: str
    draws: int
    levels: dict[str, dict[str, Spread]]
    of_oracle: dict[
        str, Spread
    ]  # each arm's gain as a part of the oracle's; empty without an oracle
    contrasts: dict[str, dict[str, Contrast]]
    beaten: dict[str, float]


def sweep(
    trial: Trial,
    arms: Sequence[str],
    policy: Policy,
    *,
    draws: int,
    workers: int = 1,
    progress: Progress | None = None,
) -> Sweep:
    """Run every arm under the base and under each draw, of which there is at least one."""
    arms = [*dict.fromkeys([OURS, *arms])]
    trials = [trial, *drawn(trial, draws)]
    runs = [(one, arm) for one in trials for arm in arms]
    values = []
    with crew(min(workers, len(runs))) as run:
        each = zip(*runs, strict=True)
        for done, counted in enumerate(run(run_arm, *each, repeat(policy)), start=1):
            values.append(_compared(counted))
            if progress:
                progress(done, len(runs))
    by_trial = np.array(values).reshape(len(trials), len(arms), len(COMPARED))
    apart = by_trial[:, 1:] - by_trial[:, :1]
    return Sweep(
        trial=trial,
        policy=policy.version,
        draws=draws,
        levels={arm: _levels(by_trial[1:, n]) for n, arm in enumerate(arms)},
        of_oracle=_of_oracle(arms, by_trial[1:, :, COMPARED.index("gain")]),
        contrasts={arm: _contrasts(apart[:, n]) for n, arm in enumerate(arms[1:])},
        beaten={arm: _beaten(apart[1:, n]) for n, arm in enumerate(arms[1:])},
    )


def drawn(trial: Trial, draws: int) -> list[Trial]:
    """The trial under each draw of the parameters, with new people each time."""
    unit = latin_hypercube(draws, len(UNCERTAIN), trial.seed)
    return [
        replace(
            trial,
            seed=trial.seed + 1 + number,
            population=centred(trial.population, _within(point)),
        )
        for number, point in enumerate(unit)
    ]


def latin_hypercube(draws: int, dimensions: int, seed: int) -> Floats:
    """Points in the unit cube: along every dimension, one in each of `draws` equal strata."""
    luck = np.random.default_rng((seed, draws, dimensions))
    strata = luck.permuted(np.tile(np.arange(draws), (dimensions, 1)), axis=1).T
    return np.asarray((strata + luck.random((draws, dimensions))) / max(draws, 1))


def _within(point: Floats) -> dict[str, float]:
    return {
        name: float(low + share * (high - low))
        for (name, (low, high)), share in zip(UNCERTAIN.items(), point, strict=True)
    }


def _compared(counted: Tally) -> list[float]:
    return [figure(OUTCOMES[name], counted).value for name in COMPARED]


def _levels(values: Floats) -> dict[str, Spread]:
    return {name: _spread(values[:, n]) for n, name in enumerate(COMPARED)}


def _of_oracle(arms: Sequence[str], gains: Floats) -> dict[str, Spread]:
    if ORACLE not in arms:
        return {}
    oracle = gains[:, arms.index(ORACLE)]
    return {arm: _spread(gains[:, n] / oracle) for n, arm in enumerate(arms)}


def _spread(values: Floats) -> Spread:
    low, median, high = (float(value) for value in np.quantile(values, (0.05, 0.5, 0.95)))
    return Spread(median=median, low=low, high=high)


def _contrasts(apart: Floats) -> dict[str, Contrast]:
    """Of one rival; the first row is the base."""
    return {name: _contrast(apart[0, n], apart[1:, n]) for n, name in enumerate(COMPARED)}


def _contrast(base: float, others: Floats) -> Contrast:
    reverses = float(np.mean(np.sign(others) * np.sign(base) < 0))
    return Contrast(base=float(base), drawn=_spread(others), reversed=reverses)


def _beaten(apart: Floats) -> float:
    gain, flares = (apart[:, COMPARED.index(name)] for name in ("gain", "flares"))
    return float(np.mean((gain >= 0) & (flares <= 0)))
