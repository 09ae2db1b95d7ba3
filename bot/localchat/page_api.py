"""The page's side over HTTP: be somebody, read the chat, act in it, move the clock, plan faults.

Every answer is JSON; what a person cannot do is a 409 with words to show.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sse_starlette import EventSourceResponse
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bot.localchat.clock import TimeUnreadable, read_instant, read_local
from bot.localchat.faults import ANY, KINDS, Fault
from bot.localchat.page_views import show_bot, show_chat, show_clock, show_people
from bot.localchat.refusals import Json, NotPossible
from bot.localchat.site import Site, first_of, gone

PAGE = Path(__file__).parent / "page"
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4"})
LONGEST_ANSWER = 30.0  # seconds a tap may wait for the bot
PING = 15  # seconds between signs of life on the event stream
SHOWN = frozenset(
    {"people", "chat", "typing", "profile", "clock", "faults"}
)  # changes a page draws
NEWEST = 200  # messages shown unless more are asked for

Endpoint = Callable[[Request], Awaitable[Response]]


class Unreadable(ValueError):
    """The request is not in the shape this address takes."""


def words_for_errors(endpoint: Endpoint) -> Endpoint:
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except NotPossible as no:
            return JSONResponse({"error": str(no)}, status_code=409)
        except (Unreadable, TimeUnreadable) as no:
            return JSONResponse({"error": str(no)}, status_code=400)

    return answer


async def read_body(request: Request) -> Json:
    """A JSON object; the content type keeps plain forms of other websites out."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Unreadable("The body has to be application/json.")
    try:
        body = await request.json()
    except ValueError:
        raise Unreadable("The body is no JSON.") from None
    if not isinstance(body, dict):
        raise Unreadable("The body has to be a JSON object.")
    return body


def need(body: Json, name: str, kind: type | tuple[type, ...]) -> Any:
    value = body.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise Unreadable(f"“{name}” is missing or of the wrong kind.")
    return value


class PageApi:
    """The chat page, and what it asks for."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._world = site.world
        person = "/page/people/{id:int}"
        table: list[tuple[str, str, Endpoint]] = [
            ("GET", "/page/state", self._state),
            ("POST", "/page/people", self._add_person),
            ("GET", person, self._chat),
            ("POST", f"{person}/say", self._say),
            ("POST", f"{person}/sticker", self._sticker),
            ("POST", f"{person}/location", self._location),
            ("POST", f"{person}/tap", self._tap),
            ("POST", f"{person}/block", self._block),
            ("GET", "/page/files/{file_id}", self._file),
            ("GET", "/page/clock", self._clock),
            ("POST", "/page/clock", self._move_clock),
            ("GET", "/page/faults", self._faults),
            ("POST", "/page/faults", self._add_fault),
            ("DELETE", "/page/faults", self._clear_faults),
            ("GET", "/page/events", self._events),
        ]
        self.routes = [Route(p, words_for_errors(e), methods=[m]) for m, p, e in table]
        self.routes += [Route("/", _asset("index.html"))]
        names = sorted(f.name for f in PAGE.iterdir() if f.suffix in (".js", ".css", ".svg"))
        self.routes += [Route(f"/{name}", _asset(name)) for name in names]

    # --- reading ---

    async def _state(self, request: Request) -> Response:
        site = self._site
        return JSONResponse(
            {
                "bot": show_bot(site.world),
                "people": show_people(site.world),
                "clock": show_clock(site.clock),
                "faults": site.faults.to_json(),
            }
        )

    async def _chat(self, request: Request) -> Response:
        person = self._world.person(request.path_params["id"])
        newest = request.query_params.get("newest", str(NEWEST))
        if not newest.isdecimal():
            raise Unreadable("“newest” is a number of messages.")
        return JSONResponse(show_chat(self._world, person, int(newest)))

    async def _file(self, request: Request) -> Response:
        file = self._world.files.get(request.path_params["file_id"])
        if file is None:
            return JSONResponse({"error": "There is no such file."}, status_code=404)
        headers = {"Content-Security-Policy": "sandbox; default-src 'none'"}
        if file.mime in INLINE and file.kind != "document":
            headers["Cache-Control"] = (
                "private, max-age=86400"  # the same id is always the same bytes
            )
            return Response(file.body, media_type=file.mime, headers=headers)
        headers["Content-Disposition"] = "attachment"
        return Response(file.body, media_type="application/octet-stream", headers=headers)

    # --- acting as a person ---

    async def _add_person(self, request: Request) -> Response:
        body = await read_body(request)
        language = body.get("language_code")
        if language is not None and not (isinstance(language, str) and len(language) <= 16):
            raise Unreadable("“language_code” is a short text, such as “de”.")
        person = self._world.add_person(need(body, "name", str), language)
        return JSONResponse({"id": person.id, "name": person.name})

    async def _say(self, request: Request) -> Response:
        text = need(await read_body(request), "text", str)
        message = self._world.say(request.path_params["id"], text, self._site.clock.now())
        return JSONResponse({"message_id": message.id})

    async def _sticker(self, request: Request) -> Response:
        emoji = need(await read_body(request), "emoji", str)[:16]
        message = self._world.send_sticker(request.path_params["id"], emoji, self._site.clock.now())
        return JSONResponse({"message_id": message.id})

    async def _location(self, request: Request) -> Response:
        body = await read_body(request)
        lat, lon = (float(need(body, name, (int, float))) for name in ("latitude", "longitude"))
        now = self._site.clock.now()
        message = self._world.share_location(request.path_params["id"], lat, lon, now)
        return JSONResponse({"message_id": message.id})

    async def _tap(self, request: Request) -> Response:
        """Press a button, and wait a while for the bot to answer the tap."""
        body = await read_body(request)
        wait = min(float(need({"wait": 10} | body, "wait", (int, float))), LONGEST_ANSWER)
        message_id, data = need(body, "message_id", int), need(body, "data", str)
        answered = asyncio.Event()

        def on_change(change: Json) -> None:
            if change["kind"] == "answer" and query.answer is not None:
                answered.set()

        query = self._world.tap(request.path_params["id"], message_id, data, self._site.clock.now())
        self._world.listeners.append(on_change)
        try:
            patience = asyncio.sleep(max(wait, 0))
            await first_of(answered.wait(), gone(request), self._site.closing.wait(), patience)
        finally:
            self._world.listeners.remove(on_change)
        answer = query.answer or {"text": "", "show_alert": False}
        return JSONResponse({"query_id": query.id, "answered": query.answer is not None} | answer)

    async def _block(self, request: Request) -> Response:
        blocked = need(await read_body(request), "blocked", bool)
        self._world.block(request.path_params["id"], self._site.clock.now(), blocked)
        return JSONResponse({"blocked": blocked})

    # --- the clock ---

    async def _clock(self, request: Request) -> Response:
        return JSONResponse(show_clock(self._site.clock))

    async def _move_clock(self, request: Request) -> Response:
        """One of: to (an ISO instant), local (a wall time) with zone, by_seconds, reset."""
        body, clock = await read_body(request), self._site.clock
        if "to" in body:
            clock.move_to(read_instant(need(body, "to", str)))
        elif "local" in body:
            zone = need(body, "zone", str)
            clock.move_to(read_local(need(body, "local", str), zone, clock.now()))
        elif "by_seconds" in body:
            try:
                clock.move_by(timedelta(seconds=need(body, "by_seconds", (int, float))))
            except (OverflowError, ValueError):
                raise Unreadable("“by_seconds” is out of reach.") from None
        elif body.get("reset") is True:
            clock.reset()
        else:
            raise Unreadable(
                "Say where to move the clock: to, local and zone, by_seconds, or reset."
            )
        return JSONResponse(show_clock(clock))

    # --- faults ---

    async def _faults(self, request: Request) -> Response:
        return JSONResponse(self._site.faults.to_json())

    async def _add_fault(self, request: Request) -> Response:
        self._site.faults.add(read_fault(await read_body(request)))
        self._world.tell("faults")
        return JSONResponse(self._site.faults.to_json())

    async def _clear_faults(self, request: Request) -> Response:
        self._site.faults.clear()
        self._world.tell("faults")
        return JSONResponse([])

    # --- being told ---

    async def _events(self, request: Request) -> Response:
        return EventSourceResponse(self._changes(), ping=PING)

    async def _changes(self) -> AsyncIterator[dict[str, str]]:
        """Name each change; the page then asks for what it shows."""
        queue: asyncio.Queue[Json] = asyncio.Queue()

        def on_change(change: Json) -> None:
            if change["kind"] in SHOWN or change["kind"] == "closing":
                queue.put_nowait(change)

        self._world.listeners.append(on_change)
        try:
            yield {"event": "hello", "data": ""}
            while (change := await queue.get())["kind"] != "closing":
                yield {"event": change["kind"], "data": str(change.get("person", ""))}
        finally:
            self._world.listeners.remove(on_change)


def read_fault(body: Json) -> Fault:
    kind = KINDS.get(str(body.get("kind")))
    if kind is None:
        raise Unreadable(f"“kind” is one of {', '.join(KINDS)}.")
    given: Json = {"method": need({"method": ANY} | body, "method", str)}
    given["times"] = need({"times": 1} | body, "times", int)
    if body.get("chat_id") is not None:
        given["chat_id"] = need(body, "chat_id", int)
    for name in ("retry_after", "status"):
        if name in body and name in kind.__dataclass_fields__:
            given[name] = need(body, name, int)
    return kind(**given)


def _asset(name: str) -> Endpoint:
    async def asset(request: Request) -> Response:
        return FileResponse(PAGE / name)

    return asset
