"""The weights of a day: what is shown beside a dose, and a heavier one at the top of a ladder."""

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.domain.decision import Decision, Reason
from bot.domain.load import Weight, heavier, last_held, to_hold, weight_of, went_well
from bot.domain.person import Person
from bot.domain.profile import Profile
from bot.domain.rhythm import local_day
from bot.domain.sequence import Sequence
from bot.domain.session import Session
from bot.practice.courses import Courses


def grams_of(
    courses: Courses, profile: Profile, sequence: Sequence, known: tuple[Session, ...]
) -> dict[str, int]:
    """By ladder, the weight of one piece, from the sessions and what was said on their cards."""
    unit, ladders = courses.unit(profile), courses.catalogue.ladders
    known = _since_seen(profile, known)
    return {
        p.ladder: to_hold(last_held(known, p.ladder), ladders[p.ladder], p.step, unit)
        for p in sequence.portions
        if p.loaded
    }


def shown_weight(
    courses: Courses,
    person: Person,
    profile: Profile,
    session: Session,
    past: tuple[Session, ...],
    decided: Mapping[str, Decision],
) -> Weight | None:
    """The weight of a session; at the top of its ladder perhaps with a heavier one to take."""
    ladders, unit = courses.catalogue.ladders, courses.unit(profile)
    weight = weight_of(session, _since_seen(profile, past), ladders, unit)
    if weight is None or session.touched or weight.ladder not in decided:
        return weight
    if decided[weight.ladder].reasons[0] is not Reason.AT_THE_TOP:
        return weight
    situation = courses.course(person, profile, past, session.day).situations[weight.ladder]
    well = went_well(situation, past, weight)
    offer = heavier(weight, ladders[weight.ladder], well, courses.policy.load)
    return replace(weight, offer=offer)


def _since_seen(profile: Profile, known: tuple[Session, ...]) -> tuple[Session, ...]:
    """Once a clinician has seen someone, weights begin anew as well."""
    if profile.seen_at is None or profile.zone is None:
        return known
    zone = profile.zone_at(profile.seen_at) or profile.zone
    seen = local_day(profile.seen_at, ZoneInfo(zone))
    return tuple(session for session in known if session.day >= seen)
