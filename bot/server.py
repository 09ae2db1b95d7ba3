"""Serve HTTP within the caller's loop: signals are left to whoever runs it, and no log of its own."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 2  # seconds that open requests have to end at the stop


class AddressUnusable(Exception):
    """Another process has the port, or this machine hasn't the address."""


class _Uvicorn(uvicorn.Server):
    """Leaves signals alone, says when it listens, and sleeps until the stop."""

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


class Server:
    """One address, from `start` to `stop`."""

    def __init__(
        self, app: ASGIApp, host: str, port: int, protocol: type[H11Protocol] = H11Protocol
    ) -> None:
        """Takes the port, or raises OSError; port 0 takes a free one."""
        self._listener = _listener(host, port)
        self.port: int = self._listener.getsockname()[1]
        self._server = _Uvicorn(
            uvicorn.Config(
                app,
                http=protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="error",
                access_log=False,
                date_header=False,  # would stand still; localchat has a clock of its own, others need none
                server_header=False,
                timeout_graceful_shutdown=PATIENCE,
            )
        )
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return once it answers."""
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._listener]))
        await self._server.listening.wait()

    async def stop(self) -> None:
        """Take nothing more, and let what is open end."""
        if self._serving is not None:
            self._server.stopping.set()
            await self._serving
            self._serving = None


async def serve(app: ASGIApp, host: str, port: int, setting: str) -> Server:
    """A server that answers. Raises AddressUnusable, with the setting that names the port."""
    try:
        server = Server(app, host, port)
    except OSError as taken:
        raise AddressUnusable(f"{setting}: {host}:{port} can't be used: {taken.strerror}") from None
    await server.start()
    return server


def _listener(host: str, port: int) -> socket.socket:
    """Bind, or raise OSError when the port is taken.

    The protocol is named because asyncio sends small answers at once (TCP_NODELAY) only on sockets
    that say they are TCP; otherwise each reply waits 40 ms for the other end's delayed ACK.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener
