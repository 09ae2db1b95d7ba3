"""/flare: noted at once, then the safety questions, then the gentle version of the day.

Nothing of it is held here: that a flare was told is a row, that safety is open too, so that a restart
between any two taps changes nothing.
"""

from telegram import Update
from telegram.ext import CommandHandler

from bot.chat.context import Context, chat_of
from bot.chat.screens import next_screen
from bot.chat.speak import show
from bot.delivery.letter import Letter


async def on_flare(update: Update, context: Context) -> None:
    """Safety first; what follows a clear screen says the rest (bot/chat/enrolment.py)."""
    profile = await context.desk.enrolment.tell_of_flare(
        chat_of(update), update_id=context.turn.update_id, now=context.now
    )
    screen = next_screen(context.desk, context.words, profile)
    told = context.words.say("talk.flare_told")
    await show(update, Letter(f"{told}\n\n{screen.text}", screen.rows))


HANDLERS = (CommandHandler("flare", on_flare),)
