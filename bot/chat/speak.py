"""Say something in a conversation: a card is edited in place, a typed word is answered with a message."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import cast

import structlog
from telegram import InputFile, InputMediaAnimation, InputMediaPhoto, Message, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.chat.context import TURN, Context, chat_of
from bot.chat.outbox import FILENAMES, inline, post, remember, retire, ways
from bot.delivery.letter import Letter, Medium, Parcel

# Telegram re-cases its wordings now and then: compared without case.
UNCHANGED = "message is not modified"
TOO_OLD = "query is too old"
NO_TEXT = "there is no text in the message to edit"
NOT_THERE = ("message to edit not found", "message can't be edited")
MEDIA: Mapping[Medium, type[InputMediaPhoto | InputMediaAnimation]] = {
    Medium.PHOTO: InputMediaPhoto,
    Medium.CLIP: InputMediaAnimation,
}

log = structlog.get_logger(__name__)


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
    """Put a letter in place of a message; where it is gone, or has no room, send anew.

    Returns the message that it is in.
    """
    try:
        shown = await _show_picture(update, message_id, letter)
        if not shown and not await _edit(update, message_id, letter):
            return await _replace(update, message_id, letter)
    except BadRequest as refused:
        if _says(refused, *NOT_THERE):
            return await tell(update, letter)
        if not _says(refused, UNCHANGED):
            raise
    _remember(letter, message_id)
    return message_id


async def _show_picture(update: Update, message_id: int, letter: Letter) -> bool:
    """Whether the message has become its picture with the text below, whatever it was before."""
    bot, chat_id, album = cast("ExtBot[None]", update.get_bot()), chat_of(update), TURN.get().album
    for picture, file in await ways(bot, album, letter):
        media = MEDIA[picture.medium](
            file,
            caption=letter.caption,
            parse_mode=ParseMode.HTML,
            filename=FILENAMES[picture.medium],
        )
        try:
            message = await bot.edit_message_media(
                media, chat_id, message_id, reply_markup=inline(letter)
            )
        except BadRequest as refused:
            if _says(refused, UNCHANGED, *NOT_THERE):
                raise
            log.warning("Telegram refused a picture", why=refused.message)
            continue
        if isinstance(file, bytes) and isinstance(message, Message):
            await remember(bot, album, picture, message)
        return True
    return False


async def _edit(update: Update, message_id: int, letter: Letter) -> bool:
    """Whether the words stand there now: as its text, or below a picture, which no message loses again.

    Which of them it has, Telegram shows with a tap, unless the card is too old for that.
    """
    bot, chat_id, markup = update.get_bot(), chat_of(update), inline(letter)
    if not _has_picture(update, message_id):
        try:
            await bot.edit_message_text(letter.text, chat_id, message_id, reply_markup=markup)
        except BadRequest as refused:
            if not _says(refused, NO_TEXT):
                raise
        else:
            return True
    if letter.caption is None:
        return False
    await bot.edit_message_caption(chat_id, message_id, caption=letter.caption, reply_markup=markup)
    return True


def _has_picture(update: Update, message_id: int) -> bool:
    """As far as is known."""
    message = update.callback_query and update.callback_query.message
    if not isinstance(message, Message) or message.message_id != message_id:
        return False
    return bool(message.photo or message.animation)


async def _replace(update: Update, message_id: int, letter: Letter) -> int:
    """More words than have room below its picture: they come in another message, and the old one goes."""
    anew = await tell(update, letter)
    with suppress(BadRequest):  # too old to be taken back
        await update.get_bot().delete_message(chat_of(update), message_id)
    return anew


def _says(refused: BadRequest, *texts: str) -> bool:
    return any(text in refused.message.lower() for text in texts)


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
