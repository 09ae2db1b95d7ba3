"""With a weight one question more is asked, and its answer decides on that ladder alone."""

from collections.abc import Mapping

import pytest
import sqlalchemy as sa

from bot.domain.decision import Action
from bot.domain.session import AFTERWARDS, Asked
from bot.domain.standing import Standing
from bot.practice.explanation import Explanation, as_record, tell
from bot.practice.plan import Plan
from bot.practice.replay import Outcome, Replay
from bot.storage.tables import PortionRow
from tests.builders import ADA, words
from tests.practice.someone import CALM, Someone, at

ENOUGH, LITTLE = {**CALM, Asked.RESERVE: 0}, {**CALM, Asked.RESERVE: 1}


async def with_a_weight(ada: Someone) -> int:
    """The day of the second weight; the first went well."""
    await ada.finds_the_hinge_easy(at(0))
    first = await ada.until_a_weight(0)
    await ada.day(first)
    return await ada.until_a_weight(first + 1)


async def practised(ada: Someone, number: int, answers: Mapping[Asked, int]) -> Plan:
    """A day with these answers and no others, but for how she woke."""
    plan = await ada.today(at(number))
    if plan.morning_of is not None:
        plan = await ada.wake(plan.morning_of.id, 2, at(number))
    await ada.answer(plan, answers, at(number, hours=1))
    return plan


async def next_turn(ada: Someone, number: int) -> Plan:
    """The next ritual with a weight, and how she woke on that day."""
    number = await ada.until_a_weight(number + 1)
    plan = await ada.today(at(number))
    return await ada.wake(plan.morning_of.id, 2, at(number)) if plan.morning_of else plan


async def outcomes(ada: Someone) -> set[Outcome]:
    prescription = ada.desk.prescription
    replay = Replay(
        database=prescription.database,
        catalogue=prescription.catalogue,
        policy=prescription.policy,
    )
    return {one.outcome async for one in replay.everybody()}


async def test_it_costs_no_question_of_its_own(ada: Someone) -> None:
    await ada.finds_the_hinge_easy(at(0))
    number = await ada.until_a_weight(0)
    for day in (number, number + 1):
        plan = await ada.today(at(day))
        asked: list[Asked | None] = [Asked.COMPLETED]
        while (question := asked[-1]) is not None:
            value = ENOUGH[question]
            kept = await ada.answer(plan, {question: value}, at(day, hours=1))
            assert (kept.outlook is None) is (kept.question is not None)
            asked.append(kept.question)
        assert asked == [Asked.COMPLETED, *AFTERWARDS, None]


@pytest.mark.parametrize(
    ("answers", "action", "dose", "rules"),
    [
        (ENOUGH, Action.ADVANCE_DOSE, 0.8, ("R15",)),
        (LITTLE, Action.HOLD, 0.6, ("R20",)),
    ],
)
async def test_only_three_more_in_reserve_lets_the_weight_grow(
    ada: Someone, answers: Mapping[Asked, int], action: Action, dose: float, rules: tuple[str, ...]
) -> None:
    number = await with_a_weight(ada)
    await practised(ada, number, answers)
    decision = (await next_turn(ada, number)).decisions["hinge"]
    assert (decision.action, decision.step, decision.dose_fraction) == (action, 5, dose)
    assert decision.rules == rules
    assert await outcomes(ada) == {Outcome.SAME}


async def test_on_other_ladders_of_that_day_it_decides_nothing(ada: Someone) -> None:
    number = await with_a_weight(ada)
    plan = await practised(ada, number, ENOUGH)
    before = await ada.standings(at(number + 1))
    await ada.answer(plan, {Asked.RESERVE: 1}, at(number, hours=2))
    after = await ada.standings(at(number + 1))
    others = {given.ladder for given in plan.session.given} - {"hinge"}
    assert others
    assert all(after[name] == before[name] for name in others)


async def test_a_changed_answer_changes_what_comes_next_and_no_past(ada: Someone) -> None:
    number = await with_a_weight(ada)
    plan = await practised(ada, number, LITTLE)
    held = await next_turn(ada, number)
    assert held.decisions["hinge"].rules == ("R20",)
    today = at((held.session.day - at(0).date()).days)
    await ada.answer(plan, {Asked.RESERVE: 0}, today)
    again = await ada.today(today)
    assert again.decisions["hinge"].action is Action.ADVANCE_DOSE
    assert await outcomes(ada) == {Outcome.SAME}


async def test_a_session_from_before_it_was_asked_stays_clean(ada: Someone) -> None:
    number = await with_a_weight(ada)
    plan = await practised(ada, number, CALM)
    async with ada.desk.enrolment.database.work() as work:
        await work.exec(sa.update(PortionRow).values(loaded=None))
    assert (await ada.show(plan.session.id)).question is None
    plan = await next_turn(ada, number)
    assert plan.decisions["hinge"].action is Action.ADVANCE_DOSE


async def test_the_story_tells_the_answer(ada: Someone) -> None:
    number = await with_a_weight(ada)
    await practised(ada, number, LITTLE)
    turn = await next_turn(ada, number)
    prescription = ada.desk.prescription
    explanation = Explanation(
        database=prescription.database,
        catalogue=prescription.catalogue,
        policy=prescription.policy,
    )
    (story,) = await explanation.of(ADA, day=turn.session.day, ladder="hinge")
    told, record = tell(story, words()), as_record(story, words())
    assert "breath held never, reserve little, morning 2" in told
    assert "With the weight there was little left in reserve, so the next session" in told
    assert "R20 (inference: " in told
    assert [s.get("reserve") for s in record["rested_on"][-3:]] == [None, "enough", "little"]
    assert "reserve" not in record["rested_on"][0]  # it was not asked there
    assert Standing(record["step"], record["dose_fraction"]) == Standing(5, 0.6)
