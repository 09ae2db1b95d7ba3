"""What a button means survives the way to Telegram and back; what we never wrote is refused."""

from enum import Enum
from typing import Any, get_type_hints
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.safety import read_safety
from bot.delivery import taps
from bot.delivery.taps import (
    GREATEST,
    LONGEST,
    Change,
    Rate,
    Recall,
    Screen,
    Tap,
    Tell,
    Travel,
    Worry,
)
from bot.domain.profile import Question
from bot.domain.refusal import ButtonUnreadable
from bot.domain.session import Asked
from bot.settings import CONTENT

TAPS = [
    k for k in vars(taps).values() if isinstance(k, type) and issubclass(k, Tap) and k is not Tap
]
FIELD: dict[type, st.SearchStrategy[Any]] = {
    int: st.integers(-GREATEST, GREATEST),
    str: st.text(st.characters(codec="utf-8"), max_size=12),
}
FORGED = (
    *("", ":", "1", "1:", "1:rate", "1:rate:", "1:rate:7", "1:rate:7:pain_during", "None"),
    *("0:rate:7:pain_during:4", "2:rate:7:pain_during:4", "rate:7:pain_during:4"),  # versions
    *("1:rate:7:pain_during:4:5", "1:rate:x:pain_during:4", "1:rate:7:mood:4"),
    *("1:rate: 7:pain_during:4", "1:rate:+7:pain_during:4", "1:rate:07:pain_during:4"),
    *("1:rate:7_0:pain_during:4", "1:rate:٧:pain_during:4", "1:rate:7.0:pain_during:4"),
    "1:rate:9223372036854775808:pain_during:4",  # one more than any row
    "1:rated:7:pain_during:4",
    "1:worry:",
    "1:tell:town:Europe/Paris:1",
    "1:screen:C:bones:1",  # its colon was never written so
)


def fields_of(kind: type[Tap]) -> dict[str, st.SearchStrategy[Any]]:
    hints = {name: hint for name, hint in get_type_hints(kind).items() if isinstance(hint, type)}
    return {
        name: st.sampled_from(list(hint)) if issubclass(hint, Enum) else FIELD[hint]
        for name, hint in hints.items()
    }


@st.composite
def any_tap(draw: st.DrawFn) -> Tap:
    kind = draw(st.sampled_from(TAPS))
    return kind(**{name: draw(values) for name, values in fields_of(kind).items()})


@given(any_tap())
def test_a_tap_that_fits_means_the_same_after_the_way_there_and_back(tap: Tap) -> None:
    try:
        data = tap.encode()
    except ValueError:  # beyond 64 bytes, see below
        return
    assert 1 <= len(data.encode()) <= LONGEST
    assert type(tap).decode(data) == tap


def test_taps_have_names_of_their_own() -> None:
    assert len({kind.NAME for kind in TAPS}) == len(TAPS)


@pytest.mark.parametrize("item", [item.key for item in read_safety(CONTENT / "safety.yaml")])
def test_every_clearance_item_fits_on_a_button(item: str) -> None:
    assert Screen.decode(Screen(item, 1).encode()) == Screen(item, 1)


def test_every_zone_fits_on_a_button() -> None:
    for zone in available_timezones():
        assert Tell.decode(Tell(Question.TOWN, zone).encode()).value == zone


def test_the_largest_numbers_fit_on_a_button() -> None:
    longest = max(Asked, key=len)
    assert len(Rate(GREATEST, longest, 10).encode()) <= LONGEST


def test_two_sessions_fit_on_a_button_as_long_as_there_are_fewer_than_a_quadrillion() -> None:
    longest, newest = max(Asked, key=len), 10**15 - 1
    for tap in (Recall(newest, newest, longest, 10), Change(newest, newest, longest)):
        assert len(tap.encode()) <= LONGEST


def test_what_would_not_fit_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="a tap of 7"):
        Travel("x" * 60, 10).encode()


@pytest.mark.parametrize("data", FORGED)
def test_forged_and_outdated_buttons_are_unreadable(data: str) -> None:
    for kind in TAPS:
        with pytest.raises(ButtonUnreadable):
            kind.decode(data)


@given(st.text(max_size=64))
def test_garbage_is_unreadable_and_never_an_accident(data: str) -> None:
    for kind in TAPS:
        with pytest.raises(ButtonUnreadable):
            kind.decode(data)


@given(st.sampled_from(TAPS), st.lists(st.text(max_size=20), max_size=4))
def test_garbage_behind_a_true_name_is_unreadable_or_reads_as_it_was_written(
    kind: type[Tap], rest: list[str]
) -> None:
    data = ":".join(("1", kind.NAME, *rest))
    try:
        tap = kind.decode(data)
    except ButtonUnreadable:
        return
    assert tap.encode() == data


@pytest.mark.parametrize("data", [None, 7, b"1:worry"])
def test_what_is_no_text_is_unreadable(data: object) -> None:
    with pytest.raises(ButtonUnreadable):
        Worry.decode(data)
