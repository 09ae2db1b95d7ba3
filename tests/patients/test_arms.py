"""The arms: limited to the same moves, told apart by what they listen to, and ours is the bot's own."""

import dataclasses
import itertools

import numpy as np
import pytest

from bot.domain.decision import Action, Situation, decide
from bot.domain.feedback import Breath, Compensation, Completed, Feedback
from bot.patients import ours
from bot.patients.arms import ARMS, OURS, chosen
from bot.patients.cohort import Cohort, Log
from bot.patients.moves import Move, Standings, moved
from bot.patients.run import Trial, gathered
from tests.patients.trials import SMALL, lived, policy

FEW = Trial(people=12, days=60)
FOUR = Trial(people=8, days=40, ladders=4)


def at(step: int, dose: float) -> Standings:
    return Standings(step=np.array([[step]]), dose=np.array([[dose]]))


@pytest.mark.parametrize(
    ("move", "step", "dose", "expected"),
    [
        (Move.ADVANCE, 2, 0.6, (2, 0.8)),
        (Move.ADVANCE, 2, 1.0, (3, 0.6)),
        (Move.ADVANCE, 7, 1.0, (7, 1.0)),
        (Move.HOLD, 2, 0.8, (2, 0.8)),
        (Move.REDUCE, 2, 0.8, (2, 0.6)),
        (Move.REDUCE, 2, 0.4, (2, 0.4)),
        (Move.REGRESS, 2, 1.0, (1, 0.8)),
        (Move.REGRESS, 2, 0.6, (1, 0.6)),
        (Move.REGRESS, 1, 0.6, (1, 0.4)),
    ],
)
def test_where_a_move_leads(
    move: Move, step: int, dose: float, expected: tuple[int, float]
) -> None:
    to = moved(np.array([[move]]), at(step, dose), 7)
    assert (to.step.item(), to.dose.item()) == expected


def walks(log: Log) -> list[list[tuple[int, int, float]]]:
    """Each person's sessions on the first ladder: day, step, dose."""
    return [
        [
            (int(day), int(log.step[person, day, 0]), float(log.dose[person, day, 0]))
            for day in np.flatnonzero(log.practised[person])
        ]
        for person in range(len(log.practised))
    ]


@pytest.mark.parametrize("arm", [name for name in ARMS if not name.startswith(OURS)])
def test_no_rival_makes_an_illegal_move(arm: str) -> None:
    for walk in walks(lived(arm)):
        for (_, step, dose), (_, then, more) in itertools.pairwise(walk):
            legal = {
                (int(to.step.item()), float(to.dose.item()))
                for to in (moved(np.array([[move]]), at(step, dose), 7) for move in Move)
            }
            assert (then, more) in legal


def test_ours_moves_further_only_after_a_pause_or_a_referral() -> None:
    log = lived(OURS)
    for person, walk in enumerate(walks(log)):
        for (before, step, dose), (day, then, more) in itertools.pairwise(walk):
            if day - before >= policy().gap.short_days:
                assert (then, more) <= (step, dose)
                continue
            moves = [moved(np.array([[move]]), at(step, dose), 7) for move in Move]
            assert (then, more) in {(int(m.step.item()), float(m.dose.item())) for m in moves}, (
                person
            )


class Watched(ours.Table):
    """Our arm; decides everything twice, the second time as the bot would from what was stored."""

    checked = 0

    def situation(self, person: int, ladder: int, day: int) -> Situation:
        situation = super().situation(person, ladder, day)
        days = [session.day for session in situation.history]
        assert days == sorted(set(days))
        assert not days or days[-1] < day
        Watched.checked += 1
        return situation


@pytest.mark.parametrize("trial", [FEW, FOUR])
def test_our_arm_does_what_decide_says_on_the_stored_history(trial: Trial) -> None:
    """Rebuilt from the log alone, by other means than the arm's own bookkeeping."""
    setting, chance = gathered(trial, policy())
    arm = Watched(setting, policy())
    log = Cohort(setting, chance).live(arm)
    assert Watched.checked > 0
    for person in np.flatnonzero(log.referrals == 0).tolist():
        for day in np.flatnonzero(log.practised[person]).tolist():
            for ladder in range(trial.ladders):
                decision = decide(
                    stored(log, person, ladder, day, setting.people.told_pain[person])
                )
                climbs = decision.action is Action.ADVANCE_STEP and trial.ladders > 1
                did = (log.step[person, day, ladder], log.dose[person, day, ladder])
                held_back = climbs and did[0] == decision.step - 1
                assert held_back or did == (decision.step, decision.dose_fraction)


def stored(log: Log, person: int, ladder: int, day: int, usual: float) -> Situation:
    return Situation(
        baseline_pain=int(usual),
        ladder_steps=7,
        today=day,
        history=tuple(
            session(log, person, ladder, then)
            for then in np.flatnonzero(log.practised[person, :day]).tolist()
        ),
        policy=policy(),
        red_flag=False,
        placement=int(log.first.step[person, ladder]),
        calibrates=usual < policy().advance.persistent_pain,
    )


def session(log: Log, person: int, ladder: int, day: int) -> Feedback:
    form, breath, completed = (
        None if reply < 0 else int(reply)
        for reply in (
            log.form[person, day, ladder],
            log.breath[person, day, ladder],
            log.completed[person, day],
        )
    )
    during, morning = int(log.during[person, day]), int(log.morning[person, day])
    return Feedback(
        day=day,
        step=int(log.step[person, day, ladder]),
        dose_fraction=float(log.dose[person, day, ladder]),
        pain_during=None if during < 0 else during,
        pain_next_morning=None if morning < 0 else morning,
        compensation=None if form is None else Compensation(form),
        breath_holding=None if breath is None else Breath(breath),
        completed=None if completed is None else Completed(completed),
        confirmed=True,
    )


def test_at_most_two_ladders_enter_a_new_step_on_one_day() -> None:
    log = lived("weekly", FOUR)
    for person in range(FOUR.people):
        steps = log.step[person][log.practised[person]]
        assert (np.diff(steps, axis=0) > 0).sum(axis=1).max(initial=0) <= 2


WORST = Feedback(
    day=1,
    step=2,
    dose_fraction=0.8,
    pain_during=9,
    pain_next_morning=9,
    compensation=Compensation.MARKED,
    breath_holding=Breath.OFTEN,
    completed=Completed.PARTIAL,
)
SILENCE = Feedback(day=1, step=2, dose_fraction=0.8)


@pytest.mark.parametrize(
    ("mask", "hidden"),
    [
        (ours.without_pain_during, {"pain_during"}),
        (ours.without_morning, {"pain_next_morning"}),
        (ours.without_compensation, {"compensation"}),
        (ours.without_breath, {"breath_holding"}),
        (ours.without_quality, {"compensation", "breath_holding"}),
        (ours.without_silence, set()),
    ],
)
def test_a_removed_gate_hides_its_own_reply_and_no_other(mask: ours.Mask, hidden: set[str]) -> None:
    before, after = dataclasses.asdict(WORST), dataclasses.asdict(mask(WORST, 3))
    assert {name for name in before if before[name] != after[name]} == hidden


def test_only_silence_as_consent_answers_for_the_silent() -> None:
    for mask in (ours.without_pain_during, ours.without_morning, ours.without_quality):
        assert mask(SILENCE, 3) == SILENCE
    assert ours.without_silence(SILENCE, 3).is_answered


def test_never_stays_and_a_calendar_listens_to_nobody() -> None:
    for walk in walks(lived("never")):
        assert len({(step, dose) for _, step, dose in walk}) <= 1
    for walk in walks(lived("two-weekly")):
        standings = [(step, dose) for _, step, dose in walk]
        assert standings == sorted(standings)


def test_arms_are_chosen_by_name_in_the_tables_order() -> None:
    assert chosen("all") == tuple(ARMS)
    assert chosen("oracle, ours") == ("ours", "oracle")
    with pytest.raises(ValueError, match="no such arm: theirs"):
        chosen("ours,theirs")


def test_every_arm_runs() -> None:
    for arm in ARMS:
        assert lived(arm, SMALL).practised.any()
