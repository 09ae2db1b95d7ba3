"""Letters on their way to Telegram, and what its answers mean.

What an error proves is read from its cause: a connection that was never made sent nothing; an answer that
never came proves nothing. BadRequest is a NetworkError too, so its clause comes first.
"""

from typing import Any

import httpx
import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.chat.pacer import ANSWER, LETTER, seconds_of
from bot.delivery.letter import Button, Letter
from bot.delivery.receipt import Later, Receipt, Refused, Sent, Unknown, Unreachable, Unsent

log = structlog.get_logger(__name__)

NEVER_LEFT = (httpx.PoolTimeout, httpx.ConnectTimeout, httpx.ConnectError)

log = structlog.get_logger(__name__)


class TelegramOutbox:
    """The way out for scheduled letters."""

    def __init__(self, bot: ExtBot[int]) -> None:
        self._bot = bot

    async def send(self, chat_id: int, letter: Letter) -> Receipt:
        """Send once, after every answer that waits; see `Outbox`."""
        try:
            message = await post(self._bot, chat_id, letter, LETTER)
        except RetryAfter as flood:
            return Later(seconds_of(flood))
        except Forbidden:
            return Unreachable()
        except BadRequest as refused:
            gone = "chat not found" in refused.message.lower()
            return Unreachable() if gone else Refused(refused.message)
        except NetworkError as broken:
            return Unsent() if isinstance(broken.__cause__, NEVER_LEFT) else Unknown()
        return Sent(message.message_id)

    async def retire(self, chat_id: int, message_id: int) -> None:
        """See `Outbox`."""
        await retire(self._bot, chat_id, message_id)


async def retire(bot: ExtBot[Any], chat_id: int, message_id: int) -> None:
    """Take the buttons from a card that another one follows. Best effort: a tap on it would still count."""
    try:
        await bot.edit_message_reply_markup(chat_id, message_id, reply_markup=None)
    except TelegramError as refused:
        log.info("an older card keeps its buttons", trouble=refused.message)


async def post(bot: ExtBot[Any], chat_id: int, letter: Letter, urgency: int = ANSWER) -> Message:
    """Send a letter: a picture with the text below, or the text alone where Telegram won't have it so."""
    markup, silent = inline(letter), letter.silent
    if letter.picture is not None:
        try:
            return await bot.send_photo(
                chat_id,
                letter.picture,
                letter.text,
                reply_markup=markup,
                disable_notification=silent,
                rate_limit_args=urgency,
            )
        except BadRequest as refused:  # so it surely was not sent
            log.warning("Telegram refused a picture", why=refused.message)
    return await bot.send_message(
        chat_id,
        letter.text,
        reply_markup=markup,
        disable_notification=silent,
        rate_limit_args=urgency,
    )


def inline(letter: Letter) -> InlineKeyboardMarkup | None:
    """The buttons of a letter, as Telegram takes them."""
    if not letter.rows:
        return None
    return InlineKeyboardMarkup([[_inline(button) for button in row] for row in letter.rows])


def _inline(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(button.label, callback_data=button.tap.encode(), style=button.style)
