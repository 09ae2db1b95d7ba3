"""The equations, against values worked out by hand."""

import numpy as np
import numpy.typing as npt
import pytest

from bot.patients import model


def one(value: float) -> npt.NDArray[np.float64]:
    """One person."""
    return np.array([value])


def cell(value: float) -> npt.NDArray[np.float64]:
    """One person on one ladder."""
    return np.array([[value]])


@pytest.mark.parametrize(
    ("step", "dose", "expected"),
    [(1, 1.0, 1.0), (1, 0.6, 0.8), (3, 1.0, 1.44), (3, 0.6, 1.152), (2, 0.4, 0.84)],
)
def test_demand_grows_by_a_ratio_a_step_and_by_half_a_dose(
    step: int, dose: float, expected: float
) -> None:
    demand = model.demand(np.array([[step]]), cell(dose), one(1.2))
    assert demand.item() == pytest.approx(expected)


def test_relative_load_rises_with_fatigue_and_falls_on_a_good_day() -> None:
    plain = model.relative_load(cell(1.2), cell(1.5), one(1.0), one(0.0))
    tired = model.relative_load(cell(1.2), cell(1.5), one(1.0), one(0.2))
    good = model.relative_load(cell(1.2), cell(1.5), one(1.25), one(0.0))
    assert (plain.item(), tired.item(), good.item()) == pytest.approx((0.8, 1.0, 0.64))


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (0.85, 1.0),
        (0.63, np.exp(-1)),
        (1.07, np.exp(-1)),
        (1.35, np.exp(-((0.5 / 0.22) ** 2)) - 0.3),
    ],
)
def test_benefit_peaks_below_capacity_and_turns_to_harm_far_above(
    x: float, expected: float
) -> None:
    assert model.benefit(cell(x)).item() == pytest.approx(expected)


def test_growth_slows_towards_the_ceiling() -> None:
    at_start = model.grow(cell(1.0), cell(1.0), cell(0.85), one(0.01))
    at_ceiling = model.grow(cell(2.2), cell(1.0), cell(0.85), one(0.01))
    assert at_start.item() == pytest.approx(1 + 0.01 * (1 - 1 / 2.2))
    assert at_ceiling.item() == pytest.approx(2.2)


@pytest.mark.parametrize(("idle", "expected"), [(7, 1.25), (8, 1.25 - 0.3 / 60)])
def test_a_week_without_sessions_costs_nothing(idle: int, expected: float) -> None:
    after = model.detrain(cell(1.25), cell(1.0), np.array([idle]), one(60.0))
    assert after.item() == pytest.approx(expected)


def test_fatigue_fades_builds_up_and_is_capped() -> None:
    faded = model.tire(one(0.2), cell(0.0), one(0.25), one(2.0))
    built = model.tire(one(0.0), cell(1.0), one(0.25), one(2.0))
    capped = model.tire(one(0.5), cell(4.0), one(0.25), one(2.0))
    assert (faded.item(), built.item(), capped.item()) == pytest.approx(
        (0.2 * np.exp(-0.5), 0.05, 0.5)
    )


def test_fatigue_is_averaged_over_ladders_and_soreness_is_added_up() -> None:
    x = np.array([[1.2, 0.5]])
    fatigue = model.tire(one(0.0), x, one(0.25), one(2.0))
    sore = model.strain(
        np.array([[1.2, 1.1]]), np.zeros((1, 2), bool), one(1.0), one(1.0), one(8.0)
    )
    assert fatigue.item() == pytest.approx(0.25 * 0.4 / 2)
    assert sore.item() == pytest.approx(8 * 0.3)


def test_marked_compensation_makes_an_overload_worse_by_three_tenths() -> None:
    marked = model.strain(cell(1.2), np.array([[True]]), one(1.0), one(1.0), one(8.0))
    irrelevant = model.strain(cell(1.2), np.array([[True]]), one(1.0), one(0.0), one(8.0))
    assert (marked.item(), irrelevant.item()) == pytest.approx((2.08, 1.6))


def test_most_soreness_lands_on_the_first_night_and_a_quarter_on_the_second() -> None:
    sore, coming, landed = one(0.0), one(1.0), []
    for _ in range(3):
        sore, coming = model.settle(np.zeros(1), coming, one(2.0))
        landed.append(sore.item())
    assert landed == pytest.approx([0.6, 0.24, 0.096])


def test_soreness_fades_by_its_own_time() -> None:
    sore, _ = model.settle(one(2.0), one(0.0), one(2.0))
    assert sore.item() == pytest.approx(2 * np.exp(-0.5))


def test_pain_wanders_with_the_spread_it_is_given() -> None:
    luck = np.random.default_rng(1).standard_normal(20_000)
    pain, seen = one(0.0), []
    for today in luck:
        pain = model.wander(pain, one(today), one(0.85))
        seen.append(pain.item())
    assert np.std(seen) == pytest.approx(0.85, abs=0.03)
    assert np.corrcoef(seen[:-1], seen[1:])[0, 1] == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(("x", "expected"), [(0.7, 2.5), (0.92, 3.0), (1.15, 4.2)])
def test_light_movement_eases_and_load_hurts(x: float, expected: float) -> None:
    during = model.pain_during(one(3.0), cell(x), one(0.95), one(6.0))
    assert during.item() == pytest.approx(expected)


@pytest.mark.parametrize(("pain", "reply"), [(2.4, 2), (2.6, 3), (-1.0, 0), (12.0, 10)])
def test_replies_are_whole_points_from_nought_to_ten(pain: float, reply: int) -> None:
    assert model.told(one(pain), one(0.0), one(0.7), one(0.0)).item() == reply


@pytest.mark.parametrize(("latent", "expected"), [(0.4, 0), (0.6, 1), (1.6, 2)])
def test_latent_form_is_cut_into_three_levels(latent: float, expected: int) -> None:
    assert model.level(cell(latent), model.FORM_CUTS).item() == expected


@pytest.mark.parametrize(
    ("true", "luck", "expected"),
    [(1, 0.1, 0), (0, 0.1, 0), (1, 0.5, 1), (1, 0.95, 2), (2, 0.95, 2)],
)
def test_some_tell_a_level_too_mild_and_fewer_one_too_bad(
    true: int, luck: float, expected: int
) -> None:
    told = model.misreported(np.array([[true]]), cell(luck), one(0.2), one(0.07))
    assert told.item() == expected


def test_any_change_freshens_and_sameness_bores() -> None:
    yes, no = np.array([True]), np.array([False])
    assert model.weary(one(0.5), yes, no).item() == pytest.approx(0.54)
    assert model.weary(one(0.5), yes, yes).item() == pytest.approx(0.2)
    assert model.weary(one(0.5), no, no).item() == pytest.approx(0.5)


def test_habit_keeps_people_practising_and_pain_keeps_them_away() -> None:
    plain = model.will_practise(one(0.0), one(0.0), one(0.0), one(0.0))
    hurting = model.will_practise(one(0.0), one(0.0), one(2.0), one(0.0))
    used_to = model.will_practise(one(0.0), one(1.0), one(0.0), one(0.0))
    assert plain.item() == pytest.approx(0.5)
    assert hurting.item() == pytest.approx(1 / (1 + np.e))
    assert used_to.item() == pytest.approx(1 / (1 + np.exp(-0.8)))


def test_pain_and_boredom_make_leaving_likelier() -> None:
    assert model.will_leave(one(0.003), one(2.0), one(0.5)).item() == pytest.approx(0.0105)
