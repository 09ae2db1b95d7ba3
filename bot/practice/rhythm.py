"""When rituals come: the rules that somebody keeps, quiet hours, pauses, and a card that comes once more.

Whatever changes a rule plans its coming occurrences anew, in the same unit of work. A snooze changes no rule.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.exercise import Occasion
from bot.domain.profile import Profile
from bot.domain.refusal import ButtonUnreadable, CardGone, NotADay, NotEnrolled
from bot.domain.rhythm import (
    ONE_DAY,
    Pause,
    Ritual,
    Snooze,
    local_day,
    snoozed_until,
)
from bot.practice.enrolment import MINUTES, known
from bot.practice.occurrences import plan_anew, replan
from bot.practice.prescription import Prescription
from bot.practice.variety import by_id
from bot.storage import errands, people, rhythm, rituals, sessions
from bot.storage.database import Database, Work
from bot.storage.tables import Errand

MOST_RITUALS = 4  # a person; with more, a day is nothing but rituals (inference)
LONGEST_NAME = 40  # characters
LONGEST_PAUSE = 366  # days; who stays away for longer pauses without an end
TYPING_LASTS = dt.timedelta(hours=1)  # later words are not taken for an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """The desk where people say when."""

    database: Database
    prescription: Prescription

    async def look(self, chat_id: int) -> Profile:
        """Someone who has told everything, whatever else is open. Raises NotEnrolled."""
        async with self.database.look() as work:
            return await _enrolled(work, chat_id)

    async def next(self, profile: Profile) -> dt.datetime | None:
        """When the next ritual comes, where they are; None while they pause without an end."""
        async with self.database.look() as work:
            row = await rituals.next_of(work, profile.id)
        return row.due_at.astimezone(zone_of(profile, row.due_at)) if row else None

    async def add(self, chat_id: int, wall_time: dt.time, now: dt.datetime) -> Ritual:
        """Another ritual, every day; at a time that has one, that one. Raises ButtonUnreadable."""
        async with self.database.work() as work:
            profile = await _enrolled(work, chat_id)
            for ritual in profile.rituals:
                if ritual.wall_time == wall_time:  # a second tap
                    return ritual
            if len(profile.rituals) >= MOST_RITUALS:
                raise ButtonUnreadable
            ritual_id = await rituals.add(work, profile.id, wall_time)
            profile = await self._replan(work, profile, now)
        return own(profile, ritual_id)

    async def edit(
        self, chat_id: int, ritual_id: int, now: dt.datetime, **facts: object
    ) -> Profile:
        """Change a rule: its wall_time, weekdays, minutes or name. Raises CardGone."""
        async with self.database.work() as work:
            profile = await _enrolled(work, chat_id)
            own(profile, ritual_id)
            await rituals.edit(work, ritual_id, **facts)
            if facts.keys() & {"wall_time", "weekdays"}:
                return await self._replan(work, profile, now)
            return await people.get(work, profile.id)

    async def end(self, chat_id: int, ritual_id: int, now: dt.datetime) -> Profile:
        """Keep a ritual no more; the last one stays, as a pause is for that. Raises CardGone."""
        async with self.database.work() as work:
            profile = await _enrolled(work, chat_id)
            own(profile, ritual_id)
            if len(profile.rituals) > 1:
                await rituals.edit(work, ritual_id, ended_at=now)
            return await self._replan(work, profile, now)

    async def tell(self, chat_id: int, now: dt.datetime, **facts: object) -> Profile:
        """Keep what someone told of themselves, by column; a zone plans anew."""
        async with self.database.work() as work:
            profile = await _enrolled(work, chat_id)
            await people.tell(work, profile.id, **facts)
            profile = await people.get(work, profile.id)
            if "zone" in facts:
                await plan_anew(work, profile, now)
            return profile

    async def pause(
        self, chat_id: int, until: dt.date | None, *, update_id: int, now: dt.datetime
    ) -> Profile:
        """Nothing comes until a day, or until they say so. Raises NotADay for one that is past, or far."""
        async with self.database.work() as work:
            profile = await _enrolled(work, chat_id)
            today = local_day(now, zone_of(profile, now))
            if until is not None and not today < until <= today + LONGEST_PAUSE * ONE_DAY:
                raise NotADay(until.isoformat())
            await rhythm.pause(work, profile.id, until, update_id=update_id, now=now)
            await errands.cancel(work, profile.id, Errand.SNOOZE)
            return await self._replan(work, profile, now)

    async def resume(self, chat_id: int, *, update_id: int, now: dt.datetime) -> Profile:
        """From now on again; who does not pause loses nothing."""
        async with self.database.work() as work:
            profile = await _enrolled(work, chat_id)
            today = local_day(now, zone_of(profile, now))
            if not is_paused(profile, today):
                return profile
            await rhythm.pause(work, profile.id, today, update_id=update_id, now=now)
            return await self._replan(work, profile, now)

    async def snooze(
        self, chat_id: int, session_id: int, snooze: Snooze, *, update_id: int, now: dt.datetime
    ) -> bool:
        """The card once more, later today; a second wish replaces the first. False where it is too late.

        Raises CardGone.
        """
        async with self.database.work() as work:
            profile = await _enrolled(work, chat_id)
            await sessions.check_owner(work, session_id, profile.id)
            ladders = self.prescription.catalogue.ladders
            session = await sessions.get(work, session_id, ladders)
            at = snoozed_until(snooze, now, zone_of(profile, now), profile.quiet, session.day)
            if at is None or session.touched or session.travel:
                return False
            key = f"{session_id}:{update_id}"
            await errands.plan_instead(work, profile.id, Errand.SNOOZE, key, at, session_id)
        return True

    async def shorter(self, chat_id: int, now: dt.datetime) -> Profile:
        """Each ritual one size down from what it is, as far as there is one."""
        async with self.database.work() as work:
            profile = await _enrolled(work, chat_id)
            await people.tell(work, profile.id, minutes=smaller(profile.minutes or 0))
            for ritual in profile.rituals:
                if ritual.minutes is not None:
                    await rituals.edit(work, ritual.id, minutes=smaller(ritual.minutes))
            return await people.get(work, profile.id)

    async def two_minutes_next(self, chat_id: int, now: dt.datetime) -> dt.date | None:
        """The next ritual is the short set; whoever has time after all finds the way on its card."""
        async with self.database.work() as work:
            profile = await _enrolled(work, chat_id)
            coming = await rituals.next_of(work, profile.id)
            ritual = by_id(profile.rituals, coming.ritual_id) if coming else None
            if coming is None or ritual is None:
                return None
            short = self.prescription.catalogue.set_for(Occasion.SHORT)
            made = await sessions.make(
                work,
                person_id=profile.id,
                occasion=sessions.on_day(coming.local_date, ritual.key),
                day=coming.local_date,
                chosen=short,
                minutes=max(short.minutes),
                now=now,
            )
            ladders = self.prescription.catalogue.ladders
            if not (await sessions.get(work, made, ladders)).touched:
                await sessions.give(work, made, (), short, max(short.minutes))
            return coming.local_date

    async def _replan(self, work: Work, profile: Profile, now: dt.datetime) -> Profile:
        profile = await people.get(work, profile.id)
        await replan(work, profile, now)
        return profile


async def _enrolled(work: Work, chat_id: int) -> Profile:
    profile = await known(work, chat_id)
    if profile.minutes is None or profile.zone is None or not profile.rituals:
        raise NotEnrolled
    return profile


def zone_of(profile: Profile, moment: dt.datetime) -> ZoneInfo:
    """Of someone who is enrolled."""
    zone = profile.zone_at(moment)
    assert zone is not None
    return ZoneInfo(zone)


def own(profile: Profile, ritual_id: int) -> Ritual:
    """One of their rituals. Raises CardGone."""
    if (ritual := by_id(profile.rituals, ritual_id)) is None:
        raise CardGone
    return ritual


def is_paused(profile: Profile, today: dt.date) -> bool:
    """Nothing comes today."""
    return profile.pause is not None and profile.pause.covers(today)


def has_returned(pause: Pause | None, day: dt.date, zone: ZoneInfo) -> bool:
    """A pause has ended by itself, and not because they said so."""
    if pause is None or pause.until is None or pause.covers(day):
        return False
    return pause.until > local_day(pause.since, zone)


def smaller(minutes: int) -> int:
    """One size down."""
    sizes = sorted(map(int, MINUTES))
    return max((size for size in sizes if size < minutes), default=min(sizes[0], minutes))


def is_typing(profile: Profile, now: dt.datetime) -> str | None:
    """What their next words answer."""
    if profile.typing is None or now - profile.typing[1] > TYPING_LASTS:
        return None
    return profile.typing[0]
