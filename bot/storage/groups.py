"""Groups that were told, once each, that the bot talks in private chats only."""

from bot.storage.database import Work, insert_once
from bot.storage.tables import ToldGroup


async def tell(work: Work, group_id: int) -> bool:
    """Note that a group was told; says whether it is the first time."""
    return await insert_once(work, ToldGroup, group_id=group_id)
