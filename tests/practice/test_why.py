"""Every reason and everything missing has one kind sentence."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.catalogue.words import Words
from bot.domain.decision import Action, Decision, Missing, Reason
from bot.domain.nearest import Change
from bot.practice.why import explain, explain_missing

WORDS = Words(Path(__file__).parents[2] / "content" / "words" / "en")

# Not medical care, not a contest, no alarm.
AVOIDED = re.compile(
    r"treat|therap|rehab|prescri|diagnos|fail|wrong|bad|danger|warning|must|patient|safe for|!",
    re.IGNORECASE,
)


def decision(reason: Reason, action: Action = Action.HOLD, *missing: Missing) -> Decision:
    return Decision(
        action=action,
        step=2,
        dose_fraction=0.6,
        rules=("R8",),
        reasons=(reason,),
        missing=missing,
        rest_hours=48,
        policy="2026-11-22+123456",
    )


def test_every_reason_and_everything_missing_is_in_the_words_and_nothing_else_is() -> None:
    known = {name for name in WORDS.macros() if name.startswith("why.")}
    reasons = {f"why.{reason}" for reason in Reason}
    missing = {f"why.missing_{missing}" for missing in Missing}
    nearest = {f"why.nearest_{change}" for change in Change if change is not Change.NONE}
    assert known == reasons | missing | nearest


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("reason", Reason)
def test_a_reason_is_one_kind_sentence(reason: Reason, action: Action) -> None:
    check(explain(decision(reason, action), WORDS))


@pytest.mark.parametrize("missing", Missing)
def test_what_is_missing_is_one_kind_sentence(missing: Missing) -> None:
    [sentence] = explain_missing(decision(Reason.SETTLING_IN, Action.HOLD, missing), WORDS)
    check(sentence)


def check(sentence: str) -> None:
    assert re.fullmatch(r"[A-Z][^.\n<>&]+\.", sentence), sentence
    assert "  " not in sentence
    assert not AVOIDED.search(sentence), sentence


def test_a_sentence_says_the_move_and_the_dose() -> None:
    assert explain(decision(Reason.PAIN_RED, Action.REDUCE_DOSE), WORDS) == (
        "Pain rose well above your usual, and thank you for saying so: "
        "we keep the next portion to about 60 % of the full one."
    )


def test_from_the_first_step_the_sentence_speaks_of_less_and_not_of_easier() -> None:
    sentence = explain(decision(Reason.PAIN_RED_AGAIN, Action.REDUCE_DOSE), WORDS)
    assert "the next portion" in sentence
    assert "easier" not in sentence


def test_the_full_portion_is_not_said_in_percent() -> None:
    full = replace(decision(Reason.READY_FOR_MORE, Action.ADVANCE_DOSE), dose_fraction=1.0)
    assert explain(full, WORDS).endswith("so the next portion grows to the full one.")


@pytest.mark.parametrize("reason", [Reason.RED_FLAG, Reason.STRONG_PAIN_RETURNS])
def test_a_pause_leads_to_a_clinician(reason: Reason) -> None:
    assert "talk with a clinician" in explain(decision(reason, Action.PAUSE_AND_REFER), WORDS)


def test_a_rest_is_said_in_hours() -> None:
    assert "48 hours" in explain(decision(Reason.MORNING_AMBER_ON_NEW_STEP), WORDS)
