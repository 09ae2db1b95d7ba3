"""Keeps strangers out: other websites, other names for this machine, and bodies without end.

Localchat listens on loopback only, but a browser on this machine visits other
websites too, and one of them may point its own name here (DNS rebinding) or
post forms. Host and Origin tell them apart.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost"})
PAGE_BYTES = 1024 * 1024
UPLOAD_BYTES = 51 * 1024 * 1024  # Telegram's 50 MB and the form around it

SAFE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def reason_to_refuse(scope: Scope) -> tuple[int, str] | None:
    """Say why a request may not come in, or nothing."""
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if urlsplit(f"//{host}").hostname not in LOOPBACK:
        return 403, "This address is for this machine only."
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != host:
        return 403, "Another website may not speak here."
    if headers.get("sec-fetch-site") == "cross-site":
        return 403, "Another website may not speak here."
    return _length_refused(scope, headers)


def _length_refused(scope: Scope, headers: Headers) -> tuple[int, str] | None:
    if scope["method"] in ("GET", "HEAD"):
        return None
    length = headers.get("content-length", "" if "transfer-encoding" in headers else "0")
    if not length.isdecimal():
        return 411, "Length Required"
    limit = PAGE_BYTES if scope["path"].startswith("/page/") else UPLOAD_BYTES
    return (413, "Request Entity Too Large") if int(length) > limit else None


class Guard:
    """ASGI middleware around both faces."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        refused = reason_to_refuse(scope)
        if refused is not None:
            code, words = refused
            body = {"ok": False, "error_code": code, "description": words, "error": words}
            await JSONResponse(body, status_code=code)(scope, receive, send)
            return
        await self._app(scope, receive, _with_safe_headers(send))


def _with_safe_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SAFE_HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
