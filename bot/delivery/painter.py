"""A process that draws: it takes orders at its door, one after the other, and puts pictures into the folder.

`python -m bot.delivery.painter FOLDER MOST_BYTES`; the gallery beside it starts it and ends it. Drawing keeps
Python's one lock for itself, so that a thread would stop the bot; and whatever happens here, happens to this
process alone. It ends when its door is closed, so that it never outlives the bot.

A picture gets its name only once it is whole and on the disk. An order is a length of four bytes and a
pickle; an answer is a line. Orders come from our own process, over a pipe that nobody else has.
"""

import os
import pickle
import signal
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

NICE = 10  # behind everything else that the machine does
BETWEEN_TIDYINGS = 20  # pictures
FORGOTTEN = 3600.0  # seconds after which nobody writes on half a picture any more
UNTIDY = ".part"


class Answer(StrEnum):
    """What became of an order."""

    DRAWN = "drawn"
    CANT = "can't"  # for want of something that isn't installed
    SPOILT = "spoilt"  # this one can't be drawn
    NO_ROOM = "no room"  # the folder can't be written


Order = tuple[str, Callable[[], bytes]]  # the file's name, and what draws it


def encode(order: Order) -> bytes:
    """An order, as it travels."""
    said = pickle.dumps(order)
    return len(said).to_bytes(4) + said


def read(door: BinaryIO) -> Order | None:
    """The next one; None once the door is closed."""
    length = door.read(4)
    if len(length) < 4:
        return None
    said = door.read(int.from_bytes(length))
    return pickle.loads(said)  # type: ignore[no-any-return]


def work(door: BinaryIO, answers: BinaryIO, folder: Path, most: int) -> None:
    """Until the door is closed."""
    done = 0
    while (order := read(door)) is not None:
        name, draw = order
        answers.write(f"{_paint(folder / name, draw)}\n".encode())
        answers.flush()
        if done % BETWEEN_TIDYINGS == 0:
            tidy(folder, most, time.time())
        done += 1


def _paint(file: Path, draw: Callable[[], bytes]) -> str:
    """What to answer, and why."""
    try:
        body = draw()
    except Exception as trouble:
        missing = (
            type(trouble).__name__ == "NoEncoder"
        )  # its module may not even be importable here
        return f"{Answer.CANT if missing else Answer.SPOILT}: {type(trouble).__name__}"
    try:
        _keep(file, body)
    except OSError as trouble:
        return f"{Answer.NO_ROOM}: {trouble.strerror}"
    return Answer.DRAWN


def _keep(file: Path, body: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = file.with_name(f"{file.name}.{os.getpid()}{UNTIDY}")
    try:
        with half.open("wb") as opened:
            opened.write(body)
            opened.flush()
            os.fsync(opened.fileno())
        half.replace(file)
    except OSError:
        half.unlink(missing_ok=True)
        raise


def tidy(folder: Path, most: int, now: float) -> None:
    """Take out what was used longest ago, where all of it is too large; and halves that nobody writes on."""
    found = [(file, file.stat()) for file in folder.glob("*.*")] if folder.is_dir() else []
    room = most
    for file, told in sorted(found, key=lambda one: one[1].st_mtime, reverse=True):
        half = file.suffix == UNTIDY
        room -= 0 if half else told.st_size
        if (half and now - told.st_mtime > FORGOTTEN) or (not half and room < 0):
            file.unlink(missing_ok=True)


def main(folder: str, most: str) -> None:
    """Behind everything else; Ctrl-C in a terminal is for the bot, which then closes the door."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICE)
    work(sys.stdin.buffer, sys.stdout.buffer, Path(folder), int(most))


if __name__ == "__main__":
    main(*sys.argv[1:])
