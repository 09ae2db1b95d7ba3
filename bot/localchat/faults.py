"""Faults that were planned: what can go wrong between a bot and Telegram, on demand.

A fault names a method ("*" for any), perhaps a chat, and how many calls it
strikes. BEFORE nothing was stored; AFTER the message is there, and only the
bot doesn't know. A held call waits until it is let go, so that a test can kill
the bot meanwhile and then see what was stored.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.localchat.calls import Call
from bot.localchat.refusals import Json, Refused, bad_request, too_many_requests

ANY = "*"


@dataclass(kw_only=True)
class Fault:
    """One planned misfortune; `kind` is its name for the page."""

    kind = ""
    method: str = "sendMessage"
    chat_id: int | None = None  # None: any chat
    times: int = 1
    skip: int = 0  # calls that it lets pass first
    struck: int = 0  # how often it has happened
    reached: asyncio.Event = field(default_factory=asyncio.Event)  # set when it strikes

    def matches(self, call: Call) -> bool:
        if self.method != ANY and self.method.lower() != call.method:
            return False
        return self.chat_id is None or self.chat_id == call.chat_id

    def to_json(self) -> Json:
        return {
            "kind": self.kind,
            "method": self.method,
            "chat_id": self.chat_id,
            "times": self.times,
            "struck": self.struck,
        }


@dataclass(kw_only=True)
class TooMany(Fault):
    """429: wait this many seconds."""

    kind = "too_many"
    retry_after: int = 1

    def refusal(self) -> Refused:
        return too_many_requests(self.retry_after)


@dataclass(kw_only=True)
class ServerError(Fault):
    """5xx; `stored` says whether the message got through nevertheless."""

    kind = "server_error"
    status: int = 502
    stored: bool = False

    def refusal(self) -> Refused:
        words = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}
        return Refused(self.status, words.get(self.status, "Gateway Timeout"))


@dataclass(kw_only=True)
class BadRequest(Fault):
    """400, with words of your own."""

    kind = "bad_request"
    words: str = "something is wrong"

    def refusal(self) -> Refused:
        return bad_request(self.words)


@dataclass(kw_only=True)
class LostBefore(Fault):
    """The connection breaks before anything was stored."""

    kind = "lost_before"


@dataclass(kw_only=True)
class LostAfter(Fault):
    """The message is stored, and the connection breaks before the bot hears of it."""

    kind = "lost_after"


@dataclass(kw_only=True)
class _Hold(Fault):
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def let_go(self) -> None:
        self.gate.set()


@dataclass(kw_only=True)
class HoldBefore(_Hold):
    """The call waits before anything is stored; if the bot hangs up meanwhile, nothing ever is."""

    kind = "hold_before"


@dataclass(kw_only=True)
class HoldAfter(_Hold):
    """The message is stored, and the answer waits."""

    kind = "hold_after"


KINDS: dict[str, type[Fault]] = {
    f.kind: f
    for f in (TooMany, ServerError, BadRequest, LostBefore, LostAfter, HoldBefore, HoldAfter)
}


@dataclass(kw_only=True)
class Flood:
    """Telegram's flood control: so many messages a second, per chat and in all."""

    per_chat: int = 1
    overall: int = 30
    _recent: deque[tuple[float, int]] = field(
        default_factory=deque
    )  # (second, chat) of the last second

    def check(self, chat_id: int, at: float) -> None:
        """Refuse when this message comes too soon; `at` is a clock that nobody moves."""
        while self._recent and at - self._recent[0][0] >= 1:
            self._recent.popleft()
        same = sum(chat == chat_id for _, chat in self._recent)
        if same >= self.per_chat or len(self._recent) >= self.overall:
            raise too_many_requests(1)
        self._recent.append((at, chat_id))


F = TypeVar("F", bound=Fault)


class Faults:
    """The faults still to come, first planned first struck."""

    def __init__(self, flood: Flood | None = None) -> None:
        self.flood = flood  # None: no flood control
        self.planned: list[Fault] = []
        # Told of each call as it comes, before anything is done about it, with the fault that strikes it.
        self.witnesses: list[Callable[[Call, Fault | None], None]] = []

    def add(self, fault: F) -> F:
        self.planned.append(fault)
        return fault

    def clear(self) -> None:
        """Plan nothing any more, and let everything go that is held."""
        for fault in self.planned:
            if isinstance(fault, _Hold):
                fault.let_go()
        self.planned.clear()

    def take(self, call: Call) -> Fault | None:
        """The fault that strikes this call, if any; it is used up once."""
        fault = self._next(call)
        for tell in self.witnesses:
            tell(call, fault)
        return fault

    def _next(self, call: Call) -> Fault | None:
        for fault in self.planned:
            if fault.struck < fault.times and fault.matches(call):
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.struck += 1
                fault.reached.set()
                return fault
        return None

    def to_json(self) -> list[Json]:
        return [fault.to_json() for fault in self.planned if fault.struck < fault.times]
