"""What is assumed about people: how every parameter is spread, and what supports it.

Nothing here is evidence. Most of it is inference, so all that is inferred can be varied (`UNCERTAIN`).
Section 2 of the specification is the source where none is named; "gap" marks a number which it leaves
open and which was chosen here, once, before any arm was compared.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from bot.patients.traits import Traits

Floats: TypeAlias = npt.NDArray[np.float64]


class Family(Enum):
    """How people differ from one another."""

    FIXED = "fixed"  # they don't
    NORMAL = "normal"  # spread is the SD
    LOGNORMAL = "lognormal"  # centre is the median, spread the SD of the logarithm
    UNIFORM = "uniform"  # centre plus or minus spread
    GAMMA = "gamma"  # shape 2, centre is the mean


@dataclass(frozen=True, slots=True)
class Prior:
    """One parameter over people."""

    family: Family
    centre: float
    spread: float = 0.0
    least: float = -np.inf
    most: float = np.inf

    def draw(self, normal: Floats, first: Floats, second: Floats) -> Floats:
        """The values of people whose own luck is given, so that nobody is re-drawn when a prior moves."""
        match self.family:
            case Family.FIXED:
                drawn = np.full_like(normal, self.centre)
            case Family.NORMAL:
                drawn = self.centre + self.spread * normal
            case Family.LOGNORMAL:
                drawn = self.centre * np.exp(self.spread * normal)
            case Family.UNIFORM:
                drawn = self.centre + self.spread * (2 * first - 1)
            case Family.GAMMA:
                drawn = self.centre / 2 * (-np.log1p(-first) - np.log1p(-second))
        return np.clip(drawn, self.least, self.most)


def fixed(value: float) -> Prior:
    return Prior(Family.FIXED, value)


def normal(mean: float, sd: float, least: float = -np.inf) -> Prior:
    return Prior(Family.NORMAL, mean, sd, least)


def lognormal(median: float, log_sd: float) -> Prior:
    return Prior(Family.LOGNORMAL, median, log_sd)


def uniform(low: float, high: float) -> Prior:
    return Prior(Family.UNIFORM, (low + high) / 2, (high - low) / 2)


def gamma(mean: float, most: float = np.inf) -> Prior:
    return Prior(Family.GAMMA, mean, most=most)


Population: TypeAlias = Traits[Prior]

BASE: Population = Traits(
    step_ratio=uniform(
        1.12, 1.22
    ),  # load jumps of 2-10 % (ACSM) are smaller, changes of step larger
    home_step=fixed(3.0),
    capacity=lognormal(1.0, 0.25),
    ladder_spread=fixed(0.12),  # gap
    readiness_sd=fixed(0.10),  # gap
    growth=lognormal(0.012, 0.35),  # 10-30 % in 12 weeks
    detraining_days=fixed(
        60.0
    ),  # loss grows with time (Bosquet 2013, 10.1111/sms.12047); the days are ours
    fatigue_days=uniform(1.5, 4.0),  # far below the 7 d of endurance athletes (42/7 convention)
    fatigue_gain=fixed(0.25),  # gap
    delayed_threshold=normal(1.0, 0.08),
    delayed_gain=lognormal(8.0, 0.35),  # x = 1.3 costs 1.5-2 points next day; the spread is a gap
    quality_harm=fixed(1.0),  # gap
    soreness_days=uniform(
        1.5, 5.0
    ),  # DOMS is gone in 5-7 d; flares last hours to weeks (Costa 2019)
    immediate_threshold=normal(0.95, 0.12),
    immediate_gain=lognormal(6.0, 0.35),  # the spread is a gap
    usual_pain=gamma(2.2, most=7.0),  # gamma(2, 1.1)
    relief=uniform(
        0.0, 1.2
    ),  # average benefit near 0.3 SMD (WHO review, 10.1007/s10926-023-10124-4)
    flare_hazard=gamma(1 / 45),  # lower than in acute pain (Suri 2018); the shape is a gap
    weekday_stress=fixed(1.0),
    pain_sd=fixed(
        0.85
    ),  # with the reply's, 1.1; published 1.2 (Page 2022, 10.1016/j.jpain.2022.01.001)
    reply_sd=fixed(0.7),  # standard error of one rating 1.02 (Childs 2005)
    form_gain=fixed(1.0),  # gap
    form_trait=normal(0.0, 0.5),  # the spread is a gap
    breath_trait=normal(0.0, 0.5),  # the spread is a gap; apart from pain (Roussel 2009)
    form_practice=fixed(0.3),
    form_noise=fixed(0.7),  # gap
    form_shift=fixed(0.0),
    under_report=fixed(0.20),  # expert raters' kappa 0.24-0.71 (10.1186/1471-2474-8-90)
    over_report=fixed(0.07),
    pain_held_back=fixed(0.0),
    silent_morning=fixed(0.15),  # Ono 2019, 10.2196/11398
    silent_session=fixed(0.075),
    silence_per_point=fixed(0.0),
    keenness=normal(0.8, 0.7),  # gap
    bore=uniform(0.5, 1.5),  # gap
    leaving=fixed(0.003),  # with pain and boredom 30-50 % in 12 weeks (10.2196/20283)
    away_every=fixed(0.0),
    away_for=fixed(0.0),
)

# Centres for the Latin hypercube: the ranges of section 2 where it gives one, else about half to twice.
UNCERTAIN: dict[str, tuple[float, float]] = {
    "step_ratio": (1.12, 1.22),
    "home_step": (2.0, 4.0),
    "readiness_sd": (0.05, 0.16),
    "growth": (0.008, 0.018),
    "detraining_days": (30.0, 90.0),
    "fatigue_days": (1.5, 4.0),
    "fatigue_gain": (0.1, 0.45),
    "delayed_threshold": (0.92, 1.08),
    "delayed_gain": (5.0, 12.0),
    "quality_harm": (0.0, 1.5),
    "soreness_days": (1.5, 5.0),
    "immediate_threshold": (0.83, 1.07),
    "immediate_gain": (3.0, 9.0),
    "usual_pain": (1.2, 3.5),
    "relief": (0.0, 1.2),
    "flare_hazard": (1 / 90, 1 / 25),
    "pain_sd": (0.6, 1.1),
    "form_gain": (0.3, 1.5),
    "form_noise": (0.4, 1.2),
    "under_report": (0.05, 0.40),
    "over_report": (0.0, 0.15),
    "silent_morning": (0.05, 0.35),
    "silent_session": (0.02, 0.20),
    "keenness": (0.2, 1.6),
    "leaving": (0.0015, 0.005),
}

_ONE_FOR_ALL = {
    Family.UNIFORM
}  # their spread is ignorance rather than difference: a draw settles it


def centred(population: Population, centres: dict[str, float]) -> Population:
    """The population of one draw."""
    moved = {name: _centred(getattr(population, name), value) for name, value in centres.items()}
    return replace(population, **moved)


def _centred(prior: Prior, value: float) -> Prior:
    return fixed(value) if prior.family in _ONE_FOR_ALL else replace(prior, centre=value)
