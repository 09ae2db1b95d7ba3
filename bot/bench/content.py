"""What is measured of the content: reading it, composing from it, drawing what it led to. Beside limits."""

import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from time import perf_counter

from bot.bench.figures import Figure, Request, middle, percentile
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
class Timed:
    """Works that are each to keep a limit. The clock runs while one works, never while they are prepared."""

    name: str
    limit: float  # milliseconds
    prepare: Callable[[Path], Sequence[Work]]  # from a content folder


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
            Stood(
                ladder=slug,
                top=ladder.top,
                reached=tuple((days[-1 - 7 * n], n + 1) for n in range(ladder.top)),
            )
            for slug, ladder in catalogue.ladders.items()
        ),
        days={day: [*Kept][day.day % len(Kept)] for day in days[: STRIP * WEEK]},
        consistency=0.8,
        band=Band.MOST,
        week=WEEK,
        marks={days[0]: MOST_WEEKS},
    )
    names = {slug: ladder.name for slug, ladder in catalogue.ladders.items()}
    return [lambda: progress_sheet(seen, labels_of(words, seen, names))] * TIMES


TIMED = (
    Timed(name="catalogue: load and check", limit=300, prepare=_load_and_check),
    Timed(name="compose: one sequence", limit=1, prepare=_compose_one),
    Timed(name="picture: one sheet of progress", limit=300, prepare=_draw_progress),
)


async def measure(request: Request) -> AsyncIterator[Figure]:
    """Medians, one after the other. Raises ContentFaulty."""
    for timed in TIMED:
        request.progress(timed.name)
        works = timed.prepare(request.content)[: request.of(1000, 2)]
        times = [_taken(work) for work in works]
        yield Figure(
            name=timed.name,
            unit="ms",
            ours=middle(times),
            peer="limit",
            theirs=timed.limit,
            at_most=1,
            aside=f"95 % within {percentile(times, 0.95):.3g} ms, {len(times)} times",
        )


def _taken(work: Work) -> float:
    begun = perf_counter()
    work()
    return (perf_counter() - begun) * 1000
