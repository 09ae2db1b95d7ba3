"""The simulated try-out is the domain's, for every person and ladder."""

from itertools import pairwise

import numpy as np
import pytest

from bot.domain.placement import Felt, start
from bot.patients import model
from bot.patients.moves import ENTRY, FULL
from bot.patients.people import People, draw_people
from bot.patients.placement import EASY, felt, placed
from bot.patients.priors import BASE
from tests.patients.trials import policy

LADDERS = 4
PERSISTENT_PAIN = policy().advance.persistent_pain


@pytest.fixture(scope="module")
def people() -> People:
    return draw_people(300, 101, BASE)


@pytest.mark.parametrize("tried", [(), (3,), policy().placement.steps, (2, 3, 5)])
def test_everybody_begins_where_the_domain_says(people: People, tried: tuple[int, ...]) -> None:
    told = {number: felt(people, LADDERS, number) for number in tried}
    step = placed(people, LADDERS, tried, PERSISTENT_PAIN).step
    assert step.shape == (len(people), LADDERS)
    assert 0 < (people.told_pain >= PERSISTENT_PAIN).sum() < len(people)
    for person, ladder in np.ndindex(step.shape):
        answers = {number: Felt(int(how[person, ladder])) for number, how in told.items()}
        tries = people.told_pain[person] < PERSISTENT_PAIN
        assert step[person, ladder] == start(answers if tries else {})


def test_the_tried_steps_feel_different_to_different_people(people: People) -> None:
    for number in policy().placement.steps:
        assert {*np.unique(felt(people, LADDERS, number))} == {Felt.EASY, Felt.JUST, Felt.TOO_MUCH}
    steps = placed(people, LADDERS, policy().placement.steps, PERSISTENT_PAIN).step
    assert {*np.unique(steps)} == {1, 2, 3, 4}


def test_a_harder_step_never_feels_easier(people: People) -> None:
    feelings = [felt(people, LADDERS, number) for number in range(1, 8)]
    assert all((harder >= easier).all() for easier, harder in pairwise(feelings))


def test_easy_means_that_the_entry_dose_of_that_step_asks_70_percent() -> None:
    one, step = np.ones(1), np.ones((1, 1), dtype=np.int64)
    entry, full = (model.demand(step, np.full((1, 1), dose), one) for dose in (ENTRY, FULL))
    assert EASY * (entry / full).item() == pytest.approx(0.7)


def test_whoever_is_placed_above_the_first_step_begins_near_70_percent(people: People) -> None:
    """Of what feels like the most; not above or below it by more than a step allows."""
    first = placed(people, LADDERS, policy().placement.steps, PERSISTENT_PAIN)
    most = people.start(LADDERS) * np.exp(0.1 * people.try_out)[:, None]
    share = model.demand(first.step, first.dose, people.step_ratio) / most
    between = (first.step > 1) & (first.step < 4)
    assert (share[between] <= 0.8 / 1.12 + 1e-9).all()
    assert (share[between] >= 0.7 / 1.22 - 1e-9).all()
    assert 0.6 < float(np.median(share[between])) < 0.7
