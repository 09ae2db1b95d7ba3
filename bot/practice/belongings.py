"""What is kept of a person belongs to them: to look at, to hand on, and to take away.

It may be asked for at any time: before somebody has told everything, and while the plan is locked.
"""

import datetime as dt
from dataclasses import dataclass

from bot.catalogue.words import Words
from bot.domain.refusal import NotEnrolled
from bot.practice.consent import Agreed
from bot.practice.enrolment import known
from bot.practice.export import as_json, packed
from bot.practice.prescription import Prescription
from bot.practice.report import Report, report_on
from bot.storage import decisions, groups, holdings, people, rituals, sessions
from bot.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """The desk where people ask for what is theirs."""

    database: Database
    prescription: Prescription

    async def agreed(self, chat_id: int) -> Agreed | None:
        """To what, and when; None for a stranger, and for who has not agreed yet."""
        async with self.database.look() as work:
            at, version = await people.consent(work, chat_id)
        return Agreed(at=at, version=version) if at else None

    async def export(self, chat_id: int, words: Words, now: dt.datetime) -> bytes:
        """Everything, as a file. Raises NotEnrolled for a stranger: there is nothing."""
        async with self.database.look() as work:
            profile = await known(work, chat_id)
            kept = await holdings.of_person(work, chat_id)
            past = await sessions.of_person(work, profile.id, self.prescription.catalogue.ladders)
        return packed(kept, past, self.prescription.names(profile), words, now)

    async def whole(self, chat_id: int, words: Words, now: dt.datetime) -> bytes:
        """Only what is for programs. Raises NotEnrolled."""
        async with self.database.look() as work:
            await known(work, chat_id)
            kept = await holdings.of_person(work, chat_id)
        return as_json(kept, words, now).encode()

    async def report(self, chat_id: int, now: dt.datetime) -> Report:
        """What a physiotherapist may want to know. Raises NotEnrolled before there is anything to tell."""
        async with self.database.look() as work:
            profile = await known(work, chat_id)
            if profile.zone is None or profile.minutes is None:
                raise NotEnrolled
            kept = await holdings.of_person(work, chat_id)
            ladders = self.prescription.catalogue.spoken(profile.language).ladders
            past = await sessions.of_person(work, profile.id, ladders)
            occasions = await decisions.of_person(work, profile.id)
            came = await rituals.came_on(work, profile.id)
        return report_on(
            profile, kept, past, occasions, came, ladders, self.prescription.policy, now
        )

    async def greet_group(self, group_id: int) -> bool:
        """Note that a group is told where the bot talks; says whether it wasn't yet."""
        async with self.database.work() as work:
            return await groups.tell(work, group_id)
