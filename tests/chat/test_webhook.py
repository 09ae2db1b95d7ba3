"""A day by webhooks: one process, or two behind a balancer on one database. Nothing is lost or mixed up."""

import asyncio
import datetime as dt
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import assembly
from bot.chat import intake
from bot.domain.profile import Question
from bot.localchat.faults import HoldBefore
from bot.practice.replay import Outcome
from bot.server import Server
from bot.settings import Settings
from bot.storage.database import Database
from tests import builders
from tests.chat.scenes import guest_at, processed, read, unfinished
from tests.faults.child import Child, Errand, Hand
from tests.journeys.house import MONDAY, Guest, House

SECRET = "a-secret-of-16-signs"
WAITING = "SELECT 1 FROM inbox WHERE waiting"
TYPED = ("None, or I can't say", "On my feet", "4", "dumbbells", "5", "Zürich")


@dataclass
class Balancer:
    """Takes what Telegram brings, and hands it to each process in turn."""

    home: House
    http: httpx.AsyncClient
    url: str = ""
    ports: list[int] = field(default_factory=list)
    brought: int = 0

    async def bring(self, request: Request) -> Response:
        port = self.ports[self.brought % len(self.ports)]
        self.brought += 1
        try:
            answer = await self.http.post(
                f"http://127.0.0.1:{port}{request.url.path}",
                content=await request.body(),
                headers={
                    name: value
                    for name, value in request.headers.items()
                    if name.startswith(("x-telegram", "content-type"))
                },
            )
        except httpx.HTTPError:
            return Response(status_code=502)
        return Response(answer.content, answer.status_code)

    def settings(self) -> Settings:
        """Of one more process behind this balancer."""
        self.ports.append(free_port())
        told = {
            "webhook_url": f"{self.url}/telegram",
            "webhook_secret": SECRET,
            "webhook_port": self.ports[-1],
        }
        kept = self.home.settings.model_dump(exclude_unset=True)
        return Settings.model_validate(kept | told)

    @asynccontextmanager
    async def process(self) -> AsyncIterator[None]:
        local = self.home.local
        async with assembly.running(
            self.settings(), token=local.token, api_url=local.api_url, clock=local.now
        ):
            yield


@pytest.fixture
async def balancer(home: House) -> AsyncIterator[Balancer]:
    async with httpx.AsyncClient(trust_env=False, verify=False) as http:
        made = Balancer(home, http)
        app = Starlette(routes=[Route("/{path:path}", made.bring, methods=["POST"])])
        server = Server(app, "127.0.0.1", 0)
        made.url = f"http://127.0.0.1:{server.port}"
        await server.start()
        yield made
        await server.stop()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.mark.parametrize(
    ("store_url", "processes"),
    [("sqlite", 1), ("sqlite", 2), ("postgresql", 2)],
    indirect=["store_url"],
)
async def test_a_whole_day_loses_nothing_and_counts_nothing_twice(
    home: House, balancer: Balancer, store_url: str, processes: int, no_accidents: None
) -> None:
    home.settings = home.settings.model_copy(update={"database_url": store_url})
    async with AsyncExitStack() as stack:
        for _ in range(processes):
            await stack.enter_async_context(balancer.process())
        ada = await home.visitor()
        await ada.enrol(pain="2", minutes="10 min")
        await ada.practise(woke=None)
        crowd = [await somebody_at(home, Question.DIRECTION) for _ in range(4)]
        for text in TYPED:  # nobody waits for an answer
            for one in crowd:
                await one.visitor.say(text)
        home.local.move_to(MONDAY + dt.timedelta(days=1, seconds=2))
        await ada.visitor.wait_for("How did you wake")
        await ada.practise()
        async with asyncio.timeout(30):
            while home.local.world.updates or await rows(home, WAITING):  # noqa: ASYNC110  # as below
                await asyncio.sleep(0.05)
    brought = home.local.world.last["update"] - 100_000
    assert await rows(home, "SELECT count(*) FROM inbox") == [(brought,)]
    told = await rows(home, "SELECT life, usual_pain, equipment FROM person WHERE id > 1")
    assert told == [("standing", 4, "dumbbells") for _ in crowd]
    answers = await rows(home, "SELECT session_id, question, value FROM answer ORDER BY id")
    assert len(answers) == len(set(answers)) == 4 + 5
    assert await rows(home, "SELECT * FROM turn") == []
    decided = await rows(home, "SELECT id FROM decision")
    async with opened(home) as database:
        replay = assembly.build_replay(home.settings, database)
        outcomes = [one.outcome async for one in replay.everybody()]
    assert outcomes == [Outcome.SAME] * len(decided)


@asynccontextmanager
async def opened(home: House) -> AsyncIterator[Database]:
    """The house's database, whichever it is, beside the bot."""
    database = Database(home.settings.database_url)
    try:
        yield database
    finally:
        await database.close()


async def rows(home: House, query: str) -> list[tuple[object, ...]]:
    async with opened(home) as database, database.look() as work:
        connection = await work.connection()
        return [tuple(row) for row in await connection.exec_driver_sql(query)]


async def somebody_at(home: House, question: Question) -> Guest:
    """As `guest_at`, on either store."""
    guest = await home.visitor()
    home.local.world.people[guest.visitor.id].started = True
    async with opened(home) as database:
        enrolment = builders.desk(database).enrolment
        await builders.told(enrolment, home.local.now(), guest.visitor.id, question)
    return guest


async def test_what_a_killed_process_had_begun_another_takes_up_when_its_turn_is_over(
    home: House, balancer: Balancer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(intake, "SWEEP", 0.1)
    ada = await guest_at(home)
    local = home.local
    Hand(tmp_path / "hand").move(local.clock.shift)
    dying = Child(
        Errand(
            settings=balancer.settings(),
            token=local.token,
            api_url=local.api_url,
            hand=tmp_path / "hand",
        )
    )
    held = local.faults.add(HoldBefore(method="sendMessage"))
    await ada.visitor.say("/help")  # brought again until it listens
    async with asyncio.timeout(20):
        await held.reached.wait()
    async with balancer.process():
        await dying.kill()
        del balancer.ports[0]
        await ada.visitor.say("/privacy")
        async with asyncio.timeout(10):
            while len(unfinished(home)) < 2:  # noqa: ASYNC110  # no row tells of itself
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)  # some looks at what waits
        assert [m for m in await ada.visitor.messages() if m["by_bot"]] == []
        local.move_to(local.now() + intake.LEASE)
        await processed(home)
    said = [m["text"] for m in await ada.visitor.messages() if m["by_bot"]]
    assert len(said) == 2
    assert said[0].startswith("Backbeat keeps")


async def test_a_stranger_is_refused_and_telegram_waits_while_the_bot_is_replaced(
    home: House, balancer: Balancer
) -> None:
    """The webhook stays when a process stops: what is said meanwhile waits."""
    ada = await guest_at(home)
    async with balancer.process():
        stranger = await balancer.http.post(
            f"http://127.0.0.1:{balancer.ports[0]}/telegram",
            json={"update_id": 1, "message": {"chat": {"id": ada.visitor.id}}},
            headers={"X-Telegram-Bot-Api-Secret-Token": "x" * 20},
        )
        assert stranger.status_code == 403
    assert home.local.world.webhook.url.endswith("/telegram")
    await ada.visitor.say("/help")
    balancer.ports.clear()
    async with balancer.process():
        await ada.visitor.wait_for("Backbeat keeps")
        await processed(home)
    assert len(read(home, "SELECT update_id FROM inbox")) == 1
    async with home.bot():  # polling takes the webhook away
        await ada.visitor.say("/privacy")
        await processed(home)
    assert home.local.world.webhook.url == ""
