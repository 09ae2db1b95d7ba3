"""Which question comes next, and who may practise."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.exercise import Caution
from bot.domain.person import Life, Person
from bot.domain.profile import Profile, Question
from bot.domain.refusal import NotEnrolled, PlanLocked
from bot.domain.safety import Screening, Tier

ALL_CLEAR = Screening.from_answers(
    [(Tier.EMERGENCY, False), (Tier.URGENT, False), (Tier.CLEARANCE, False)]
)

NEW = Profile(
    id=7,
    chat_id=70,
    language="en",
    consented=False,
    screening=Screening(),
    seen_at=None,
    screened_at=None,
    flares=(),
    aggravated_by=None,
    life=None,
    usual_pain=None,
    equipment=None,
    activity_told=False,
    zone=None,
    ritual_at=None,
    minutes=None,
    blocked=False,
)

# In the order of the questions. Each of these values is false in Python, and still an answer.
TOLD: dict[Question, dict[str, Any]] = {
    Question.CONSENT: {"consented": True},
    Question.SAFETY: {"screening": ALL_CLEAR},
    Question.DIRECTION: {"aggravated_by": frozenset[Caution]()},
    Question.LIFE: {"life": Life.MIXED},
    Question.PAIN: {"usual_pain": 0},
    Question.EQUIPMENT: {"equipment": frozenset[str]()},
    Question.ACTIVITY: {"activity_told": True},
    Question.TOWN: {"zone": "Europe/Vienna"},
    Question.TIME: {"ritual_at": dt.time(0, 0)},
    Question.MINUTES: {"minutes": 15},
}

FACTS: dict[str, Any] = {name: value for told in TOLD.values() for name, value in told.items()}
ENROLLED = replace(NEW, **FACTS)


def test_questions_come_one_after_the_other() -> None:
    profile, asked = NEW, []
    while profile.question is not None:
        asked.append(profile.question)
        profile = replace(profile, **TOLD[profile.question])
    assert asked == list(Question) == list(TOLD)
    assert profile == ENROLLED


@pytest.mark.parametrize("question", [q for q in Question if q is not Question.ACTIVITY])
def test_whatever_is_not_known_is_asked_even_if_all_else_is(question: Question) -> None:
    forgotten = {name: getattr(NEW, name) for name in TOLD[question]}
    missing = replace(ENROLLED, **forgotten)
    assert missing.question is question
    with pytest.raises(NotEnrolled):
        missing.person(frozenset())


def test_who_enrolled_before_the_activity_was_a_question_is_not_thrown_back() -> None:
    before = replace(ENROLLED, activity_told=False)
    assert before.question is None
    assert replace(before, minutes=None).question is Question.ACTIVITY


def test_who_has_told_everything_may_practise_with_all_their_cautions() -> None:
    profile = replace(
        ENROLLED, aggravated_by=frozenset({Caution.FLEXION}), equipment=frozenset({"dumbbells"})
    )
    assert profile.person(frozenset({Caution.BALANCE})) == Person(
        id=7,
        life=Life.MIXED,
        usual_pain=0,
        minutes=15,
        zone="Europe/Vienna",
        cautions=frozenset({Caution.FLEXION, Caution.BALANCE}),
        equipment=frozenset({"dumbbells"}),
    )


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("profile", [NEW, ENROLLED], ids=["new", "enrolled"])
def test_a_locked_plan_is_said_before_anything_that_is_missing(
    profile: Profile, tier: Tier
) -> None:
    locked = replace(profile, screening=Screening({tier: True}))
    with pytest.raises(PlanLocked) as refused:
        locked.person(frozenset())
    assert refused.value.values == {"tier": tier}


def test_while_a_lock_stands_safety_is_no_question() -> None:
    assert (
        replace(NEW, consented=True, screening=Screening({Tier.URGENT: True})).question
        is Question.DIRECTION
    )


def test_who_is_asked_about_safety_again_waits_for_that() -> None:
    asked = Screening({**ALL_CLEAR.answers, Tier.EMERGENCY: None})
    with pytest.raises(NotEnrolled):
        replace(ENROLLED, screening=asked).person(frozenset())
