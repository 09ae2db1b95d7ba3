"""Who takes part, and all the luck of their days, drawn before any arm is run.

A person's luck depends on the seed and on their number alone, neither on the arm nor on how many others
take part: so arms are compared on the very same days (common random numbers).
"""

from dataclasses import dataclass

import numpy as np

from bot.patients.priors import Floats, Population
from bot.patients.traits import NAMES, Traits

_NORMALS = ("readiness", "pain", "morning", "during", "stamina")  # one a day
_UNIFORMS = ("attend", "leave", "flare", "flare_size", "silent_morning", "silent_session")


@dataclass(frozen=True, slots=True, kw_only=True)
class People(Traits[Floats]):
    """One value a person for each."""

    ladder_luck: Floats  # (people, 4) standard normal: how their ladders differ
    try_out: Floats  # standard normal: the error of the placement try-out
    away_from: Floats  # 0-1: where in the round the first journey falls

    def __len__(self) -> int:
        return len(self.capacity)

    def start(self, ladders: int) -> Floats:
        """C0, by person and ladder. With one ladder there is no difference between ladders."""
        own = self.capacity * self.step_ratio ** (self.home_step - 1)
        if ladders == 1:
            return own[:, None]
        apart = np.exp(self.ladder_spread[:, None] * self.ladder_luck[:, :ladders])
        return np.asarray(own[:, None] * apart)

    @property
    def told_pain(self) -> Floats:
        """Usual pain as told at sign-up, in whole points; what is held back is held back later."""
        return np.clip(np.rint(self.usual_pain), 0, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """The luck of every day: normals are standard, uniforms 0-1."""

    readiness: Floats  # (people, days), as are all up to silent_session
    pain: Floats
    morning: Floats
    during: Floats
    stamina: Floats
    attend: Floats
    leave: Floats
    flare: Floats
    flare_size: Floats
    silent_morning: Floats
    silent_session: Floats
    form: Floats  # (people, days, ladders), normal, as is breath
    breath: Floats
    form_told: Floats  # (people, days, ladders), uniform, as is all below
    breath_told: Floats
    whim: Floats  # of the arm that moves at random


def draw_people(count: int, seed: int, ranges: Population) -> People:
    """The first `count` people of this seed."""
    luck = [_own_luck(seed, person) for person in range(count)]
    normals, uniforms, ladders = (np.stack(column) for column in zip(*luck, strict=True))
    last = len(NAMES)
    return People(
        **{
            name: getattr(ranges, name).draw(normals[:, n], uniforms[:, n, 0], uniforms[:, n, 1])
            for n, name in enumerate(NAMES)
        },
        ladder_luck=ladders,
        try_out=normals[:, last],
        away_from=uniforms[:, last, 0],
    )


def draw_chance(count: int, seed: int, days: int, ladders: int) -> Chance:
    """All days of the first `count` people. A longer horizon begins with the same days."""
    normals = np.empty((count, days, len(_NORMALS) + 2 * ladders))
    uniforms = np.empty((count, days, len(_UNIFORMS) + 3 * ladders))
    for person in range(count):
        normals[person] = _generator(seed, person, 1).standard_normal(normals.shape[1:])
        uniforms[person] = _generator(seed, person, 2).random(uniforms.shape[1:])
    daily = _daily(normals, _NORMALS) | _daily(uniforms, _UNIFORMS)
    by_ladder = _by_ladder(normals, len(_NORMALS), ("form", "breath"), ladders)
    told = _by_ladder(uniforms, len(_UNIFORMS), ("form_told", "breath_told", "whim"), ladders)
    return Chance(**daily, **by_ladder, **told)


def _daily(drawn: Floats, names: tuple[str, ...]) -> dict[str, Floats]:
    return {name: drawn[:, :, n] for n, name in enumerate(names)}


def _by_ladder(
    drawn: Floats, first: int, names: tuple[str, ...], ladders: int
) -> dict[str, Floats]:
    starts = (first + n * ladders for n in range(len(names)))
    return {
        name: drawn[:, :, start : start + ladders]
        for name, start in zip(names, starts, strict=True)
    }


def _own_luck(seed: int, person: int) -> tuple[Floats, Floats, Floats]:
    own = _generator(seed, person, 0)
    count = len(NAMES) + 1
    return own.standard_normal(count), own.random((count, 2)), own.standard_normal(4)


def _generator(seed: int, person: int, stream: int) -> np.random.Generator:
    """Streams: 0 who they are, 1 and 2 the normal and uniform luck of their days."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, person, stream))))
