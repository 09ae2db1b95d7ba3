"""The bot's face, assembled: the library's application with our handlers, pacer and error desk.

Built without the library's updater and job queue: updates come through the inbox, schedules are rows.
"""

import asyncio
import os
from typing import Any

import structlog
from telegram import BotCommand, Update
from telegram.constants import ParseMode
from telegram.error import InvalidToken, NetworkError, RetryAfter
from telegram.ext import ApplicationBuilder, ContextTypes, Defaults, TypeHandler

from bot.catalogue.words import Voices, Words
from bot.chat import (
    away,
    enrolment,
    feedback,
    flare,
    player,
    progress,
    record,
    review,
    rhythm,
    settings,
    talk,
    today,
    travel,
    tryout,
    typed,
    weight,
)
from bot.chat.context import Context
from bot.chat.errors import on_error
from bot.chat.intake import LONGEST_WAIT, AnyApplication
from bot.chat.pacer import Pacer
from bot.chat.speak import retire_older
from bot.chat.wire import Patience, Wire
from bot.practice.desk import Desk

COMMANDS = (
    *("today", "travel", "flare", "why", "progress", "settings", "pause", "resume"),
    *("language", "report", "export", "privacy", "help", "forget"),
)

LAST = 1  # group of handlers: after whoever took the update
SECONDS = 15.0  # for Telegram to answer
CONNECTIONS = 256  # more than letters and answers that are ever on their way at once

log = structlog.get_logger(__name__)


def build_application(
    *, token: str, api_url: str | None, desk: Desk, per_second: float
) -> AnyApplication:
    """`api_url` is where a Bot API is, up to the token; None is Telegram's own."""
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns of its own RetryAfter
    builder: Any = (
        ApplicationBuilder()
        .token(token)
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(context=Context))
        .defaults(Defaults(parse_mode=ParseMode.HTML))
        .rate_limiter(Pacer(per_second))
        .request(Wire(CONNECTIONS, Patience(read=SECONDS)))
        # Whoever listens has a wire of its own, and never waits behind letters. The library adds LISTEN.
        .get_updates_request(Wire(1, Patience(read=SECONDS)))
    )
    if api_url is not None:
        builder = builder.base_url(api_url)
    application: AnyApplication = builder.build()
    application.bot_data["desk"] = desk
    before = (*talk.FIRST, *typed.FIRST, *away.FIRST)
    for group, first in enumerate(before, start=-len(before)):
        application.add_handler(first, group)
    for module in (
        enrolment,
        tryout,
        today,
        player,
        feedback,
        weight,
        travel,
        flare,
        progress,
        review,
        record,
        away,
        rhythm,
        settings,
        talk,
    ):
        application.add_handlers(module.HANDLERS)
    application.add_handlers(talk.REST)
    application.add_handler(TypeHandler(Update, retire_older), LAST)
    application.add_error_handler(on_error)
    return application


async def reach(application: AnyApplication, voices: Voices) -> None:
    """Make contact, however long the network takes to be there, and introduce the bot.

    Raises InvalidToken.
    """
    pause = 1.0
    while True:
        try:
            await application.initialize()
            await _introduce(application, voices)
        except InvalidToken:
            raise
        except (NetworkError, RetryAfter) as trouble:
            log.warning(
                "Telegram can't be reached yet", trouble=type(trouble).__name__, pause=pause
            )
            await asyncio.sleep(pause)
            pause = min(LONGEST_WAIT, pause * 2)
        else:
            return


async def _introduce(application: AnyApplication, voices: Voices) -> None:
    """The commands, and what the bot is; and that updates are fetched, not pushed."""
    await application.bot.delete_webhook()
    for language, words in voices.items():
        default = words is voices.default
        await _describe(application, words, language=None if default else language)


async def _describe(application: AnyApplication, words: Words, language: str | None) -> None:
    """To those who use Telegram in a language; None for all whose language has nothing of its own."""
    bot = application.bot
    await bot.set_my_commands(
        [BotCommand(name, words.label(f"talk.command_{name}")) for name in COMMANDS],
        language_code=language,
    )
    await bot.set_my_description(words.label("talk.about"), language)
    await bot.set_my_short_description(words.label("talk.about_short"), language)
