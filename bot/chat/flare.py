"""/flare: noted at once, then the safety questions, then the gentle version of the day.

Nothing of it is held here: that a flare was told is a row, that safety is open too, so that a restart
between any two taps changes nothing.
"""

import datetime as dt

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.chat.context import Context, chat_of, query_of
from bot.chat.screens import next_screen
from bot.chat.speak import show
from bot.delivery.letter import Letter
from bot.delivery.morning_card import morning_card, woken_card
from bot.delivery.taps import Gentle, Woke
from bot.domain.refusal import ButtonUnreadable


async def on_flare(update: Update, context: Context) -> None:
    """Safety first; what follows a clear screen says the rest (bot/chat/enrolment.py)."""
    await show(update, await flare_told(update, context))


async def flare_told(update: Update, context: Context) -> Letter:
    """It is kept; what to say to it."""
    profile = await context.desk.enrolment.tell_of_flare(
        chat_of(update), update_id=context.turn.update_id, now=context.now
    )
    await context.desk.mornings.plan(profile, context.now)
    screen = next_screen(context.desk, context.words, profile)
    told = context.words.say("talk.flare_told")
    return Letter(f"{told}\n\n{screen.text}", screen.rows)


async def on_woke(update: Update, context: Context) -> None:
    """How someone woke; what it means, in a line."""
    tap, words = Woke.decode(query_of(update).data), context.words
    day = _day(tap)
    if not tap.value:
        await show(update, morning_card(words, day))
        return
    sense = await context.desk.mornings.keep(
        chat_of(update),
        day,
        _number(tap),
        update_id=context.turn.update_id,
        now=context.now,
    )
    await show(update, woken_card(words, day, sense))


def _day(tap: Woke) -> dt.date:
    try:
        return dt.date.fromisoformat(tap.day)
    except ValueError as forged:
        raise ButtonUnreadable from forged


def _number(tap: Woke) -> int:
    if not (tap.value.isascii() and tap.value.isdecimal()):
        raise ButtonUnreadable
    return int(tap.value)


HANDLERS = (
    CommandHandler("flare", on_flare),
    CallbackQueryHandler(on_flare, pattern=Gentle.pattern()),
    CallbackQueryHandler(on_woke, pattern=Woke.pattern()),
)
