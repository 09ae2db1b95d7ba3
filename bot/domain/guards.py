"""R6 to R14, R18, R20 and R21: what the latest session warns of. All speak, and the most cautious is heard.

Each looks at the latest session's own reply and says nothing where there is none. "Two in a row" looks
back to the previous session in which that reply was given. A worse reply to the latest session never
leads to a bolder move, with one exception on purpose: a number that looks like a slip is asked back (R7).
"""

from collections.abc import Callable

from bot.domain.doubt import is_surprising
from bot.domain.feedback import Breath, Compensation, Completed, Feedback, Reserve
from bot.domain.opinion import Opinion, Reason, at_most, hold, reduce, regress
from bot.domain.situation import Situation
from bot.domain.zones import Zone


def hold_when_not_done(situation: Situation) -> Opinion | None:
    """R6: a session that was not done says nothing about load. Inference."""
    if situation.latest.completed is Completed.NO:
        return hold(situation, Reason.NOT_DONE)
    return None


def ask_surprising_pain_again(situation: Situation) -> Opinion | None:
    """R7: a lone high number, when all else went well, may be a slip of the thumb. Inference."""
    return hold(situation, Reason.SURPRISING_PAIN) if _may_be_a_slip(situation) else None


def heed_pain_during(situation: Situation) -> Opinion | None:
    """R8: red cuts the dose, red again or until morning goes a step back; amber holds.

    0-2 safe, 2-5 acceptable, above 5 high risk (Thomee 1997; Silbernagel, 10.1177/0363546506298279).
    Extrapolated: that model comes from knees and Achilles tendons.
    """
    zone = situation.during(situation.latest)
    if not zone or _may_be_a_slip(situation):
        return None
    if zone is Zone.AMBER:
        return hold(situation, Reason.PAIN_AMBER)
    if situation.morning(situation.latest) is Zone.RED:
        return regress(situation, Reason.PAIN_RED_TILL_MORNING)
    if situation.previous(situation.during) is Zone.RED:
        return regress(situation, Reason.PAIN_RED_AGAIN)
    return reduce(situation, Reason.PAIN_RED)


def heed_next_morning(situation: Situation) -> Opinion | None:
    """R9: one amber morning is near noise and holds; two, or a red one, cut.

    The pain-monitoring model, extrapolated. Soreness from something new peaks at 24 to 72 hours
    (PMC164305), hence the rest after a first exposure.
    """
    zone = situation.morning(situation.latest)
    if not zone:
        return None
    if before := situation.previous(situation.morning):
        return _given_time(situation, _heed_two_mornings(situation, max(zone, before)))
    if zone is Zone.RED:
        return _given_time(situation, reduce(situation, Reason.MORNING_RED))
    if _is_first_exposure(situation):
        rest = situation.policy.rest.sore_on_new_step
        return hold(situation, Reason.MORNING_AMBER_ON_NEW_STEP, rest_hours=rest)
    return hold(situation, Reason.MORNING_AMBER)


def heed_compensation(situation: Situation) -> Opinion | None:
    """R10: other muscles took over: a gate of skill and effort, not a proven protector.

    Motor-control trials progress only while the task is controlled; extrapolated.
    """
    match situation.latest.compensation:
        case Compensation.SOME:
            return hold(situation, Reason.COMPENSATION_SOME)
        case Compensation.MARKED:
            return _heed_marked_compensation(situation)
        case _:
            return None


def heed_breath(situation: Situation) -> Opinion | None:
    """R11: a held breath says that the effort is near its limit.

    Trials asked for ten holds of ten seconds with normal breathing before advancing (Maher 2005,
    PMC1291370; Costa 2009), extrapolated; breathing alters in motor-control tests of painful backs
    (10.1007/s00586-009-1020-y, n=20), published.
    """
    match situation.latest.breath_holding:
        case Breath.SOMETIMES:
            return hold(situation, Reason.BREATH_SOMETIMES)
        case Breath.OFTEN if situation.previous(_breath) is Breath.OFTEN:
            return reduce(situation, Reason.BREATH_OFTEN_AGAIN)
        case Breath.OFTEN:
            return hold(situation, Reason.BREATH_OFTEN)
        case _:
            return None


def heed_rising_pain(situation: Situation) -> Opinion | None:
    """R12: no rise from week to week (Silbernagel), extrapolated.

    The source doesn't say which pain; either may rise. A number that is being asked back raises nothing.
    """
    during = not _may_be_a_slip(situation) and _rises(situation, _pain_during)
    if during or _rises(situation, _pain_next_morning):
        return _given_time(situation, reduce(situation, Reason.PAIN_RISING))
    return None


def heed_slipping_quality(situation: Situation) -> Opinion | None:
    """R13: when form or breath are rarely right, the exercise is too much as it is. Inference."""
    limits, latest = situation.policy.quality, situation.latest
    if latest.compensation is None and latest.breath_holding is None:
        return None
    watched = situation.sessions[-limits.sessions :]
    flagged = sum(bool(s.compensation or s.breath_holding) for s in watched)
    if flagged < limits.flagged or any(situation.is_clean(session) for session in watched):
        return None
    return reduce(situation, Reason.QUALITY_SLIPPING)


def heed_unfinished(situation: Situation) -> Opinion | None:
    """R14: a quota should be one that can be completed (10.1093/ptj/72.4.279), extrapolated.

    Twice partial; and partial, then not done at all, counts as well. Otherwise doing nothing would
    lead to a bolder move (R6) than doing a part.
    """
    if situation.previous(_completed) is Completed.PARTIAL and situation.latest.completed:
        return reduce(situation, Reason.PARTIAL_AGAIN)
    return None


def ease_when_signs_add_up(situation: Situation) -> Opinion | None:
    """R18: signs of the last two sessions at this dose that add up to three ease one dose early.

    A sign is amber pain, other muscles helping or a held breath; red, marked and often count twice. What
    was left undone is R6's and R14's. Inference, found on virtual patients and never tried on people.
    """
    limits = situation.policy.effort
    if not situation.signs(situation.latest) or _may_be_a_slip(situation):
        return None
    known = situation.here[: limits.sessions]
    if len(known) < limits.sessions or sum(map(situation.signs, known)) < limits.signs:
        return None
    return _given_time(situation, reduce(situation, Reason.SIGNS_ADD_UP))


def keep_a_reserve(situation: Situation) -> Opinion | None:
    """R20: with a weight, less than three more in reserve is enough for now.

    Guesses of what is left are two repetitions off near the limit and five far from it (n=25): so only a yes
    or no is asked, and only where a weight was carried. That a no holds, and cuts nothing, is inference.
    """
    if situation.latest.reserve is Reserve.LITTLE:
        return hold(situation, Reason.LITTLE_IN_RESERVE)
    return None


def come_home_gently(situation: Situation) -> Opinion | None:
    """R21: the first turn at home after days away is a little smaller, on the step that was left.

    Sets on the way stand in for the own portion and show little about it. Inference.
    """
    back, limits = situation.back, situation.policy.homecoming
    if back is None or back.days < limits.days:
        return None
    if any(s.day >= back.on.toordinal() and not s.stood_in for s in situation.sessions):
        return None
    return at_most(situation, limits.dose, Reason.HOME_AGAIN)


def _given_time(situation: Situation, cut: Opinion) -> Opinion:
    """A cut that mornings ask for, unless the last one is still new: then it holds.

    Soreness takes days to go (24 to 72 hours and more, PMC164305), and what hurts for a while without load
    would else cut day after day. Pain during a session, and form, are heeded at once as ever. Inference.
    """
    return hold(situation, Reason.CUT_SETTLES) if situation.was_cut else cut


def _may_be_a_slip(situation: Situation) -> bool:
    """Surprising, everything else clean, and neither confirmed nor left standing."""
    limits, latest = situation.policy.slip, situation.latest
    if latest.confirmed or situation.today - latest.day >= limits.answer_days:
        return False
    if not latest.is_answered or _flawed_but_for_pain_during(situation):
        return False
    known = [s.pain_during for s in situation.sessions if s.pain_during is not None]
    *earlier, pain = known  # the latest is answered, so the last one is its own
    return is_surprising(pain, earlier, limits)


def _flawed_but_for_pain_during(situation: Situation) -> bool:
    latest = situation.latest
    return any(
        (
            latest.compensation,
            latest.breath_holding,
            latest.reserve,
            latest.completed,
            situation.morning(latest),
        )
    )


def _heed_two_mornings(situation: Situation, worse: Zone) -> Opinion:
    if worse is Zone.RED:
        return regress(situation, Reason.MORNING_RED_AGAIN)
    return reduce(situation, Reason.MORNING_AMBER_AGAIN)


def _is_first_exposure(situation: Situation) -> bool:
    step = situation.latest.step
    return all(session.step != step for session in situation.sessions[:-1])


def _heed_marked_compensation(situation: Situation) -> Opinion:
    if situation.previous(_compensation) is Compensation.MARKED:
        return regress(situation, Reason.COMPENSATION_AGAIN)
    if situation.during(situation.latest) or situation.morning(situation.latest):
        return regress(situation, Reason.COMPENSATION_WITH_PAIN)
    return reduce(situation, Reason.COMPENSATION_MARKED)


def _rises(situation: Situation, pain: Callable[[Feedback], int | None]) -> bool:
    limits = situation.policy.trend
    latest = pain(situation.latest)
    if latest is None or latest < situation.reference_pain + limits.above_reference:
        return False
    replies = [pain(session) for session in situation.sessions[-limits.sessions :]]
    known = [reply for reply in replies if reply is not None]
    if len(known) < limits.least_answered:
        return False
    rise = sum(known[-limits.compared :]) - sum(known[: limits.compared])
    return rise >= limits.rise * limits.compared


def _pain_during(session: Feedback) -> int | None:
    return session.pain_during


def _pain_next_morning(session: Feedback) -> int | None:
    return session.pain_next_morning


def _compensation(session: Feedback) -> Compensation | None:
    return session.compensation


def _breath(session: Feedback) -> Breath | None:
    return session.breath_holding


def _completed(session: Feedback) -> Completed | None:
    return session.completed
