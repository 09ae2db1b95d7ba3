"""The bound of what replies can tell: an arm that infers hidden capacity from the replies alone.

A particle filter on the very model that made the patients, with their own priors: nothing that listens to
buttons can know much more. It aims as the oracle does, on average over what it believes. It can't be said
in a sentence, so it is a yardstick and no candidate. For every person some hundreds of imagined ones live
the same days; those whose replies would have been unlikely make room for those whose weren't.
"""

from dataclasses import fields, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from bot.patients import model
from bot.patients.model import Flags, Whole
from bot.patients.moves import Standings
from bot.patients.people import People
from bot.patients.placement import placed
from bot.patients.priors import Floats
from bot.patients.rivals import aimed_cost, cheapest
from bot.patients.traits import NAMES
from bot.patients.view import SILENT, Choice, Replies, Setting, View

Kind = TypeVar("Kind", bound=np.generic)

IMAGINED = 200  # for each person
UNLIKELY = 1e-3  # least likelihood of a reply: the filter may be surprised, never certain
JITTER = 0.01  # log SD added to imagined capacity when some are copied, so that copies part ways
ENOUGH = 0.5  # of the imagined must effectively count, else they are drawn anew


class Filter:
    """Everyone's imagined selves. Rows are people times IMAGINED, person by person."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._luck = np.random.default_rng((setting.seed, IMAGINED))
        self._count = len(setting.people)
        self._imagined = _imagine(setting, self._luck)
        self._start = self._imagined.start(setting.ladders)
        rows = len(self._imagined)
        self._capacity = self._start
        self._fatigue, self._sore, self._coming, self._flare, self._wander, self._pain = np.zeros(
            (6, rows)
        )
        self._idle = np.zeros(rows, dtype=np.int64)
        self._times = np.zeros((rows, setting.ladders, setting.top + 1))
        self._weight = self._placed_alike()
        self._night()

    def choose(self, view: View, who: Flags) -> Choice:
        if view.day > 0:
            self._live_on(view.latest, view.latest.day == view.day - 1)
        return Choice.of(cheapest(self._cost, view.now, self._setting.top))

    def _placed_alike(self) -> Floats:
        """Where the try-out put someone says who they might be."""
        setting = self._setting
        here = placed(self._imagined, setting.ladders, setting.tried, setting.persistent_pain)
        alike = here.step == _rows(setting.first.step)
        return self._normalised(np.where(alike, 1.0, UNLIKELY).prod(axis=1))

    def _live_on(self, latest: Replies, practised: Flags) -> None:
        """Yesterday's session with its replies, the night, and this morning's reply."""
        who = _rows(practised)
        x, likely = self._session(latest, who)
        self._idle = np.where(who, 0, self._idle + 1)
        self._feel(x, who)
        self._night()
        told = _rows(latest.morning)
        likely = likely * _likely_pain(told, self._pain, self._imagined)
        weight = self._weight * np.where(who, likely, 1.0)
        self._weight = self._normalised(weight)
        self._renew()

    def _session(self, latest: Replies, who: Flags) -> tuple[Floats, Floats]:
        """The load that each imagined person would have felt, and how likely the replies then are."""
        people, at = (
            self._imagined,
            Standings(step=_rows(latest.at.step), dose=_rows(latest.at.dose)),
        )
        step = np.maximum(1, at.step)
        ready = model.readiness(self._luck.standard_normal(len(people)), people.readiness_sd)
        load = model.demand(step, at.dose, people.step_ratio)
        x = model.relative_load(load, self._capacity, ready, self._fatigue)
        hurt = model.pain_during(self._pain, x, people.immediate_threshold, people.immediate_gain)
        times = np.take_along_axis(self._times, step[:, :, None], axis=2)[:, :, 0]
        likely = (
            _likely_pain(_rows(latest.during), hurt, people)
            * _likely_completed(_rows(latest.completed), x)
            * _likely_form(latest, people, x, times)
        )
        done = np.arange(self._times.shape[2]) == step[:, :, None]
        self._times = self._times + (done & who[:, None, None])
        return x * who[:, None], likely

    def _feel(self, x: Floats, who: Flags) -> None:
        people = self._imagined
        trained = model.grow(self._capacity, self._start, x, people.growth)
        idle = model.detrain(self._capacity, self._start, self._idle, people.detraining_days)
        self._capacity = np.where(who[:, None], trained, idle)
        self._fatigue = model.tire(self._fatigue, x, people.fatigue_gain, people.fatigue_days)
        unmarked = np.zeros(x.shape, dtype=bool)  # the smaller part of an overload; left out
        self._coming = self._coming + model.strain(
            x, unmarked, people.delayed_threshold, people.quality_harm, people.delayed_gain
        )

    def _night(self) -> None:
        people, rows = self._imagined, len(self._imagined)
        self._sore, self._coming = model.settle(self._sore, self._coming, people.soreness_days)
        begins = self._luck.random(rows) < people.flare_hazard
        self._flare = model.flare(self._flare, begins, self._luck.random(rows))
        self._wander = model.wander(self._wander, self._luck.standard_normal(rows), people.pain_sd)
        gained = (self._capacity / self._start - 1).mean(axis=1)
        usual = model.usual(people.usual_pain, people.relief, gained)
        self._pain = np.maximum(0, usual + self._sore + self._flare + self._wander)

    def _cost(self, to: Standings) -> Floats:
        """By person and ladder, on average over the imagined."""
        load = model.demand(_rows(to.step), _rows(to.dose), self._imagined.step_ratio)
        plain = np.ones(len(load))
        cost = aimed_cost(model.relative_load(load, self._capacity, plain, self._fatigue))
        weighted = cost * self._weight[:, None]
        return np.asarray(weighted.reshape(self._count, IMAGINED, -1).sum(axis=1))

    def _normalised(self, weight: Floats) -> Floats:
        by_person = weight.reshape(self._count, IMAGINED)
        return np.asarray((by_person / by_person.sum(axis=1, keepdims=True)).ravel())

    def _renew(self) -> None:
        """Where few of someone's imagined selves still count, copy those."""
        weight = self._weight.reshape(self._count, IMAGINED)
        thin = 1 / (weight**2).sum(axis=1) < ENOUGH * IMAGINED
        rows = np.arange(self._weight.size).reshape(self._count, IMAGINED)
        for person in np.flatnonzero(thin).tolist():
            points = (np.arange(IMAGINED) + self._luck.random()) / IMAGINED
            kept = np.searchsorted(np.cumsum(weight[person]), points).clip(max=IMAGINED - 1)
            rows[person] = person * IMAGINED + kept
        weight[thin] = 1 / IMAGINED
        self._weight = weight.ravel()
        self._copy(rows.ravel(), np.repeat(thin, IMAGINED))

    def _copy(self, rows: Whole, thin: Flags) -> None:
        self._imagined = _taken(self._imagined, rows)
        for name in ("_start", "_fatigue", "_sore", "_coming", "_flare", "_wander", "_pain"):
            setattr(self, name, getattr(self, name)[rows])
        self._idle, self._times = self._idle[rows], self._times[rows]
        apart = np.exp(JITTER * self._luck.standard_normal(self._capacity.shape) * thin[:, None])
        self._capacity = self._capacity[rows] * apart


def _imagine(setting: Setting, luck: np.random.Generator) -> People:
    """People who might be these, as far as sign-up tells: usual pain is known to the half point."""
    rows = len(setting.people) * IMAGINED
    drawn = {
        name: getattr(setting.population, name).draw(
            luck.standard_normal(rows), luck.random(rows), luck.random(rows)
        )
        for name in NAMES
    }
    told = _rows(setting.people.told_pain)
    drawn["usual_pain"] = np.maximum(0, told + luck.random(rows) - 0.5)
    return People(
        **drawn,
        ladder_luck=luck.standard_normal((rows, 4)),
        try_out=luck.standard_normal(rows),
        away_from=np.zeros(rows),
    )


def _taken(people: People, rows: Whole) -> People:
    return replace(
        people, **{field.name: getattr(people, field.name)[rows] for field in fields(people)}
    )


def _rows(values: npt.NDArray[Kind]) -> npt.NDArray[Kind]:
    """The same for all of a person's imagined selves."""
    return np.repeat(values, IMAGINED, axis=0)


def _below(z: Floats) -> Floats:
    """The normal distribution's Phi, to three places (Page 1977)."""
    return np.asarray(0.5 * (1 + np.tanh(0.7978845608 * (z + 0.044715 * z**3))))


def _likely_pain(told: Whole, true: Floats, people: People) -> Floats:
    """Of a whole number from 0 to 10; 1 where nothing was said."""
    shown = told + people.pain_held_back - true
    above = np.where(told >= 10, 1.0, _below((shown + 0.5) / people.reply_sd))
    under = np.where(told <= 0, 0.0, _below((shown - 0.5) / people.reply_sd))
    return np.where(told == SILENT, 1.0, np.maximum(UNLIKELY, above - under))


def _likely_completed(told: Whole, x: Floats) -> Floats:
    stops = _below((x.max(axis=1) - model.STOP_X) / model.STOP_SD)
    likely = np.where(told > 0, stops, 1 - stops)
    return np.where(told == SILENT, 1.0, np.maximum(UNLIKELY, likely))


def _likely_form(latest: Replies, people: People, x: Floats, times: Floats) -> Floats:
    """Of what was said of form and of breath, on all ladders."""
    shift = people.form_shift[:, None] + model.practised_away(people.form_practice, times)
    form = model.latent(x, model.FORM_X, people.form_gain, people.form_trait, shift)
    breath = model.latent(x, model.BREATH_X, people.form_gain, people.breath_trait, shift)
    likely = _likely_level(_rows(latest.form), form, model.FORM_CUTS, people) * _likely_level(
        _rows(latest.breath), breath, model.BREATH_CUTS, people
    )
    return np.asarray(likely.prod(axis=1))


def _likely_level(told: Whole, latent: Floats, cuts: tuple[float, float], people: People) -> Floats:
    """Of a level, misreports included."""
    sd = people.form_noise[:, None]
    some, marked = (1 - _below((cut - latent) / sd) for cut in cuts)
    true = (1 - some, some - marked, marked)
    under, over = people.under_report[:, None], people.over_report[:, None]
    none_told = true[0] * (1 - over) + true[1] * under
    some_told = true[0] * over + true[1] * (1 - under - over) + true[2] * under
    marked_told = true[1] * over + true[2] * (1 - under)
    likely = np.choose(np.maximum(told, 0), [none_told, some_told, marked_told])
    return np.where(told == SILENT, 1.0, np.maximum(UNLIKELY, likely))
