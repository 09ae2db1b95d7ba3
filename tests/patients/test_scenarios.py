"""Each scenario breaks the link it says it breaks."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from bot.patients.cohort import Log
from bot.patients.priors import BASE
from bot.patients.run import Trial, gathered
from bot.patients.scenarios import SCENARIOS
from bot.patients.traits import NAMES
from tests.patients.trials import lived, policy

# An arm that overloads people: whatever follows load can then be seen to follow it.
ARM, PEOPLE = "two-weekly", 60


def log(scenario: str) -> Log:
    return lived(ARM, Trial(people=PEOPLE, scenario=scenario))


def follows_load(
    log: Log, replies: npt.NDArray[np.int64], beyond: npt.NDArray[np.float64] | float = 0.0
) -> float:
    """The correlation of a session's reply, less what was there anyway, with its load."""
    known = log.practised & (replies >= 0)
    return float(np.corrcoef(log.x[:, :, 0][known], (replies - beyond)[known])[0, 1])


def test_every_scenario_changes_known_parameters_and_says_why() -> None:
    for name, scenario in SCENARIOS.items():
        assert set(scenario.changes) <= set(NAMES)
        assert bool(scenario.changes) == (name != "base")
        assert scenario.breaks.endswith(".")
        assert (scenario.applied(BASE) == BASE) == (name == "base")


def test_in_the_base_all_signs_follow_load() -> None:
    base = log("base")
    for replies in (base.form[:, :, 0], base.breath[:, :, 0], base.during, base.completed):
        assert follows_load(base, replies) > 0.4


def test_form_and_breath_tell_nothing_of_load_where_quality_is_null_or_uninformative() -> None:
    for scenario in ("null-quality", "uninformative-quality"):
        there = log(scenario)
        assert abs(follows_load(there, there.form[:, :, 0])) < 0.12
        assert abs(follows_load(there, there.breath[:, :, 0])) < 0.12
        assert follows_load(there, there.during) > 0.4


def test_weak_quality_tells_less_than_the_base_and_more_than_nothing() -> None:
    weak = follows_load(log("weak-quality"), log("weak-quality").form[:, :, 0])
    assert 0.12 < weak < follows_load(log("base"), log("base").form[:, :, 0])


def test_load_adds_nothing_to_a_noise_patients_pain_while_practising() -> None:
    noisy, base = log("noise-patient"), log("base")
    assert abs(follows_load(noisy, noisy.during, beyond=noisy.pain)) < 0.2  # below 0.9 it eases
    assert follows_load(base, base.during, beyond=base.pain) > 0.4
    assert follows_load(noisy, noisy.form[:, :, 0]) > 0.4
    assert noisy.sore.mean() < base.sore.mean()


def test_a_stoic_feels_less_while_practising_and_as_much_the_next_morning() -> None:
    stoic, base = log("stoic"), log("base")
    assert follows_load(stoic, stoic.during) < follows_load(base, base.during)
    np.testing.assert_array_equal(stoic.sore, base.sore)  # a calendar doesn't hear the difference


def test_the_sensitive_are_sorer() -> None:
    assert log("sensitive").sore.mean() > log("base").sore.mean() * 1.15


def test_poor_reporters_tell_less_and_less_often() -> None:
    poor, base = log("poor-report"), log("base")
    assert follows_load(poor, poor.during) < follows_load(base, base.during)
    assert silent(poor) > 1.5 * silent(base)


def test_under_reporters_seem_better_than_they_are() -> None:
    under, base = log("under-reporters"), log("base")
    assert mean(under, under.during) < mean(base, base.during) - 1
    assert mean(under, under.form[:, :, 0]) < mean(base, base.form[:, :, 0])
    assert (
        gathered(Trial(people=PEOPLE, scenario="under-reporters"), policy())[0].people.told_pain
        == gathered(Trial(people=PEOPLE), policy())[0].people.told_pain
    ).all()


def test_the_silent_are_those_who_hurt() -> None:
    there = log("silent-when-hurting")
    quiet, speaks = there.practised & (there.during < 0), there.practised & (there.during >= 0)
    assert there.pain[quiet].mean() > there.pain[speaks].mean() + 0.5


def test_without_relief_usual_pain_stays() -> None:
    there, _ = gathered(Trial(people=PEOPLE, scenario="beta-zero"), policy())
    assert not there.people.relief.any()


def test_stress_flares_fall_on_working_days() -> None:
    base, stress = log("base"), log("stress-flares")
    assert stress.pain.mean() > base.pain.mean() + 0.2


@pytest.mark.parametrize("days", [84])
def test_a_traveller_practises_nothing_for_ten_days_in_four_weeks(days: int) -> None:
    practised = log("traveller").practised
    for person in range(PEOPLE):
        gaps = np.diff(np.flatnonzero(practised[person]))
        assert len(gaps) < 20 or gaps.max() >= 11
    assert practised.shape[1] == days


def test_quality_that_is_irrelevant_harms_nobody() -> None:
    assert log("quality-irrelevant").sore.mean() < log("base").sore.mean()


def silent(log: Log) -> float:
    return float((log.during[log.practised] < 0).mean())


def mean(log: Log, replies: npt.NDArray[np.int64]) -> float:
    return float(replies[log.practised & (replies >= 0)].mean())


def test_scenarios_apply_on_top_of_any_population() -> None:
    other = replace(BASE, reply_sd=BASE.pain_sd)
    assert SCENARIOS["poor-report"].applied(other).reply_sd.centre == pytest.approx(1.7)
