"""Letters on their way to Telegram, and what its answers mean.

What an error proves is read from its cause (wire.py): a connection that was never made sent nothing; an
answer that never came, or can't be read, proves nothing.

Of the answer to a letter only the number is wanted, and what a letter says needs no checking. So a letter
goes to the pacer and the wire without the library's objects around it, which take as long as half of the rest
of its way. One with a picture to upload goes through the library.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.ext import ExtBot

from bot.chat.album import Album
from bot.chat.pacer import ANSWER, LETTER, seconds_of
from bot.chat.wire import NeverLeft, Wire
from bot.delivery.letter import Button, Letter
from bot.delivery.receipt import Later, Receipt, Refused, Sent, Unknown, Unreachable, Unsent

log = structlog.get_logger(__name__)


class TelegramOutbox:
    """The way out for scheduled letters."""

    def __init__(self, bot: ExtBot[int], album: Album) -> None:
        self._bot = bot
        self._album = album

    async def send(self, chat_id: int, letter: Letter) -> Receipt:
        """Send once, after every answer that waits; see `Outbox`."""
        try:
            message_id = await post(self._bot, self._album, chat_id, letter, LETTER)
        except RetryAfter as flood:
            return Later(seconds_of(flood))
        except Forbidden:
            return Unreachable()
        except BadRequest as refused:
            gone = "chat not found" in refused.message.lower()
            return Unreachable() if gone else Refused(refused.message)
        except InvalidToken:  # the token was taken back: whoever listens finds out, too
            return Unsent()
        except TelegramError as broken:
            return Unsent() if isinstance(broken.__cause__, NeverLeft) else Unknown()
        return Sent(message_id)

    async def retire(self, chat_id: int, message_id: int) -> None:
        """See `Outbox`."""
        await retire(self._bot, chat_id, message_id)


async def retire(bot: ExtBot[Any], chat_id: int, message_id: int) -> None:
    """Take the buttons from a card that another one follows. Best effort: a tap on it would still count."""
    try:
        await bot.edit_message_reply_markup(chat_id, message_id, reply_markup=None)
    except TelegramError as refused:
        log.info("an older card keeps its buttons", trouble=refused.message)


async def post(
    bot: ExtBot[Any], album: Album, chat_id: int, letter: Letter, urgency: int = ANSWER
) -> int:
    """Send a letter: a picture with the text below, or the text alone where Telegram won't have it so.

    Returns the number of the message.
    """
    if letter.picture is not None:
        known = await album.find(bot.id, letter.picture)
        if known is not None:
            said = {"chat_id": chat_id, "photo": known, "caption": letter.text, **_manner(letter)}
            with _refused("what it called a picture"):
                return await _call(bot, "sendPhoto", said, urgency)
        with _refused("a picture"):
            return await _upload(bot, album, chat_id, letter, letter.picture, urgency)
    said = {"chat_id": chat_id, "text": letter.text, **_manner(letter)}
    return await _call(bot, "sendMessage", said, urgency)


@contextmanager
def _refused(what: str) -> Iterator[None]:
    """Then it surely was not sent, and can go another way."""
    try:
        yield
    except BadRequest as refused:
        log.warning(f"Telegram refused {what}", why=refused.message)


async def _upload(
    bot: ExtBot[Any],
    album: Album,
    chat_id: int,
    letter: Letter,
    picture: bytes,
    urgency: int,
) -> int:
    message = await bot.send_photo(
        chat_id,
        picture,
        letter.text,
        filename="sheet.png",
        reply_markup=inline(letter),
        disable_notification=letter.silent,
        rate_limit_args=urgency,
    )
    if message.photo:
        await album.keep(bot.id, picture, message.photo[-1].file_id, chat_id)
    return message.message_id


def _manner(letter: Letter) -> dict[str, Any]:
    """How a letter is shown, as it travels."""
    said = {"parse_mode": ParseMode.HTML, "disable_notification": letter.silent}
    return said if not letter.rows else said | {"reply_markup": _keyboard(letter)}


async def _call(bot: ExtBot[Any], method: str, said: dict[str, Any], urgency: int) -> int:
    """The library's own way from a call to the network, without what stands before it."""
    pacer, wire = bot.rate_limiter, bot.request
    assert pacer is not None and isinstance(wire, Wire)  # noqa: PT018 - no test: so it was built
    message: Any = await pacer.process_request(
        callback=wire.call,
        args=(f"{bot.base_url}/{method}", said),
        kwargs={},
        endpoint=method,
        data=said,
        rate_limit_args=urgency,
    )
    return int(message["message_id"])


def _keyboard(letter: Letter) -> dict[str, Any]:
    return {"inline_keyboard": [[_travelling(button) for button in row] for row in letter.rows]}


def _travelling(button: Button) -> dict[str, str]:
    said = {"text": button.label, "callback_data": button.tap.encode()}
    return said if button.style is None else said | {"style": button.style}


def inline(letter: Letter) -> InlineKeyboardMarkup | None:
    """The buttons of a letter, as the library has them."""
    if not letter.rows:
        return None
    return InlineKeyboardMarkup([[_inline(button) for button in row] for row in letter.rows])


def _inline(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(button.label, callback_data=button.tap.encode(), style=button.style)
