"""The story behind decisions: the same as /why, with the rules' numbers and sources beside it."""

import html

import pytest

from bot.delivery.cards import why_card
from bot.domain.rules import BY_ID, Strength
from bot.domain.session import Asked
from bot.localchat.markup import read_html
from bot.practice.desk import Desk
from bot.practice.explanation import (
    Explanation,
    LadderUnknown,
    PersonUnknown,
    Story,
    as_record,
    tell,
)
from bot.practice.why import explain, what_next
from tests.builders import ADA, words
from tests.practice.someone import RED, Someone, at


def explanation(desk: Desk) -> Explanation:
    prescription = desk.prescription
    return Explanation(
        database=desk.enrolment.database,
        catalogue=prescription.catalogue,
        policy=prescription.policy,
    )


async def stories(ada: Someone, **chosen: str) -> tuple[Story, ...]:
    return await explanation(ada.desk).of(ADA, **chosen)  # type: ignore[arg-type]


def in_words(story: Story) -> str:
    return tell(story, words())


def test_every_rule_has_a_number_a_strength_and_a_source() -> None:
    numbers = (1, 2, 4, 5, *range(6, 15), 18, 20, 21, 15, 16, 17, 19)
    assert list(BY_ID) == [f"R{number}" for number in numbers]
    for rule in BY_ID.values():
        assert rule.strength in Strength
        assert rule.source


async def test_why_and_explain_tell_the_same_story(ada: Someone) -> None:
    for number in range(4):
        await ada.day(number, woke=4 if number == 2 else 2)
    plan = await ada.today(at(4))
    card, _ = read_html(why_card(words(), plan).text)
    today = [story for story in await stories(ada) if story.day == plan.session.day]
    assert {story.ladder for story in today} == plan.decisions.keys()
    for story in today:
        decision = story.decided.decision
        coming = what_next(decision, story.decided.nearest, words())
        told = html.unescape(f"{explain(decision, words())} {coming}")
        (paragraph,) = [lines for lines in card.split("\n\n") if lines.endswith(told)]
        assert story.name in paragraph.removesuffix(told)
        for sentence in (explain(decision, words()), *decision.rules):
            assert sentence in tell(story, words())


async def test_a_story_rests_on_what_was_known_then(ada: Someone) -> None:
    await ada.day(0)
    first = await ada.today(at(1))
    assert {s.behind[-1].pain_next_morning for s in await stories(ada) if s.behind} == {None}
    assert first.morning_of is not None
    await ada.wake(first.morning_of.id, 2, at(1))
    behind = [story.behind for story in await stories(ada) if story.behind]
    assert {sessions[-1].pain_next_morning for sessions in behind} == {2}


async def test_a_record_is_for_programs(ada: Someone) -> None:
    await ada.day(0, RED)
    await ada.today(at(1))
    cut = [
        record
        for record in (as_record(story, words()) for story in await stories(ada))
        if record["action"] == "reduce_dose"
    ]
    assert cut
    assert [rule["id"] for rule in cut[0]["rules"]] == ["R8"]
    assert cut[0]["rested_on"][-1]["pain"] == RED[Asked.PAIN]
    assert cut[0]["nearest"]["change"] == "clean_sessions"


async def test_a_story_says_that_a_number_was_asked_back(ada: Someone) -> None:
    for number in range(12):
        plan = await ada.day(number)
    await ada.answer(plan, {Asked.PAIN: 9}, at(11, hours=2))
    await ada.wake(plan.session.id, 2, at(12))
    held = [told for told in map(in_words, await stories(ada)) if "R7" in told]
    assert held
    for told in held:
        assert "Whether your pain number for the latest session is right." in told
        assert "asked back" not in told
    await ada.recall(plan.session.id, Asked.PAIN_CONFIRMED, 9, at(12))
    stood = [story for story in await stories(ada) if story.behind and story.behind[-1].confirmed]
    assert stood
    for story in stood:
        assert "pain 9" in in_words(story)
        assert "asked back, and the pain is right" in in_words(story)
        assert as_record(story, words())["rested_on"][-1]["pain confirmed"] is True


async def test_nobody_and_no_ladder_are_told(ada: Someone) -> None:
    with pytest.raises(PersonUnknown, match=r"^77: nobody"):
        await explanation(ada.desk).of(77)
    with pytest.raises(LadderUnknown, match=r"^stairs: there is no such ladder"):
        await stories(ada, ladder="stairs")
