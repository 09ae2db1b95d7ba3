"""Three days of rituals that nobody touched: one question, once, and what was answered to it.

Silence is no failure and no answer. It only may mean that the rhythm does not fit.
"""

import datetime as dt
from dataclasses import dataclass

from bot.domain.profile import Profile
from bot.domain.rhythm import EVENING, EVERY_DAY, Hindrance, local_day, next_instant
from bot.practice.enrolment import known
from bot.practice.rhythm import is_paused, zone_of
from bot.storage import errands, people, rhythm, rituals, sessions
from bot.storage.database import Database, Work
from bot.storage.tables import Errand, ErrandRow, State

SILENT_DAYS = 3  # in a row, each with a ritual that arrived (inference)
ASKED_AGAIN = dt.timedelta(days=14)  # after this at the earliest (inference)
ROOM = dt.timedelta(hours=3)  # at least, from the last card to the question


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """The desk where the question is asked."""

    database: Database

    async def plan(self, profile: Profile, day: dt.date, now: dt.datetime) -> None:
        """After a ritual of a day has arrived: put the question into the post, for the evening."""
        async with self.database.look() as work:
            touched = await sessions.last_touched(work, profile.id)
            if touched is not None and (day - touched).days < SILENT_DAYS:
                return  # the usual case costs no more than this
            if not await self._may_ask(work, profile, now):
                return
        evening = next_instant(EVENING, zone_of(profile, now), EVERY_DAY, now + ROOM)
        async with self.database.work() as work:
            await errands.plan(work, profile.id, Errand.MISSED, day.isoformat(), evening.at)

    async def due(self, errand: ErrandRow, now: dt.datetime) -> Profile | None:
        """Whom to ask; None where somebody has stirred, pauses, or is asked something else."""
        async with self.database.look() as work:
            profile = await people.get(work, errand.person_id)
            return profile if await self._may_ask(work, profile, now, errand.id) else None

    async def answer(
        self, chat_id: int, kind: Hindrance, *, update_id: int, now: dt.datetime
    ) -> Profile:
        """Keep what got in the way."""
        async with self.database.work() as work:
            profile = await known(work, chat_id)
            await rhythm.hinder(work, profile.id, kind, update_id=update_id, now=now)
            return await people.get(work, profile.id)

    async def _may_ask(
        self, work: Work, profile: Profile, now: dt.datetime, itself: int | None = None
    ) -> bool:
        if profile.blocked or profile.screening.lock or profile.question:
            return False
        if is_paused(profile, local_day(now, zone_of(profile, now))):
            return False
        for row in await errands.of_person(work, profile.id, Errand.MISSED):
            over = row.state in (State.NEEDLESS, State.CANCELLED)
            if row.id != itself and not over and now - row.due_at < ASKED_AGAIN:
                return False
        return await self._is_silent(work, profile)

    async def _is_silent(self, work: Work, profile: Profile) -> bool:
        """On the newest days with a ritual that arrived, and since. A pause and an answer begin anew."""
        told = await rhythm.last_hindrance(work, profile.id)
        paused = profile.pause.since if profile.pause else None
        since = max((moment for moment in (told, paused) if moment), default=None)
        arrived = await rituals.sent(work, profile.id, since)
        days = sorted({row.local_date for row in arrived}, reverse=True)[:SILENT_DAYS]
        touched = await sessions.last_touched(work, profile.id)
        return len(days) == SILENT_DAYS and (touched is None or touched < days[-1])
