"""Cases told as JSON, a line each: what they lead to, and what is said of those that can't be read."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.policy import read_policy
from bot.catalogue.words import Words
from bot.domain.feedback import Breath, Compensation, Completed, Feedback, Reserve
from bot.practice.casebook import LineUnreadable, answer_lines, read_case

CONTENT = Path(__file__).parents[2] / "content"
POLICY = read_policy(CONTENT / "policy.yaml")
WORDS = Words(CONTENT / "words" / "en")

SESSION = {
    "day": 11,
    "step": 2,
    "dose_fraction": 0.8,
    "pain_during": 2,
    "pain_next_morning": 3,
    "compensation": "none",
    "breath_holding": "never",
    "completed": True,
}
CASE: dict[str, Any] = {
    "context": {"baseline_pain": 3, "ladder_steps": 8, "today": 13, "red_flag_answer": None},
    "history": [SESSION, {**SESSION, "day": 12}],
}


def answers(*lines: str) -> Iterator[str]:
    return answer_lines(lines, POLICY, WORDS)


def answer(case: object) -> Any:
    [line] = answers(json.dumps(case))
    return json.loads(line)


def changed(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """The case with another value there; ... leaves the field out."""
    case = copy.deepcopy(CASE)
    place: Any = case
    for part in path[:-1]:
        place = place[part]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return case


def test_a_case_is_answered_with_a_move_its_rules_and_its_words() -> None:
    assert answer(CASE) == {
        "action": "advance_dose",
        "step": 2,
        "dose_fraction": 1.0,
        "rules": ["R15"],
        "why": "This portion felt good during and after, so the next portion grows to the full one.",
        "missing": [],
        "policy": POLICY.version,
    }


def test_what_is_missing_is_said_in_words() -> None:
    case = changed(("history",), [SESSION])
    assert answer(case)["missing"] == ["One more comfortable session."]


@pytest.mark.parametrize(
    ("told", "rule", "missing"),
    [
        ({"reserve": "enough"}, "R15", 0),
        ({"reserve": "little"}, "R20", 1),
        ({"loaded": True, "reserve": "enough"}, "R15", 0),
        ({"loaded": True, "reserve": None}, "R17", 2),
        ({"loaded": False}, "R15", 0),
    ],
)
def test_the_reserve_with_a_weight_may_be_told_and_is_missing_only_where_it_was_asked(
    told: dict[str, object], rule: str, missing: int
) -> None:
    decision = answer(changed(("history",), [SESSION, {**SESSION, "day": 12, **told}]))
    assert (decision["rules"], len(decision["missing"])) == ([rule], missing)


def test_no_history_is_a_case_too() -> None:
    assert answer(changed(("history",), []))["rules"] == ["R2"]


def test_a_line_is_one_line_of_json() -> None:
    assert [line.count("\n") for line in answers(json.dumps(CASE) + "\n")] == [0]


@pytest.mark.parametrize(
    ("field", "told", "meant"),
    [
        ("pain_during", 0, 0),
        ("pain_during", 10, 10),
        ("pain_during", 3.0, 3),
        ("pain_during", None, None),
        ("pain_next_morning", ..., None),
        ("compensation", "some", Compensation.SOME),
        ("compensation", "marked", Compensation.MARKED),
        ("compensation", None, None),
        ("breath_holding", "sometimes", Breath.SOMETIMES),
        ("breath_holding", "often", Breath.OFTEN),
        ("breath_holding", ..., None),
        ("completed", True, Completed.FULL),
        ("completed", "partial", Completed.PARTIAL),
        ("completed", False, Completed.NO),
        ("completed", None, None),
        ("dose_fraction", 1, 1.0),
        ("dose_fraction", 0.4, 0.4),
        ("confirmed", True, True),
        ("reserve", "enough", Reserve.ENOUGH),
        ("reserve", "little", Reserve.LITTLE),
        ("reserve", None, None),
        ("loaded", True, True),
        ("loaded", None, False),
    ],
)
def test_replies_are_read_as_they_are_meant(field: str, told: object, meant: object) -> None:
    case = changed(("history", 1, field), told)
    session = read_case(json.dumps(case), POLICY).history[1]
    assert getattr(session, field) == meant


def test_a_session_is_read_whole() -> None:
    assert read_case(json.dumps(CASE), POLICY).history[0] == Feedback(
        day=11,
        step=2,
        dose_fraction=0.8,
        pain_during=2,
        pain_next_morning=3,
        compensation=Compensation.NONE,
        breath_holding=Breath.NEVER,
        completed=Completed.FULL,
    )


@pytest.mark.parametrize(
    ("told", "locks"),
    [
        (True, True),
        ("E", True),
        ("U", True),
        (False, False),
        (None, False),
        ("C", False),
        ("none", False),
        (..., False),
    ],
)
def test_tiers_e_and_u_and_a_plain_yes_lock_the_plan(told: object, locks: bool) -> None:
    decision = answer(changed(("context", "red_flag_answer"), told))
    assert (decision["action"] == "pause_and_refer") is locks


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (
            ("history", 1, "pain_during"),
            11,
            "history[1].pain_during: expected a whole number 0 to 10 or null, found 11",
        ),
        (("history", 1, "pain_during"), 2.5, "0 to 10 or null, found 2.5"),
        (("history", 1, "pain_during"), True, "0 to 10 or null, found true"),
        (("history", 1, "pain_next_morning"), "3", '0 to 10 or null, found "3"'),
        (("history", 0, "pain_next_morning"), -1, "0 to 10 or null, found -1"),
        (("history", 0, "compensation"), "lots", 'one of "none", "some", "marked", null'),
        (("history", 0, "compensation"), ["none"], 'found ["none"]'),
        (("history", 0, "breath_holding"), "none", 'one of "never", "sometimes", "often", null'),
        (("history", 0, "completed"), 1, 'one of true, "partial", false, null, found 1'),
        (("history", 0, "completed"), "yes", 'found "yes"'),
        (("history", 0, "reserve"), True, 'one of "enough", "little", null, found true'),
        (("history", 0, "loaded"), "yes", 'one of null, false, true, found "yes"'),
        (("history", 0, "day"), None, "history[0].day: expected a whole number, found null"),
        (("history", 0, "day"), ..., "history[0].day: expected a whole number, found null"),
        (("history", 0, "day"), 14, "history[0].day: expected a day up to today, 13, found 14"),
        (("history", 0, "step"), 0, "history[0].step: expected a whole number, 1 or more"),
        (("history", 0, "step"), 9, "expected a step of this ladder, 1 to 8, found 9"),
        (("history", 0, "dose_fraction"), 0.3, "expected a number from 0.4 to 1.0, found 0.3"),
        (("history", 0, "dose_fraction"), 1.1, "expected a number from 0.4 to 1.0, found 1.1"),
        (("history", 0, "dose_fraction"), None, "dose_fraction: expected a number, found null"),
        (("history", 0, "dose_fraction"), True, "dose_fraction: expected a number, found true"),
        (("history", 0, "mood"), 3, "history[0].mood: unknown field; expected day, step,"),
        (("history", 0), 7, "history[0]: expected an object, found 7"),
        (("history",), None, "history: expected a list, found null"),
        (("history",), {}, "history: expected a list, found {}"),
        (("context",), [], "context: expected an object, found []"),
        (("context",), ..., "context: expected an object, found null"),
        (
            ("context", "baseline_pain"),
            None,
            "context.baseline_pain: expected a whole number 0 to 10",
        ),
        (
            ("context", "ladder_steps"),
            0,
            "context.ladder_steps: expected a whole number, 1 or more",
        ),
        (
            ("context", "ladder_steps"),
            ...,
            "context.ladder_steps: expected a whole number, 1 or more",
        ),
        (("context", "today"), "2026-11-22", 'context.today: expected a whole number, found "2026'),
        (
            ("context", "red_flag_answer"),
            "e",
            "context.red_flag_answer: expected one of null, false",
        ),
        (("context", "red_flag_answer"), 0, "found 0"),
        (("context", "age"), 40, "context.age: unknown field"),
        (("extra field",), 1, '"extra field": unknown field; expected context, history'),
    ],
)
def test_what_cannot_be_read_is_told_by_line_and_field(
    path: tuple[str | int, ...], value: object, problem: str
) -> None:
    with pytest.raises(LineUnreadable) as told:
        list(answers(json.dumps(changed(path, value))))
    assert str(told.value).startswith("line 1: ")
    assert problem in str(told.value)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "line 1: not JSON: Expecting property name enclosed in double quotes at character 2"),
        ("nonsense", "line 1: not JSON: Expecting value at character 1"),
        ("[]", "line 1: expected an object, found []"),
        ("null", "line 1: expected an object, found null"),
        ('{"context": NaN}', "line 1: not JSON: NaN is no number"),
        ('{"context": -Infinity}', "line 1: not JSON: -Infinity is no number"),
        ('{"a": 1, "a": 2}', 'line 1: "a" is given twice in one object'),
        ("[" * 100_000, "line 1: not JSON that can be read"),
        (f'{{"context": {"9" * 5000}}}', "line 1: not JSON that can be read"),
    ],
)
def test_what_is_not_json_is_told_by_line(line: str, problem: str) -> None:
    with pytest.raises(LineUnreadable) as told:
        list(answers(line))
    assert str(told.value).startswith(problem)


def test_a_number_without_end_is_no_number() -> None:
    line = json.dumps(CASE).replace('"dose_fraction": 0.8', '"dose_fraction": 1e999', 1)
    with pytest.raises(LineUnreadable, match="found Infinity"):
        list(answers(line))


def test_a_long_value_is_quoted_in_part() -> None:
    with pytest.raises(LineUnreadable) as told:
        list(answers(json.dumps(changed(("context", "today"), "x" * 5000))))
    assert len(str(told.value)) < 200


def test_blank_lines_are_passed_over_and_still_counted() -> None:
    good = json.dumps(CASE)
    assert len(list(answers("", good, "  \n", good))) == 2
    with pytest.raises(LineUnreadable, match=r"^line 3: "):
        list(answers("\n", good, "no"))


def test_the_lines_before_an_unreadable_one_are_answered() -> None:
    answered = answers(json.dumps(CASE), "no", json.dumps(CASE))
    assert json.loads(next(answered))["rules"] == ["R15"]
    with pytest.raises(LineUnreadable) as told:
        next(answered)
    assert (told.value.number, told.value.field) == (2, "")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
paths = st.sampled_from(
    [("context",), ("history",), ("history", 0)]
    + [("context", field) for field in CASE["context"]]
    + [("history", 0, field) for field in SESSION]
)


@given(paths, json_values)
def test_whatever_stands_in_a_field_is_answered_or_told(
    path: tuple[str | int, ...], value: object
) -> None:
    said = answered_or_told(json.dumps(changed(path, value)))
    assert said.startswith(('{"action": ', "line 1: "))
    assert said.isascii()  # so that any terminal can print it


def answered_or_told(line: str) -> str:
    try:
        return next(answers(line))
    except LineUnreadable as told:
        return str(told)
