"""Say something in a conversation: a card is edited in place, a typed word is answered with a message."""

from dataclasses import replace
from typing import cast

from telegram import InputFile, Update
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.chat.context import TURN, Context, chat_of
from bot.chat.outbox import inline, post, retire
from bot.delivery.letter import Letter, Parcel

# Telegram re-cases its wordings now and then: compared without case.
UNCHANGED = "message is not modified"
TOO_OLD = "query is too old"
NO_TEXT = "there is no text in the message to edit"
NOT_THERE = ("message to edit not found", "message can't be edited")


async def show(update: Update, letter: Letter, toast: str | None = None) -> int:
    """Answer a tap by editing its card, anything else with a new message; returns which one it is in.

    A tap twice on the same button, or one that Telegram has given up on, is no error to a person.
    """
    query = update.callback_query
    if query is None or query.message is None:
        message_id = await tell(update, letter)
        await hush(update, toast)
        return message_id
    # By its number: what Telegram shows of an old card may be too little for the library's shortcut.
    message_id = await change(update, query.message.message_id, letter)
    await hush(update, toast)
    return message_id


async def change(update: Update, message_id: int, letter: Letter) -> int:
    """Put a letter in place of a message, below its picture if it has one; where it is gone, send anew.

    Returns the message that it is in.
    """
    try:
        await _edit(update, message_id, letter)
    except BadRequest as refused:
        if any(text in refused.message.lower() for text in NOT_THERE):
            return await tell(update, letter)
        if UNCHANGED not in refused.message.lower():
            raise
    _remember(letter, message_id)
    return message_id


async def _edit(update: Update, message_id: int, letter: Letter) -> None:
    """Whether a message has a picture, only Telegram knows: what it shows of an old one may be too little."""
    bot, chat_id, markup = update.get_bot(), chat_of(update), inline(letter)
    try:
        await bot.edit_message_text(letter.text, chat_id, message_id, reply_markup=markup)
    except BadRequest as refused:
        if NO_TEXT not in refused.message.lower():
            raise
        await bot.edit_message_caption(
            chat_id, message_id, caption=letter.text, reply_markup=markup
        )


async def tell(update: Update, letter: Letter) -> int:
    """Say it in a new message, silently: only a scheduled ritual makes a sound."""
    bot = cast("ExtBot[None]", update.get_bot())
    album = TURN.get().album
    message_id = await post(bot, album, chat_of(update), replace(letter, silent=True))
    _remember(letter, message_id)
    return message_id


def _remember(letter: Letter, message_id: int) -> None:
    """For the end of the turn, when the card that a session had until now is retired."""
    if letter.session is not None:
        TURN.get().cards[letter.session] = message_id


async def retire_older(update: Update, context: Context) -> None:
    """One card a session can be answered: the one that was shown last."""
    for session, message_id in context.turn.cards.items():
        older = await context.desk.journal.show(session, message_id)
        if older is not None:
            await retire(context.bot, chat_of(update), older)


async def hand_over(update: Update, parcel: Parcel) -> None:
    """A file in a new message, silently."""
    await update.get_bot().send_document(
        chat_of(update),
        InputFile(parcel.body, parcel.name),
        caption=parcel.caption,
        disable_notification=True,
    )


async def hush(update: Update, toast: str | None = None) -> None:
    """End a tap's little clock, with or without a word."""
    if update.callback_query is None:
        return
    try:
        await update.callback_query.answer(toast)
    except BadRequest as refused:
        if TOO_OLD not in refused.message.lower():
            raise
