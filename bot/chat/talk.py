"""Help, leaving, and whatever else comes in: a sticker, an unknown command, a group, a block."""

from contextlib import suppress

from telegram import Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, Forbidden
from telegram.ext import (
    ApplicationHandlerStop,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.chat.context import Context, chat_of, query_of
from bot.chat.screens import forget_screen, next_screen
from bot.chat.speak import show, tell
from bot.chat.waiting import open_screen
from bot.delivery.letter import Button, Letter
from bot.delivery.taps import Forget, Worry
from bot.domain.refusal import ButtonUnreadable

GONE = (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)


async def on_hear(update: Update, context: Context) -> None:
    """In whose language to answer: as they chose, else as their app has it."""
    known = await context.desk.enrolment.language(chat_of(update))
    user = update.effective_user
    context.turn.language = known or ((user.language_code if user else None) or "")[:2]


async def on_group(update: Update, context: Context) -> None:
    """Health belongs into private chats: elsewhere one word to the first command, and silence."""
    chat = update.effective_chat
    if chat is None or chat.type == ChatType.PRIVATE:
        return
    message = update.effective_message
    if message is not None and (message.text or "").startswith("/"):
        new = await context.desk.belongings.greet_group(chat.id)
        if new or context.turn.again:  # else only our word may have got lost
            await _tell_group(update, context)
    raise ApplicationHandlerStop


async def _tell_group(update: Update, context: Context) -> None:
    """Where we may not write, there is nobody to tell."""
    with suppress(BadRequest, Forbidden):
        await tell(update, Letter(context.words.say("talk.private_only")))


async def on_help(update: Update, context: Context) -> None:
    """What the bot can do."""
    words = context.words
    worry = Button(words.label("safety.worry"), Worry())
    await tell(update, Letter(words.say("talk.help"), ((worry,),)))


async def on_forget(update: Update, context: Context) -> None:
    """Ask once more."""
    await tell(update, forget_screen(context.words))


async def on_forget_choice(update: Update, context: Context) -> None:
    """Delete; or keep after all, and go on where they are."""
    words, enrolment = context.words, context.desk.enrolment
    if Forget.decode(query_of(update).data).sure:
        await enrolment.forget(chat_of(update))
        await show(update, Letter(words.say("talk.forgotten")))
        return
    screen = next_screen(context.desk, words, await enrolment.profile(chat_of(update)))
    await show(update, Letter(f"{words.say('talk.forget_kept')}\n\n{screen.text}", screen.rows))


async def on_membership(update: Update, context: Context) -> None:
    """Blocked, or welcomed back."""
    assert update.my_chat_member is not None  # the handler's own filter
    gone = update.my_chat_member.new_chat_member.status in GONE
    await context.desk.enrolment.set_aside(chat_of(update), context.now if gone else None)


async def on_unknown_command(update: Update, context: Context) -> None:
    """A command that isn't one."""
    await tell(update, Letter(context.words.say("talk.unknown_command")))


async def on_anything_else(update: Update, context: Context) -> None:
    """A sticker, a picture, a voice: kindly no, and the open question again."""
    profile = await context.desk.enrolment.profile(chat_of(update))
    said = context.words.say("talk.not_words")
    screen = await open_screen(context, profile)
    await tell(update, Letter(f"{said}\n\n{screen.text}", screen.rows) if screen else Letter(said))


async def on_unreadable_tap(_update: Update, _context: Context) -> None:
    """A button that no handler knows."""
    raise ButtonUnreadable


FIRST = (TypeHandler(Update, on_hear), TypeHandler(Update, on_group))

HANDLERS = (
    CommandHandler("help", on_help),
    CommandHandler("forget", on_forget),
    CallbackQueryHandler(on_forget_choice, pattern=Forget.pattern()),
    ChatMemberHandler(on_membership, ChatMemberHandler.MY_CHAT_MEMBER),
)

# Asked last: whatever nobody else took.
REST = (
    MessageHandler(filters.COMMAND & filters.UpdateType.MESSAGE, on_unknown_command),
    MessageHandler(filters.UpdateType.MESSAGE, on_anything_else),
    CallbackQueryHandler(on_unreadable_tap),
)
