"""Looking back: when a week or four have come round, what the review of four says, and what it asks.

A review is computed from what was stored, as of its day; only how well the main activity goes is taken as
it was told last, because the review itself asks for it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.profile import Profile
from bot.domain.refusal import ButtonUnreadable
from bot.domain.review import Review, look_back, marks, week_due
from bot.practice.enrolment import able, known
from bot.practice.prescription import Prescription
from bot.practice.progress import Told, told
from bot.storage import activity, errands, people, reviews, sessions
from bot.storage.database import Database, Work
from bot.storage.tables import Errand, ReviewRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrospection:
    """A review, ready to be shown."""

    review: Review
    names: Mapping[str, str]  # of the ladders
    asks: bool  # how well the main activity goes now
    told: Told | None  # what there is to see of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrospect:
    """The desk where weeks are looked back on."""

    database: Database
    prescription: Prescription

    async def plan(self, profile: Profile, day: dt.date, now: dt.datetime) -> None:
        """Put into the post what has come round and may be said: a review of four weeks, else of one."""
        if not profile.may_hear:
            return
        limits = self.prescription.policy.review
        async with self.database.look() as work:
            past = await sessions.of_person(work, profile.id, self.prescription.catalogue.ladders)
            last = await reviews.newest(work, profile.id)
            weeks = await errands.of_person(work, profile.id, Errand.WEEK)
        said = [dt.date.fromisoformat(row.key) for row in weeks] + ([last.day] if last else [])
        mark = marks(past, day, limits)
        if mark > (last.mark if last else 0):
            async with self.database.work() as work:
                await reviews.plan(work, profile.id, mark, day, now)
        elif week_due(past, day, said, limits):
            async with self.database.work() as work:
                await errands.plan(work, profile.id, Errand.WEEK, day.isoformat(), now)

    async def due(self, row: ReviewRow, now: dt.datetime) -> tuple[Profile, Retrospection] | None:
        """A review on its way, and whose it is; None where it can't be said now.

        One that was held up until the next mark has been overtaken.
        """
        async with self.database.look() as work:
            profile = await people.get(work, row.person_id)
            if not profile.may_hear:
                return None
            person = self.prescription.person(profile)
            if await self._mark(work, person.id, self.prescription.day(person, now)) > row.mark:
                return None
            return profile, await self._look_back(work, profile, row)

    async def latest(self, chat_id: int) -> Retrospection | None:
        """The newest review; None before the first. Raises NotEnrolled or PlanLocked."""
        async with self.database.look() as work:
            profile = await known(work, chat_id)
            self.prescription.person(profile)  # who may not practise is told why
            row = await reviews.newest(work, profile.id)
            return await self._look_back(work, profile, row) if row else None

    async def keep_activity(
        self, chat_id: int, value: str, *, update_id: int, now: dt.datetime
    ) -> Retrospection | None:
        """Keep how well the main activity goes, whichever review asked; the newest one says what changed.

        Raises NotEnrolled, PlanLocked or ButtonUnreadable.
        """
        try:
            told = able(value)
        except ValueError as unfit:
            raise ButtonUnreadable from unfit
        async with self.database.work() as work:
            person = self.prescription.person(await known(work, chat_id))
            await activity.tell(work, person.id, told, now, update_id)
        return await self.latest(chat_id)

    async def _mark(self, work: Work, person_id: int, day: dt.date) -> int:
        past = await sessions.of_person(work, person_id, self.prescription.catalogue.ladders)
        return marks(past, day, self.prescription.policy.review)

    async def _look_back(self, work: Work, profile: Profile, row: ReviewRow) -> Retrospection:
        person = self.prescription.person(profile)
        able_then = await activity.of_person(work, person.id)
        review = look_back(
            row.mark,
            usual_pain=person.usual_pain,
            activity=[value for _, value in able_then if value is not None],
            sessions=await sessions.of_person(work, person.id, self.prescription.catalogue.ladders),
            day=row.day,
            limits=self.prescription.policy.review,
        )
        return Retrospection(
            review=review,
            names=self.prescription.names(profile),
            asks=_asks(able_then, row.due_at),
            told=await told(work, self.prescription, profile, row.day),
        )


def _asks(told: tuple[activity.Told, ...], since: dt.datetime) -> bool:
    """Not who has answered since; and not who said that their back keeps them from nothing in particular."""
    if not told:
        return True  # enrolled before this was a question
    at, value = told[-1]
    return at < since and value is not None
