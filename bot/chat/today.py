"""The ritual card in a conversation: shown on demand, answered question by question, explained."""

import datetime as dt

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.chat.context import Context, chat_of, query_of
from bot.chat.speak import hush, show, tell
from bot.delivery.cards import before_card, closed_card, ritual_card, why_card
from bot.delivery.feedback_cards import question_card
from bot.delivery.letter import Letter
from bot.delivery.player_card import player_card
from bot.delivery.taps import Change, Recall, Shorten, Today, Wake, Why
from bot.delivery.why_picture import with_why
from bot.domain.doubt import Doubt
from bot.domain.profile import Profile
from bot.domain.session import Asked
from bot.practice.behind import behind
from bot.practice.plan import Plan


async def on_today(update: Update, context: Context) -> None:
    """/today, or its button."""
    profile = await context.desk.enrolment.profile(chat_of(update))
    await hush(update)
    await show_today(update, context, profile, new=True)


async def show_today(update: Update, context: Context, profile: Profile, *, new: bool) -> None:
    """The card of the day, at whatever question it is."""
    plan = await context.desk.prescription.today(profile, context.now)
    playing = await context.desk.player.look(profile, plan, context.now)
    card = player_card(context.words, playing) if playing else card_of(context, profile, plan)
    message_id = await (tell if new else show)(update, card)
    if playing:
        await context.desk.player.stand_on(playing, message_id)


async def show_session(
    update: Update, context: Context, profile: Profile, plan: Plan, toast: str | None = None
) -> None:
    """A card that was shown before, at whatever question it is now."""
    await show(update, card_of(context, profile, plan), toast)


async def on_wake(update: Update, context: Context) -> None:
    """How someone woke: today's sequence is decided again, in place, before it is started."""
    tap = Wake.decode(query_of(update).data)
    await _recall(update, context, Recall(tap.card, tap.session, Asked.MORNING, tap.value))


async def on_recall(update: Update, context: Context) -> None:
    """A number about an earlier session, changed or confirmed on the card of a later one."""
    await _recall(update, context, Recall.decode(query_of(update).data))


async def _recall(update: Update, context: Context, tap: Recall) -> None:
    plan = await context.desk.journal.recall(
        chat_of(update),
        tap.session,
        tap.asked,
        tap.value,
        update_id=context.turn.update_id,
        now=context.now,
    )
    profile = await context.desk.enrolment.profile(chat_of(update))
    if tap.card != plan.session.id:  # an older card: its morning is kept, its sequence is history
        plan = await context.desk.prescription.show(profile, tap.card)
    await show(
        update,
        card_of(context, profile, plan),
        context.words.label("card.toast_adjusted"),
    )


async def on_change(update: Update, context: Context) -> None:
    """A number that was asked back is not right: its numbers again, as long as it is in doubt."""
    tap = Change.decode(query_of(update).data)
    profile = await context.desk.enrolment.profile(chat_of(update))
    plan = await context.desk.prescription.show(profile, tap.card)
    asked_for = (tap.session, tap.asked)
    doubts = filter(None, (plan.doubt, plan.doubt_before))
    changed = next((d for d in doubts if (d.session.id, d.asked) == asked_for), None)
    if changed is not None and changed is plan.doubt:
        today = day_of(context, profile)
        card = question_card(context.words, plan, changed.asked, today)
    else:
        card = card_of(context, profile, plan, changed)
    await show(update, card)


async def on_shorten(update: Update, context: Context) -> None:
    """No time today, or time after all."""
    tap = Shorten.decode(query_of(update).data)
    profile = await context.desk.enrolment.profile(chat_of(update))
    plan = await context.desk.prescription.shorten(
        profile, tap.session, short=bool(tap.short), now=context.now
    )
    await show(update, card_of(context, profile, plan))


async def on_why(update: Update, context: Context) -> None:
    """/why, or its button: below the card, which stays as it is."""
    profile = await context.desk.enrolment.profile(chat_of(update))
    await hush(update)
    if update.callback_query is not None:
        session_id = Why.decode(update.callback_query.data).session
        plan = await context.desk.prescription.show(profile, session_id)
    else:
        plan = await context.desk.prescription.today(profile, context.now)
    led = await behind(context.desk.prescription, profile, plan)
    letter = await with_why(why_card(context.words, plan), context.words, plan, led)
    await tell(update, letter)


def card_of(context: Context, profile: Profile, plan: Plan, changed: Doubt | None = None) -> Letter:
    """A session's card at whatever question it is."""
    words, session, today = context.words, plan.session, day_of(context, profile)
    if not session.touched:
        return ritual_card(words, plan, changed)
    if plan.question is None:
        return closed_card(words, plan, today)
    if plan.doubt_before and (before := before_card(words, plan, today, changed)):
        return before
    return question_card(words, plan, plan.question, today)


def day_of(context: Context, profile: Profile) -> dt.date:
    """The date where they are."""
    person = context.desk.prescription.person(profile)
    return context.desk.prescription.day(person, context.now)


HANDLERS = (
    CommandHandler("today", on_today),
    CommandHandler("why", on_why),
    CallbackQueryHandler(on_today, pattern=Today.pattern()),
    CallbackQueryHandler(on_wake, pattern=Wake.pattern()),
    CallbackQueryHandler(on_recall, pattern=Recall.pattern()),
    CallbackQueryHandler(on_change, pattern=Change.pattern()),
    CallbackQueryHandler(on_shorten, pattern=Shorten.pattern()),
    CallbackQueryHandler(on_why, pattern=Why.pattern()),
)
