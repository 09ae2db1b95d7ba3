"""What a rule may answer, and how the answers are ordered by caution."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.situation import Situation
from bot.domain.standing import Standing


class Action(StrEnum):
    """What happens to a ladder next: the boldest first, each more cautious than the one above."""

    ADVANCE_STEP = "advance_step"
    ADVANCE_DOSE = "advance_dose"
    HOLD = "hold"
    REDUCE_DOSE = "reduce_dose"
    DELOAD_AFTER_GAP = "deload_after_gap"
    REGRESS_STEP = "regress_step"
    PAUSE_AND_REFER = "pause_and_refer"

    @property
    def caution(self) -> int:
        """Greater is more cautious."""
        return _CAUTION[self]


_CAUTION = {action: rank for rank, action in enumerate(Action)}


class Reason(StrEnum):
    """Why; each has its sentence, of the same name, in content/words/<language>/why.j2."""

    RED_FLAG = "red_flag"
    FIRST_TIME = "first_time"
    STRONG_PAIN_RETURNS = "strong_pain_returns"
    SHORT_GAP = "short_gap"
    LONG_GAP = "long_gap"
    LONGEST_GAP = "longest_gap"
    NOT_DONE = "not_done"
    SURPRISING_PAIN = "surprising_pain"  # asked back before it counts
    PAIN_AMBER = "pain_amber"
    PAIN_RED = "pain_red"
    PAIN_RED_AGAIN = "pain_red_again"
    PAIN_RED_TILL_MORNING = "pain_red_till_morning"
    MORNING_AMBER = "morning_amber"
    MORNING_AMBER_ON_NEW_STEP = "morning_amber_on_new_step"
    MORNING_AMBER_AGAIN = "morning_amber_again"
    MORNING_RED = "morning_red"
    MORNING_RED_AGAIN = "morning_red_again"  # two sore mornings, at least one of them red
    COMPENSATION_SOME = "compensation_some"
    COMPENSATION_MARKED = "compensation_marked"
    COMPENSATION_AGAIN = "compensation_again"
    COMPENSATION_WITH_PAIN = "compensation_with_pain"
    BREATH_SOMETIMES = "breath_sometimes"
    BREATH_OFTEN = "breath_often"
    BREATH_OFTEN_AGAIN = "breath_often_again"
    PAIN_RISING = "pain_rising"
    QUALITY_SLIPPING = "quality_slipping"
    PARTIAL_AGAIN = "partial_again"
    SIGNS_ADD_UP = "signs_add_up"
    LITTLE_IN_RESERVE = "little_in_reserve"  # with a weight
    CUT_SETTLES = "cut_settles"  # less already; mornings take some days to show it
    READY_FOR_MORE = "ready_for_more"
    READY_FOR_NEXT_STEP = "ready_for_next_step"
    AT_THE_TOP = "at_the_top"
    PAIN_STAYS_HIGH = "pain_stays_high"
    SETTLING_IN = "settling_in"
    OTHERS_FIRST = "others_first"  # ready, but two other ladders enter a new step today
    HOME_AGAIN = "home_again"  # after days away
    FLARE = "flare"
    FLARE_LASTS = "flare_lasts"  # a week or more, and nothing known says that it hasn't settled
    FLARE_UNSETTLED = "flare_unsettled"
    FLARE_SETTLED = "flare_settled"


class Missing(StrEnum):
    """What the next move still waits for; each has its sentence in why.j2 as well."""

    CLINICIAN = "clinician"  # a person who has seen them
    SAFETY_SCREEN = "safety_screen"
    PAIN_CONFIRMED = "pain_confirmed"
    SESSION_ANSWERS = "session_answers"
    MORNING_ANSWER = "morning_answer"
    MORE_ANSWERS = "more_answers"
    ONE_CLEAN_SESSION = "one_clean_session"
    MORE_CLEAN_SESSIONS = "more_clean_sessions"
    CALMER_PAIN = "calmer_pain"
    MORE_SESSIONS = "more_sessions"
    MORE_DAYS = "more_days"
    ENTRY_GATE = "entry_gate"


# A flare is the whole person's, on whatever ladder it is spoken of.
FLARE_RUNS = frozenset({Reason.FLARE, Reason.FLARE_LASTS})
OF_A_FLARE = FLARE_RUNS | {Reason.FLARE_SETTLED}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one rule would do, where it would leave the person, and why."""

    action: Action
    outcome: Standing
    reason: Reason
    rest_hours: int = 0  # to leave before the next session on this ladder


def advance_dose(situation: Situation) -> Opinion:
    """More of the same step."""
    dose, standing = situation.policy.dose, situation.standing
    more = min(dose.full, on_grid(standing.dose_fraction + dose.change))
    return Opinion(Action.ADVANCE_DOSE, Standing(standing.step, more), Reason.READY_FOR_MORE)


def advance_step(situation: Situation) -> Opinion:
    """A harder step, and little of it at first."""
    harder = Standing(situation.standing.step + 1, situation.policy.dose.entry)
    return Opinion(Action.ADVANCE_STEP, harder, Reason.READY_FOR_NEXT_STEP)


def hold(situation: Situation, reason: Reason, rest_hours: int = 0) -> Opinion:
    """Stay. Tolerable pain is held, not cut: graded activity does not teach that pain means stop."""
    return Opinion(Action.HOLD, situation.standing, reason, rest_hours)


def reduce(situation: Situation, reason: Reason) -> Opinion:
    """Same step, less of it."""
    dose, standing = situation.policy.dose, situation.standing
    less = max(dose.lowest, on_grid(standing.dose_fraction - dose.change))
    return Opinion(Action.REDUCE_DOSE, Standing(standing.step, less), reason)


def regress(situation: Situation, reason: Reason) -> Opinion:
    """An easier step, and no more of it than now; from the first there is none, so less of it."""
    standing = situation.standing
    if standing.step == 1:
        return reduce(situation, reason)
    dose = min(standing.dose_fraction, situation.policy.dose.after_regress)
    return Opinion(Action.REGRESS_STEP, Standing(standing.step - 1, dose), reason)


def at_most(situation: Situation, dose_fraction: float, reason: Reason) -> Opinion:
    """Same step, at no more than this dose."""
    standing = situation.standing
    if standing.dose_fraction <= dose_fraction:
        return hold(situation, reason)
    return Opinion(Action.REDUCE_DOSE, Standing(standing.step, dose_fraction), reason)


def pause(situation: Situation, reason: Reason) -> Opinion:
    """No exercise until a person has looked; where they stood is kept for afterwards."""
    return Opinion(Action.PAUSE_AND_REFER, situation.standing, reason)


def on_grid(dose_fraction: float) -> float:
    """Doses move in tenths, so that adding up fractions leaves no crumbs."""
    return round(dose_fraction, 1)
