"""How a session was: each answer leads to the next question on the same card, the last to what comes next."""

import datetime as dt

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.catalogue.words import Words
from bot.chat.context import Context, chat_of, query_of
from bot.chat.speak import show
from bot.chat.today import day_of
from bot.delivery.cards import before_card, closed_card
from bot.delivery.feedback_cards import question_card, sign_card, where_card
from bot.delivery.letter import Letter
from bot.delivery.taps import Again, Heavy, Onward, Rate, See, Slip, Where
from bot.domain.refusal import ButtonUnreadable
from bot.domain.session import OF_ONE_EXERCISE, Asked
from bot.practice.journal import Kept
from bot.practice.plan import Plan


async def on_rate(update: Update, context: Context) -> None:
    """An answer about the whole session."""
    tap = Rate.decode(query_of(update).data)
    kept = await _keep(update, context, tap.session, tap.asked, tap.value)
    day, today = kept.session.day, day_of(context, kept.profile)
    toast = context.words.label("card.toast_kept", date=day, today=day == today)
    await show(update, await card_after(context, tap.asked, kept), toast)


async def on_see(update: Update, context: Context) -> None:
    """The signs of one exercise."""
    tap = See.decode(query_of(update).data)
    plan, today = await _plan(update, context, tap.session)
    if all(portion.ladder != tap.ladder for portion in plan.sequence.portions):
        raise ButtonUnreadable
    await show(update, sign_card(context.words, plan, tap.ladder, tap.seen, today))


async def on_slip(update: Update, context: Context) -> None:
    """How often they were seen; and back to the other exercises."""
    tap = Slip.decode(query_of(update).data)
    asked, also = Asked.COMPENSATION, {Asked.SIGNS: tap.seen}
    await _keep(update, context, tap.session, asked, tap.much, ladder=tap.ladder, also=also)
    await _ask(update, context, tap.session, asked)


async def on_heavy(update: Update, context: Context) -> None:
    """Three more would have been too many, or not: a sign among the others."""
    tap = Heavy.decode(query_of(update).data)
    await _keep(update, context, tap.session, Asked.RESERVE, tap.value)
    await _ask(update, context, tap.session, Asked.COMPENSATION)


async def on_where(update: Update, context: Context) -> None:
    """In this exercise; there may be others."""
    tap = Where.decode(query_of(update).data)
    if tap.asked not in OF_ONE_EXERCISE:
        raise ButtonUnreadable
    await _keep(update, context, tap.session, tap.asked, tap.value, ladder=tap.ladder)
    plan, today = await _plan(update, context, tap.session)
    await show(update, where_card(context.words, plan, tap.asked, today))


async def on_onward(update: Update, context: Context) -> None:
    """That was all about it."""
    tap = Onward.decode(query_of(update).data)
    kept = await context.desk.journal.after(chat_of(update), tap.session, tap.asked)
    await show(update, await card_after(context, tap.asked, kept))


async def on_again(update: Update, context: Context) -> None:
    """Answer anew, from the first question on; what was said before stays in the journal."""
    tap = Again.decode(query_of(update).data)
    await _ask(update, context, tap.session, Asked.COMPLETED)


async def _keep(
    update: Update,
    context: Context,
    session: int,
    asked: Asked,
    value: int,
    *,
    ladder: str | None = None,
    also: dict[Asked, int] | None = None,
) -> Kept:
    return await context.desk.journal.keep(
        chat_of(update),
        session,
        asked,
        value,
        ladder=ladder,
        also=also or {},
        update_id=context.turn.update_id,
        now=context.now,
    )


async def _plan(update: Update, context: Context, session: int) -> tuple[Plan, dt.date]:
    profile = await context.desk.enrolment.profile(chat_of(update))
    plan = await context.desk.prescription.show(profile, session)
    return plan, day_of(context, profile)


async def _ask(update: Update, context: Context, session: int, asked: Asked) -> None:
    plan, today = await _plan(update, context, session)
    await show(update, question_card(context.words, plan, asked, today))


async def card_after(context: Context, asked: Asked, kept: Kept) -> Letter:
    """A session's card, right after an answer about it."""
    plan = await context.desk.prescription.show(kept.profile, kept.session.id)
    return _next(context.words, asked, kept, plan, day_of(context, kept.profile))


def _next(words: Words, asked: Asked, kept: Kept, plan: Plan, today: dt.date) -> Letter:
    if asked is Asked.COMPLETED and kept.question and (before := before_card(words, plan, today)):
        return before
    if kept.where:
        return where_card(words, plan, kept.where, today)
    if kept.question:
        return question_card(words, plan, kept.question, today)
    return closed_card(words, plan, today, kept.outlook)


HANDLERS = (
    CallbackQueryHandler(on_rate, pattern=Rate.pattern()),
    CallbackQueryHandler(on_see, pattern=See.pattern()),
    CallbackQueryHandler(on_slip, pattern=Slip.pattern()),
    CallbackQueryHandler(on_heavy, pattern=Heavy.pattern()),
    CallbackQueryHandler(on_where, pattern=Where.pattern()),
    CallbackQueryHandler(on_onward, pattern=Onward.pattern()),
    CallbackQueryHandler(on_again, pattern=Again.pattern()),
)
