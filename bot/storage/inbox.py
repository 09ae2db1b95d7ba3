"""Updates, stored before Telegram is told that they arrived, and processed once each, a person's in order.

Whoever works off a chat has the turn of it, for as long as a lease runs: several processes may store updates
of one person, and one of them at a time processes them. Whoever writes about both a turn and its updates
writes the turn first, also where it may have lost it: so nobody waits in a circle.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlmodel import col, select

from bot.storage.database import Work, insert_of
from bot.storage.tables import InboxRow, TurnRow

NOBODY = 0  # no chat has this id
MOST = 1000  # chats, or ids, that one statement brings or takes away


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An update as it is kept."""

    update_id: int
    chat_id: int
    payload: str


async def keep(work: Work, arrivals: Iterable[Arrival], now: dt.datetime) -> list[int]:
    """Store updates, in one statement however many; gives the chats of those that were new."""
    rows = [
        {**asdict(arrival), "received_at": now}
        for arrival in sorted(arrivals, key=lambda arrival: arrival.update_id)
    ]
    if not rows:
        return []
    connection = await work.connection()
    insert = insert_of(work, InboxRow).values(waiting=True, tries=0).on_conflict_do_nothing()
    new = await connection.execute(insert.returning(col(InboxRow.chat_id)), rows)
    return [*new.scalars()]


async def chats_waiting(work: Work) -> Sequence[int]:
    """Chats with something to process."""
    return (await work.exec(select(InboxRow.chat_id).where(col(InboxRow.waiting)).distinct())).all()


async def chats_due(
    work: Work, holder: str, now: dt.datetime, longest: dt.timedelta
) -> Sequence[int]:
    """Of these, the ones whose pause is over and whose turn no other process has.

    A pause never lasts longer than the longest: one that seems to is of a clock that was put back since.
    """
    until = sa.func.max(InboxRow.try_at)
    of_others = select(TurnRow.chat_id).where(
        col(TurnRow.holder) != holder, col(TurnRow.held_until) > now
    )
    due = (
        select(InboxRow.chat_id)
        .where(col(InboxRow.waiting), col(InboxRow.chat_id).not_in(of_others))
        .group_by(col(InboxRow.chat_id))
        .having(sa.or_(until.is_(None), until <= now, until > now + longest))
        .order_by(sa.func.min(InboxRow.update_id))
        .limit(MOST)
    )
    return (await work.exec(due)).all()


async def take(
    work: Work, chat_id: int, holder: str, now: dt.datetime, lease: dt.timedelta
) -> bool:
    """Take the turn of a chat, or keep it; False while another process has it.

    A lease that ends later than two from now is none: the clock was put back since.
    """
    values = {"holder": holder, "held_until": now + lease}
    free = sa.or_(
        col(TurnRow.holder) == holder,
        col(TurnRow.held_until) <= now,
        col(TurnRow.held_until) > now + 2 * lease,
    )
    connection = await work.connection()
    taken = await connection.execute(
        insert_of(work, TurnRow)
        .values(chat_id=chat_id, **values)
        .on_conflict_do_update(index_elements=["chat_id"], set_=values, where=free)
        .returning(col(TurnRow.chat_id))
    )
    return taken.first() is not None


async def hold_on(work: Work, holder: str, now: dt.datetime, lease: dt.timedelta) -> None:
    """Renew all turns of a process that is still at work."""
    theirs = sa.update(TurnRow).where(col(TurnRow.holder) == holder)
    await work.exec(theirs.values(held_until=now + lease))


async def leave(work: Work, holder: str, chat_id: int | None = None) -> None:
    """Give up the turn of a chat, or of all chats."""
    theirs = sa.delete(TurnRow).where(col(TurnRow.holder) == holder)
    await work.exec(theirs if chat_id is None else theirs.where(col(TurnRow.chat_id) == chat_id))


async def inherit(work: Work) -> None:
    """Where no other process is at work, every turn is of one that died."""
    await work.exec(sa.delete(TurnRow))


async def begin(work: Work, chat_id: int) -> InboxRow | None:
    """The oldest update of a chat that waits, counted as begun; the caller has the turn."""
    oldest = (
        select(InboxRow.update_id)
        .where(col(InboxRow.waiting), InboxRow.chat_id == chat_id)
        .order_by(col(InboxRow.update_id))
        .limit(1)
    )
    begun = await work.exec(
        sa.update(InboxRow)
        .where(col(InboxRow.update_id) == oldest.scalar_subquery())
        .values(tries=InboxRow.tries + 1, try_at=None)
        .returning(InboxRow)
    )
    return next((row for (row,) in begun), None)


async def next_of(work: Work, chat_id: int) -> InboxRow | None:
    """The oldest update of a chat that waits."""
    return next(iter(await line_of(work, chat_id, 1)), None)


async def line_of(work: Work, chat_id: int, most: int) -> Sequence[InboxRow]:
    """What waits of a chat, oldest first."""
    waiting = select(InboxRow).where(col(InboxRow.waiting), InboxRow.chat_id == chat_id)
    return (await work.exec(waiting.order_by(col(InboxRow.update_id)).limit(most))).all()


async def finish(work: Work, *update_ids: int) -> None:
    """They are done: the ids stay, so that none is taken again; what was written goes, and by whom."""
    done = sa.update(InboxRow).where(col(InboxRow.update_id).in_(update_ids))
    await work.exec(done.values(waiting=False, chat_id=NOBODY, payload=""))


async def put_off(work: Work, chat_id: int, update_id: int, until: dt.datetime) -> bool:
    """It is tried again later, and what came behind it waits as well; says whether it is still there."""
    row = sa.update(InboxRow).where(
        col(InboxRow.update_id) == update_id, col(InboxRow.chat_id) == chat_id
    )
    return bool((await work.exec(row.values(try_at=until))).rowcount)


async def forget(work: Work, chat_id: int) -> None:
    """The same for all of a chat, read or not. Only the oldest still waits: it is the one in hand."""
    in_hand = await next_of(work, chat_id)
    waiting = sa.false() if in_hand is None else col(InboxRow.update_id) == in_hand.update_id
    await work.exec(sa.delete(TurnRow).where(col(TurnRow.chat_id) == chat_id))
    theirs = sa.update(InboxRow).where(col(InboxRow.chat_id) == chat_id)
    await work.exec(theirs.values(waiting=waiting, chat_id=NOBODY, payload=""))


async def purge(work: Work, before: dt.datetime) -> int:
    """Let ids go that were received before a moment, and done; says how many."""
    old = (
        select(InboxRow.update_id)
        .where(col(InboxRow.received_at) < before, sa.not_(col(InboxRow.waiting)))
        .limit(MOST)
    )
    gone = await work.exec(
        sa.delete(InboxRow).where(col(InboxRow.update_id).in_(old.scalar_subquery()))
    )
    return int(gone.rowcount)
