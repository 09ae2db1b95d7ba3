"""The try-out before the first session: what is tried next, and where someone begins (domain/placement.py).

It keeps no state of its own: the first thing that has no answer yet is the open question.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.placement import FIRST, Felt, Try
from bot.domain.profile import Profile
from bot.domain.refusal import ButtonUnreadable, TryOutOver
from bot.practice.enrolment import known
from bot.practice.prescription import Prescription
from bot.storage import people, sessions
from bot.storage.database import Database, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Trying:
    """Where someone's try-out is."""

    next: Try | None  # None once it is over
    begun: bool
    starts: Mapping[str, int]  # by the ladder's name, where it is beyond the first step
    names: Mapping[str, str]  # of the ladders


@dataclass(frozen=True, slots=True, kw_only=True)
class TryOut:
    """The desk where a few steps are tried."""

    database: Database
    prescription: Prescription

    async def look(self, profile: Profile) -> Trying:
        """Where it is. Raises TryOutOver once a session was answered, NotEnrolled or PlanLocked."""
        async with self.database.look() as work:
            return await self._where(work, profile)

    async def under_way(self, profile: Profile) -> Trying | None:
        """Where it is, if it was begun and waits for an answer."""
        if not profile.tried:
            return None
        try:
            trying = await self.look(profile)
        except TryOutOver:
            return None
        return trying if trying.next else None

    async def keep(
        self,
        chat_id: int,
        ladder: str,
        step: int,
        felt: int,
        *,
        update_id: int,
        now: dt.datetime,
    ) -> Trying:
        """Keep how the open step felt; an answer to any other was given before, and changes nothing.

        Raises as `look`, and ButtonUnreadable.
        """
        if felt not in set(Felt):
            raise ButtonUnreadable
        async with self.database.work() as work:
            profile = await known(work, chat_id)
            trying = await self._where(work, profile)
            open_try = trying.next
            if open_try is None or (open_try.ladder, open_try.step) != (ladder, step):
                return trying
            await people.try_out(
                work,
                profile.id,
                ladder,
                step,
                Felt(felt),
                exercise=open_try.exercise.id,
                update_id=update_id,
                now=now,
            )
            return await self._where(work, await people.get(work, profile.id))

    async def _where(self, work: Work, profile: Profile) -> Trying:
        person = self.prescription.person(profile)
        if await sessions.newest_answer(work, profile.id):
            raise TryOutOver
        names = self.prescription.names(profile)
        placements = self.prescription.placements(person, profile)
        return Trying(
            next=self.prescription.next_try(person, profile),
            begun=bool(profile.tried),
            starts={names[name]: step for name, step in placements.items() if step > FIRST},
            names=names,
        )
