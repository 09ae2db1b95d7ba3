"""Pictures that Telegram has: what a bot uploaded once is sent by its name from then on.

A row goes with the person whose picture it is, and only their newest is kept: each week has another.
"""

import sqlalchemy as sa
from sqlmodel import col, select

from bot.storage.database import Work, insert_once
from bot.storage.tables import MediaRow, PersonRow


async def find(work: Work, bot_id: int, digest: str) -> str | None:
    """What Telegram calls a picture, if this bot uploaded it."""
    known = select(MediaRow.file_id).where(MediaRow.bot_id == bot_id, MediaRow.digest == digest)
    return (await work.exec(known)).first()


async def keep(work: Work, bot_id: int, digest: str, file_id: str, chat_id: int) -> None:
    """Remember it, in place of whatever was remembered of this person, or of this picture."""
    person = select(PersonRow.id).where(PersonRow.chat_id == chat_id)
    person_id = (await work.exec(person)).first()
    older = sa.or_(col(MediaRow.person_id) == person_id, col(MediaRow.digest) == digest)
    await work.exec(sa.delete(MediaRow).where(col(MediaRow.bot_id) == bot_id, older))
    await insert_once(
        work, MediaRow, bot_id=bot_id, digest=digest, file_id=file_id, person_id=person_id
    )
