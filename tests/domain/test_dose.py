"""How a dose is scaled, and how long it takes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dose import BETWEEN_HOLDS, Dose

FRACTIONS = (0.4, 0.6, 0.8, 1.0)

TILTS = Dose(sets=(12, 12), tempo=(3, 3), rest=20)
HOLDS = Dose(sets=(8,), hold=10, pause=5)
SHRINKING = Dose(sets=(5, 4, 3), hold=10, rest=30)
SIDE_SHRINKING = Dose(sets=(6, 4, 2), hold=10, per_side=True, rest=20)
TIMED = Dose(sets=(1, 1, 1), hold=45, rest=15)


@pytest.mark.parametrize(
    ("dose", "sets"),
    [
        # full, 0.8, 0.6 entry, 0.4 flare
        (TILTS, [(12, 12), (10, 10), (7, 7), (5,)]),
        (HOLDS, [(8,), (6,), (5,), (3,)]),
        (SHRINKING, [(5, 4, 3), (4, 3, 3), (3, 3, 3), (3, 3)]),
        (SIDE_SHRINKING, [(6, 4, 2), (5, 3, 2), (4, 3, 2), (3, 3)]),
        (Dose(sets=(15, 15), tempo=(2, 1, 3)), [(15, 15), (12, 12), (9, 9), (6,)]),
        (TIMED, [(1, 1, 1), (1, 1), (1, 1), (1,)]),
        (Dose(sets=(1, 1, 1, 1), hold=20), [(1,) * 4, (1,) * 3, (1,) * 2, (1,) * 2]),
        (Dose(sets=(2,), tempo=(5,)), [(2,), (2,), (2,), (2,)]),  # few are never made more
    ],
)
def test_a_fraction_changes_how_often(dose: Dose, sets: list[tuple[int, ...]]) -> None:
    assert [dose.at(fraction).sets for fraction in reversed(FRACTIONS)] == sets


@pytest.mark.parametrize(
    ("dose", "seconds"),
    [
        (TILTS, 2 * 12 * 6 + 20),
        (HOLDS, 8 * 10 + 7 * 5),
        (SHRINKING, 12 * 10 + (4 + 3 + 2) * BETWEEN_HOLDS + 2 * 30),
        (TIMED, 3 * 45 + 2 * 15),
        (Dose(sets=(6,), hold=10, per_side=True, pause=5), 2 * (6 * 10 + 5 * 5)),
        (Dose(sets=(8, 8, 8), tempo=(3, 1, 2), per_side=True, rest=60), 2 * 3 * 8 * 6 + 2 * 60),
        (Dose(sets=(1, 1, 1), hold=30, per_side=True, rest=10), 2 * 3 * 30 + 2 * 10),
    ],
)
def test_time_counts_rests_and_both_sides(dose: Dose, seconds: int) -> None:
    assert dose.seconds == seconds


@given(st.sampled_from((TILTS, HOLDS, SHRINKING, SIDE_SHRINKING, TIMED)), st.data())
def test_a_smaller_fraction_never_takes_longer_and_keeps_its_seconds(
    dose: Dose, data: st.DataObject
) -> None:
    smaller, larger = sorted(data.draw(st.tuples(*[st.sampled_from(FRACTIONS)] * 2)))
    assert dose.at(smaller).seconds <= dose.at(larger).seconds <= dose.seconds
    assert (dose.at(smaller).hold, dose.at(smaller).tempo) == (dose.hold, dose.tempo)


def test_full_dose_is_the_dose() -> None:
    assert TILTS.at(1.0) == TILTS


@pytest.mark.parametrize("fraction", [0, -0.4, 1.1])
def test_other_fractions_are_refused(fraction: float) -> None:
    with pytest.raises(ValueError, match="fraction"):
        TILTS.at(fraction)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"sets": (), "tempo": (3,)}, "at least one set"),
        ({"sets": (0,), "tempo": (3,)}, "at least one repetition"),
        ({"sets": (8,)}, "either a tempo or a hold"),
        ({"sets": (8,), "tempo": (3,), "hold": 10}, "either a tempo or a hold"),
        ({"sets": (8,), "tempo": (3,), "rest": -1}, "negative"),
        ({"sets": (8,), "tempo": (0, 0)}, "at least a second"),
    ],
)
def test_a_dose_that_makes_no_sense_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Dose(**fields)
