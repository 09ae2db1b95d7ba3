"""Uploads once: a picture that Telegram has is sent by the name that Telegram gave it."""

from collections.abc import Collection
from dataclasses import dataclass, field

import structlog

from bot.delivery.gallery import Gallery
from bot.delivery.letter import Picture
from bot.storage import media
from bot.storage.database import Database

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Album:
    """What was uploaded, and what could be. A name is good for the bot that got it, and for no other."""

    database: Database
    gallery: Gallery = field(default_factory=Gallery.closed)

    async def known(self, bot_id: int, recipes: Collection[str]) -> dict[str, str]:
        """The names of those that were uploaded before."""
        async with self.database.look() as work:
            return await media.find(work, bot_id, recipes)

    def body(self, picture: Picture) -> bytes | None:
        """To upload it; None where it isn't drawn yet."""
        return self.gallery.get(picture) if picture.body is None else picture.body

    async def keep(self, bot_id: int, picture: Picture, file_id: str, chat_id: int) -> None:
        """Remember a name. The letter has left: what fails here must not have it sent again."""
        try:
            async with self.database.work() as work:
                whose = chat_id if picture.own else None
                await media.keep(work, bot_id, picture.recipe, file_id, whose)
        except Exception:
            log.exception("a picture will be uploaded again")
