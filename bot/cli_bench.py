"""`backbeat bench`: how long things take on this machine, each beside the limit that it should keep.

A bench is a row of BENCHES: a name, a limit, and a function that prepares the works to be timed. The clock
runs while one of them works, never while they are prepared; the median of all is told.
"""

import datetime as dt
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.catalogue.faults import ContentFaulty
from bot.catalogue.reading import Catalogue, read_catalogue
from bot.catalogue.whole import content_faults
from bot.catalogue.words import read_words
from bot.delivery.progress_card import labels_of
from bot.domain.consistency import Band
from bot.domain.exercise import OWNED, Caution, Occasion
from bot.domain.person import Life, Person
from bot.domain.progress import MOST_WEEKS, STRIP, WEEK, Kept, Progress, Stood
from bot.domain.sequence import compose
from bot.domain.standing import Standing
from bot.pictures.progress import progress_sheet

LANGUAGE = "en"  # whatever the bot speaks, every language's words are checked
TIMES = 20  # that a work is timed which is the same each time
DAYS = 28  # that each life is lived

Work = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What is timed."""

    name: str
    limit: float  # milliseconds
    prepare: Callable[[Path], Sequence[Work]]  # from a content folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What came of it, in milliseconds."""

    bench: Bench
    times: Sequence[float]

    @property
    def median(self) -> float:
        return median(self.times)

    @property
    def slow(self) -> float:
        """One in twenty took longer."""
        return quantiles(self.times, n=20)[-1]

    @property
    def ratio(self) -> float:
        return self.median / self.bench.limit

    def record(self) -> dict[str, object]:
        return {
            "name": self.bench.name,
            "times": len(self.times),
            "median_ms": round(self.median, 3),
            "slow_ms": round(self.slow, 3),
            "limit_ms": self.bench.limit,
            "ratio": round(self.ratio, 3),
        }


# What is timed.


def _load_and_check(content: Path) -> Sequence[Work]:
    """All files are read and all checks made, as `backbeat check` does, and the catalogue is built."""

    def load_and_check() -> Catalogue:
        if faults := content_faults(content, LANGUAGE):
            raise ContentFaulty(faults)
        return read_catalogue(content)

    load_and_check()  # once unmeasured: the first time reads code, too
    return [load_and_check] * TIMES


def _compose_one(content: Path) -> Sequence[Work]:
    """Four weeks of many lives, each day with the days before it, as in practice."""
    catalogue = read_catalogue(content)
    return [
        one
        for number, person in enumerate(_people())
        for one in _composed_days(catalogue, person, number)
    ]


def _people() -> Iterator[Person]:
    cautions = (frozenset[Caution](), frozenset({Caution.PREGNANCY}), frozenset({Caution.BONE}))
    for life, minutes, owned, cares in product(Life, (10, 15, 20), (frozenset(), OWNED), cautions):
        yield Person(
            id=1,
            life=life,
            usual_pain=2,
            minutes=minutes,
            zone="UTC",
            cautions=cares,
            equipment=frozenset(owned),
        )


def _composed_days(catalogue: Catalogue, person: Person, number: int) -> Iterator[Work]:
    """Everybody begins somewhere else, and comes a step further each week."""
    chosen = catalogue.set_for(Occasion.EVENING if number % 2 else Occasion.MORNING)
    practised: dict[str, int] = {}
    for day in range(0, DAYS, 1 + number % 3):  # daily, every other day, or rarer
        standings = {
            slug: Standing(1 + (number + place + day // 7) % ladder.top, 0.6)
            for place, (slug, ladder) in enumerate(catalogue.ladders.items())
        }
        one = partial(
            compose,
            person,
            standings,
            catalogue.ladders,
            chosen,
            day,
            person.minutes,
            practised={**practised},
        )
        practised |= {portion.ladder: day for portion in one().portions}
        yield one


def _draw_progress(content: Path) -> Sequence[Work]:
    """Twelve weeks on all ladders, each day with two numbers: more is never on a sheet."""
    catalogue, words = read_catalogue(content), read_words(content, LANGUAGE)
    days = [dt.date(2027, 2, 14) - dt.timedelta(days=n) for n in range(MOST_WEEKS * WEEK)]
    seen = Progress(
        day=days[0],
        began=days[-1],
        since=days[-1],
        usual_pain=4,
        waking={day: day.day % 5 for day in days},
        during={day: day.day % 4 for day in days},
        ladders=tuple(
            Stood(ladder=slug, first=1, latest=ladder.top, top=ladder.top)
            for slug, ladder in catalogue.ladders.items()
        ),
        days={day: [*Kept][day.day % len(Kept)] for day in days[: STRIP * WEEK]},
        consistency=0.8,
        band=Band.MOST,
        week=WEEK,
    )
    names = {slug: ladder.name for slug, ladder in catalogue.ladders.items()}
    return [lambda: progress_sheet(seen, labels_of(words, seen, names))] * TIMES


BENCHES = (
    Bench(name="catalogue: load and check", limit=300, prepare=_load_and_check),
    Bench(name="compose: one sequence", limit=1, prepare=_compose_one),
    Bench(name="picture: one sheet of progress", limit=300, prepare=_draw_progress),
)


# Measuring and showing.


def measure(content: Path, *, as_json: bool) -> None:
    """Every bench, one after the other. Raises ContentFaulty."""
    measured = [_measured(bench, content) for bench in BENCHES]
    if as_json:
        record = {"machine": _machine(), "benches": [one.record() for one in measured]}
        sys.stdout.write(json.dumps(record, indent=2) + "\n")
        return
    grid = Table(title=_machine(), title_justify="left", box=None, pad_edge=False)
    grid.add_column("")
    for column in ("median ms", "95 % within", "limit ms", "ratio", "times"):
        grid.add_column(column, justify="right")
    for one in measured:
        grid.add_row(
            one.bench.name,
            f"{one.median:.2f}",
            f"{one.slow:.2f}",
            f"{one.bench.limit:g}",
            f"{one.ratio:.2f}",
            str(len(one.times)),
        )
    Console(highlight=False).print(grid)


def _measured(bench: Bench, content: Path) -> Measured:
    works = bench.prepare(content)
    console = Console(stderr=True)
    shown = track(
        works, bench.name, console=console, transient=True, disable=not console.is_terminal
    )
    return Measured(bench=bench, times=[_timed(work) for work in shown])


def _timed(work: Work) -> float:
    begun = perf_counter()
    work()
    return (perf_counter() - begun) * 1000


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
