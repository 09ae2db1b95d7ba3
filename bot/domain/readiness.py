"""What a move up still waits for. Ambition is a list of conditions, and silence meets none of them."""

from collections.abc import Callable, Iterator
from functools import wraps
from itertools import takewhile
from typing import TypeVar

from bot.domain.feedback import Completed, Feedback
from bot.domain.opinion import Missing, advance_dose, advance_step
from bot.domain.situation import Situation

Lack = Callable[[Situation], bool]
Answer = TypeVar("Answer")


def _worked_out_once(asked: Callable[[Situation], Answer]) -> Callable[[Situation], Answer]:
    """Several conditions ask it of one situation; it is kept there, as a cached_property is."""

    @wraps(asked)
    def answer(situation: Situation) -> Answer:
        known = situation.__dict__
        if asked.__name__ not in known:
            known[asked.__name__] = asked(situation)
        kept: Answer = known[asked.__name__]
        return kept

    return answer


def clean_sessions_needed(situation: Situation) -> int:
    """Two until a first sign in six weeks, then three; one on the way back to what went well before.

    One too on the step that a try-out found, until a first sign: the try-out was short, so the first sessions
    go on with finding the dose. Two is the NSCA's "2 for 2", extrapolated from lifting. The rest was found on
    virtual patients and never tried on people. Inference.
    """
    advance = situation.policy.advance
    if _regains(situation):
        return situation.policy.regain.first_clean_sessions
    if not _showed_a_sign(situation):
        began_here = situation.calibrates and situation.latest.step == situation.sessions[0].step
        return advance.calibration_clean_sessions if began_here else advance.first_clean_sessions
    if _is_irritable(situation):
        return situation.policy.irritability.clean_sessions
    return advance.clean_sessions


def missing_for_more(situation: Situation) -> tuple[Missing, ...]:
    """What every move up waits for."""
    return tuple(missing for missing, lacks in FOR_MORE if lacks(situation))


def missing_for_next_step(situation: Situation) -> tuple[Missing, ...]:
    """What a harder step waits for, beyond that."""
    return tuple(missing for missing, lacks in FOR_NEXT_STEP if lacks(situation))


def pain_stays_high(situation: Situation) -> bool:
    """Usual pain this high is a reason to see someone, not to add load. Inference."""
    return situation.reference_pain >= situation.policy.advance.persistent_pain


def _is_irritable(situation: Situation) -> bool:
    """Whether the back took more than a day to settle in two of the last four sessions.

    A stand-in for irritability, which even therapists judge only moderately alike (kappa 0.44,
    10.1179/jmt.2009.17.3.135). Inference.
    """
    limits = situation.policy.irritability
    mornings = [situation.morning(session) for session in situation.sessions[-limits.sessions :]]
    return sum(bool(zone) for zone in mornings) >= limits.sore_mornings


def _showed_a_sign(situation: Situation) -> bool:
    since = situation.today - situation.policy.advance.sign_days
    return any(map(situation.is_flawed, _sessions_since(situation, since)))


@_worked_out_once
def _regains(situation: Situation) -> bool:
    """Whether the next load, or more than that, went well twice in the last four weeks. Inference."""
    limits = situation.policy.regain
    move = advance_step(situation) if situation.at_full_dose else advance_dose(situation)
    recent = _sessions_since(situation, situation.today - limits.days)
    known = sum(s.load >= move.outcome and situation.is_clean(s) for s in recent)
    return known >= limits.clean_sessions


def _sessions_since(situation: Situation, day: int) -> Iterator[Feedback]:
    """The latest first."""
    return takewhile(lambda session: session.day >= day, reversed(situation.sessions))


def _lacks_session_answers(situation: Situation) -> bool:
    """A session that was not done has no more to tell."""
    latest = situation.latest
    return not latest.is_told and latest.completed is not Completed.NO


def _lacks_morning_answer(situation: Situation) -> bool:
    latest = situation.latest
    return latest.pain_next_morning is None and latest.completed is not Completed.NO


def _lacks_answers(situation: Situation) -> bool:
    limits = situation.policy.advance
    watched = situation.sessions[-limits.watched_sessions :]
    return sum(not session.is_answered for session in watched) > limits.most_unanswered


def _clean_sessions(situation: Situation) -> int:
    """At this step and dose. One with replies missing, or that stood in, doesn't count."""
    return sum(map(situation.is_clean, situation.here))


@_worked_out_once
def _clean_sessions_lacking(situation: Situation) -> int:
    """Counted, not in a row; but the latest has to be clean itself."""
    lacking = clean_sessions_needed(situation) - _clean_sessions(situation)
    return max(lacking, _asks_for_another(situation))


def _asks_for_another(situation: Situation) -> bool:
    latest = situation.latest
    return latest.completed is Completed.NO or situation.is_flawed(latest)


def _lacks_one_clean_session(situation: Situation) -> bool:
    return _clean_sessions_lacking(situation) == 1


def _lacks_clean_sessions(situation: Situation) -> bool:
    return _clean_sessions_lacking(situation) > 1


def _lacks_sessions_on_step(situation: Situation) -> bool:
    wanted = situation.policy.advance.step_sessions
    return len(_stay(situation)) < wanted and not _regains(situation)


def _lacks_days_on_step(situation: Situation) -> bool:
    if _regains(situation):
        return False
    stay = _stay(situation)
    return not stay or stay[-1].day - stay[0].day < situation.policy.advance.step_days


def _stay(situation: Situation) -> list[Feedback]:
    """The sessions since this step was last entered, but for those not done and those that stood in."""
    sessions = situation.sessions
    elsewhere = [n for n, session in enumerate(sessions) if session.step != sessions[-1].step]
    start = elsewhere[-1] + 1 if elsewhere else 0
    return [
        session
        for session in sessions[start:]
        if session.completed is not Completed.NO and not session.stood_in
    ]


def _gate_closed(situation: Situation) -> bool:
    return not situation.gate_open


FOR_MORE: tuple[tuple[Missing, Lack], ...] = (
    (Missing.SESSION_ANSWERS, _lacks_session_answers),
    (Missing.MORNING_ANSWER, _lacks_morning_answer),
    (Missing.MORE_ANSWERS, _lacks_answers),
    (Missing.ONE_CLEAN_SESSION, _lacks_one_clean_session),
    (Missing.MORE_CLEAN_SESSIONS, _lacks_clean_sessions),
    (Missing.CALMER_PAIN, pain_stays_high),
)

FOR_NEXT_STEP: tuple[tuple[Missing, Lack], ...] = (
    (Missing.MORE_SESSIONS, _lacks_sessions_on_step),
    (Missing.MORE_DAYS, _lacks_days_on_step),
    (Missing.ENTRY_GATE, _gate_closed),
)
