"""The nearest change: doing exactly what it says leads upwards, and a session less does not."""

from dataclasses import replace
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings

from bot.domain.decision import Situation, decide
from bot.domain.feedback import Breath, Completed
from bot.domain.nearest import (
    MOST_SESSIONS,
    UPWARDS,
    Change,
    after_clean_sessions,
    calmly_answered,
    nearest,
)
from bot.domain.opinion import Action
from tests.domain.histories import (
    AMBER,
    CLEAN,
    FULL_DOSE,
    HELD_BREATH,
    LITTLE_LEFT,
    LOADED,
    NOT_DONE,
    RED,
    SILENT,
    SORE,
    VERY_SORE,
    Replies,
    daily,
    situation,
)
from tests.domain.test_decision import situations

NO_MORNING = {**CLEAN, "pain_next_morning": None}
ONLY_DONE = {**SILENT, "completed": Completed.FULL}
AT_TOP = {**FULL_DOSE, "step": 8}
PAINFUL = {**CLEAN, "pain_next_morning": 7}


def told(*sessions: Replies, **context: Any) -> str:
    view = situation(*daily(*sessions), **context)
    found = nearest(view, decide(view))
    return " ".join(filter(None, [found.change, str(found.sessions or ""), found.leads_to]))


@pytest.mark.parametrize(
    ("sentence", "sessions", "expected"),
    [
        ("before the first", [], "clean_sessions 2 advance_dose"),
        ("one clean", [CLEAN], "clean_sessions 1 advance_dose"),
        ("grown just now", [CLEAN, CLEAN], "clean_sessions 4 advance_step"),
        ("a morning not told", [CLEAN, NO_MORNING], "morning_answer advance_dose"),
        ("nothing but done", [CLEAN, ONLY_DONE], "session_answers advance_dose"),
        ("silence after one clean", [CLEAN, SILENT], "session_answers advance_dose"),
        ("a morning not told is not enough", [NO_MORNING], "clean_sessions 2 advance_dose"),
        ("amber", [CLEAN, AMBER], "clean_sessions 2 advance_dose"),
        (
            "a weight nobody spoke of",
            [LOADED, {**LOADED, "reserve": None}],
            "session_answers advance_dose",
        ),
        ("little in reserve", [LOADED, LITTLE_LEFT], "clean_sessions 2 advance_dose"),
        ("not done", [CLEAN, NOT_DONE], "clean_sessions 1 advance_dose"),
        ("red", [CLEAN, RED], "clean_sessions 3 advance_dose"),
        ("red where it went well twice", [CLEAN, CLEAN, RED], "clean_sessions 1 advance_dose"),
        ("sore", [CLEAN, SORE], "clean_sessions 2 advance_dose"),
        ("very sore twice", [VERY_SORE, VERY_SORE], "clean_sessions 3 advance_dose"),
        ("breath", [CLEAN, HELD_BREATH], "clean_sessions 2 advance_dose"),
        ("full dose, two days on the step", [FULL_DOSE] * 2, "clean_sessions 4 advance_step"),
        ("at the top", [AT_TOP] * 6, "none"),
        (
            "a surprising number",
            [*[CLEAN] * 5, {**CLEAN, "pain_during": 9}],
            "pain_answer reduce_dose",
        ),
    ],
)
def test_what_would_lead_upwards(sentence: str, sessions: list[Replies], expected: str) -> None:
    assert told(*sessions) == expected, sentence


@pytest.mark.parametrize(
    ("sentence", "context"),
    [("a closed gate", {"gate_open": False}), ("a pause", {"red_flag": True})],
)
def test_where_nothing_near_would(sentence: str, context: dict[str, bool]) -> None:
    assert told(*[FULL_DOSE] * 8, **context) == "none", sentence


def test_pain_that_stays_high_is_no_matter_of_sessions() -> None:
    assert told(*[PAINFUL] * 6, baseline_pain=7) == "none"


def done(view: Situation) -> tuple[Change, list[Action]]:
    """What is said, and what doing that (and, of sessions, one fewer) leads to."""
    decision = decide(view)
    found = nearest(view, decision)
    match found.change:
        case Change.CLEAN_SESSIONS:
            lived = [
                decide(after_clean_sessions(view, decision, number))
                for number in range(1, found.sessions + 1)
            ]
            return found.change, [decided.action for decided in reversed(lived)]
        case Change.MORNING_ANSWER | Change.SESSION_ANSWERS:
            return found.change, [decide(calmly_answered(view)).action, decision.action]
        case Change.PAIN_ANSWER:
            stands = replace(view.latest, confirmed=True)
            confirmed = replace(view, history=(*view.sessions[:-1], stands))
            return found.change, [decide(confirmed).action]
        case Change.FLARE_SETTLES | Change.NONE:  # the former: tests/domain/test_flare.py
            return found.change, []


@settings(max_examples=250)
@given(situations())
def test_doing_exactly_what_it_says_alters_the_decision(view: Situation) -> None:
    change, actions = done(view)
    if change is Change.PAIN_ANSWER:
        assert actions[0].caution >= Action.HOLD.caution  # from a usual 7, 8 is amber and holds
    elif actions:
        assert actions[0] in UPWARDS
        assert not UPWARDS & {*actions[1:]}  # it is the nearest
        assert len(actions) <= MOST_SESSIONS


@settings(max_examples=120)
@given(situations())
def test_only_what_is_open_is_asked_for(view: Situation) -> None:
    change = nearest(view, decide(view)).change
    if change is Change.MORNING_ANSWER:
        assert view.latest.pain_next_morning is None
    if change is Change.SESSION_ANSWERS:
        assert not view.latest.is_answered


def test_it_is_quick_even_after_a_year() -> None:
    view = situation(*daily(*[CLEAN, {**CLEAN, "breath_holding": Breath.SOMETIMES}] * 180))
    decision = decide(view)
    took = []
    for _ in range(20):
        fresh = replace(view)
        begun = perf_counter()
        nearest(fresh, decision)
        took.append(perf_counter() - begun)
    assert min(took) < 0.002
