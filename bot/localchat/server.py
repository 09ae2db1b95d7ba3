"""Localchat as a whole: the parts joined, and served on loopback within the caller's loop."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import uvicorn
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
from bot.localchat.world import World

HOST = "127.0.0.1"  # never another: there is no password
PATIENCE = 2  # seconds that open requests have to end at the stop


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs the loop, says when it listens, and sleeps until the stop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()
        self.stopping = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.stopping.wait()


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
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
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
        listener = _listener(port)
        self.port = listener.getsockname()[1]
        self._site = site = Site(
            token=self.token,
            world=self.world,
            clock=self.clock,
            faults=self.faults,
            poller=Poller(self.world),
        )
        routes = [*BotApi(site).routes, *PageApi(site).routes]
        app = Starlette(routes=routes, middleware=[Middleware(Guard)])
        config = uvicorn.Config(
            app,
            http=_remembering(site),
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            date_header=False,  # would stand still, and localchat has a clock of its own
            server_header=False,
            timeout_graceful_shutdown=PATIENCE,
        )
        self._server = _Server(config)
        self._saver.start()
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        await self._server.listening.wait()

    async def stop(self) -> None:
        """End every wait, close, and keep the world; a second stop does nothing."""
        if self._server is None or self._serving is None or self._site is None:
            return
        self._site.closing.set()
        self._site.poller.close()
        self.faults.clear()
        self.world.tell("closing")
        self._server.stopping.set()
        await self._serving
        self._saver.stop()
        self._server = self._serving = self._site = None


def _listener(port: int) -> socket.socket:
    """Bind, or raise OSError when the port is taken.

    The protocol is named because asyncio sends small answers at once (TCP_NODELAY) only on sockets
    that say they are TCP; otherwise each reply waits 40 ms for the other end's delayed ACK.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    return listener


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
