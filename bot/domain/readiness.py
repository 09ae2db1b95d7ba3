"""What a move up still waits for. Ambition is a list of conditions, and silence meets none of them."""

from collections.abc import Callable

from bot.domain.feedback import Completed, Feedback
from bot.domain.opinion import Missing
from bot.domain.situation import Situation
from bot.domain.zones import Zone

Lack = Callable[[Situation], bool]


def clean_row(situation: Situation) -> list[Feedback]:
    """Clean sessions in a row on this step, at about this dose, the latest first.

    A session with replies missing, or one that stood in, neither counts nor breaks the row, unless what
    it did reply was less than clean: a known warning is never passed over.
    """
    row: list[Feedback] = []
    for session in reversed(situation.sessions):
        if not _comparable(situation, session) or situation.is_flawed(session):
            break
        if situation.is_clean(session):
            row.append(session)
    return row


def clean_sessions_needed(situation: Situation) -> int:
    """Two; three for a back that took more than a day to settle in two of the last four sessions.

    A stand-in for irritability, which even therapists judge only moderately alike (kappa 0.44,
    10.1179/jmt.2009.17.3.135). Inference.
    """
    limits = situation.policy.irritability
    mornings = [situation.morning(session) for session in situation.sessions[-limits.sessions :]]
    sore = sum(1 for zone in mornings if zone not in (None, Zone.GREEN))
    if sore >= limits.sore_mornings:
        return limits.clean_sessions
    return situation.policy.advance.clean_sessions


def missing_for_more(situation: Situation) -> tuple[Missing, ...]:
    """What every move up waits for."""
    return tuple(missing for missing, lacks in FOR_MORE if lacks(situation))


def missing_for_next_step(situation: Situation) -> tuple[Missing, ...]:
    """What a harder step waits for, beyond that."""
    return tuple(missing for missing, lacks in FOR_NEXT_STEP if lacks(situation))


def pain_stays_high(situation: Situation) -> bool:
    """Usual pain this high is a reason to see someone, not to add load. Inference."""
    return situation.reference_pain >= situation.policy.advance.persistent_pain


def _comparable(situation: Situation, session: Feedback) -> bool:
    latest = situation.latest
    apart = abs(session.dose_fraction - latest.dose_fraction)
    return session.step == latest.step and round(apart, 6) <= situation.policy.advance.dose_within


def _lacks_session_answers(situation: Situation) -> bool:
    """A session that was not done has no more to tell."""
    latest = situation.latest
    replies = (latest.pain_during, latest.compensation, latest.breath_holding, latest.completed)
    return None in replies and latest.completed is not Completed.NO


def _lacks_morning_answer(situation: Situation) -> bool:
    latest = situation.latest
    return latest.pain_next_morning is None and latest.completed is not Completed.NO


def _lacks_answers(situation: Situation) -> bool:
    limits = situation.policy.advance
    watched = situation.sessions[-limits.watched_sessions :]
    return sum(not session.is_answered for session in watched) > limits.most_unanswered


def _clean_sessions_lacking(situation: Situation) -> int:
    return clean_sessions_needed(situation) - len(clean_row(situation))


def _lacks_one_clean_session(situation: Situation) -> bool:
    return _clean_sessions_lacking(situation) == 1


def _lacks_clean_sessions(situation: Situation) -> bool:
    return _clean_sessions_lacking(situation) > 1


def _lacks_full_dose(situation: Situation) -> bool:
    """Said only where the clean sessions are there: otherwise those are what is missing."""
    if _clean_sessions_lacking(situation) > 0:
        return False
    wanted, full = situation.policy.advance.full_dose_sessions, situation.policy.dose.full
    latest = clean_row(situation)[:wanted]
    return sum(session.dose_fraction >= full for session in latest) < wanted


def _lacks_sessions_on_step(situation: Situation) -> bool:
    return len(_stay(situation)) < situation.policy.advance.step_sessions


def _lacks_days_on_step(situation: Situation) -> bool:
    stay = _stay(situation)
    return not stay or stay[-1].day - stay[0].day < situation.policy.advance.step_days


def _stay(situation: Situation) -> list[Feedback]:
    """The sessions since this step was last entered, without those known as not done."""
    sessions = situation.sessions
    elsewhere = [n for n, session in enumerate(sessions) if session.step != sessions[-1].step]
    start = elsewhere[-1] + 1 if elsewhere else 0
    return [session for session in sessions[start:] if session.completed is not Completed.NO]


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
    (Missing.FULL_DOSE, _lacks_full_dose),
    (Missing.MORE_SESSIONS, _lacks_sessions_on_step),
    (Missing.MORE_DAYS, _lacks_days_on_step),
    (Missing.ENTRY_GATE, _gate_closed),
)
