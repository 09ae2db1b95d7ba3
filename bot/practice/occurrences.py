"""Which occurrence of a ritual comes next. A rule that changes takes its coming occurrences with it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import islice
from zoneinfo import ZoneInfo

from bot.domain.profile import Profile
from bot.domain.rhythm import Occurrence, Ritual, local_day, today_late
from bot.domain.trip import next_ritual
from bot.storage import rituals
from bot.storage.database import Work
from bot.storage.tables import State

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


async def plan_all(work: Work, wanted: Iterable[tuple[Profile, int, dt.datetime]]) -> None:
    """The same for many at once. Where the date has a row already, it is looked at one by one."""
    found: dict[tuple[int, dt.date], tuple[Profile, Occurrence, dt.datetime]] = {}
    for profile, ritual_id, after in wanted:
        ritual = next((one for one in profile.rituals if one.id == ritual_id), None)
        if ritual is not None and profile.zone is not None:
            for occurrence in islice(_coming(profile, ritual, after), 1):
                found[ritual_id, occurrence.day] = (profile, occurrence, after)
    planned = await rituals.plan_new(
        work, [(one[0].id, ritual_id, day, one[1].at) for (ritual_id, day), one in found.items()]
    )
    for (ritual_id, day), (profile, _, after) in found.items():
        if (ritual_id, day) not in planned:
            await plan_next(work, profile, ritual_id, after)


async def replan(work: Work, profile: Profile, now: dt.datetime) -> None:
    """A rule or a pause has changed: what was planned and has not left is planned anew.

    What is due this very moment still comes, but not into a pause.
    """
    await rituals.take_back(work, profile.id, None if _pauses(profile, now) else now)
    for ritual in profile.rituals:
        await plan_next(work, profile, ritual.id, now)


async def plan_anew(work: Work, profile: Profile, now: dt.datetime) -> None:
    """The clock has changed: what has not left comes by the new one.

    Where it is later there already than a ritual's time, and the date had none, it comes at once: else that
    date would be left out.
    """
    waiting = {ritual.id: await rituals.newest(work, ritual.id) for ritual in profile.rituals}
    await replan(work, profile, now)
    if _pauses(profile, now):
        return
    here = ZoneInfo(_zone(profile, now))
    today = local_day(now, here)
    for ritual in profile.rituals:
        was = waiting[ritual.id]
        if was is None or was.state != State.DUE or was.local_date > today:
            continue  # nothing was to come by today
        last = await rituals.newest_over(work, ritual.id)
        if today_late(ritual.wall_time, here, ritual.weekdays, now, last):
            await rituals.plan(work, profile.id, ritual.id, today, now)


def _pauses(profile: Profile, now: dt.datetime) -> bool:
    today = local_day(now, ZoneInfo(_zone(profile, now)))
    return profile.pause is not None and profile.pause.covers(today)


def _zone(profile: Profile, now: dt.datetime) -> str:
    zone = profile.zone_at(now)
    assert zone is not None  # they are enrolled
    return zone


def _coming(profile: Profile, ritual: Ritual, after: dt.datetime) -> Iterator[Occurrence]:
    """By the clock of a trip as long as it runs."""
    assert profile.zone is not None  # the caller saw one
    pause, rule = profile.pause, (ritual.wall_time, ritual.weekdays)
    while True:
        occurrence = next_ritual(*rule, profile.zone, profile.trips, after, None)
        after = occurrence.at
        if pause is None or not pause.covers(occurrence.day):
            yield occurrence
        elif pause.until is None:
            return
