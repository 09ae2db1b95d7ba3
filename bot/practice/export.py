"""Everything that is kept of a person, as files of their own: one for programs, one for a spreadsheet.

The JSON is whole: every row of every table, as it is kept, with what the tables and the numbers mean. The CSV
has a line a session with the answers that count, and no text in it can be a formula.
"""

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable, Mapping

from bot.catalogue.words import Words
from bot.domain.session import Asked, Given, Session
from bot.practice import consent
from bot.storage.holdings import Rows

FORMAT = 1  # of the JSON: a greater one where a program that reads this one would stumble
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet reckon
Everything = Mapping[str, Rows]  # by table
Names = Mapping[str, str]  # of the ladders


def packed(
    kept: Everything, past: Iterable[Session], names: Names, words: Words, now: dt.datetime
) -> bytes:
    """Both in one file that a phone opens with a tap. Nothing of it touches a disk."""
    files = {
        "backbeat.json": as_json(kept, words, now),
        "sessions.csv": as_csv(past, names, words),
    }
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, now.timetuple()[:6])
            archive.writestr(member, content.encode(), zipfile.ZIP_DEFLATED)
    return body.getvalue()


def as_json(kept: Everything, words: Words, now: dt.datetime) -> str:
    """Whole, and explained."""
    whole = {
        "format": FORMAT,
        "made_at": now,
        "about": words.label("record.export_about"),
        "consent": _consent(kept, words),
        "questions": {asked.value: words.label(f"record.question_{asked}") for asked in Asked},
        "explained": {table: words.label(f"record.table_{table}") for table in kept},
        "tables": kept,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, default=_written)


def as_csv(past: Iterable[Session], names: Names, words: Words) -> str:
    """A line a session, with the answers that count."""
    every = [*past]
    asked = sorted({column for session in every for column in _told(session)}, key=_place)
    ladders = sorted({given.ladder for session in every for given in session.shown})
    sheet = io.StringIO(newline="")
    write = csv.writer(sheet).writerow
    write(
        [words.label(f"record.column_{head}") for head in ("day", "set", "place", "minutes")]
        + [_harmless(_head(column, names, words)) for column in asked]
        + [_harmless(names.get(ladder, ladder)) for ladder in ladders]
    )
    for session in every:
        told = _told(session)
        given = {one.ladder: _portion(one, words) for one in session.shown}
        write(
            [session.day, _harmless(session.set_id or ""), session.place.value, session.minutes]
            + [told.get(column, "") for column in asked]
            + [_harmless(given.get(ladder, "")) for ladder in ladders]
        )
    return f"\ufeff{sheet.getvalue()}"  # the mark by which spreadsheets know UTF-8


Column = tuple[
    str, Asked
]  # the ladder that a question is about, "" for the whole session, and the question


def _told(session: Session) -> dict[Column, int]:
    whole = {("", asked): value for asked, value in session.answers.items()}
    return whole | {
        (ladder, asked): value
        for ladder, answers in session.about.items()
        for asked, value in answers.items()
    }


def _place(column: Column) -> tuple[str, int]:
    """Of the whole first, in the order of asking."""
    ladder, asked = column
    return ladder, [*Asked].index(asked)


def _head(column: Column, names: Names, words: Words) -> str:
    ladder, asked = column
    head = words.label(f"record.question_{asked}")
    if not ladder:
        return head
    return words.label("record.of_ladder", question=head, ladder=names.get(ladder, ladder))


def _portion(given: Given, words: Words) -> str:
    return words.label(
        "record.portion",
        step=given.shown_step,
        percent=round(given.shown_dose * 100),
        grams=given.grams or 0,
    )


def _consent(kept: Everything, words: Words) -> Mapping[str, object]:
    """With the text itself, where it is still the same."""
    person = next(iter(kept["person"]))
    same = person["consented_to"] == consent.version(words)
    return {
        "at": person["consented_at"],
        "version": person["consented_to"],
        "text": consent.text(words) if same else None,
    }


def _harmless(text: str) -> str:
    """What would be reckoned with gets a mark in front, and stays text."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _written(value: object) -> str:
    """Days, times and instants, as the standard writes them."""
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    raise TypeError(value)
