"""What is said to a person: a text and its buttons, before anyone knows how it travels."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from html import unescape
from typing import Literal, Protocol

from bot.delivery.taps import Tap

CAPTION = 1024  # UTF-16 units that the text below a picture may have, Telegram's limit; markup not counted
TAG = re.compile(r"<[^>]*>")


class Medium(StrEnum):
    """How a picture is shown."""

    PHOTO = "photo"
    CLIP = "animation"  # a film without sound, going round


class Drawing(Protocol):
    """What a picture is drawn from."""

    def draw(self) -> bytes:
        """Its bytes. It takes long, and is for a process in the background."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture, by what it is drawn from. Whether it is there is found out when the letter leaves."""

    recipe: str  # a hash of all that it is drawn from
    medium: Medium = Medium.PHOTO
    body: bytes | None = field(default=None, repr=False)  # of one that is drawn already
    drawing: Drawing | None = field(default=None, repr=False)  # of one that may have to be
    own: bool = True  # one person's: what Telegram calls it goes with them; else it is everybody's
    instead: "Picture | None" = None  # where this one isn't there yet

    def choices(self) -> Iterator["Picture"]:
        """The best first."""
        yield self
        if self.instead is not None:
            yield from self.instead.choices()


def drawn(body: bytes) -> Picture:
    """One that is there, and shows something of one person."""
    return Picture(recipe=sha256(body).hexdigest(), body=body)


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
    picture: Picture | None = None  # above the text, which says what there is to see in it
    brief: str | None = None  # the same in fewer words, for below a picture

    @property
    def caption(self) -> str | None:
        """What stands below a picture; None where it is too long for that."""
        return next((said for said in (self.brief, self.text) if said and fits(said)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A file, and a few lines about it. It is made in memory, and kept nowhere."""

    caption: str
    name: str
    body: bytes


def fits(caption: str) -> bool:
    """Whether a text may stand below a picture."""
    return len(unescape(TAG.sub("", caption)).encode("utf-16-le")) // 2 <= CAPTION


def in_rows(buttons: Iterable[Button], width: int) -> Rows:
    """Buttons in rows of a width that a thumb can hit."""
    every = tuple(buttons)
    return tuple(every[start : start + width] for start in range(0, len(every), width))
