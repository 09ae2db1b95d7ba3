"""Pictures that Telegram has: what a bot uploaded once is sent by its name from then on.

What shows something of a person goes with them, and only their newest is kept: each day has another. What is
the same for everybody is nobody's, and stays.
"""

from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import col, select

from bot.storage.database import Work, insert_once
from bot.storage.tables import MediaRow, PersonRow


async def find(work: Work, bot_id: int, recipes: Collection[str]) -> dict[str, str]:
    """What Telegram calls these pictures, those that this bot uploaded."""
    known = select(MediaRow.digest, MediaRow.file_id).where(
        MediaRow.bot_id == bot_id, col(MediaRow.digest).in_(recipes)
    )
    return dict((await work.exec(known)).all())


async def keep(
    work: Work, bot_id: int, recipe: str, file_id: str, chat_id: int | None = None
) -> None:
    """Remember it, in place of what was known of this picture; with a chat, of its person as well."""
    person_id, older = None, col(MediaRow.digest) == recipe
    if chat_id is not None:
        person = select(PersonRow.id).where(PersonRow.chat_id == chat_id)
        person_id = (await work.exec(person)).first()
    if person_id is not None:
        older = sa.or_(older, col(MediaRow.person_id) == person_id)
    await work.exec(sa.delete(MediaRow).where(col(MediaRow.bot_id) == bot_id, older))
    await insert_once(
        work, MediaRow, bot_id=bot_id, digest=recipe, file_id=file_id, person_id=person_id
    )
