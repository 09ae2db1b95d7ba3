"""What must hold for every decision, on ten thousand generated histories at once.

Hypothesis looks for the odd case (test_decision.py); here are many ordinary and extraordinary ones, the
same at every run. Half of them followed what was decided, as people do who are given a sequence; chance
alone would hardly ever climb.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from bot.domain.decision import Action, Decision, decide
from bot.domain.feedback import Breath, Compensation, Completed, Feedback, Reserve
from bot.domain.opinion import OF_A_FLARE, Reason
from bot.domain.situation import Situation
from bot.domain.standing import Standing
from bot.domain.trip import Return
from bot.domain.zones import Zone
from tests.domain.histories import POLICY, Replies, situation

HISTORIES = 10_000
ADVANCES = {Action.ADVANCE_STEP, Action.ADVANCE_DOSE}
WORST: dict[str, Any] = {
    "pain_during": 10,
    "pain_next_morning": 10,
    "compensation": Compensation.MARKED,
    "breath_holding": Breath.OFTEN,
    "completed": Completed.NO,
    "reserve": Reserve.LITTLE,
}


def some_replies(chance: Random, trouble: float) -> Replies:
    """Calm but for so much trouble; now and then a question stays open."""
    calm: Replies = {
        "pain_during": chance.randint(0, 3),
        "pain_next_morning": chance.randint(0, 3),
        "compensation": Compensation.NONE,
        "breath_holding": Breath.NEVER,
        "completed": Completed.FULL,
        "reserve": Reserve.ENOUGH,
    }
    if chance.random() < 0.05:
        return {}
    troubled: Replies = {
        name: type(worst)(chance.randint(0, worst)) if chance.random() < trouble else calm[name]
        for name, worst in WORST.items()
    }
    silent = [name for name in WORST if chance.random() < 0.03]
    return {**troubled, **dict.fromkeys(silent)}


def generated(number: int) -> Situation:
    """A past of one to fourteen sessions; every other one followed the decisions."""
    chance = Random(number)
    trouble = chance.choice((0.0, 0.05, 0.15, 0.4))
    view = situation(
        ladder_steps=chance.randint(1, 8),
        baseline_pain=chance.choice((0, 1, 2, 2, 3, 4, 5, 7)),
        gate_open=chance.random() < 0.9,
        placement=chance.randint(1, 4),
    )
    for _ in range(chance.randint(1, 14)):
        decision = decide(view)
        at = Standing(decision.step, decision.dose_fraction)
        if number % 2 and chance.random() < 0.3:
            at = Standing(chance.randint(1, view.ladder_steps), chance.choice((0.4, 0.6, 0.8, 1.0)))
        session = Feedback(
            day=view.today,
            step=at.step,
            dose_fraction=at.dose_fraction,
            confirmed=chance.random() < 0.5,
            stood_in=chance.random() < 0.03,
            loaded=chance.random() < 0.5,
            **some_replies(chance, trouble),
        )
        days = chance.choices((1, 2, 3, 7, 14, 30), (80, 10, 5, 2, 2, 1))[0]
        view = replace(view, history=(*view.history, session), today=view.today + days)
    red_flag = chance.random() < 0.01
    return replace(view, red_flag=red_flag, back=_home_again(chance, view.today))


def _home_again(chance: Random, today: int) -> Return | None:
    """Some have come home from a trip, lately."""
    if chance.random() > 0.1:
        return None
    on = dt.date.fromordinal(max(1, today - chance.randint(0, 3)))
    return Return(on=on, days=chance.randint(1, 9))


@pytest.fixture(scope="module")
def decided() -> list[tuple[Situation, Decision]]:
    """All of them, decided once for all that is asserted here."""
    views = map(generated, range(HISTORIES))
    return [(view, decide(view)) for view in views]


def worse_confirmed_replies(view: Situation) -> Iterator[list[Decision]]:
    """For two of the replies to the latest session, what some values would lead to, the best first."""
    chance = Random(view.today)
    *earlier, latest = (replace(session, confirmed=True) for session in view.history)
    for name in chance.sample(list(WORST), k=2):
        worst = WORST[name]
        if getattr(latest, name) is None:
            continue
        values = sorted(chance.sample(range(worst + 1), k=min(4, worst + 1)))
        answers = [replace(latest, **{name: type(worst)(value)}) for value in values]
        yield [decide(replace(view, history=(*earlier, answer))) for answer in answers]


def test_the_histories_meet_everything_that_can_happen(
    decided: list[tuple[Situation, Decision]],
) -> None:
    """Else what follows would hold of nothing."""
    actions = Counter(decision.action for _, decision in decided)
    assert min(actions[action] for action in Action) >= 50, actions
    met = {reason for _, decision in decided for reason in decision.reasons}
    of_the_person = {
        Reason.FIRST_TIME,
        Reason.OTHERS_FIRST,
        *OF_A_FLARE,
        Reason.FLARE_UNSETTLED,
    }  # and not of one history
    assert met >= set(Reason) - of_the_person


def test_a_worse_confirmed_reply_never_yields_a_bolder_action(
    decided: list[tuple[Situation, Decision]],
) -> None:
    for view, _ in decided:
        for decisions in worse_confirmed_replies(view):
            cautions = [decision.action.caution for decision in decisions]
            assert all(before <= worse for before, worse in pairwise(cautions)), view.history


def test_never_two_steps_at_once_and_never_two_variables_upwards(
    decided: list[tuple[Situation, Decision]],
) -> None:
    for view, decision in decided:
        up = decision.step - view.standing.step
        assert up <= 1
        assert not (up == 1 and decision.dose_fraction > POLICY.dose.entry)
        if decision.action not in ADVANCES:
            assert Standing(decision.step, decision.dose_fraction) <= view.standing


def test_never_an_advance_after_red_silence_or_a_gap(
    decided: list[tuple[Situation, Decision]],
) -> None:
    for view, decision in decided:
        red = Zone.RED in (view.during(view.latest), view.morning(view.latest))
        gap = view.today - view.latest.day >= POLICY.gap.short_days
        if red or gap or view.red_flag or not view.latest.is_answered:
            assert decision.action not in ADVANCES, view.history


def test_every_dose_is_within_its_bounds(decided: list[tuple[Situation, Decision]]) -> None:
    for view, decision in decided:
        assert POLICY.dose.lowest <= decision.dose_fraction <= POLICY.dose.full
        assert 1 <= decision.step <= view.ladder_steps


def test_whatever_came_before_nobody_is_stuck_when_every_reply_is_clean() -> None:
    """From any past, clean days lead to the top; but for high usual pain, a shut gate or a lock."""
    reached = 0
    for number in range(0, HISTORIES, 20):
        view = generated(number)
        if (
            view.red_flag
            or not view.gate_open
            or view.baseline_pain >= POLICY.advance.persistent_pain
        ):
            continue
        assert _climbs(view), number
        reached += 1
    assert reached > HISTORIES / 20 / 2


def _climbs(view: Situation) -> bool:
    """Within the days that the longest way can take, and some for old signs to be forgotten."""
    clean: dict[str, Any] = {**dict.fromkeys(WORST, 0)}
    clean |= {
        "compensation": Compensation.NONE,
        "breath_holding": Breath.NEVER,
        "completed": Completed.FULL,
        "reserve": Reserve.ENOUGH,
    }
    for _ in range(16 * view.ladder_steps + 30):
        decision = decide(view)
        if decision.action is Action.PAUSE_AND_REFER:  # seen, and on: as fresh_since does
            view = replace(view, history=(), placement=max(1, decision.step - 1))
            continue
        if (decision.step, decision.dose_fraction) == (view.ladder_steps, POLICY.dose.full):
            return True
        session = Feedback(
            day=view.today, step=decision.step, dose_fraction=decision.dose_fraction, **clean
        )
        view = replace(view, history=(*view.history, session), today=view.today + 1)
    return False
