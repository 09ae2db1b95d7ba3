"""Updates, stored before Telegram is told that they arrived, and processed once each, a person's in order."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col, select

from bot.storage.database import Work, insert_once
from bot.storage.tables import InboxRow

NOBODY = 0  # no chat has this id


async def keep(work: Work, update_id: int, chat_id: int, payload: str, now: dt.datetime) -> bool:
    """Store an update; says whether it was new."""
    return await insert_once(
        work,
        InboxRow,
        update_id=update_id,
        chat_id=chat_id,
        payload=payload,
        received_at=now,
        waiting=True,
        tries=0,
    )


async def newest(work: Work) -> int | None:
    """The highest update id ever stored: polling goes on behind it."""
    return (await work.exec(select(sa.func.max(InboxRow.update_id)))).one()


async def chats_waiting(work: Work) -> Sequence[int]:
    """Chats with something to process."""
    return (await work.exec(select(InboxRow.chat_id).where(col(InboxRow.waiting)).distinct())).all()


async def next_of(work: Work, chat_id: int) -> InboxRow | None:
    """The oldest update of a chat that waits."""
    return (
        await work.exec(
            select(InboxRow)
            .where(col(InboxRow.waiting), InboxRow.chat_id == chat_id)
            .order_by(col(InboxRow.update_id))
            .limit(1)
        )
    ).first()


async def finish(work: Work, update_id: int) -> None:
    """It is done: the id stays, so that it is never taken again; what was written goes, and by whom."""
    done = sa.update(InboxRow).where(col(InboxRow.update_id) == update_id)
    await work.exec(done.values(waiting=False, chat_id=NOBODY, payload=""))


async def forget(work: Work, chat_id: int) -> None:
    """The same for all of a chat, read or not. Only the oldest still waits: it is the one in hand."""
    in_hand = await next_of(work, chat_id)
    waiting = sa.false() if in_hand is None else col(InboxRow.update_id) == in_hand.update_id
    theirs = sa.update(InboxRow).where(col(InboxRow.chat_id) == chat_id)
    await work.exec(theirs.values(waiting=waiting, chat_id=NOBODY, payload=""))


async def try_again(work: Work, update_id: int) -> None:
    """Count a try that failed for no fault of the update."""
    await work.exec(
        sa.update(InboxRow)
        .where(col(InboxRow.update_id) == update_id)
        .values(tries=InboxRow.tries + 1)
    )
