"""A day as people type it, in their language: 30.11., 30/11/2026, 30 November, Nov 30, Monday, 2026-11-30."""

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names, get_month_names

ONE_DAY = dt.timedelta(days=1)
NUMBERS = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})(?:\s*[./-]\s*(\d{4})?)?")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
WORDS = re.compile(r"[^\W\d_]+")


def read_day(text: str, language: str, today: dt.date) -> dt.date | None:
    """The next one of that name or number, after today; None for what is none. 4.5. is in May."""
    text = text.strip().casefold()
    if iso := ISO.fullmatch(text):
        return _day(*map(int, iso.groups()))
    if numbers := NUMBERS.fullmatch(text):
        day, month, year = numbers.groups()
        return _of_year(int(day), int(month), year, today) or _of_year(
            int(month), int(day), year, today
        )
    return _named(text, language, today)


def _named(text: str, language: str, today: dt.date) -> dt.date | None:
    weekdays, months = _names(language)
    words, numbers = WORDS.findall(text), re.findall(r"\d+", text)
    if not numbers:
        found = next((weekdays[word] for word in words if word in weekdays), None)
        return None if found is None else _next_weekday(found, today)
    month = next((months[word] for word in words if word in months), None)
    if month is None or len(numbers[0]) > 2:
        return None
    year = numbers[1] if len(numbers) > 1 else None
    return _of_year(int(numbers[0]), month, year, today)


def _next_weekday(weekday: int, today: dt.date) -> dt.date:
    return today + ONE_DAY * ((weekday - today.weekday() - 1) % 7 + 1)


def _of_year(day: int, month: int, year: str | None, today: dt.date) -> dt.date | None:
    """Without a year, the next one that comes."""
    if year:
        return _day(int(year), month, day)
    years = (today.year, today.year + 1)
    return next((d for d in filter(None, (_day(y, month, day) for y in years)) if d > today), None)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


@cache
def _names(language: str) -> tuple[dict[str, int], dict[str, int]]:
    """Weekdays, 0 for Monday, and months, each by its name and its short form."""
    try:
        locale = Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        locale = Locale.parse("en")
    return (
        dict(_spelled(get_day_names, locale)),
        dict(_spelled(get_month_names, locale)),
    )


def _spelled(names: object, locale: Locale) -> Iterator[tuple[str, int]]:
    assert callable(names)
    for width in ("wide", "abbreviated"):
        for number, name in names(width, "format", locale).items():
            yield str(name).casefold().rstrip("."), number
