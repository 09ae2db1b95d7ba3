"""The rule table. R3 is not in it: merging a day's sessions is how a situation reads its history.

FIRST is asked in order, and its first opinion stands. Then ALL_SPEAK: every warning is heard, and the
most cautious wins; first-match among these gave 659 non-monotone answers in 231,579 random checks.
AFTER_GAP makes the move of its own after a pause, and heeds the warnings too. OTHERWISE speaks in order
where nobody warned. IN_FLARE goes over all of these but a pause: from whatever they lead to, it takes away.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain import guards
from bot.domain.feedback import Feedback
from bot.domain.flare import Flare
from bot.domain.opinion import (
    Action,
    Opinion,
    Reason,
    advance_dose,
    advance_step,
    at_most,
    hold,
    pause,
)
from bot.domain.readiness import missing_for_more, missing_for_next_step, pain_stays_high
from bot.domain.situation import Situation
from bot.domain.standing import Standing
from bot.domain.zones import Zone


class Strength(StrEnum):
    """How far a rule is supported. No trial has tested such rules for backs as a whole."""

    PUBLISHED = "published"  # the rule is in the source
    EXTRAPOLATED = "extrapolated"  # it is, for something else than low back pain
    INFERENCE = "inference"  # our own judgement; nobody has tested it


P, E, I = Strength  # noqa: E741 - as the table of the evidence has them


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the policy's table."""

    id: str
    ask: Callable[[Situation], Opinion | None]
    strength: Strength  # of the rule; each of its numbers has its own, in content/policy.yaml
    source: str


def stop_for_red_flag(situation: Situation) -> Opinion | None:
    """R1: a safety answer of tier E or U locks the plan (IFOMPT, 10.2519/jospt.2020.9971). Published."""
    return pause(situation, Reason.RED_FLAG) if situation.red_flag else None


def begin_at_placement(situation: Situation) -> Opinion | None:
    """R2: begin below what is known to be comfortable.

    Graded activity starts at 70 % of the baseline mean (BMC Public Health 2007;7:254), published;
    0.6 of a step is extrapolated from it.
    """
    return None if situation.sessions else hold(situation, Reason.FIRST_TIME)


def refer_returning_strong_pain(situation: Situation) -> Opinion | None:
    """R4: three strong-pain sessions over two weeks, despite a cut: time for a clinician.

    Timely referral: WHO 2023, NBK599213, published. The days, and the window that keeps three isolated
    bad days of a year from adding up, are inference.
    """
    limits = situation.policy.referral
    if situation.during(situation.latest) is not Zone.RED:
        return None
    reds = _recent_red_sessions(situation)
    if len(reds) < limits.red_sessions:
        return None
    if reds[-1].day - reds[0].day < limits.span_days or not _was_cut_since(situation, reds[0]):
        return None
    return pause(situation, Reason.STRONG_PAIN_RETURNS)


def ease_in_after_gap(situation: Situation) -> Opinion | None:
    """R5: come back gently, further back the longer the pause.

    Loss grows with time, and more over 65 or when inactive (10.1111/sms.12047), published. The days
    are inference: up to two weeks it is soreness and routine that are protected, not strength.
    A ladder that rested while the person moved gently through a flare was not left by them. Nor was one that
    waits longer for its turn because there are fewer days a week, as long as they practise on those.
    """
    limits = situation.policy.gap
    days = situation.today - situation.latest.day - _rested_in_flare(situation)
    days = int(days / situation.turns_apart)
    if days < limits.short_days:
        return None
    if days < limits.long_days:
        return _deload(situation, 0, Reason.SHORT_GAP)
    if days < limits.longest_days:
        return _deload(situation, limits.long_steps_back, Reason.LONG_GAP)
    return _deload(situation, limits.longest_steps_back, Reason.LONGEST_GAP)


def advance_when_ready(situation: Situation) -> Opinion | None:
    """R15: more of this step first, then the next step at its entry dose: one thing at a time.

    "2 for 2" of the NSCA: published for lifting, extrapolated here. The five days are inference.
    """
    if not situation.is_calm(situation.latest) or missing_for_more(situation):
        return None
    if not situation.at_full_dose:
        return advance_dose(situation)
    if situation.on_last_step or missing_for_next_step(situation):
        return None
    return advance_step(situation)


def keep_the_top(situation: Situation) -> Opinion | None:
    """R16: past the last step there is keeping it up (ACSM, 10.1249/MSS.0b013e3181915670). Published."""
    if not (situation.on_last_step and situation.at_full_dose) or missing_for_more(situation):
        return None
    return hold(situation, Reason.AT_THE_TOP)


def wait(situation: Situation) -> Opinion:
    """R17: anything else holds. Usual pain that stays high asks for a clinician's view. Inference."""
    if pain_stays_high(situation):
        return hold(situation, Reason.PAIN_STAYS_HIGH)
    return hold(situation, Reason.SETTLING_IN)


def move_gently_through_flare(situation: Situation) -> Opinion | None:
    """R19: in a flare keep moving, with less; once it has settled, begin the way back from below.

    What a flare is, is published (10.1016/j.jpain.2019.03.003); days and doses are inference. After a week
    in which some session said that it had not settled, a clinician is asked for. Silence says neither: who
    told nothing since stays gentle for as long as that lasts, and is referred by no silence.
    """
    flare, limits = situation.flare, situation.policy.flare
    if flare is None:
        return None
    if flare.settled_on is not None:
        return _resume(situation, flare, flare.settled_on)
    if situation.today - flare.since < limits.days:
        return at_most(situation, limits.dose, Reason.FLARE)
    if flare.flawed:
        return pause(situation, Reason.FLARE_UNSETTLED)
    return at_most(situation, limits.dose, Reason.FLARE_LASTS)


def _resume(situation: Situation, flare: Flare, settled_on: int) -> Opinion | None:
    """Once on each ladder, at its first turn since. What was practised in the flare grows as by R15 only."""
    if not situation.sessions or situation.latest.day > settled_on:
        return None
    dose = min(situation.policy.flare.resume_dose, _dose_before(situation, flare))
    more = advance_when_ready(situation)
    if more and situation.standing.dose_fraction < dose:
        outcome = min(more.outcome, Standing(situation.standing.step, dose))
        return Opinion(more.action, outcome, Reason.FLARE_SETTLED)
    return at_most(situation, dose, Reason.FLARE_SETTLED)


def _dose_before(situation: Situation, flare: Flare) -> float:
    """Of the ladder's last session before the flare; where there was none, the entry dose."""
    gentle = situation.policy.flare.dose
    before = (
        session.dose_fraction
        for session in reversed(situation.sessions)
        if session.day < flare.since
        or (session.day == flare.since and session.dose_fraction > gentle)
    )
    return next(before, situation.policy.dose.entry)


def _rested_in_flare(situation: Situation) -> int:
    """Days on which the person practised without this ladder because of a flare that has settled.

    Days of silence in a flare are a gap like any others. While one runs nothing is taken off: the ladder
    rests anyway, and a worse answer, by which it has not settled, must not make a gap look shorter.
    """
    flare = situation.flare
    if flare is None or flare.settled_on is None:
        return 0
    return sum(day > situation.latest.day for day in flare.practised)


def _recent_red_sessions(situation: Situation) -> list[Feedback]:
    since = situation.latest.day - situation.policy.referral.window_days
    recent = (session for session in situation.sessions if session.day >= since)
    return [session for session in recent if situation.during(session) is Zone.RED]


def _was_cut_since(situation: Situation, first: Feedback) -> bool:
    at_first = Standing(first.step, first.dose_fraction)
    later = (session for session in situation.sessions if session.day > first.day)
    return any(Standing(session.step, session.dose_fraction) < at_first for session in later)


def _deload(situation: Situation, steps_back: int, reason: Reason) -> Opinion:
    step = max(1, situation.standing.step - steps_back)
    dose = min(situation.standing.dose_fraction, situation.policy.gap.dose)
    return Opinion(Action.DELOAD_AFTER_GAP, Standing(step, dose), reason)


FIRST = (
    Rule("R1", stop_for_red_flag, P, "IFOMPT framework for red flags, 10.2519/jospt.2020.9971"),
    Rule(
        "R2",
        begin_at_placement,
        E,
        "graded activity starts at 70 % of the baseline mean, BMC Public Health 2007;7:254",
    ),
    Rule(
        "R4",
        refer_returning_strong_pain,
        I,
        "timely referral, WHO 2023, NBK599213; the count and the days are ours",
    ),
)

AFTER_GAP = (
    Rule(
        "R5",
        ease_in_after_gap,
        I,
        "loss grows with time away, 10.1111/sms.12047; the days are ours",
    ),
)

ALL_SPEAK = (
    Rule("R6", guards.hold_when_not_done, I, "our own judgement"),
    Rule("R7", guards.ask_surprising_pain_again, I, "our own judgement"),
    Rule(
        "R8",
        guards.heed_pain_during,
        E,
        "pain-monitoring model of knee and Achilles trials, 10.1177/0363546506298279",
    ),
    Rule(
        "R9",
        guards.heed_next_morning,
        E,
        "pain-monitoring model; soreness from something new peaks at 24 to 72 hours, PMC164305",
    ),
    Rule(
        "R10",
        guards.heed_compensation,
        E,
        "motor-control trials progress only while the task is controlled",
    ),
    Rule(
        "R11",
        guards.heed_breath,
        E,
        "holds with normal breathing before advancing, PMC1291370;"
        " breathing alters in such tests, 10.1007/s00586-009-1020-y (n=20)",
    ),
    Rule(
        "R12",
        guards.heed_rising_pain,
        E,
        "no rise of pain from week to week, 10.1177/0363546506298279",
    ),
    Rule("R13", guards.heed_slipping_quality, I, "our own judgement"),
    Rule("R14", guards.heed_unfinished, E, "quotas that can be completed, 10.1093/ptj/72.4.279"),
    Rule(
        "R18",
        guards.ease_when_signs_add_up,
        I,
        "our own judgement, found on simulated people and never tried on real ones",
    ),
    Rule(
        "R20",
        guards.keep_a_reserve,
        I,
        "guessed repetitions in reserve are two off near the limit and five far from it (n=25);"
        " a plain yes or no, and that a no holds, are ours",
    ),
    Rule("R21", guards.come_home_gently, I, "our own judgement"),
)

OTHERWISE = (
    Rule("R15", advance_when_ready, E, 'the NSCA\'s "2 for 2", published for lifting'),
    Rule("R16", keep_the_top, P, "ACSM, 10.1249/MSS.0b013e3181915670"),
    Rule("R17", wait, I, "our own judgement"),
)

IN_FLARE = (
    Rule(
        "R19",
        move_gently_through_flare,
        I,
        "what a flare is, 10.1016/j.jpain.2019.03.003; keeping moving in it, and the days, are ours",
    ),
)

BY_ID = {rule.id: rule for rule in (*FIRST, *AFTER_GAP, *ALL_SPEAK, *OTHERWISE, *IN_FLARE)}
