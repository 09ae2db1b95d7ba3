"""R3: a day is one exposure, however many sessions it held.

The next morning can't tell two sessions apart, so they are answered for together: the worst known
reply wins, and silence about one session is no answer against another. (Next-morning rule; inference.)
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import TypeVar

from bot.domain.feedback import Feedback

Reply = TypeVar("Reply", bound=int)

_day = attrgetter("day")


def exposures(history: Iterable[Feedback]) -> tuple[Feedback, ...]:
    """One record a day, oldest first."""
    days = groupby(sorted(history, key=_day), key=_day)
    return tuple(_merged(list(sessions)) for _, sessions in days)


def _merged(sessions: Sequence[Feedback]) -> Feedback:
    if len(sessions) == 1:
        return sessions[0]
    hardest = max(session.load for session in sessions)
    pain = _worst(s.pain_during for s in sessions)
    return Feedback(
        day=sessions[0].day,
        step=hardest.step,
        dose_fraction=hardest.dose_fraction,
        pain_during=pain,
        pain_next_morning=_worst(s.pain_next_morning for s in sessions),
        compensation=_worst(s.compensation for s in sessions),
        breath_holding=_worst(s.breath_holding for s in sessions),
        completed=_worst(s.completed for s in sessions),
        loaded=any(s.loaded for s in sessions),
        reserve=_worst(s.reserve for s in sessions),
        # Only the number that counts needs to have been asked back.
        confirmed=any(s.confirmed for s in sessions if s.pain_during == pain),
        # One of them has to have been the real thing.
        stood_in=all(s.stood_in for s in sessions if s.load == hardest),
    )


def _worst(replies: Iterable[Reply | None]) -> Reply | None:
    return max((reply for reply in replies if reply is not None), default=None)
