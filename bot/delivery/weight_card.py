"""The weight on a ritual card: how it is told, what may be taken instead, and a heavier one at the top."""

from bot.catalogue.words import Words
from bot.delivery.letter import Button, Rows, in_rows
from bot.delivery.taps import Measure, Take, Weigh
from bot.domain.load import Unit, Weight, measured
from bot.domain.session import Session

IN_A_ROW = 5  # buttons; all that a step allows are at most three rows


def told(words: Words, weight: Weight) -> str:
    """Beside the dose."""
    amount = _amount(words, weight.grams, weight.unit)
    return words.say("card.weight", amount=amount, pieces=weight.load.pieces, first=weight.first)


def offered(words: Words, weight: Weight) -> str | None:
    """A heavier one, for whoever wants it."""
    if weight.offer is None:
        return None
    return words.say(
        "card.heavier",
        amount=_amount(words, weight.offer.grams, weight.unit),
        more=_amount(words, weight.offer.grams - weight.grams, weight.unit),
        far=weight.offer.far,
    )


def beside(words: Words, session: Session, weight: Weight) -> tuple[Button, ...]:
    """Another one; first the one that is offered."""
    other = Button(words.label("card.another_weight"), Weigh(session.id))
    if weight.offer is None:
        return (other,)
    amount = _amount(words, weight.offer.grams, weight.unit)
    take = Button(words.label("card.take", amount=amount), Take(session.id, weight.offer.grams))
    return (take, other)


def choices(words: Words, session: Session, weight: Weight) -> Rows:
    """Every weight of the step, the present one marked, and the way to the other unit."""
    amounts = (
        Button(
            _amount(words, grams, weight.unit),
            Take(session.id, grams),
            style="primary" if grams == weight.grams else None,
        )
        for grams in weight.choices
    )
    other = next(unit for unit in Unit if unit is not weight.unit)
    change = Button(words.label("card.in_unit", unit=other), Measure(session.id, other))
    return (*in_rows(amounts, IN_A_ROW), (change,))


def _amount(words: Words, grams: int, unit: Unit) -> str:
    return words.label("card.amount", number=measured(grams, unit), unit=unit)
