"""Another weight: the choices in place of a card's buttons, and the card again with what was chosen."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.chat.context import Context, chat_of, query_of
from bot.chat.speak import show
from bot.delivery.cards import ritual_card, weights_card
from bot.delivery.taps import Measure, Take, Weigh


async def on_weigh(update: Update, context: Context) -> None:
    """Which one?"""
    tap = Weigh.decode(query_of(update).data)
    plan = await context.desk.weights.look(chat_of(update), tap.session)
    await show(update, weights_card(context.words, plan))


async def on_measure(update: Update, context: Context) -> None:
    """The same choices in kilograms or pounds."""
    tap = Measure.decode(query_of(update).data)
    plan = await context.desk.weights.measure(chat_of(update), tap.session, tap.unit)
    await show(update, weights_card(context.words, plan))


async def on_take(update: Update, context: Context) -> None:
    """This one, chosen or taken up as offered."""
    tap = Take.decode(query_of(update).data)
    plan = await context.desk.weights.choose(
        chat_of(update),
        tap.session,
        tap.grams,
        update_id=context.turn.update_id,
        now=context.now,
    )
    await show(update, ritual_card(context.words, plan))


HANDLERS = (
    CallbackQueryHandler(on_weigh, pattern=Weigh.pattern()),
    CallbackQueryHandler(on_measure, pattern=Measure.pattern()),
    CallbackQueryHandler(on_take, pattern=Take.pattern()),
)
