"""What is on its way to people, whatever its kind: due, about to leave, and over.

Who looks what is due marks nothing: to write where the rows of many people lie costs more the more people
there are. Whoever wants to go on with a letter says how they found it, and does so only if it still is so. A
sender that was slow, or asleep, or wasn't alone finds out before it sends.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import col, select

from bot.storage.database import Work
from bot.storage.tables import DeliveryRow, ErrandRow, Posted, ReviewRow, State, is_open

KINDS = (DeliveryRow, ReviewRow, ErrandRow)  # a review comes after the card that it follows
BATCH = 200  # letters that are looked for at once

Row = TypeVar("Row", bound=Posted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is to be written about one letter."""

    posted: Posted
    state: State
    message_id: int | None = None
    held_until: dt.datetime | None = None
    tries: int  # calls that may have left
    begun: bool  # its call was about to leave; else it is noted only of one that is as it was found


async def due(
    work: Work, kind: type[Row], now: dt.datetime, besides: Collection[int] = (), most: int = BATCH
) -> Sequence[Row]:
    """What is to leave, oldest first, besides what the sender has in hand.

    A letter whose sender died in the call is due again once the lease of the call is over.
    """
    ready = select(kind).where(_ready(kind, now)).order_by(col(kind.due_at)).limit(most)
    if besides:
        ready = ready.where(col(kind.id).not_in(besides))
    return (await work.exec(ready)).all()


async def any_due(work: Work, kinds: Iterable[type[Posted]], now: dt.datetime) -> bool:
    """Whether anything is to leave; reading the indexes is all that an idle tick costs."""
    found = (sa.exists().where(_ready(kind, now)) for kind in kinds)
    return bool((await work.exec(select(sa.or_(*found)))).one())


async def count_due(work: Work, now: dt.datetime) -> int:
    """How many letters should have left by now, and are not over."""
    counts = [
        select(sa.func.count())
        .select_from(kind)
        .where(is_open(kind), col(kind.due_at) <= now)
        .scalar_subquery()
        for kind in KINDS
    ]
    return sum([(await work.exec(select(count))).one() for count in counts])


async def begin(
    work: Work, found: Sequence[Posted], lease_until: dt.datetime
) -> set[tuple[str, int | None]]:
    """Note that their calls are about to leave, of those that still are as they were found; says which."""
    ours: set[tuple[str, int | None]] = set()
    for (kind, state, held_until, tries), ids in _alike(found).items():
        taken = await (await work.connection()).execute(
            sa.update(kind)
            .where(
                col(kind.id).in_(ids),
                col(kind.state) == state,
                col(kind.held_until) == held_until,
                col(kind.tries) == tries,
            )
            .values(state=State.SENDING, held_until=lease_until, tries=tries + 1)
            .returning(col(kind.id))
        )
        ours.update((str(kind.__tablename__), row_id) for (row_id,) in taken)
    return ours


async def note(work: Work, notes: Sequence[Note]) -> None:
    """Write down what became of them, in one go for those of a kind."""
    alike: dict[tuple[type[Posted], bool], list[dict[str, Any]]] = defaultdict(list)
    for one in notes:
        found = {
            "found_state": one.posted.state,
            "found_hold": one.posted.held_until,
            "found_tries": one.posted.tries,
        }
        alike[type(one.posted), one.begun].append(
            {
                "its_id": one.posted.id,
                "its_state": one.state,
                "its_hold": one.held_until,
                "its_message": one.message_id,
                "its_tries": one.tries,
                **({} if one.begun else found),
            }
        )
    for (kind, begun), rows in alike.items():
        table = sa.inspect(kind).local_table
        columns = table.c
        as_found = (
            columns.state == sa.bindparam("found_state"),
            columns.held_until.is_not_distinct_from(sa.bindparam("found_hold")),
            columns.tries == sa.bindparam("found_tries"),
        )
        await (await work.connection()).execute(
            sa.update(table)
            .where(columns.id == sa.bindparam("its_id"), *(() if begun else as_found))
            .values(
                state=sa.bindparam("its_state"),
                held_until=sa.bindparam("its_hold"),
                message_id=sa.bindparam("its_message"),
                tries=sa.bindparam("its_tries"),
            ),
            rows,
        )


def _alike(
    found: Iterable[Posted],
) -> dict[tuple[type[Posted], str, dt.datetime | None, int], list[int | None]]:
    """Those that were found the same."""
    alike: dict[tuple[type[Posted], str, dt.datetime | None, int], list[int | None]] = defaultdict(
        list
    )
    for posted in found:
        alike[type(posted), posted.state, posted.held_until, posted.tries].append(posted.id)
    return alike


def _ready(kind: type[Posted], now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        is_open(kind),
        col(kind.due_at) <= now,
        sa.or_(col(kind.held_until).is_(None), col(kind.held_until) <= now),
    )
