"""The look back over someone's weeks, as a letter: what changed, and one question."""

from bot.catalogue.words import Words
from bot.delivery.letter import Button, Letter, Rows, in_rows
from bot.delivery.safety_cards import worry
from bot.delivery.taps import Able
from bot.domain.review import AS_WELL_AS_EVER
from bot.practice.enrolment import NOTHING
from bot.practice.retrospect import Retrospection


def review_card(words: Words, told: Retrospection) -> Letter:
    """Calm and short; the row is gone once it was answered."""
    review = told.review
    text = words.say(
        "review.card",
        weeks=review.weeks,
        sessions=review.sessions,
        moved=[(told.names.get(m.ladder, m.ladder), m.first, m.latest) for m in review.moved],
        pain=review.pain,
        activity=review.activity,
        suggests=review.suggests_clinician,
    )
    last = (worry(words),)
    if told.told is not None:
        text = f"{text}\n{words.say('progress.steady', band=str(told.told.progress.band))}"
    if not told.asks:
        return Letter(text, (last,))
    known = review.activity.then is not None
    question = words.say("review.ask_again" if known else "review.ask_first")
    return Letter(f"{text}\n\n{question}", (*_scale(words, nothing=not known), last))


def _scale(words: Words, *, nothing: bool) -> Rows:
    """Who is asked for the first time may say that there is nothing in particular."""
    rows = in_rows((Button(str(n), Able(str(n))) for n in range(AS_WELL_AS_EVER + 1)), 6)
    if not nothing:
        return rows
    return (*rows, (Button(words.label("enrol.activity_nothing"), Able(NOTHING)),))
