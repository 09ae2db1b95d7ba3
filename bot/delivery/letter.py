"""What is said to a person: a text and its buttons, before anyone knows how it travels."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from bot.delivery.taps import Tap

CAPTION = 1024  # UTF-16 units that the text below a picture may have, Telegram's limit; markup not counted


@dataclass(frozen=True, slots=True)
class Button:
    """One button of a letter."""

    label: str
    tap: Tap
    style: Literal["primary", "success", "danger"] | None = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """Text in Telegram's HTML, and rows of buttons below it."""

    text: str
    rows: Rows = ()
    silent: bool = False  # it makes no sound; a scheduled ritual does
    session: int | None = (
        None  # whose card it is: of each session's cards the newest can be answered
    )
    # Above the text, which says what there is to see in it; no bytes in a log.
    picture: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A file, and a few lines about it. It is made in memory, and kept nowhere."""

    caption: str
    name: str
    body: bytes


def in_rows(buttons: Iterable[Button], width: int) -> Rows:
    """Buttons in rows of a width that a thumb can hit."""
    every = tuple(buttons)
    return tuple(every[start : start + width] for start in range(0, len(every), width))
