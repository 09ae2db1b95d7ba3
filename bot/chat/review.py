"""The look back over four weeks, by its button or /review, and the question that it asks."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.catalogue.words import Words
from bot.chat.context import Context, chat_of, query_of
from bot.chat.speak import hush, show, tell
from bot.delivery.letter import Letter
from bot.delivery.progress_card import pictured
from bot.delivery.review_card import review_card
from bot.delivery.taps import Able, LookBack
from bot.practice.retrospect import Retrospection


async def on_review(update: Update, context: Context) -> None:
    """The newest one, at any time."""
    latest = await context.desk.retrospect.latest(chat_of(update))
    words = context.words
    letter = _letter(words, latest)
    await hush(update)
    if latest is not None and latest.told is not None:
        letter = await pictured(letter, words, latest.told)
    await tell(update, letter)


async def on_able(update: Update, context: Context) -> None:
    """How well it goes now is kept, and the review takes it in."""
    latest = await context.desk.retrospect.keep_activity(
        chat_of(update),
        Able.decode(query_of(update).data).value,
        update_id=context.turn.update_id,
        now=context.now,
    )
    words = context.words
    await show(update, _letter(words, latest), words.label("review.toast_kept"))


def _letter(words: Words, latest: Retrospection | None) -> Letter:
    return review_card(words, latest) if latest else Letter(words.say("review.none_yet"))


HANDLERS = (
    CommandHandler("review", on_review),
    CallbackQueryHandler(on_review, pattern=LookBack.pattern()),
    CallbackQueryHandler(on_able, pattern=Able.pattern()),
)
