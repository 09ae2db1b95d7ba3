"""Which occurrence of a ritual comes next. A rule that changes takes its coming occurrences with it."""

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from zoneinfo import ZoneInfo

from bot.domain.profile import Profile
from bot.domain.rhythm import Occurrence, Ritual, local_day, next_instant
from bot.storage import rituals
from bot.storage.database import Work

# A date that had its occurrence is passed over: that of today, and on a rule of one weekday the next.
TRIES = 3


async def plan_next(work: Work, profile: Profile, ritual_id: int, after: dt.datetime) -> None:
    """Put the next occurrence of a ritual into the due-index; nothing while they pause without an end."""
    ritual = next((one for one in profile.rituals if one.id == ritual_id), None)
    if ritual is None or profile.zone is None:
        return  # it was taken out while its last card was on the way
    for at, day in islice(_coming(profile, ritual, after), TRIES):
        if await rituals.plan(work, profile.id, ritual.id, day, at):
            return


async def replan(work: Work, profile: Profile, now: dt.datetime) -> None:
    """A rule, a zone or a pause has changed: what was planned and has not left is planned anew.

    What is due this very moment still comes, but not into a pause.
    """
    assert profile.zone is not None  # they are enrolled
    today, pause = local_day(now, ZoneInfo(profile.zone)), profile.pause
    await rituals.take_back(work, profile.id, None if pause and pause.covers(today) else now)
    for ritual in profile.rituals:
        await plan_next(work, profile, ritual.id, now)


def _coming(profile: Profile, ritual: Ritual, after: dt.datetime) -> Iterator[Occurrence]:
    assert profile.zone is not None  # the caller saw one
    zone, pause = ZoneInfo(profile.zone), profile.pause
    while True:
        occurrence = next_instant(ritual.wall_time, zone, ritual.weekdays, after)
        after = occurrence.at
        if pause is None or not pause.covers(occurrence.day):
            yield occurrence
        elif pause.until is None:
            return
