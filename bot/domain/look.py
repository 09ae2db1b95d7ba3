"""How somebody wants the drawn figure to look: the ground it stands on, its skin, its build."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TypeVar

Kind = TypeVar("Kind")


class Theme(StrEnum):
    """The ground of a picture. A bot isn't told a chat's theme, so it is the person's to choose."""

    PAPER = "paper"
    NIGHT = "night"


class Tone(StrEnum):
    """Of the skin."""

    FAIR = "fair"
    TAN = "tan"
    BROWN = "brown"
    DEEP = "deep"


class Build(StrEnum):
    """Of the body."""

    SLIM = "slim"
    BROAD = "broad"


@dataclass(frozen=True, slots=True)
class Look:
    """One of all looks, as a figure is drawn."""

    theme: Theme = Theme.PAPER
    tone: Tone = Tone.TAN
    build: Build = Build.SLIM


@dataclass(frozen=True, slots=True)
class Taste:
    """What somebody chose; nothing chosen is mixed from exercise to exercise, the same for everybody."""

    theme: Theme = Theme.PAPER
    tone: Tone | None = None
    build: Build | None = None

    def look(self, exercise: str) -> Look:
        """For one exercise, by the name of its file."""
        return Look(
            self.theme,
            self.tone or _mixed(tuple(Tone), f"tone of {exercise}"),
            self.build or _mixed(tuple(Build), f"build of {exercise}"),
        )


def _mixed(kinds: Sequence[Kind], said: str) -> Kind:
    return kinds[sha256(said.encode()).digest()[0] % len(kinds)]
