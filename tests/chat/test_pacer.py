"""How fast we talk, on a loop whose time passes at once: to the millisecond, and without waiting."""

import asyncio
import contextvars
from collections.abc import Coroutine
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.error import RetryAfter

from bot.chat.pacer import ANSWER, BURST, LETTER, LETTERS_TOO, SLACK, Pacer
from bot.delivery.pace import Halted

EPSILON = 1e-6


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
    pacer: Pacer,
    telegram: Telegram,
    name: str,
    whose: int = ANSWER,
    method: str = "sendMessage",
    **data: object,
) -> object:
    return await pacer.process_request(telegram.take, (name,), {}, method, data, whose)


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
        assert min(b - a for a, b in pairwise(times)) >= 1 / per_second - SLACK - EPSILON
        assert times[-1] - times[0] == pytest.approx(2, abs=SLACK + EPSILON)

    hurried(story())


def test_a_quiet_hour_earns_no_burst() -> None:
    async def story() -> None:
        pacer, telegram = Pacer(10), Telegram()
        await call(pacer, telegram, "before")
        await asyncio.sleep(3600)
        await asyncio.gather(*(call(pacer, telegram, str(n)) for n in range(11)))
        assert telegram.times()[-1] - telegram.times()[1] == pytest.approx(1, abs=SLACK + EPSILON)

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
        assert telegram.times() == pytest.approx([0, 40, 40.1, 40.2], abs=SLACK + EPSILON)

    hurried(story())


def test_those_who_wait_already_are_halted_too() -> None:
    async def story() -> None:
        pacer, telegram = Pacer(1), Telegram(RetryAfter(timedelta(seconds=40)))
        outcomes = await asyncio.gather(
            *(call(pacer, telegram, str(n)) for n in range(3)), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [RetryAfter, bool, bool]
        assert telegram.times() == pytest.approx([0, 40, 41], abs=SLACK + EPSILON)

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
        assert telegram.times()[-1] == pytest.approx(40, abs=SLACK + EPSILON)

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


async def letter(pacer: Pacer, telegram: Telegram, name: str, chat: int) -> None:
    """As the postman does it: the turn, then the call."""
    await pacer.turn(chat)
    await call(pacer, telegram, name, LETTER, chat_id=chat)


def test_a_persons_answers_may_come_in_a_short_burst_and_letters_once_a_second() -> None:
    async def story() -> None:
        pacer, telegram = Pacer(1000), Telegram()
        answers = (call(pacer, telegram, "answer", chat_id=7) for _ in range(BURST + 2))
        await asyncio.gather(*answers)
        assert telegram.times()[:BURST] == pytest.approx([0] * BURST, abs=SLACK)
        assert telegram.times()[BURST:] == pytest.approx([1, 2], abs=SLACK)
        await asyncio.sleep(60)
        await asyncio.gather(*(letter(pacer, telegram, "letter", 7) for _ in range(3)))
        first, *others = telegram.times()[-3:]
        assert [at - first for at in others] == pytest.approx([1, 2], abs=SLACK)

    hurried(story())


def test_one_person_with_many_letters_holds_up_nobody() -> None:
    async def story() -> None:
        pacer, telegram = Pacer(100), Telegram()
        many = [letter(pacer, telegram, "many", 1) for _ in range(5)]
        await asyncio.gather(*many, *(letter(pacer, telegram, "one", 2 + n) for n in range(10)))
        assert telegram.names() == ["many"] + ["one"] * 10 + ["many"] * 4

    hurried(story())


def test_letters_that_wait_when_a_halt_begins_go_back_and_none_leaves_in_it() -> None:
    async def story() -> None:
        kept: list[float] = []

        async def keep(seconds: float) -> None:
            kept.append(seconds)

        pacer = Pacer(1, keep_halt=keep)
        telegram = Telegram(RetryAfter(timedelta(seconds=40)))
        await pacer.turn(1)  # its call comes after the halt has begun
        waits = asyncio.create_task(letter(pacer, telegram, "waits", 2))
        with pytest.raises(RetryAfter):
            await asyncio.create_task(
                call(pacer, telegram, "answer", chat_id=3), context=contextvars.Context()
            )
        with pytest.raises(Halted):
            await waits
        with pytest.raises(RetryAfter) as refused:
            await call(pacer, telegram, "too late", LETTER, chat_id=1)
        assert refused.value.retry_after == timedelta(seconds=40)
        assert (telegram.names(), kept) == (["answer"], [40])
        with pytest.raises(Halted):
            await pacer.turn(4)

    hurried(story())


def test_what_is_remembered_of_chats_is_forgotten_once_it_says_nothing() -> None:
    async def story() -> None:
        pacer, telegram = Pacer(1000), Telegram()
        await asyncio.gather(*(letter(pacer, telegram, "one", n) for n in range(3000)))
        assert len(pacer._full_at) <= 1001
        await asyncio.sleep(2)
        await letter(pacer, telegram, "one", 1)
        assert len(pacer._full_at) == 1

    hurried(story())


def test_a_paid_letter_says_so_and_an_answer_never_does() -> None:
    async def story() -> None:
        pacer, telegram = Pacer(1000, paid=True), Telegram()
        said: dict[str, Any] = {"chat_id": 1}
        for whose in (ANSWER, LETTER):
            await pacer.process_request(telegram.take, ("",), {}, "sendMessage", said, whose)
            assert said.get("allow_paid_broadcast", False) is (whose == LETTER)

    hurried(story())


@given(
    rate=st.sampled_from([5, 30, 200]),
    calls=st.lists(
        st.tuples(
            st.floats(0, 3),  # when it is wanted
            st.sampled_from([ANSWER, LETTER]),
            st.integers(1, 6),  # whose chat
        ),
        min_size=1,
        max_size=60,
    ),
    halts=st.lists(st.tuples(st.floats(0, 3), st.floats(0.1, 5)), max_size=2),
)
@settings(max_examples=60)
def test_whatever_comes_the_laws_hold(
    rate: int, calls: list[tuple[float, int, int]], halts: list[tuple[float, float]]
) -> None:
    """Neither the bot nor a letter's chat goes too fast, nothing leaves in a halt, everybody has a turn."""
    left: list[tuple[float, int, int]] = []

    async def one(pacer: Pacer, at: float, whose: int, chat: int) -> None:
        await asyncio.sleep(at)

        async def leave() -> bool:
            left.append((asyncio.get_running_loop().time(), whose, chat))
            return True

        await pacer.process_request(leave, (), {}, "sendMessage", {"chat_id": chat}, whose)

    async def halt(pacer: Pacer, at: float, seconds: float) -> None:
        await asyncio.sleep(at)
        pacer.hold(seconds)

    async def story() -> None:
        pacer = Pacer(rate)
        every = [*(one(pacer, *call) for call in calls), *(halt(pacer, *one) for one in halts)]
        await asyncio.gather(*every)

    hurried(story())
    times = [at for at, _, _ in left]
    assert len(left) == len(calls)
    for n, begun in enumerate(times):
        assert len([at for at in times[n:] if at < begun + 1 - EPSILON]) <= rate * (1 + SLACK) + 1
    for at, seconds in halts:
        assert not [t for t in times if at + EPSILON < t < at + seconds - EPSILON]
    for chat in range(1, 7):
        letters = [at for at, whose, theirs in left if whose == LETTER and theirs == chat]
        assert all(b - a >= 1 - EPSILON for a, b in pairwise(letters))
        every = [at for at, _, theirs in left if theirs == chat]
        for n, begun in enumerate(every):
            assert len([at for at in every[n:] if at < begun + 1 - EPSILON]) <= BURST + 1


def test_a_storm_of_answers_leaves_letters_a_share() -> None:
    async def story() -> None:
        pacer, telegram = Pacer(100), Telegram()
        storm = (call(pacer, telegram, "answer", chat_id=n) for n in range(100))
        await asyncio.gather(
            *storm, *(letter(pacer, telegram, "letter", 200 + n) for n in range(5))
        )
        assert telegram.names()[: LETTERS_TOO * 5].count("letter") == 5

    hurried(story())
