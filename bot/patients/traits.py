"""What makes one virtual patient unlike another: every parameter of the model, with its meaning and unit.

Once as priors (what is assumed of a population, priors.py), once as values (who was drawn, people.py).
x is relative load: what a session demands over what the person can do that day.
"""

from dataclasses import dataclass, fields
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits(Generic[T]):
    """One of something for every parameter."""

    # Demand and capacity; capacity is counted in demands of step 1 at full dose.
    step_ratio: T  # g, demand of a step over the one below
    home_step: T  # the step whose full dose is the population's median capacity
    capacity: T  # C0, relative to that step
    ladder_spread: T  # log SD between one person's ladders
    readiness_sd: T  # s_r, log SD from day to day
    growth: T  # eta, share of capacity per ideal session, far from the ceiling
    detraining_days: T  # time constant, once it begins
    fatigue_days: T  # tau F, time constant
    fatigue_gain: T  # kF, share of capacity lost for a while, per unit of x above 0.8

    # Pain, in points of the 0-10 scale.
    delayed_threshold: T  # theta, x above which the next days hurt
    delayed_gain: T  # a, points per unit of x above
    quality_harm: T  # q; marked compensation adds 0.3 q to the overload
    soreness_days: T  # tau S, time constant
    immediate_threshold: T  # theta p, x above which the session hurts
    immediate_gain: T  # b, points per unit of x above
    usual_pain: T  # B0, points
    relief: T  # beta, share of B0 lost per unit of relative capacity gain
    flare_hazard: T  # lambda, background flares per day
    weekday_stress: T  # that hazard's factor from Monday to Friday
    pain_sd: T  # of A, points, from day to day
    reply_sd: T  # points, of one pain reply

    # Form and breath are latent numbers on a scale of their own, cut into levels at fixed points.
    form_gain: T  # k, latent units per 0.12 of x
    form_trait: T  # u_i of compensation, latent units
    breath_trait: T  # u_i of breath, latent units
    form_practice: T  # latent units lost per log(1 + sessions on the step)
    form_noise: T  # latent SD from day to day
    form_shift: T  # latent units added for everyone; other worlds use it, the base doesn't

    # Telling.
    under_report: T  # share of form and breath replies that are one level too mild
    over_report: T  # share that are one level too bad
    pain_held_back: T  # points kept from every pain reply
    silent_morning: T  # share of mornings without a reply
    silent_session: T  # share of sessions without any reply
    silence_per_point: T  # added to both shares, per point of pain above usual

    # Staying.
    keenness: T  # a0, logit of practising on a plain day
    bore: T  # sensitivity to sameness, relative
    leaving: T  # hazard per day of leaving for good
    away_every: T  # days from one journey to the next; 0 is never
    away_for: T  # days without any session on a journey


NAMES = tuple(field.name for field in fields(Traits))
