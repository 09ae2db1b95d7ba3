"""What is kept of somebody, told on a card, and handed over as a file."""

import datetime as dt

from bot.catalogue.words import Words
from bot.delivery.letter import Button, Letter, Parcel, Rows
from bot.delivery.taps import Mine, Wish
from bot.practice import consent
from bot.practice.consent import Agreed


def privacy_card(words: Words, agreed: Agreed | None, *, known: bool) -> Letter:
    """What is kept, and what can be done about it; before somebody agreed, the way back to the question."""
    version = agreed.version if agreed else None
    text = words.say(
        "record.privacy",
        agreed=agreed.at.date() if agreed else "",
        version=version or "",
        current=version == consent.version(words),
    )
    return Letter(text, _wishes(words, agreed) if known else ())


def _wishes(words: Words, agreed: Agreed | None) -> Rows:
    if agreed is None:
        return ((Button(words.label("record.back"), Mine(Wish.BACK)),),)
    report = Button(words.label("record.report_button"), Mine(Wish.REPORT))
    export = Button(words.label("record.export_button"), Mine(Wish.EXPORT))
    forget = Button(words.label("record.forget_button"), Mine(Wish.FORGET), style="danger")
    return ((export, report), (forget,))


def export_parcel(words: Words, body: bytes, day: dt.date) -> Parcel:
    """All of it."""
    caption = words.say("record.export_caption")
    return Parcel(caption=caption, name=f"backbeat-{day.isoformat()}.zip", body=body)


def report_parcel(words: Words, page: bytes, day: dt.date) -> Parcel:
    """The summary, as a page of paper."""
    caption = words.say("record.report_caption")
    return Parcel(caption=caption, name=f"backbeat-report-{day.isoformat()}.pdf", body=page)
