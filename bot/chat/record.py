"""Their data: /privacy tells what is kept, /export and /report hand it over. (/forget is in talk.py.)

All of it is answered at any time, while the plan is locked as well; and it makes nobody known who wasn't.
"""

import asyncio

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.chat.context import Context, chat_of, query_of
from bot.chat.screens import forget_screen, next_screen
from bot.chat.speak import hand_over, hush, show, tell
from bot.delivery.letter import Letter
from bot.delivery.record_cards import export_parcel, privacy_card, report_parcel
from bot.delivery.report_sheet import report_sheet
from bot.delivery.taps import Mine, Wish


async def on_privacy(update: Update, context: Context) -> None:
    """What is kept, where, and who can read it."""
    known = await _is_known(update, context)
    agreed = await context.desk.belongings.agreed(chat_of(update))
    await show(update, privacy_card(context.words, agreed, known=known))


async def on_export(update: Update, context: Context) -> None:
    """Everything, as a file."""
    await hush(update)
    if not await _is_known(update, context):
        await tell(update, Letter(context.words.say("record.nothing")))
        return
    body = await context.desk.belongings.export(chat_of(update), context.words, context.now)
    await hand_over(update, export_parcel(context.words, body, context.now.date()))


async def on_report(update: Update, context: Context) -> None:
    """A summary for a physiotherapist."""
    await hush(update)
    if not await _is_known(update, context):
        await tell(update, Letter(context.words.say("record.nothing")))
        return
    desk, words = context.desk, context.words
    report = await desk.belongings.report(chat_of(update), context.now)
    page = await asyncio.to_thread(report_sheet, words, report, desk.enrolment.clearance)
    await hand_over(update, report_parcel(words, page, report.day))


async def on_mine(update: Update, context: Context) -> None:
    """The same by button."""
    match Mine.decode(query_of(update).data).wish:
        case Wish.PRIVACY:
            await on_privacy(update, context)
        case Wish.BACK:
            profile = await context.desk.enrolment.profile(chat_of(update))
            await show(update, next_screen(context.desk, context.words, profile))
        case Wish.REPORT:
            await on_report(update, context)
        case Wish.EXPORT:
            await on_export(update, context)
        case Wish.FORGET:
            await show(update, forget_screen(context.words))


async def _is_known(update: Update, context: Context) -> bool:
    return await context.desk.enrolment.language(chat_of(update)) is not None


HANDLERS = (
    CommandHandler("privacy", on_privacy),
    CommandHandler("report", on_report),
    CommandHandler("export", on_export),
    CallbackQueryHandler(on_mine, pattern=Mine.pattern()),
)
