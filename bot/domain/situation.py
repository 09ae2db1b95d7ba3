"""All that a rule may look at: one person on one ladder, as of one day.

A situation answers questions about the past and has no opinion about the future. Silence stays
silence: whatever was not replied is None here, and no zone, median or row is built on it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, takewhile
from statistics import median
from typing import TypeVar

from bot.domain.exposure import exposures
from bot.domain.feedback import Completed, Feedback
from bot.domain.flare import Flare
from bot.domain.policy import Policy
from bot.domain.session import BELOW
from bot.domain.standing import Standing
from bot.domain.trip import Return
from bot.domain.zones import Zone, zone_during, zone_next_morning

Reply = TypeVar("Reply")


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Steps count from 1. A session in the history was practised, or at least opened, even if unanswered."""

    baseline_pain: int  # usual pain as told at sign-up, 0-10
    ladder_steps: int
    today: int  # a day number, like those of the history
    history: tuple[Feedback, ...]
    policy: Policy
    red_flag: bool  # a safety answer of tier E or U stands
    gate_open: bool = True  # what the next step asks for before entry is met
    placement: int = 1  # the step that the try-out chose
    calibrates: bool = False  # it chose that one: what was easy to try is soon taken up
    flare: Flare | None = None  # the latest that was told, as of today
    back: Return | None = None  # from the last trip
    turns_apart: float = (
        1.0  # how much longer than with a ritual every day a ladder waits for its turn
    )

    @cached_property
    def sessions(self) -> tuple[Feedback, ...]:
        """One a day, oldest first (R3)."""
        return exposures(self.history)

    @property
    def latest(self) -> Feedback:
        """The very latest session; only asked for where there is one."""
        return self.sessions[-1]

    @cached_property
    def standing(self) -> Standing:
        """Where the latest session was; before the first, the entry dose of the placement step.

        Whoever stood below all that the ladder has now enters its first step.
        """
        entry = self.policy.dose.entry
        if not self.sessions:
            return Standing(self._on_ladder(self.placement), entry)
        dose = self.latest.dose_fraction
        if self.latest.step == BELOW:
            dose = min(dose, entry)
        return Standing(self._on_ladder(self.latest.step), dose)

    @cached_property
    def here(self) -> tuple[Feedback, ...]:
        """The sessions at the present step and dose since these were last entered, the latest first."""
        load = self.latest.load
        return tuple(takewhile(lambda session: session.load == load, reversed(self.sessions)))

    @property
    def was_cut(self) -> bool:
        """Too lately for a morning to say whether that was enough."""
        recent = self.sessions[-self.policy.after_cut.sessions - 1 :]
        return any(later.load < earlier.load for earlier, later in pairwise(recent))

    @property
    def at_full_dose(self) -> bool:
        return self.standing.dose_fraction >= self.policy.dose.full

    @property
    def on_last_step(self) -> bool:
        return self.standing.step == self.ladder_steps

    @cached_property
    def reference_pain(self) -> float:
        """R. It follows improvement down and never drifts far up, so that worse can't become usual.

        The latest session's morning is left out: it is what R is there to judge. (Inference; the error
        of a single 0-10 rating is about one point, 10.1097/01.brs.0000164099.92112.29.)
        """
        limits = self.policy.reference
        replies = [
            session.pain_next_morning
            for session in self.sessions[:-1]
            if self.today - session.day <= limits.days
            if session.pain_next_morning is not None
        ]
        if len(replies) < limits.least_replies:
            return self.baseline_pain
        return min(median(replies), self.baseline_pain + limits.most_drift)

    def during(self, session: Feedback) -> Zone | None:
        """The zone of the pain during a session."""
        if session.pain_during is None:
            return None
        return zone_during(session.pain_during, self.reference_pain, self.policy.pain_during)

    def morning(self, session: Feedback) -> Zone | None:
        """The zone of the morning after a session."""
        if session.pain_next_morning is None:
            return None
        limits = self.policy.pain_next_morning
        return zone_next_morning(session.pain_next_morning, self.reference_pain, limits)

    def previous(self, reply: Callable[[Feedback], Reply | None]) -> Reply | None:
        """What was last replied before the latest session; silence in between breaks no row."""
        replies = map(reply, reversed(self.sessions[:-1]))
        return next((known for known in replies if known is not None), None)

    def is_clean(self, session: Feedback) -> bool:
        """Practised as decided, answered in full, and nothing to remark."""
        return not session.stood_in and self.is_calm(session)

    def is_calm(self, session: Feedback) -> bool:
        """Answered in full, and nothing to remark, whatever was practised."""
        return session.is_answered and not self.is_flawed(session)

    def is_flawed(self, session: Feedback) -> bool:
        """Some reply was less than clean.

        "Not done" with replies missing is no exposure at all, so it is no flaw either: saying that a
        day was skipped must not cost more than saying nothing.
        """
        cut_short = session.completed is Completed.PARTIAL or (
            session.completed is Completed.NO and session.is_answered
        )
        return cut_short or any(
            (
                self.during(session),
                self.morning(session),
                session.compensation,
                session.breath_holding,
                session.reserve,
            )
        )

    def signs(self, session: Feedback) -> int:
        """One for each amber zone, "some" or "sometimes"; two for red, marked or often. Silence adds none."""
        zones = (self.during(session), self.morning(session))
        return sum(sign or 0 for sign in (*zones, session.compensation, session.breath_holding))

    def _on_ladder(self, step: int) -> int:
        return max(1, min(step, self.ladder_steps))
