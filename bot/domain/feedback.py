"""What a person answers about a session. None is silence: never pain, failure or success."""

from dataclasses import dataclass
from enum import IntEnum

from bot.domain.standing import Standing


class Compensation(IntEnum):
    """Did other muscles take over? Greater is worse."""

    NONE = 0
    SOME = 1  # now and then, could be corrected
    MARKED = 2  # on most repetitions, or could not be corrected


class Breath(IntEnum):
    """Was the breath held? Greater is worse."""

    NEVER = 0
    SOMETIMES = 1
    OFTEN = 2  # most of the set


class Reserve(IntEnum):
    """With a weight: were three more possible? Greater is worse."""

    ENOUGH = 0
    LITTLE = 1  # not three


class Completed(IntEnum):
    """How much was done. Greater is less, so that greater is worse here too."""

    FULL = 0
    PARTIAL = 1
    NO = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One session on one ladder, as practised and as answered."""

    day: int  # local date as a day number; only differences count
    step: int
    dose_fraction: float
    pain_during: int | None = None  # NRS 0-10
    pain_next_morning: int | None = None  # NRS 0-10
    compensation: Compensation | None = None
    breath_holding: Breath | None = None
    completed: Completed | None = None
    loaded: bool = False  # a weight was carried, and the reserve asked about
    reserve: Reserve | None = None  # never asked without one
    confirmed: bool = False  # a surprising number was asked back, and stood
    stood_in: bool = (
        False  # another exercise or a smaller dose took its place: no proof of this one
    )

    @property
    def load(self) -> Standing:
        """What was practised."""
        return Standing(self.step, self.dose_fraction)

    @property
    def is_told(self) -> bool:
        """Every question about the session itself was answered; its morning may still be to come."""
        replies = (self.pain_during, self.compensation, self.breath_holding, self.completed)
        return None not in replies and not (self.loaded and self.reserve is None)

    @property
    def is_answered(self) -> bool:
        """Every reply is there; while one is missing, the session can't count as comfortable."""
        return self.is_told and self.pain_next_morning is not None
