"""Looking back every four weeks: when a review is due, what it says, and the one question that it asks.

A review is computed from what was stored, as of its day; only how well the main activity goes is taken as
it was told last, because the review itself asks for it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.person import Person
from bot.domain.profile import Profile
from bot.domain.refusal import ButtonUnreadable
from bot.domain.review import Review, look_back, marks
from bot.practice.enrolment import able, known
from bot.practice.prescription import Prescription
from bot.storage import activity, people, reviews, sessions
from bot.storage.database import Database, Work
from bot.storage.tables import ReviewRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrospection:
    """A review, ready to be shown."""

    review: Review
    names: Mapping[str, str]  # of the ladders
    asks: bool  # how well the main activity goes now


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrospect:
    """The desk where weeks are looked back on."""

    database: Database
    prescription: Prescription

    async def plan(self, person_id: int, day: dt.date, now: dt.datetime) -> None:
        """Put a review into the post where the weeks have reached a new mark, and it may be said."""
        async with self.database.look() as work:
            profile = await people.get(work, person_id)
            mark = await self._mark(work, person_id, day)
            last = await reviews.newest(work, person_id)
        if self._may_hear(profile) and mark > (last.mark if last else 0):
            async with self.database.work() as work:
                await reviews.plan(work, person_id, mark, day, now)

    async def due(self, row: ReviewRow, now: dt.datetime) -> tuple[Profile, Retrospection] | None:
        """A review on its way, and whose it is; None where it can't be said now.

        One that was held up until the next mark has been overtaken.
        """
        async with self.database.look() as work:
            profile = await people.get(work, row.person_id)
            if not self._may_hear(profile):
                return None
            person = self.prescription.person(profile)
            if await self._mark(work, person.id, self.prescription.day(person, now)) > row.mark:
                return None
            return profile, await self._look_back(work, person, row)

    async def latest(self, chat_id: int) -> Retrospection | None:
        """The newest review; None before the first. Raises NotEnrolled or PlanLocked."""
        async with self.database.look() as work:
            person = self.prescription.person(await known(work, chat_id))
            row = await reviews.newest(work, person.id)
            return await self._look_back(work, person, row) if row else None

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

    def _may_hear(self, profile: Profile) -> bool:
        """Enrolled, not locked, no safety question open, and not gone."""
        return not (profile.blocked or profile.screening.lock or profile.question)

    async def _mark(self, work: Work, person_id: int, day: dt.date) -> int:
        past = await sessions.of_person(work, person_id, self.prescription.catalogue.ladders)
        return marks(past, day, self.prescription.policy.review)

    async def _look_back(self, work: Work, person: Person, row: ReviewRow) -> Retrospection:
        told = await activity.of_person(work, person.id)
        review = look_back(
            row.mark,
            usual_pain=person.usual_pain,
            activity=[value for _, value in told if value is not None],
            sessions=await sessions.of_person(work, person.id, self.prescription.catalogue.ladders),
            day=row.day,
            limits=self.prescription.policy.review,
        )
        ladders = self.prescription.catalogue.ladders
        names = {slug: ladder.name for slug, ladder in ladders.items()}
        return Retrospection(review=review, names=names, asks=_asks(told, row.due_at))


def _asks(told: tuple[activity.Told, ...], since: dt.datetime) -> bool:
    """Not who has answered since; and not who said that their back keeps them from nothing in particular."""
    if not told:
        return True  # enrolled before this was a question
    at, value = told[-1]
    return at < since and value is not None
