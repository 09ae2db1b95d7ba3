"""A card that comes once more, and the question after several silent days, as letters."""

import datetime as dt
from collections.abc import Iterable

from bot.catalogue.words import Words
from bot.delivery.letter import Button, Letter, Rows, in_rows
from bot.delivery.taps import BACK, Hinder, Later, Lighten
from bot.domain.profile import Profile
from bot.domain.rhythm import Hindrance, Snooze
from bot.practice.rhythm import smaller

SMALLER, TWO, NO = "smaller", "two", "no"


def later_rows(words: Words, session_id: int, offered: Iterable[Snooze]) -> Rows:
    """How much later, in place of a card's buttons."""
    choices = (
        Button(words.label(f"rhythm.later_{one}"), Later(session_id, one)) for one in offered
    )
    back = Button(words.label("rhythm.back"), Later(session_id, BACK))
    return (*in_rows(choices, 3), (back,))


def hindrance_card(words: Words) -> Letter:
    """One question after several silent days; whoever leaves it alone is not asked again soon."""
    choices = (Button(words.label(f"rhythm.hinder_{kind}"), Hinder(kind)) for kind in Hindrance)
    return Letter(words.say("rhythm.hindrance"), in_rows(choices, 2))


def shorter_card(words: Words, profile: Profile) -> Letter:
    """No time: less of it in one tap, or once."""
    rows: Rows = (
        (Button(words.label("rhythm.ease_two"), Lighten(TWO)),),
        (Button(words.label("rhythm.ease_no"), Lighten(NO)),),
    )
    longest = max(ritual.minutes or profile.minutes or 0 for ritual in profile.rituals)
    if (less := smaller(longest)) < longest:
        label = words.label("rhythm.ease_smaller", minutes=less)
        rows = ((Button(label, Lighten(SMALLER)),), *rows)
    return Letter(words.say("rhythm.no_time"), rows)


def eased_card(words: Words, profile: Profile, choice: str, day: dt.date | None) -> Letter:
    """What is so from now on."""
    if choice == SMALLER:
        longest = max(ritual.minutes or profile.minutes or 0 for ritual in profile.rituals)
        return Letter(words.say("rhythm.eased_smaller", minutes=longest))
    if choice == TWO and day is not None:
        return Letter(words.say("rhythm.eased_two", date=day))
    return Letter(words.say("rhythm.eased_no"))
