"""Updates are fetched: the next `getUpdates`, which confirms the last, is asked once those are stored.

The library's own polling tells Telegram that an update arrived before anything happened to it.
"""

import asyncio

import structlog
from telegram import Update
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.chat.intake import WANTED, AnyApplication, Intake
from bot.storage.inbox import Arrival
from bot.storage.trouble import passes

LISTEN = 50  # seconds that Telegram may keep a getUpdates open
LONGEST_WAIT = 30.0  # seconds

log = structlog.get_logger(__name__)


async def poll(application: AnyApplication, intake: Intake) -> None:
    """Listen until cancelled. Raises InvalidToken."""
    # Telegram may number anew, and lower, after a quiet week: an offset is given only to
    # confirm what was stored just now, never from memory.
    offset: int | None = None
    pause = 0.0
    while True:
        try:
            updates = await application.bot.get_updates(
                offset=offset, timeout=LISTEN, allowed_updates=WANTED
            )
            offset = None  # it is confirmed; what follows isn't, until it is stored
            await intake.receive(filter(None, map(_arrival, updates)), "polling")
        except InvalidToken:
            raise
        except Exception as trouble:
            if not isinstance(trouble, TelegramError) and not passes(trouble):
                raise
            pause = min(LONGEST_WAIT, max(1.0, pause * 2))
            _mention(trouble, pause)
            await asyncio.sleep(pause)
            continue
        pause = 0.0
        offset = updates[-1].update_id + 1 if updates else None


def _arrival(update: Update) -> Arrival | None:
    chat = update.effective_chat
    if chat is None:
        return None
    return Arrival(update_id=update.update_id, chat_id=chat.id, payload=update.to_json())


def _mention(trouble: Exception, pause: float) -> None:
    if isinstance(trouble, Conflict):
        log.error("another process polls with this token; only one may", pause=pause)
    else:
        log.warning("no updates", trouble=type(trouble).__name__, pause=pause)
