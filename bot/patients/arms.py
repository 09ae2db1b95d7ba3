"""Every arm by its name, and how it is built.

The oracle is the bound; never, random, the calendars and double progression are strawmen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.domain.policy import Policy
from bot.patients import ours
from bot.patients.inference import Filter
from bot.patients.rivals import (
    Calendar,
    Never,
    Oracle,
    Streaks,
    Verdict,
    Whim,
    completion,
    pain_absolute,
    pain_monitoring,
    pain_relative,
)
from bot.patients.view import Arm, Setting

OURS, ORACLE = "ours", "oracle"

# Worth varying over draws: us, the bound, and the rivals that listen, at both speeds.
SWEPT = (
    OURS,
    "pain-absolute",
    "pain-relative",
    "pain-monitoring",
    "pain-absolute-5",
    "pain-relative-5",
    "pain-monitoring-5",
    "eight-weekly",
    ORACLE,
)

Build = Callable[[Setting, Policy], Arm]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the comparison."""

    title: str
    build: Build
    compared: bool = (
        True  # something that another system could do; not so for who sees what is hidden
    )


def _ours(mask: ours.Mask) -> Build:
    return lambda setting, policy: ours.Table(setting, policy, mask)


def _streaks(verdict: Verdict, *, good: int, bad: int) -> Build:
    return lambda setting, _: Streaks(setting, verdict, good=good, bad=bad)


def _calendar(days: float) -> Build:
    return lambda setting, _: Calendar(setting, days=days)


ARMS: Mapping[str, Entry] = MappingProxyType(
    {
        OURS: Entry("Our rule table", _ours(ours.as_told)),
        "ours-no-pain": Entry("... without pain during", _ours(ours.without_pain_during)),
        "ours-no-morning": Entry("... without the morning", _ours(ours.without_morning)),
        "ours-no-compensation": Entry("... without compensation", _ours(ours.without_compensation)),
        "ours-no-breath": Entry("... without breath", _ours(ours.without_breath)),
        "ours-no-quality": Entry("... without either of these", _ours(ours.without_quality)),
        "ours-no-silence": Entry("... with silence as consent", _ours(ours.without_silence)),
        "pain-absolute": Entry("Pain only, 2 in a row", _streaks(pain_absolute, good=2, bad=1)),
        "pain-relative": Entry(
            "Pain only, 2 in a row, against usual", _streaks(pain_relative, good=2, bad=1)
        ),
        "pain-every": Entry("Pain only, every session", _streaks(pain_absolute, good=1, bad=1)),
        "pain-monitoring": Entry(
            "Pain monitoring, 2 sessions", _streaks(pain_monitoring, good=2, bad=1)
        ),
        # The same, slowed down: an arm may look gentle for no other reason than that it is slow.
        "pain-absolute-5": Entry("Pain only, 5 in a row", _streaks(pain_absolute, good=5, bad=1)),
        "pain-relative-5": Entry(
            "Pain only, 5 in a row, against usual", _streaks(pain_relative, good=5, bad=1)
        ),
        "pain-monitoring-5": Entry(
            "Pain monitoring, 5 sessions", _streaks(pain_monitoring, good=5, bad=1)
        ),
        "double-progression": Entry(
            "Double progression, 2 for 2", _streaks(completion, good=2, bad=2)
        ),
        "weekly": Entry("A step a week", _calendar(7)),
        "two-weekly": Entry("A step every two weeks", _calendar(14)),
        "four-weekly": Entry("A step every four weeks", _calendar(28)),
        "eight-weekly": Entry("A step every eight weeks", _calendar(56)),
        "never": Entry("Never change", lambda *_: Never()),
        "random": Entry("At random", lambda setting, _: Whim(setting)),
        "filter": Entry(
            "Best guess from the replies", lambda setting, _: Filter(setting), compared=False
        ),
        # As it was first thought of; at a step's full dose it stays too long (moves.soon).
        "oracle-near": Entry(
            "Oracle, one move ahead", lambda setting, _: Oracle(setting, near=True), compared=False
        ),
        ORACLE: Entry("Oracle", lambda setting, _: Oracle(setting), compared=False),
    }
)


def chosen(names: str) -> tuple[str, ...]:
    """Arms by name with commas between, or "all"; in the table's order."""
    if names == "all":
        return tuple(ARMS)
    asked = {name.strip() for name in names.split(",")}
    unknown = asked - set(ARMS)
    if unknown:
        raise ValueError(f"no such arm: {', '.join(sorted(unknown))}; there are {', '.join(ARMS)}")
    return tuple(name for name in ARMS if name in asked)
