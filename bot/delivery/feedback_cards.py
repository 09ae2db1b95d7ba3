"""The questions about a session, as letters: pain, the signs of each exercise, breath.

When all was well each is one tap. Only what was off leads further: to the exercise, and to its signs.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from bot.catalogue.words import Words
from bot.delivery.cards import asked_back, completed, title
from bot.delivery.letter import Button, Letter, Rows, in_rows
from bot.delivery.safety_cards import worry
from bot.delivery.taps import Heavy, Onward, Rate, See, Slip, Where
from bot.domain.exercise import Exercise
from bot.domain.feedback import Breath, Compensation, Reserve
from bot.domain.session import AFTERWARDS, Asked
from bot.practice.plan import Plan

MOST_SIGNS = 3  # of an exercise, in a list that is read at a glance
IN_A_ROW = 6  # numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """One exercise of the session, and what was said of it so far."""

    ladder: str
    name: str
    signs: tuple[str, ...]
    seen: tuple[str, ...]
    much: int  # Compensation, Breath or a pain that was told of it; 0 for none


def question_card(words: Words, plan: Plan, asked: Asked, today: dt.date) -> Letter:
    """One question about a session."""
    question, rows = _question(words, plan, asked)
    if asked in AFTERWARDS:
        number, of = AFTERWARDS.index(asked) + 1, len(AFTERWARDS)
        question = words.say("feedback.numbered", number=number, of=of, asks=question)
    return _card(words, plan, question, rows, today)


def sign_card(words: Words, plan: Plan, ladder: str, seen: int, today: dt.date) -> Letter:
    """What was noticed in one exercise, and how often. The ticks stand in the buttons."""
    session, exercise = plan.session.id, exercise_of(plan, ladder)
    signs = (
        Button(
            words.label("feedback.sign", sign=sign, ticked=bool(seen >> bit & 1)),
            See(session, ladder, seen ^ 1 << bit),
        )
        for bit, sign in enumerate(exercise.signs)
    )
    often = tuple(
        Button(words.label("feedback.often", much=int(much)), Slip(session, ladder, seen, much))
        for much in (Compensation.SOME, Compensation.MARKED)
    )
    none = Button(words.label("feedback.not_this"), Slip(session, ladder, 0, Compensation.NONE))
    asks = words.say("feedback.ask_sign", name=exercise.name)
    return _card(words, plan, asks, (*in_rows(signs, 1), often, (none,)), today)


def where_card(words: Words, plan: Plan, asked: Asked, today: dt.date) -> Letter:
    """In which exercise it was. Leaving it out says that it was in all of them."""
    session, value = plan.session, plan.session.answers.get(asked, 0)
    exercises = tuple(_noticed(plan, asked))
    numbers = (
        Button(
            words.label("feedback.number", number=number, ticked=bool(one.much)),
            Where(session.id, asked, one.ladder, 0 if one.much else value),
        )
        for number, one in enumerate(exercises, 1)
    )
    named = any(one.much for one in exercises)
    last = words.label("feedback.all" if named else "feedback.everywhere")
    asks = words.say("feedback.ask_where", about_pain=asked is Asked.PAIN, exercises=exercises)
    onward = Button(last, Onward(session.id, asked))
    return _card(words, plan, asks, (*in_rows(numbers, IN_A_ROW), (onward,)), today)


def exercise_of(plan: Plan, ladder: str) -> Exercise:
    """The one that a ladder gave."""
    return next(one.exercise for one in plan.sequence.portions if one.ladder == ladder)


def _question(words: Words, plan: Plan, asked: Asked) -> tuple[str, Rows]:
    session = plan.session
    match asked:
        case Asked.COMPENSATION:
            return _signs(words, plan)
        case Asked.BREATH:
            return words.say("feedback.ask_breath_holding"), in_rows(
                _worded(words, plan, asked, Breath), 1
            )
        case Asked.RESERVE:
            return words.say("feedback.ask_reserve"), in_rows(
                _worded(words, plan, asked, Reserve), 2
            )
        case Asked.COMPLETED:
            return words.say("feedback.ask_completed"), (completed(words, session),)
        case Asked.PAIN_CONFIRMED:
            assert plan.doubt is not None  # else it would not be asked
            doubted = asked_back(words, session, plan.doubt)
            return doubted.text, doubted.rows
    numbers = (Button(str(n), Rate(session.id, asked, n)) for n in range(11))
    return words.say(f"feedback.ask_{asked}"), in_rows(numbers, IN_A_ROW)


def _signs(words: Words, plan: Plan) -> tuple[str, Rows]:
    """Every exercise with its signs. What is told of the weight is one of them."""
    session = plan.session
    exercises, heavy = tuple(_noticed(plan, Asked.COMPENSATION)), session.loaded
    numbers = (
        Button(
            words.label("feedback.number", number=number, ticked=bool(one.much)),
            See(session.id, one.ladder, session.about.get(one.ladder, {}).get(Asked.SIGNS, 0)),
        )
        for number, one in enumerate(exercises, 1)
    )
    too_heavy = heavy and session.answers.get(Asked.RESERVE) == Reserve.LITTLE
    named = too_heavy or any(one.much for one in exercises)
    last = (
        Button(words.label("feedback.all"), Rate(session.id, Asked.REST, 0), style="primary")
        if named
        else Button(
            words.label("feedback.nothing"),
            Rate(session.id, Asked.COMPENSATION, 0),
            style="success",
        )
    )
    rows: Rows = ((last,), *in_rows(numbers, IN_A_ROW))
    if heavy:
        toggled = Reserve.ENOUGH if too_heavy else Reserve.LITTLE
        label = words.label("feedback.too_heavy", ticked=too_heavy)
        rows = (*rows, (Button(label, Heavy(session.id, toggled)),))
    return words.say("feedback.ask_signs", exercises=exercises, heavy=heavy), rows


def _noticed(plan: Plan, asked: Asked) -> Iterator[Noticed]:
    """In the order of the sequence, without what was left out."""
    for portion in plan.sequence.portions:
        told = plan.session.about.get(portion.ladder, {})
        signs = portion.exercise.signs
        yield Noticed(
            ladder=portion.ladder,
            name=portion.exercise.name,
            signs=signs[:MOST_SIGNS],
            seen=tuple(s for bit, s in enumerate(signs) if told.get(Asked.SIGNS, 0) >> bit & 1),
            much=told.get(asked, 0),
        )


def _worded(
    words: Words, plan: Plan, asked: Asked, kind: type[Breath] | type[Reserve]
) -> list[Button]:
    return [
        Button(words.label(f"feedback.{asked}_{value.value}"), Rate(plan.session.id, asked, value))
        for value in kind
    ]


def _card(words: Words, plan: Plan, asks: str, rows: Rows, today: dt.date) -> Letter:
    text = f"{title(words, plan, today)}\n{asks}"
    return Letter(text, (*rows, (worry(words),)), session=plan.session.id)
