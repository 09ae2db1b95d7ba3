"""The bot is killed at the worst moments. Nothing is lost, nothing counts twice, and the way goes on."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.domain.profile import Question
from bot.localchat.faults import BadRequest, Fault, HoldAfter, HoldBefore
from tests.chat.scenes import file_of, guest_at, practised_on, processed, read, text_of
from tests.faults.child import Child, Errand, Hand
from tests.journeys.house import MONDAY, Guest, House, house

TUESDAY = MONDAY + dt.timedelta(days=1, seconds=1)  # the ritual of 07:00 in Zurich is due
LEASE = dt.timedelta(seconds=60)  # more than the bot's
ANSWERS = "SELECT question, value FROM answer ORDER BY id"
STEPS = [  # of the enrolment: where it is, what is done, and words of what follows
    (Question.CONSENT, "I agree, let's start", "Safety first"),
    (Question.SAFETY, "None of these", "And any of this?"),
    (Question.DIRECTION, "None, or I can't say", "most of the day"),
    (Question.LIFE, "Sitting", "how much does your back hurt"),
    (Question.PAIN, "2", "have at home"),
    (Question.EQUIPMENT, "Nothing of these", "How well can you do it now"),
    (Question.ACTIVITY, "5", "Which town"),
    (Question.TIME, "07:00", "how long"),
    (Question.MINUTES, "10 min", "ritual comes at 07:00"),
]


class Scene:
    """A house whose bot is a process."""

    def __init__(self, home: House) -> None:
        self.home = home
        self.faults = home.local.faults

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Child]:
        """A life of the bot that ends by SIGKILL, at the end of the block or before."""
        local, hand = self.home.local, file_of(self.home).with_name("hand")
        Hand(hand).move(local.clock.shift)
        errand = Errand(
            settings=self.home.settings, token=local.token, api_url=local.api_url, hand=hand
        )
        child = Child(errand)
        try:
            yield child
        finally:
            await child.kill()
            self.faults.planned.clear()  # and nothing is let go: a held call died with its caller

    async def strike(self, fault: Fault) -> None:
        """Wait until it has struck."""
        async with asyncio.timeout(10):
            await fault.reached.wait()

    def read(self, query: str) -> list[Any]:
        return read(self.home, query)

    async def cards(self, ada: Guest) -> list[int]:
        return [
            m["id"]
            for m in await ada.visitor.messages()
            if m["by_bot"] and m["text"].startswith(("Before the first coffee", "Today's ritual"))
        ]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        yield Scene(await stack.enter_async_context(house(tmp_path)))


async def test_killed_between_sending_and_noting_one_more_card_comes_for_the_same_session(
    scene: Scene,
) -> None:
    ada = await guest_at(scene.home)
    scene.home.local.move_to(TUESDAY)
    withheld = scene.faults.add(HoldAfter(method="sendMessage"))
    async with scene.bot():
        await scene.strike(withheld)
    assert len(await scene.cards(ada)) == 1
    assert scene.read("SELECT state, tries FROM delivery") == [("sending", 1)]

    scene.home.local.clock.move_by(LEASE)
    async with scene.bot():
        # Of two cards the older one loses its buttons, unless somebody was quicker: here Telegram is slow.
        scene.faults.add(BadRequest(method="editMessageReplyMarkup"))
        await ada.visitor.wait_for(lambda m: m["id"] > 1 and "Before the first coffee" in m["text"])
        first, second = await scene.cards(ada)
        await ada.visitor.tap("Done", on=first)
        await ada.visitor.tap("Partly", on=second)
        await processed(scene.home)
        assert "1 of 3" in await text_of(ada, first)
        assert "1 of 3" in await text_of(ada, second)
        await asyncio.sleep(0.2)  # some ticks
    assert len(await scene.cards(ada)) == 2
    assert len(scene.read("SELECT id FROM session")) == 1
    assert scene.read(ANSWERS) == [("completed", 0), ("completed", 1)]
    assert scene.read("SELECT local_date, state, tries FROM delivery ORDER BY due_at") == [
        ("2026-11-24", "sent", 2),
        ("2026-11-25", "due", 0),
    ]


async def test_killed_before_anything_was_sent_the_card_comes_after_all(scene: Scene) -> None:
    ada = await guest_at(scene.home)
    scene.home.local.move_to(TUESDAY)
    held = scene.faults.add(HoldBefore(method="sendMessage"))
    async with scene.bot():
        await scene.strike(held)
    assert await scene.cards(ada) == []

    scene.home.local.clock.move_by(LEASE)
    async with scene.bot():
        await ada.visitor.wait_for("Before the first coffee")
    assert len(await scene.cards(ada)) == 1


async def test_killed_again_and_again_while_sending_no_third_card_comes(scene: Scene) -> None:
    ada = await guest_at(scene.home)
    scene.home.local.move_to(TUESDAY)
    for life in range(3):
        withheld = scene.faults.add(HoldAfter(method="sendMessage"))
        async with scene.bot():
            if life < 2:
                await scene.strike(withheld)
            else:
                async with asyncio.timeout(10):
                    while scene.read("SELECT 1 FROM delivery WHERE state = 'sending'"):  # noqa: ASYNC110
                        await asyncio.sleep(0.02)
        scene.home.local.clock.move_by(LEASE)
    assert len(await scene.cards(ada)) == 2
    assert scene.read("SELECT state FROM delivery ORDER BY due_at") == [("doubtful",), ("due",)]


@pytest.mark.parametrize(
    ("hold", "told", "calls"), [(HoldBefore, 1, 2), (HoldAfter, 2, 2)], ids=["before", "after"]
)
async def test_killed_while_a_review_is_sent_it_comes_as_the_same_review(
    scene: Scene, hold: type[HoldBefore] | type[HoldAfter], told: int, calls: int
) -> None:
    """Like a ritual: what may have arrived is sent once more at most, and none is lost."""
    ada = await guest_at(scene.home)
    practised_on(scene.home, TUESDAY - dt.timedelta(days=28), TUESDAY)  # today's is done: no card
    scene.home.local.move_to(TUESDAY)
    held = scene.faults.add(hold(method="sendPhoto"))
    async with scene.bot():
        await scene.strike(held)
    for _ in range(2):
        scene.home.local.clock.move_by(LEASE)
        async with scene.bot():
            await ada.visitor.wait_for("4 weeks: a look back")
            async with asyncio.timeout(10):
                while scene.read("SELECT 1 FROM review WHERE state <> 'sent'"):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
    messages = [m for m in await ada.visitor.messages() if "a look back" in m["text"]]
    assert len(messages) == told
    assert scene.read("SELECT mark, state, tries FROM review") == [(1, "sent", calls)]


@pytest.mark.parametrize("method", ["editMessageText", "answerCallbackQuery"])
@pytest.mark.parametrize("hold", [HoldBefore, HoldAfter])
async def test_killed_between_a_tap_and_its_answer_the_tap_counts_once_and_the_card_moves_on(
    scene: Scene, method: str, hold: type[HoldBefore] | type[HoldAfter]
) -> None:
    ada = await guest_at(scene.home)
    scene.home.local.move_to(TUESDAY)
    async with scene.bot():
        card = (await ada.visitor.wait_for("Before the first coffee"))["id"]
        held = scene.faults.add(hold(method=method))
        await ada.visitor.tap("Done", on=card, wait=0)
        await scene.strike(held)
    async with scene.bot():
        await processed(scene.home)
        assert "1 of 3" in await text_of(ada, card)
        await ada.visitor.tap("3", on=card)
        await processed(scene.home)
        assert "2 of 3" in await text_of(ada, card)
    assert scene.read(ANSWERS) == [("completed", 0), ("pain_during", 3)]
    assert len(await scene.cards(ada)) == 1


async def test_killed_at_each_question_of_the_enrolment_it_goes_on_where_it_was(
    scene: Scene,
) -> None:
    """Each life of the bot answers what the one before could not, and dies at the next question."""
    guests = [
        (await guest_at(scene.home, question, name=question), answer, then)
        for question, answer, then in STEPS
    ]
    async with scene.bot():
        for ada, _, _ in guests:
            await ada.visitor.say("/start")
        await processed(scene.home)
        held = [scene.faults.add(HoldBefore(method="editMessageText")) for _ in guests]
        for ada, answer, _ in guests:
            await ada.visitor.tap(answer, wait=0)
        for fault in held:
            await scene.strike(fault)
    async with scene.bot():
        for ada, _, then in guests:
            shown = await ada.visitor.wait_for(then)
            assert "answered already" not in shown["text"]
        await processed(scene.home)
    assert scene.read("SELECT count(*) FROM ritual WHERE wall_time = '07:00:00.000000'") == [(2,)]
    assert scene.read("SELECT count(*) FROM delivery") == [(1,)]


async def test_killed_after_a_typed_town_the_town_is_looked_up_again(scene: Scene) -> None:
    ada = await guest_at(scene.home, Question.TOWN)
    held = scene.faults.add(HoldBefore(method="sendMessage"))
    async with scene.bot():
        await ada.visitor.say("Zürich")
        await scene.strike(held)
    async with scene.bot():
        await ada.visitor.wait_for("Which of these is it?")
        await ada.press("Zürich, Switzerland", "When shall the ritual come?")
        await ada.press("07:00", "how long")
        await ada.press("10 min", "Before the first coffee")


async def test_killed_while_forgetting_somebody_they_stay_forgotten(scene: Scene) -> None:
    ada = await guest_at(scene.home)
    async with scene.bot():
        await ada.visitor.say("/forget")
        await ada.visitor.wait_for("Delete everything?")
        held = scene.faults.add(HoldBefore(method="editMessageText"))
        await ada.visitor.tap("Delete everything", wait=0)
        await scene.strike(held)
    async with scene.bot():
        await processed(scene.home)
        assert scene.read("SELECT 1 FROM person") == []
        await ada.visitor.tap("Delete everything")
        await ada.visitor.wait_for("Everything about you is deleted here")
