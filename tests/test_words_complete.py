"""Every sentence that the code names is there, every one that is there is said, and all can be shown."""

import ast
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel

from bot.catalogue.claims import CLAIMS
from bot.catalogue.places import Town
from bot.catalogue.safety import read_safety
from bot.catalogue.tongues import ENGLISH, languages
from bot.catalogue.words import Words
from bot.chat.application import COMMANDS
from bot.chat.typed import ABOUT_TODAY, ANSWERS
from bot.chat.typed import COMMANDS as COMMANDS_TYPED
from bot.delivery.cards import ritual_card
from bot.delivery.feedback_cards import Noticed
from bot.delivery.letter import CAPTION
from bot.delivery.settings_card import MIXED, PAUSES, Told
from bot.domain.behind import Sign, Went
from bot.domain.consistency import Band
from bot.domain.course import Course
from bot.domain.decision import Action, Missing, Reason
from bot.domain.dose import Dose
from bot.domain.exercise import Occasion, Place
from bot.domain.feedback import Breath, Compensation, Reserve
from bot.domain.load import Offer, Unit, Weight
from bot.domain.look import Build, Theme, Tone
from bot.domain.nearest import MOST_SESSIONS, Change
from bot.domain.person import Life
from bot.domain.player import chapter_of
from bot.domain.profile import Question
from bot.domain.progress import Kept
from bot.domain.refusal import Refusal
from bot.domain.review import Compared, Shift
from bot.domain.rhythm import Hindrance, Quiet, Snooze
from bot.domain.safety import ASKED, CLEARED, SEEN, Tier
from bot.domain.sequence import Sequence, compose
from bot.domain.session import Asked, Session
from bot.domain.standing import Standing
from bot.localchat.markup import read_html, utf16_length
from bot.practice.enrolment import TICKS, YES
from bot.practice.mornings import Sense
from bot.practice.plan import Plan
from bot.practice.report import Named
from tests.builders import NOBODYS
from tests.domain.lives import catalogue, course_of, day, person

ROOT = Path(__file__).parents[1]
CONTENT = ROOT / "content"
LANGUAGES = languages(CONTENT)
SPEAKERS = ("chat", "delivery", "practice")  # the rooms that say something
FILES = (
    "behind",
    "card",
    "dose",
    "enrol",
    "feedback",
    "record",
    "report",
    "away",
    "flare",
    "player",
    "progress",
    "refusal",
    "review",
    "safety",
    "rhythm",
    "settings",
    "talk",
    "tryout",
    "typed",
    "why",
)

LONGEST = 4096  # UTF-16 units of a message, markup not counted
GLANCE = 1200  # of a card, before its details are unfolded


@cache
def words(language: str) -> Words:
    return Words(CONTENT / "words" / language)


def each(template: str, *values: Iterable[object]) -> tuple[str, ...]:
    return tuple(template.format(*chosen) for chosen in product(*values))


def refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from refusals(sub)


# What a name with a gap may become. A new one has to be told here.
EXPANSIONS: Mapping[str, tuple[str, ...]] = {
    "f'feedback.ask_{asked}'": each("feedback.ask_{}", [Asked.PAIN]),  # the others are named whole
    "f'feedback.{asked}_{value.value}'": (
        *each("feedback.breath_holding_{}", [value.value for value in Breath]),
        *each("feedback.reserve_{}", [value.value for value in Reserve]),
    ),
    "f'player.{label}'": each(
        "player.{}",
        [
            *("go", "set_done", "next", "on", "back", "skip", "swap", "hurts"),
            *("back_to_it", "leave_out", "stop", "gentle"),
        ],
    ),
    "f'player.grade_{one.value}'": each("player.grade_{}", [one.value for one in Compensation]),
    "f'refusal.{type(refusal).__name__}'": each(
        "refusal.{}", [kind.__name__ for kind in refusals()]
    ),
    "f'talk.command_{name}'": each("talk.command_{}", COMMANDS),
    "f'enrol.{question}'": each("enrol.{}", [q for q in Question if q is not Question.SAFETY]),
    "f'enrol.{name}_{value}'": (
        *each("enrol.consent_{}", [YES, "no"]),
        *each("enrol.life_{}", Life),
    ),
    "f'enrol.{question}_{thing}'": tuple(
        f"enrol.{question}_{thing}" for question, things in TICKS.items() for thing in things
    ),
    "f'enrol.{Question.EQUIPMENT}_{thing}'": each("enrol.equipment_{}", TICKS[Question.EQUIPMENT]),
    "f'rhythm.later_{one}'": each("rhythm.later_{}", Snooze),
    "f'rhythm.hinder_{kind}'": each("rhythm.hinder_{}", Hindrance),
    "f'rhythm.pause_{days}'": each("rhythm.pause_{}", PAUSES),
    "f'settings.open_{one}'": each(
        "settings.open_{}",
        ["rituals", "minutes", "quiet", "pause", "language", "equipment", "town", "unit", "look"],
    ),
    "f'settings.{part}_{one or MIXED}'": (
        *each("settings.theme_{}", Theme),
        *each("settings.tone_{}", [MIXED, *Tone]),
        *each("settings.build_{}", [MIXED, *Build]),
    ),
    "f'settings.open_{p}'": each("settings.open_{}", ["time", "days", "length", "name", "remove"]),
    "f'enrol.{question}_none'": each("enrol.{}_none", TICKS),
    "f'record.column_{head}'": each("record.column_{}", ["day", "set", "place", "minutes"]),
    "f'record.question_{asked}'": each("record.question_{}", Asked),
    "f'record.question_{question}'": each("record.question_{}", Asked),
    # Each table that holds something of a person tells what it holds.
    "f'record.table_{table}'": each("record.table_{}", SQLModel.metadata.tables.keys() - NOBODYS),
    "f'safety.locked_{tier}'": each("safety.locked_{}", Tier),
    "f'safety.ask_{tier}'": each("safety.ask_{}", ASKED),
    "f'flare.{sense}'": each("flare.{}", Sense),
    "f'safety.{label}'": ("safety.seen", "safety.cleared"),
    "f'safety.item_{item.id}'": each(
        "safety.item_{}", [item.id for item in read_safety(CONTENT / "safety.yaml")]
    ),
    "f'progress.kept_{kept}'": each("progress.kept_{}", [k for k in Kept if k is not Kept.OUTSIDE]),
    "f'progress.band_{seen.band}'": each("progress.band_{}", Band),
    "f'behind.went_{went}'": each("behind.went_{}", Went),
    "f'behind.went_{turn.went}'": each("behind.went_{}", Went),
    "f'behind.sign_{sign}'": each("behind.sign_{}", Sign),
    "f'behind.sign_{turn.sign}'": each("behind.sign_{}", Sign),
    "f'typed.{one}'": each("typed.{}", (*COMMANDS_TYPED, *ANSWERS, *ABOUT_TODAY)),
    "f'why.{decision.reasons[0]}'": each("why.{}", Reason),
    "f'why.missing_{missing}'": each("why.missing_{}", Missing),
    "f'why.nearest_{nearest.change}'": each(
        "why.nearest_{}", [c for c in Change if c is not Change.NONE]
    ),
}


@cache
def source() -> tuple[tuple[str, ast.AST], ...]:
    """Everything in the rooms that say something, with the place it stands in."""
    return tuple(
        (f"bot/{room}/{path.name}:{getattr(node, 'lineno', 0)}", node)
        for room in SPEAKERS
        for path in sorted((ROOT / "bot" / room).glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
    )


def names_in(node: ast.AST) -> tuple[str, ...] | None:
    """The sentences that an expression may name; None for one that names none."""
    match node:
        case ast.Constant(value=str(text)) if re.fullmatch(
            rf"({'|'.join(FILES)})\.\w*[a-zA-Z0-9]", text
        ):
            return (text,)
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]) if start.startswith(
            tuple(f"{name}." for name in FILES)
        ):
            return EXPANSIONS.get(ast.unparse(node), (ast.unparse(node),))
        case _:
            return None


def named() -> dict[str, str]:
    """Every name in the code, with a place where it stands."""
    return {name: place for place, node in source() for name in names_in(node) or ()}


def spoken() -> Iterator[tuple[str, str, set[str]]]:
    """Every call that says a sentence by its name, with the arguments it hands over."""
    for place, node in source():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = {keyword.arg for keyword in node.keywords}
            if node.func.attr in ("say", "label") and None not in given:
                for name in names_in(node.args[0]) or ():
                    yield place, name, {str(argument) for argument in given}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_that_the_code_names_is_there(language: str) -> None:
    known = words(language).macros()
    assert {name: place for name, place in named().items() if name not in known} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_gets_the_values_that_it_asks_for(language: str) -> None:
    known = words(language).macros()
    calls = [*spoken()]
    assert len(calls) > 60  # the walk finds them
    wrong = {
        place: (name, given) for place, name, given in calls if given != {*known.get(name, ())}
    }
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_there_for_nobody(language: str) -> None:
    assert words(language).macros().keys() <= named().keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_its_sentence_and_hands_over_what_that_asks_for(language: str) -> None:
    kinds = {kind.__name__: kind for kind in refusals()}
    macros = {
        name.removeprefix("refusal."): arguments
        for name, arguments in words(language).macros().items()
    }
    for name, kind in kinds.items():
        arguments = macros[name]
        refusal = kind(*arguments)
        assert {*refusal.values} == {*arguments}, name


# Plausible values by the name of the argument; what people type may hold anything.
TYPED = 'Tom & "Ann" <b>'
MORNING = dt.date(2026, 11, 24)
STAGES = tuple(
    stage
    for sets, per_side in (((1,), False), ((6, 4), True), ((1,), True))
    for stage in chapter_of(Dose(sets=sets, hold=10, per_side=per_side, rest=75))
)

TOLD = (
    Told(name=TYPED, time=dt.time(7), days=(), minutes=10),
    Told(name="Before bed", time=dt.time(21, 30), days=(MORNING, MORNING), minutes=20),
)
VALUES: Mapping[str, tuple[Any, ...]] = {
    "open": (True, False),
    "paused": (True, False),
    "quiet": (None, Quiet()),
    "ritual": TOLD,
    "rituals": (TOLD[:1], TOLD),
    "time": (dt.time(7),),
    "until": (None, MORNING),
    "zone": ("America/Los_Angeles",),
    "action": tuple(map(str, Action)),
    "agreed": ("", MORNING),
    "asked": ("", MORNING),
    "asks": ("<b>How?</b>",),
    "at": ("", dt.time(7)),
    "also": (None, "112"),
    "amount": ("4.4 kg", "10 lb"),
    "about_pain": (True, False),
    "activity": tuple(Compared(then=4, now=4, shift=shift) for shift in Shift),
    "before": (0, 3),
    "counts": ((20, 3, 1),),
    "current": (True, False),
    "date": (MORNING,),
    "brief": (0, 1, 2),
    "band": tuple(map(str, Band)),
    "dates": ([MORNING], [MORNING, MORNING]),
    "day": (None, MORNING),
    "days": (0, 1, 3, 7, 14),
    "done": (20,),
    "during": (None, 2.5),
    "fewer": (5,),
    "gone": (0, 1, 2),
    "grams": (0, 4500),
    "dose": tuple(step.dose for ladder in catalogue().ladders.values() for step in ladder.steps),
    "exercises": (
        (
            Noticed(ladder="a", name=TYPED, signs=("Sways", TYPED), seen=(), much=0),
            Noticed(ladder="b", name="Bridge", signs=("Sways",), seen=("Sways",), much=1),
            Noticed(ladder="c", name="Hinge", signs=("Sways",), seen=(), much=2),
        ),
    ),
    "after": STAGES,
    "ended": STAGES,
    "ends": (None, dt.datetime(2026, 11, 24, 7, 3, 12, tzinfo=dt.UTC)),
    "far": (True, False),
    "first": (True, False),
    "heavier": (None, "Room for more."),
    "heavy": (True, False),
    "hours": (0, 48),
    "items": ((), ((MORNING, TYPED), (MORNING, "Because."))),
    "item": (*map(str, Tier), SEEN, CLEARED, TYPED),
    "label": (TYPED,),
    "life": ("", *map(str, Life)),
    "local": (True, False),
    "ladder": (TYPED,),
    "ladders": ([], [(TYPED, 1, MORNING), ("Hip hinge", 4, MORNING)]),
    "marks": ([], [4], [4, 8]),
    "minutes": (10,),
    "missed": (None, MORNING),
    "missing": ("", "One more comfortable session."),
    "more": ("0.4 kg",),
    "morning": (True, False),
    "much": (1, 2),
    "not_today": (0,),
    "number": (1, 4),
    "of": (3, 4),
    "one_side": (True, False),
    "moved": ((), ((TYPED, 1, 4), ("Hinge", 3, 2))),
    "opens": (True, False),
    "others": (0, 3),
    "pain": tuple(Compared(then=5, now=2.25, shift=shift) for shift in Shift),
    "partly": (2,),
    "percent": (40, 100),
    "picture": ("Pain on waking: about 2.",),
    "pieces": (1, 2),
    "phases": ((), ("down", "up")),
    "policy": ("2026-11-22",),
    "purpose": (TYPED,),
    "question": tuple(Question),
    "reminds": (True, False),
    "ritual_at": (dt.time(7, 0),),
    "rows": ([([TYPED], "Because.", ""), (["Bridge", "Hinge"], "Because.", "More.")],),
    "sessions": tuple(range(1, MOST_SESSIONS + 1)),
    "since": (MORNING,),
    "sign": (TYPED,),
    "signs": ((TYPED,), ("Knees fall in", "The back does the lifting")),
    "silent": (3,),
    "stays": (None, "Because."),
    "stage": tuple(stage for stage in STAGES if stage.dose),
    "starts": ([], [(TYPED, 2)], [("Bridge", 3), ("Hip hinge", 2)], [("A", 2), ("B", 3), ("C", 4)]),
    "swap": ((), ("Sit tall.",)),
    "step": (3,),
    "suggests": (True, False),
    "text": (TYPED, ""),
    "ticked": (True, False),
    "tier": tuple(map(str, Tier)),
    "today": (True, False),
    "top": (8,),
    "town": (Town("Zürich", "Switzerland", "Europe/Zurich"), Town("UTC", "", "UTC")),
    "tomorrow": (True, False),
    "travel": (0, 2),
    "unit": tuple(Unit),
    "usual": (0, 2),
    "version": ("", "en-1c9f0a3b"),
    "value": (9,),
    "waking": (None, 2.5),
    "weekly": (True, False),
    "waits": (True, False),
    "weeks": (4, 52),
    "weight": (None, "4 kg in each hand"),
    "worse": ([], [TYPED, "Kneeling"]),
    "why": (None, "Because."),
}
# On paper, where it differs.
REPORTED: Mapping[str, tuple[Any, ...]] = {
    "day": (MORNING,),
    "days": ((), (MORNING, MORNING)),
    "exercises": (
        (Named(ladder=TYPED, sessions=3, signs=()),),
        (
            Named(ladder="Bridge", sessions=2, signs=(("Sways", 2), (TYPED, 1))),
            Named(ladder="Hinge", sessions=1, signs=()),
        ),
    ),
    "told": (((MORNING, None),), ((MORNING, 4), (MORNING, 6))),
    "value": (2.25, 5),
}
NEVER_SAID = {"refusal.PlanLocked"}  # a lock has a screen of its own


def said(language: str, name: str) -> Iterator[str]:
    arguments = words(language).macros()[name]
    for chosen in product(*(options(language, name, argument) for argument in arguments)):
        yield words(language).say(name, **dict(zip(arguments, chosen, strict=True)))


def options(language: str, name: str, argument: str) -> tuple[Any, ...]:
    if argument == "sequence":
        return tuple(plan(language, life, 10, 0).sequence for life in Life)
    if argument == "exercise":
        return tuple(catalogue().spoken(language).exercises.values())
    if (name, argument) in (("card.headline", "why"), ("card.outlook", "why")):
        return ("Because.",)
    if (name, argument) == ("progress.card", "moved"):
        return ([], [([TYPED, "Bridge"], "Because."), (["Hinge"], "Because.")])
    if (name, argument) == ("settings.day", "day"):
        return (MORNING,)
    if (name, argument) == ("report.told", "value"):
        return (None, 2.25, 5)
    if name.startswith("report.") and argument in REPORTED:
        return REPORTED[argument]
    if argument == "name":
        return (None, TYPED) if name == "card.day" else (TYPED,)
    if (name, argument) == ("behind.in_words", "rows"):
        return ([("Bridge", ["calm", TYPED], "step 2, 60 %"), (TYPED, [], "step 1, 60 %")],)
    if (name, argument) == ("behind.with_words", "text"):
        return ("Because.",)
    if name.startswith("away.") and argument == "until":
        return (MORNING,)
    if argument == "choices":
        return tuple(plan(language, life, 20, 0).sequence.portions[:3] for life in Life)
    if (name, argument) == ("player.rest", "after"):
        return VALUES["stage"]
    if (name, argument) == ("card.pain_before", "day"):
        return (MORNING,)
    return VALUES[argument]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(words(ENGLISH).macros()))
def test_a_sentence_can_be_shown_and_claims_nothing(name: str, language: str) -> None:
    claims = CLAIMS[language]
    for html in {*said(language, name)}:
        text, _ = read_html(html)
        assert bool(text) is (name not in NEVER_SAID)
        assert utf16_length(text) <= LONGEST
        assert "  " not in text
        assert not claims.search(text), claims.search(text)


@pytest.mark.parametrize("path", sorted(CONTENT.rglob("*.yaml")), ids=lambda path: path.stem)
def test_no_content_claims_to_be_medicine(path: Path) -> None:
    claims = CLAIMS[path.parent.name if path.parent.parent.name == "words" else ENGLISH]
    shown = re.sub(
        r"#.*|^\s*(evidence|source):.*(\n\s{4,}.*)*", "", path.read_text("utf-8"), flags=re.M
    )
    assert not claims.search(shown), claims.search(shown)


@pytest.mark.parametrize(
    ("sentence", "claims"),
    [
        ("Medical care, or a diagnosis: neither.", False),
        ("not a diagnosis", False),
        ("we diagnose", True),
        ("exercise therapy", True),
        ("a treat", True),
        ("this cures backs", True),
        ("safe for your condition", True),
        ("secure, obscure", False),
    ],
)
def test_the_forbidden_words_are_found(sentence: str, claims: bool) -> None:
    assert bool(CLAIMS[ENGLISH].search(sentence)) is claims


# The card on a phone.


def plan(
    language: str, life: Life, minutes: int, number: int, fraction: float = 0.6, step: int = 1
) -> Plan:
    """A day's plan at this dose on all ladders."""
    someone = person(life, minutes, equipment={"dumbbells", "stair"})
    spoken = catalogue().spoken(language)
    ladders, course = spoken.ladders, course_of(someone, today=number)
    standings = {name: Standing(min(step, ladders[name].top), fraction) for name in ladders}
    chosen = spoken.set_for(Occasion.MORNING)
    sequence = compose(someone, standings, ladders, chosen, day(number).toordinal(), minutes)
    return Plan(
        session=Session(
            id=number,
            person_id=1,
            day=day(number),
            travel=False,
            minutes=minutes,
            place=Place.FLOOR,
            set_id=None,
            given=(),
            answers={},
        ),
        set=chosen,
        sequence=sequence,
        decisions=decided(course, [portion.ladder for portion in sequence.portions]),
        nearest={},
        names={name: ladder.name for name, ladder in ladders.items()},
        weight=weight_in(sequence),
        morning_of=yesterday(number),
        missed=MORNING,
    )


def weight_in(sequence: Sequence) -> Weight | None:
    """Where there is one, with the longest that is said of it."""
    for portion in sequence.portions:
        ladder = catalogue().ladders[portion.ladder]
        load, top = ladder.step(portion.step).load, ladder.top
        if load is not None:
            return Weight(
                ladder=portion.ladder,
                step=portion.step,
                load=load,
                grams=4649,  # 10.25 lb
                unit=Unit.LB,
                first=False,
                whole=True,
                offer=Offer(5670, far=True) if portion.step == top else None,
            )
    return None


def decided(course: Course, names: Iterable[str]) -> dict[str, Any]:
    return {name: course.decisions[name] for name in names}


def yesterday(number: int) -> Session:
    return Session(
        id=number + 100,
        person_id=1,
        day=day(number - 2),
        travel=False,
        minutes=20,
        place=Place.FLOOR,
        set_id=None,
        given=(),
        answers={Asked.COMPLETED: 0},
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("life", Life)
@pytest.mark.parametrize("minutes", [10, 15, 20])
def test_a_card_is_read_at_a_glance_and_its_details_unfold(
    life: Life, minutes: int, language: str
) -> None:
    longest = 0
    for number, step in product(range(4), range(1, 9)):
        letter = ritual_card(words(language), plan(language, life, minutes, number, step=step))
        text, entities = read_html(letter.text)
        below, _ = read_html(letter.caption or "")
        assert below  # without its details and cues it always has room below its picture
        assert utf16_length(below) <= CAPTION
        folded = sum(e["length"] for e in entities if e["type"] == "expandable_blockquote")
        assert folded
        assert utf16_length(text) <= LONGEST
        longest = max(longest, utf16_length(text) - folded)
    assert longest <= GLANCE
