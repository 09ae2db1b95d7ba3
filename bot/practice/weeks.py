"""Looking back every week, and at any time: how it goes, and one thing that may be chosen."""

import datetime as dt
from dataclasses import dataclass

from bot.domain.graduation import spread
from bot.domain.profile import Profile
from bot.domain.refusal import ButtonUnreadable
from bot.domain.rhythm import EVERY_DAY
from bot.practice.enrolment import MINUTES, known, plan_anew
from bot.practice.prescription import Prescription
from bot.practice.progress import Told, told
from bot.storage import people, rituals
from bot.storage.database import Database, Work
from bot.storage.tables import ErrandRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """The desk for it."""

    database: Database
    prescription: Prescription

    async def due(self, row: ErrandRow, now: dt.datetime) -> tuple[Profile, Told] | None:
        """A weekly look back on its way, and whose it is; None where it can't be said, or is overtaken."""
        day = dt.date.fromisoformat(row.key)
        async with self.database.look() as work:
            profile = await people.get(work, row.person_id)
            if not profile.may_hear:
                return None
            today = self.prescription.day(self.prescription.person(profile), now)
            if (today - day).days >= self.prescription.policy.review.week_days:
                return None
            seen = await told(work, self.prescription, profile, day)
        return (profile, seen) if seen and seen.progress.week else None

    async def now(self, chat_id: int, now: dt.datetime) -> Told | None:
        """As of today; None before anything was practised. Raises NotEnrolled or PlanLocked."""
        async with self.database.look() as work:
            profile = await known(work, chat_id)
            today = self.prescription.day(self.prescription.person(profile), now)
            return await told(work, self.prescription, profile, today)

    async def fit(self, chat_id: int, day: dt.date, minutes: int, now: dt.datetime) -> Told:
        """So many minutes from the next ritual on; returns how it went up to that day.

        Raises NotEnrolled, PlanLocked or ButtonUnreadable.
        """
        if str(minutes) not in MINUTES:
            raise ButtonUnreadable
        async with self.database.work() as work:
            profile = await known(work, chat_id)
            seen = await self._back_then(work, profile, day, now)
            await people.tell(work, profile.id, minutes=minutes)
        return seen

    async def keep_days(
        self, chat_id: int, day: dt.date, days: int, now: dt.datetime
    ) -> tuple[Told, frozenset[int]]:
        """So many days a week from now on, of those there are; 7 is daily, 0 no change. Raises as `fit`.

        Returns the days that there are then.
        """
        fewest = self.prescription.policy.graduation.fewest_days
        if days and not fewest <= days <= len(EVERY_DAY):
            raise ButtonUnreadable
        async with self.database.work() as work:
            profile = await known(work, chat_id)
            seen = await self._back_then(work, profile, day, now)
            had = profile.weekdays
            chosen = EVERY_DAY if days == len(EVERY_DAY) else spread(had, days or len(had))
            if chosen != had:
                await rituals.keep_weekdays(work, profile.id, chosen)
                await plan_anew(work, await people.get(work, profile.id), now)
        return seen, chosen

    async def _back_then(
        self, work: Work, profile: Profile, day: dt.date, now: dt.datetime
    ) -> Told:
        """As of the day of a card that is answered; a day of no card is of none of ours."""
        today = self.prescription.day(self.prescription.person(profile), now)
        seen = await told(work, self.prescription, profile, day) if day <= today else None
        if seen is None:
            raise ButtonUnreadable
        return seen
