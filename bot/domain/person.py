"""Who practises: what the sequence and the decisions need to know, and nothing else about them."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.exercise import Caution


class Life(StrEnum):
    """How a person spends most of the day."""

    SITTING = "sitting"
    STANDING = "standing"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who has enrolled."""

    id: int
    life: Life
    usual_pain: int  # 0-10 (NRS), as told at sign-up
    minutes: int  # the longest sequence they want, 10 to 20
    zone: str  # IANA name
    cautions: frozenset[Caution]
    equipment: frozenset[str]
    days: int = 7  # of a week, with a ritual
