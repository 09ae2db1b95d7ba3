"""What the safety screen asks, what its answers lock, and what opens again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.safety import (
    ASKED,
    CLEARED,
    SEEN,
    UNTIL_SEEN,
    ClearanceItem,
    Screening,
    Tier,
    due_again,
    reminder_due,
)
from tests.domain.lives import day as on

E, U, C, R = Tier.EMERGENCY, Tier.URGENT, Tier.CLEARANCE, Tier.ROUTINE
ALL_CLEAR = [(E, False), (U, False), (C, False)]

Said = list[tuple[str, bool | None]]


@pytest.mark.parametrize(
    ("sentence", "said", "lock", "question"),
    [
        ("nothing is known", [], None, E),
        ("the emergency first", [(E, False)], None, U),
        ("then the urgent", [(E, False), (U, False)], None, C),
        ("all clear", ALL_CLEAR, None, None),
        ("a yes locks, and asks no more", [(E, True)], E, None),
        ("urgent", [(E, False), (U, True)], U, None),
        ("the most serious speaks", [*ALL_CLEAR, (R, True), (U, True), (E, True)], E, None),
        ("clearance", [(E, False), (U, False), (C, True)], C, None),
        ("cleared", [(E, False), (U, False), (C, True), (CLEARED, True)], None, None),
        (
            "an emergency outlives a clearance",
            [*ALL_CLEAR, (C, True), (CLEARED, True), (E, True)],
            E,
            None,
        ),
        ("strong pain that returns", [*ALL_CLEAR, (R, True)], R, None),
        (
            "seen opens all three",
            [*ALL_CLEAR, (E, True), (U, True), (R, True), (SEEN, True)],
            None,
            None,
        ),
        ("seen is no clearance", [(E, True), (U, False), (C, True), (SEEN, True)], C, None),
        ("not seen opens nothing", [(E, True), (SEEN, False)], E, None),
        ("seen opens what was, not what comes", [*ALL_CLEAR, (SEEN, True), (U, True)], U, None),
        ("seen in the middle goes on", [(E, True), (SEEN, True)], None, C),
        ("asked again", [*ALL_CLEAR, (E, None), (U, None)], None, E),
        ("asked again and answered", [*ALL_CLEAR, (E, None), (U, None), (E, False)], None, U),
        ("asked again, and yes", [*ALL_CLEAR, (E, None), (U, None), (E, True)], E, None),
        (
            "a clearance outlasts being asked again",
            [(C, True), (CLEARED, True), (E, None), (U, False)],
            None,
            E,
        ),
        ("the newest answer counts", [*ALL_CLEAR, (C, True), (C, False)], None, None),
    ],
)
def test_what_is_locked_and_what_is_asked(
    sentence: str, said: Said, lock: Tier | None, question: Tier | None
) -> None:
    screening = Screening.from_answers(said)
    assert (screening.lock, screening.question) == (lock, question), sentence


answers: st.SearchStrategy[Said] = st.lists(
    st.tuples(
        st.sampled_from([*Tier, SEEN, CLEARED, "C:heart"]), st.sampled_from([True, False, None])
    )
)


@given(answers, st.sampled_from(UNTIL_SEEN))
def test_a_yes_locks_whatever_was_said_before(before: Said, tier: Tier) -> None:
    assert Screening.from_answers([*before, (tier, True)]).lock in UNTIL_SEEN


@given(answers)
def test_a_locked_plan_asks_nothing_and_an_open_one_is_asked_of_every_tier(said: Said) -> None:
    screening = Screening.from_answers(said)
    if screening.lock:
        assert screening.question is None
    elif screening.question is None:
        assert all(screening.answers[tier] is not None for tier in ASKED)


def test_items_of_clearance_are_known_by_their_own_names() -> None:
    heart = ClearanceItem(id="heart", cautions=frozenset())
    falls = ClearanceItem(id="falls", cautions=frozenset())
    said = [(heart.key, True), (falls.key, True), (falls.key, False), (E, True)]
    assert Screening.from_answers(said).items == {"heart"}


@pytest.mark.parametrize(
    ("sentence", "practised", "screened", "day", "due"),
    [
        ("who never practised has no gap", None, 0, 400, False),
        ("a day short", 0, 0, 27, False),
        ("a gap of four weeks", 0, 0, 28, True),
        ("and of a year", 0, 0, 365, True),
        ("answered just now", 0, 40, 40, False),
        ("answered in the gap", 0, 20, 40, False),
        ("answered in the gap, and long ago", 0, 20, 48, True),
        ("practised since", 35, 0, 40, False),
    ],
)
def test_safety_is_asked_again_after_a_long_gap(
    sentence: str, practised: int | None, screened: int, day: int, due: bool
) -> None:
    asked = due_again(
        None if practised is None else on(practised), on(screened), on(day), longest_gap=28
    )
    assert asked is due, sentence


@pytest.mark.parametrize(
    ("day", "due"),
    [(0, False), (1, False), (6, False), (7, True), (8, False), (13, False), (14, True)],
)
def test_the_safety_button_is_pointed_at_once_a_week(day: int, due: bool) -> None:
    assert reminder_due(on(0), on(day), 7) is due
    assert not reminder_due(None, on(day), 7)  # nothing was practised yet
