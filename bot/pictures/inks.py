"""The tones of a chart, by its ground. Nothing is told by a tone alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.look import Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Inks:
    """A tone for each thing."""

    ground: str
    ink: str
    faint: str  # words beside
    line: str
    teal: str  # what was told or done
    soft_teal: str
    pale_teal: str
    warm: str  # the second of two


PAPER = Inks(
    ground="#F3EFE7",
    ink="#26323B",
    faint="#5C666E",
    line="#CFC6B5",
    teal="#2F7377",
    soft_teal="#6FA09C",
    pale_teal="#C9D7D1",
    warm="#B8481A",
)
NIGHT = Inks(
    ground="#17212B",
    ink="#E9EEF2",
    faint="#9FB0BE",
    line="#3A4A59",
    teal="#63B8B2",
    soft_teal="#4A9590",
    pale_teal="#2C4850",
    warm="#FF8F5C",
)
PRINT = replace(PAPER, ground="#FFFFFF", line="#D5D0C6")  # a printer has its own paper

INKS: Mapping[Theme, Inks] = {Theme.PAPER: PAPER, Theme.NIGHT: NIGHT}
