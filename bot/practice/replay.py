"""Decide every stored decision again, from what was known when it was made.

Under the policy that made it, a decision replays to itself, always: else something that decides is not
kept. Under another policy it shows what that policy would have done on that day, after the days as they
were lived; it doesn't imagine the days that would have followed.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.catalogue.reading import Catalogue
from bot.domain.course import Course
from bot.domain.decision import Decision
from bot.domain.exercise import Ladder
from bot.domain.policy import Policy
from bot.domain.session import Session
from bot.practice.plan import before
from bot.storage import decisions, sessions
from bot.storage.database import Database
from bot.storage.decisions import Decided, Occasion
from bot.storage.sessions import Record


class Outcome(StrEnum):
    """What came of deciding again."""

    SAME = "same"
    DIFFERENT = "different"
    OTHER_POLICY = "other policy"  # made under another version than the loaded one: not compared
    OTHER_LADDERS = "other ladders"  # the ladders' files have changed since: not compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A stored decision, and the same decided again."""

    person_id: int
    occasion: Occasion
    stored: Decided
    again: Decided | None  # None where the ladders have changed since
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """Decides pasts again; writes nothing."""

    database: Database
    catalogue: Catalogue
    policy: Policy  # the loaded one

    async def people(self) -> tuple[int, ...]:
        """Whose decisions there are, by row id."""
        async with self.database.look() as work:
            return tuple(await decisions.deciders(work))

    async def everybody(self, policy: Policy | None = None) -> AsyncIterator[Replayed]:
        """All decisions of all people."""
        for person_id in await self.people():
            for replayed in await self.of(person_id, policy):
                yield replayed

    async def of(self, person_id: int, policy: Policy | None = None) -> tuple[Replayed, ...]:
        """A person's decisions, under the loaded policy or another one."""
        async with self.database.look() as work:
            occasions = await decisions.of_person(work, person_id)
            records = await sessions.records(work, person_id, self.catalogue.ladders)
        return tuple(
            replayed
            for occasion in occasions
            for replayed in self._again(person_id, occasion, records, policy)
        )

    def _again(
        self, person_id: int, occasion: Occasion, records: Sequence[Record], policy: Policy | None
    ) -> Iterator[Replayed]:
        comparable = occasion.basis.is_over(self.catalogue.ladders)
        course = course_as_of(occasion, records, self.catalogue.ladders, policy or self.policy)
        for stored in occasion.decided:
            again = _decided(course, stored.ladder) if comparable else None
            yield Replayed(
                person_id=person_id,
                occasion=occasion,
                stored=stored,
                again=again,
                outcome=_judge(stored, again, another=policy is not None),
            )


def course_as_of(
    occasion: Occasion, records: Sequence[Record], ladders: Mapping[str, Ladder], policy: Policy
) -> Course:
    """All that was known when it was decided, and nothing since."""
    basis = occasion.basis
    known = known_as_of(occasion, records)
    return Course(
        person=basis.person,
        ladders=ladders,
        sessions=known,
        day=basis.day,
        policy=policy,
        fresh_since=basis.fresh_since,
        placements=basis.placements,
        flares=basis.flares,
        back=basis.back,
    )


def known_as_of(occasion: Occasion, records: Sequence[Record]) -> tuple[Session, ...]:
    """The sessions behind a decision, with the answers that were there."""
    upto = occasion.basis.answers_upto
    every = [record.as_of(occasion.at, upto) for record in records]
    own = next(r.session for r in records if r.session.id == occasion.session_id)
    return before(own, filter(None, every))


def _decided(course: Course, ladder: str) -> Decided:
    return Decided(ladder=ladder, decision=course.decisions[ladder], nearest=course.nearest(ladder))


def _judge(stored: Decided, again: Decided | None, *, another: bool) -> Outcome:
    if again is None:
        return Outcome.OTHER_LADDERS
    if another:
        return Outcome.SAME if _move(stored) == _move(again) else Outcome.DIFFERENT
    if stored.decision.policy != again.decision.policy:
        return Outcome.OTHER_POLICY
    return Outcome.SAME if stored == again else Outcome.DIFFERENT


def _move(decided: Decided) -> Decision:
    """What was done and why; what is missing, and the version, are no difference in a move."""
    return replace(decided.decision, missing=(), policy="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What replaying came to."""

    policy: str  # the version that decided again
    replayed: tuple[Replayed, ...]

    def where(self, *outcomes: Outcome) -> list[Replayed]:
        """Those with one of these outcomes."""
        return [one for one in self.replayed if one.outcome in outcomes]

    def lines(self) -> Iterator[str]:
        """For a terminal: each difference, then what it comes to."""
        yield from map(_difference, self.where(Outcome.DIFFERENT))
        compared = len(self.where(Outcome.SAME, Outcome.DIFFERENT))
        people = len({one.person_id for one in self.replayed})
        yield (
            f"{len(self.where(Outcome.SAME))} of {compared} decisions come out the same under"
            f" {self.policy}; people: {people}."
        )
        for policy, number in Counter(
            one.stored.decision.policy for one in self.where(Outcome.OTHER_POLICY)
        ).items():
            yield f"{number} were made under {policy} and not compared; name its file with --policy."
        if changed := len(self.where(Outcome.OTHER_LADDERS)):
            yield f"{changed} were made over other ladders and not compared: the content has changed since."

    def record(self) -> dict[str, Any]:
        """For a program."""
        return {
            "policy": self.policy,
            "outcomes": {outcome: len(self.where(outcome)) for outcome in Outcome},
            "differences": [
                {
                    "person": one.person_id,
                    "day": one.occasion.basis.day.isoformat(),
                    "ladder": one.stored.ladder,
                    "stored": _recorded(one.stored),
                    "again": _recorded(one.again),
                }
                for one in self.where(Outcome.DIFFERENT)
            ],
        }


def _difference(one: Replayed) -> str:
    return (
        f"person {one.person_id} · {one.occasion.basis.day} · {one.stored.ladder}:"
        f" {_briefly(one.stored)} -> {_briefly(one.again)}"
    )


def _briefly(decided: Decided | None) -> str:
    if decided is None:
        return "?"
    decision = decided.decision
    rest = f", {decision.rest_hours} h rest" if decision.rest_hours else ""
    return (
        f"{decision.action} step {decision.step} at {round(decision.dose_fraction * 100)} %{rest}"
        f" ({' '.join(decision.rules)}: {decision.reasons[0]})"
    )


def _recorded(decided: Decided | None) -> dict[str, Any] | None:
    if decided is None:
        return None
    decision = decided.decision
    return {
        "action": decision.action,
        "step": decision.step,
        "dose_fraction": decision.dose_fraction,
        "rest_hours": decision.rest_hours,
        "rules": decision.rules,
        "reasons": decision.reasons,
        "policy": decision.policy,
    }
