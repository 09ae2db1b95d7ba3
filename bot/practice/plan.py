"""A session, ready to be shown: what was given and decided, and what is open about it and about days before.

All of it is read from the sessions; nothing here decides or keeps anything.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Row
from dataclasses import dataclass, field

from bot.catalogue.reading import Catalogue
from bot.domain.decision import Decision
from bot.domain.doubt import Doubt, doubt
from bot.domain.exercise import Occasion, Set
from bot.domain.load import Weight
from bot.domain.look import Taste
from bot.domain.nearest import Nearest
from bot.domain.policy import Slip
from bot.domain.sequence import Sequence
from bot.domain.session import Asked, Session
from bot.domain.trip import Trip, last_return
from bot.practice.variety import varied

# A morning is asked about for so many days: memory of pain fades, but who practises every other day must
# be able to answer too. (Inference.)
MORNING_DAYS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A session, ready to be shown."""

    session: Session
    set: Set  # what kind of sequence it is
    sequence: Sequence
    decisions: Mapping[str, Decision]  # by ladder; none behind a set for the way
    nearest: Mapping[str, Nearest]  # by ladder, what would lead upwards
    names: Mapping[str, str]  # of the ladders
    snoozed: dt.time | None = None  # when the card comes once more, where they asked for it
    own_name: str | None = None  # of the ritual, where they gave it one
    weight: Weight | None = None  # where one is shown
    morning_of: Session | None = None  # an earlier session whose morning nobody answered yet
    doubt: Doubt | None = None  # the session's own pain, where it is asked back
    doubt_before: Doubt | None = None  # the same for a number about an earlier session
    missed: dt.date | None = None  # a ritual that could not reach the person in time
    reminds: bool = False  # of the safety button, once a week
    try_out: bool = False  # where to begin may still be found by trying
    trip: Trip | None = None  # that this is a day of
    returned: bool = False  # home again, for the first time since
    taste: Taste = field(default_factory=Taste)  # how they want their pictures

    @property
    def question(self) -> Asked | None:
        """What to ask next about the session: first whether a surprising number is right."""
        return Asked.PAIN_CONFIRMED if self.doubt else self.session.question


def set_kept(session: Session, catalogue: Catalogue) -> Set:
    """The one a session was of; where none is known, or it is gone, that of its kind."""
    usual = Occasion.WAY if session.travel else Occasion.MORNING
    kept = catalogue.sets.get(session.set_id or "") or catalogue.set_for(usual)
    return varied(kept, session.variety, catalogue)


def among(every: Iterable[Session], session_id: int) -> Session:
    """The one with this id, which is known to be there."""
    return next(session for session in every if session.id == session_id)


def before(session: Session, every: Iterable[Session]) -> tuple[Session, ...]:
    """What a session's decisions look at: the days before it, and what else was practised on its own.

    Never a later day: a delivery of yesterday may come when today has begun.
    """
    return tuple(s for s in every if s.id != session.id and s.day <= session.day)


def unanswered_morning(day: dt.date, every: tuple[Session, ...]) -> Session | None:
    """The newest session practised before a day, if its morning is still open and not too far back."""
    earlier = practised_last(day, every)
    if not earlier or Asked.MORNING in earlier[-1].answers:
        return None
    return earlier[-1] if (day - earlier[-1].day).days <= MORNING_DAYS else None


def doubt_before(session: Session, every: tuple[Session, ...], slip: Slip) -> Doubt | None:
    """A number about the day practised last, to ask back: its pain only until that stands by itself (R7)."""
    days = {Asked.MORNING: MORNING_DAYS, Asked.PAIN: slip.answer_days - 1}
    doubts = (
        doubt(earlier, asked, every, slip)
        for asked in days
        for earlier in practised_last(session.day, every)
        if (session.day - earlier.day).days <= days[asked]
    )
    return next(filter(None, doubts), None)


def practised_last(day: dt.date, every: tuple[Session, ...]) -> list[Session]:
    """What was practised on the last day before one with anything practised; often one session."""
    earlier = [s for s in every if s.day < day and s.done]
    return [s for s in earlier if s.day == earlier[-1].day]


def trip_of(session: Session, trips: Row[Trip]) -> Trip | None:
    """The trip that a day's ritual away belongs to, as it was told last."""
    return trips[-1] if session.away and trips[-1].covers(session.day) else None


def has_returned(session: Session, every: Iterable[Session], trips: Row[Trip]) -> bool:
    """It is the first at home since a trip, or as good as that: no ritual in between was answered."""
    back = last_return(trips, session.day)
    if back is None or session.travel:
        return False
    since = (s for s in every if back.on <= s.day < session.day and not s.travel)
    return not any(s.touched for s in since)
