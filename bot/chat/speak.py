"""Say something in a conversation: a card is edited in place, a typed word is answered with a message."""

from telegram import InputFile, Update
from telegram.error import BadRequest

from bot.chat.context import TURN, Context, chat_of
from bot.chat.outbox import inline, retire
from bot.delivery.letter import Letter, Parcel

# Telegram re-cases its wordings now and then: compared without case.
UNCHANGED = "message is not modified"
TOO_OLD = "query is too old"
NOT_THERE = ("message to edit not found", "message can't be edited")


async def show(update: Update, letter: Letter, toast: str | None = None) -> None:
    """Answer a tap by editing its card, anything else with a new message.

    A tap twice on the same button, or one that Telegram has given up on, is no error to a person.
    """
    query = update.callback_query
    if query is None or query.message is None:
        await tell(update, letter)
        await hush(update, toast)
        return
    # By its number: what Telegram shows of an old card may be too little for the library's shortcut.
    await change(update, query.message.message_id, letter)
    await hush(update, toast)


async def change(update: Update, message_id: int, letter: Letter) -> None:
    """Put a letter in place of a message; where that is gone, the letter is sent anew."""
    try:
        await update.get_bot().edit_message_text(
            letter.text,
            chat_id=chat_of(update),
            message_id=message_id,
            reply_markup=inline(letter),
        )
        _remember(letter, message_id)
    except BadRequest as refused:
        if any(text in refused.message.lower() for text in NOT_THERE):
            await tell(update, letter)
        elif UNCHANGED not in refused.message.lower():
            raise
        else:
            _remember(letter, message_id)


async def tell(update: Update, letter: Letter) -> None:
    """Say it in a new message, silently: only a scheduled ritual makes a sound."""
    message = await update.get_bot().send_message(
        chat_of(update), letter.text, reply_markup=inline(letter), disable_notification=True
    )
    _remember(letter, message.message_id)


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
