"""The rule table as a specification. A sentence, some days, and what the morning after decides."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.decision import Action, Missing, Reason, decide
from bot.domain.feedback import Breath, Completed, Feedback
from bot.domain.trip import Return
from tests.domain.histories import (
    AMBER,
    CLEAN,
    FULL_DOSE,
    HELD_BREATH,
    LITTLE_LEFT,
    LOADED,
    MUCH_HELP,
    NOT_DONE,
    PARTIAL,
    RED,
    SHORT_BREATH,
    SILENT,
    SOME_HELP,
    SORE,
    VERY_SORE,
    Replies,
    after,
    daily,
    situation,
    told,
)

DAY_2, DAY_3 = dt.date.fromordinal(2), dt.date.fromordinal(3)
Told = tuple[str, int, float, str]
Case = tuple[str, list[Replies], Told]


def cases(*rows: Case) -> pytest.MarkDecorator:
    """The sentence names the test."""
    return pytest.mark.parametrize(
        ("sessions", "expected"),
        [(sessions, expected) for _, sessions, expected in rows],
        ids=[sentence for sentence, _, _ in rows],
    )


def at(step: int, dose: float, replies: Replies) -> Replies:
    return {**replies, "step": step, "dose_fraction": dose}


@pytest.mark.parametrize("sessions", [[], [CLEAN, CLEAN], [RED]])
def test_r1_a_red_flag_locks_the_plan_whatever_else_is_known(sessions: list[Replies]) -> None:
    decision = after(*sessions, red_flag=True)
    assert (decision.action, decision.rules) == (Action.PAUSE_AND_REFER, ("R1",))
    assert decision.missing == (Missing.CLINICIAN,)


def test_r2_no_history_begins_at_the_entry_dose_of_the_placement() -> None:
    assert told(after(placement=3)) == ("hold", 3, 0.6, "R2 first_time")


def on(day: int, dose: float, pain: int) -> Feedback:
    return Feedback(day=day, step=2, dose_fraction=dose, pain_during=pain)


@pytest.mark.parametrize(
    ("sentence", "history", "pauses"),
    [
        ("three over two weeks, after a cut", [(1, 0.8, 7), (9, 0.6, 7), (15, 0.6, 7)], True),
        ("never cut", [(1, 0.8, 7), (9, 0.8, 7), (15, 0.8, 7)], False),
        ("within thirteen days", [(1, 0.8, 7), (9, 0.6, 7), (14, 0.6, 7)], False),
        ("only two", [(1, 0.8, 7), (9, 0.6, 2), (15, 0.6, 7)], False),
        ("the latest is not red", [(1, 0.8, 7), (9, 0.6, 7), (15, 0.6, 7), (16, 0.6, 5)], False),
        ("cut and grown again", [(1, 0.8, 7), (9, 0.6, 2), (14, 0.8, 7), (15, 0.8, 7)], True),
        ("isolated days of a year", [(1, 0.8, 7), (150, 0.6, 7), (300, 0.6, 7)], False),
        ("within six weeks", [(1, 0.8, 7), (20, 0.6, 7), (43, 0.6, 7)], True),
        ("a day more", [(1, 0.8, 7), (20, 0.6, 7), (44, 0.6, 7)], False),
    ],
)
def test_r4_strong_pain_that_keeps_coming_back_is_referred(
    sentence: str, history: list[tuple[int, float, int]], pauses: bool
) -> None:
    decision = decide(situation(*(on(*session) for session in history)))
    assert (decision.rules[0] == "R4") is pauses, sentence
    assert (decision.action is Action.PAUSE_AND_REFER) is pauses


@pytest.mark.parametrize(
    ("step", "dose", "days", "expected"),
    [
        (5, 1.0, 7, ("deload_after_gap", 5, 0.6, "R5 short_gap")),
        (5, 0.8, 13, ("deload_after_gap", 5, 0.6, "R5 short_gap")),
        (5, 0.4, 7, ("deload_after_gap", 5, 0.4, "R5 short_gap")),  # a gap never adds
        (5, 1.0, 14, ("deload_after_gap", 4, 0.6, "R5 long_gap")),
        (5, 1.0, 27, ("deload_after_gap", 4, 0.6, "R5 long_gap")),
        (5, 1.0, 28, ("deload_after_gap", 3, 0.6, "R5 longest_gap")),
        (2, 1.0, 400, ("deload_after_gap", 1, 0.6, "R5 longest_gap")),
        (1, 1.0, 20, ("deload_after_gap", 1, 0.6, "R5 long_gap")),
    ],
)
def test_r5_a_gap_leads_back_gently(step: int, dose: float, days: int, expected: Told) -> None:
    assert told(after(at(step, dose, CLEAN), days_later=days)) == expected


def test_r5_six_days_are_no_gap() -> None:
    assert after(AMBER, CLEAN, days_later=6).rules == ("R17",)


def test_r5_counts_from_the_last_session_even_if_it_was_unanswered() -> None:
    assert after(CLEAN, CLEAN, SILENT, days_later=6).rules == ("R17",)
    assert after(CLEAN, CLEAN, SILENT, days_later=7).rules == ("R5",)


@pytest.mark.parametrize(
    ("sentence", "sessions", "days", "expected", "rules"),
    [
        ("a step back and the gap's dose", [RED, RED], 7, (1, 0.6), ("R5", "R8", "R18")),
        ("the gap leads further back", [RED, RED], 28, (1, 0.6), ("R5", "R8", "R18")),
        ("less than the gap's dose", [at(2, 0.6, RED)], 7, (2, 0.4), ("R5", "R8")),
        ("a warning that holds adds nothing", [AMBER], 7, (2, 0.6), ("R5", "R8")),
        (
            "the most cautious warning comes next",
            [RED, {**RED, "breath_holding": Breath.OFTEN}],
            7,
            (1, 0.6),
            ("R5", "R8", "R18", "R11"),
        ),
    ],
)
def test_r5_a_pause_lifts_no_warning(
    sentence: str,
    sessions: list[Replies],
    days: int,
    expected: tuple[int, float],
    rules: tuple[str, ...],
) -> None:
    decision = after(*sessions, days_later=days)
    assert decision.action is Action.DELOAD_AFTER_GAP
    assert (decision.step, decision.dose_fraction) == expected, sentence
    assert decision.rules == rules


def test_r5_after_four_weeks_the_safety_questions_come_first() -> None:
    assert Missing.SAFETY_SCREEN in after(CLEAN, days_later=28).missing
    assert Missing.SAFETY_SCREEN not in after(CLEAN, days_later=27).missing


@cases(
    ("not done holds", [CLEAN, CLEAN, NOT_DONE], ("hold", 2, 0.8, "R6 not_done")),
    ("twice as well", [CLEAN, NOT_DONE, NOT_DONE], ("hold", 2, 0.8, "R6 not_done")),
)
def test_r6_not_done(sessions: list[Replies], expected: Told) -> None:
    assert told(after(*sessions)) == expected


SLIP = {**CLEAN, "pain_during": 9}


def test_r7_a_lone_high_number_is_asked_back() -> None:
    decision = after(*[CLEAN] * 5, SLIP)
    assert told(decision) == ("hold", 2, 0.8, "R7 surprising_pain")
    assert decision.rules == ("R7",)
    assert decision.missing == (Missing.PAIN_CONFIRMED,)


@pytest.mark.parametrize(
    ("sentence", "sessions", "context"),
    [
        ("confirmed", [*[CLEAN] * 5, {**SLIP, "confirmed": True}], {}),
        ("unanswered for a day", [*[CLEAN] * 5, SLIP], {"days_later": 2}),
        ("not high enough", [*[CLEAN] * 5, {**SLIP, "pain_during": 7}], {}),
        ("not far from the median", [*[{**CLEAN, "pain_during": 5}] * 5, SLIP], {}),
        ("too few to compare with", [*[CLEAN] * 4, SLIP], {}),
        ("silence is nothing to compare with", [*[CLEAN] * 4, SILENT, SLIP], {}),
        ("the morning was sore", [*[CLEAN] * 5, {**SLIP, "pain_next_morning": 4}], {}),
        ("the morning is unknown", [*[CLEAN] * 5, {**SLIP, "pain_next_morning": None}], {}),
        ("the breath paused", [*[CLEAN] * 5, {**SLIP, "breath_holding": Breath.SOMETIMES}], {}),
        ("it was cut short", [*[CLEAN] * 5, {**SLIP, "completed": Completed.PARTIAL}], {}),
    ],
)
def test_r7_otherwise_the_number_stands(
    sentence: str, sessions: list[Replies], context: dict[str, Any]
) -> None:
    decision = after(*sessions, **context)
    assert "R7" not in decision.rules, sentence
    assert "R8" in decision.rules
    assert decision.action is Action.REDUCE_DOSE


@cases(
    ("amber holds", [CLEAN, CLEAN, AMBER], ("hold", 2, 0.8, "R8 pain_amber")),
    ("amber twice holds too", [CLEAN, AMBER, AMBER], ("hold", 2, 0.8, "R8 pain_amber")),
    ("red cuts the dose", [CLEAN, CLEAN, RED], ("reduce_dose", 2, 0.6, "R8 pain_red")),
    ("red after amber too", [CLEAN, AMBER, RED], ("reduce_dose", 2, 0.6, "R8 pain_red")),
    (
        "red again goes a step back",
        [CLEAN, RED, RED],
        ("regress_step", 1, 0.8, "R8 pain_red_again"),
    ),
    (
        "silence in between breaks no row",
        [RED, SILENT, RED],
        ("regress_step", 1, 0.8, "R8 pain_red_again"),
    ),
    (
        "a step back is no more of it than now",
        [at(5, 0.4, RED), at(5, 0.4, RED)],
        ("regress_step", 4, 0.4, "R8 pain_red_again"),
    ),
    (
        "red until morning goes a step back",
        [CLEAN, CLEAN, {**RED, "pain_next_morning": 5}],
        ("regress_step", 1, 0.8, "R8 pain_red_till_morning"),
    ),
    (
        "from the first step there is no step back",
        [at(1, 0.8, RED), at(1, 0.8, RED)],
        ("reduce_dose", 1, 0.6, "R8 pain_red_again"),
    ),
    (
        "the dose has a floor",
        [CLEAN, at(2, 0.4, RED)],
        ("reduce_dose", 2, 0.4, "R8 pain_red"),
    ),
    ("silence now says nothing", [CLEAN, RED, SILENT], ("hold", 2, 0.8, "R17 settling_in")),
)
def test_r8_pain_during(sessions: list[Replies], expected: Told) -> None:
    assert told(after(*sessions)) == expected


NEW_STEP_SORE = at(3, 0.6, SORE)


@cases(
    ("amber once holds", [CLEAN, CLEAN, SORE], ("hold", 2, 0.8, "R9 morning_amber")),
    (
        "amber twice cuts the dose",
        [CLEAN, SORE, SORE],
        ("reduce_dose", 2, 0.6, "R9 morning_amber_again"),
    ),
    (
        "a silent morning in between breaks no row",
        [CLEAN, SORE, {**CLEAN, "pain_next_morning": None}, SORE],
        ("reduce_dose", 2, 0.6, "R9 morning_amber_again"),
    ),
    ("red cuts the dose", [CLEAN, CLEAN, VERY_SORE], ("reduce_dose", 2, 0.6, "R9 morning_red")),
    (
        "red after amber goes back",
        [CLEAN, SORE, VERY_SORE],
        ("regress_step", 1, 0.8, "R9 morning_red_again"),
    ),
    (
        "amber after red as well",
        [CLEAN, VERY_SORE, SORE],
        ("regress_step", 1, 0.8, "R9 morning_red_again"),
    ),
    (
        "a green morning ends the row",
        [SORE, CLEAN, SORE],
        ("hold", 2, 0.8, "R9 morning_amber"),
    ),
    (
        "amber on a new step holds",
        [CLEAN, CLEAN, NEW_STEP_SORE],
        ("hold", 3, 0.6, "R9 morning_amber_on_new_step"),
    ),
)
def test_r9_next_morning(sessions: list[Replies], expected: Told) -> None:
    assert told(after(*sessions)) == expected


def test_r9_a_sore_first_exposure_is_left_48_hours() -> None:
    assert after(CLEAN, NEW_STEP_SORE).rest_hours == 48
    assert after(CLEAN, at(3, 0.6, CLEAN), NEW_STEP_SORE).rest_hours == 0


@cases(
    ("some holds", [CLEAN, CLEAN, SOME_HELP], ("hold", 2, 0.8, "R10 compensation_some")),
    (
        "marked cuts the dose",
        [CLEAN, SOME_HELP, MUCH_HELP],
        ("reduce_dose", 2, 0.6, "R10 compensation_marked"),
    ),
    (
        "marked twice goes back",
        [MUCH_HELP, SILENT, MUCH_HELP],
        ("regress_step", 1, 0.8, "R10 compensation_again"),
    ),
    (
        "marked with amber pain goes back",
        [CLEAN, CLEAN, {**MUCH_HELP, "pain_during": 4}],
        ("regress_step", 1, 0.8, "R10 compensation_with_pain"),
    ),
    (
        "marked with a sore morning goes back",
        [CLEAN, CLEAN, {**MUCH_HELP, "pain_next_morning": 4}],
        ("regress_step", 1, 0.8, "R10 compensation_with_pain"),
    ),
)
def test_r10_compensation(sessions: list[Replies], expected: Told) -> None:
    assert told(after(*sessions)) == expected


@cases(
    ("sometimes holds", [CLEAN, SHORT_BREATH], ("hold", 2, 0.8, "R11 breath_sometimes")),
    ("often holds", [SHORT_BREATH, CLEAN, HELD_BREATH], ("hold", 2, 0.8, "R11 breath_often")),
    (
        "often twice cuts the dose",
        [HELD_BREATH, SILENT, HELD_BREATH],
        ("reduce_dose", 2, 0.6, "R11 breath_often_again"),
    ),
)
def test_r11_breath(sessions: list[Replies], expected: Told) -> None:
    assert told(after(*sessions)) == expected


def rising(reply: str, *pains: int | None) -> list[Replies]:
    return [{**CLEAN, reply: pain} for pain in pains]


@pytest.mark.parametrize("reply", ["pain_during", "pain_next_morning"])
@pytest.mark.parametrize(
    ("sentence", "pains", "rises"),
    [
        ("a slow rise", [1, 1, 1, 2, 2, 3, 3, 4], True),
        ("six answers of eight are enough", [1, 1, None, 2, 2, None, 3, 4], True),
        ("five are not", [1, 1, None, None, 2, None, 3, 4], False),
        ("six sessions are enough", [1, 1, 1, 2, 3, 4], True),
        ("too little a rise", [2, 2, 2, 2, 2, 2, 2, 4], False),
        ("the latest is near the usual", [0, 0, 0, 3, 3, 3, 3, 3], False),
        ("the latest is unknown", [0, 0, 0, 3, 3, 4, 4, None], False),
    ],
)
def test_r12_rising_pain(reply: str, sentence: str, pains: list[int | None], rises: bool) -> None:
    assert ("R12" in after(*rising(reply, *pains)).rules) is rises, sentence


def test_r12_rising_pain_cuts_the_dose() -> None:
    decision = after(*rising("pain_during", 1, 1, 1, 2, 2, 3, 3, 4))
    assert told(decision) == ("reduce_dose", 2, 0.6, "R12 pain_rising")
    assert decision.rules == ("R12", "R8")


@pytest.mark.parametrize(
    ("sentence", "sessions", "slips"),
    [
        ("five of six, and none clean", [SOME_HELP] * 3 + [AMBER] + [SHORT_BREATH] * 2, True),
        ("one was clean", [SOME_HELP] * 3 + [CLEAN] + [SHORT_BREATH] * 2, False),
        ("four of six", [SOME_HELP] * 2 + [AMBER] * 2 + [SHORT_BREATH] * 2, False),
        ("five are enough", [SOME_HELP] * 5, True),
        ("silence now says nothing", [SOME_HELP] * 5 + [SILENT], False),
    ],
)
def test_r13_quality_that_keeps_slipping_cuts_the_dose(
    sentence: str, sessions: list[Replies], slips: bool
) -> None:
    decision = after(*sessions)
    assert ("R13" in decision.rules) is slips, sentence
    assert (decision.action is Action.REDUCE_DOSE) is slips


@cases(
    ("once holds", [CLEAN, CLEAN, PARTIAL], ("hold", 2, 0.8, "R17 settling_in")),
    (
        "twice cuts the dose",
        [PARTIAL, SILENT, PARTIAL],
        ("reduce_dose", 2, 0.6, "R14 partial_again"),
    ),
    (
        "then not done at all cuts it too",
        [PARTIAL, NOT_DONE],
        ("reduce_dose", 2, 0.6, "R14 partial_again"),
    ),
    ("after not done it holds", [NOT_DONE, PARTIAL], ("hold", 2, 0.8, "R17 settling_in")),
)
def test_r14_partial(sessions: list[Replies], expected: Told) -> None:
    assert told(after(*sessions)) == expected


TWO_SIGNS = {**AMBER, "breath_holding": Breath.SOMETIMES}


@cases(
    (
        "two signs and one more add up",
        [TWO_SIGNS, SOME_HELP],
        ("reduce_dose", 2, 0.6, "R18 signs_add_up"),
    ),
    ("two in all do not", [SHORT_BREATH, SOME_HELP], ("hold", 2, 0.8, "R10 compensation_some")),
    (
        "the latest has none, so the row is over",
        [TWO_SIGNS, TWO_SIGNS, CLEAN],
        ("hold", 2, 0.8, "R17 settling_in"),
    ),
    (
        "only the last two",
        [TWO_SIGNS, CLEAN, SHORT_BREATH],
        ("hold", 2, 0.8, "R11 breath_sometimes"),
    ),
    (
        "at another dose",
        [at(2, 1.0, TWO_SIGNS), SOME_HELP],
        ("hold", 2, 0.8, "R10 compensation_some"),
    ),
    (
        "one session alone",
        [{**TWO_SIGNS, "pain_next_morning": 4}],
        ("hold", 2, 0.8, "R8 pain_amber"),
    ),
    (
        "silence adds none",
        [TWO_SIGNS, SILENT, SOME_HELP],
        ("hold", 2, 0.8, "R10 compensation_some"),
    ),
)
def test_r18_signs_add_up(sessions: list[Replies], expected: Told) -> None:
    assert told(after(*sessions)) == expected


def test_r18_a_number_that_is_asked_back_adds_nothing() -> None:
    sessions = [*[CLEAN] * 4, TWO_SIGNS, SLIP]
    assert "R18" not in after(*sessions).rules
    assert "R18" in after(*sessions, days_later=2).rules


def test_among_warnings_the_most_cautious_wins_and_all_are_named() -> None:
    decision = after(CLEAN, {**RED, "breath_holding": Breath.OFTEN, "pain_next_morning": 4})
    assert decision.action is Action.REDUCE_DOSE
    assert decision.rules == ("R8", "R18", "R9", "R11")
    assert decision.reasons == (
        Reason.PAIN_RED,
        Reason.SIGNS_ADD_UP,
        Reason.MORNING_AMBER,
        Reason.BREATH_OFTEN,
    )


@cases(
    ("one clean is not enough", [CLEAN], ("hold", 2, 0.8, "R17 settling_in")),
    ("two clean add dose", [CLEAN, CLEAN], ("advance_dose", 2, 1.0, "R15 ready_for_more")),
    ("after a sign they do not", [AMBER, CLEAN, CLEAN], ("hold", 2, 0.8, "R17 settling_in")),
    (
        "three are",
        [AMBER, CLEAN, CLEAN, CLEAN],
        ("advance_dose", 2, 1.0, "R15 ready_for_more"),
    ),
    (
        "they are counted and need no row",
        [CLEAN, AMBER, CLEAN, SHORT_BREATH, CLEAN],
        ("advance_dose", 2, 1.0, "R15 ready_for_more"),
    ),
    (
        "the latest has to be one of them",
        [CLEAN, CLEAN, CLEAN, AMBER],
        ("hold", 2, 0.8, "R8 pain_amber"),
    ),
    (
        "another dose says nothing",
        [AMBER, at(2, 0.6, CLEAN), CLEAN, CLEAN],
        ("hold", 2, 0.8, "R17 settling_in"),
    ),
    (
        "another step neither",
        [AMBER, at(1, 0.8, CLEAN), CLEAN, CLEAN],
        ("hold", 2, 0.8, "R17 settling_in"),
    ),
    (
        "what went well twice is taken up again after one",
        [CLEAN, CLEAN, RED, at(2, 0.6, CLEAN)],
        ("advance_dose", 2, 0.8, "R15 ready_for_more"),
    ),
    (
        "more than that as well",
        [FULL_DOSE, FULL_DOSE, at(2, 1.0, RED), at(2, 0.6, CLEAN)],
        ("advance_dose", 2, 0.8, "R15 ready_for_more"),
    ),
    (
        "what went well once is not",
        [CLEAN, RED, at(2, 0.6, CLEAN)],
        ("hold", 2, 0.6, "R17 settling_in"),
    ),
    (
        "nor what was only silent",
        [SILENT, SILENT, RED, at(2, 0.6, CLEAN), at(2, 0.6, CLEAN)],
        ("hold", 2, 0.6, "R17 settling_in"),
    ),
    (
        "a step is taken up again without its days",
        [at(3, 0.6, CLEAN), at(3, 0.6, CLEAN), at(3, 0.6, RED), FULL_DOSE],
        ("advance_step", 3, 0.6, "R15 ready_for_next_step"),
    ),
    (
        "one silent session may lie between",
        [CLEAN, SILENT, CLEAN],
        ("advance_dose", 2, 1.0, "R15 ready_for_more"),
    ),
    (
        "one skipped session may lie between",
        [CLEAN, NOT_DONE, CLEAN],
        ("advance_dose", 2, 1.0, "R15 ready_for_more"),
    ),
    (
        "two may not",
        [CLEAN, SILENT, SILENT, CLEAN],
        ("hold", 2, 0.8, "R17 settling_in"),
    ),
    (
        "a known warning is not passed over",
        [CLEAN, {**SILENT, "breath_holding": Breath.SOMETIMES}, CLEAN],
        ("hold", 2, 0.8, "R17 settling_in"),
    ),
    ("silence now never advances", [CLEAN, CLEAN, SILENT], ("hold", 2, 0.8, "R17 settling_in")),
    (
        "a missing morning neither",
        [CLEAN, CLEAN, {**CLEAN, "pain_next_morning": None}],
        ("hold", 2, 0.8, "R17 settling_in"),
    ),
    (
        "doses between the tenths are brought to them",
        [at(2, 0.63, CLEAN), at(2, 0.63, CLEAN)],
        ("advance_dose", 2, 0.8, "R15 ready_for_more"),
    ),
    (
        "one sore morning of the last four changes nothing",
        [CLEAN, CLEAN, SORE, CLEAN],
        ("advance_dose", 2, 1.0, "R15 ready_for_more"),
    ),
    (
        "with two the back is irritable, and three clean are not enough",
        [at(2, 0.6, CLEAN), CLEAN, CLEAN, SORE, SORE, CLEAN],
        ("hold", 2, 0.8, "R17 settling_in"),
    ),
    (
        "and four are",
        [CLEAN, CLEAN, SORE, CLEAN, SORE, CLEAN],
        ("advance_dose", 2, 1.0, "R15 ready_for_more"),
    ),
)
def test_r15_dose(sessions: list[Replies], expected: Told) -> None:
    assert told(after(*sessions)) == expected


def test_r15_two_sessions_of_one_day_are_one() -> None:
    days = (1, 2, 3, 3)
    sessions = [Feedback(day=day, **(AMBER if day == 1 else CLEAN)) for day in days]
    assert decide(situation(*sessions)).missing == (Missing.ONE_CLEAN_SESSION,)


@pytest.mark.parametrize(("days_ago", "action"), [(42, Action.HOLD), (43, Action.ADVANCE_DOSE)])
def test_r15_a_sign_is_remembered_for_six_weeks(days_ago: int, action: Action) -> None:
    signed = Feedback(day=0, **at(1, 1.0, AMBER))
    quiet = [Feedback(day=day, **at(1, 1.0, CLEAN)) for day in range(1, days_ago - 2)]
    latest = [Feedback(day=days_ago - ago, **CLEAN) for ago in (2, 1)]
    assert decide(situation(signed, *quiet, *latest)).action is action


@pytest.mark.parametrize(("days_ago", "action"), [(28, Action.ADVANCE_DOSE), (29, Action.HOLD)])
def test_r15_what_went_well_is_remembered_for_four_weeks(days_ago: int, action: Action) -> None:
    well = [Feedback(day=day, **CLEAN) for day in (0, 1)]
    lower = [Feedback(day=day, **at(2, 0.6, AMBER)) for day in range(2, days_ago - 1)]
    latest = Feedback(day=days_ago - 1, **at(2, 0.6, CLEAN))
    assert decide(situation(*well, *lower, latest)).action is action


NOT_ASKED_THEN = {**LITTLE_LEFT, "loaded": False, "reserve": None}
NO_WORD = {**LOADED, "reserve": None}


@cases(
    ("three more were possible", [LOADED, LOADED], ("advance_dose", 2, 1.0, "R15 ready_for_more")),
    ("fewer hold", [LOADED, LITTLE_LEFT], ("hold", 2, 0.8, "R20 little_in_reserve")),
    ("again they hold", [LITTLE_LEFT] * 3, ("hold", 2, 0.8, "R20 little_in_reserve")),
    (
        "six times they hold still",
        [LITTLE_LEFT] * 6,
        ("hold", 2, 0.8, "R20 little_in_reserve"),
    ),
    (
        "a cut goes before",
        [LOADED, {**LITTLE_LEFT, "pain_during": 6}],
        ("reduce_dose", 2, 0.6, "R8 pain_red"),
    ),
    (
        "it adds no sign to others",
        [AMBER, {**LITTLE_LEFT, "pain_during": 4}],
        ("hold", 2, 0.8, "R8 pain_amber"),
    ),
    ("only the latest speaks", [LITTLE_LEFT, LOADED], ("hold", 2, 0.8, "R17 settling_in")),
    (
        "after one, three clean ones",
        [LITTLE_LEFT, LOADED, LOADED, LOADED],
        ("advance_dose", 2, 1.0, "R15 ready_for_more"),
    ),
    ("silence holds", [LOADED, NO_WORD], ("hold", 2, 0.8, "R17 settling_in")),
    (
        "from before it was asked",
        [NOT_ASKED_THEN, NOT_ASKED_THEN],
        ("advance_dose", 2, 1.0, "R15 ready_for_more"),
    ),
)
def test_r20_little_in_reserve(sessions: list[Replies], expected: Told) -> None:
    assert told(after(*sessions)) == expected


def test_r20_silence_says_what_is_missing() -> None:
    assert after(LOADED, LOADED, NO_WORD).missing == (Missing.SESSION_ANSWERS,)


def test_r20_with_little_in_reserve_a_high_number_is_no_slip() -> None:
    row = [LOADED] * 5
    assert after(*row, {**LOADED, "pain_during": 9}).rules[0] == "R7"
    assert after(*row, {**LITTLE_LEFT, "pain_during": 9}).rules[0] == "R8"


@pytest.mark.parametrize(
    ("sentence", "days", "gate_open", "missing"),
    [
        ("three sessions over five days", (1, 3, 6), True, ()),
        ("four days", (1, 3, 5), True, (Missing.MORE_DAYS,)),
        ("two sessions", (1, 6), True, (Missing.MORE_SESSIONS,)),
        ("the gate is shut", (1, 3, 6), False, (Missing.ENTRY_GATE,)),
    ],
)
def test_r15_step(
    sentence: str, days: tuple[int, ...], gate_open: bool, missing: tuple[Missing, ...]
) -> None:
    history = [Feedback(day=day, **FULL_DOSE) for day in days]
    decision = decide(situation(*history, gate_open=gate_open))
    assert decision.missing == missing, sentence
    if missing:
        assert told(decision) == ("hold", 2, 1.0, "R17 settling_in")
    else:
        assert told(decision) == ("advance_step", 3, 0.6, "R15 ready_for_next_step")


def test_r15_days_on_a_step_count_from_when_it_was_last_entered() -> None:
    sessions = [FULL_DOSE] * 3 + [at(1, 0.8, CLEAN)] + [FULL_DOSE] * 3
    assert after(*sessions).missing == (Missing.MORE_DAYS,)


def test_r15_high_usual_pain_never_advances() -> None:
    sore = {**CLEAN, "pain_during": 5, "pain_next_morning": 6}
    decision = after(*[sore] * 6, baseline_pain=6)
    assert told(decision) == ("hold", 2, 0.8, "R17 pain_stays_high")
    assert decision.missing == (Missing.CALMER_PAIN,)


@pytest.mark.parametrize("dose", [0.4, 0.8])
def test_r16_the_last_step_still_grows_in_dose(dose: float) -> None:
    assert after(at(8, dose, CLEAN), at(8, dose, CLEAN)).action is Action.ADVANCE_DOSE


def test_r16_at_the_top_it_is_kept_up_and_nothing_is_missing() -> None:
    decision = after(*[at(8, 1.0, CLEAN)] * 9, gate_open=False)
    assert told(decision) == ("hold", 8, 1.0, "R16 at_the_top")
    assert decision.missing == ()


@pytest.mark.parametrize(
    ("sessions", "missing"),
    [
        ([AMBER, CLEAN], (Missing.MORE_CLEAN_SESSIONS,)),
        ([AMBER, CLEAN, CLEAN], (Missing.ONE_CLEAN_SESSION,)),
        ([CLEAN, CLEAN, CLEAN, AMBER], (Missing.ONE_CLEAN_SESSION,)),
        ([CLEAN, AMBER], (Missing.MORE_CLEAN_SESSIONS,)),
        ([CLEAN, CLEAN, SILENT], (Missing.SESSION_ANSWERS, Missing.MORNING_ANSWER)),
        ([CLEAN, CLEAN, {**CLEAN, "pain_next_morning": None}], (Missing.MORNING_ANSWER,)),
        ([CLEAN, SILENT, SILENT, CLEAN], (Missing.MORE_ANSWERS,)),
        ([CLEAN, NOT_DONE], (Missing.ONE_CLEAN_SESSION,)),
        ([CLEAN, RED], (Missing.MORE_CLEAN_SESSIONS,)),
    ],
)
def test_r17_says_what_is_missing(sessions: list[Replies], missing: tuple[Missing, ...]) -> None:
    assert after(*sessions).missing == missing


def test_the_version_of_the_policy_is_part_of_every_decision() -> None:
    view = situation(*daily(CLEAN))
    assert decide(view).policy == view.policy.version


@pytest.mark.parametrize(
    ("sentence", "dose", "replies", "back", "expected"),
    [
        (
            "less of it",
            1.0,
            CLEAN,
            Return(on=DAY_3, days=2),
            ("reduce_dose", 2, 0.8, "R21 home_again"),
        ),
        (
            "what is small stays",
            0.6,
            CLEAN,
            Return(on=DAY_3, days=9),
            ("hold", 2, 0.6, "R21 home_again"),
        ),
        (
            "a worse sign goes before",
            1.0,
            RED,
            Return(on=DAY_3, days=9),
            ("regress_step", 1, 0.8, "R8 pain_red_again"),
        ),
        (
            "a night is none",
            1.0,
            CLEAN,
            Return(on=DAY_3, days=1),
            ("hold", 2, 1.0, "R17 settling_in"),
        ),
        (
            "once a ladder",
            1.0,
            CLEAN,
            Return(on=DAY_2, days=9),
            ("hold", 2, 1.0, "R17 settling_in"),
        ),
        ("nobody was away", 1.0, CLEAN, None, ("hold", 2, 1.0, "R17 settling_in")),
    ],
)
def test_r21_the_first_turn_at_home_is_a_notch_smaller(
    sentence: str, dose: float, replies: Replies, back: Return | None, expected: Told
) -> None:
    assert told(after(*[at(2, dose, replies)] * 2, back=back)) == expected, sentence


def test_r21_a_set_on_the_way_is_no_turn_at_home() -> None:
    lived = [replace(session, stood_in=True) for session in daily(*[at(2, 1.0, CLEAN)] * 2)]
    decision = decide(situation(*lived, back=Return(on=DAY_2, days=5)))
    assert told(decision) == ("reduce_dose", 2, 0.8, "R21 home_again")


def test_r21_a_longer_gap_leads_further_back() -> None:
    decision = after(*[at(2, 1.0, CLEAN)] * 2, days_later=8, back=Return(on=DAY_3, days=8))
    assert told(decision) == ("deload_after_gap", 2, 0.6, "R5 short_gap")
    assert "R21" in decision.rules
