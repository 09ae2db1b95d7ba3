"""Drawings to order: each does one thing, in whatever process it is drawn."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Draws:
    body: bytes

    def draw(self) -> bytes:
        return self.body


@dataclass(frozen=True, slots=True)
class Dawdles:
    """And tells who does."""

    told: Path

    def draw(self) -> bytes:
        self.told.write_text(str(os.getpid()), "utf-8")
        time.sleep(60)
        raise AssertionError


@dataclass(frozen=True, slots=True)
class Dies:
    """As one that ran out of memory."""

    def draw(self) -> bytes:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


@dataclass(frozen=True, slots=True)
class Fails:
    said: str

    def draw(self) -> bytes:
        raise ValueError(self.said)


class NoEncoder(Exception):
    """As the films' own, where their extra is not installed."""


@dataclass(frozen=True, slots=True)
class Films:
    def draw(self) -> bytes:
        raise NoEncoder
