"""Two processes, one PostgreSQL, many letters; the one that sends is killed, and the other takes over.

`python -m tests.faults.two_senders --letters 100000` prints what came of it.
"""

import argparse
import asyncio
import datetime as dt
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import sqlalchemy as sa
from sqlmodel import SQLModel

from bot.settings import Settings, read_settings
from bot.storage.database import Database
from tests import builders, postgres
from tests.faults.child import Child, Errand, Hand
from tests.faults.counting import counting

FIRST_CHAT = 10_000
DUE = dt.datetime(2026, 11, 23, 6, 0, tzinfo=dt.UTC)  # 07:00 in Zurich, everybody's first ritual
JOINED = DUE - dt.timedelta(hours=12)
NUMBERED = ("person", "ritual")  # others refer to their ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What came of it."""

    letters: int
    arrived: int  # at so many people
    twice_before: int  # letters that came twice while nobody was killed
    ambiguous: int  # that the killed one was sending
    twice_after: int
    more_than_twice: int
    takeover: float  # seconds from the kill to the next letter
    drain: float  # seconds in all


async def tell(url: str, letters: int, hand: Path, *, quick: bool = False) -> Counted:
    """Half of the letters go undisturbed; then the sender is killed. The hand is of the senders' clock."""
    Hand(hand).move(DUE - dt.datetime.now(dt.UTC))
    await gather_people(url, letters)
    async with counting() as (telegram, address):
        settings = _settings(url, quick=quick)
        errand = Errand(settings=settings, token="1:two", api_url=address, hand=hand)
        begun = monotonic()
        first = Child(errand)
        await telegram.until(1)
        second = Child(errand)
        await telegram.until(letters // 2)
        twice_before = _twice(telegram.sent.values())
        await first.kill()
        killed, arrived = monotonic(), len(telegram.sent)
        ambiguous = await _sending(url)
        await telegram.until(arrived + 1)
        takeover = monotonic() - killed
        await telegram.until(letters)
        drain = monotonic() - begun
        while await _sending(url):  # noqa: ASYNC110 - what was ambiguous comes once more, and no row tells
            await asyncio.sleep(0.2)
        await second.kill()
        return Counted(
            letters=letters,
            arrived=len(telegram.sent),
            twice_before=twice_before,
            ambiguous=ambiguous,
            twice_after=_twice(telegram.sent.values()) - twice_before,
            more_than_twice=sum(1 for times in telegram.sent.values() if times > 2),
            takeover=round(takeover, 1),
            drain=round(drain, 1),
        )


async def gather_people(url: str, people: int) -> None:
    """So many, enrolled, whose ritual is due now: one came the long way, the others are copies."""
    database = Database(url)
    await builders.enrolled(builders.desk(database), JOINED, FIRST_CHAT)
    async with database.work() as work:
        connection = await work.connection()
        for table in SQLModel.metadata.sorted_tables:
            if table.name == "person" or "person_id" in table.columns:
                await connection.execute(sa.text(_copies(table, people - 1)))
        for name in NUMBERED:
            counter = f"pg_get_serial_sequence('{name}', 'id')"
            await connection.execute(sa.text(f"SELECT setval({counter}, {people})"))
    await database.close()


def _copies(table: sa.Table, last: int) -> str:
    """Everything as the first one's, but for what tells people apart."""
    apart = ("person_id", "ritual_id", "chat_id", *(("id",) if table.name in NUMBERED else ()))
    columns = [c.name for c in table.columns if c.name != "id" or table.name in NUMBERED]
    values = (f"{name} + n" if name in apart else name for name in columns)
    series = f"generate_series(1, {last}) AS n"
    return (
        f"INSERT INTO {table.name} ({', '.join(columns)})"
        f" SELECT {', '.join(values)} FROM {table.name}, {series}"
    )


def _settings(url: str, *, quick: bool) -> Settings:
    given = {
        "BACKBEAT_DATABASE_URL": url,
        "BACKBEAT_MESSAGES_PER_SECOND": "1000",
        "BACKBEAT_LOG_LEVEL": "warning",
        "BACKBEAT_PICTURE_PAINTERS": "0",
    }
    if quick:
        given |= {"BACKBEAT_TICK_SECONDS": "0.1", "BACKBEAT_LEASE_SECONDS": "4"}
    return read_settings(given, None)


async def _sending(url: str) -> int:
    database = Database(url)
    async with database.look() as work:
        connection = await work.connection()
        rows = sa.text("SELECT count(*) FROM delivery WHERE state = 'sending'")
        found: int = (await connection.execute(rows)).scalar_one()
    await database.close()
    return found


def _twice(times: Iterable[int]) -> int:
    return sum(one > 1 for one in times)


def main() -> None:
    """As a script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=100_000)
    parser.add_argument("--quick", action="store_true", help="With shorter intervals.")
    wanted = parser.parse_args()
    with TemporaryDirectory() as folder, postgres.server() as server:
        url = server.url(postgres.MIGRATED)
        counted = asyncio.run(tell(url, wanted.letters, Path(folder) / "hand", quick=wanted.quick))
    sys.stdout.write(json.dumps(asdict(counted), indent=2) + "\n")


if __name__ == "__main__":
    main()
