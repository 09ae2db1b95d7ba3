"""Who is drawn, and that their luck is nobody else's."""

from dataclasses import asdict

import numpy as np
import pytest

from bot.patients.people import draw_chance, draw_people
from bot.patients.priors import BASE, UNCERTAIN, centred, fixed
from bot.patients.sweep import latin_hypercube
from bot.patients.traits import NAMES


def test_a_person_is_the_same_however_many_others_take_part() -> None:
    few, many = draw_people(5, 7, BASE), draw_people(50, 7, BASE)
    for name in NAMES:
        np.testing.assert_array_equal(getattr(few, name), getattr(many, name)[:5])


def test_a_longer_horizon_begins_with_the_same_days() -> None:
    short, long = draw_chance(3, 7, 10, 1), draw_chance(3, 7, 30, 1)
    for name, luck in asdict(short).items():
        np.testing.assert_array_equal(luck, asdict(long)[name][:, :10])


def test_changing_one_prior_redraws_nobody() -> None:
    base = draw_people(20, 7, BASE)
    other = draw_people(20, 7, centred(BASE, {"growth": 0.02}))
    np.testing.assert_allclose(other.growth / base.growth, 0.02 / 0.012)
    np.testing.assert_array_equal(other.usual_pain, base.usual_pain)


def test_another_seed_draws_other_people() -> None:
    assert not np.array_equal(draw_people(5, 7, BASE).capacity, draw_people(5, 8, BASE).capacity)


@pytest.mark.parametrize(
    ("name", "mean"),
    [("usual_pain", 2.2), ("flare_hazard", 1 / 45), ("step_ratio", 1.17), ("relief", 0.6)],
)
def test_people_are_spread_around_their_priors(name: str, mean: float) -> None:
    values = getattr(draw_people(2000, 3, BASE), name)
    assert values.mean() == pytest.approx(mean, rel=0.06)


def test_a_draw_settles_what_was_only_unknown() -> None:
    assert centred(BASE, {"step_ratio": 1.2}).step_ratio == fixed(1.2)
    assert centred(BASE, {"growth": 0.01}).growth.spread == BASE.growth.spread


def test_every_uncertain_parameter_is_one_of_the_models() -> None:
    assert set(UNCERTAIN) <= set(NAMES)


def test_a_latin_hypercube_has_one_point_in_every_stratum() -> None:
    points = latin_hypercube(50, 6, seed=1)
    strata = np.sort((points * 50).astype(int), axis=0)
    np.testing.assert_array_equal(strata, np.tile(np.arange(50)[:, None], (1, 6)))
