""" "Something new or worrying" is one tap away: every card that has to do with movement carries it.

A card that is new in bot/delivery must be shown here, or say why it has no part in this.
"""

import datetime as dt
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

import bot.delivery
from bot.delivery import away_cards, cards, feedback_cards, morning_card, review_card, tryout_cards
from bot.delivery.letter import Letter
from bot.delivery.taps import Worry
from bot.domain.doubt import Doubt
from bot.domain.feedback import Completed
from bot.domain.person import Life
from bot.domain.review import Compared, Review, Shift
from bot.domain.session import AFTERWARDS, Asked
from bot.domain.trip import Trip
from bot.practice.away import Absence
from bot.practice.mornings import Sense
from bot.practice.plan import Plan
from bot.practice.retrospect import Retrospection
from bot.practice.tryout import Trying
from tests.builders import catalogue, words
from tests.test_words_complete import plan

TODAY = dt.date(2026, 11, 24)
TRIP = Trip(
    told_at=dt.datetime(2026, 11, 23, tzinfo=dt.UTC),
    from_day=TODAY,
    until_day=dt.date(2026, 11, 30),
    set_id="hotel",
)
SETS = [one for one in catalogue().sets.values() if one.id in ("hotel", "seat")]

PLAYED = "tests/delivery/test_player_card.py looks at every stage of a session that is played"
# These have no part in it, each for its reason.
APART: Mapping[str, str] = {
    "safety_cards.safety_card": "it is what the button leads to",
    "safety_cards.locked_card": "no exercise, and the way to help",
    "away_cards.away_card": "it asks about days and clocks; how a trip stands is shown below",
    "away_cards.days_card": "it asks about days",
    "away_cards.towns_card": "it asks about a town",
    "record_cards.privacy_card": "it is about what is kept",
    "player_card.player_card": PLAYED,
    "player_card.choices_card": PLAYED,
    "player_card.hurt_card": PLAYED,
    "player_card.after_hurt_card": PLAYED,
    "player_card.bell_card": "it stands below the player's card for a moment",
    "progress_card.progress_card": "it looks back; the card of the day stands above",
    "progress_card.week_card": "the same",
    "progress_card.pictured": "the same",
    "progress_card.minutes_card": "it is about minutes",
    "progress_card.days_card": "it is about days",
    "rhythm_cards.hindrance_card": "being sore leads to the safety questions",
    "rhythm_cards.shorter_card": "it is about minutes",
    "rhythm_cards.eased_card": "it is about minutes",
    "charts.with_chart": "it adds a picture to other cards",
    "why_picture.with_why": "it adds a picture to a card, which has it",
    "cards.asked_back": "a part of other cards, which have it",
    "away_cards.back_card": "it leads to the ritual's card",
}


def a_plan() -> Plan:
    return plan("en", Life.SITTING, 20, 3, 1.0, 8)


def practised(asked: Completed = Completed.FULL) -> Plan:
    made = a_plan()
    return replace(made, session=replace(made.session, answers={Asked.COMPLETED: asked}))


def doubted() -> Plan:
    made = a_plan()
    doubt = Doubt(session=made.session, asked=Asked.PAIN, value=9, usual=2)
    return replace(made, doubt=doubt, doubt_before=doubt, morning_of=None)


def review(asks: bool) -> Retrospection:
    compared = Compared(then=4, now=4, shift=Shift.LITTLE)
    told = Review(
        weeks=4, sessions=9, moved=(), pain=compared, activity=compared, suggests_clinician=False
    )
    return Retrospection(review=told, names={}, asks=asks, told=None)


def absence() -> Absence:
    return Absence(profile=None, today=TODAY, trip=TRIP)  # type: ignore[arg-type]


def away_day() -> Plan:
    made = a_plan()
    return replace(made, session=replace(made.session, travel=True, away=True), trip=TRIP)


SHOWN: Mapping[str, Callable[[], list[Letter | None]]] = {
    "cards.ritual_card": lambda: [
        cards.ritual_card(words(), a_plan()),
        cards.ritual_card(words(), doubted()),
        cards.ritual_card(words(), away_day()),
    ],
    "cards.weights_card": lambda: [
        cards.weights_card(words(), next(p for p in plans() if p.weight))
    ],
    "cards.before_card": lambda: [
        cards.before_card(words(), a_plan(), TODAY),
        cards.before_card(words(), doubted(), TODAY),
    ],
    "feedback_cards.sign_card": lambda: [
        feedback_cards.sign_card(words(), made, made.sequence.portions[0].ladder, 1, TODAY)
        for made in (a_plan(),)
    ],
    "feedback_cards.where_card": lambda: [
        feedback_cards.where_card(words(), a_plan(), asked, TODAY)
        for asked in (Asked.PAIN, Asked.BREATH)
    ],
    "feedback_cards.question_card": lambda: [
        feedback_cards.question_card(words(), doubted(), asked, TODAY)
        for asked in (*AFTERWARDS, Asked.COMPLETED, Asked.RESERVE, Asked.PAIN_CONFIRMED)
    ],
    "cards.closed_card": lambda: [
        cards.closed_card(words(), practised(done), TODAY) for done in Completed
    ],
    "cards.why_card": lambda: [cards.why_card(words(), a_plan())],
    "review_card.review_card": lambda: [
        review_card.review_card(words(), review(asks)) for asks in (True, False)
    ],
    "tryout_cards.tryout_card": lambda: [
        tryout_cards.tryout_card(
            words(), Trying(next=None, begun=True, starts={}, names={}), card=1
        )
    ],
    "morning_card.morning_card": lambda: [morning_card.morning_card(words(), TODAY)],
    "morning_card.woken_card": lambda: [
        morning_card.woken_card(words(), TODAY, sense) for sense in Sense
    ],
    "away_cards.way_card": lambda: [
        away_cards.way_card(words(), one, SETS)
        for one in (absence(), replace(absence(), trip=None))
    ],
    "away_cards.away_card": lambda: [away_cards.away_card(words(), absence(), SETS)],
}


def plans() -> Iterator[Plan]:
    for number in range(30):
        yield plan("en", Life.SITTING, 20, number, 1.0, 8)


def every_card() -> Iterator[str]:
    """Whatever in bot/delivery makes a letter of its own."""
    for module in pkgutil.iter_modules(bot.delivery.__path__):
        found = importlib.import_module(f"bot.delivery.{module.name}")
        for name, function in inspect.getmembers(found, inspect.isfunction):
            here = function.__module__ == found.__name__ and not name.startswith("_")
            if here and "Letter" in str(function.__annotations__.get("return")):
                yield f"{module.name}.{name}"


def carries_worry(letter: Letter) -> bool:
    return any(isinstance(button.tap, Worry) for row in letter.rows for button in row)


def test_every_card_is_shown_here_or_has_a_reason_not_to_be() -> None:
    assert {*every_card()} == SHOWN.keys() | APART.keys()


@pytest.mark.parametrize("name", SHOWN)
def test_it_is_one_tap_away(name: str) -> None:
    letters: list[Any] = SHOWN[name]()
    assert letters
    assert all(letter and carries_worry(letter) for letter in letters)
