"""The score that fades: practice never lowers it, and no one day weighs much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consistency import Band, band, consistency
from tests.domain.histories import POLICY

LIMITS = POLICY.consistency
A_DAY = 0.05  # the most that one moves it

pasts = st.lists(st.booleans(), max_size=200)


def score(*days: bool) -> float:
    return consistency(days, LIMITS)


@given(pasts)
def test_it_lies_between_nothing_and_all(days: list[bool]) -> None:
    assert 0 <= score(*days) < 1


@given(pasts)
def test_practising_never_lowers_it_and_a_missed_day_hardly(days: list[bool]) -> None:
    before = score(*days)
    assert before <= score(*days, True) <= before + A_DAY
    assert before - A_DAY <= score(*days, False) <= before


@given(pasts, st.data())
def test_each_day_practised_instead_of_missed_raises_it(
    days: list[bool], data: st.DataObject
) -> None:
    if False not in days:
        days = [*days, False]
    missed = data.draw(st.sampled_from([n for n, practised in enumerate(days) if not practised]))
    assert score(*days) < score(*days[:missed], True, *days[missed + 1 :])


@given(pasts, st.integers(0, 60))
def test_silence_lowers_softly_and_never_to_nothing(days: list[bool], missed: int) -> None:
    if any(days):
        assert 0 < score(*days, *[False] * missed) <= score(*days)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([], Band.SETTLING),
        ([True] * 3, Band.SETTLING),
        ([True] * 10, Band.SOME),
        ([True] * 14, Band.MANY),
        ([True] * 28, Band.MOST),
        ([True] * 56, Band.NEARLY_ALL),
        ([True] * 56 + [False], Band.NEARLY_ALL),
        ([True] * 56 + [False] * 7, Band.MANY),
        ([True] * 56 + [False] * 14, Band.SOME),
        ([True, True, True, True, True, False, False] * 12, Band.MANY),
        ([True, True, False] * 40, Band.MANY),
        ([True, False, False] * 40, Band.SOME),
    ],
)
def test_what_is_said_of_it(days: list[bool], said: Band) -> None:
    assert band(score(*days), LIMITS) is said
