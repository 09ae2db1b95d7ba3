"""What led to a decision on a ladder, as a person would tell it: the last turns, and how each went."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.feedback import Completed, Feedback
from bot.domain.session import BELOW
from bot.domain.situation import Situation

TURNS = 5


class Went(StrEnum):
    """How a turn went, by the worst that was told of it."""

    CALM = "calm"  # all was told, and nothing spoke up
    A_LITTLE = "a_little"  # amber, some, sometimes, or a part of it
    MUCH = "much"  # red, marked, or often
    OPEN = "open"  # not all of it was told: no sign of anything
    LEFT_OUT = "left_out"  # so they said


class Sign(StrEnum):
    """What spoke up."""

    PAIN = "pain"
    MORNING = "morning"
    MUSCLES = "muscles"
    BREATH = "breath"
    RESERVE = "reserve"
    PARTLY = "partly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One day on a ladder."""

    day: dt.date
    step: int
    went: Went
    sign: Sign | None  # the worst one


def turns(situation: Situation) -> tuple[Turn, ...]:
    """The last ones, oldest first; what was done on an exercise that is gone is none."""
    known = [session for session in situation.sessions if session.step != BELOW]
    return tuple(_turn(situation, session) for session in known[-TURNS:])


def _turn(situation: Situation, session: Feedback) -> Turn:
    worst, sign = max(_signs(situation, session), key=lambda told: told[0])
    if session.completed is Completed.NO:
        went, sign = Went.LEFT_OUT, None
    elif worst:
        went = Went.A_LITTLE if worst == 1 else Went.MUCH
    else:
        went, sign = Went.CALM if session.is_answered else Went.OPEN, None
    return Turn(day=dt.date.fromordinal(session.day), step=session.step, went=went, sign=sign)


def _signs(situation: Situation, session: Feedback) -> Iterator[tuple[int, Sign | None]]:
    """Silence is none."""
    yield situation.during(session) or 0, Sign.PAIN
    yield situation.morning(session) or 0, Sign.MORNING
    yield session.compensation or 0, Sign.MUSCLES
    yield session.breath_holding or 0, Sign.BREATH
    yield session.reserve or 0, Sign.RESERVE
    yield int(session.completed is Completed.PARTIAL), Sign.PARTLY
