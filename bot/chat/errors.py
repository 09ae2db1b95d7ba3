"""Refusals are explained, and the open question comes again; anything else is logged and apologised for."""

from contextlib import suppress

import structlog
from telegram import Update
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ApplicationHandlerStop

from bot.chat.context import Context, chat_of
from bot.chat.intake import retry_after
from bot.chat.screens import next_screen
from bot.chat.speak import hush, tell
from bot.chat.waiting import open_screen
from bot.delivery.letter import Letter
from bot.domain.profile import Profile
from bot.domain.refusal import AlreadyTold, NotAnAnswer, NotEnrolled, PlanLocked, Refusal
from bot.metrics import HANDLER_FAULTS

log = structlog.get_logger(__name__)


async def on_error(update: object, context: Context) -> None:
    """The one place where what went wrong in a handler ends up."""
    fault = context.error
    if not isinstance(update, Update):
        log.error("a fault without an update", exc_info=fault)
        return
    try:
        await _settle(update, context, fault)
    except Exception as worse:
        # What is only refused was not kept: its next try says no less than the first.
        if not _comes_again(context, worse, kept=not isinstance(fault, Refusal)):
            raise
    raise ApplicationHandlerStop  # it was answered; the other groups of handlers have no part in it


async def _settle(update: Update, context: Context, fault: Exception | None) -> None:
    if isinstance(fault, Refusal):
        await _explain(update, context, fault)
    elif isinstance(fault, Forbidden):
        await context.desk.enrolment.set_aside(chat_of(update), context.now)
    elif not _comes_again(context, fault):
        HANDLER_FAULTS.inc()
        log.error("a handler failed", exc_info=fault, update=update.update_id)
        await _apologise(update, context)


def _comes_again(context: Context, fault: Exception | None, *, kept: bool = True) -> bool:
    """Whether Telegram or the database is only out of reach: then the same is tried later."""
    if (wait := retry_after(fault)) is None:
        return False
    log.warning("Telegram or the database can't be reached", trouble=type(fault).__name__)
    context.turn.retry_after = wait
    context.turn.again |= kept  # what they said may be kept already
    return True


async def _explain(update: Update, context: Context, refusal: Refusal) -> None:
    profile = await _profile(update, context)
    with suppress(BadRequest, Forbidden):  # nobody is there to be told
        await hush(update)
        waits = await open_screen(context, profile) if profile else None
        await tell(update, _explanation(context, refusal, profile, waits))


def _explanation(
    context: Context, refusal: Refusal, profile: Profile | None, waits: Letter | None
) -> Letter:
    """Why not, and the open question, in one message: half of it can't come twice."""
    words = context.words
    if profile is None:
        return Letter(words.say("refusal.CardGone"))
    if _is_news(refusal, profile, again=context.turn.again):
        said = words.say(f"refusal.{type(refusal).__name__}", **refusal.values)
        if waits is None:
            return Letter(said)
    else:
        said = ""
    screen = waits or next_screen(context.desk, words, profile)
    return Letter(f"{said}\n\n{screen.text}".strip(), screen.rows)


def _is_news(refusal: Refusal, profile: Profile, *, again: bool) -> bool:
    """Whether the refusal needs words of its own, beside the screen that follows."""
    match refusal:
        case PlanLocked():
            return False
        case NotEnrolled():
            return profile.minutes is None  # else they are enrolled, and safety is asked anew
        case AlreadyTold() | NotAnAnswer():
            return not again  # it was an answer the first time, and only our reply got lost
    return True


async def _profile(update: Update, context: Context) -> Profile | None:
    """Whoever writes without having pressed /start gets the first question all the same.

    None for a tap on the card of somebody who was forgotten: that is no wish to be known again.
    """
    enrolment = context.desk.enrolment
    try:
        return await enrolment.profile(chat_of(update))
    except NotEnrolled:
        if update.callback_query is not None:
            return None
        return await enrolment.begin(chat_of(update), context.words.language, context.now)


async def _apologise(update: Update, context: Context) -> None:
    """Best effort: when even this fails, the log has what happened."""
    words = context.words
    try:
        if update.callback_query is not None:
            await hush(update, words.label("talk.sorry_toast"))
        else:
            await tell(update, Letter(words.say("talk.sorry")))
    except TelegramError as trouble:
        log.warning("no apology got through", trouble=type(trouble).__name__)
