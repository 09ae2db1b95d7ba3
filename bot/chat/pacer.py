"""How fast we may talk: one rate for the bot, one halt for everyone, answers before letters.

Telegram takes about 30 messages a second from a bot, and says in `retry_after` how long everyone must
be quiet when it was too much. The library's own limiter lets everybody go when one halted request ends
(its issue 5338), hence this one. Time here is the event loop's: seconds that pass, not the wall clock.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

ANSWER, LETTER = 0, 1  # whose turn is first
UNPACED = frozenset(
    {"getMe", "getUpdates", "answerCallbackQuery", "deleteWebhook", "setMyCommands"}
)


def seconds_of(flood: RetryAfter) -> float:
    """How long Telegram wants everyone to wait."""
    wait = flood.retry_after
    return wait.total_seconds() if isinstance(wait, dt.timedelta) else float(wait)


class Pacer(BaseRateLimiter[int]):
    """One call after the other, never closer than the rate: no second, wherever it begins, holds more."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second
        self._free_at = 0.0  # when the next call may leave
        self._answers = 0  # that wait for their turn

    async def initialize(self) -> None:
        """Nothing is held open."""

    async def shutdown(self) -> None:
        """Nothing is held open."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | dict[str, Any] | list[dict[str, Any]]]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> bool | dict[str, Any] | list[dict[str, Any]]:
        """Wait for a turn, call, and halt everyone if Telegram says so."""
        if endpoint not in UNPACED:
            await self._turn(rate_limit_args or ANSWER)
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as flood:
            self._free_at = max(self._free_at, self._now() + seconds_of(flood))
            raise

    async def _turn(self, whose: int) -> None:
        self._answers += whose == ANSWER
        try:
            # A halt may lengthen the wait meanwhile, hence again and again.
            while (wait := self._wait(whose)) > 0:  # noqa: ASYNC110 - the time is known, no event is
                await asyncio.sleep(wait)
            self._free_at = max(self._free_at, self._now()) + self._gap
        finally:
            self._answers -= whose == ANSWER

    def _wait(self, whose: int) -> float:
        """Seconds until it may be this one's turn; a letter lets every waiting answer go first."""
        behind = self._answers * self._gap if whose == LETTER else 0
        return self._free_at + behind - self._now()

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
