"""How it goes, as of a day: what there is to see, what moved lately and why, and what may be chosen."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.course import most_telling
from bot.domain.decision import Action, Decision
from bot.domain.graduation import days_offered
from bot.domain.look import Theme
from bot.domain.opinion import Reason
from bot.domain.profile import Profile
from bot.domain.progress import Progress, progress
from bot.domain.session import Session
from bot.practice.prescription import Prescription
from bot.storage import decisions, reviews, rituals, sessions
from bot.storage.database import Work

LATELY = 7  # days whose moves are told
STEPS = (Action.ADVANCE_STEP, Action.REGRESS_STEP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All of it, ready to be shown."""

    progress: Progress
    moved: Mapping[
        str, Decision
    ]  # by ladder, in the last seven days: the newest, steps before doses
    stays: Decision | None  # why nothing did
    names: Mapping[str, str]  # of the ladders
    minutes: int
    weekdays: frozenset[int]  # with a ritual
    fewer: int | None  # days a week that are offered
    session_id: int | None  # of the newest ritual, whose reasons can be asked for
    reviewed: bool  # there is a look back over four weeks
    theme: Theme = Theme.PAPER  # of its picture


async def told(
    work: Work, prescription: Prescription, profile: Profile, day: dt.date
) -> Told | None:
    """None before anything was practised. Raises NotEnrolled or PlanLocked."""
    person, ladders = prescription.person(profile), prescription.catalogue.ladders
    past = await sessions.of_person(work, person.id, ladders)
    seen = progress(
        past,
        await rituals.came_on(work, person.id),
        usual_pain=person.usual_pain,
        ladders=ladders,
        day=day,
        policy=prescription.policy,
    )
    if seen is None:
        return None
    moves = await _decided(work, past, day)
    steps_first = sorted(moves, key=lambda ladder: moves[ladder].action not in STEPS)
    moved = {ladder: moves[ladder] for ladder in steps_first if _is_move(moves[ladder])}
    telling = most_telling(moves)
    return Told(
        progress=seen,
        moved=moved,
        stays=moves[telling] if telling and not moved else None,
        names=prescription.names(profile),
        minutes=person.minutes,
        weekdays=profile.weekdays,
        fewer=days_offered(past, seen, profile.weekdays, profile.flares, prescription.policy),
        session_id=max((s.id for s in past if not s.travel), default=None),
        reviewed=await reviews.newest(work, person.id) is not None,
        theme=profile.taste.theme,
    )


async def _decided(work: Work, past: tuple[Session, ...], day: dt.date) -> dict[str, Decision]:
    """By ladder, the newest move of the days before; where none was made, the newest stay."""
    made: dict[str, Decision] = {}
    for session in past:
        if 0 < (day - session.day).days <= LATELY:
            for ladder, one in (await decisions.of_session(work, session.id)).items():
                if _is_move(one.decision) or not _is_move(made.get(ladder)):
                    made[ladder] = one.decision
    return made


def _is_move(decision: Decision | None) -> bool:
    return (
        decision is not None
        and decision.action is not Action.HOLD
        and decision.reasons[0] is not Reason.FIRST_TIME
    )
