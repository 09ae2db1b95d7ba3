"""What an arm is shown before a session, and what it answers."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bot.patients.model import Flags, Whole
from bot.patients.moves import Standings
from bot.patients.people import People
from bot.patients.priors import Floats, Population

SILENT = -1  # in place of a reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """Everyone's latest session, as practised and as answered; SILENT where nothing was said."""

    day: Whole  # -1 before the first session
    at: Standings
    during: Whole
    morning: Whole
    completed: Whole
    form: Whole  # by person and ladder, as is breath
    breath: Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """What no bot can know; for the oracle, and for whoever marks the others' work."""

    capacity: Floats  # C, by person and ladder
    fatigue: Floats  # F
    ratio: Floats  # demand of a step over the one below


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A day, as of the moment before the session."""

    day: int
    now: Standings
    latest: Replies
    hidden: Hidden
    whim: Floats  # uniform luck of the day, by person and ladder


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the session is to be. Resting leaves today out; a referral leaves a week out."""

    to: Standings
    rest: Flags
    refer: Flags

    @classmethod
    def of(cls, to: Standings) -> "Choice":
        nobody = np.zeros(len(to.step), dtype=bool)
        return cls(to=to, rest=nobody, refer=nobody)


class Arm(Protocol):
    """A policy at work on a cohort; it may remember what it was shown."""

    def choose(self, view: View, who: Flags) -> Choice:
        """Only the rows of `who` are asked, and only they count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What an arm is told before the first day."""

    people: People
    ladders: int
    top: int  # the ladders' last step
    tried: tuple[int, ...]  # the steps of the try-out; none where all begin at step 1
    persistent_pain: int  # usual pain from which nobody tries any
    first: Standings  # where everybody begins
    population: Population  # for the arm that infers; no bot knows it
    seed: int
