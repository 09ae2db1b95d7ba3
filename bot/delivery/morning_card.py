"""A morning of a flare, as a letter: one number, and what it means."""

import datetime as dt

from bot.catalogue.words import Words
from bot.delivery.letter import Button, Letter, in_rows
from bot.delivery.safety_cards import worry
from bot.delivery.taps import Woke
from bot.practice.mornings import Sense


def morning_card(words: Words, day: dt.date) -> Letter:
    """How did you wake?"""
    numbers = (Button(str(n), Woke(day.isoformat(), str(n))) for n in range(11))
    return Letter(words.say("flare.morning"), (*in_rows(numbers, 6), (worry(words),)))


def woken_card(words: Words, day: dt.date, sense: Sense) -> Letter:
    """What it means, calmly; a slip of the thumb can be undone."""
    change = Button(words.label("card.change"), Woke(day.isoformat(), ""))
    return Letter(words.say(f"flare.{sense}"), ((change,), (worry(words),)))
