"""The short form of `make faults`: each trouble on its own, and a few days of kills, on both stores."""

import datetime as dt
from pathlib import Path
from random import Random

import pytest

from tests.faults.__main__ import STORES
from tests.faults.month import START, Month, Plan, month
from tests.faults.script import Script
from tests.faults.troubles import ON, Trouble, befall

# Everybody's rituals, by six zones' clocks: one is due in most steps of four hours.
PEOPLE, STEP = 6, dt.timedelta(hours=4)


async def _through(lived: Month, number: int, trouble: Trouble, chance: Random) -> int:
    """It strikes while rituals are due, and all that was promised holds; the number of the next step."""
    at = START + number * STEP
    await befall(lived, trouble, at, chance)
    while lived.now < at + STEP / 2:
        await lived.step(lived.now + STEP / 2)
    account = await lived.close()
    assert account.holds, f"{trouble}\n{account}"
    return max(number + 1, -((START - lived.now) // STEP))


@pytest.mark.parametrize("store", [*STORES])
async def test_no_trouble_breaks_a_promise(store: str, tmp_path: Path) -> None:
    plan = Plan(people=PEOPLE, days=7, seed=1, busy=0.3)
    with STORES[store](tmp_path) as kept:
        async with month(plan, kept, tmp_path) as lived:
            number, chance = 1, Random(127)  # whose breaks befall messages
            for trouble in ON[store]:
                number = await _through(lived, number, trouble, chance)
            assert lived.ledger.halts
            assert lived.ledger.doubts


@pytest.mark.parametrize(("store", "days", "kills"), [("sqlite", 1, 8), ("postgres", 1, 5)])
async def test_days_of_kills_break_no_promise(
    store: str, days: int, kills: int, tmp_path: Path
) -> None:
    plan = Plan(people=PEOPLE, days=days, seed=2)
    with STORES[store](tmp_path) as kept:
        async with month(plan, kept, tmp_path) as lived:
            script = Script(lived, kills=kills, each=0, seed=2)
            await script.live_through(lived, lambda _: None)
            account = await lived.close()
    assert lived.ledger.deaths.total() >= kills
    assert account.holds, f"{script}\n{account}"
