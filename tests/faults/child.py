"""The real bot in a process of its own, that can be killed as a power cut would.

Its clock is the machine's, shifted by so many seconds: a ritual becomes due at will.
"""

import asyncio
import datetime as dt
import multiprocessing
from dataclasses import dataclass

from bot import assembly
from bot.settings import CONTENT, Settings
from tests import builders
from tests.journeys.house import READERS

# A child is a copy of a process that has imported all this already, so that it starts at once.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])
READERS["read_catalogue"](CONTENT)
READERS["read_policy"](CONTENT / "policy.yaml")
READERS["read_voices"](CONTENT, "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a child needs to know."""

    settings: Settings
    token: str
    api_url: str
    ahead: dt.timedelta  # of the machine's clock


class Child:
    """One life of the bot."""

    def __init__(self, errand: Errand) -> None:
        self._process = FORKS.Process(target=live, args=(errand,), daemon=True)
        self._process.start()

    async def kill(self) -> None:
        """SIGKILL: nothing is tidied up."""
        assert self._process.is_alive(), "it died by itself"
        self._process.kill()
        await asyncio.to_thread(self._process.join)


def live(errand: Errand) -> None:
    """Be the bot until killed."""
    vars(assembly).update(READERS, Places=builders.Atlas)
    asyncio.run(_live(errand))


async def _live(errand: Errand) -> None:
    def clock() -> dt.datetime:
        return dt.datetime.now(dt.UTC) + errand.ahead

    async with assembly.running(
        errand.settings, token=errand.token, api_url=errand.api_url, clock=clock
    ) as intake:
        await intake
