"""Which text somebody agreed to: told by a mark of its own words, so that nobody has to remember to count.

The text is what they read, in their language, and its mark changes with any word of it. Why nobody is asked
again when it does: docs/decisions.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass

from bot.catalogue.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """When, and to which text."""

    at: dt.datetime
    version: str | None  # None from before it was kept


def text(words: Words) -> str:
    """What is agreed to."""
    return words.say("enrol.consent")


def version(words: Words) -> str:
    """Its language and its mark: "en-1c9f0a3b"."""
    return f"{words.language}-{hashlib.sha256(text(words).encode()).hexdigest()[:8]}"
