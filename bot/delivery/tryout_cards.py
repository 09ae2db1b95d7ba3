"""The try-out as letters: one message, edited from step to step, until it says where someone begins."""

from collections.abc import Iterator

from bot.catalogue.words import Words
from bot.delivery.letter import Button, Letter, in_rows
from bot.delivery.safety_cards import worry
from bot.delivery.taps import Feel
from bot.domain.placement import Felt, Try
from bot.practice.tryout import Trying

LABELS = {
    Felt.EASY: "tryout.easy",
    Felt.JUST: "tryout.just",
    Felt.TOO_MUCH: "tryout.too_much",
}


def tryout_card(words: Words, trying: Trying, *, card: int) -> Letter:
    """What to try next, or what came of it; `card` is the ritual card's message, 0 where that isn't known."""
    this = trying.next
    if this is None:
        return Letter(
            words.say("tryout.found", starts=[*trying.starts.items()]), ((worry(words),),)
        )
    text = words.say(
        "tryout.ask",
        ladder=trying.names[this.ladder],
        exercise=this.exercise,
        dose=this.dose,
        one_side=this.one_side,
        swap=this.swap,
        first=not trying.begun,
    )
    return Letter(text, in_rows(_buttons(words, this, card), 1))


def _buttons(words: Words, this: Try, card: int) -> Iterator[Button]:
    for felt, label in LABELS.items():
        yield Button(words.label(label), Feel(card, this.ladder, this.step, felt))
    yield Button(words.label("tryout.stop"), Feel(card, this.ladder, this.step, Felt.STOPPED))
    yield worry(words)
