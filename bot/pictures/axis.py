"""Days from left to right, the same for whatever is drawn over them."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.pictures import paper
from bot.pictures.inks import Inks


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """From one day up to another, in a width."""

    since: dt.date
    day: dt.date
    begin: float
    end: float

    @property
    def days(self) -> int:
        return (self.day - self.since).days + 1

    @property
    def step(self) -> float:
        """The width of a day."""
        return (self.end - self.begin) / self.days

    def across(self, day: dt.date) -> float:
        """The middle of a day; what lies before the axis stands at its beginning."""
        return self.begin + self.step * max(0, (day - self.since).days + 0.5)

    def marked(
        self, marks: Mapping[dt.date, str], top: float, bottom: float, inks: Inks, size: float
    ) -> Iterator[str]:
        """A line for each look back, with its name above where there is room."""
        free = self.end + 1
        dashes = f"{size / 4:g} {size / 4:g}"
        for day, name in sorted(marks.items(), reverse=True):  # the newest is named first
            if not self.since <= day <= self.day:
                continue
            x = self.across(day)
            line = f"M{x:.1f} {top:.1f}V{bottom:.1f}"
            yield paper.path(line, stroke=inks.faint, width=size / 14, dashes=dashes)
            width = paper.WIDE * size * len(name)
            right = min(x + width / 2, self.end)
            if name and right < free and right - width >= self.begin:
                yield paper.text(
                    right, top - size * 0.45, name, size=size, fill=inks.faint, anchor="end"
                )
                free = right - width - size / 2
