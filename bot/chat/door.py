"""Updates are brought: Telegram hears 200 once what it brought is stored, and brings anything else again.

One path, one method, a secret that only Telegram knows; nothing here tells a stranger more than a number.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import structlog
from pydantic_core import from_json
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.chat.application import Webhook
from bot.chat.intake import arrival_of
from bot.storage.inbox import Arrival

SECRET = "X-Telegram-Bot-Api-Secret-Token"
BYTES = 1024 * 1024  # an update holds a message or two, and their buttons
SECONDS = 25.0  # for the database; by then Telegram had better bring it again

Receive = Callable[[Arrival], Awaitable[None]]

log = structlog.get_logger(__name__)


class _TooLong(Exception):
    """More than an update ever is."""


def build_door(webhook: Webhook, receive: Receive) -> Starlette:
    """The app behind the webhook's address; `receive` returns once an update is stored."""
    secret = webhook.secret.encode()

    async def bring(request: Request) -> Response:
        shown = request.headers.get(SECRET, "").encode("latin-1")
        if not hmac.compare_digest(shown, secret):
            log.warning("a stranger at the webhook")
            return Response(status_code=403)
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return Response(status_code=415)
        try:
            body = await _body(request)
            arrival = arrival_of(from_json(body, allow_inf_nan=False), body.decode())
        except _TooLong:
            return Response(status_code=413)
        except (ValueError, ClientDisconnect):
            return Response(status_code=400)
        return await _keep(arrival, receive)

    return Starlette(routes=[Route(urlsplit(webhook.url).path or "/", bring, methods=["POST"])])


async def _keep(arrival: Arrival | None, receive: Receive) -> Response:
    if arrival is not None:  # else nobody is there to answer, and it would only come again
        try:
            async with asyncio.timeout(SECONDS):
                await receive(arrival)
        except Exception as trouble:
            log.exception("an update could not be stored", trouble=type(trouble).__name__)
            return Response(status_code=503)
    return Response()


async def _body(request: Request) -> bytes:
    """Raises _TooLong as soon as it is, whatever length was announced."""
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > BYTES:
        raise _TooLong
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BYTES:
            raise _TooLong
    return bytes(body)
