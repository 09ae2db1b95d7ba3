"""A day as people type it."""

import datetime as dt

import pytest

from bot.catalogue.days import read_day

SUNDAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("30.11.", "en", (2026, 11, 30)),
        ("30.11", "de", (2026, 11, 30)),
        ("30/11/2026", "es", (2026, 11, 30)),
        ("11/30", "en", (2026, 11, 30)),  # the month first, where it can't be else
        ("5.12.", "en", (2026, 12, 5)),
        ("3.1.", "en", (2027, 1, 3)),  # next year
        ("2026-12-24", "en", (2026, 12, 24)),
        ("30 November", "en", (2026, 11, 30)),
        ("Nov 30", "en", (2026, 11, 30)),
        ("on Monday", "en", (2026, 11, 23)),
        ("sunday", "en", (2026, 11, 29)),  # not today
        ("30. Dezember", "de", (2026, 12, 30)),
        ("Freitag", "de", (2026, 11, 27)),
        ("el 30 de noviembre", "es", (2026, 11, 30)),
        ("el lunes", "es", (2026, 11, 23)),
        ("friday", "tlh", (2026, 11, 27)),
    ],
)
def test_what_is_a_day(text: str, language: str, day: tuple[int, int, int]) -> None:
    assert read_day(text, language, SUNDAY) == dt.date(*day)


@pytest.mark.parametrize(
    "text", ["", "soon", "31.2.", "45.11.", "30", "2026", "99/99", "0.0.", "2026-13-01", "¿?"]
)
def test_what_is_none(text: str) -> None:
    assert read_day(text, "en", SUNDAY) is None
