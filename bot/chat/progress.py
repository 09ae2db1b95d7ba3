"""/progress, and the choice below a weekly look back."""

import datetime as dt

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.chat.context import Context, chat_of, query_of
from bot.chat.speak import hush, show, tell
from bot.delivery.letter import Letter
from bot.delivery.progress_card import days_card, minutes_card, pictured, progress_card
from bot.delivery.taps import Fit, Weekly
from bot.domain.refusal import ButtonUnreadable


async def on_progress(update: Update, context: Context) -> None:
    """How it goes as of now, in a message of its own: older ones stay as they were."""
    told = await context.desk.weeks.now(chat_of(update), context.now)
    words = context.words
    await hush(update)
    if told is None:
        await tell(update, Letter(words.say("progress.none_yet")))
        return
    card = progress_card(words, told)
    await tell(update, await pictured(card, words, told))


async def on_fit(update: Update, context: Context) -> None:
    """The minutes of the rituals to come."""
    tap, words = Fit.decode(query_of(update).data), context.words
    told = await context.desk.weeks.fit(chat_of(update), _date(tap.day), tap.minutes, context.now)
    await show(update, minutes_card(words, told, tap.minutes), words.label("progress.toast_kept"))


async def on_days(update: Update, context: Context) -> None:
    """The days of a week."""
    tap, words = Weekly.decode(query_of(update).data), context.words
    told, weekdays = await context.desk.weeks.keep_days(
        chat_of(update), _date(tap.day), tap.days, context.now
    )
    card = days_card(words, told, weekdays, tap.days)
    await show(update, card, words.label("progress.toast_kept"))


def _date(number: int) -> dt.date:
    try:
        return dt.date.fromordinal(number)
    except (ValueError, OverflowError) as unfit:
        raise ButtonUnreadable from unfit


HANDLERS = (
    CommandHandler("progress", on_progress),
    CallbackQueryHandler(on_fit, pattern=Fit.pattern()),
    CallbackQueryHandler(on_days, pattern=Weekly.pattern()),
)
