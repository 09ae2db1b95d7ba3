"""The safety screen: three tiers of questions, and what an answer locks.

Tiers and their reasons: docs/policy.md (Finucane 2020; flags are poor in isolation,
Henschke 2009, so tiers and not "any yes"). The newest answer to an item counts.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.exercise import Caution


class Tier(StrEnum):
    """How soon someone should be seen."""

    EMERGENCY = "E"  # now
    URGENT = "U"  # the same day, or within a few
    CLEARANCE = "C"  # a clinician's word before starting
    ROUTINE = "R"  # never asked: set when strong pain keeps returning (rule R4)


ASKED = (Tier.EMERGENCY, Tier.URGENT, Tier.CLEARANCE)
ASKED_AGAIN = (Tier.EMERGENCY, Tier.URGENT)  # after a worry, and after a long gap
UNTIL_SEEN = (Tier.EMERGENCY, Tier.URGENT, Tier.ROUTINE)


SEEN = "seen"  # a clinician has seen them, a person says: what waited for that is answered
CLEARED = "cleared"  # a clinician said that gentle movement is fine

# An item of tier C is kept under its own name behind this mark.
_CLEARANCE_ITEM = "C:"


@dataclass(frozen=True, slots=True)
class Screening:
    """Every answer so far; None stands for asked and not answered yet."""

    answers: Mapping[str, bool | None] = field(default_factory=dict)

    @classmethod
    def from_answers(cls, answers: Iterable[tuple[str, bool | None]]) -> "Screening":
        """Oldest first."""
        newest: dict[str, bool | None] = {}
        for item, yes in answers:
            newest[item] = yes
            if item == SEEN and yes:
                newest |= dict.fromkeys(UNTIL_SEEN, False)
        return cls(newest)

    @property
    def lock(self) -> Tier | None:
        """The tier that keeps the plan closed, the most serious first."""
        for tier in UNTIL_SEEN:
            if self.answers.get(tier):
                return tier
        if self.answers.get(Tier.CLEARANCE) and not self.answers.get(CLEARED):
            return Tier.CLEARANCE
        return None

    @property
    def question(self) -> Tier | None:
        """The tier to ask about next; none while a lock stands or when all is answered."""
        if self.lock:
            return None
        return next((tier for tier in ASKED if self.answers.get(tier) is None), None)

    @property
    def items(self) -> frozenset[str]:
        """The items of tier C that apply."""
        return frozenset(
            item.removeprefix(_CLEARANCE_ITEM)
            for item, yes in self.answers.items()
            if yes and item.startswith(_CLEARANCE_ITEM)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearanceItem:
    """Something that asks for a clinician's word, and the cautions that come with it."""

    id: str
    cautions: frozenset[Caution]

    @property
    def key(self) -> str:
        """As it is kept in the screening."""
        return _CLEARANCE_ITEM + self.id


def due_again(
    practised: dt.date | None, screened: dt.date | None, day: dt.date, longest_gap: int
) -> bool:
    """After a gap as long as R5's longest health may have changed: safety comes before the sequence.

    Who has answered since, in the gap or just now, is not asked twice. Without a session there is no gap.
    """
    if practised is None:
        return False
    return (day - max(practised, screened or practised)).days >= longest_gap


def reminder_due(first_practised: dt.date | None, day: dt.date, every_days: int) -> bool:
    """Once a week the card points at the safety button: a question that may be passed over."""
    days = 0 if first_practised is None else (day - first_practised).days
    return days > 0 and days % every_days == 0
