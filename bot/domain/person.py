"""Who practises: what the sequence and the decisions need to know, and nothing else about them."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.exercise import Caution
from bot.domain.trip import Trip, zone_at


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
    zone: str  # IANA name, at home
    cautions: frozenset[Caution]
    equipment: frozenset[str]
    days: int = 7  # of a week, with a ritual
    # As told, oldest first. No decision looks at them: they say only which day it is (domain/basis.py).
    trips: tuple[Trip, ...] = ()

    def zone_at(self, moment: dt.datetime) -> str:
        """Whose wall time they keep."""
        return zone_at(self.trips, self.zone, moment)
