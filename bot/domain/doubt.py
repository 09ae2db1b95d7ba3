"""Numbers that are asked back before they count: which ones surprise, and which still wait for a yes.

What surprises is said once, for R7 and for the chat. R7 compares on its own ladder; the chat compares over
all sessions and on each ladder of the one in question, so that whatever R7 waits for is asked back.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from bot.domain.policy import Slip
from bot.domain.session import Asked, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A number that may be a slip of the thumb."""

    session: Session
    asked: Asked  # whose answer it is: PAIN or MORNING
    value: int
    usual: float  # what it is far above


def usual(earlier: Sequence[int], limits: Slip) -> float | None:
    """The median of the last few numbers; None while they are too few to compare with."""
    latest = earlier[-limits.sessions :]
    return median(latest) if len(latest) == limits.sessions else None


def is_surprising(pain: int, earlier: Sequence[int], limits: Slip) -> bool:
    """High, and far above the usual."""
    known = usual(earlier, limits)
    return known is not None and pain >= limits.pain_from and pain - known >= limits.above_median


def doubt(session: Session, asked: Asked, every: Iterable[Session], limits: Slip) -> Doubt | None:
    """What someone answered, if it surprises and they have not said that it stands."""
    value = session.answers.get(asked)
    if value is None or not session.done or session.stands(asked):
        return None
    before = [earlier for earlier in every if earlier.day < session.day]
    for rows in _comparable(session, before):
        numbers = _numbers(rows, asked)
        known = usual(numbers, limits)
        if known is not None and is_surprising(value, numbers, limits):
            return Doubt(session=session, asked=asked, value=value, usual=known)
    return None


def _comparable(session: Session, before: Sequence[Session]) -> Iterator[Sequence[Session]]:
    yield before
    for ladder in (given.ladder for given in session.given):
        yield [s for s in before if any(given.ladder == ladder for given in s.given)]


def _numbers(sessions: Iterable[Session], asked: Asked) -> list[int]:
    """Oldest first; of a day the worst one, as R3 merges it."""
    worst: dict[int, int] = {}
    for session in sessions:
        if (value := session.answers.get(asked)) is not None:
            day = session.day.toordinal()
            worst[day] = max(value, worst.get(day, 0))
    return [worst[day] for day in sorted(worst)]
