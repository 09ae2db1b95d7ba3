"""The weights that people say they use, and what they weigh in. What they don't say is as the card has it."""

import datetime as dt
from dataclasses import dataclass

from bot.domain.load import Unit, Weight, weight_of
from bot.domain.profile import Profile
from bot.domain.refusal import WeightStands
from bot.domain.session import Held
from bot.practice.enrolment import known
from bot.practice.plan import Plan, among
from bot.practice.prescription import Prescription
from bot.practice.variety import is_followed
from bot.storage import people, sessions
from bot.storage.database import Database, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The desk where weights are chosen."""

    database: Database
    prescription: Prescription

    async def look(self, chat_id: int, session_id: int) -> Plan:
        """A card whose weight can be chosen. Raises WeightStands, CardGone, NotEnrolled or PlanLocked."""
        async with self.database.look() as work:
            profile = await known(work, chat_id)
            await self._open(work, profile, session_id)
        return await self.prescription.show(profile, session_id)

    async def choose(
        self, chat_id: int, session_id: int, grams: int, *, update_id: int, now: dt.datetime
    ) -> Plan:
        """Keep what one piece weighs, from this card on. Raises as `look` does."""
        async with self.database.work() as work:
            profile = await known(work, chat_id)
            weight = await self._open(work, profile, session_id)
            if not weight.allows(grams):
                raise WeightStands
            ladder = self.prescription.catalogue.ladders[weight.ladder]
            held = Held(weight.step, grams, ladder.step(weight.step).exercise.id)
            await sessions.weigh(
                work, session_id, weight.ladder, held, update_id=update_id, now=now
            )
        return await self.prescription.show(profile, session_id)

    async def measure(self, chat_id: int, session_id: int, unit: Unit) -> Plan:
        """Keep what someone weighs in. Raises as `look` does."""
        async with self.database.work() as work:
            profile = await known(work, chat_id)
            await self._open(work, profile, session_id)
            await people.tell(work, profile.id, unit=unit)
            profile = await people.get(work, profile.id)
        return await self.prescription.show(profile, session_id)

    async def _open(self, work: Work, profile: Profile, session_id: int) -> Weight:
        """The weight of a card that nobody has answered yet, and no later day has followed.

        What was practised stays as it was done, and an older card doesn't know what came after it.
        """
        self.prescription.person(profile)  # else they may not practise
        await sessions.check_owner(work, session_id, profile.id)
        every = await sessions.of_person(work, profile.id, self.prescription.catalogue.ladders)
        session = among(every, session_id)
        ladders, unit = self.prescription.catalogue.ladders, self.prescription.unit(profile)
        weight = weight_of(session, (), ladders, unit)
        if weight is None or session.touched or is_followed(session, every):
            raise WeightStands
        return weight
