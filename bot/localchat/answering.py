"""A Telegram that only answers: every call is well taken, at the least cost there is, in its own process.

It is what speed is measured against, and it counts: how many calls came, and whether any letter came twice to
the same chat. Whoever wants a strict Telegram takes the whole of localchat; whoever wants faults, too.

    python -m bot.localchat.answering --port 0 --delay 0.05

prints its address on the first line. Beside the Bot API it knows `GET /counts`, `POST /updates` (a JSON list
of updates without ids, for the next getUpdates) and `POST /reset`.
"""

import argparse
import asyncio
import re
import sys
import time
from collections import Counter, deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from pydantic_core import from_json, to_json

from bot.localchat.faults import Flood
from bot.localchat.refusals import NOT_FOUND, Json, Refused, bad_request

HOST = "127.0.0.1"
ME = {"id": 1, "is_bot": True, "first_name": "Backbeat", "username": "backbeat_bot"}
AT_ONCE = 0.0

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_BOUNDARY = re.compile(
    rb'\r\ncontent-type: *multipart/form-data; *boundary="?([^"\r\n;]+)', re.IGNORECASE
)
_NAME = re.compile(rb'name="([^"]+)"')

Fields = Mapping[str, Any]


@dataclass(kw_only=True)
class Answers:
    """What is said to whom, and what has been counted. Time is handed in: seconds that pass."""

    flood: Flood | None = None
    calls: Counter[str] = field(default_factory=Counter)
    letters: Counter[tuple[int, int]] = field(default_factory=Counter)  # chat, what it was told
    updates: deque[Json] = field(default_factory=deque)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)  # an update did
    pictures: set[str] = field(default_factory=set)  # every file_id that was given out
    tapped: dict[int, float] = field(
        default_factory=dict
    )  # when each chat's newest tap was published
    waits: list[float] = field(default_factory=list)  # seconds from a tap to the edited card
    numbered: int = 0  # messages
    update_id: int = 0

    def counts(self) -> Json:
        """Letters are told apart by chat, text and buttons; a repeated one came more than once."""
        return {
            "calls": dict(self.calls),
            "letters": self.letters.total(),
            "different": len(self.letters),
            "repeated": sum(times > 1 for times in self.letters.values()),
            "waits": self.waits,
            "most_to_one_chat": max(Counter(chat for chat, _ in self.letters).values(), default=0),
        }

    def reset(self) -> None:
        self.calls.clear()
        self.letters.clear()
        self.updates.clear()
        self.waits.clear()

    def publish(self, updates: list[Json], now: float) -> None:
        for update in updates:
            self.update_id += 1
            if (tap := update.get("callback_query")) is not None:
                self.tapped[tap["from"]["id"]] = now
            self.updates.append({"update_id": self.update_id, **update})
        self.arrived.set()

    def take(self, method: str, fields: Fields, now: float) -> Any:
        """The result of a call, its method in small letters. Raises Refused."""
        self.calls[method] += 1
        if method.startswith("send"):
            return self._letter(method, fields, now)
        if method.startswith("edit"):
            if (tapped := self.tapped.pop(int(fields["chat_id"]), None)) is not None:
                self.waits.append(now - tapped)
            return self._edited(method, fields)
        if method == "getme":
            return ME
        if method == "getupdates":
            return self._waiting(int(fields.get("offset") or 0))
        if method.startswith(("answer", "set", "delete")):
            return True
        raise Refused(*NOT_FOUND)

    def _letter(self, method: str, fields: Fields, now: float) -> Any:
        chat = int(fields["chat_id"])
        if self.flood is not None:
            self.flood.check(chat, now)
        if method == "sendchataction":
            return True
        said = fields.get("text") or fields.get("caption"), str(fields.get("reply_markup"))
        self.letters[chat, hash(said)] += 1
        self.numbered += 1
        message = _message(fields, self.numbered)
        if method == "sendphoto":
            message["photo"] = [self._picture(fields["photo"])]
        if method == "sendanimation":
            message["animation"] = self._picture(fields["animation"]) | {"duration": 6}
        return message

    def _edited(self, method: str, fields: Fields) -> Json:
        message = _message(fields, int(fields.get("message_id") or 0))
        if method == "editmessagemedia":
            media = fields["media"]
            media = from_json(media) if isinstance(media, str) else media
            picture = self._picture(media["media"])
            moves = media["type"] == "animation"
            message |= {"animation": picture | {"duration": 6}} if moves else {"photo": [picture]}
        return message

    def _picture(self, given: Any) -> Json:
        if isinstance(given, bytes) or given.startswith("attach://"):
            given = f"picture-{self.numbered}"
            self.pictures.add(given)
        elif given not in self.pictures:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return {"file_id": given, "file_unique_id": given, "width": 640, "height": 640}

    def _waiting(self, offset: int) -> list[Json]:
        while self.updates and self.updates[0]["update_id"] < offset:
            self.updates.popleft()
        if not self.updates:
            self.arrived.clear()
        return list(self.updates)


def _message(fields: Fields, number: int) -> Json:
    """As Telegram shows it to the bot: with all that was said, so that it costs what Telegram's costs."""
    chat = int(fields["chat_id"])
    shown: Json = {
        "message_id": number,
        "from": ME,
        "chat": {"id": chat, "first_name": "Ada", "type": "private"},
        "date": 1767225600,
        "text": fields.get("text") or fields.get("caption") or "",
    }
    markup = fields.get("reply_markup")
    if markup:
        shown["reply_markup"] = from_json(markup) if isinstance(markup, str) else markup
    return shown


def read_fields(head: bytes, body: bytes) -> Fields:
    """The parameters, in any of the three ways that bots send them."""
    if body.startswith(b"{"):
        found: Fields = from_json(body)
        return found
    if (parts := _BOUNDARY.search(head)) is not None:
        return dict(_parts(body, b"--" + parts[1]))
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _parts(body: bytes, boundary: bytes) -> list[tuple[str, str | bytes]]:
    found: list[tuple[str, str | bytes]] = []
    for part in body.split(boundary)[1:-1]:
        said, _, value = part.partition(b"\r\n\r\n")
        name = _NAME.search(said)
        assert name is not None  # each part of a form has one
        value = value.removesuffix(b"\r\n")
        found.append((name[1].decode(), value if b"filename=" in said else value.decode()))
    return found


class Connection(asyncio.Protocol):
    """One keep-alive connection: calls in, answers out, each after the delay."""

    def __init__(self, answers: Answers, delay: float) -> None:
        self._answers = answers
        self._delay = delay
        self._loop = asyncio.get_running_loop()
        self._unread = b""
        self._listening: asyncio.Task[None] | None = None

    # asyncio narrows no argument; uvloop's transport is a Transport in all but name.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self._listening is not None:
            self._listening.cancel()

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while (end := self._unread.find(b"\r\n\r\n")) >= 0:
            head = self._unread[: end + 2]
            length = _LENGTH.search(head)
            total = end + 4 + (int(length[1]) if length else 0)
            if len(self._unread) < total:
                return
            body, self._unread = self._unread[end + 4 : total], self._unread[total:]
            self._hear(head, body)

    def _hear(self, head: bytes, body: bytes) -> None:
        path = head.split(b" ", 2)[1].decode()
        method = path.rpartition("/")[2]
        if path.startswith("/bot"):
            self._call(method.lower(), read_fields(head, body))  # Telegram takes them in any case
        elif method == "updates":
            self._answers.publish(from_json(body), time.monotonic())
            self._say(200, {}, AT_ONCE)
        elif method == "reset":
            self._answers.reset()
            self._say(200, {}, AT_ONCE)
        else:
            self._say(200, self._answers.counts(), AT_ONCE)

    def _call(self, method: str, fields: Fields) -> None:
        try:
            result = self._answers.take(method, fields, time.monotonic())
        except Refused as refused:
            self._say(refused.code, refused.to_telegram(), self._delay)
            return
        if method == "getupdates" and not result:
            self._listening = asyncio.create_task(self._listen(fields))
        else:
            self._say(200, {"ok": True, "result": result}, self._delay)

    async def _listen(self, fields: Fields) -> None:
        """Hold the call until there is an update, or its patience ends."""
        with suppress(TimeoutError):
            async with asyncio.timeout(float(fields.get("timeout") or 0)):
                await self._answers.arrived.wait()
        found = self._answers.take("getupdates", fields, time.monotonic())
        self._say(200, {"ok": True, "result": found}, AT_ONCE)

    def _say(self, status: int, answer: Json, delay: float) -> None:
        body = to_json(answer)
        said = (
            b"HTTP/1.1 %d .\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
            % (
                status,
                len(body),
                body,
            )
        )
        if delay:
            self._loop.call_later(delay, self._transport.write, said)
        else:
            self._transport.write(said)


async def serve(answers: Answers, port: int, delay: float) -> asyncio.Server:
    """Answer on loopback; port 0 takes a free one."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Connection(answers, delay), HOST, port, backlog=1024)


async def _main(port: int, delay: float, answers: Answers) -> None:
    async with await serve(answers, port, delay) as server:
        taken = server.sockets[0].getsockname()[1]
        sys.stdout.write(f"http://{HOST}:{taken}\n")
        sys.stdout.flush()
        await server.serve_forever()


def main() -> None:
    """Until it is killed."""
    said = argparse.ArgumentParser(description="A Telegram that only answers.")
    said.add_argument("--port", type=int, default=0)
    said.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    said.add_argument("--per-second", type=int, help="more letters than that are told to wait")
    said.add_argument("--per-chat", type=int, help="the same, of one chat")
    given = said.parse_args()
    flood = None
    if given.per_second or given.per_chat:
        most = 10**9
        flood = Flood(per_chat=given.per_chat or most, overall=given.per_second or most)
    try:
        import uvloop
    except ImportError:
        run = asyncio.run
    else:
        run = uvloop.run
    with suppress(KeyboardInterrupt):
        run(_main(given.port, given.delay, Answers(flood=flood)))


if __name__ == "__main__":
    main()
