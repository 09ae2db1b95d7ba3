"""Killed around a snooze: the card still comes once more, for the same session, and the rule stays."""

import asyncio
import datetime as dt

from bot.localchat.faults import HoldAfter
from tests.chat.scenes import guest_at, processed, reply_to
from tests.faults.test_kill import LEASE, Scene, scene
from tests.journeys.house import MONDAY

HALF = dt.timedelta(minutes=30, seconds=5)
ERRANDS = "SELECT kind, state, tries FROM errand"

__all__ = ("scene",)  # the fixture


async def test_a_snooze_survives_a_kill_before_and_while_it_is_sent(scene: Scene) -> None:
    ada = await guest_at(scene.home)
    async with scene.bot():
        await reply_to(scene.home, ada, "/today")
        [card] = await scene.cards(ada)
        for label in ("Later", "In 30 min"):
            await ada.visitor.tap(label, on=card)
        await processed(scene.home)
    assert scene.read(ERRANDS) == [("snooze", "due", 0)]

    scene.home.local.move_to(MONDAY + HALF)
    withheld = scene.faults.add(HoldAfter(method="sendMessage"))
    async with scene.bot():
        await scene.strike(withheld)
    assert scene.read(ERRANDS) == [("snooze", "sending", 1)]
    assert len(await scene.cards(ada)) == 2

    scene.home.local.move_to(MONDAY + HALF + 2 * LEASE)
    async with scene.bot():
        async with asyncio.timeout(10):
            while scene.read(ERRANDS) != [("snooze", "sent", 2)]:  # noqa: ASYNC110  # no row tells of itself
                await asyncio.sleep(0.02)
        cards = await scene.cards(ada)
        assert len(cards) == 3  # what may have arrived is sent once more at most
        await ada.visitor.tap("Done", on=cards[-1])
        await processed(scene.home)
    assert scene.read("SELECT count(DISTINCT session_id), count(*) FROM answer") == [(1, 1)]
    assert scene.read("SELECT count(*) FROM session") == [(1,)]
    assert scene.read("SELECT wall_time FROM ritual") == [("07:00:00.000000",)]
