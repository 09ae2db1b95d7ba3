"""The Bot API over HTTP: read the call, let a planned fault strike, perform, reply."""

import time
from email.utils import format_datetime
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.localchat.calls import Call, Upload
from bot.localchat.faults import (
    BadRequest,
    HoldAfter,
    HoldBefore,
    LostAfter,
    LostBefore,
    ServerError,
    TooMany,
)
from bot.localchat.methods import perform
from bot.localchat.refusals import NOT_FOUND, UNAUTHORIZED, Json, Refused, bad_request
from bot.localchat.site import Site, first_of, gone

FIELDS = 200
FILES = 20
FIELD_BYTES = 1024 * 1024


class Dropped(Exception):
    """The bot hears nothing more on this connection."""


class BotApi:
    """Answers a bot as Telegram would."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.routes = [
            Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._download),
        ]

    async def _call(self, request: Request) -> Response:
        try:
            self._check_token(request)
            call = await read_call(request)
            result = await self._through_faults(call, request)
        except Refused as refused:
            return self._reply(refused.to_telegram(), refused.code)
        except Dropped:
            await self._hang_up(request)
            return Response()
        except ClientDisconnect:  # it died in the middle of its call
            return Response()
        return self._reply({"ok": True, "result": result})

    def _reply(self, body: Json, code: int = 200) -> Response:
        """With the time by localchat's clock: a bot may compare its own with it."""
        date = format_datetime(self._site.clock.now(), usegmt=True)
        return JSONResponse(body, status_code=code, headers={"Date": date})

    def _check_token(self, request: Request) -> None:
        if request.path_params["token"] != self._site.token:
            raise Refused(*UNAUTHORIZED)

    async def _through_faults(self, call: Call, request: Request) -> Any:
        fault = self._site.faults.take(call)
        match fault:
            case TooMany() | BadRequest() | ServerError(stored=False):
                raise fault.refusal()
            case LostBefore():
                raise Dropped
            case HoldBefore():
                await self._hold(fault, request)
        result = await self._perform(call)
        match fault:
            case ServerError():
                raise fault.refusal()
            case LostAfter():
                raise Dropped
            case HoldAfter():
                await self._hold(fault, request)
        return result

    async def _perform(self, call: Call) -> Any:
        site = self._site
        if call.method == "getupdates":
            return await site.poller.get_updates(call)
        sends = call.method.startswith("send") and call.method != "sendchataction"
        if site.faults.flood is not None and sends:
            site.faults.flood.check(call.chat_id or 0, time.monotonic())
        return perform(site.world, call, site.clock.now())

    async def _hold(self, fault: HoldBefore | HoldAfter, request: Request) -> None:
        """Wait to be let go; a bot that hung up, or the end of localchat, ends the call instead."""
        if await first_of(fault.gate.wait(), gone(request), self._site.closing.wait()):
            raise Dropped

    async def _hang_up(self, request: Request) -> None:
        transport = self._site.connections.get(request.client)
        if transport is not None:
            transport.close()
            await gone(request)

    async def _download(self, request: Request) -> Response:
        if request.path_params["token"] != self._site.token:
            return JSONResponse(Refused(*UNAUTHORIZED).to_telegram(), status_code=401)
        file = self._site.world.files.get(request.path_params["path"].rpartition("/")[2])
        if file is None or file.path != request.path_params["path"]:
            return JSONResponse(Refused(*NOT_FOUND).to_telegram(), status_code=404)
        return Response(file.body, media_type="application/octet-stream")


async def read_call(request: Request) -> Call:
    """Read the parameters wherever they are: in the address, a form, parts, or JSON."""
    params: dict[str, Any] = dict(request.query_params)
    uploads: dict[str, Upload] = {}
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        params |= await _json_body(request)
    elif request.method == "POST":
        async with request.form(
            max_files=FILES, max_fields=FIELDS, max_part_size=FIELD_BYTES
        ) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    uploads[name] = Upload(name=value.filename or name, body=await value.read())
                else:
                    params[name] = value
    return Call(method=request.path_params["method"].lower(), params=params, uploads=uploads)


async def _json_body(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise bad_request("can't parse request body: a JSON object is expected")
    return body
