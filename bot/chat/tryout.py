"""The try-out in a conversation: a message of its own, edited from step to step."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.chat.context import Context, chat_of, query_of
from bot.chat.speak import change, hush, show, tell
from bot.delivery.cards import ritual_card
from bot.delivery.taps import Feel, FindStart
from bot.delivery.tryout_cards import tryout_card
from bot.practice.tryout import Trying


async def on_find_start(update: Update, context: Context) -> None:
    """Find my start: below the ritual card, which stays as it is until there is something to fit."""
    query = query_of(update)
    FindStart.decode(query.data)
    profile = await context.desk.enrolment.profile(chat_of(update))
    trying = await context.desk.try_out.look(profile)
    card = query.message.message_id if query.message else 0
    await hush(update)
    await _fit(update, context, trying, card)
    await tell(update, tryout_card(context.words, trying, card=card))


async def on_feel(update: Update, context: Context) -> None:
    """How a step felt; on to the next, or to what came of it."""
    tap = Feel.decode(query_of(update).data)
    trying = await context.desk.try_out.keep(
        chat_of(update),
        tap.ladder,
        tap.step,
        tap.felt,
        update_id=context.turn.update_id,
        now=context.now,
    )
    await _fit(update, context, trying, tap.card)
    await show(update, tryout_card(context.words, trying, card=tap.card))


async def _fit(update: Update, context: Context, trying: Trying, card: int) -> None:
    """Once it is over, today's sequence is decided again, in place of the card where the try-out began."""
    if trying.next is not None:
        return
    profile = await context.desk.enrolment.profile(chat_of(update))
    plan = await context.desk.prescription.today(profile, context.now)
    fitted = ritual_card(context.words, plan)
    await (change(update, card, fitted) if card else tell(update, fitted))


HANDLERS = (
    CallbackQueryHandler(on_find_start, pattern=FindStart.pattern()),
    CallbackQueryHandler(on_feel, pattern=Feel.pattern()),
)
