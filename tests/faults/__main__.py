"""The long form: `python -m tests.faults --kills 200 --people 50 --days 28 --seed 1 [--store sqlite]`.

Prints the script of misfortunes, how far it is, and at last what was counted. Exits with 1 where a promise
is broken.
"""

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.ledger import Account
from tests.faults.month import Month, Plan, month
from tests.faults.script import Script
from tests.faults.stores import Store, postgres, sqlite

STORES: Mapping[str, Callable[[Path], AbstractContextManager[Store]]] = {
    "sqlite": sqlite,
    "postgres": postgres,
}
LAST = 4000  # characters of the bot's log, where it came to no end


def main() -> int:
    asked = _arguments()
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(143)
    )  # as for Ctrl-C: disks and servers are taken down
    stores = [asked.store] if asked.store else [*STORES]
    held = True
    for name in stores:
        kills = asked.kills // len(stores)
        _say(
            f"{name}: {asked.people} people, {asked.days} days, {kills} kills, --seed {asked.seed}"
        )
        begun = time.monotonic()
        with TemporaryDirectory() as folder, STORES[name](Path(folder)) as store:
            plan = Plan(people=asked.people, days=asked.days, seed=asked.seed)
            account = asyncio.run(_live(plan, store, Path(folder), kills, asked))
        _say(f"{account}\n{name}: {time.monotonic() - begun:.0f} s\n")
        held &= account.holds
    return 0 if held else 1


async def _live(
    plan: Plan, store: Store, folder: Path, kills: int, asked: argparse.Namespace
) -> Account:
    async with month(plan, store, folder) as lived:
        script = Script(lived, kills=kills, each=asked.each, seed=plan.seed)
        if asked.script:
            _say(str(script))
        with _last_words(lived):
            await script.live_through(lived, _say)
            return await lived.close()


@contextmanager
def _last_words(lived: Month) -> Iterator[None]:
    """What the bot said before it came to no end."""
    try:
        yield
    except BaseException:
        _say(lived.log.read_text(errors="replace")[-LAST:])
        raise


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="over all stores")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--each", type=int, default=6, help="of every other trouble, on each store")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", choices=[*STORES], help="only this one")
    parser.add_argument("--script", action="store_true", help="print it first")
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
