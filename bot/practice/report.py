"""What a physiotherapist may want to know at a glance: a value, told from what was stored, without its words.

Nothing is judged here that was not decided then. Silence is told as silence.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from bot.domain.decision import Decision
from bot.domain.dose import Dose
from bot.domain.exercise import Caution, Exercise, Ladder
from bot.domain.feedback import Completed
from bot.domain.look import Taste
from bot.domain.person import Life
from bot.domain.placement import FIRST
from bot.domain.policy import Policy
from bot.domain.profile import Profile
from bot.domain.progress import Progress, progress
from bot.domain.rhythm import local_day
from bot.domain.safety import Tier
from bot.domain.session import BELOW, Asked, Given, Session
from bot.storage.decisions import Occasion
from bot.storage.holdings import Rows

Kept = Mapping[str, Rows]  # every row, by table
Ladders = Mapping[str, Ladder]
Kind = TypeVar("Kind")

# A page of paper holds so much; what else there is, is counted.
PAIN_WEEKS = 26
WEEKS = 8
ANSWERS = 3  # to the safety questions
FLARES = 5
ACTIVITIES = 3  # beside the first
EXERCISES = 4  # that were named, and
SIGNS = 2  # of each, the most often seen

WAYS = (Asked.COMPENSATION, Asked.BREATH)  # in which an exercise is named


@dataclass(frozen=True, slots=True)
class Excerpt(Generic[Kind]):
    """Some of what was told, and how many more there are."""

    told: tuple[Kind, ...]
    others: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where someone stands on a ladder, as it last came up."""

    ladder: str  # its name
    step: int
    top: int
    since: dt.date  # it was come to this step
    exercise: Exercise  # easier than the step's own where a place or a caution asked for it
    dose: Dose  # already at its fraction
    percent: int  # of the full dose
    grams: int | None  # of one piece of a weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Another step than before; the first has none before it."""

    day: dt.date
    ladder: str
    before: int | None
    step: int
    decision: Decision | None  # with the reason; None from before decisions were kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The daily rituals of one week, and what came of them; the others were not answered."""

    monday: dt.date
    rituals: int
    whole: int
    partly: int
    skipped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A ladder whose exercise was named: as where other muscles helped, or the breath was held."""

    ladder: str  # its name
    sessions: int
    signs: tuple[tuple[str, int], ...]  # those most often seen, and in how many sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """How often other muscles helped, or the breath was held: not, somewhat, mostly."""

    compensation: tuple[int, int, int]
    breath: tuple[int, int, int]
    exercises: Excerpt[Named]  # the most often named first


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All of it, as of a day."""

    day: dt.date
    since: dt.date  # they joined
    life: Life | None
    aggravated_by: frozenset[Caution]  # as they ticked it
    minutes: int
    ritual_at: dt.time | None
    usual_pain: int | None
    lock: Tier | None  # the plan rests
    progress: Progress | None  # None before anything was practised
    activity: Excerpt[tuple[dt.date, int | None]]  # led by the first
    stands: tuple[Stand, ...]
    changes: tuple[Change, ...]  # newest first
    weeks: tuple[Week, ...]  # oldest first
    practised: int  # rituals, in full or in part, ever
    on_the_way: int  # the same of sets asked for with /travel
    noticed: Noticed
    flares: Excerpt[dt.date]
    safety: Excerpt[tuple[dt.date, str]]  # items answered with yes
    asked_last: dt.date | None  # when the urgent questions were last answered with no
    policy: str
    taste: Taste  # how figures are drawn for them


def report_on(
    profile: Profile,
    kept: Kept,
    past: Sequence[Session],  # oldest first
    occasions: Iterable[Occasion],
    came: Set[dt.date],  # the days on which a ritual reached them
    ladders: Ladders,
    policy: Policy,
    now: dt.datetime,
) -> Report:
    """Of somebody who has told everything."""
    assert profile.zone is not None  # the caller has looked
    assert profile.minutes is not None
    zone = ZoneInfo(profile.zone)
    rituals = [session for session in past if not session.travel]
    # As they were lived: a day that nobody answered was decided again on the next.
    lived = [session for session in rituals if session.touched or session is rituals[-1]]
    day = local_day(now, zone)
    activity = [(local_day(row["at"], zone), row["value"]) for row in kept["activity"]]
    return Report(
        day=day,
        since=local_day(kept["person"][0]["joined_at"], zone),
        life=profile.life,
        aggravated_by=profile.aggravated_by or frozenset(),
        minutes=profile.minutes,
        ritual_at=profile.ritual_at,
        usual_pain=profile.usual_pain,
        lock=profile.screening.lock,
        progress=_seen(profile, past, came, ladders, policy, day),
        activity=_first_and_newest(activity),
        stands=tuple(_stands(lived, ladders)),
        changes=(*reversed([*_changes(lived, occasions, ladders)]),),
        weeks=tuple(_weeks(rituals))[-WEEKS:],
        practised=sum(session.done for session in rituals),
        on_the_way=sum(session.done for session in past if session.travel),
        noticed=_noticed(past, ladders),
        flares=_newest([row["day"] for row in kept["flare"]], FLARES),
        safety=_newest([*_said_yes(kept["screening"], zone)], ANSWERS),
        asked_last=_asked_last(kept["screening"], zone),
        policy=policy.version,
        taste=profile.taste,
    )


def _seen(
    profile: Profile,
    past: Sequence[Session],
    came: Set[dt.date],
    ladders: Ladders,
    policy: Policy,
    day: dt.date,
) -> Progress | None:
    if profile.usual_pain is None:  # the question came later than they did
        return None
    return progress(
        past,
        came,
        usual_pain=profile.usual_pain,
        ladders=ladders,
        day=day,
        policy=policy,
        most_weeks=PAIN_WEEKS,
    )


def _newest(told: Sequence[Kind], most: int) -> Excerpt[Kind]:
    return Excerpt(tuple(told[-most:]), max(0, len(told) - most))


def _most(told: Sequence[Kind], most: int) -> Excerpt[Kind]:
    return Excerpt(tuple(told[:most]), max(0, len(told) - most))


def _first_and_newest(told: Sequence[Kind]) -> Excerpt[Kind]:
    """Where it began says as much as where it is."""
    later = _newest(told[1:], ACTIVITIES)
    return Excerpt((*told[:1], *later.told), later.others)


def _stands(lived: Iterable[Session], ladders: Ladders) -> Iterator[Stand]:
    latest: dict[str, Given] = {}
    since: dict[str, dt.date] = {}
    for session in lived:
        for given in session.shown:
            before = latest.get(given.ladder)
            if before is None or before.step != given.step:
                since[given.ladder] = session.day
            latest[given.ladder] = given
    for slug, ladder in ladders.items():
        if slug not in latest:
            continue
        given = latest[slug]
        step = ladder.step(given.shown_step)
        yield Stand(
            ladder=ladder.name,
            step=max(given.step, FIRST),  # of one that is gone, the way begins anew
            top=ladder.top,
            since=since[slug],
            exercise=step.exercise,
            dose=step.dose.at(given.dose_fraction),
            percent=round(given.dose_fraction * 100),
            grams=given.grams,
        )


def _changes(
    lived: Iterable[Session], occasions: Iterable[Occasion], ladders: Ladders
) -> Iterator[Change]:
    decided = {
        (occasion.session_id, one.ladder): one.decision
        for occasion in occasions
        for one in occasion.decided
    }
    stood: dict[str, int] = {}
    for session in lived:
        for given in session.shown:
            before = stood.get(given.ladder)
            if given.step not in (before, BELOW):
                yield Change(
                    day=session.day,
                    ladder=ladders[given.ladder].name,
                    before=before,
                    step=given.step,
                    decision=decided.get((session.id, given.ladder)),
                )
                stood[given.ladder] = given.step


def _weeks(rituals: Iterable[Session]) -> Iterator[Week]:
    for monday, of_week in groupby(rituals, lambda session: _monday(session.day)):
        told = Counter(session.answers.get(Asked.COMPLETED) for session in of_week)
        yield Week(
            monday=monday,
            rituals=told.total(),
            whole=told[Completed.FULL],
            partly=told[Completed.PARTIAL],
            skipped=told[Completed.NO],
        )


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _noticed(past: Sequence[Session], ladders: Ladders) -> Noticed:
    return Noticed(
        compensation=_counts(past, Asked.COMPENSATION),
        breath=_counts(past, Asked.BREATH),
        exercises=_most([*_named(past, ladders)], EXERCISES),
    )


def _counts(past: Iterable[Session], asked: Asked) -> tuple[int, int, int]:
    told = Counter(session.worst(asked) for session in past)
    return told[0], told[1], told[2]


def _named(past: Iterable[Session], ladders: Ladders) -> Iterator[Named]:
    times: Counter[str] = Counter()
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for session in past:
        for given in session.shown:
            about = session.about.get(given.ladder, {})
            times[given.ladder] += any(about.get(asked) for asked in (*WAYS, Asked.SIGNS))
            signs = ladders[given.ladder].step(given.shown_step).exercise.signs
            marks = about.get(Asked.SIGNS, 0)
            seen[given.ladder].update(s for bit, s in enumerate(signs) if marks >> bit & 1)
    for slug, sessions in times.most_common():
        if sessions:
            signs_seen = tuple(seen[slug].most_common(SIGNS))
            yield Named(ladder=ladders[slug].name, sessions=sessions, signs=signs_seen)


def _said_yes(screenings: Rows, zone: ZoneInfo) -> Iterator[tuple[dt.date, str]]:
    for row in screenings:
        if row["yes"]:
            yield local_day(row["at"], zone), row["item"]


def _asked_last(screenings: Rows, zone: ZoneInfo) -> dt.date | None:
    answered = [
        row["at"]
        for row in screenings
        if row["item"] in (Tier.EMERGENCY, Tier.URGENT) and row["yes"] is False
    ]
    return local_day(max(answered), zone) if answered else None
