"""What pictures of exercises are drawn from, each with how it is drawn.

What draws is imported by whoever draws, a process in the background: it takes long, and the bot needs none of
it. That process knows nothing but the domain, so that it is there quickly and takes little room.
"""

from dataclasses import dataclass

from bot.domain.dose import Dose
from bot.domain.figure import Figure
from bot.domain.look import Look, Theme


@dataclass(frozen=True, slots=True)
class Shown:
    """An exercise with its words."""

    figure: Figure
    look: Look
    name: str
    dose: str

    def draw(self) -> bytes:
        from bot.pictures.poster import poster

        return poster(self.figure, self.look, self.name, self.dose)


@dataclass(frozen=True, slots=True)
class Film:
    """An exercise as it moves."""

    figure: Figure
    look: Look
    dose: Dose

    def draw(self) -> bytes:
        from bot.pictures.clip import clip

        return clip(self.figure, self.look, self.dose)


@dataclass(frozen=True, slots=True)
class DayCard:
    """All exercises of a day."""

    shown: tuple[Shown, ...]
    theme: Theme
    title: str

    def draw(self) -> bytes:
        from bot.pictures import card

        shown = [card.Shown(one.figure, one.look, one.name, one.dose) for one in self.shown]
        return card.day_card(shown, self.theme, self.title)
