"""Localchat as a whole: the parts joined, and served on loopback within the caller's loop."""

import asyncio
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.localchat.bot_api import BotApi
from bot.localchat.clock import Clock
from bot.localchat.faults import Faults, Flood
from bot.localchat.guard import Guard
from bot.localchat.page_api import PageApi
from bot.localchat.polling import Poller
from bot.localchat.saver import Saver
from bot.localchat.site import Site
from bot.localchat.webhooks import Pusher
from bot.localchat.world import World
from bot.server import Server

HOST = "127.0.0.1"  # never another: there is no password


class Localchat:
    """A Telegram of one's own: `start` it, point a bot at `api_url`, be people at `page_url`."""

    def __init__(
        self, token: str = "1:local", save_to: Path | None = None, flood: Flood | None = None
    ) -> None:
        number = token.partition(":")[0]
        if not number.isdecimal():
            raise ValueError("a bot's token begins with its number, as in 1:local")
        self.token = token
        self.clock = Clock()
        self.world = World(int(number))
        self.faults = Faults(flood)
        self.port = 0
        self._saver = Saver(self.world, self.clock, save_to)
        self._saver.restore()
        self.clock.on_move.append(lambda: self.world.tell("clock"))
        self._server: Server | None = None
        self._pusher = Pusher(self.world, self.clock.now)
        self._site: Site | None = None

    @property
    def api_url(self) -> str:
        """For PTB's base_url; the token follows directly."""
        return f"http://{HOST}:{self.port}/bot"

    @property
    def file_url(self) -> str:
        """For PTB's base_file_url."""
        return f"http://{HOST}:{self.port}/file/bot"

    @property
    def page_url(self) -> str:
        return f"http://{HOST}:{self.port}/"

    def now(self) -> datetime:
        return self.clock.now()

    def move_to(self, instant: datetime) -> None:
        self.clock.move_to(instant)

    async def start(self, port: int = 0) -> None:
        """Serve on 127.0.0.1; port 0 takes a free one."""
        self._site = site = Site(
            token=self.token,
            world=self.world,
            clock=self.clock,
            faults=self.faults,
            poller=Poller(self.world),
        )
        routes = [*BotApi(site).routes, *PageApi(site).routes]
        app = Starlette(routes=routes, middleware=[Middleware(Guard)])
        self._server = Server(app, HOST, port, _remembering(site))
        self.port = self._server.port
        self._saver.start()
        await self._server.start()
        self._pusher.start()

    async def stop(self) -> None:
        """End every wait, close, and keep the world; a second stop does nothing."""
        if self._server is None or self._site is None:
            return
        await self._pusher.stop()
        self._site.closing.set()
        self._site.poller.close()
        self.faults.clear()
        self.world.tell("closing")
        await self._server.stop()
        self._saver.stop()
        self._server = self._site = None


def _remembering(site: Site) -> type[H11Protocol]:
    """The protocol, with its open connections kept in the site."""

    class Remembering(H11Protocol):
        # uvicorn narrows the argument; we take what it takes.
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            site.connections[self.client] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            site.connections.pop(self.client, None)
            super().connection_lost(exc)

    return Remembering
