"""The story behind someone's decisions, for whoever runs the bot: by day and ladder, from what was stored.

It says what /why says, and beside it what a clinician asks for: the replies behind a decision, and the
number, the strength and the source of every rule that spoke.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.catalogue.reading import Catalogue
from bot.domain.feedback import Feedback
from bot.domain.policy import Policy
from bot.domain.rules import BY_ID, Rule
from bot.domain.session import BELOW
from bot.practice.replay import course_as_of
from bot.practice.why import Voice, explain, explain_missing, explain_nearest
from bot.storage import decisions, people, sessions
from bot.storage.database import Database
from bot.storage.decisions import Decided, Occasion
from bot.storage.sessions import Record

MOVED = "changed since; the sessions are told by the steps of today"
SHOWN = 3  # sessions behind a decision that are told one by one


class PersonUnknown(LookupError):
    """Nobody has this id."""

    def __init__(self, asked: int) -> None:
        super().__init__(f"{asked}: nobody has this chat id or row id")


class LadderUnknown(LookupError):
    """There is no such ladder."""

    def __init__(self, asked: str, known: Iterable[str]) -> None:
        super().__init__(f"{asked}: there is no such ladder; there are {', '.join(known)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One decision, with all that it rested on."""

    day: dt.date
    ladder: str
    name: str
    decided: Decided
    behind: tuple[Feedback, ...]  # the sessions on this ladder, as they were known, oldest first
    placement: int | None  # the step that the try-out found, where the ladder was tried
    moved: bool  # the ladders have changed since: the decision has the steps of its day, the sessions today's


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Reads; writes and decides nothing."""

    database: Database
    catalogue: Catalogue
    policy: Policy

    async def of(
        self, person: int, *, day: dt.date | None = None, ladder: str | None = None
    ) -> tuple[Story, ...]:
        """By day and ladder, oldest first; of a day decided again, the last word.

        Raises PersonUnknown or LadderUnknown.
        """
        if ladder is not None and ladder not in self.catalogue.ladders:
            raise LadderUnknown(ladder, self.catalogue.ladders)
        async with self.database.look() as work:
            person_id = await people.identify(work, person)
            if person_id is None:
                raise PersonUnknown(person)
            occasions = await decisions.of_person(work, person_id)
            records = await sessions.records(work, person_id, self.catalogue.ladders)
        stories = {
            (occasion.session_id, story.ladder): story
            for occasion in occasions
            if day in (None, occasion.basis.day)
            for story in self._stories(occasion, records)
            if ladder in (None, story.ladder)
        }
        return tuple(sorted(stories.values(), key=lambda story: story.day))

    def _stories(self, occasion: Occasion, records: Sequence[Record]) -> Iterator[Story]:
        course = course_as_of(occasion, records, self.catalogue.ladders, self.policy)
        moved = not occasion.basis.is_over(self.catalogue.ladders)
        for decided in occasion.decided:
            known = self.catalogue.ladders.get(decided.ladder)
            yield Story(
                day=occasion.basis.day,
                ladder=decided.ladder,
                name=known.name if known else decided.ladder,
                decided=decided,
                behind=course.situations[decided.ladder].sessions if known else (),
                placement=course.placements.get(decided.ladder),
                moved=moved,
            )


def tell(story: Story, words: Voice) -> str:
    """A few lines for a terminal."""
    decision = story.decided.decision
    step = f"step {decision.step} at {_percent(decision.dose_fraction)}"
    parts = [
        ("ladders", [MOVED] if story.moved else []),
        ("rested on", [_reply(session) for session in story.behind[-SHOWN:]] or [_begun(story)]),
        ("rules", [_spoke(rule) for rule in _rules(story)]),
        ("why", [explain(decision, words)]),
        ("missing", list(explain_missing(decision, words))),
        ("nearest", list(filter(None, [explain_nearest(story.decided.nearest, words)]))),
        ("policy", [decision.policy]),
    ]
    lines = [f"{story.day} · {story.name} · {decision.action}, {step}"]
    for name, told in parts:
        heads = (f"{name}:", *[""] * len(told))
        lines += [f"  {head:<10} {line}" for head, line in zip(heads, told, strict=False)]
    return "\n".join(lines)


def as_record(story: Story, words: Voice) -> dict[str, Any]:
    """The same for a program, with every session behind it."""
    decision, nearest = story.decided.decision, story.decided.nearest
    return {
        "day": story.day.isoformat(),
        "ladder": story.ladder,
        "action": decision.action,
        "step": decision.step,
        "dose_fraction": decision.dose_fraction,
        "rested_on": [_replied(session) for session in story.behind],
        "placement": story.placement,
        "ladders_changed": story.moved,
        "rules": [
            {"id": rule.id, "strength": rule.strength, "source": rule.source}
            for rule in _rules(story)
        ],
        "reasons": decision.reasons,
        "why": explain(decision, words),
        "missing": explain_missing(decision, words),
        "nearest": {
            "change": nearest.change,
            "sessions": nearest.sessions,
            "leads_to": nearest.leads_to,
            "words": explain_nearest(nearest, words),
        },
        "policy": decision.policy,
    }


def _begun(story: Story) -> str:
    found = f": the try-out found step {story.placement}" if story.placement else ""
    return f"no session yet{found}"


def _rules(story: Story) -> list[Rule]:
    return [BY_ID[rule] for rule in story.decided.decision.rules if rule in BY_ID]


def _spoke(rule: Rule) -> str:
    return f"{rule.id} ({rule.strength}: {rule.source})"


def _reply(session: Feedback) -> str:
    told = [
        f"{name} {'not told' if value is None else value}"
        for name, value in _replied(session).items()
        if name not in ("day", "step", "dose_fraction", "stood_in", "pain confirmed")
    ]
    if session.confirmed:
        told.append("asked back, and the pain is right")
    step = "an exercise that is gone" if session.step == BELOW else f"step {session.step}"
    where = f"{_date(session)} {step} at {_percent(session.dose_fraction)}"
    aside = " (something else stood in)" if session.stood_in else ""
    return f"{where}{aside}: {', '.join(told)}"


def _replied(session: Feedback) -> Mapping[str, Any]:
    completed, compensation = session.completed, session.compensation
    breath, reserve = session.breath_holding, session.reserve
    asked = {"reserve": None if reserve is None else reserve.name.lower()} if session.loaded else {}
    return {
        "day": _date(session),
        "step": session.step,
        "dose_fraction": session.dose_fraction,
        "stood_in": session.stood_in,
        "done": None if completed is None else completed.name.lower(),
        "pain": session.pain_during,
        "pain confirmed": session.confirmed,
        "other muscles": None if compensation is None else compensation.name.lower(),
        "breath held": None if breath is None else breath.name.lower(),
        **asked,
        "morning": session.pain_next_morning,
    }


def _date(session: Feedback) -> str:
    return dt.date.fromordinal(session.day).isoformat()


def _percent(dose_fraction: float) -> str:
    return f"{round(dose_fraction * 100)} %"
