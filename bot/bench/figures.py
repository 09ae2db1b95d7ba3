"""What is measured, and how it is shown: every number as a ratio, for absolute ones don't travel.

A bench is a name and a function that measures and yields figures. Nothing here knows what is measured.
"""

import json
import os
import platform
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

WIDTH = 180  # signs: a figure stays on one line, whatever the terminal makes of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number of ours, beside what it is measured against in the same run."""

    name: str
    unit: str
    ours: float
    peer: str  # another design, or a limit
    theirs: float
    at_least: float | None = None  # what the ratio should be; neither: nothing was promised
    at_most: float | None = None
    store: str = ""
    aside: str = ""  # what else was seen

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs if self.theirs else 0.0

    @property
    def aim(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return "" if self.at_most is None else f"≤ {self.at_most:g}"

    @property
    def kept(self) -> bool | None:
        """Whether the ratio is what it should be."""
        if self.at_least is not None:
            return self.ratio >= self.at_least
        return None if self.at_most is None else self.ratio <= self.at_most

    def record(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "store": self.store,
            "unit": self.unit,
            "ours": _short(self.ours),
            "peer": self.peer,
            "theirs": _short(self.theirs),
            "ratio": _short(self.ratio),
            "aim": self.aim,
            "kept": self.kept,
            "aside": self.aside,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What whoever starts it asks for."""

    content: Path
    people: int
    quick: bool = False  # as little as tells whether it works: the numbers mean nothing
    postgres: str | None = None  # a server where databases may be made and dropped
    progress: Callable[[str], None] = lambda _: None

    def of(self, many: int, few: int) -> int:
        """How often, or how much."""
        return few if self.quick else many


Bench = Callable[[Request], AsyncIterator[Figure]]


def middle(values: Sequence[float]) -> float:
    return median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all stays below."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def show(figures: Sequence[Figure], *, as_json: bool) -> None:
    """As a table, or for programs."""
    if as_json:
        record = {"machine": machine(), "figures": [one.record() for one in figures]}
        sys.stdout.write(json.dumps(record, indent=2, ensure_ascii=False) + "\n")
        return
    grid = Table(title=machine(), title_justify="left", box=None, pad_edge=False)
    for column in ("", "store"):
        grid.add_column(column, no_wrap=True)
    for column in ("ours", "beside it", "ratio", "aim"):
        grid.add_column(column, justify="right", no_wrap=True)
    for column in ("", "beside"):
        grid.add_column(column, no_wrap=True)
    for one in figures:
        verdict = {True: "kept", False: "missed", None: ""}[one.kept]
        numbers = (f"{_short(one.ours):g} {one.unit}", f"{_short(one.theirs):g}")
        ratio = f"{_short(one.ratio):g}"
        aside = f"{one.peer}; {one.aside}" if one.aside else one.peer
        grid.add_row(one.name, one.store, *numbers, ratio, one.aim, verdict, aside)
    Console(highlight=False, width=WIDTH).print(grid)


def _short(value: float) -> float:
    """Three digits are more than any of this is good for."""
    return float(f"{value:.3g}")
