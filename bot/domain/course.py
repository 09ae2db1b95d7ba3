"""All ladders at once: what each asks for next, and no more than two entering a new step on one day."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from bot.domain.decision import Action, Decision, Reason, decide
from bot.domain.exercise import Ladder
from bot.domain.exposure import exposures
from bot.domain.feedback import Breath, Compensation, Completed, Feedback
from bot.domain.flare import Flare, Lived, latest_flare
from bot.domain.nearest import Nearest, nearest
from bot.domain.opinion import OF_A_FLARE
from bot.domain.person import Person
from bot.domain.placement import FIRST
from bot.domain.policy import Policy
from bot.domain.sequence import reachable
from bot.domain.session import Asked, Session, history
from bot.domain.situation import Situation
from bot.domain.standing import Standing
from bot.domain.trip import Return

WEIGHT_RESTS = 2  # days from one session with a weight to the next


@dataclass(frozen=True, kw_only=True)
class Course:
    """Someone on all ladders, as of one day.

    After a clinician has seen someone (`fresh_since`), sessions up to that day tell where they stood and
    nothing else: each ladder begins anew one step below, at the entry dose.
    """

    person: Person
    ladders: Mapping[str, Ladder]
    sessions: Sequence[Session]  # up to the day and not its own ritual, oldest first
    day: dt.date
    policy: Policy
    fresh_since: dt.date | None = None
    placements: Mapping[str, int] = field(default_factory=dict)  # by ladder; step 1 on all others
    flares: Sequence[dt.date] = ()  # the days on which one was told, since a clinician saw them
    back: Return | None = None  # from the last trip, up to the day

    @cached_property
    def decisions(self) -> dict[str, Decision]:
        """By ladder, in the order of the catalogue."""
        decided = {name: decide(situation) for name, situation in self.situations.items()}
        return _few_at_a_time(decided, self.situations, self.policy)

    @cached_property
    def situations(self) -> dict[str, Situation]:
        """By ladder: what each decision looks at."""
        return {
            name: replace(situation, gate_open=self._gate_open(name))
            for name, situation in self._situations.items()
        }

    def nearest(self, name: str) -> Nearest:
        """The nearest change that would lead upwards on a ladder."""
        return nearest(self.situations[name], self.decisions[name])

    @cached_property
    def flare(self) -> Flare | None:
        """The latest that was told up to the day."""
        told = [day.toordinal() for day in self.flares if day <= self.day]
        if not told:
            return None
        return latest_flare(told, [*self._lived(min(told))], self.policy.flare.clean_sessions)

    @property
    def in_flare(self) -> bool:
        """One runs."""
        return self.flare is not None and self.flare.settled_on is None

    @property
    def minutes(self) -> int:
        """Of the day's ritual; a flare day is short."""
        if not self.in_flare:
            return self.person.minutes
        return min(self.person.minutes, self.policy.flare.minutes)

    @property
    def standings(self) -> dict[str, Standing]:
        """Where the decisions leave the person; without the ladders that rest for some days."""
        return {
            name: Standing(decision.step, decision.dose_fraction)
            for name, decision in self.decisions.items()
            if not self._rests(name, decision)
        }

    @property
    def standings_held_back(self) -> dict[str, Standing]:
        """The same without any move upwards: how it is on the way."""
        return {
            name: min(decided, self._situations[name].standing)
            for name, decided in self.standings.items()
        }

    @cached_property
    def _situations(self) -> dict[str, Situation]:
        return {ladder.id: self._situation(ladder) for ladder in self.ladders.values()}

    def _situation(self, ladder: Ladder) -> Situation:
        past = history(self.sessions, ladder.id)
        placement = self.placements.get(ladder.id, FIRST)
        if self.fresh_since is not None:
            placement, past = self._anew(placement, past, self.fresh_since.toordinal())
        return Situation(
            baseline_pain=self.person.usual_pain,
            ladder_steps=ladder.top,
            today=self.day.toordinal(),
            history=past,
            policy=self.policy,
            red_flag=False,  # a locked plan composes nothing, see Profile.person
            placement=placement,
            calibrates=self.fresh_since is None and ladder.id in self.placements,
            flare=self.flare,
            back=self.back,
            turns_apart=self._turns_apart,
        )

    @cached_property
    def _turns_apart(self) -> float:
        """Fewer days a week are no gap by themselves (R5); a week without anything practised is one."""
        lived = [session.day for session in self.sessions if session.done]
        away = (self.day - lived[-1]).days if lived else 0
        return 1.0 if away >= self.policy.gap.short_days else 7 / self.person.days

    def _lived(self, first: int) -> Iterator[Lived]:
        """The days with a session from that one on, each measured by the R of its own day.

        By a later R a flare that has settled could seem not to have. A set on the way can be flawed and
        can't be clean, as for a ladder.
        """
        fresh = [s for s in self.sessions if self.fresh_since is None or s.day >= self.fresh_since]
        days = exposures(_of_the_whole(s) for s in fresh if s.given)
        for number, exposure in enumerate(days):
            if exposure.day < first:
                continue
            view = Situation(
                baseline_pain=self.person.usual_pain,
                ladder_steps=1,
                today=exposure.day,
                history=days[: number + 1],
                policy=self.policy,
                red_flag=False,
            )
            of_day = [s for s in fresh if s.touched and s.day.toordinal() == exposure.day]
            yield Lived(
                day=exposure.day,
                practised=any(session.done for session in of_day),
                clean=view.is_clean(exposure),
                flawed=view.is_flawed(exposure),
                gentle=all(
                    given.dose_fraction <= self.policy.flare.dose
                    for session in of_day
                    for given in session.given
                ),
            )

    def _anew(
        self, placement: int, past: tuple[Feedback, ...], seen: int
    ) -> tuple[int, tuple[Feedback, ...]]:
        """The step to begin at, and the sessions since.

        One on the very day may have come before or after: after, if it was no more than this beginning.
        """
        entry = self.policy.dose.entry
        for number, session in enumerate(past):
            gentle = Standing(session.step, session.dose_fraction) <= Standing(placement, entry)
            if session.day > seen or (session.day == seen and gentle):
                return placement, past[number:]
            placement = max(FIRST, session.step - 1)
        return placement, ()

    def _rests(self, name: str, decision: Decision) -> bool:
        """Hours are reckoned in whole days: 48 hours leave one day out. So does a weight, however small.

        In a flare all rest but the gentle ones.
        """
        if self.in_flare and not self.ladders[name].in_flare:
            return True
        sessions = self._situations[name].sessions
        if not sessions:
            return False
        loaded = self.ladders[name].step(self._situations[name].standing.step).loaded
        days = max(decision.rest_hours / 24, WEIGHT_RESTS if loaded else 0)
        return self.day.toordinal() - sessions[-1].day < days

    def _gate_open(self, name: str) -> bool:
        """The next step may be entered: its gate is met, and a day at home can offer it."""
        ladder = self.ladders[name]
        number = self._situations[name].standing.step + 1
        if number > ladder.top:
            return True
        if not reachable(self.person, ladder, number):
            return False
        gate = ladder.step(number).gate
        return gate is None or gate.opens(
            usual_pain=self.person.usual_pain,
            highest_clean_step=_highest_clean(self._situations[gate.ladder or name]),
        )


def most_telling(decisions: Mapping[str, Decision]) -> str | None:
    """The ladder to speak of when there is room for one: the most cautious move, else the boldest."""
    return max(decisions, key=lambda ladder: _weight(decisions[ladder].action), default=None)


def alike(decisions: Mapping[str, Decision]) -> bool:
    """Whether all ladders make the same move for the same reason; a flare is one, whatever the move."""
    return len({_sense(decision) for decision in decisions.values()}) == 1


def _sense(decision: Decision) -> tuple[Action | None, Reason]:
    reason = decision.reasons[0]
    return (None if reason in OF_A_FLARE else decision.action), reason


def _of_the_whole(session: Session) -> Feedback:
    """What it says about the person, on no ladder: the worst of each answer, none about a weight."""
    feedback = session.feedback(session.given[0].ladder)
    assert feedback is not None  # that ladder gave something
    compensation, breath = session.worst(Asked.COMPENSATION), session.worst(Asked.BREATH)
    return replace(
        feedback,
        step=1,
        dose_fraction=1.0,
        pain_during=session.worst(Asked.PAIN),
        compensation=None if compensation is None else Compensation(compensation),
        breath_holding=None if breath is None else Breath(breath),
        completed=_completed(session),
        stood_in=session.travel,
        loaded=False,
        reserve=None,
    )


def _completed(session: Session) -> Completed | None:
    told = session.answers.get(Asked.COMPLETED)
    return None if told is None else Completed(told)


def _weight(action: Action) -> int:
    beyond_hold = action.caution - Action.HOLD.caution
    return beyond_hold * 10 if beyond_hold > 0 else -beyond_hold


def _highest_clean(situation: Situation) -> int:
    return max((s.step for s in situation.sessions if situation.is_clean(s)), default=0)


def _few_at_a_time(
    decisions: Mapping[str, Decision], situations: Mapping[str, Situation], policy: Policy
) -> dict[str, Decision]:
    """One variable at a time holds for the day too: the ladders that come first go first."""
    eager = [name for name, d in decisions.items() if d.action is Action.ADVANCE_STEP]
    waiting = eager[policy.advance.ladders_a_day :]
    return {
        name: _wait(decision, situations[name].standing) if name in waiting else decision
        for name, decision in decisions.items()
    }


def _wait(decision: Decision, standing: Standing) -> Decision:
    return replace(
        decision,
        action=Action.HOLD,
        step=standing.step,
        dose_fraction=standing.dose_fraction,
        reasons=(Reason.OTHERS_FIRST, *decision.reasons),
    )
