"""Every four weeks: what became of the beginning, and whether a clinician's view is worth suggesting.

From the eighth week on it is suggested where nothing that is known got better by 2 points or 30 %, and
pain, or what the back keeps someone from, had room to (3 or more of 10 at the beginning) or got worse by 2
points. (Inference from Ostelo 2008, 10.1097/BRS.0b013e31815e3a10, and WHO 2023, NBK599213.) A suggestion
moves no ladder and locks nothing; silence is unknown, and never a reason for one.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import mean

from bot.domain.policy import Reviews
from bot.domain.session import Asked, Session

AS_WELL_AS_EVER = 10  # of the main activity


class Shift(StrEnum):
    """What became of a complaint since the beginning; each has its sentences in review.j2."""

    BETTER = "better"  # by enough to matter
    SAME = "same"  # there was room to get better
    LITTLE = "little"  # it was little at the beginning, and is
    WORSE = "worse"  # by as many points as would have mattered
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Then and now, as they were told."""

    then: int | None
    now: float | None
    shift: Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A ladder that stands on another step than when it began."""

    ladder: str
    first: int
    latest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A look back, as of one day."""

    weeks: int
    sessions: int  # practised, in full or in part
    moved: tuple[Moved, ...]
    pain: Compared  # usual pain at sign-up, and the mornings of late
    activity: Compared  # how well the main activity goes: 10 is as well as ever
    suggests_clinician: bool


def first_practised(sessions: Iterable[Session]) -> dt.date | None:
    """The day on which the weeks begin to count."""
    return min((session.day for session in sessions if session.done), default=None)


def marks(sessions: Iterable[Session], day: dt.date, limits: Reviews) -> int:
    """How many reviews have come due up to a day; none before something was practised."""
    first = first_practised(sessions)
    return 0 if first is None else max(0, (day - first).days // limits.every_days)


def week_due(
    sessions: Iterable[Session], day: dt.date, said: Iterable[dt.date], limits: Reviews
) -> bool:
    """A week has come round that was not looked back on yet, and something was practised in it."""
    lived = [session.day for session in sessions if session.done]
    if not lived:
        return False

    def week(date: dt.date) -> int:
        return (date - min(lived)).days // limits.week_days

    of_late = any(0 < (day - date).days <= limits.week_days for date in lived)
    return of_late and week(day) > max(map(week, said), default=0)


def look_back(
    mark: int,
    *,
    usual_pain: int,
    activity: Sequence[int],  # every value told, oldest first
    sessions: Sequence[Session],  # oldest first
    day: dt.date,
    limits: Reviews,
) -> Review:
    """The review of a mark, from the sessions before that day."""
    lived = [session for session in sessions if session.done and session.day < day]
    pain = _pain(usual_pain, lived, day, limits)
    able = _activity(activity, limits)
    old_enough = mark * limits.every_days >= limits.clinician_days
    return Review(
        weeks=mark * limits.every_days // 7,
        sessions=len(lived),
        moved=tuple(_moved(lived)),
        pain=pain,
        activity=able,
        suggests_clinician=old_enough and not _enough({pain.shift, able.shift}),
    )


def shift(then: int, now: float, limits: Reviews) -> Shift:
    """Of a complaint from 0, none, to 10. What was little can't get better by a share of itself."""
    fall = round(then - now, 6)
    has_room = then >= limits.room_from
    if fall >= limits.points or (has_room and fall >= round(then * limits.fraction, 6)):
        return Shift.BETTER
    if -fall >= limits.points:
        return Shift.WORSE
    return Shift.SAME if has_room else Shift.LITTLE


def _enough(shifts: set[Shift]) -> bool:
    """Something got better, or nothing that is known could have and didn't."""
    return Shift.BETTER in shifts or shifts.isdisjoint({Shift.SAME, Shift.WORSE})


def _pain(usual: int, lived: Sequence[Session], day: dt.date, limits: Reviews) -> Compared:
    mornings = [
        session.answers[Asked.MORNING]
        for session in lived
        if Asked.MORNING in session.answers
        if (day - session.day).days <= limits.morning_days
    ]
    if len(mornings) < limits.least_mornings:
        return Compared(then=usual, now=None, shift=Shift.UNKNOWN)
    now = mean(mornings)
    return Compared(then=usual, now=now, shift=shift(usual, now, limits))


def _activity(told: Sequence[int], limits: Reviews) -> Compared:
    """How well it goes, compared by what is missing from "as well as ever"."""
    if len(told) < 2:
        return Compared(then=told[0] if told else None, now=None, shift=Shift.UNKNOWN)
    then, now = told[0], told[-1]
    lacked, lacks = AS_WELL_AS_EVER - then, AS_WELL_AS_EVER - now
    return Compared(then=then, now=now, shift=shift(lacked, lacks, limits))


def _moved(lived: Iterable[Session]) -> Iterable[Moved]:
    steps: dict[str, list[int]] = {}
    for session in lived:
        for given in session.shown:
            steps.setdefault(given.ladder, []).append(given.step)
    for ladder, stood in steps.items():
        if stood[0] != stood[-1]:
            yield Moved(ladder=ladder, first=stood[0], latest=stood[-1])
