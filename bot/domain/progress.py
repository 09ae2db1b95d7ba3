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
from bot.domain.policy import Policy
from bot.domain.session import BELOW, Asked, Session

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
    """A ladder that was practised: where it began, and each step since, with the day it was come to."""

    ladder: str
    top: int
    reached: tuple[tuple[dt.date, int], ...]  # oldest first; never the same step twice in a row

    @property
    def first(self) -> int:
        return self.reached[0][1]

    @property
    def latest(self) -> int:
        return self.reached[-1][1]


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
    days: Mapping[dt.date, Kept]  # whole weeks, up to the day
    consistency: float
    band: Band
    week: int  # days of the last seven on which something was practised
    marks: Mapping[
        dt.date, int
    ]  # on that axis: the days of the looks back, and how many weeks they end

    @property
    def weeks(self) -> int:
        """That have passed since it all began."""
        return (self.day - self.began).days // WEEK

    def lately(self, told: Mapping[dt.date, int], on: dt.date | None = None) -> float | None:
        """The mean of the last seven days that were over, and the day itself."""
        values = [v for day, v in told.items() if 0 <= ((on or self.day) - day).days <= WEEK]
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
    policy: Policy,
    most_weeks: int = MOST_WEEKS,
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
    limits = policy.consistency
    score = consistency((kept[day] in (Kept.DONE, Kept.PARTLY) for day in sorted(kept)), limits)
    since = _since(lived[0].day, day, most_weeks)
    return Progress(
        day=day,
        began=lived[0].day,
        since=since,
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
        marks=dict(_marks(lived[0].day, since, day, policy.review.every_days)),
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
    steps: dict[str, list[tuple[dt.date, int]]] = {}
    for session in lived:
        for given in session.shown:
            reached = steps.setdefault(given.ladder, [])
            latest = reached[-1][1] if reached else BELOW
            if given.step not in (BELOW, latest):
                reached.append((session.day, given.step))
    for slug, ladder in ladders.items():
        if steps.get(slug):
            yield Stood(ladder=slug, top=ladder.top, reached=tuple(steps[slug]))


def _marks(
    first: dt.date, since: dt.date, day: dt.date, every: int
) -> Iterable[tuple[dt.date, int]]:
    for past in range(every, (day - first).days + 1, every):
        if first + past * ONE_DAY >= since:
            yield first + past * ONE_DAY, past // WEEK


def _strip(day: dt.date) -> Iterable[dt.date]:
    return (day - number * ONE_DAY for number in reversed(range(STRIP * WEEK)))


def _since(first: dt.date, day: dt.date, most_weeks: int) -> dt.date:
    """Whole weeks back from the day: as many as were lived, within limits."""
    weeks = -(-((day - first).days + 1) // WEEK)
    weeks = min(max(weeks, LEAST_WEEKS), most_weeks)
    return day - (weeks * WEEK - 1) * ONE_DAY
