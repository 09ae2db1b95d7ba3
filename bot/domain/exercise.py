"""What is practised: exercises, their doses, and the ladders that order them.

Plain values read from content files. Steps count from 1, gentlest first. A dose fraction (0.4 flare,
0.6 entry, 0.8, 1.0) scales how often, never how long: a hold keeps its seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """Where a sequence can be done."""

    FLOOR = "floor"  # at home, with room to lie down
    HOTEL = "hotel"  # a small room, nothing brought along
    SEAT = "seat"  # flight, train, desk: sitting or standing beside it
    GYM = "gym"  # weights at hand


class Caution(StrEnum):
    """What a person may have, and an exercise may not suit."""

    PREGNANCY = "PG"
    EXTENSION = "EX"  # arching, standing, walking make it worse
    FLEXION = "FX"  # sitting, bending make it worse
    BONE = "OP"  # osteoporosis or a past vertebral fracture
    PRESSURE = "BP"  # uncontrolled blood pressure or heart disease
    SHOULDER = "SH"  # painful shoulder or wrist
    KNEELING = "KN"
    BALANCE = "BA"  # risk of falling
    HAMSTRING = "HS"  # cramps easily
    HIP = "HIP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One movement, as its author describes it."""

    id: str
    name: str
    position: str
    cue: str  # the one thing to think of
    breath: str
    signs: tuple[str, ...]  # what a person may notice when other muscles take over
    equipment: frozenset[str]
    places: frozenset[Place]
    cautions: Mapping[Caution, str]  # caution -> the change that makes it suit ("heels closer")
    source: str
