"""Two processes on one PostgreSQL: no letter twice, and whoever takes over is quick. The short form."""

import asyncio
import datetime as dt
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg

from bot.storage.leadership import Leadership
from tests.faults.two_senders import tell

LETTERS = 60
SOON = dt.timedelta(milliseconds=50)


async def test_no_letter_comes_twice_and_a_killed_sender_is_soon_followed(
    postgres_url: str, tmp_path: Path
) -> None:
    counted = await tell(postgres_url, LETTERS, tmp_path / "hand", quick=True)
    assert counted.arrived == LETTERS
    assert counted.twice_before == 0
    assert counted.twice_after <= counted.ambiguous
    assert counted.more_than_twice == 0
    assert counted.takeover < 30


async def test_one_leads_and_the_other_follows_when_it_is_gone(store_url: str) -> None:
    first, second = Leadership(store_url, SOON), Leadership(store_url, SOON)
    async with AsyncExitStack() as stack:
        async with first.sought():
            await stack.enter_async_context(second.sought())
            assert (first.held, second.held) == (True, False)
        async with asyncio.timeout(5):
            while not second.held:  # noqa: ASYNC110 - no event tells of it
                await asyncio.sleep(0.01)


async def test_whoever_loses_the_connection_stops_at_once(postgres_url: str) -> None:
    leadership = Leadership(postgres_url, dt.timedelta(seconds=60))
    async with leadership.sought():
        assert leadership.held
        killer = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
        await killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        )
        await killer.close()
        async with asyncio.timeout(5):
            while leadership.held:  # noqa: ASYNC110 - no event tells of it
                await asyncio.sleep(0.01)


async def test_a_file_lock_leaves_a_file_that_says_nothing(tmp_path: Path) -> None:
    async with Leadership(f"sqlite+aiosqlite:///{tmp_path / 'a.db'}").sought() as leadership:
        assert leadership.held
    assert (tmp_path / "a.db.sender").read_bytes() == b""
