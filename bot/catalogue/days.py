"""A day as people type it, in their language: 2026-12-01, 1.12., 1/12, 1 Dec, December 1st, Monday, tomorrow.

A day without a year is the next of its kind.
"""

import datetime as dt
import re
from collections.abc import Iterator

from babel import Locale, UnknownLocaleError

ONE_DAY = dt.timedelta(days=1)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})(?:\s*[./-]\s*(\d{4}))?\.?")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.|º)?", re.IGNORECASE)
_LEAP = 8  # years: the longest way to a 29 February


def read_day(text: str, language: str, tomorrow: str, today: dt.date) -> dt.date | None:
    """The day that is meant; None where it can't be told. `tomorrow` is their word for it."""
    said = text.strip().casefold()
    if said == tomorrow.casefold():
        return today + ONE_DAY
    if read := _ISO.fullmatch(said):
        return _date(*map(int, read.groups()))
    if read := _NUMBERS.fullmatch(said):
        day, month = int(read[1]), int(read[2])  # the day first, as Words writes dates
        return _date(int(read[3]), month, day) if read[3] else _next(month, day, today)
    return _worded(said, _locale(language), today)


def _worded(said: str, locale: Locale, today: dt.date) -> dt.date | None:
    """A weekday, or a day with the name of its month, whichever comes first."""
    words = [word.strip(".,") for word in said.split()]
    weekdays = _names(locale.days)
    if len(words) == 1 and words[0] in weekdays:
        ahead = (weekdays[words[0]] - today.weekday() - 1) % 7 + 1
        return today + ahead * ONE_DAY
    months = _names(locale.months)
    named = [months[word] for word in words if word in months]
    numbers = [int(read[1]) for word in words if (read := _ORDINAL.fullmatch(word))]
    years = [int(word) for word in words if re.fullmatch(r"\d{4}", word)]
    if len(named) != 1 or len(numbers) != 1 or len(words) > 5:
        return None
    [month], [day] = named, numbers
    return _date(years[0], month, day) if years else _next(month, day, today)


def _names(kinds: object) -> dict[str, int]:
    """Every way that the language writes them, in short or in full."""
    forms: Iterator[tuple[int, str]] = (
        (number, name)
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in kinds[context][width].items()  # type: ignore[index]  # Babel's own
    )
    return {name.casefold().strip("."): number for number, name in forms}


def _next(month: int, day: int, today: dt.date) -> dt.date | None:
    found = (_date(year, month, day) for year in range(today.year, today.year + _LEAP + 1))
    return next((one for one in found if one and one > today), None)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="_")
    except (ValueError, UnknownLocaleError):
        return Locale.parse("en")
