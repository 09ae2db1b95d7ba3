"""What an operator's machines are told: alive, ready or what is missing, and figures without names."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.metrics import UPDATES
from bot.operate.health import SILENCE, Health, Pulse
from bot.operate.pages import build_pages
from bot.storage.database import Database
from tests import builders


class Clock:
    """Seconds that pass when told."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
async def health(tmp_path: Path) -> AsyncIterator[Health]:
    """Of a bot that has started."""
    async with builders.database(tmp_path) as database:
        yield Health(database, Pulse(Clock()), content=True, telegram=True)


async def ask(health: Health, page: str) -> httpx.Response:
    transport = httpx.ASGITransport(build_pages(health))
    async with httpx.AsyncClient(transport=transport, base_url="http://operate") as http:
        return await http.get(page)


async def missing(health: Health) -> dict[str, str]:
    answer = await ask(health, "/readyz")
    told = answer.json()
    assert (answer.status_code == 200) is told["ready"]
    return {name: found for name, found in told["checks"].items() if found != "ok"}


async def test_ready_is_who_has_everything(health: Health) -> None:
    assert await missing(health) == {}


async def test_each_thing_that_is_missing_has_its_name(health: Health, tmp_path: Path) -> None:
    health.content = health.telegram = False
    health.stopping = True
    health.database = Database(f"sqlite+aiosqlite:///{tmp_path / 'secret' / 'empty.db'}")
    assert await missing(health) == {
        "database": "not reachable",  # it has no tables at all
        "content": "not read yet",
        "telegram": "not reached yet",
        "work": "stopping",
    }
    await health.database.migrate("0014")
    assert (await missing(health))["database"] == "migrations are missing"
    await health.database.migrate()
    assert "database" not in await missing(health)
    async with health.database.engine.begin() as connection:  # by a newer version, meanwhile
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'newer'")
    assert "database" not in await missing(health)
    await health.database.close()


async def test_alive_is_whose_ticks_run(health: Health) -> None:
    clock, pulse = Clock(), health.pulse
    pulse.now = clock

    async def alive() -> bool:
        answer = await ask(health, "/healthz")
        assert (answer.status_code == 200) is answer.json()["alive"]
        return bool(answer.json()["alive"])

    assert await alive()  # it starts
    pulse.beat()
    clock.seconds += SILENCE - 1
    assert await alive()
    clock.seconds += 1
    assert not await alive()
    pulse.beat()  # a long drain beats, too
    assert await alive()


async def test_the_figures_are_prometheus(health: Health) -> None:
    UPDATES.labels("webhook").inc(0)
    answer = await ask(health, "/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert 'backbeat_updates_total{way="webhook"}' in answer.text
