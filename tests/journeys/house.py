"""A whole house for a test: localchat on loopback, the real bot beside it, and people at its page."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot import assembly
from bot.assembly import build_replay, running
from bot.catalogue.policy import read_policy
from bot.catalogue.reading import read_catalogue
from bot.catalogue.words import read_voices
from bot.localchat.server import Localchat
from bot.practice.replay import Outcome
from bot.settings import Settings, read_settings
from bot.storage.database import Database
from tests.builders import migrated
from tests.localchat.visitor import Visitor

MONDAY = dt.datetime(2026, 11, 23, 6, 0, tzinfo=dt.UTC)  # 07:00 in Zurich
ZONE = ZoneInfo("Europe/Zurich")
RITUALS = (
    *("Before the first coffee", "In the middle of the day"),
    *("After the last meeting", "Flare day"),
)
CARDS = (
    *RITUALS,
    *("Two minutes", "Today's ritual", "Hotel room", "In your seat", "After a long flight"),
)
# A house starts its bot several times, and content never changes while tests run: once is enough.
READERS = {reader.__name__: cache(reader) for reader in (read_catalogue, read_policy, read_voices)}


@dataclass
class House:
    """Localchat, a database, and a bot that can be stopped and started."""

    local: Localchat
    settings: Settings
    _visitors: list[Visitor] = field(default_factory=list)

    @asynccontextmanager
    async def bot(self, patience: float = 5) -> AsyncIterator[None]:
        """The bot is at work inside, and gone outside; after so many seconds it leaves what is in work."""
        settings = self.settings.model_copy(update={"stop_seconds": patience})
        async with running(
            settings, token=self.local.token, api_url=self.local.api_url, clock=self.local.now
        ):
            yield

    async def visitor(self, name: str = "Ada", language: str = "en") -> "Guest":
        visitor = await Visitor.arrive(self.local, name, language)
        self._visitors.append(visitor)
        return Guest(visitor, self.local)

    async def rows(self, query: str, **values: object) -> list[Mapping[str, Any]]:
        """Read the database beside the bot, as an operator could."""
        url = self.settings.database_url.replace("+aiosqlite", "")
        engine = sa.create_engine(url)
        try:
            with engine.connect() as connection:
                return [dict(row) for row in connection.execute(sa.text(query), values).mappings()]
        finally:
            engine.dispose()

    async def pass_days(self, upto: int, people: int = 1) -> None:
        """To the small hours of a day; the rituals of the days between come too late."""
        self.local.move_to(MONDAY + dt.timedelta(days=upto, hours=-2))
        date = (MONDAY + dt.timedelta(days=upto)).date().isoformat()
        due = "SELECT 1 FROM delivery WHERE state = 'due' AND local_date = :date"
        async with asyncio.timeout(10):
            while len(await self.rows(due, date=date)) < people:  # noqa: ASYNC110  # no row tells of itself
                await asyncio.sleep(0.02)

    async def close(self) -> None:
        for visitor in self._visitors:
            await visitor.leave()
        await self.local.stop()


@asynccontextmanager
async def house(folder: Path, start: dt.datetime = MONDAY) -> AsyncIterator[House]:
    """An empty house at a moment."""
    local = Localchat(save_to=folder / "localchat.json")
    await local.start()
    local.move_to(start)
    settings = read_settings(
        {
            "BACKBEAT_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'backbeat.db'}",
            "BACKBEAT_TICK_SECONDS": "0.1",
            "BACKBEAT_MESSAGES_PER_SECOND": "1000",
            "BACKBEAT_CHAT_MESSAGES_PER_SECOND": "1000",
            "BACKBEAT_PICTURE_PAINTERS": "0",  # each test of pictures has its own
        },
        None,
    )
    (folder / "backbeat.db").write_bytes(migrated())
    made = House(local, settings)
    with pytest.MonkeyPatch.context() as patch:
        for name, reader in READERS.items():
            patch.setattr(assembly, name, reader)
        try:
            yield made
        finally:
            await made.close()


@dataclass
class Guest:
    """Somebody in the chat, and the ways people have with the bot."""

    visitor: Visitor
    local: Localchat

    async def enrol(
        self,
        *,
        life: str = "Sitting",
        pain: str = "2",
        able: str = "5",
        minutes: str = "20 min",
        at: str = "07:00",
        owns: Sequence[str] = (),
    ) -> None:
        """From /start to the first card."""
        await self.visitor.say("/start")
        await self.visitor.wait_for("Hello")
        await self.press("I agree, let's start", "Safety first")
        await self.press("None of these", "And any of this?")
        await self.press("None of these", "Does any of this apply")
        await self.press("None of these", "feel worse")
        await self.press("None, or I can't say", "most of the day")
        await self.press(life, "how much does your back hurt")
        await self.press(pain, "have at home")
        for thing in owns:
            await self.visitor.tap(thing)
        await self.press("That's all" if owns else "Nothing of these", "How well can you do it now")
        await self.press(able, "Which town")
        await self.visitor.say("Zürich")
        await self.visitor.wait_for("Which of these is it?")
        await self.press("Zürich, Switzerland", "When shall the ritual come?")
        await self.press(at, "how long")
        await self.visitor.tap(minutes)
        await self.visitor.wait_for(lambda m: m["text"].startswith(RITUALS))

    async def press(self, label: str, then: str) -> dict[str, Any]:
        """Tap a button of the newest message that has it; wait for what it leads to."""
        await self.visitor.tap(label)
        return await self.visitor.wait_for(then)

    async def morning(self, day: int, hour: int = 7, minute: int = 0) -> dict[str, Any]:
        """Move the clock to a morning, counted from the first Monday, and wait for the ritual."""
        known = (await self.visitor.messages())[-1]["id"]
        self.local.move_to(
            (MONDAY + dt.timedelta(days=day)).replace(hour=hour - 1, minute=minute, second=2)
        )
        return await self.visitor.wait_for(
            lambda m: m["id"] > known and m["text"].startswith(RITUALS), timeout=10
        )

    async def practise(
        self,
        *,
        done: str = "Done",
        woke: int | None = 2,
        pain: int = 2,
        compensation: str = "None of these",
        breath: str = "All the way",
        three_more: str = "Yes",
    ) -> str:
        """Answer the newest card to its end; returns what it says then.

        A tap is answered after its card was edited, so that the next tap finds the next question.
        """
        card = await self.card()
        if woke is not None and "How did you wake" in card["text"]:
            await self.visitor.tap(str(woke), on=card["id"])
        if done == "Not today":
            await self.visitor.tap(done, on=card["id"])
            return str((await self.card())["text"])
        await self._tell(card["id"], done, str(pain))
        if three_more == "No" and "With the weight" in (await self.card())["text"]:
            await self.visitor.tap("Three more: too many", on=card["id"])
        if compensation != "None of these":
            for number in [n for n in await self.visitor.labels(card["id"]) if n.isdecimal()]:
                await self.visitor.tap(number, on=card["id"])
                await self.visitor.tap(compensation, on=card["id"])
        last = "That's all" if "That's all" in await self.visitor.labels(card["id"]) else None
        await self._tell(card["id"], last or compensation, breath)
        return str((await self.card())["text"])

    async def _tell(self, card: int, *labels: str) -> None:
        """Answers; where something was off it was in all of the exercises."""
        for label in labels:
            await self.visitor.tap(label, on=card)
            if "In all, or I can't say" in await self.visitor.labels(card):
                await self.visitor.tap("In all, or I can't say", on=card)

    async def card(self) -> dict[str, Any]:
        """The newest card of a session; a review may stand below it."""
        return await self.visitor.wait_for(lambda m: m["text"].startswith(CARDS))

    async def steps(self, house: "House") -> dict[str, tuple[int, float]]:
        """Where the newest session stands on each ladder: step and fraction of the dose."""
        rows = await house.rows(
            "SELECT ladder, step, dose_fraction FROM portion ORDER BY session_id"
        )
        return {row["ladder"]: (row["step"], row["dose_fraction"]) for row in rows}


async def assert_replays(home: House) -> None:
    """Every decision that the house ever made comes out the same from what was known then."""
    database = Database(home.settings.database_url)
    try:
        replayed = [one async for one in build_replay(home.settings, database).everybody()]
    finally:
        await database.close()
    made = await home.rows("SELECT count(*) AS number FROM decision")
    assert len(replayed) == made[0]["number"]
    different = [one for one in replayed if one.outcome is not Outcome.SAME]
    assert not different, different[0]


async def settle(seconds: float = 0.3) -> None:
    """Long enough for several ticks, where nothing is expected to happen."""
    await asyncio.sleep(seconds)
