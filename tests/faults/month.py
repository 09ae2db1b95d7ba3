"""A month of people with the bot, and everything that goes wrong in it, by a script drawn from a seed.

Localchat runs here, the bot in processes of its own. The clock moves in steps; in each, people do what they
do until the bot has worked off everything and is at rest. Whatever befalls it strikes meanwhile.
"""

import asyncio
import datetime as dt
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import col, select

from bot.assembly import build_replay
from bot.localchat.server import Localchat
from bot.settings import Settings, read_settings
from bot.storage.database import Database
from bot.storage.tables import OPEN, DeliveryRow, ErrandRow, InboxRow, ReviewRow, State, TurnRow
from tests import builders
from tests.faults.child import Child, Errand, Hand
from tests.faults.kills import Kill, Reaper
from tests.faults.ledger import Account, Ledger, dues_of
from tests.faults.people import crowd, enrol
from tests.faults.stores import Store

START = dt.datetime(2026, 10, 12, tzinfo=dt.UTC)  # both Europe and America change their clocks
PATIENCE = 45.0  # seconds for the bot to come to rest
STUCK = 2.0  # seconds without a change: whoever had taken the row has lost it
TOKEN = "1:local-" + "faults" * 6  # long enough that the log would hide it by itself
KINDS = (DeliveryRow, ReviewRow, ErrandRow)


class Waiting(NamedTuple):
    """A row that is not over, though it could be."""

    kind: str
    id: int
    state: str
    held_until: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much of everything."""

    people: int
    days: int
    seed: int
    busy: float | None = None  # seconds that SQLite waits for a lock; None as the bot has it


class Month:
    """The world, the bot's lives in it, and the ledger."""

    def __init__(self, plan: Plan, local: Localchat, store: Store, folder: Path) -> None:
        self.plan, self.local, self.store = plan, local, store
        self.chance = Random(plan.seed)
        self.database = Database(store.url)
        self.ledger = Ledger(local.world, local.faults, local.now)
        self.people = crowd(plan.people, plan.seed, local.world, self.ledger)
        self.ledger.zones |= {one.chat: one.zone for one in self.people}
        self.settings = settings(store.url)
        self.log = folder / "bot.log"
        self.bots: list[Child] = []
        self.kills: deque[Kill] = deque()  # that are to come as soon as may be
        self._how: dict[Child, str] = {}
        self._hand = folder / "hand"
        self.hand = Hand(self._hand)
        local.clock.on_move.append(lambda: self.hand.move(local.clock.shift))
        self.reaper = Reaper(local.world, local.faults, self.hand)
        self._still: tuple[list[Waiting], float] = ([], 0.0)
        self._orphans: set[Waiting] = set()  # whoever had them in hand is dead

    # --- the bot's lives ---

    def start(self) -> Child:
        child = Child(
            Errand(
                settings=self.settings,
                token=self.local.token,
                api_url=self.local.api_url,
                hand=self._hand,
                log=self.log,
                busy=self.plan.busy,
            )
        )
        self.bots.append(child)
        return child

    async def bury(self, bot: Child) -> None:
        """It is dead: of what, and what had it under way? After a while somebody starts it again."""
        kill = self.reaper.kill if self.reaper.struck else None
        if not self.reaper.struck and self.reaper.kill is not None:
            self.kills.appendleft(
                self.reaper.kill
            )  # it died of something else: its moment is to come
        await bot.gone()
        self.reaper.disarm()
        self.bots.remove(bot)
        how = str(kill.moment) if kill else self._how.pop(bot, "ended by itself")
        await self.store.settled()
        await self.ledger.autopsy(how, self.database)
        self._orphans.update(await self._waiting())
        if kill is not None:
            self.local.clock.move_by(kill.away)

    @property
    def doomed(self) -> bool:
        """A kill waits for its moment."""
        return bool(self.kills) or self.reaper.kill is not None

    async def strike(self, bot: Child, how: str) -> None:
        """Kill it at once, and don't start it again."""
        if bot.alive and not self.reaper.struck:
            self._how[bot] = how
            bot.strike()
        await self.bury(bot)

    def arm(self) -> None:
        """The next kill waits for its moment, through as many steps as it takes."""
        if self.kills and self.reaper.kill is None and self.bots:
            self.reaper.arm(self.kills.popleft(), self.bots[0])

    async def stop(self) -> None:
        for bot in self.bots:
            if bot.alive:
                await bot.kill()

    # --- time ---

    @property
    def now(self) -> dt.datetime:
        return self.local.now()

    def go_to(self, at: dt.datetime) -> None:
        """Never back: that is a misfortune of its own."""
        if at > self.now:
            self.local.move_to(at)

    async def step(self, at: dt.datetime) -> None:
        """A time comes, and all that is due then; some ask things of their own."""
        self.go_to(at)
        for one in self.people:
            if self.chance.random() < 0.03:
                one.ask(self.now)
        await self.rest()
        self.ledger.chances.append(self.now)

    async def live(self, seconds: float, *, reviving: bool = True) -> None:
        """People go on, whatever the bot does."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while loop.time() < until:
            self._look()
            if reviving:
                await self._revive()
            await asyncio.sleep(0.02)

    async def rest(self) -> None:
        """Until all is worked off, and nobody wants to do more."""
        try:
            async with asyncio.timeout(PATIENCE):
                while self._look() or not await self._at_rest() or self._look():
                    await self._revive()
                    await asyncio.sleep(0.01)
        except TimeoutError:
            self.ledger.stuck.append(
                f"at {self.now}, at last after {self.ledger.latest}: {self._still[0]}"
            )
            for bot in self.bots:
                bot.strike()  # a new life takes up what waits

    async def _revive(self) -> None:
        """As a service manager does: who is dead is started again."""
        for bot in [bot for bot in self.bots if not bot.alive]:
            by_itself = not self.reaper.struck
            await self.bury(bot)
            if by_itself:
                await asyncio.sleep(0.3)
            if not self.bots:
                self.start()
        self.arm()

    def _look(self) -> bool:
        acted = [one.look(self.now) for one in self.people]  # all of them do
        return any(acted)

    async def _at_rest(self) -> bool:
        """Where all that waits is held until later, it becomes later."""
        if self.local.world.updates:
            return False
        try:
            waiting = await self._waiting()
        except (sa.exc.DBAPIError, OSError):
            return False
        before, since = self._still
        clock = asyncio.get_running_loop().time()
        if waiting != before:
            self._still = waiting, clock
        elif waiting and all(one.held_until for one in waiting):
            nobodys = all(one.state == State.DUE or one in self._orphans for one in waiting)
            if clock - since > (0.1 if nobodys else STUCK):
                self.go_to(max(one.held_until for one in waiting if one.held_until))
        return not waiting

    async def _waiting(self) -> list[Waiting]:
        found = []
        async with self.database.look() as work:
            inbox = (  # whoever died had the turn of the chat, and keeps it for as long as it runs
                select(InboxRow.update_id, col(TurnRow.held_until))
                .join(TurnRow, col(TurnRow.chat_id) == col(InboxRow.chat_id), isouter=True)
                .where(col(InboxRow.waiting))
            )
            found += [Waiting("inbox", id_, "", held) for id_, held in await work.exec(inbox)]
            for kind in KINDS:
                rows = select(col(kind.id), col(kind.state), col(kind.held_until)).where(
                    col(kind.state).in_(OPEN), col(kind.due_at) <= self.now
                )
                found += [
                    Waiting(kind.__name__, id_ or 0, state, held)
                    for id_, state, held in await work.exec(rows)
                ]
        return found

    # --- the end ---

    async def close(self) -> Account:
        """Everything that was counted."""
        dues = dues_of(self.people, START, self.now)
        freshness = dt.timedelta(hours=self.settings.freshness_hours)
        replay = build_replay(self.settings, self.database)
        account = await self.ledger.close(dues, freshness, self.database, replay)
        said = self.log.read_text(errors="replace")
        account.never("the token in the log", [TOKEN] if TOKEN in said else [])
        return account


def settings(url: str) -> Settings:
    read = read_settings(
        {
            "BACKBEAT_TICK_SECONDS": "0.05",
            "BACKBEAT_MESSAGES_PER_SECOND": "1000",
            "BACKBEAT_PICTURE_PAINTERS": "0",  # they would draw for longer than the month takes
        },
        None,
    )
    return read.model_copy(update={"database_url": url})


@asynccontextmanager
async def month(plan: Plan, store: Store, folder: Path) -> AsyncIterator[Month]:
    """The world at its beginning: everybody is enrolled, and the bot is alive."""
    async with AsyncExitStack() as stack:
        local = Localchat(TOKEN)
        await local.start()
        stack.push_async_callback(local.stop)
        local.move_to(START)
        made = Month(plan, local, store, folder)
        stack.push_async_callback(made.database.close)
        await made.database.migrate()
        await enrol(builders.desk(made.database), made.people, local.now())
        made.hand.move(local.clock.shift)
        stack.push_async_callback(made.stop)
        made.start()
        await made.rest()
        yield made
