"""Uploads once: a picture that Telegram has is sent by the name that Telegram gave it."""

from dataclasses import dataclass
from hashlib import sha256

import structlog

from bot.storage import media
from bot.storage.database import Database

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Album:
    """What was uploaded. A name is good for the bot that got it, and for no other."""

    database: Database

    async def find(self, bot_id: int, picture: bytes) -> str | None:
        """The name of a picture, if it was uploaded before."""
        async with self.database.look() as work:
            return await media.find(work, bot_id, _digest(picture))

    async def keep(self, bot_id: int, picture: bytes, file_id: str, chat_id: int) -> None:
        """Remember a name. The letter has left: what fails here must not have it sent again."""
        try:
            async with self.database.work() as work:
                await media.keep(work, bot_id, _digest(picture), file_id, chat_id)
        except Exception:
            log.exception("a picture will be uploaded again")


def _digest(picture: bytes) -> str:
    return sha256(picture).hexdigest()
