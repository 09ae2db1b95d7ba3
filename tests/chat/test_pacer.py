"""How fast we talk, on a loop whose time passes at once: to the millisecond, and without waiting."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from telegram.error import RetryAfter

from bot.chat.pacer import ANSWER, LETTER, Pacer


class HurriedLoop(asyncio.SelectorEventLoop):
    """Instead of waiting until a time, it is that time."""

    def __init__(self) -> None:
        self._passed = 0.0
        super().__init__()
        select = self._selector.select  # type: ignore[attr-defined]

        def hurry(timeout: float | None = None) -> Any:
            self._passed += timeout or 0
            return select(0)

        self._selector.select = hurry  # type: ignore[attr-defined]

    def time(self) -> float:
        return self._passed


def hurried(story: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        runner.run(story)


class Telegram:
    """Notes when each call came, and says what it is told to."""

    def __init__(self, *refusals: Exception) -> None:
        self.refusals = list(refusals)
        self.calls: list[tuple[float, str]] = []

    async def take(self, name: str) -> bool:
        self.calls.append((asyncio.get_running_loop().time(), name))
        if self.refusals:
            raise self.refusals.pop(0)
        return True

    def times(self) -> list[float]:
        return [at for at, _ in self.calls]

    def names(self) -> list[str]:
        return [name for _, name in self.calls]


async def call(
    pacer: Pacer, telegram: Telegram, name: str, whose: int = ANSWER, method: str = "sendMessage"
) -> object:
    return await pacer.process_request(telegram.take, (name,), {}, method, {}, whose)


@pytest.fixture(autouse=True)
def _waits_are_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the application sets it."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.mark.parametrize("whose", [ANSWER, LETTER])
@pytest.mark.parametrize("per_second", [1, 30])
def test_no_second_holds_more_calls_than_the_rate(whose: int, per_second: int) -> None:
    async def story() -> None:
        pacer, telegram = Pacer(per_second), Telegram()
        await asyncio.gather(
            *(call(pacer, telegram, str(n), whose) for n in range(per_second * 2 + 1))
        )
        times = telegram.times()
        assert min(b - a for a, b in pairwise(times)) == pytest.approx(1 / per_second)
        assert times[-1] - times[0] == pytest.approx(2)

    hurried(story())


def test_a_quiet_hour_earns_no_burst() -> None:
    async def story() -> None:
        pacer, telegram = Pacer(10), Telegram()
        await call(pacer, telegram, "before")
        await asyncio.sleep(3600)
        await asyncio.gather(*(call(pacer, telegram, str(n)) for n in range(11)))
        assert telegram.times()[-1] - telegram.times()[1] == pytest.approx(1)

    hurried(story())


def test_a_halt_holds_for_everyone_as_long_as_told() -> None:
    async def story() -> None:
        pacer, telegram = Pacer(10), Telegram(RetryAfter(timedelta(seconds=40)))
        with pytest.raises(RetryAfter):
            await call(pacer, telegram, "too much")
        await asyncio.gather(
            call(pacer, telegram, "letter", LETTER),
            call(pacer, telegram, "answer"),
            call(pacer, telegram, "edit", method="editMessageText"),
        )
        assert telegram.names() == ["too much", "answer", "edit", "letter"]
        assert telegram.times() == pytest.approx([0, 40, 40.1, 40.2])

    hurried(story())


def test_those_who_wait_already_are_halted_too() -> None:
    async def story() -> None:
        pacer, telegram = Pacer(1), Telegram(RetryAfter(timedelta(seconds=40)))
        outcomes = await asyncio.gather(
            *(call(pacer, telegram, str(n)) for n in range(3)), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [RetryAfter, bool, bool]
        assert telegram.times() == pytest.approx([0, 40, 41])

    hurried(story())


def test_the_end_of_one_halted_call_frees_nobody_else() -> None:
    """The library's own limiter does that (its issue 5338)."""

    async def story() -> None:
        long, short = (RetryAfter(timedelta(seconds=s)) for s in (40, 5))
        pacer, telegram = Pacer(1000), Telegram(long, short)
        calls = [
            call(pacer, telegram, str(n), method=method)
            for n, method in enumerate(("getUpdates", "getUpdates", "sendMessage"))
        ]
        await asyncio.gather(*calls, return_exceptions=True)
        assert telegram.times()[-1] == pytest.approx(40)

    hurried(story())


def test_answers_go_before_letters_however_late_they_come() -> None:
    async def story() -> None:
        pacer, telegram = Pacer(10), Telegram()
        letters = [
            asyncio.create_task(call(pacer, telegram, f"letter {n}", LETTER)) for n in range(4)
        ]
        await asyncio.sleep(0.15)  # two letters have left
        answers = [asyncio.create_task(call(pacer, telegram, f"answer {n}")) for n in range(2)]
        await asyncio.gather(*letters, *answers)
        kinds = [name.split()[0] for name in telegram.names()]
        assert kinds == ["letter"] * 2 + ["answer"] * 2 + ["letter"] * 2

    hurried(story())


@pytest.mark.parametrize("method", ["getUpdates", "answerCallbackQuery"])
def test_listening_and_ending_a_taps_clock_wait_for_nobody(method: str) -> None:
    async def story() -> None:
        pacer, telegram = Pacer(0.1), Telegram()
        for n in range(3):
            await call(pacer, telegram, str(n), method=method)
        assert telegram.times() == [0, 0, 0]

    hurried(story())


def test_whoever_gives_up_waiting_holds_up_no_letter() -> None:
    async def story() -> None:
        pacer, telegram = Pacer(1), Telegram()
        await call(pacer, telegram, "first")
        impatient = asyncio.create_task(call(pacer, telegram, "given up"))
        await asyncio.sleep(0.5)
        impatient.cancel()
        await asyncio.gather(impatient, return_exceptions=True)
        await call(pacer, telegram, "letter", LETTER)
        assert telegram.calls == [(0, "first"), (pytest.approx(1), "letter")]

    hurried(story())
