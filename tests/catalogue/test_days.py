"""A day as people type it."""

import datetime as dt

import pytest

from bot.catalogue.days import read_day

TODAY = dt.date(2026, 11, 24)  # a Tuesday


@pytest.mark.parametrize(
    ("text", "language", "meant"),
    [
        ("tomorrow", "en", "2026-11-25"),
        ("Tomorrow ", "en", "2026-11-25"),
        ("2026-12-01", "en", "2026-12-01"),
        ("1.12.", "de", "2026-12-01"),
        ("1.12.2027", "de", "2027-12-01"),
        ("01/12", "es", "2026-12-01"),
        ("1 Dec", "en", "2026-12-01"),
        ("Dec 1", "en", "2026-12-01"),
        ("1st December 2027", "en", "2027-12-01"),
        ("1. Dezember", "de", "2026-12-01"),
        ("1 de diciembre", "es", "2026-12-01"),
        ("3 Jan", "en", "2027-01-03"),  # the next one
        ("24.11.", "de", "2027-11-24"),  # today is no day to come
        ("29 Feb", "en", "2028-02-29"),
        ("Friday", "en", "2026-11-27"),
        ("Dienstag", "de", "2026-12-01"),
        ("Mär 3", "de", "2027-03-03"),
        ("31.11.", "de", None),
        ("29.2.2027", "de", None),
        ("soon", "en", None),
        ("", "en", None),
        ("12", "en", None),
        ("1 Dec 2 Dec", "en", None),
        ("in the year 1 December or so, perhaps", "en", None),
        ("1 Dec", "tlh", "2026-12-01"),  # a language that nobody has described
    ],
)
def test_the_day_that_is_meant(text: str, language: str, meant: str | None) -> None:
    read = read_day(text, language, "tomorrow", TODAY)
    assert (read and read.isoformat()) == meant
