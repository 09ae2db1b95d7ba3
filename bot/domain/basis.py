"""What a decision rested on besides the sessions, kept with it so that it can be made again.

Sessions and answers are only ever appended, and are found again by `answers_upto`. What may change in
place (a person's facts, the ladders' files) is written down here as it was. Both directions of the
stored form stand side by side.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from bot.domain.exercise import Caution, Gate, Ladder, Step
from bot.domain.person import Life, Person
from bot.domain.trip import Return


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The ground of a day's decisions, on all ladders alike."""

    person: Person
    day: dt.date
    answers_upto: int  # the id of the newest answer that was known
    fresh_since: dt.date | None  # when a clinician had seen them
    ladders: str  # a mark of the ladders as they were
    exercises: str = ""  # a mark of what their steps were known by; none in the oldest
    placements: Mapping[str, int] = field(default_factory=dict)  # steps that the try-out found
    flares: tuple[dt.date, ...] = ()  # the days on which one was told, since a clinician saw them
    back: Return | None = None  # from the last trip

    def encode(self) -> dict[str, Any]:
        """All but the day and the answers, which have columns of their own."""
        person = self.person
        return {
            "life": str(person.life),
            "usual_pain": person.usual_pain,
            "minutes": person.minutes,
            "zone": person.zone,
            "cautions": sorted(person.cautions),
            "equipment": sorted(person.equipment),
            "days": person.days,
            "fresh_since": self.fresh_since and self.fresh_since.isoformat(),
            "ladders": self.ladders,
            "exercises": self.exercises,
            "placements": dict(self.placements),
            "flares": [day.isoformat() for day in self.flares],
            "back": self.back and [self.back.on.isoformat(), self.back.days],
        }

    @classmethod
    def decode(
        cls, kept: Mapping[str, Any], *, person_id: int, day: dt.date, answers_upto: int
    ) -> Self:
        """From what `encode` gave."""
        fresh = kept["fresh_since"]
        return cls(
            person=Person(
                id=person_id,
                life=Life(kept["life"]),
                usual_pain=kept["usual_pain"],
                minutes=kept["minutes"],
                zone=kept["zone"],
                cautions=frozenset(map(Caution, kept["cautions"])),
                equipment=frozenset(kept["equipment"]),
                days=kept.get("days", 7),  # not there yet in the oldest
            ),
            day=day,
            answers_upto=answers_upto,
            fresh_since=dt.date.fromisoformat(fresh) if fresh else None,
            ladders=kept["ladders"],
            exercises=kept.get("exercises", ""),
            placements=kept.get("placements", {}),  # not there yet in the oldest
            flares=tuple(map(dt.date.fromisoformat, kept.get("flares", ()))),
            back=_back(kept.get("back")),
        )

    def is_over(self, ladders: Mapping[str, Ladder]) -> bool:
        """Whether these are the ladders that it was decided over: its numbers mean the same on them."""
        return self.ladders == mark(ladders) and self.exercises in ("", mark_of_steps(ladders))


def _back(kept: tuple[str, int] | None) -> Return | None:
    return kept and Return(on=dt.date.fromisoformat(kept[0]), days=kept[1])


def mark(ladders: Mapping[str, Ladder]) -> str:
    """Changes whenever the ladders change in what decisions look at; a reworded cue is no change."""
    told = [(name, [_told(step) for step in ladder.steps]) for name, ladder in ladders.items()]
    return _hash(told)


def mark_of_steps(ladders: Mapping[str, Ladder]) -> str:
    """Changes whenever a number comes to mean another exercise, however alike the two are."""
    return _hash([(name, ladder.exercises) for name, ladder in ladders.items()])


def _hash(told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:6]


def _told(step: Step) -> tuple[object, ...]:
    """Sorted and spelled out: sets have another order in every process."""
    exercise = step.exercise
    return (
        step.loaded,
        _gate(step.gate),
        sorted(exercise.equipment),
        sorted(map(str, exercise.places)),
        sorted((str(caution), swap.instead) for caution, swap in exercise.cautions.items()),
    )


def _gate(gate: Gate | None) -> tuple[object, ...]:
    return () if gate is None else (gate.max_usual_pain, gate.clean_steps_upto, gate.ladder)
