"""The moments at which a bot is killed: SIGKILL, from where they are seen, so that it does nothing more."""

import asyncio
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from bot.localchat.calls import Call
from bot.localchat.faults import Fault, Faults, HoldBefore
from bot.localchat.refusals import Json
from bot.localchat.world import World
from tests.faults.child import Child, Hand


class Moment(StrEnum):
    """When."""

    ARRIVED = "killed when a message had arrived, and was not stored"
    STORED = "killed when a message was stored, and not answered"
    EDITED = "killed when a card was about to change"
    ANSWERED = "killed when a tap had just been answered"
    HANDED = "killed right after updates were handed out"
    ACKNOWLEDGED = "killed when updates were acknowledged"
    COMMIT = "killed before a commit"
    COMMITTED = "killed after a commit"
    ANY = "killed at any time"


TELLING = {Moment.STORED: 4, Moment.ACKNOWLEDGED: 3, Moment.ARRIVED: 2}  # drawn so often
AWAY = (
    *([dt.timedelta(0)] * 7),
    *(dt.timedelta(seconds=20), dt.timedelta(minutes=5), dt.timedelta(minutes=50)),
)


@dataclass(frozen=True, slots=True)
class Kill:
    """A moment that is seen so many times before it is the one; and how long nobody starts it again."""

    moment: Moment
    skip: int
    delay: float  # seconds, where no event says when
    away: dt.timedelta

    @classmethod
    def drawn(cls, chance: Random) -> "Kill":
        [moment] = chance.choices([*Moment], [TELLING.get(moment, 1) for moment in Moment])
        return cls(
            moment, chance.choice((0, 0, 0, 1, 2, 4)), chance.random() * 0.4, chance.choice(AWAY)
        )

    def __str__(self) -> str:
        return f"{self.moment}, {self.skip} let pass, {self.delay:.3f} s, away for {self.away}"


class Reaper:
    """Waits for the moment of one kill at a time."""

    def __init__(self, world: World, faults: Faults, hand: Hand) -> None:
        self._faults, self._hand = faults, hand
        self.kill: Kill | None = None
        self._struck = False
        self._bot: Child | None = None
        self._left = 0
        self._timer: asyncio.TimerHandle | None = None
        self._held: HoldBefore | None = None
        world.listeners.append(self._on_change)
        faults.witnesses.append(self._on_call)

    @property
    def struck(self) -> bool:
        """The moment of the one that is armed has come."""
        return self._struck or self._hand.fallen

    def arm(self, kill: Kill, bot: Child) -> None:
        self.kill, self._bot, self._left = kill, bot, kill.skip
        match kill.moment:
            case Moment.ARRIVED | Moment.EDITED:
                method = "sendMessage" if kill.moment is Moment.ARRIVED else "editMessageText"
                self._held = self._faults.add(HoldBefore(method=method, skip=kill.skip))
            case Moment.COMMIT | Moment.COMMITTED:
                number = 1 + kill.skip * 3
                before = kill.moment is Moment.COMMIT
                self._hand.doom(**{"before" if before else "after": number})
            case Moment.ANY:
                self._later(kill.delay)

    def disarm(self) -> None:
        """It is over: what is held was held for a dead one."""
        if self._timer is not None:
            self._timer.cancel()
        if self._held is not None:
            self._faults.planned.remove(self._held)
        self._hand.doom()
        self.kill = self._bot = self._timer = self._held = None
        self._struck = False

    def _on_call(self, _call: Call, fault: Fault | None) -> None:
        if fault is not None and fault is self._held:
            self._strike()

    def _on_change(self, change: Json) -> None:
        if self.kill is None:
            return
        match self.kill.moment, change["kind"]:
            case (Moment.STORED, "chat") if (posted := change.get("posted")) and posted.by_bot:
                self._seen()
            case (Moment.ANSWERED, "answer") | (Moment.ACKNOWLEDGED, "acknowledged"):
                self._seen()
            case Moment.HANDED, "update":
                self._left -= 1
                if self._left == -1:
                    self._later(self.kill.delay / 20)

    def _seen(self) -> None:
        self._left -= 1
        if self._left == -1:
            self._strike()

    def _later(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._strike)

    def _strike(self) -> None:
        if self._bot is not None and self._bot.alive:
            self._struck = True
            self._bot.strike()
