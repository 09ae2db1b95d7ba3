"""What there is to see of someone's practice, as of a day: facts for a picture and its words, never a grade.

Silence is told apart from "not today", and both from a day without a ritual. The day itself counts only once
something was practised on it: it isn't over.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from statistics import mean

from bot.domain.consistency import Band, band, consistency
from bot.domain.exercise import Ladder
from bot.domain.feedback import Completed
from bot.domain.policy import Steadiness
from bot.domain.session import Asked, Session

ONE_DAY = dt.timedelta(days=1)
WEEK = 7
STRIP = 4  # weeks of the calendar
LEAST_WEEKS, MOST_WEEKS = 2, 12  # on the axis of the pain


class Kept(StrEnum):
    """What became of a day."""

    DONE = "done"
    PARTLY = "partly"
    NOT_TODAY = "not_today"  # so they said
    SILENT = "silent"  # a ritual came, and no answer
    FREE = "free"  # no ritual
    OUTSIDE = "outside"  # before all began, or not over yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """A ladder that was practised: where it began, and where it stands."""

    ladder: str
    first: int
    latest: int
    top: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """As of one day."""

    day: dt.date
    began: dt.date  # when something was practised first
    since: dt.date  # the first day on the axis of the pain
    usual_pain: int
    waking: Mapping[dt.date, int]  # by the morning it was told of
    during: Mapping[dt.date, int]
    ladders: tuple[Stood, ...]
    days: Mapping[dt.date, Kept]  # whole weeks, from a Monday
    consistency: float
    band: Band
    week: int  # days of the last seven on which something was practised

    @property
    def weeks(self) -> int:
        """That have passed since it all began."""
        return (self.day - self.began).days // WEEK

    def lately(self, told: Mapping[dt.date, int]) -> float | None:
        """The mean of the last seven days that are over, and the day itself."""
        values = [v for day, v in told.items() if 0 <= (self.day - day).days <= WEEK]
        return mean(values) if values else None

    def count(self, kept: Kept) -> int:
        return sum(became is kept for became in self.days.values())


def progress(
    sessions: Sequence[Session],  # oldest first
    came: Set[dt.date],  # the days on which a ritual reached them
    *,
    usual_pain: int,
    ladders: Mapping[str, Ladder],
    day: dt.date,
    limits: Steadiness,
) -> Progress | None:
    """None before anything was practised."""
    known = [session for session in sessions if session.day <= day]
    lived = [session for session in known if session.done]
    if not lived:
        return None
    waking = _by_day(
        (s.day + ONE_DAY, s.answers[Asked.MORNING]) for s in _told(lived, Asked.MORNING)
    )
    during = _by_day((s.day, s.answers[Asked.PAIN]) for s in _told(lived, Asked.PAIN))
    kept = _kept(known, came, day)
    score = consistency((kept[day] in (Kept.DONE, Kept.PARTLY) for day in sorted(kept)), limits)
    return Progress(
        day=day,
        began=lived[0].day,
        since=_since(lived[0].day, day),
        usual_pain=usual_pain,
        waking=waking,
        during=during,
        ladders=tuple(_stood(lived, ladders)),
        days={
            date: kept.get(date, Kept.FREE if lived[0].day < date < day else Kept.OUTSIDE)
            for date in _strip(day)
        },
        consistency=score,
        band=band(score, limits),
        week=len({s.day for s in lived if 0 < (day - s.day).days <= WEEK}),
    )


def _told(lived: Iterable[Session], asked: Asked) -> Iterable[Session]:
    return (session for session in lived if asked in session.answers)


def _by_day(told: Iterable[tuple[dt.date, int]]) -> dict[dt.date, int]:
    """The worst of a day."""
    worst: dict[dt.date, int] = {}
    for day, value in told:
        worst[day] = max(value, worst.get(day, value))
    return worst


def _kept(known: Iterable[Session], came: Set[dt.date], day: dt.date) -> dict[dt.date, Kept]:
    """Of the days with a ritual or with practice. A set on the way that was not done is neither."""
    said: dict[dt.date, list[Session]] = {}
    for session in known:
        if session.done or (session.day in came and not session.travel):
            said.setdefault(session.day, []).append(session)
    kept = {date: _best(sessions) for date, sessions in said.items()}
    if kept.get(day) in (Kept.SILENT, Kept.NOT_TODAY):
        del kept[day]
    return kept


def _best(sessions: Iterable[Session]) -> Kept:
    answers = {session.answers.get(Asked.COMPLETED) for session in sessions}
    became = {
        Completed.FULL: Kept.DONE,
        Completed.PARTIAL: Kept.PARTLY,
        Completed.NO: Kept.NOT_TODAY,
    }
    return next((kept for answer, kept in became.items() if answer in answers), Kept.SILENT)


def _stood(lived: Iterable[Session], ladders: Mapping[str, Ladder]) -> Iterable[Stood]:
    steps: dict[str, list[int]] = {}
    for session in lived:
        for given in session.shown:
            steps.setdefault(given.ladder, []).append(given.step)
    for slug, ladder in ladders.items():
        if slug in steps:
            first, *_ = stood = steps[slug]
            yield Stood(ladder=slug, first=first, latest=stood[-1], top=ladder.top)


def _strip(day: dt.date) -> Iterable[dt.date]:
    monday = day - dt.timedelta(days=day.weekday())
    begin = monday - (STRIP - 1) * WEEK * ONE_DAY
    return (begin + number * ONE_DAY for number in range(STRIP * WEEK))


def _since(first: dt.date, day: dt.date) -> dt.date:
    """Whole weeks back from the day: as many as were lived, within limits."""
    weeks = -(-((day - first).days + 1) // WEEK)
    weeks = min(max(weeks, LEAST_WEEKS), MOST_WEEKS)
    return day - (weeks * WEEK - 1) * ONE_DAY
