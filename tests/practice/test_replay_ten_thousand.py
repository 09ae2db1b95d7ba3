"""Ten thousand generated histories, each decided when it was lived and again from what was kept.

A history is a ladder's on one day of somebody's weeks: with late answers, changed minds, silence, sets on the
way, flares, gaps, a try-out and a clinician. The rows are held in memory here; test_replay.py does the same
through the database, for fewer.
"""

import datetime as dt
import json
from dataclasses import dataclass, field, replace
from random import Random

from bot.domain.basis import Basis, mark
from bot.domain.course import Course
from bot.domain.decision import Action, Decision
from bot.domain.exercise import Place
from bot.domain.session import GREATEST, OF_ONE_EXERCISE, Given, Reply, Session
from bot.practice.plan import before
from bot.practice.replay import course_as_of
from bot.storage.decisions import Occasion
from bot.storage.sessions import Record
from tests.domain.histories import POLICY
from tests.domain.lives import CLEAN_DAY, catalogue, day, person

HISTORIES = 10_000
LADDERS = catalogue().ladders
MORNING = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)


@dataclass
class Weeks:
    """Somebody's rows as they grow, and what was decided on the way."""

    chance: Random
    records: list[Record] = field(default_factory=list)
    kept: list[tuple[Occasion, dict[str, Decision]]] = field(default_factory=list)
    flares: tuple[dt.date, ...] = ()
    fresh_since: dt.date | None = None
    answers: int = 0

    def live(self, number: int, placements: dict[str, int]) -> None:
        """A day: decided, given, and answered as chance will have it."""
        if self.chance.random() < 0.03:
            self.flares = (*self.flares, day(number))
        if self.chance.random() < 0.02:
            self.fresh_since, self.flares = day(number), ()
        at = MORNING + dt.timedelta(days=number)
        someone = person(usual_pain=self.chance.choice((1, 2, 4)))
        basis = Basis(
            person=someone,
            day=day(number),
            answers_upto=self.answers,
            fresh_since=self.fresh_since,
            ladders=mark(LADDERS),
            placements=placements,
            flares=self.flares,
        )
        session = Session(
            id=number,
            person_id=1,
            day=day(number),
            travel=self.chance.random() < 0.1,
            minutes=20,
            place=Place.FLOOR,
            set_id=None,
            given=(),
            answers={},
        )
        known = before(session, (record.session for record in self.records))
        course = Course(
            person=someone,
            ladders=LADDERS,
            sessions=known,
            day=basis.day,
            policy=POLICY,
            fresh_since=basis.fresh_since,
            placements=basis.placements,
            flares=basis.flares,
        )
        occasion = Occasion(session_id=number, basis=as_read(basis), at=at, decided=())
        self.kept.append((occasion, dict(course.decisions)))
        given = tuple(
            Given(
                ladder=ladder,
                step=decision.step,
                shown_step=max(1, decision.step - (self.chance.random() < 0.1)),
                dose_fraction=decision.dose_fraction,
                shown_dose=decision.dose_fraction,
            )
            for ladder, decision in course.decisions.items()
            if self.chance.random() < 0.7
        )
        made = replace(session, given=given)
        self.records.append(Record(session=made, made_at=at, replies=()))
        self.answer(len(self.records) - 1)
        if self.chance.random() < 0.3:  # late, or with another mind
            self.answer(self.chance.randrange(len(self.records)))

    def answer(self, which: int) -> None:
        """Some replies to a session; now and then none."""
        record = self.records[which]
        if self.chance.random() < 0.1:
            return
        for asked, calm in CLEAN_DAY.items():
            if self.chance.random() < 0.05:
                continue
            odd = self.chance.random() < 0.15
            value = self.chance.randint(0, GREATEST[asked]) if odd else calm
            self.answers += 1
            about = self.chance.choice(record.session.given).ladder if odd else None
            ladder = about if asked in OF_ONE_EXERCISE else None
            replies = (*record.replies, Reply(self.answers, asked, value, ladder))
            record = replace(record, session=record.session.told(replies), replies=replies)
        self.records[which] = record


def as_read(basis: Basis) -> Basis:
    """Written down and read again."""
    stored = json.loads(json.dumps(basis.encode()))
    return Basis.decode(stored, person_id=1, day=basis.day, answers_upto=basis.answers_upto)


def test_what_was_decided_is_decided_again() -> None:
    histories = moved = 0
    seed = 0
    while histories < HISTORIES:
        weeks, seed = Weeks(Random(seed)), seed + 1
        placements = {"bridge": 3, "hinge": 2} if seed % 3 == 0 else {}
        number = 0
        for _ in range(14):
            weeks.live(number, placements)
            number += weeks.chance.choice((1, 1, 1, 1, 2, 3, 8))
        for occasion, decisions in weeks.kept:
            again = course_as_of(occasion, weeks.records, LADDERS, POLICY)
            assert again.decisions == decisions, (seed, occasion)
            histories += len(decisions)
            moved += sum(decision.action is not Action.HOLD for decision in decisions.values())
    assert moved > HISTORIES / 5  # not merely "stay" again and again
