"""What led to the decisions of a session, as a picture above the words that explain them."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from html import unescape

from bot.catalogue.words import Words
from bot.delivery.charts import with_chart
from bot.delivery.letter import Letter, fits
from bot.domain.behind import Sign, Turn, Went
from bot.domain.decision import Action
from bot.pictures.why import Labels, Row, why_picture
from bot.practice.behind import Behind
from bot.practice.plan import Plan

MOST = 3  # ladders


async def with_why(letter: Letter, words: Words, plan: Plan, behind: Behind) -> Letter:
    """The letter with its picture, and that in words; of fewer ladders, or none, where words lack room."""
    every = [*_rows(words, plan, behind)]
    for most in range(min(MOST, len(every)), 0, -1):
        rows = every[:most]
        if not any(row.turns for row in rows):  # before there was anything to lead anywhere
            break
        picture = _in_words(words, rows)
        text = words.say("behind.with_words", text=letter.text, picture=picture)
        if fits(text):
            labels = _labels(words, rows, unescape(picture))
            told = replace(letter, text=text)
            return await with_chart(told, partial(why_picture, rows, labels, plan.taste.theme))
    return letter


def _rows(words: Words, plan: Plan, behind: Behind) -> Iterator[Row]:
    def telling(ladder: str) -> tuple[bool, int]:
        """Moves first, and of those the most cautious."""
        action = plan.decisions[ladder].action
        return action is Action.HOLD, -action.caution

    for ladder in sorted(behind, key=telling):
        decision = plan.decisions[ladder]
        percent = round(decision.dose_fraction * 100)
        more, turns = Action.HOLD.caution - decision.action.caution, behind[ladder]
        yield Row(
            name=plan.names[ladder],
            turns=turns,
            next=words.label("behind.step", step=decision.step, percent=percent),
            rises=(more > 0) - (more < 0) if turns else 0,
        )


def _in_words(words: Words, rows: list[Row]) -> str:
    told = [(row.name, [_went(words, one) for one in row.turns], row.next) for row in rows]
    return words.say("behind.in_words", rows=told)


def _went(words: Words, turn: Turn) -> str:
    """What spoke up, or that nothing did."""
    if turn.sign is not None:
        return words.label(f"behind.sign_{turn.sign}")
    return words.label(f"behind.went_{turn.went}")


def _labels(words: Words, rows: list[Row], about: str) -> Labels:
    label = words.label
    days = {turn.day for row in rows for turn in row.turns}
    return Labels(
        title=label("behind.title"),
        about=about,
        before=label("behind.before"),
        next=label("behind.next"),
        none=label("behind.no_turn"),
        went={went: label(f"behind.went_{went}") for went in Went},
        signs={sign: label(f"behind.sign_{sign}") for sign in Sign},
        days={day: label("behind.day", date=day) for day in days},
    )
