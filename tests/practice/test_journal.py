"""Answers are kept once, the newest counts, and each session ends with one look ahead."""

import datetime as dt

import pytest
from sqlmodel import select

from bot.domain.decision import Action, Missing, Reason
from bot.domain.refusal import ButtonUnreadable, CardGone, NotEnrolled
from bot.domain.safety import Tier
from bot.domain.session import AFTERWARDS, GREATEST, Asked
from bot.practice.journal import Kept
from bot.storage.tables import AnswerRow
from tests.builders import ADA, enrolled
from tests.practice.someone import CALM, RED, Someone, at

BOB = 1002


async def keep(
    ada: Someone, session_id: int, asked: Asked, value: int, update_id: int, chat_id: int = ADA
) -> Kept:
    return await ada.desk.journal.keep(
        chat_id, session_id, asked, value, update_id=update_id, now=at(0, hours=1)
    )


async def answers(ada: Someone) -> list[AnswerRow]:
    async with ada.desk.enrolment.database.look() as work:
        return [*(await work.exec(select(AnswerRow)))]


async def test_each_answer_leads_to_the_next_question_and_the_last_to_an_outlook(
    ada: Someone,
) -> None:
    plan = await ada.today(at(0))
    asked: list[Asked | None] = [Asked.COMPLETED]
    kept = None
    for question, value in CALM.items():
        assert asked[-1] is question
        kept = await ada.answer(plan, {question: value}, at(0, hours=1))
        asked.append(kept.question)
    assert asked == [Asked.COMPLETED, *AFTERWARDS, None]
    assert kept is not None
    assert kept.session.answers == CALM
    assert kept.outlook is not None
    assert (
        kept.outlook.ladder is None
    )  # all ladders alike: on the first day, each waits for one more


async def test_an_update_that_comes_twice_is_kept_once(ada: Someone) -> None:
    plan = await ada.today(at(0))
    first = await keep(ada, plan.session.id, Asked.PAIN, 3, update_id=900)
    assert await keep(ada, plan.session.id, Asked.PAIN, 3, update_id=900) == first
    assert len(await answers(ada)) == 1


async def test_the_newest_answer_counts_and_none_is_lost(ada: Someone) -> None:
    plan = await ada.today(at(0))
    for update_id, pain in enumerate((3, 7, 4), start=900):
        kept = await keep(ada, plan.session.id, Asked.PAIN, pain, update_id=update_id)
    assert kept.session.answers == {Asked.PAIN: 4}
    assert [row.value for row in await answers(ada)] == [3, 7, 4]


@pytest.mark.parametrize("asked", Asked)
async def test_a_number_that_is_no_answer_is_unreadable(ada: Someone, asked: Asked) -> None:
    plan = await ada.today(at(0))
    for value in (-1, GREATEST[asked] + 1, 10**12):
        with pytest.raises(ButtonUnreadable):
            await keep(ada, plan.session.id, asked, value, update_id=900)
    assert await answers(ada) == []
    assert (await keep(ada, plan.session.id, asked, GREATEST[asked], update_id=900)).session.touched


async def test_a_surprising_number_is_asked_back_before_anything_else(ada: Someone) -> None:
    for number in range(5):
        await ada.day(number)
    plan = await ada.today(at(5))
    started = {Asked.COMPLETED: 0, Asked.PAIN: 9}
    for answers in (started, {Asked.PAIN: 9}, {Asked.BREATH: 0}, {Asked.PAIN_CONFIRMED: 8}):
        kept = await ada.answer(plan, answers, at(5))
        assert (kept.question, kept.outlook) == (Asked.PAIN_CONFIRMED, None)
    shown = await ada.show(plan.session.id)
    assert shown.question is Asked.PAIN_CONFIRMED
    assert shown.doubt is not None
    assert (shown.doubt.value, shown.doubt.usual) == (9, 2)
    kept = await ada.answer(plan, {Asked.PAIN_CONFIRMED: 9}, at(5))
    assert kept.question is Asked.COMPENSATION
    assert (await ada.show(plan.session.id)).doubt is None


async def test_a_session_whose_number_is_in_doubt_is_open(ada: Someone) -> None:
    for number in range(5):
        await ada.day(number)
    plan = await ada.today(at(5))
    await ada.answer(plan, CALM, at(5))
    profile = await ada.desk.enrolment.profile(ADA)
    assert await ada.desk.journal.open_session(profile) is None
    await ada.answer(plan, {Asked.PAIN: 9}, at(5))
    assert await ada.desk.journal.open_session(profile) == (await ada.show(plan.session.id)).session
    await ada.answer(plan, {Asked.PAIN_CONFIRMED: 9}, at(5))
    assert await ada.desk.journal.open_session(profile) is None


async def test_nobody_answers_for_anybody_else(ada: Someone) -> None:
    plan = await ada.today(at(0))
    with pytest.raises(NotEnrolled):
        await keep(ada, plan.session.id, Asked.PAIN, 3, update_id=900, chat_id=BOB)
    await enrolled(ada.desk, at(0), BOB)
    for session_id in (plan.session.id, 999):
        with pytest.raises(CardGone):
            await keep(ada, session_id, Asked.PAIN, 3, update_id=900, chat_id=BOB)
    with pytest.raises(CardGone):
        await ada.desk.journal.recall(
            BOB, plan.session.id, Asked.MORNING, 3, update_id=901, now=at(0)
        )
    assert await answers(ada) == []


async def test_not_today_ends_the_questions_without_an_outlook(ada: Someone) -> None:
    plan = await ada.today(at(0))
    kept = await ada.answer(plan, {Asked.COMPLETED: 2}, at(0))
    assert (kept.question, kept.outlook) == (None, None)


async def test_an_outlook_supposes_an_ordinary_morning(ada: Someone) -> None:
    """Two calm days: with an ordinary morning, more is to come, although nobody knows the morning yet."""
    await ada.day(0)
    plan = await ada.today(at(1))
    assert plan.morning_of is not None
    await ada.wake(plan.morning_of.id, 2, at(1))
    kept = await ada.answer(plan, CALM, at(1, hours=1))
    assert kept.outlook is not None
    assert kept.outlook.decision.action is Action.ADVANCE_DOSE
    assert Asked.MORNING not in kept.session.answers


async def test_a_known_morning_is_not_supposed_away(ada: Someone) -> None:
    plan = await ada.today(at(0))
    await keep(ada, plan.session.id, Asked.MORNING, 9, update_id=900)
    kept = await ada.answer(plan, CALM, at(0, hours=1))
    assert kept.outlook is not None
    assert kept.outlook.decision.reasons[0] is Reason.MORNING_RED


async def test_the_outlook_speaks_of_the_most_cautious_move(ada: Someone) -> None:
    """Strong pain once on all ladders, and again on some: those go back, and they are spoken of."""
    await ada.day(0, RED)
    plan = await ada.today(at(1))
    kept = await ada.answer(plan, RED, at(1, hours=1))
    assert kept.outlook is not None
    assert kept.outlook.decision.action is Action.REDUCE_DOSE
    assert kept.outlook.decision.reasons[0] in {Reason.PAIN_RED, Reason.PAIN_RED_AGAIN}
    ladders = ada.desk.prescription.catalogue.ladders.values()
    assert kept.outlook.ladder in {None, *(ladder.name for ladder in ladders)}
    assert kept.outlook.decision.missing == (Missing.MORE_CLEAN_SESSIONS,)


async def test_answers_to_an_older_card_look_ahead_from_that_day(ada: Someone) -> None:
    first = await ada.today(at(0))
    for number in range(1, 4):
        await ada.day(number)
    kept = await ada.answer(first, RED, at(4))
    assert kept.outlook is not None
    assert kept.outlook.decision.reasons[0] is Reason.PAIN_RED


async def test_an_answer_is_kept_even_while_a_lock_stands(ada: Someone) -> None:
    plan = await ada.today(at(0))
    await ada.desk.enrolment.screen(ADA, Tier.URGENT, True, at(0))
    kept = await ada.answer(plan, CALM, at(0))
    assert kept.session.answers == CALM
    assert kept.outlook is None


async def test_an_answer_is_kept_while_safety_is_asked_again(ada: Someone) -> None:
    plan = await ada.today(at(0))
    await ada.desk.enrolment.ask_safety_again(ADA, at(0))
    kept = await ada.answer(plan, CALM, at(0))
    assert kept.outlook is None
    assert len(await answers(ada)) == len(CALM)


async def test_the_open_session_is_the_newest_with_a_question(ada: Someone) -> None:
    profile = await ada.desk.enrolment.profile(ADA)
    journal = ada.desk.journal
    assert await journal.open_session(profile) is None
    plan = await ada.today(at(0))
    assert await journal.open_session(profile) == plan.session
    await ada.answer(plan, CALM, at(0))
    assert await journal.open_session(profile) is None
    await ada.today(at(1))
    opened = await journal.open_session(profile)
    assert opened is not None
    assert opened.day == dt.date(2026, 11, 24)
