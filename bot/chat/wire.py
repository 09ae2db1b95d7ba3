"""The wire to Telegram: the library's requests on a faster client, and what a failure proves.

The library's own client looks through its whole pool for every request, and that is most of the time that a
letter takes (docs/benchmarks.md). This one differs from it in nothing that the library can see.

What a failure proves is said in `__cause__`: NeverLeft where surely no byte of the request went out, and
NobodyKnows for everything else. A kept connection that the other end closes is of the second kind: whether
the request crossed with the end, nobody can know. Neither tells the address, for the token is in it.
"""

import asyncio
import json
import ssl
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any, ClassVar, cast
from urllib.request import getproxies, proxy_bypass

import aiohttp
import certifi
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload
from pydantic_core import from_json, to_json
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

PIECE = 64 * 1024  # bytes of an upload that the write timeout is for
JSON = {"Content-Type": "application/json"}

NO_BYTE = (
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientConnectorError,  # the name isn't found, nobody listens, the certificate is wrong
    aiohttp.ClientHttpProxyError,  # the proxy makes no tunnel
    aiohttp.InvalidURL,
)


class NeverLeft(Exception):
    """No byte of the request went out: it can be sent again."""


class NobodyKnows(Exception):
    """The request, or a part of it, went out, and no answer came that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long each part may take, in seconds; None is for ever. The library's own numbers unless told."""

    pool: float | None = 1.0  # until one of our connections is free
    connect: float | None = 5.0  # name, connection and TLS together
    write: float | None = 5.0  # a piece of a request
    upload: float | None = 20.0  # the same, of one with files
    read: float | None = 5.0  # until the next bytes of the answer


@dataclass(frozen=True, slots=True)
class Said:
    """The parameters of a call without files: all of the library's RequestData that is looked at here."""

    parameters: dict[str, Any]
    contains_files: ClassVar[bool] = False


class Wire(BaseRequest):
    """One pool of kept connections. It goes through the machine's proxy where the machine has one."""

    def __init__(self, connections: int, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._free = asyncio.Semaphore(connections)
        self._session: aiohttp.ClientSession | None = None
        self._roads: dict[str, dict[str, Any]] = {}

    @property
    def read_timeout(self) -> float | None:
        """What is used where a call says nothing."""
        return self._patience.read

    async def initialize(self) -> None:
        """Connections are made when they are needed."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0
                ),  # we count them, to know who waited in vain
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close every connection; a second time does nothing."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, url: str, said: dict[str, Any]) -> Any:
        """A call as it is, and its result as it came. All errors are the library's."""
        return await self.post(url, cast("RequestData", Said(said)))

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One exchange: status and body. Raises TimedOut and NetworkError."""
        if self._session is None:
            raise RuntimeError("this wire is not initialized")
        own = self._patience
        timeout = _timeout(_or(connect_timeout, own.connect), _or(read_timeout, own.read))
        await self._place(_or(pool_timeout, own.pool))
        try:
            async with self._session.request(
                method,
                url,
                timeout=timeout,
                allow_redirects=False,
                **self._road(url),
                **_body(request_data, write_timeout, own),
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError) as broken:
            trouble = _told(broken)
        finally:
            self._free.release()
        raise trouble  # out here, so that nothing leads back to the client's words: they hold the address

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """An answer, whole. What can't be read is not logged: it may be a person's words."""
        try:
            found = from_json(payload)
        except ValueError:
            try:  # the library's way forgives halves of characters
                found = json.loads(payload.decode(errors="replace"))
            except ValueError:
                found = None
        if not isinstance(found, dict):
            raise TelegramError("Invalid server response")
        return found

    async def _place(self, patience: float | None) -> None:
        """Take a connection; without a clock where one is free."""
        if not self._free.locked():
            await self._free.acquire()
            return
        try:
            async with asyncio.timeout(patience):
                await self._free.acquire()
        except TimeoutError:
            raise TimedOut("no connection was free in time") from NeverLeft("PoolTimeout")

    def _road(self, url: str) -> dict[str, Any]:
        """Which proxy and whose certificates lead to a server. Looked up once for each."""
        server = "/".join(url.split("/", 3)[:3])
        if (road := self._roads.get(server)) is None:
            road = self._roads[server] = _road_to(server)
        return road


def _road_to(server: str) -> dict[str, Any]:
    scheme, _, host = server.partition("://")
    proxies = {} if proxy_bypass(host) else getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    return {"proxy": proxy, "ssl": _trusted() if scheme == "https" else True}


@cache
def _trusted() -> ssl.SSLContext:
    """The machine's certificates, and Mozilla's for a machine that has none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _or(given: Any, own: float | None) -> float | None:
    found: float | None = own if given is BaseRequest.DEFAULT_NONE else given
    return found


@cache
def _timeout(connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, connect=connect, sock_connect=connect, sock_read=read)


def _told(broken: Exception) -> NetworkError:
    """What went wrong, in the library's words, and what it proves."""
    name = type(broken).__name__
    words = f"{name}: {broken.strerror}" if isinstance(broken, OSError) and broken.errno else name
    trouble = TimedOut(words) if isinstance(broken, TimeoutError) else NetworkError(words)
    proof = NeverLeft if isinstance(broken, NO_BYTE) else NobodyKnows
    trouble.__cause__ = proof(words)
    return trouble


def _body(data: RequestData | None, write_timeout: Any, patience: Patience) -> dict[str, Any]:
    """JSON, or a form where there are files in it; nothing where nothing is said."""
    if data is None:
        return {}
    if data.contains_files:
        return {"data": _Upload(_form(data), _or(write_timeout, patience.upload))}
    said = data.parameters
    return {"data": to_json(said), "headers": JSON} if said else {}


def _form(data: RequestData) -> Payload:
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        read = BytesIO(content) if isinstance(content, bytes) else content  # taken piece by piece
        form.add_field(name, read, filename=filename, content_type=kind)
    return form()


class _Upload(Payload):
    """A form whose every piece has to be on its way in time. The client itself would wait for ever."""

    _value: Payload

    def __init__(self, form: Payload, seconds: float | None) -> None:
        super().__init__(form, headers=form.headers)
        self._size = form.size
        self._seconds = seconds

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return self._value.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        await self._value.write(cast("AbstractStreamWriter", _Hurried(writer, self._seconds)))


class _Hurried:
    """A writer that gives up. A part of a form needs nothing of a writer but this."""

    def __init__(self, writer: AbstractStreamWriter, seconds: float | None) -> None:
        self._writer = writer
        self._seconds = seconds

    async def write(self, chunk: Any) -> None:
        whole = memoryview(chunk)
        for start in range(0, len(whole), PIECE):
            async with asyncio.timeout(self._seconds):
                await self._writer.write(whole[start : start + PIECE])
