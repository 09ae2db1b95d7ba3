"""Our own table at work: bot.domain's decide itself, asked before every session, on the whole history.

No rule is repeated here. A gate is removed by showing decide the clean value in place of the reply that
feeds it; the history that is kept stays true.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np

from bot.domain.decision import Action, Decision, Situation, decide
from bot.domain.feedback import Breath, Compensation, Completed, Feedback
from bot.domain.policy import Policy
from bot.patients.model import Flags
from bot.patients.moves import Standings
from bot.patients.view import SILENT, Choice, Replies, Setting, View

Mask = Callable[[Feedback, int], Feedback]  # of a session, given usual pain as told at sign-up
Decide = Callable[[Situation], Decision]
Reply = TypeVar("Reply")

_FORM, _BREATH, _COMPLETED = tuple(Compensation), tuple(Breath), tuple(Completed)
_HOURS = 24


def as_told(session: Feedback, usual: int) -> Feedback:
    return session


def without_pain_during(session: Feedback, usual: int) -> Feedback:
    """R4, R7, R8 and R12's half hear of no pain."""
    return session if session.pain_during is None else replace(session, pain_during=0)


def without_morning(session: Feedback, usual: int) -> Feedback:
    """R9 and R12's other half hear of usual mornings; R, made of mornings, stays as told at sign-up."""
    return (
        session if session.pain_next_morning is None else replace(session, pain_next_morning=usual)
    )


def without_compensation(session: Feedback, usual: int) -> Feedback:
    return (
        session
        if session.compensation is None
        else replace(session, compensation=Compensation.NONE)
    )


def without_breath(session: Feedback, usual: int) -> Feedback:
    return (
        session if session.breath_holding is None else replace(session, breath_holding=Breath.NEVER)
    )


def without_quality(session: Feedback, usual: int) -> Feedback:
    return without_breath(without_compensation(session, usual), usual)


def without_silence(session: Feedback, usual: int) -> Feedback:
    """What is not answered counts as well."""
    return replace(
        session,
        pain_during=_or(session.pain_during, 0),
        pain_next_morning=_or(session.pain_next_morning, usual),
        compensation=_or(session.compensation, Compensation.NONE),
        breath_holding=_or(session.breath_holding, Breath.NEVER),
        completed=_or(session.completed, Completed.FULL),
    )


class Table:
    """Everyone's histories, and what decide makes of them."""

    def __init__(
        self, setting: Setting, policy: Policy, mask: Mask = as_told, rule: Decide = decide
    ) -> None:
        self._policy, self._mask, self._decide, self._setting = policy, mask, rule, setting
        people, ladders = setting.first.step.shape
        self._usual = [int(pain) for pain in setting.people.told_pain]
        self._placement = setting.first.step.tolist()
        tried = bool(setting.tried)
        self._calibrates = [tried and pain < setting.persistent_pain for pain in self._usual]
        self._kept = np.full(people, -1)  # the day of the last session that is in the histories
        self._histories: list[list[list[Feedback]]] = [
            [[] for _ in range(ladders)] for _ in range(people)
        ]

    def choose(self, view: View, who: Flags) -> Choice:
        step, dose = view.now.step.copy(), view.now.dose.copy()
        rest, refer = np.zeros((2, len(step)), dtype=bool)
        for person in np.flatnonzero(who).tolist():
            self._keep(person, view.latest)
            decisions = [
                self._decide(self.situation(person, ladder, view.day))
                for ladder in range(self._setting.ladders)
            ]
            step[person] = [decision.step for decision in decisions]
            dose[person] = [decision.dose_fraction for decision in decisions]
            hours = max(decision.rest_hours for decision in decisions)
            rest[person] = (view.day - self._kept[person]) * _HOURS < hours
            if any(decision.action is Action.PAUSE_AND_REFER for decision in decisions):
                refer[person] = True
                self._begin_anew(person)
        return Choice(to=Standings(step=step, dose=dose), rest=rest, refer=refer)

    def situation(self, person: int, ladder: int, day: int) -> Situation:
        """What decide is shown, as of the morning of a day."""
        return Situation(
            baseline_pain=self._usual[person],
            ladder_steps=self._setting.top,
            today=day,
            history=tuple(self._histories[person][ladder]),
            policy=self._policy,
            red_flag=False,  # nobody here has one
            placement=self._placement[person][ladder],
            calibrates=self._calibrates[person],
        )

    def _keep(self, person: int, latest: Replies) -> None:
        """The session before, with the morning after it."""
        day = int(latest.day[person])
        if day == self._kept[person]:
            return
        self._kept[person] = day
        for ladder, history in enumerate(self._histories[person]):
            session = _feedback(latest, person, ladder)
            history.append(self._mask(session, self._usual[person]))

    def _begin_anew(self, person: int) -> None:
        """As the bot does once a clinician has seen someone: a step below, at the entry dose."""
        for ladder, history in enumerate(self._histories[person]):
            self._placement[person][ladder] = max(1, history[-1].step - 1)
            history.clear()
        self._calibrates[person] = False


def _feedback(latest: Replies, person: int, ladder: int) -> Feedback:
    completed = int(latest.completed[person])
    form, breath = int(latest.form[person, ladder]), int(latest.breath[person, ladder])
    return Feedback(
        day=int(latest.day[person]),
        step=int(latest.at.step[person, ladder]),
        dose_fraction=float(latest.at.dose[person, ladder]),
        pain_during=_told(int(latest.during[person])),
        pain_next_morning=_told(int(latest.morning[person])),
        compensation=None if form == SILENT else _FORM[form],
        breath_holding=None if breath == SILENT else _BREATH[breath],
        completed=None if completed == SILENT else _COMPLETED[completed],
        confirmed=True,  # no thumb slips here: what is asked back is confirmed at once
    )


def _told(pain: int) -> int | None:
    return None if pain == SILENT else pain


def _or(reply: Reply | None, clean: Reply) -> Reply:
    return clean if reply is None else reply
