"""Read content/policy.yaml into a domain Policy.

The file's shape is the Policy's own: a section for each group, an entry for each number, and in every
entry a value, the strength of its support and its source. A number without a source is a fault. Whatever
doesn't fit is told at once, with its line, so that a clinician repairs the file in one go.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, Literal, cast, get_type_hints

from pydantic import BaseModel, Field, ValidationError, create_model

from bot.catalogue.faults import ContentFaulty
from bot.catalogue.form import Form, Text
from bot.catalogue.yaml_lines import Page, read_page
from bot.domain.policy import Policy

Whole = Annotated[int, Field(strict=True, ge=0)]
Measured = Annotated[float, Field(strict=True, ge=0)]
Numbers = dict[str, dict[str, float]]

LOOKED_BACK = (  # how many sessions each rule looks back over
    ("reference", "least_replies"),
    ("referral", "red_sessions"),
    ("slip", "sessions"),
    ("quality", "sessions"),
    ("advance", "watched_sessions"),
    ("irritability", "sessions"),
    ("effort", "sessions"),
)


def _at_least_one(section: str, number: str) -> Callable[[Policy], bool]:
    return lambda p: getattr(getattr(p, section), number) >= 1


# What must hold between numbers, whatever they are. It is told at the line of what stands before the colon.
AGREEMENTS: Mapping[str, Callable[[Policy], bool]] = {
    "dose: lowest, entry and full must rise, and full is 1.0": lambda p: (
        0 < p.dose.lowest <= p.dose.entry <= p.dose.full == 1.0
    ),
    "dose.after_regress: it and gap.dose must lie between dose.lowest and dose.full": lambda p: (
        p.dose.lowest <= p.dose.after_regress <= p.dose.full
        and p.dose.lowest <= p.gap.dose <= p.dose.full
    ),
    "dose.change: must be at least 0.1, as doses move in tenths": lambda p: p.dose.change >= 0.1,
    "gap: short, long and longest days must lengthen": lambda p: (
        0 < p.gap.short_days < p.gap.long_days < p.gap.longest_days
    ),
    "gap: a longer gap must not lead less far back": lambda p: (
        p.gap.long_steps_back <= p.gap.longest_steps_back
    ),
    "pain_during: red must begin above green": lambda p: (
        p.pain_during.red_from > max(p.pain_during.green_to, p.pain_during.green_at_most)
    ),
    "pain_next_morning: red must begin above green": lambda p: (
        p.pain_next_morning.red_above_reference > p.pain_next_morning.green_above_reference
        and p.pain_next_morning.red_from > p.pain_next_morning.green_to
    ),
    "advance: at least one clean session, and no fewer after a sign, or for an irritable back": lambda p: (
        1
        <= p.advance.calibration_clean_sessions
        <= p.advance.first_clean_sessions
        <= p.advance.clean_sessions
        <= p.irritability.clean_sessions
    ),
    "after_cut.sessions: must not be negative": lambda p: p.after_cut.sessions >= 0,
    "regain: at least one clean session there before, and one now": lambda p: (
        min(p.regain.clean_sessions, p.regain.first_clean_sessions) >= 1
    ),
    "effort.signs: must be at least 1, as no sign is no warning": lambda p: p.effort.signs >= 1,
    "flare: dose.lowest, dose, resume_dose and dose.full must rise": lambda p: (
        p.dose.lowest <= p.flare.dose <= p.flare.resume_dose <= p.dose.full
    ),
    "flare: there must be days enough for its clean sessions, one at least": lambda p: (
        1 <= p.flare.clean_sessions < p.flare.days
    ),
    "flare.worse_mornings: must be at least 1": lambda p: p.flare.worse_mornings >= 1,
    "homecoming: after a day at least, with a dose between dose.lowest and dose.full": lambda p: (
        p.homecoming.days >= 1 and p.dose.lowest <= p.homecoming.dose <= p.dose.full
    ),
    "load: there is a least and a most by which a weight grows, after a clean session at least": (
        lambda p: (
            0 < p.load.least < p.load.most < 1 and min(p.load.clean_sessions, p.load.far_times) >= 1
        )
    ),
    "trend: compared, least_answered and sessions must not fall": lambda p: (
        1 <= p.trend.compared <= p.trend.least_answered <= p.trend.sessions
    ),
    "placement: the second step tried must be harder than the first": lambda p: (
        1 <= p.placement.first_step < p.placement.second_step
    ),
    "placement: at least one repetition, or a second of a hold, is tried": lambda p: (
        min(p.placement.repetitions, p.placement.hold_seconds) >= 1
    ),
    "review: days pass between two, and a clinician's view is suggested at one of them": lambda p: (
        p.review.every_days >= 7
        and p.review.clinician_days >= p.review.every_days
        and p.review.clinician_days % p.review.every_days == 0
    ),
    "review: a change is at least a point, and a share of a complaint is a part of it": lambda p: (
        p.review.points >= 1 and 0 < p.review.fraction < 1 and p.review.room_from >= 1
    ),
    "review: there must be as many mornings as are asked for": lambda p: (
        1 <= p.review.least_mornings <= p.review.morning_days
    ),
    "review.reminder_days: must be at least 1": lambda p: p.review.reminder_days >= 1,
    "review.week_days: whole weeks of it make the way to a review": lambda p: (
        p.review.week_days >= 7 and p.review.every_days % p.review.week_days == 0
    ),
    "consistency: the bands must rise within 0 and 1, and a day must not outweigh a week": lambda p: (
        0
        < p.consistency.some_from
        < p.consistency.many_from
        < p.consistency.most_from
        < p.consistency.nearly_all_from
        < 1
        and p.consistency.half_life_days >= 7
    ),
    "graduation: is for some days of the week, after weeks that were looked back on": lambda p: (
        1 <= p.graduation.fewest_days < 7
        and p.graduation.every_weeks >= 1
        and 7 <= p.graduation.steady_days <= p.graduation.from_weeks * 7
    ),
    "graduation: shares lie within 0 and 1, and a morning at least is told": lambda p: (
        0 < p.graduation.ladders <= 1
        and 0 < p.graduation.consistency < 1
        and 1 <= p.graduation.least_mornings <= p.graduation.steady_days
    ),
    **{
        f"{section}.{number}: a rule looks back over at least one session": _at_least_one(
            section, number
        )
        for section, number in LOOKED_BACK
    },
}


class _Entry(Form):
    """A number, and what speaks for it."""

    strength: Literal["published", "extrapolated", "inference"]
    """published: the rule or the number is in the source. extrapolated: it is, for something else than low
    back pain. inference: our own judgement; nobody has tested it."""
    source: Text
    """Where it comes from; never empty."""


class _WholeEntry(_Entry):
    """A number of things that are counted, and what speaks for it."""

    value: Whole
    """A whole number."""


class _MeasuredEntry(_Entry):
    """A number that is measured, and what speaks for it."""

    value: Measured
    """A number, with or without decimals."""


def read_policy(path: Path) -> Policy:
    """All numbers, or ContentFaulty with all that is wrong."""
    page = read_page(path, path.parent)
    form = page.as_a(policy_form())
    _check_agreements(page)
    if page.faults or form is None:
        raise ContentFaulty(tuple(page.faults))
    read = form.model_dump()
    version = read.pop("version")
    numbers = {name: _values(section) for name, section in read.items()}
    groups = {name: group(**numbers[name]) for name, group in _groups().items()}
    return Policy(version=f"{version}+{fingerprint(numbers)}", **groups)


def _check_agreements(page: Page) -> None:
    """Between the sections that could be read; what a slip elsewhere hides is told after its repair."""
    sections = cast(Policy, SimpleNamespace(**_readable(page)))
    for agreement, holds in AGREEMENTS.items():
        where, _, words = agreement.partition(": ")
        try:
            agreed = holds(sections)
        except AttributeError:
            continue
        if not agreed:
            page.blame(tuple(where.split(".")), words)


def _readable(page: Page) -> dict[str, Any]:
    found = page.values if isinstance(page.values, dict) else {}
    groups = {}
    for name, group in _groups().items():
        try:
            section = _section(group).model_validate(found.get(name)).model_dump()
        except ValidationError:
            continue
        groups[name] = group(**_values(section))
    return groups


def fingerprint(numbers: Numbers) -> str:
    """Changes whenever a number does, and not when a source is reworded."""
    return hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()[:6]


def _groups() -> dict[str, Any]:
    return {name: kind for name, kind in get_type_hints(Policy).items() if name != "version"}


@cache
def policy_form() -> type[BaseModel]:
    """A section for each group of the policy."""
    sections: dict[str, Any] = {name: (_section(group), ...) for name, group in _groups().items()}
    return create_model(
        "PolicyForm",
        __base__=Form,
        __doc__="Every number that decides the next step of a ladder.",
        version=(Text, Field(description="A date; a mark of the numbers is added by itself.")),
        **sections,
    )


@cache
def _section(group: Any) -> type[BaseModel]:
    """Whole numbers where the domain counts, any where it measures."""
    kinds = get_type_hints(group)
    entries: dict[str, Any] = {
        field.name: (_WholeEntry if kinds[field.name] is int else _MeasuredEntry, ...)
        for field in fields(group)
    }
    return create_model(group.__name__, __base__=Form, __doc__=group.__doc__, **entries)


def _values(section: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    return {name: entry["value"] for name, entry in section.items()}
