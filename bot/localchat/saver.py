"""Keeps a world in one JSON file, and the bytes of files beside it, across restarts.

Written a moment after a change and at the end, always whole: into a temporary
file that then takes the old one's place.
"""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

from bot.localchat.clock import Clock
from bot.localchat.refusals import Json
from bot.localchat.world import World

DELAY = 0.5  # seconds in which further changes join the same write
FORMAT = 1


class SavedUnreadable(Exception):
    """The file was not written by this localchat."""


class Saver:
    """Writes on change; `save_to` None keeps nothing."""

    def __init__(self, world: World, clock: Clock, save_to: Path | None) -> None:
        self._world = world
        self._clock = clock
        self._path = save_to
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """From here on changes are written; needs the running loop."""
        if self._path is not None:
            _make_room(self._path.parent)
            self._world.listeners.append(self._soon)

    def stop(self) -> None:
        if self._path is not None:
            self._world.listeners.remove(self._soon)
            self._save()

    def _soon(self, change: Json) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(DELAY, self._save)

    def _files(self, path: Path) -> Path:
        return path.with_suffix(".files")

    def _save(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._path is None:
            return
        kept = {
            "format": FORMAT,
            "shift_seconds": self._clock.shift.total_seconds(),
            "world": self._world.to_json(),
        }
        for file in self._world.files.values():
            place = self._files(self._path) / file.file_id
            if not place.exists():
                _write_whole(place, file.body)
        _write_whole(self._path, json.dumps(kept, ensure_ascii=False).encode())

    def restore(self) -> None:
        """Become what was kept, if something was."""
        path = self._path
        if path is None or not path.exists():
            return
        try:
            kept = json.loads(path.read_bytes())
            if kept["format"] != FORMAT:
                raise SavedUnreadable(f"{path} is of format {kept['format']}")
            files = self._files(path)
            self._world.restore(kept["world"], lambda file_id: (files / file_id).read_bytes())
            self._clock.shift = timedelta(seconds=kept["shift_seconds"])
        except (ValueError, KeyError, TypeError, AttributeError, OSError) as broken:
            raise SavedUnreadable(f"{path} cannot be read; move it away to start anew") from broken


def _make_room(folder: Path) -> None:
    """For the owner alone: what people told the bot stands in their chats too."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _write_whole(path: Path, body: bytes) -> None:
    _make_room(path.parent)
    new = path.with_name(path.name + ".new")
    new.touch(mode=0o600)
    new.write_bytes(body)
    new.replace(path)
