"""Say something in a conversation: a card is edited in place, a typed word is answered with a message."""

from telegram import Update
from telegram.error import BadRequest

from bot.chat.context import chat_of
from bot.chat.outbox import inline
from bot.delivery.letter import Letter

# Telegram re-cases its wordings now and then: compared without case.
UNCHANGED = "message is not modified"
TOO_OLD = "query is too old"
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
    """Put a letter in place of a message; where that is gone, the letter is sent anew.

    Returns the message that it is in.
    """
    try:
        await update.get_bot().edit_message_text(
            letter.text,
            chat_id=chat_of(update),
            message_id=message_id,
            reply_markup=inline(letter),
        )
    except BadRequest as refused:
        if any(text in refused.message.lower() for text in NOT_THERE):
            return await tell(update, letter)
        if UNCHANGED not in refused.message.lower():
            raise
    return message_id


async def tell(update: Update, letter: Letter) -> int:
    """Say it in a new message, silently: only a scheduled ritual makes a sound."""
    message = await update.get_bot().send_message(
        chat_of(update), letter.text, reply_markup=inline(letter), disable_notification=True
    )
    return message.message_id


async def hush(update: Update, toast: str | None = None) -> None:
    """End a tap's little clock, with or without a word."""
    if update.callback_query is None:
        return
    try:
        await update.callback_query.answer(toast)
    except BadRequest as refused:
        if TOO_OLD not in refused.message.lower():
            raise
