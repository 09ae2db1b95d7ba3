"""Rituals, the rules, and deliveries, their occurrences. A rule never moves; an occurrence comes once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import col, select

from bot.domain.rhythm import EVERY_DAY, Ritual
from bot.storage.database import Work, insert_new, insert_once
from bot.storage.tables import DeliveryRow, RitualRow, State, is_open

ON_ITS_WAY = (State.DUE, State.CLAIMED, State.SENDING)

# Written once: every letter asks them, and to put a statement together takes longer than to run it.
_OF_PEOPLE = select(RitualRow).where(
    col(RitualRow.person_id).in_(sa.bindparam("people", expanding=True))
)
_LAST_OF = (
    select(DeliveryRow)
    .where(
        col(DeliveryRow.person_id) == sa.bindparam("person"),
        col(DeliveryRow.state).not_in((*ON_ITS_WAY, State.CANCELLED)),
    )
    .order_by(col(DeliveryRow.due_at).desc())
    .limit(1)
)


async def add(work: Work, person_id: int, wall_time: dt.time) -> int:
    """A ritual on every day of the week."""
    row = RitualRow(person_id=person_id, wall_time=wall_time)
    work.add(row)
    await work.flush()
    assert row.id is not None
    return row.id


async def of_person(work: Work, person_id: int) -> tuple[Ritual, ...]:
    """Those that a person keeps, in the order of their times."""
    return (await of_people(work, (person_id,))).get(person_id, ())


async def keep_weekdays(work: Work, person_id: int, weekdays: frozenset[int]) -> None:
    """All rituals of a person come on these days of the week from now on."""
    rules = sa.update(RitualRow).where(col(RitualRow.person_id) == person_id)
    await work.exec(rules.values(weekdays=as_bits(weekdays)))


async def came_on(work: Work, person_id: int) -> frozenset[dt.date]:
    """The days on which a ritual arrived."""
    arrived = select(col(DeliveryRow.local_date)).where(
        DeliveryRow.person_id == person_id, DeliveryRow.state == State.SENT
    )
    return frozenset((await work.exec(arrived)).all())


async def edit(work: Work, ritual_id: int, **facts: object) -> None:
    """Change a rule, by column."""
    await work.exec(sa.update(RitualRow).where(col(RitualRow.id) == ritual_id).values(facts))


def as_bits(weekdays: frozenset[int]) -> int:
    """Days of the week as a row has them."""
    return sum(1 << day for day in weekdays)


def from_bits(bits: int) -> frozenset[int]:
    """The same, read."""
    return frozenset(day for day in EVERY_DAY if bits >> day & 1)


async def plan(
    work: Work, person_id: int, ritual_id: int, local_date: dt.date, due_at: dt.datetime
) -> bool:
    """Put an occurrence into the due-index; False where that date had its own, and it is over.

    A second one for the same local date can't be: one that was taken back comes back instead.
    """
    new = await insert_once(
        work,
        DeliveryRow,
        person_id=person_id,
        ritual_id=ritual_id,
        local_date=local_date,
        due_at=due_at,
        state=State.DUE,
        tries=0,
    )
    if new:
        return True
    of_date = sa.and_(
        col(DeliveryRow.ritual_id) == ritual_id, col(DeliveryRow.local_date) == local_date
    )
    taken_back = sa.and_(of_date, col(DeliveryRow.state) == State.CANCELLED)
    again = {"due_at": due_at, "state": State.DUE, "held_until": None}
    await work.exec(sa.update(DeliveryRow).where(taken_back).values(again))
    return (await work.exec(select(DeliveryRow.state).where(of_date))).one() in ON_ITS_WAY


async def plan_new(
    work: Work, occurrences: Sequence[tuple[int, int, dt.date, dt.datetime]]
) -> set[tuple[int, dt.date]]:
    """Put occurrences of person, ritual, date and moment into the due-index, in one go.

    Says which rituals and dates were new; the others have a row already, which `plan` looks at.
    """
    return {
        (ritual_id, day)
        for ritual_id, day in await insert_new(
            work,
            DeliveryRow,
            [
                {
                    "person_id": person_id,
                    "ritual_id": ritual_id,
                    "local_date": day,
                    "due_at": at,
                    "state": State.DUE,
                    "tries": 0,
                }
                for person_id, ritual_id, day, at in occurrences
            ],
            (col(DeliveryRow.ritual_id), col(DeliveryRow.local_date)),
        )
    }


async def of_people(work: Work, person_ids: Collection[int]) -> dict[int, tuple[Ritual, ...]]:
    """Those that each of them keeps, in the order of their times."""
    every = (await work.exec(_OF_PEOPLE, params={"people": list(person_ids)})).all()
    theirs: dict[int, list[RitualRow]] = defaultdict(list)
    for row in every:
        theirs[row.person_id].append(row)
    return {person_id: _in_order(rows) for person_id, rows in theirs.items()}


async def take_back(work: Work, person_id: int, after: dt.datetime | None) -> None:
    """The occurrences after a moment, or all, that nobody has begun to send."""
    waiting = sa.and_(
        col(DeliveryRow.person_id) == person_id,
        col(DeliveryRow.state) == State.DUE,
        col(DeliveryRow.tries) == 0,
    )
    if after is not None:
        waiting = sa.and_(waiting, col(DeliveryRow.due_at) > after)
    await work.exec(sa.update(DeliveryRow).where(waiting).values(state=State.CANCELLED))


async def next_of(work: Work, person_id: int) -> DeliveryRow | None:
    """The occurrence that comes next."""
    due = select(DeliveryRow).where(
        DeliveryRow.person_id == person_id, col(DeliveryRow.state).in_(ON_ITS_WAY)
    )
    return (await work.exec(due.order_by(col(DeliveryRow.due_at)).limit(1))).first()


async def coming(
    work: Work, beyond: tuple[dt.datetime, int], until: dt.datetime, most: int
) -> Sequence[DeliveryRow]:
    """The next occurrences, in the order of their times, behind the moment and the id of one of them."""
    at, last = beyond
    due_at, row_id = col(DeliveryRow.due_at), col(DeliveryRow.id)
    behind = sa.or_(due_at > at, sa.and_(due_at == at, row_id > last))
    found = select(DeliveryRow).where(is_open(DeliveryRow), behind, due_at <= until)
    return (await work.exec(found.order_by(due_at, row_id).limit(most))).all()


async def newest(work: Work, ritual_id: int) -> DeliveryRow | None:
    """The occurrence of the latest date, over or not; one that was taken back never was."""
    of = select(DeliveryRow).where(
        DeliveryRow.ritual_id == ritual_id, DeliveryRow.state != State.CANCELLED
    )
    return (await work.exec(of.order_by(col(DeliveryRow.local_date).desc()).limit(1))).first()


async def newest_over(work: Work, ritual_id: int) -> dt.date | None:
    """The latest date whose occurrence has left, or is about to."""
    of = select(sa.func.max(DeliveryRow.local_date)).where(
        DeliveryRow.ritual_id == ritual_id,
        col(DeliveryRow.state).not_in((State.DUE, State.CANCELLED)),
    )
    return (await work.exec(of)).one()


async def on_day(work: Work, person_id: int, day: dt.date) -> DeliveryRow | None:
    """The occurrence of a date."""
    of = select(DeliveryRow).where(
        DeliveryRow.person_id == person_id, DeliveryRow.local_date == day
    )
    return (await work.exec(of)).first()


async def last_of(work: Work, person_id: int) -> DeliveryRow | None:
    """The newest delivery that is over, whatever became of it; one that was taken back never was."""
    return (await work.exec(_LAST_OF, params={"person": person_id})).first()


async def sent(
    work: Work, person_id: int, since: dt.datetime | None = None
) -> Sequence[DeliveryRow]:
    """The deliveries that arrived, newest first; those since a moment."""
    arrived = select(DeliveryRow).where(
        DeliveryRow.person_id == person_id, DeliveryRow.state == State.SENT
    )
    if since is not None:
        arrived = arrived.where(col(DeliveryRow.due_at) >= since)
    return (await work.exec(arrived.order_by(col(DeliveryRow.due_at).desc()).limit(MANY))).all()


MANY = 40  # deliveries to look at: ten days of the most rituals


def _in_order(rows: Sequence[RitualRow]) -> tuple[Ritual, ...]:
    first = min(row.id or 0 for row in rows)
    live = [_ritual(row, first) for row in rows if row.ended_at is None]
    return tuple(sorted(live, key=lambda ritual: (ritual.wall_time, ritual.id)))


def _ritual(row: RitualRow, first: int) -> Ritual:
    return Ritual(
        id=row.id or 0,
        wall_time=row.wall_time,
        weekdays=from_bits(row.weekdays),
        name=row.name,
        minutes=row.minutes,
        first=row.id == first,
    )
