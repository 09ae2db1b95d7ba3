"""The nearest change that would alter a decision: what would lead upwards next, found by trying it.

Nothing here knows the rules. A missing reply is filled in as a calm one, or calm sessions are added, one
a day at what was decided; then it is decided again, and the first change that leads upwards is told. So
what is said here and what will be decided can't drift apart. While a flare runs, upwards is out of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, floor

from bot.domain.decision import Decision, decide
from bot.domain.feedback import Breath, Compensation, Completed, Feedback, Reserve
from bot.domain.flare import Flare, Lived
from bot.domain.opinion import FLARE_RUNS, Action, Reason
from bot.domain.situation import Situation
from bot.domain.standing import Standing

MOST_SESSIONS = 6  # beyond that "so many more" is no near change

UPWARDS = frozenset({Action.ADVANCE_DOSE, Action.ADVANCE_STEP})
NOTHING_HELPS = frozenset({Reason.OTHERS_FIRST})  # open already; a day's wait is all


class Change(StrEnum):
    """What it takes; each has its sentence, nearest_<name>, in why.j2."""

    MORNING_ANSWER = "morning_answer"  # how the morning after was, if it was calm
    SESSION_ANSWERS = "session_answers"  # what was left open about the latest session, if calm
    PAIN_ANSWER = "pain_answer"  # whether the surprising number is right
    CLEAN_SESSIONS = "clean_sessions"  # so many, one a day, as decided
    FLARE_SETTLES = "flare_settles"  # so many clean sessions, and the way back begins
    NONE = "none"  # nothing near


@dataclass(frozen=True, slots=True)
class Nearest:
    """A change, and where it leads."""

    change: Change
    sessions: int = 0  # of clean ones
    leads_to: Action | None = None


FAR = Nearest(Change.NONE)


def nearest(situation: Situation, decision: Decision) -> Nearest:
    """What would lead upwards next from a situation in which this was decided."""
    if decision.action is Action.PAUSE_AND_REFER or decision.reasons[0] in NOTHING_HELPS:
        return FAR
    if decision.reasons[0] in FLARE_RUNS:
        return _by_settling(situation, decision)
    if decision.reasons[0] is Reason.SURPRISING_PAIN:
        return _asked_back(situation)
    if decision.action is Action.HOLD and (by_reply := _by_reply(situation)) is not None:
        return by_reply
    return _by_sessions(situation, decision)


def calm_session(situation: Situation, day: int, standing: Standing) -> Feedback:
    """A session like any calm day of this person: usual pain, all of it done, nothing to remark."""
    usual = floor(situation.reference_pain)
    return Feedback(
        day=day,
        step=standing.step,
        dose_fraction=standing.dose_fraction,
        pain_during=min(usual, situation.policy.pain_during.green_at_most),
        pain_next_morning=usual,
        compensation=Compensation.NONE,
        breath_holding=Breath.NEVER,
        completed=Completed.FULL,
    )


def calmly_answered(situation: Situation) -> Situation:
    """The same, with what is missing about the latest session answered as on a calm day."""
    latest = situation.latest
    calm = calm_session(situation, latest.day, situation.standing)
    filled = replace(
        latest,
        pain_during=_or(latest.pain_during, calm.pain_during),
        pain_next_morning=_or(latest.pain_next_morning, calm.pain_next_morning),
        compensation=Compensation(latest.compensation or 0),
        breath_holding=Breath(latest.breath_holding or 0),
        completed=Completed(latest.completed or 0),
        reserve=Reserve(latest.reserve or 0) if latest.loaded else None,
    )
    return replace(situation, history=(*situation.sessions[:-1], filled))


def after_clean_sessions(situation: Situation, decision: Decision, sessions: int) -> Situation:
    """The morning after so many calm days at what was decided."""
    first = _next_day(situation, decision)
    standing = Standing(decision.step, decision.dose_fraction)
    days = range(first, first + sessions)
    lived = tuple(calm_session(situation, day, standing) for day in days)
    return replace(
        situation,
        history=(*situation.sessions, *lived),
        today=first + sessions,
        flare=_calmly_lived(situation, days),
    )


def _asked_back(situation: Situation) -> Nearest:
    stands = replace(situation.latest, confirmed=True)
    decided = decide(replace(situation, history=(*situation.sessions[:-1], stands)))
    return Nearest(Change.PAIN_ANSWER, leads_to=decided.action)


def _by_reply(situation: Situation) -> Nearest | None:
    if not situation.sessions or situation.latest.is_answered:
        return None
    if situation.latest.completed is Completed.NO:
        return None  # it has no more to tell
    decided = decide(calmly_answered(situation))
    if decided.action not in UPWARDS:
        return None
    return Nearest(_open_reply(situation.latest), leads_to=decided.action)


def _open_reply(latest: Feedback) -> Change:
    known = replace(latest, pain_next_morning=0)
    return Change.MORNING_ANSWER if known.is_answered else Change.SESSION_ANSWERS


def _by_settling(situation: Situation, decision: Decision) -> Nearest:
    """So many that the flare has settled, if that is before it asks for a clinician."""
    for sessions in range(1, MOST_SESSIONS + 1):
        decided = decide(after_clean_sessions(situation, decision, sessions))
        if decided.reasons[0] is Reason.FLARE_SETTLED:
            return Nearest(Change.FLARE_SETTLES, sessions, decided.action)
        if decided.action is Action.PAUSE_AND_REFER:
            break
    return FAR


def _calmly_lived(situation: Situation, days: Iterable[int]) -> Flare | None:
    flare = situation.flare
    for day in days if flare else ():
        calm = Lived(day=day, practised=True, clean=True, flawed=False, gentle=True)
        flare = flare and flare.after(calm, situation.policy.flare.clean_sessions)
    return flare


def _by_sessions(situation: Situation, decision: Decision) -> Nearest:
    if _nowhere_to_go(situation, decision):
        return FAR
    for sessions in range(1, MOST_SESSIONS + 1):
        decided = decide(after_clean_sessions(situation, decision, sessions))
        if decided.action in UPWARDS:
            return Nearest(Change.CLEAN_SESSIONS, sessions, decided.action)
    return FAR


def _nowhere_to_go(situation: Situation, decision: Decision) -> bool:
    """At the full dose only a next step leads upwards; where there is none, or it is closed, no try can."""
    if decision.dose_fraction < situation.policy.dose.full:
        return False
    return decision.step == situation.ladder_steps or not situation.gate_open


def _next_day(situation: Situation, decision: Decision) -> int:
    """Today, unless something was practised today or the ladder rests."""
    if not situation.sessions:
        return situation.today
    rest = max(1, ceil(decision.rest_hours / 24))
    return max(situation.today, situation.latest.day + rest)


def _or(reply: int | None, calm: int | None) -> int | None:
    return calm if reply is None else reply
