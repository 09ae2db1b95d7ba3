"""`backbeat preview`: a day's message as the person would see it, before anybody is sent it.

The bot's own code composes and writes it; only the history is made up. Nothing is kept and no clock is
read, so the same command shows the same message.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, islice

from rich.console import Console
from rich.text import Text

from bot.catalogue.reading import Catalogue
from bot.catalogue.words import Words
from bot.delivery.cards import ritual_card
from bot.delivery.letter import Letter
from bot.domain.dose import ENTRY, FLARE
from bot.domain.exercise import OWNED, Caution, Ladder, Occasion, Place, Set
from bot.domain.load import Unit, Weight, to_hold
from bot.domain.person import Life, Person
from bot.domain.sequence import AT_HAND, Sequence, compose
from bot.domain.session import Session
from bot.domain.standing import Standing
from bot.localchat.markup import read_html
from bot.practice.plan import Plan

FIRST_DAY = dt.date(2026, 1, 5)  # any would do; a Monday reads well
LAST_DAY = dt.date(2026, 12, 31)
FORTNIGHT = 14  # days; a ladder that has not come up by then won't
USUAL = 15  # minutes
FULL = 1.0
NRS = range(11)  # numeric rating scale, 0-10
ALL = "all"  # instead of a ladder's name

STYLES = {"bold": "bold", "italic": "italic"}
QUOTED = "    "  # before each line of a quote

_STEP = re.compile(r"([^=]+)=([1-9][0-9]?)")


class PreviewImpossible(Exception):
    """What was asked for can't be shown. All that is wrong is told in one go."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__(faults)
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """A person and a day as typed. None leaves it to the other wishes."""

    life: str
    minutes: int | None
    place: str | None
    set_id: str | None
    steps: tuple[str, ...]  # "bridge=4"; a ladder that is not named is on step 1
    dose: float | None
    cautions: tuple[str, ...]
    own: tuple[str, ...]
    pain: int
    day: dt.date | None  # of a life that begins on FIRST_DAY, with every ritual practised
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """The same, once it is known to be possible."""

    person: Person
    steps: Mapping[str, int]  # by ladder, as asked for
    standings: Mapping[str, Standing]
    chosen: Set
    place: Place

    @property
    def travel(self) -> bool:
        return self.chosen.occasion is Occasion.WAY


def preview(catalogue: Catalogue, words: Words, wishes: Wishes) -> None:
    """Show a day's message, or what each of several days brings. Raises PreviewImpossible."""
    if faults := (*_faults(catalogue, wishes),):
        raise PreviewImpossible(faults)
    scene = _scene(catalogue, wishes)
    console = Console(highlight=False, soft_wrap=True)
    life = _life(catalogue, scene)
    if wishes.days > 1:
        first = ((wishes.day or FIRST_DAY) - FIRST_DAY).days
        for day, sequence in islice(life, first, first + wishes.days):
            console.print(_in_a_line(day, sequence), markup=False)
        return
    day, sequence = _chosen(life, wishes.day, scene)
    _show(console, ritual_card(words, _plan(catalogue, scene, sequence, day)))
    for line in _remarks(scene, sequence):
        console.print(line, markup=False)


def _faults(catalogue: Catalogue, wishes: Wishes) -> Iterator[str]:
    yield from _unknown("--life", [wishes.life], Life)
    yield from _unknown("--place", [wishes.place] if wishes.place else (), Place)
    yield from _unknown("--set", [wishes.set_id] if wishes.set_id else (), catalogue.sets)
    yield from _unknown("--caution", wishes.cautions, Caution)
    yield from _unknown("--own", wishes.own, sorted(OWNED))
    for text in wishes.steps:
        yield from _unfit_step(catalogue.ladders, text)
    if wishes.pain not in NRS:
        yield f"--pain: should be 0 to 10, not {wishes.pain}"
    if wishes.dose is not None and not FLARE <= wishes.dose <= FULL:  # "nan" isn't, either
        yield f"--dose: should be {FLARE} to {FULL}, not {wishes.dose}"
    if wishes.day and not FIRST_DAY <= wishes.day <= LAST_DAY:
        yield f"--day: should be {FIRST_DAY} to {LAST_DAY}, not {wishes.day}"
    if wishes.place in (None, *Place) and wishes.set_id in (None, *catalogue.sets):
        yield from _unfit_set(catalogue, wishes)


def _unknown(option: str, given: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    there = [*known]
    for name in given:
        if name not in there:
            yield f"{option}: there is no {name!r}; there are {', '.join(there)}"


def _unfit_step(ladders: Mapping[str, Ladder], text: str) -> Iterator[str]:
    read = _STEP.fullmatch(text)
    if read is None:
        yield f"--step: expected a ladder and a step, as bridge=4, not {text!r}"
        return
    name, number = read[1], int(read[2])
    tops = {slug: ladder.top for slug, ladder in ladders.items()}
    tops[ALL] = max(tops.values())
    if name not in tops:
        yield f"--step: there is no ladder {name!r}; there are {', '.join(tops)}"
    elif number > tops[name]:
        yield f"--step {text}: the highest is {tops[name]}"


def _unfit_set(catalogue: Catalogue, wishes: Wishes) -> Iterator[str]:
    """A place that the set is not for, or minutes that it is not given for."""
    sets = _sets(catalogue, wishes)
    if not sets:
        yield f"--place: there is no set for the way at {wishes.place}"
        return
    usual, place = sets[0], wishes.place or sets[0].place
    if place != usual.place and not AT_HAND.issuperset((place, usual.place)):
        yield f"--place: the set {usual.id} is for {usual.place}, not for {place}"
    there = sorted({minutes for one in sets for minutes in one.minutes})
    if wishes.minutes is not None and wishes.minutes not in there:
        yield f"--minutes: {usual.id} has {', '.join(map(str, there))}, not {wishes.minutes}"


def _sets(catalogue: Catalogue, wishes: Wishes) -> list[Set]:
    """The one named, else those of the place."""
    if wishes.set_id:
        return [catalogue.sets[wishes.set_id]]
    if wishes.place is None or wishes.place in AT_HAND:
        return [catalogue.set_for(Occasion.MORNING)]
    return [one for one in catalogue.sets_for(Occasion.WAY) if one.place == wishes.place]


def _scene(catalogue: Catalogue, wishes: Wishes) -> _Scene:
    sets, minutes = _sets(catalogue, wishes), wishes.minutes or USUAL
    chosen = next((one for one in sets if minutes in one.minutes), sets[0])
    steps = {name: int(number) for name, number in (text.split("=") for text in wishes.steps)}
    gentle = FLARE if chosen.occasion is Occasion.FLARE else ENTRY
    dose = gentle if wishes.dose is None else wishes.dose
    return _Scene(
        person=Person(
            id=0,
            life=Life(wishes.life),
            usual_pain=wishes.pain,
            minutes=minutes if minutes in chosen.minutes else max(chosen.minutes),
            zone="UTC",
            cautions=frozenset(map(Caution, wishes.cautions)),
            equipment=frozenset(wishes.own),
        ),
        steps={name: number for name, number in steps.items() if name != ALL},
        standings={
            name: Standing(_entered(ladder, steps.get(name, steps.get(ALL, 1)), wishes.pain), dose)
            for name, ladder in catalogue.ladders.items()
        },
        chosen=chosen,
        place=Place(wishes.place) if wishes.place else chosen.place,
    )


def _entered(ladder: Ladder, asked: int, pain: int) -> int:
    """The step, or the one below the first that such a usual pain keeps shut."""
    gates = ((n, step.gate) for n, step in enumerate(ladder.steps[:asked]) if step.gate)
    most = ((n, gate.max_usual_pain) for n, gate in gates if gate.max_usual_pain is not None)
    return next((n for n, limit in most if pain > limit), min(asked, ladder.top))


def _life(catalogue: Catalogue, scene: _Scene) -> Iterator[tuple[dt.date, Sequence]]:
    """One day after the other. A set for the way looks at no day before it (Prescription.travel)."""
    practised: dict[str, int] = {}
    for day in (FIRST_DAY + dt.timedelta(days=number) for number in count()):
        sequence = compose(
            scene.person,
            scene.standings,
            catalogue.ladders,
            scene.chosen,
            day.toordinal(),
            scene.person.minutes,
            scene.place,
            practised={} if scene.travel else practised,
        )
        yield day, sequence
        practised |= {portion.ladder: day.toordinal() for portion in sequence.portions}


def _chosen(
    life: Iterator[tuple[dt.date, Sequence]], day: dt.date | None, scene: _Scene
) -> tuple[dt.date, Sequence]:
    """The day asked for; else the first of a fortnight with most of the ladders asked for."""
    if day is not None:
        return next(one for one in life if one[0] == day)

    def told(one: tuple[dt.date, Sequence]) -> int:
        return sum(portion.ladder in scene.steps for portion in one[1].portions)

    return max(islice(life, FORTNIGHT), key=told)


def _plan(catalogue: Catalogue, scene: _Scene, sequence: Sequence, day: dt.date) -> Plan:
    """Of somebody without a history: nothing was decided, and no answer is open."""
    return Plan(
        session=Session(
            id=0,
            person_id=0,
            day=day,
            travel=scene.travel,
            minutes=scene.person.minutes,
            place=scene.place,
            set_id=scene.chosen.id,
            given=(),
            answers={},
        ),
        set=scene.chosen,
        sequence=sequence,
        weight=_weight(catalogue, sequence),
        decisions={},
        nearest={},
        names={slug: ladder.name for slug, ladder in catalogue.ladders.items()},
    )


def _weight(catalogue: Catalogue, sequence: Sequence) -> Weight | None:
    """What somebody begins with; a day has one weight at most."""
    for portion in sequence.portions:
        ladder = catalogue.ladders[portion.ladder]
        if load := ladder.step(portion.step).load:
            return Weight(
                ladder=ladder.id,
                step=portion.step,
                load=load,
                grams=to_hold(None, ladder, portion.step, Unit.KG),
                unit=Unit.KG,
                first=True,
                whole=True,
            )
    return None


def _in_a_line(day: dt.date, sequence: Sequence) -> str:
    brings = ", ".join(f"{portion.ladder} {portion.step}" for portion in sequence.portions)
    return f"{day:%a %Y-%m-%d}  {_length(sequence):>11}  {brings}"


def _length(sequence: Sequence) -> str:
    minutes, seconds = divmod(sequence.seconds, 60)
    return f"{minutes} min {seconds} s"


def _remarks(scene: _Scene, sequence: Sequence) -> Iterator[str]:
    """What differs from the steps asked for, and how long it takes."""
    shown = {portion.ladder: portion.step for portion in sequence.portions}
    for ladder, asked in scene.steps.items():
        entered = scene.standings[ladder].step
        if entered < asked:
            pain = scene.person.usual_pain
            yield f"{ladder}: with a usual pain of {pain}, nobody enters step {entered + 1}."
        if ladder not in shown:
            yield f"{ladder}: no part on this day; --days {FORTNIGHT} shows which days have one, if any."
        elif shown[ladder] != entered:
            yield (
                f"{ladder}: step {shown[ladder]} stands in for {entered},"
                " for the sake of the set, the place, the equipment or a caution."
            )
    yield f"{_length(sequence)} computed, of {scene.person.minutes} min"


def _show(console: Console, letter: Letter) -> None:
    """Text and buttons. A terminal is wrapped between words, a pipe never."""
    for indent, line in _lines(letter.text):
        wide = console.width - len(indent) if console.is_terminal else max(1, line.cell_len)
        for part in line.wrap(console, wide) or [line]:
            console.print(Text(indent if part else "") + part)
    console.print()
    for row in letter.rows:
        console.print(" ".join(f"[ {button.label} ]" for button in row), markup=False)
    console.print()


def _lines(html: str) -> Iterator[tuple[str, Text]]:
    """What Telegram makes of the HTML, line by line, each behind its indentation."""
    plain, entities = read_html(html)
    units, text, quoted = plain.encode("utf-16-le"), Text(plain), set[int]()
    for entity in entities:
        start, end = (
            len(units[: 2 * offset].decode("utf-16-le"))
            for offset in (entity["offset"], entity["offset"] + entity["length"])
        )
        if entity["type"] in STYLES:
            text.stylize(STYLES[entity["type"]], start, end)
        elif entity["type"].endswith("blockquote"):
            quoted.update(range(start, end))
    begin = 0
    for line in text.split("\n", allow_blank=True):
        yield QUOTED if begin in quoted else "", line
        begin += len(line.plain) + 1
