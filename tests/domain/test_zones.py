"""The traffic light of pain, at its edges."""

import pytest

from bot.domain.zones import Zone, zone_during, zone_next_morning
from tests.domain.histories import POLICY


@pytest.mark.parametrize(
    ("reference", "green_to", "red_from"),
    [
        (0, 2, 6),  # 2 is green for everyone, and nothing below 6 is red
        (1, 2, 6),
        (2, 3, 6),
        (3.5, 4, 6),
        (4, 5, 6),
        (5, 5, 7),  # 6 is red only if it is 2 above the usual
        (7, 5, 9),
        (9, 5, 11),  # nothing is red for someone whose usual is 9
    ],
)
def test_pain_during(reference: float, green_to: int, red_from: int) -> None:
    zones = [zone_during(pain, reference, POLICY.pain_during) for pain in range(11)]
    assert [zone is Zone.GREEN for zone in zones] == [pain <= green_to for pain in range(11)]
    assert [zone is Zone.RED for zone in zones] == [pain >= red_from for pain in range(11)]


@pytest.mark.parametrize(
    ("reference", "green_to", "red_from"),
    [(0, 2, 5), (1, 2, 5), (2, 3, 5), (2.5, 3, 6), (8, 9, 11)],
)
def test_pain_next_morning(reference: float, green_to: int, red_from: int) -> None:
    zones = [zone_next_morning(pain, reference, POLICY.pain_next_morning) for pain in range(11)]
    assert [zone is Zone.GREEN for zone in zones] == [pain <= green_to for pain in range(11)]
    assert [zone is Zone.RED for zone in zones] == [pain >= red_from for pain in range(11)]
