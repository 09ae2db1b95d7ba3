"""Refusals are explained, and the open question comes again; anything else is logged and apologised for."""

import structlog
from telegram import Update
from telegram.error import Forbidden, TelegramError

from bot.chat.context import Context, chat_of
from bot.chat.intake import retry_after
from bot.chat.screens import next_screen
from bot.chat.speak import hush, tell
from bot.delivery.letter import Letter
from bot.domain.profile import Profile
from bot.domain.refusal import NotEnrolled, PlanLocked, Refusal

log = structlog.get_logger(__name__)


async def on_error(update: object, context: Context) -> None:
    """The one place where what went wrong in a handler ends up."""
    fault = context.error
    if not isinstance(update, Update):
        log.error("a fault without an update", exc_info=fault)
        return
    if isinstance(fault, Refusal):
        await _explain(update, context, fault)
    elif isinstance(fault, Forbidden):
        await context.desk.enrolment.set_aside(chat_of(update), context.now)
    elif (wait := retry_after(fault)) is not None:
        log.warning("Telegram can't be reached", trouble=type(fault).__name__)
        context.turn.retry_after = wait
    else:
        log.error("a handler failed", exc_info=fault, update=update.update_id)
        await _apologise(update, context)


async def _explain(update: Update, context: Context, refusal: Refusal) -> None:
    words = context.desk.words
    profile = await _profile(update, context)
    try:
        await hush(update)
        if not isinstance(refusal, PlanLocked):
            said = words.say(f"refusal.{type(refusal).__name__}", **refusal.values)
            await tell(update, Letter(said))
        if profile is not None and (profile.question or profile.screening.lock):
            await tell(update, next_screen(context.desk, profile))
    except TelegramError as trouble:
        context.turn.retry_after = retry_after(trouble)


async def _profile(update: Update, context: Context) -> Profile | None:
    """Whoever writes without having pressed /start gets the first question all the same."""
    enrolment = context.desk.enrolment
    try:
        return await enrolment.profile(chat_of(update))
    except NotEnrolled:
        return await enrolment.begin(chat_of(update), "en", context.now)


async def _apologise(update: Update, context: Context) -> None:
    """Best effort: when even this fails, the log has what happened."""
    words = context.desk.words
    try:
        if update.callback_query is not None:
            await hush(update, words.label("talk.sorry_toast"))
        else:
            await tell(update, Letter(words.say("talk.sorry")))
    except TelegramError as trouble:
        log.warning("no apology got through", trouble=type(trouble).__name__)
