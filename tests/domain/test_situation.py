"""What a history says before any rule has an opinion: merged days, standing, reference pain."""

import pytest

from bot.domain.feedback import Breath, Compensation, Completed, Feedback, Reserve
from bot.domain.standing import Standing
from tests.domain.histories import (
    AMBER,
    CLEAN,
    NOT_DONE,
    PARTIAL,
    SILENT,
    Replies,
    daily,
    situation,
)


def test_sessions_of_one_day_are_one_exposure_and_the_worst_reply_wins() -> None:
    morning = Feedback(
        day=3, step=1, dose_fraction=1.0, pain_during=4, compensation=Compensation.NONE
    )
    evening = Feedback(
        day=3,
        step=2,
        dose_fraction=0.6,
        pain_during=1,
        breath_holding=Breath.OFTEN,
        completed=Completed.PARTIAL,
        loaded=True,
        reserve=Reserve.LITTLE,
    )
    assert situation(morning, evening).sessions == (
        Feedback(
            day=3,
            step=2,
            dose_fraction=0.6,
            pain_during=4,
            pain_next_morning=None,
            compensation=Compensation.NONE,
            breath_holding=Breath.OFTEN,
            completed=Completed.PARTIAL,
            loaded=True,
            reserve=Reserve.LITTLE,
        ),
    )


@pytest.mark.parametrize(
    ("pains_and_confirmations", "confirmed"),
    [
        ([(9, True), (3, False)], True),
        ([(9, False), (3, True)], False),  # another number was confirmed than the one that counts
        ([(9, True), (9, False)], True),
    ],
)
def test_a_merged_day_is_confirmed_by_its_worst_number(
    pains_and_confirmations: list[tuple[int, bool]], confirmed: bool
) -> None:
    sessions = [
        Feedback(day=1, step=1, dose_fraction=0.6, pain_during=pain, confirmed=said)
        for pain, said in pains_and_confirmations
    ]
    assert situation(*sessions).latest.confirmed is confirmed


def test_a_history_may_come_in_any_order() -> None:
    history = daily(CLEAN, AMBER, SILENT)
    assert situation(*reversed(history)).sessions == history


def test_standing_is_where_the_latest_session_was_even_unanswered() -> None:
    assert situation(*daily(CLEAN, {**SILENT, "step": 3})).standing == Standing(3, 0.8)


@pytest.mark.parametrize(("placement", "step"), [(1, 1), (4, 4), (0, 1), (99, 8)])
def test_before_the_first_session_standing_is_the_placement(placement: int, step: int) -> None:
    assert situation(placement=placement).standing == Standing(step, 0.6)


def test_a_ladder_that_was_shortened_keeps_people_on_its_last_step() -> None:
    assert situation(*daily(CLEAN), ladder_steps=1).standing.step == 1


def mornings(*pains: int | None) -> list[Replies]:
    return [{**CLEAN, "pain_next_morning": pain} for pain in pains]


@pytest.mark.parametrize(
    ("pains", "reference"),
    [
        ([], 4),
        ([1, 1, 1, 9], 4),  # three replies before the latest are too few
        ([1, 1, 1, None, 9], 4),  # silence is no reply
        ([1, 1, 1, 1, 9], 1),  # the latest doesn't judge itself
        ([1, 2, 3, 3, 9], 2.5),
        ([8, 8, 8, 8, 0], 5),  # usual pain at sign-up + 1 at most
    ],
)
def test_reference_pain_of_someone_who_signed_up_with_4(
    pains: list[int | None], reference: float
) -> None:
    assert situation(*daily(*mornings(*pains)), baseline_pain=4).reference_pain == reference


def test_reference_pain_forgets_mornings_of_more_than_fifteen_days_ago() -> None:
    history = daily(*mornings(0, 0, 0, 0, 0))
    assert situation(*history, baseline_pain=4, days_later=11).reference_pain == 0
    assert situation(*history, baseline_pain=4, days_later=12).reference_pain == 4


@pytest.mark.parametrize(
    ("replies", "clean", "flawed"),
    [
        (CLEAN, True, False),
        ({**CLEAN, "pain_next_morning": None}, False, False),
        (SILENT, False, False),
        (AMBER, False, True),
        (PARTIAL, False, True),
        (NOT_DONE, False, False),
        ({**CLEAN, "completed": Completed.NO}, False, True),
        ({**SILENT, "breath_holding": Breath.SOMETIMES}, False, True),
    ],
)
def test_clean_is_answered_in_full_and_flawed_is_known_to_be_less(
    replies: Replies, clean: bool, flawed: bool
) -> None:
    view = situation(*daily(replies))
    assert (view.is_clean(view.latest), view.is_flawed(view.latest)) == (clean, flawed)
