"""Pictures drawn in the background, by processes: nobody waits, and what goes wrong there fails nothing."""

import asyncio
import io
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.delivery import gallery as galleries
from bot.delivery import painter
from bot.delivery.gallery import Gallery
from bot.delivery.letter import Drawing, Medium, Picture
from tests.delivery.orders import Dawdles, Dies, Draws, Fails, Films

NOW = 1_800_000_000.0


def to_draw(name: str, drawing: Drawing | None = None, medium: Medium = Medium.PHOTO) -> Picture:
    return Picture(recipe=name, medium=medium, drawing=drawing or Draws(name.encode()))


@pytest.fixture
async def gallery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gallery]:
    """At work."""
    monkeypatch.setattr(galleries, "PAUSES", (0.01,))
    made = Gallery(folder=tmp_path / "pictures", most=1000)
    async with made.at_work():
        yield made


async def until(happens: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not happens():  # noqa: ASYNC110  # a folder tells nobody
            await asyncio.sleep(0.02)


async def test_what_is_not_there_is_drawn_meanwhile_and_there_the_next_time(
    gallery: Gallery,
) -> None:
    asked, ahead = to_draw("asked"), to_draw("ahead")
    gallery.order([ahead, ahead])
    assert gallery.get(asked) is None
    await until(lambda: not gallery.busy)
    assert (gallery.get(asked), gallery.get(ahead)) == (b"asked", b"ahead")
    assert not gallery.busy
    assert {path.name for path in gallery.folder.iterdir()} == {"asked.png", "ahead.png"}


async def test_half_a_picture_is_never_served_and_a_restart_finds_the_whole_ones(
    gallery: Gallery,
) -> None:
    gallery.folder.mkdir()
    (gallery.folder / "half.png.77.part").write_bytes(b"ha")
    (gallery.folder / "empty.png").touch()
    (gallery.folder / "whole.png").write_bytes(b"whole")
    assert gallery.get(to_draw("half")) is None
    assert gallery.get(to_draw("empty")) is None
    assert gallery.get(to_draw("whole")) == b"whole"


async def test_what_kills_its_painter_is_tried_twice_and_holds_up_nothing_else(
    gallery: Gallery,
) -> None:
    deadly = to_draw("deadly", Dies())
    with capture_logs() as log:
        for picture in (deadly, to_draw("one"), to_draw("two")):
            gallery.get(picture)
        await until(lambda: not gallery.busy and len([*gallery.folder.glob("*.png")]) == 2)
        await until(lambda: "deadly" in gallery._never)
    assert gallery.get(deadly) is None
    assert not gallery.busy
    assert [line["event"] for line in log] == ["a painter of pictures died"]


async def test_what_cannot_be_drawn_is_said_once_and_without_an_encoder_photos_go_on(
    gallery: Gallery,
) -> None:
    clips = [to_draw(name, Films(), Medium.CLIP) for name in ("a", "b")]
    with capture_logs() as log:
        gallery.order([to_draw("bad", Fails("x")), to_draw("worse", Fails("y")), *clips])
        gallery.order([to_draw("good")])
        await until(lambda: (gallery.folder / "good.png").exists() and not gallery.busy)
    events = [line["event"] for line in log]
    assert events == [
        "a picture can't be drawn",
        "no clips are drawn: the extra `clips` is not installed",
    ]
    assert gallery.get(clips[1]) is None
    assert not gallery.busy


async def test_a_folder_that_cannot_be_written_costs_the_pictures_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(galleries, "REST", 0.01)
    blocked = Gallery(folder=tmp_path / "file" / "pictures", most=1000)
    (tmp_path / "file").touch()
    with capture_logs() as log:
        async with blocked.at_work():
            for name in ("a", "b"):
                assert blocked.get(to_draw(name)) is None
            await until(lambda: not blocked.busy)
    assert [line["event"] for line in log] == ["pictures can't be kept"]


async def test_a_stop_ends_a_painter_in_the_middle_of_its_work(tmp_path: Path) -> None:
    gallery, told = Gallery(folder=tmp_path, most=1000), tmp_path / "pid"
    async with gallery.at_work():
        gallery.get(to_draw("slow", Dawdles(told)))
        await until(lambda: told.exists() and told.read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)
    assert gallery.get(to_draw("slow")) is None


def test_a_painter_never_outlives_the_bot(tmp_path: Path) -> None:
    """Its door is closed by whatever ends the bot."""
    command = [sys.executable, "-m", "bot.delivery.painter", str(tmp_path), "1000"]
    order = painter.encode(("a.png", Draws(b"a").draw))
    done = subprocess.run(command, input=order, capture_output=True, timeout=20, check=True)
    assert done.stdout == b"drawn\n"
    assert (tmp_path / "a.png").read_bytes() == b"a"


def test_an_order_reads_as_it_was_written_and_half_of_one_is_none() -> None:
    order = painter.encode(("a.png", Draws(b"a").draw))
    read = painter.read(io.BytesIO(order))
    assert read is not None
    assert (read[0], read[1]()) == ("a.png", b"a")
    assert painter.read(io.BytesIO(order[:3])) is None


def test_the_folder_stays_as_large_as_it_may_be_and_loses_what_was_used_longest_ago(
    tmp_path: Path,
) -> None:
    for age, name in enumerate(("new.png", "old.mp4", "older.png", "oldest.png")):
        (tmp_path / name).write_bytes(bytes(400))
        os.utime(tmp_path / name, (NOW - age, NOW - age))
    for idle, name in ((0.0, "now.png.7.part"), (2 * painter.FORGOTTEN, "dead.png.8.part")):
        (tmp_path / name).write_bytes(b"ha")
        os.utime(tmp_path / name, (NOW - idle, NOW - idle))
    painter.tidy(tmp_path, 1000, NOW)
    assert {path.name for path in tmp_path.iterdir()} == {"new.png", "old.mp4", "now.png.7.part"}
