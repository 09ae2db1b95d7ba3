"""`backbeat simulate`: policies compared on virtual patients, as a table, JSON or a picture.

Long work shows its progress on stderr, so that the result can be piped.
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table as Grid

from bot.domain.policy import Policy
from bot.patients.arms import ARMS, SWEPT, chosen
from bot.patients.picture import picture
from bot.patients.report import (
    CAVEAT,
    as_data,
    header,
    heading,
    levels_header,
    levels_rows,
    sweep_as_data,
    sweep_header,
    sweep_rows,
    text_rows,
)
from bot.patients.run import Progress, Trial, simulate
from bot.patients.sweep import sweep

WORKERS = os.cpu_count() or 1

# The columns that answer the first questions; --wide and --json have the rest.
NARROW = (
    "",
    "capacity gain %",
    "end step",
    "flare days /100",
    "overload %",
    "unsafe advances /100",
    "in zone %",
    "under-dosed %",
)
PIPED = 200  # columns of text where there is no terminal to ask


class TrialImpossible(Exception):
    """What was asked for can't be run; the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to compare, and how to show it."""

    policy: Policy
    trial: Trial
    arms: tuple[str, ...]
    draws: int
    wide: bool
    as_json: bool
    picture_file: Path | None


def request_trial(arms: str, **trial: Any) -> tuple[Trial, tuple[str, ...]]:
    """A trial and its arms from the command line. Raises TrialImpossible."""
    try:
        return Trial(**trial), tuple(chosen(arms))
    except ValueError as impossible:
        raise TrialImpossible(str(impossible)) from None


def compare(request: Request) -> None:
    """Run and show."""
    if request.draws:
        _show_sweep(request)
    else:
        _show_table(request)


def _show_table(request: Request) -> None:
    with _progress() as progress:
        table = simulate(
            request.trial, request.arms, request.policy, workers=WORKERS, progress=progress
        )
    if request.picture_file is not None:
        request.picture_file.write_text(picture(table), "utf-8")
    if request.as_json:
        _write(as_data(table))
        return
    columns = [n for n, title in enumerate(header()) if request.wide or title in NARROW]
    rows = [[row[n] for n in columns] for row in text_rows(table)]
    _print_caveat()
    _print(heading(table), [header()[n] for n in columns], rows)


def _show_sweep(request: Request) -> None:
    arms = SWEPT if request.arms == tuple(ARMS) else request.arms  # all of them would take hours
    with _progress() as progress:
        swept = sweep(
            request.trial,
            arms,
            request.policy,
            draws=request.draws,
            workers=WORKERS,
            progress=progress,
        )
    if request.as_json:
        _write(sweep_as_data(swept))
    else:
        _print_caveat()
        title = f"{request.draws} draws of the parameters, median (5 %, 95 %)"
        _print(title, levels_header(), levels_rows(swept))
        title = "Against our table: as assumed (5 %, 95 % of the draws), share of draws reversed"
        _print(title, sweep_header(), sweep_rows(swept))


def _write(data: object) -> None:
    sys.stdout.write(json.dumps(data, indent=2) + "\n")


def _print_caveat() -> None:
    sys.stdout.write(f"{CAVEAT}\n")


def _print(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    grid = Grid(title=title, title_justify="left", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        grid.add_column(column, justify="right" if number else "left")
    for row in rows:
        grid.add_row(*row)
    Console(highlight=False, width=None if sys.stdout.isatty() else PIPED).print(grid)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on stderr, where that is a terminal."""
    columns = (TextColumn("simulating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Bar(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
