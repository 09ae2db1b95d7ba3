"""What a check found: in order, a warning, or a fault, and then what to do about it in one sentence."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How it stands."""

    OK = "ok"
    WARNING = "warning"  # it works, and should be looked at
    FAULT = "fault"  # it doesn't, or soon won't


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of what `backbeat doctor` tells."""

    about: str
    level: Level
    found: str
    remedy: str = ""

    def record(self) -> dict[str, str]:
        told = {"about": self.about, "level": str(self.level), "found": self.found}
        return told | ({"remedy": self.remedy} if self.remedy else {})


def ok(about: str, found: str) -> Finding:
    return Finding(about=about, level=Level.OK, found=found)


def warning(about: str, found: str, remedy: str) -> Finding:
    return Finding(about=about, level=Level.WARNING, found=found, remedy=remedy)


def fault(about: str, found: str, remedy: str) -> Finding:
    return Finding(about=about, level=Level.FAULT, found=found, remedy=remedy)
