"""How fast we may talk: one rate for the bot, one a chat, one halt for everyone, answers before letters.

Telegram takes about 30 messages a second from a bot that pays nothing, and in `retry_after` says how long
everyone must be quiet when it was too much. Of a single chat its FAQ says: "avoid sending more than one
message per second. We may allow short bursts that go over this limit". An answer may use such a burst, for
a person taps faster than that and should not wait for what Telegram tolerates; a letter never does.

The library's own limiter lets everybody go when one halted request ends (its issue 5338), hence this one.
Time here is the event loop's: seconds that pass, not the wall clock.
"""

import asyncio
import datetime as dt
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot import metrics
from bot.delivery.pace import Halted

ANSWER, LETTER = 0, 1  # whose turn is first
LISTENING = "getUpdates"  # sends nothing, and waits for nobody
# Not messages: they wait only while everyone must.
UNPACED = frozenset({"getMe", LISTENING, "answerCallbackQuery", "deleteWebhook", "setMyCommands"})
SLACK = 0.01  # seconds that a loop which woke late may catch up
BURST = 5  # answers at once to one person; a tap takes one or two calls (inference)
LETTERS_TOO = 10  # of so many turns one is a letter's, so that no storm of answers starves them
FREE = 30  # messages a second that cost nothing

_TAKEN: ContextVar[bool] = ContextVar("turn_taken", default=False)  # and its call has not left

KeepHalt = Callable[[float], Awaitable[None]]
Called = bool | dict[str, Any] | list[dict[str, Any]]


def seconds_of(flood: RetryAfter) -> float:
    """How long Telegram wants everyone to wait."""
    wait = flood.retry_after
    return wait.total_seconds() if isinstance(wait, dt.timedelta) else float(wait)


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """Somebody who wants to call."""

    chat: int | None
    whose: int
    go: "asyncio.Future[None]"
    halts: bool  # is told of a halt rather than waits for its end


class Pacer(BaseRateLimiter[int]):
    """Calls leave one after the other: no second, wherever it begins, holds more than the rate.

    Of a chat only the moment is remembered at which its bucket is full again, and no longer than until then.
    """

    def __init__(
        self,
        per_second: float,
        per_chat: float = 1.0,
        *,
        paid: bool = False,
        keep_halt: KeepHalt | None = None,
    ) -> None:
        self.rate = per_second
        self._gap = 1 / per_second
        self._chat_gap = 1 / per_chat
        self._paid = paid and per_second > FREE
        self._keep_halt = keep_halt
        self._free_at = 0.0  # when the next call may leave
        self._halted_until = 0.0
        self._full_at: OrderedDict[int, float] = OrderedDict()  # by chat, the last one served last
        self._queues: tuple[deque[_Waiting], deque[_Waiting]] = (deque(), deque())
        self._answered = 0  # turns since a letter's
        self._alarm: asyncio.TimerHandle | None = None

    async def initialize(self) -> None:
        """Nothing is held open."""

    async def shutdown(self) -> None:
        """Nothing is held open."""

    @property
    def halt(self) -> float:
        """See `Pace`."""
        return max(0.0, self._halted_until - self._now())

    def hold(self, seconds: float) -> None:
        """See `Pace`. Letters that wait are told, and go back to where they came from."""
        if seconds <= self.halt:
            return
        self._halted_until = self._now() + seconds
        metrics.HALTED.set(seconds)
        for one in [one for one in self._queues[LETTER] if one.halts]:
            self._queues[LETTER].remove(one)
            if not one.go.done():
                one.go.set_exception(Halted(seconds))
        self._serve()

    async def turn(self, chat_id: int) -> None:
        """See `Pace`."""
        if self.halt:
            raise Halted(self.halt)
        await self._wait_for_turn(chat_id, LETTER, halts=True)
        _TAKEN.set(True)

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Called]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Called:
        """Wait for a turn, call, and halt everyone if Telegram says so."""
        await self._admit(endpoint, data, rate_limit_args or ANSWER)
        if self._paid and rate_limit_args == LETTER:
            data["allow_paid_broadcast"] = True
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as flood:
            seconds = seconds_of(flood)
            metrics.HALTS.inc()
            self.hold(seconds)
            if self._keep_halt is not None:
                await self._keep_halt(seconds)
            raise

    async def _admit(self, endpoint: str, data: Mapping[str, Any], whose: int) -> None:
        if endpoint == LISTENING:
            return
        if _TAKEN.get():
            _TAKEN.set(False)  # another call of this letter waits anew
            if self.halt:  # it began after the turn was given: surely not sent
                raise RetryAfter(dt.timedelta(seconds=self.halt))
        elif endpoint in UNPACED:
            while (left := self.halt) > 0:  # noqa: ASYNC110 - it may be prolonged meanwhile
                await asyncio.sleep(left)
        else:
            chat = data.get("chat_id")
            await self._wait_for_turn(chat if isinstance(chat, int) else None, whose)

    async def _wait_for_turn(self, chat: int | None, whose: int, *, halts: bool = False) -> None:
        go = asyncio.get_running_loop().create_future()
        self._queues[whose].append(_Waiting(chat, whose, go, halts))
        self._serve()
        await go

    def _serve(self) -> None:
        """Let everybody go whose turn it is, and come back when the next one's is."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        while self._queues[ANSWER] or self._queues[LETTER]:
            now = self._now()
            at = max(self._free_at, self._halted_until)
            if at <= now:
                self._forget_full(now)
                at = self._let_one_go(now)
            if at > now:
                self._alarm = asyncio.get_running_loop().call_at(at, self._serve)
                return

    def _let_one_go(self, now: float) -> float:
        """The first whose chat allows it; returns when to look again."""
        soonest = float("inf")
        for queue in self._in_order():
            for one in [*queue]:
                if one.go.done():  # given up
                    queue.remove(one)
                elif (at := self._chat_free_at(one)) <= now:
                    queue.remove(one)
                    self._spend(one, now)
                    one.go.set_result(None)
                    return now
                else:
                    soonest = min(soonest, at)
        return soonest if soonest < float("inf") else now

    def _in_order(self) -> tuple[deque[_Waiting], ...]:
        return self._queues if self._answered < LETTERS_TOO - 1 else self._queues[::-1]

    def _chat_free_at(self, one: _Waiting) -> float:
        if one.chat is None:
            return 0.0
        tolerated = (BURST - 1) * self._chat_gap if one.whose == ANSWER else 0.0
        return self._full_at.get(one.chat, 0.0) - tolerated

    def _spend(self, one: _Waiting, now: float) -> None:
        self._free_at = max(self._free_at, now - SLACK) + self._gap
        self._answered = self._answered + 1 if one.whose == ANSWER else 0
        if one.chat is not None:
            self._full_at[one.chat] = max(self._full_at.get(one.chat, 0.0), now) + self._chat_gap
            self._full_at.move_to_end(one.chat)

    def _forget_full(self, now: float) -> None:
        while self._full_at and next(iter(self._full_at.values())) <= now:
            self._full_at.popitem(last=False)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
