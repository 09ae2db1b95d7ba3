"""Decide for histories told as JSON, a line each: the core of `backbeat decide`.

    {"context": {"baseline_pain": 3, "ladder_steps": 8, "today": 12, "red_flag_answer": null},
     "history": [{"day": 11, "step": 2, "dose_fraction": 0.8, "pain_during": 2, "pain_next_morning": 3,
                  "compensation": "none", "breath_holding": "never", "completed": true}]}

Days are day numbers, steps count from 1, any reply may be null or absent. What can't be read is told by
line and field, and nothing is guessed. The reading is by hand, not by a schema: thousands of lines a
second, and errors in the words of the field.

Three fields a session may have besides: "confirmed": true for a surprising pain that was asked back and
stood; "reserve" with a weight, "enough" where three more were possible, else "little"; and "loaded": true
where that was asked, so that a reserve which is null or absent is missing. Else it was not asked.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NoReturn

from bot.domain.decision import Decision, Situation, decide
from bot.domain.feedback import Breath, Compensation, Completed, Feedback, Reserve
from bot.domain.policy import Policy
from bot.practice.why import Voice, explain, explain_missing

Reader = Callable[[object], Any]  # the value, or Unexpected

LONGEST_QUOTE = 60  # characters of what was found that an error repeats


class LineUnreadable(Exception):
    """A line that is not a case; all lines before it were answered."""

    def __init__(self, number: int, field: str, problem: str) -> None:
        super().__init__(
            f"line {number}: {field}: {problem}" if field else f"line {number}: {problem}"
        )
        self.number = number
        self.field = field
        self.problem = problem


class Unexpected(ValueError):
    """A value that is not what its field asks for; it learns the field's path on the way out."""

    def __init__(self, problem: str, field: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.field = field


def answer_lines(lines: Iterable[str], policy: Policy, words: Voice) -> Iterator[str]:
    """One decision for each case, as it comes; blank lines are passed over."""
    remembered = _Remembered(words)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                situation = read_case(line, policy)
            except Unexpected as found:
                raise LineUnreadable(number, found.field, found.problem) from None
            yield write_decision(decide(situation), remembered)


def write_decision(decision: Decision, words: Voice) -> str:
    """A decision as one line of JSON."""
    return _ENCODER.encode(
        {
            "action": decision.action,
            "step": decision.step,
            "dose_fraction": decision.dose_fraction,
            "rules": decision.rules,
            "why": explain(decision, words),
            "missing": explain_missing(decision, words),
            "policy": decision.policy,
        }
    )


def read_case(line: str, policy: Policy) -> Situation:
    """One line as a situation."""
    case = _record(_parsed(line), "", _CASE)
    context = _record(case["context"], "context", _CONTEXT)
    history = case["history"]
    return Situation(
        baseline_pain=context["baseline_pain"],
        ladder_steps=context["ladder_steps"],
        today=context["today"],
        history=tuple(
            _session(entry, f"history[{place}]", context, policy)
            for place, entry in enumerate(history)
        ),
        policy=policy,
        red_flag=context["red_flag_answer"],
    )


class _Remembered:
    """Says the same sentence only once; a case file has few that differ."""

    def __init__(self, words: Voice) -> None:
        self.say = cache(words.say)


def _parsed(line: str) -> object:
    try:
        return _DECODER.decode(line)
    except Unexpected:
        raise
    except json.JSONDecodeError as error:
        raise Unexpected(f"not JSON: {error.msg} at character {error.pos + 1}") from None
    except (ValueError, RecursionError):
        raise Unexpected(
            "not JSON that can be read: a number too long, or nested too deeply"
        ) from None


def _no_number(name: str) -> NoReturn:
    raise Unexpected(f"not JSON: {name} is no number")


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise Unexpected(f"{_quoted(doubled)} is given twice in one object")
    return record


# Made once: json.loads would build another one for each line.
_DECODER = json.JSONDecoder(parse_constant=_no_number, object_pairs_hook=_without_doubles)
_ENCODER = json.JSONEncoder(ensure_ascii=False)


def _session(entry: object, path: str, context: Mapping[str, Any], policy: Policy) -> Feedback:
    fields = _record(entry, path, _SESSION)
    if fields["day"] > context["today"]:
        raise _wrong(f"a day up to today, {context['today']}", fields["day"], f"{path}.day")
    if fields["step"] > context["ladder_steps"]:
        expected = f"a step of this ladder, 1 to {context['ladder_steps']}"
        raise _wrong(expected, fields["step"], f"{path}.step")
    if not policy.dose.lowest <= fields["dose_fraction"] <= policy.dose.full:
        expected = f"a number from {policy.dose.lowest} to {policy.dose.full}"
        raise _wrong(expected, fields["dose_fraction"], f"{path}.dose_fraction")
    return Feedback(**fields)


def _record(value: object, path: str, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """All the fields of an object; absent is read as null, which only replies may be."""
    if not isinstance(value, dict):
        raise _wrong("an object", value, path)
    if unknown := value.keys() - readers.keys():
        names = ", ".join(readers)
        raise Unexpected(f"unknown field; expected {names}", _joined(path, min(unknown)))
    fields, name = {}, ""
    try:
        for name, given in value.items():
            fields[name] = readers[name](given)
        for name in readers:
            if name not in fields:
                fields[name] = readers[name](None)
    except Unexpected as found:
        raise Unexpected(found.problem, _joined(path, name)) from None
    return fields


def _joined(path: str, name: str) -> str:
    if not (name.isascii() and name.isidentifier()):
        name = _quoted(name)
    return f"{path}.{name}" if path else name


def _wrong(expected: str, found: object, field: str = "") -> Unexpected:
    return Unexpected(f"expected {expected}, found {_quoted(found)}", field)


def _quoted(value: object) -> str:
    """As the JSON it came from, in ASCII, so that any terminal can print it."""
    shown = json.dumps(value)
    return shown if len(shown) <= LONGEST_QUOTE else f"{shown[:LONGEST_QUOTE]}..."


def _whole(value: object) -> int | None:
    """A whole number, also as 3.0; true is no number, although Python counts it as 1."""
    if type(value) is int:
        return value
    if type(value) is float and value.is_integer():
        return int(value)
    return None


def _any_whole(value: object) -> int:
    whole = _whole(value)
    if whole is None:
        raise _wrong("a whole number", value)
    return whole


def _count(value: object) -> int:
    whole = _whole(value)
    if whole is None or whole < 1:
        raise _wrong("a whole number, 1 or more", value)
    return whole


def _pain(value: object) -> int:
    whole = _whole(value)
    if whole is None or not 0 <= whole <= 10:
        raise _wrong("a whole number 0 to 10", value)
    return whole


def _pain_reply(value: object) -> int | None:
    if value is None:
        return None
    whole = _whole(value)
    if whole is None or not 0 <= whole <= 10:
        raise _wrong("a whole number 0 to 10 or null", value)
    return whole


def _fraction(value: object) -> float:
    if type(value) is float or type(value) is int:
        return float(value)
    raise _wrong("a number", value)


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise _wrong("a list", value)
    return value


def _as_it_is(value: object) -> object:
    return value


def _one_of(meanings: Iterable[tuple[object, object]]) -> Reader:
    """Looked up by type as well: to Python, 1 equals true."""
    known = {(type(spelled), spelled): meant for spelled, meant in meanings}
    expected = f"one of {', '.join(_quoted(spelled) for _, spelled in known)}"

    def read(value: object) -> object:
        try:
            return known[type(value), value]
        except (KeyError, TypeError):  # a list can't be looked up
            raise _wrong(expected, value) from None

    return read


_COMPENSATION = (
    ("none", Compensation.NONE),
    ("some", Compensation.SOME),
    ("marked", Compensation.MARKED),
    (None, None),
)
_BREATH = (
    ("never", Breath.NEVER),
    ("sometimes", Breath.SOMETIMES),
    ("often", Breath.OFTEN),
    (None, None),
)
_RESERVE = (
    ("enough", Reserve.ENOUGH),
    ("little", Reserve.LITTLE),
    (None, None),
)
_COMPLETED = (
    (True, Completed.FULL),
    ("partial", Completed.PARTIAL),
    (False, Completed.NO),
    (None, None),
)
# Tiers E and U lock the plan; C adapts it elsewhere, and does not stop this ladder.
_RED_FLAG = (
    (None, False),
    (False, False),
    (True, True),
    ("E", True),
    ("U", True),
    ("C", False),
    ("none", False),
)
_WHETHER = ((None, False), (False, False), (True, True))

_CASE: Mapping[str, Reader] = {"context": _as_it_is, "history": _list}
_CONTEXT: Mapping[str, Reader] = {
    "baseline_pain": _pain,
    "ladder_steps": _count,
    "today": _any_whole,
    "red_flag_answer": _one_of(_RED_FLAG),
}
_SESSION: Mapping[str, Reader] = {
    "day": _any_whole,
    "step": _count,
    "dose_fraction": _fraction,
    "pain_during": _pain_reply,
    "pain_next_morning": _pain_reply,
    "compensation": _one_of(_COMPENSATION),
    "breath_holding": _one_of(_BREATH),
    "completed": _one_of(_COMPLETED),
    "confirmed": _one_of(_WHETHER),  # a surprising number was asked back, and stood
    "loaded": _one_of(_WHETHER),
    "reserve": _one_of(_RESERVE),
}
