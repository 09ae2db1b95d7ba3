"""What one ladder asks for next, decided from what was stored and from nothing else.

Nothing here reads a clock, a file or a table, so any day in anyone's past can be decided again. The
order of the rules is the policy: dangers first, then every warning at once, and ambition last.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bot.domain.opinion import FLARE_RUNS, Action, Missing, Opinion, Reason
from bot.domain.readiness import missing_for_more, missing_for_next_step
from bot.domain.rules import AFTER_GAP, ALL_SPEAK, FIRST, IN_FLARE, OTHERWISE, Rule
from bot.domain.situation import Situation
from bot.domain.standing import Standing

__all__ = ["Action", "Decision", "Missing", "Reason", "Situation", "decide"]

Voice = tuple[str, Opinion]  # a rule's id, and what it said


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The next move, with all that is needed to explain it and to decide it again."""

    action: Action
    step: int
    dose_fraction: float
    rules: tuple[str, ...]  # all that spoke, the deciding one first
    reasons: tuple[Reason, ...]  # theirs, in the same order
    missing: tuple[Missing, ...]  # what the next move still waits for
    rest_hours: int  # to leave before the next session on this ladder; 0 is as usual
    policy: str  # the version that decided


def decide(situation: Situation) -> Decision:
    """Ask the rules; silence never moves anyone up."""
    ordered = _heard(situation)
    _, deciding = ordered[0]
    return Decision(
        action=deciding.action,
        step=deciding.outcome.step,
        dose_fraction=deciding.outcome.dose_fraction,
        rules=tuple(rule for rule, _ in ordered),
        reasons=tuple(opinion.reason for _, opinion in ordered),
        missing=_missing(situation, deciding),
        rest_hours=max(opinion.rest_hours for _, opinion in ordered),
        policy=situation.policy.version,
    )


def _heard(situation: Situation) -> list[Voice]:
    """All that spoke and count, the deciding one first."""
    flare = _first(IN_FLARE, situation)
    if alone := _first(FIRST, situation):
        return _at_least(flare, alone)
    warnings = _most_cautious_first([*_voices(ALL_SPEAK, situation)])
    if gap := _first(AFTER_GAP, situation):
        return _at_least(flare, _both(gap, warnings))
    return _at_least(flare, warnings) or _first(OTHERWISE, situation)


def _at_least(flare: list[Voice], others: list[Voice]) -> list[Voice]:
    """A flare leads wherever nothing else pauses: in move, step and dose no bolder than the others."""
    if not flare or not others:
        return flare or others
    [(rule, opinion)], (_, leading) = flare, others[0]
    if leading.action is Action.PAUSE_AND_REFER:
        return others
    if opinion.action is Action.PAUSE_AND_REFER:
        return [*flare, *others]
    action = max(opinion.action, leading.action, key=lambda action: action.caution)
    lower = _lower(opinion.outcome, leading.outcome)
    return [(rule, replace(opinion, action=action, outcome=lower)), *others]


def _both(gap: list[Voice], warnings: list[Voice]) -> list[Voice]:
    """A pause lifts no warning: the gap's move, no higher in step or dose than the warning would lead."""
    (rule, opinion), *_ = gap
    for _, warning in warnings[:1]:
        opinion = replace(opinion, outcome=_lower(opinion.outcome, warning.outcome))
    return [(rule, opinion), *warnings]


def _lower(one: Standing, other: Standing) -> Standing:
    return Standing(min(one.step, other.step), min(one.dose_fraction, other.dose_fraction))


def _first(rules: Iterable[Rule], situation: Situation) -> list[Voice]:
    return list(islice(_voices(rules, situation), 1))


def _voices(rules: Iterable[Rule], situation: Situation) -> Iterator[Voice]:
    for rule in rules:
        opinion = rule.ask(situation)
        if opinion is not None:
            yield rule.id, opinion


def _most_cautious_first(voices: Sequence[Voice]) -> list[Voice]:
    """Between equals the lower outcome leads, then the rule that stands higher in the table."""
    return sorted(voices, key=lambda voice: (-voice[1].action.caution, voice[1].outcome))


def _missing(situation: Situation, deciding: Opinion) -> tuple[Missing, ...]:
    match deciding.action:
        case Action.ADVANCE_STEP | Action.ADVANCE_DOSE:
            return ()
        case Action.PAUSE_AND_REFER:
            return (Missing.CLINICIAN,)
        case _ if deciding.reason in FLARE_RUNS:
            return (_missing_in_flare(situation),)
        case Action.HOLD:
            return _missing_while_holding(situation, deciding.reason)
        case _ if deciding.reason is Reason.LONGEST_GAP:
            return (Missing.SAFETY_SCREEN, Missing.MORE_CLEAN_SESSIONS)
        case _:  # a fresh start, lower down
            return (Missing.MORE_CLEAN_SESSIONS,)


def _missing_in_flare(situation: Situation) -> Missing:
    clean = situation.flare.clean if situation.flare else 0
    lacking = situation.policy.flare.clean_sessions - clean
    return Missing.ONE_CLEAN_SESSION if lacking == 1 else Missing.MORE_CLEAN_SESSIONS


def _missing_while_holding(situation: Situation, reason: Reason) -> tuple[Missing, ...]:
    if not situation.sessions:
        return (Missing.MORE_CLEAN_SESSIONS,)
    if reason is Reason.SURPRISING_PAIN:
        return (Missing.PAIN_CONFIRMED,)
    if not situation.at_full_dose:
        return missing_for_more(situation)
    if situation.on_last_step:
        return ()  # no move is left to wait for
    return missing_for_more(situation) + missing_for_next_step(situation)
