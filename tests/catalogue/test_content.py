"""The real content: complete, within its own promises, and in the right words."""

from functools import cache
from pathlib import Path

import pytest

from bot.catalogue.reading import Catalogue, read_catalogue
from bot.catalogue.words import Words
from bot.domain.dose import Dose
from bot.domain.exercise import Place
from bot.domain.sequence import HOUSEHOLD

CONTENT = Path(__file__).parents[2] / "content"

HINGES_BEFORE_WEIGHT = {"hinge": 4, "carry": 3}  # clean steps of the hinge (evidence/ladders.md)


@cache
def catalogue() -> Catalogue:
    return read_catalogue(CONTENT)


@cache
def words() -> Words:
    return Words(CONTENT / "words" / "en")


def test_every_ladder_and_exercise_is_there() -> None:
    tops = {ladder.code: (slug, ladder.top) for slug, ladder in catalogue().ladders.items()}
    assert tops == {
        "L1": ("control", 7),
        "L2": ("bridge", 7),
        "L3": ("hinge", 8),
        "L4": ("carry", 6),
        "L5": ("side", 7),
        "L6": ("all-fours", 6),
        "L7": ("mobility", 7),
        "L8": ("posture", 7),
    }
    assert len(catalogue().exercises) == 55 + 3  # and the openings


def test_each_ladder_begins_without_a_gate_and_weights_stand_behind_one() -> None:
    for ladder in catalogue().ladders.values():
        assert ladder.step(1).gate is None
        for step in ladder.steps:
            if step.loaded:
                assert step.gate is not None
                assert (step.gate.ladder or ladder.id) == "hinge"
                clean = HINGES_BEFORE_WEIGHT[ladder.id]
                assert not step.gate.opens(usual_pain=6, highest_clean_step=clean)
                assert not step.gate.opens(usual_pain=5, highest_clean_step=clean - 1)
                assert step.gate.opens(usual_pain=5, highest_clean_step=clean)


def test_hinges_bear_weight_from_the_fifth_step_and_carries_from_the_fourth() -> None:
    loaded = {
        slug: [number for number, step in enumerate(ladder.steps, 1) if step.loaded]
        for slug, ladder in catalogue().ladders.items()
    }
    assert {slug: steps for slug, steps in loaded.items() if steps} == {
        "hinge": [5, 6, 7, 8],
        "carry": [4, 5, 6],
    }


def test_carrying_asks_for_nothing_that_a_home_lacks() -> None:
    carry = catalogue().ladders["carry"]
    assert all(step.exercise.equipment <= HOUSEHOLD for step in carry.steps)


def test_everything_can_be_done_at_home_or_in_a_gym() -> None:
    for exercise in catalogue().exercises.values():
        assert {Place.FLOOR, Place.GYM} <= exercise.places


@pytest.mark.parametrize(
    ("dose", "phases", "line"),
    [
        (Dose(sets=(12, 12), tempo=(3, 3), rest=20), (), "2 × 12, 3 s each way, rest 20 s"),
        (Dose(sets=(8,), hold=10, pause=5), (), "8 holds of 10 s, rest 5 s"),
        (Dose(sets=(5, 4, 3), hold=10, rest=30), (), "10 s holds: 5, 4, 3, rest 30 s between sets"),
        (Dose(sets=(3, 3), hold=10, rest=30), (), "2 × 3 holds of 10 s, rest 30 s between sets"),
        (Dose(sets=(1, 1, 1), hold=45), (), "3 × 45 s"),
        (Dose(sets=(1,), hold=45, rest=15), (), "45 s"),
        (Dose(sets=(1, 1), hold=30, per_side=True, rest=15), (), "2 × 30 s per side, rest 15 s"),
        (Dose(sets=(5, 5), tempo=(5,), per_side=True), (), "2 × 5 per side, 5 s each"),
        (Dose(sets=(10,), tempo=(3, 1, 2), rest=45), (), "10 times, tempo 3-1-2"),
        (Dose(sets=(1,), tempo=(3,)), (), "once, 3 s each"),
        (Dose(sets=(9, 8), tempo=(3,)), ("down",), "9, 8 times, 3 s down"),
        (Dose(sets=(10,), tempo=(3, 0, 2)), ("down", "still", "up"), "10 times, 3 s down, 2 s up"),
        (
            Dose(sets=(6, 4), hold=10, per_side=True, rest=20, pause=5),
            (),
            "10 s holds: 6, 4 per side, rest 5 s, and 20 s between sets",
        ),
    ],
)
def test_a_dose_is_read_at_a_glance(dose: Dose, phases: tuple[str, ...], line: str) -> None:
    assert words().say("dose.line", dose=dose, phases=phases) == line


def test_every_dose_can_be_said() -> None:
    for ladder in catalogue().ladders.values():
        for step in ladder.steps:
            for fraction in (0.4, 0.6, 0.8, 1.0):
                dose = step.dose.at(fraction)
                said = words().say("dose.line", dose=dose, phases=step.exercise.phases)
                assert str(max(dose.sets)) in said or dose.timed
                assert len(said) <= 70  # one line, or little more, on a phone
