"""What else befalls the bot: each begins, strikes while people and rituals go on, and is mended."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from random import Random

from bot.localchat.faults import (
    ANY,
    Fault,
    HoldAfter,
    LostAfter,
    LostBefore,
    ServerError,
    TooMany,
)
from tests.faults.month import Month
from tests.faults.stores import Postgres, Sqlite

ASLEEP = dt.timedelta(hours=6)
BACK = dt.timedelta(hours=2)
BUSY = 10.5  # seconds: longer than anybody waits for a lock
METHODS = ("sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates", ANY)

Strike = Callable[[Month, dt.datetime, Random], Awaitable[None]]


class Trouble(StrEnum):
    """Beside being killed."""

    BEFORE = "the network broke before it was stored"
    AFTER = "the network broke after it was stored"
    TOO_MANY = "429s, with how long to wait"
    ERRORS = "5xx"
    FULL = "the disk was full"
    LOCKED = "the database was locked"
    DROPPED = "the connections to PostgreSQL were dropped"
    STOPPED = "PostgreSQL was stopped"
    SECOND = "a second bot ran beside"
    BACK = "the clock went back"
    ASLEEP = "the machine was asleep for six hours"


ON: Mapping[str, tuple[Trouble, ...]] = {
    "sqlite": tuple(t for t in Trouble if t not in (Trouble.DROPPED, Trouble.STOPPED)),
    "postgres": tuple(t for t in Trouble if t is not Trouble.FULL),
}


async def befall(month: Month, trouble: Trouble, at: dt.datetime, chance: Random) -> None:
    """One of them, at a time."""
    month.ledger.troubles[trouble] += 1
    month.ledger.latest = trouble
    await STRIKES[trouble](month, at, chance)


def _plan(month: Month, *faults: Fault) -> None:
    for fault in faults:
        month.local.faults.add(fault)


async def _faulty(month: Month, at: dt.datetime, *faults: Fault) -> None:
    """They strike what comes; what didn't come is not saved up."""
    _plan(month, *faults)
    month.go_to(at)
    await month.rest()
    for fault in faults:
        month.local.faults.planned.remove(fault)


async def _before(month: Month, at: dt.datetime, chance: Random) -> None:
    await _faulty(month, at, LostBefore(method=chance.choice(METHODS), skip=chance.randint(0, 3)))


async def _after(month: Month, at: dt.datetime, chance: Random) -> None:
    await _faulty(month, at, LostAfter(method=chance.choice(METHODS), skip=chance.randint(0, 3)))


async def _too_many(month: Month, at: dt.datetime, chance: Random) -> None:
    method = chance.choice(("sendMessage", "editMessageText"))
    await _faulty(month, at, TooMany(method=method, times=chance.randint(1, 3), retry_after=1))


async def _errors(month: Month, at: dt.datetime, chance: Random) -> None:
    """A storm of them, and none of a message twice: what is in doubt twice is given up, as designed."""
    storm = [
        ServerError(
            method=chance.choice(METHODS),
            status=chance.choice((500, 502, 503, 504)),
            stored=chance.random() < 0.5,
            skip=skip,
        )
        for skip in range(chance.randint(2, 5))
    ]
    await _faulty(month, at, *storm)


async def _full(month: Month, at: dt.datetime, _chance: Random) -> None:
    assert isinstance(month.store, Sqlite)
    with month.store.full(month.bots):
        month.go_to(at)
        await month.live(0.7)
    await month.rest()


async def _locked(month: Month, at: dt.datetime, _chance: Random) -> None:
    async with month.store.locked():
        month.go_to(at)
        busy = BUSY if month.plan.busy is None else month.plan.busy + 0.5
        await month.live(busy, reviving=False)
    await month.rest()


async def _dropped(month: Month, at: dt.datetime, _chance: Random) -> None:
    assert isinstance(month.store, Postgres)
    month.go_to(at)
    for _ in range(5):
        await month.live(0.05, reviving=False)
        await month.store.drop()
    await month.rest()


async def _stopped(month: Month, at: dt.datetime, _chance: Random) -> None:
    assert isinstance(month.store, Postgres)
    month.go_to(at)
    await month.live(0.03)
    async with month.store.stopped():
        await month.live(0.5, reviving=False)
    await month.rest()


async def _second(month: Month, at: dt.datetime, chance: Random) -> None:
    """Both live for a while; then either of them dies, and the other one goes on."""
    month.start()
    month.go_to(at)
    await month.rest()
    month.go_to(at + dt.timedelta(minutes=30))
    if len(month.bots) > 1:
        await month.strike(chance.choice(month.bots), "killed beside a second bot")
    await month.rest()


async def _back(month: Month, at: dt.datetime, chance: Random) -> None:
    """In the middle of it; and on again, as soon as somebody sees it."""
    month.go_to(at)
    await month.live(chance.random() * 0.1)
    month.local.clock.move_by(-BACK)
    month.ledger.put_back = BACK
    await month.live(0.3)
    month.local.clock.move_by(BACK)
    month.ledger.put_back = dt.timedelta(0)
    await month.rest()


async def _asleep(month: Month, at: dt.datetime, _chance: Random) -> None:
    """Even in the middle of a call."""
    withheld = HoldAfter(method="sendMessage")
    _plan(month, withheld)
    month.go_to(at)
    await month.live(0.3)
    month.go_to(at + ASLEEP)
    await month.ledger.wakes(month.database)
    withheld.let_go()
    month.local.faults.planned.remove(withheld)
    await month.rest()


STRIKES: Mapping[Trouble, Strike] = {
    Trouble.BEFORE: _before,
    Trouble.AFTER: _after,
    Trouble.TOO_MANY: _too_many,
    Trouble.ERRORS: _errors,
    Trouble.FULL: _full,
    Trouble.LOCKED: _locked,
    Trouble.DROPPED: _dropped,
    Trouble.STOPPED: _stopped,
    Trouble.SECOND: _second,
    Trouble.BACK: _back,
    Trouble.ASLEEP: _asleep,
}
