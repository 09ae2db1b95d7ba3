"""Letters on their way to Telegram, and what its answers mean.

What an error proves is read from its cause (wire.py): a connection that was never made sent nothing; an
answer that never came, or can't be read, proves nothing.

Of the answer to a letter only the number is wanted, and what a letter says needs no checking. So a letter
goes to the pacer and the wire without the library's objects around it, which take as long as half of the rest
of its way. One with a picture to upload goes through the library. A picture that Telegram refuses surely was
not sent: then what stands in for it goes, and at last the words alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message
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
from bot.delivery.letter import Button, Letter, Medium, Picture
from bot.delivery.receipt import Later, Receipt, Refused, Sent, Unknown, Unreachable, Unsent

FILENAMES: Mapping[Medium, str] = {Medium.PHOTO: "sheet.png", Medium.CLIP: "clip.mp4"}

Way = tuple[Picture, str | bytes]  # what Telegram calls it, or what it is

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
    """Send a letter: a picture with the text below, or the text alone where none is there yet, or fits.

    Returns the number of the message.
    """
    for picture, file in await ways(bot, album, letter):
        with _refused():
            if isinstance(file, str):
                said = {picture.medium: file, "caption": letter.caption, **_manner(letter)}
                method = f"send{picture.medium.capitalize()}"
                return await _call(bot, method, {"chat_id": chat_id, **said}, urgency)
            return await _upload(bot, album, chat_id, letter, picture, file, urgency)
    said = {"chat_id": chat_id, "text": letter.text, **_manner(letter)}
    return await _call(bot, "sendMessage", said, urgency)


async def ways(bot: ExtBot[Any], album: Album, letter: Letter) -> Iterator[Way]:
    """How its picture can be sent, the best first. Nobody waits until one is drawn."""
    if letter.picture is None or letter.caption is None:
        return iter(())
    choices = [*letter.picture.choices()]
    known = await album.known(bot.id, [one.recipe for one in choices])
    return _ways(album, choices, known)


def _ways(album: Album, choices: Iterable[Picture], known: Mapping[str, str]) -> Iterator[Way]:
    for picture in choices:
        if (name := known.get(picture.recipe)) is not None:
            yield picture, name
        if (body := album.body(picture)) is not None:
            yield picture, body


@contextmanager
def _refused() -> Iterator[None]:
    """Then it surely was not sent, and can go another way."""
    try:
        yield
    except BadRequest as refused:
        log.warning("Telegram refused a picture", why=refused.message)


async def _upload(
    bot: ExtBot[Any],
    album: Album,
    chat_id: int,
    letter: Letter,
    picture: Picture,
    body: bytes,
    urgency: int,
) -> int:
    manner: dict[str, Any] = {
        "caption": letter.caption,
        "filename": FILENAMES[picture.medium],
        "reply_markup": inline(letter),
        "disable_notification": letter.silent,
        "rate_limit_args": urgency,
    }
    if picture.medium is Medium.CLIP:
        message = await bot.send_animation(chat_id, body, **manner)
    else:
        message = await bot.send_photo(chat_id, body, **manner)
    await remember(bot, album, picture, message)
    return message.message_id


async def remember(bot: ExtBot[Any], album: Album, picture: Picture, message: Message) -> None:
    """What Telegram calls the picture that was just uploaded."""
    shown = message.animation if picture.medium is Medium.CLIP else (message.photo or (None,))[-1]
    if shown is not None:
        await album.keep(bot.id, picture, shown.file_id, message.chat_id)


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
