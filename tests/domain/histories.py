"""Histories for the progression's tests: daily sessions of someone whose usual pain is 2.

So R is 2 here. During a session 3 is green, 4 and 5 are amber, 6 is red; next morning 3 is green, 4 is
amber, 5 is red.
"""

from pathlib import Path
from typing import Any

from bot.catalogue.policy import read_policy
from bot.domain.decision import Decision, Situation, decide
from bot.domain.feedback import Breath, Compensation, Completed, Feedback, Reserve

POLICY = read_policy(Path(__file__).parents[2] / "content" / "policy.yaml")

Replies = dict[str, Any]  # fields of a Feedback, its day aside

CLEAN: Replies = {
    "step": 2,
    "dose_fraction": 0.8,
    "pain_during": 2,
    "pain_next_morning": 2,
    "compensation": Compensation.NONE,
    "breath_holding": Breath.NEVER,
    "completed": Completed.FULL,
}
SILENT: Replies = {"step": 2, "dose_fraction": 0.8}

AMBER = {**CLEAN, "pain_during": 4}
RED = {**CLEAN, "pain_during": 6}
SORE = {**CLEAN, "pain_next_morning": 4}  # amber
VERY_SORE = {**CLEAN, "pain_next_morning": 5}  # red
SOME_HELP = {**CLEAN, "compensation": Compensation.SOME}
MUCH_HELP = {**CLEAN, "compensation": Compensation.MARKED}
SHORT_BREATH = {**CLEAN, "breath_holding": Breath.SOMETIMES}
HELD_BREATH = {**CLEAN, "breath_holding": Breath.OFTEN}
PARTIAL = {**CLEAN, "completed": Completed.PARTIAL}
NOT_DONE = {**SILENT, "completed": Completed.NO}
LOADED = {**CLEAN, "loaded": True, "reserve": Reserve.ENOUGH}
LITTLE_LEFT = {**LOADED, "reserve": Reserve.LITTLE}
FULL_DOSE = {**CLEAN, "dose_fraction": 1.0}


def daily(*sessions: Replies) -> tuple[Feedback, ...]:
    """A session a day from day 1."""
    return tuple(Feedback(day=day, **replies) for day, replies in enumerate(sessions, start=1))


def situation(*history: Feedback, days_later: int = 1, **context: Any) -> Situation:
    """So many days after the last session, on a ladder of eight steps."""
    last = max((session.day for session in history), default=0)
    known: dict[str, Any] = {
        "baseline_pain": 2,
        "ladder_steps": 8,
        "red_flag": False,
        "policy": POLICY,
    }
    return Situation(history=history, today=last + days_later, **(known | context))


def after(*sessions: Replies, **context: Any) -> Decision:
    """What the morning after such days decides."""
    return decide(situation(*daily(*sessions), **context))


def told(decision: Decision) -> tuple[str, int, float, str]:
    """The part of a decision that a table can hold."""
    return (
        str(decision.action),
        decision.step,
        decision.dose_fraction,
        f"{decision.rules[0]} {decision.reasons[0]}",
    )
