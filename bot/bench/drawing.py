"""What is measured of drawing: every exercise's poster and clip, and the card of a long day. Beside limits.

Processor time of one core, as another one may be busy with something else.
"""

from collections.abc import AsyncIterator, Callable
from time import process_time

from bot.bench.figures import Figure, Request, middle
from bot.catalogue.reading import read_catalogue
from bot.domain.dose import Dose
from bot.domain.exercise import Exercise
from bot.domain.look import Taste, Theme
from bot.pictures.card import Shown, day_card
from bot.pictures.clip import clip
from bot.pictures.poster import poster

POSTER, CLIP, CARD = 300, 3000, 1000  # ms; the card is ours: six exercises
SIZE = 150  # kB of a clip, on a phone's data
LONG_DAY = 6  # exercises


async def measure(request: Request) -> AsyncIterator[Figure]:
    """The slowest and the largest decide. Raises ContentFaulty, NoEncoder."""
    catalogue = read_catalogue(request.content)
    steps = [step for ladder in catalogue.ladders.values() for step in ladder.steps]
    drawn = [(step.exercise, step.dose) for step in steps if step.exercise.figure]
    drawn = drawn[: request.of(len(drawn), 1)]
    shown = [_shown(exercise) for exercise, _ in drawn]
    request.progress("posters")
    yield _slowest("picture: the slowest poster", POSTER, [_poster(one) for one in shown])
    request.progress("the card of a long day")
    card = [lambda: day_card(shown[:LONG_DAY], Theme.PAPER, "Morning")] * request.of(5, 1)
    yield _slowest("picture: a day's card", CARD, card)
    request.progress("clips")
    films = [_clip(exercise, dose) for exercise, dose in drawn]
    sizes: list[int] = []
    yield _slowest("picture: the slowest clip", CLIP, films, sizes.append)
    yield Figure(
        name="picture: the largest clip",
        unit="kB",
        ours=max(sizes) / 1000,
        peer="limit",
        theirs=SIZE,
        at_most=1,
        aside=f"middle {middle(sizes) / 1000:.0f} kB, {len(sizes)} clips",
    )


def _slowest(
    name: str,
    limit: float,
    works: list[Callable[[], bytes]],
    keep: Callable[[int], None] = lambda _: None,
) -> Figure:
    works[0]()  # once unmeasured: the first time reads code and fonts, too
    times = []
    for work in works:
        begun = process_time()
        keep(len(work()))
        times.append((process_time() - begun) * 1000)
    aside = f"middle {middle(times):.0f} ms, {len(times)} of them"
    return Figure(
        name=name, unit="ms", ours=max(times), peer="limit", theirs=limit, at_most=1, aside=aside
    )


def _shown(exercise: Exercise) -> Shown:
    assert exercise.figure is not None
    return Shown(exercise.figure, Taste().look(exercise.id), exercise.name, "2 x 12")


def _poster(one: Shown) -> Callable[[], bytes]:
    return lambda: poster(one.figure, one.look, one.name, one.dose)


def _clip(exercise: Exercise, dose: Dose) -> Callable[[], bytes]:
    assert exercise.figure is not None
    figure, look = exercise.figure, Taste().look(exercise.id)
    return lambda: clip(figure, look, dose)
