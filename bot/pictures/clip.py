"""An exercise as a silent film without words: the prescribed tempo, going round without a jump.

Each pose is drawn once: the way back shows the pictures of the way out, and while somebody holds still only
the bar below goes on. Colours are those of BT.709 in limited range, said so in the file.
"""

import io
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.domain.dose import Dose
from bot.domain.figure import Figure
from bot.domain.look import Look
from bot.pictures import paper
from bot.pictures.camera import Camera
from bot.pictures.palette import Palette
from bot.pictures.scene import Scene, size_of
from bot.pictures.skeleton import Skeleton
from bot.pictures.tempo import Stretch, seconds_of, stretches

RATE = 25  # frames a second while something moves
STILL_RATE = 4  # and while nothing does but the bar
STEP = 2.5  # dots that no joint moves more than, from one picture of a movement to the next
FEWEST, MOST = 5, 28  # pictures of one movement
BUDGET = 32  # pictures of a clip: a core draws as many in two seconds
QUALITY = "24"  # of x264: lower is better and larger
BAR, BAR_ABOVE, BAR_GAP = 6, 22, 5  # dots: height, above the lower edge, between phases
BAR_FROM, BAR_TO = 0.30, 0.70  # of the width
ROOM = (28, 20, 28, 44)  # left, top, right and below

Pixels = NDArray[np.uint8]


class NoEncoder(Exception):
    """The extra `clips` is not installed: pictures are still there, films aren't."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One frame: when it is shown, in frames of RATE, and what is in it."""

    at: int
    start: str
    end: str
    step: int  # of the movement's pictures, from start to end
    passed: float  # of the whole, 0 to 1


class Film:
    """The frames of a clip, before they are encoded."""

    def __init__(self, figure: Figure, look: Look, dose: Dose) -> None:
        self._scene = Scene(figure, look)
        self._timed = stretches(figure, dose)
        self._walks = figure.props.ground is not None
        self.size = size_of(figure.frame)
        left, top, right, below = ROOM
        box = (left, top, self.size[0] - right, self.size[1] - below)
        self._camera: Camera = self._scene.camera(self._scene.moments(), box)
        self._counts = self._counted()
        self._drawn: dict[object, Pixels] = {}

    def shots(self) -> list[Shot]:
        """Every frame: where the picture changes, and where only the bar has gone on a little."""
        whole, begun, shots = seconds_of(self._timed), 0.0, list[Shot]()
        for stretch in self._timed:
            first, last = round(begun * RATE), round((begun + stretch.seconds) * RATE)
            steps = self._steps(stretch.start, stretch.end)
            for at in range(first, last):
                share = (at - first) / (last - first)
                moved = share if self._scene.figure.even else _softly(share)
                step = 0 if stretch.start == stretch.end else round(moved * steps)
                due = at == first or at - shots[-1].at >= RATE // STILL_RATE
                if due or step != shots[-1].step or (self._walks and at % 2 == 0):
                    shots.append(Shot(at, stretch.start, stretch.end, step, at / RATE / whole))
            begun += stretch.seconds
        return shots

    def frames(self) -> Iterator[tuple[int, Pixels]]:
        """When each is shown, and its dots."""
        for shot in self.shots():
            frame = self._picture(shot).copy()
            _paint_bar(frame, self._timed, shot.passed, self._scene.palette)
            yield shot.at, frame

    def _counted(self) -> dict[frozenset[str], int]:
        """How many pictures each movement needs to look like one; fewer where there are many movements."""
        moves = {frozenset((one.start, one.end)) for one in self._timed if one.start != one.end}
        wanted = {move: min(max(FEWEST, self._farthest(move) / STEP), MOST) for move in moves}
        fit = min(1, BUDGET / sum(wanted.values()))
        return {move: max(FEWEST, round(count * fit)) for move, count in wanted.items()}

    def _farthest(self, move: frozenset[str]) -> float:
        """Dots that a joint moves."""
        one, other = (self._scene.mannequin.at(pose) for pose in move)
        return max(
            float(np.linalg.norm(self._camera(point) - self._camera(other[name])))
            for name, point in one.points.items()
        )

    def _steps(self, start: str, end: str) -> int:
        return self._counts.get(frozenset((start, end)), 1)

    def _picture(self, shot: Shot) -> Pixels:
        key = self._key(shot)
        if key not in self._drawn:
            share = 0.0
            if shot.start != shot.end:
                share = shot.step / self._steps(shot.start, shot.end)
            skeleton = self._scene.mannequin.between(shot.start, shot.end, share)
            self._drawn[key] = self._raster(skeleton, shot.passed)
        return self._drawn[key]

    def _key(self, shot: Shot) -> object:
        """The same for the same picture."""
        if self._walks:
            return shot.at  # the ground is never where it was
        if shot.start == shot.end or shot.step == 0:
            return shot.start
        steps = self._steps(shot.start, shot.end)
        if shot.step == steps:
            return shot.end
        if shot.start <= shot.end:
            return shot.start, shot.end, shot.step
        return shot.end, shot.start, steps - shot.step

    def _raster(self, skeleton: Skeleton, phase: float) -> Pixels:
        width, height = self.size
        parts = [
            self._scene.floor(self._camera, width, height),
            self._scene.svg(skeleton, self._camera, phase=phase),
        ]
        return _pixels(
            paper.png(paper.sheet(width, height, parts, ground=self._scene.palette.ground))
        )


def clip(figure: Figure, look: Look, dose: Dose) -> bytes:
    """The film as MP4. Raises NoEncoder."""
    film = Film(figure, look, dose)
    return encoded(film.frames(), film.size)


def encoded(frames: Iterator[tuple[int, Pixels]], size: tuple[int, int]) -> bytes:
    """Frames as H.264 in MP4 that starts to play before all of it is there."""
    av = _av()
    handle, name = tempfile.mkstemp(
        suffix=".mp4"
    )  # "faststart" opens the file once more, by its name
    os.close(handle)
    try:
        with av.open(name, "w", format="mp4", options={"movflags": "+faststart"}) as file:
            stream = file.add_stream("libx264", rate=RATE)
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            stream.options = _manner()
            stream.codec_context.gop_size = 10 * RATE
            stream.codec_context.time_base = Fraction(1, RATE)
            for at, pixels in frames:
                file.mux(stream.encode(_frame(av, pixels, at)))
            file.mux(stream.encode())
        return Path(name).read_bytes()
    finally:
        Path(name).unlink()


def _manner() -> dict[str, str]:
    """One thread: the same bytes on every run of one machine."""
    return {
        "crf": QUALITY,
        "preset": "fast",
        "tune": "animation",
        "profile": "high",
        "x264-params": "colorprim=bt709:transfer=bt709:colormatrix=bt709:fullrange=off:threads=1",
    }


def _frame(av: Any, pixels: Pixels, at: int) -> Any:
    from av.video.reformatter import ColorRange, Colorspace

    frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(
        format="yuv420p",
        src_colorspace=Colorspace.ITU709,
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
    )
    frame.pts, frame.time_base = at, Fraction(1, RATE)
    return frame


def decoded(film: bytes) -> list[tuple[int, Pixels]]:
    """The frames of a clip, as `Film.frames` gives them; a little off, as the encoder leaves away."""
    av = _av()
    from av.video.reformatter import Colorspace

    with av.open(io.BytesIO(film)) as file:
        base = file.streams.video[0].time_base
        return [
            (
                round(frame.pts * base * RATE),
                frame.reformat(format="rgb24", src_colorspace=Colorspace.ITU709).to_ndarray(),
            )
            for frame in file.decode(video=0)
        ]


def _pixels(png: bytes) -> Pixels:
    """The dots of a PNG; the encoder's library reads it, too."""
    av = _av()
    (frame,) = av.CodecContext.create("png", "r").decode(av.Packet(png))
    dots: Pixels = frame.to_ndarray(format="rgb24")
    return dots


def _av() -> Any:
    """PyAV, which is an extra."""
    try:
        import av
    except ImportError as missing:
        raise NoEncoder from missing
    return av


def _softly(share: float) -> float:
    """Beginning and ending without a jerk (the smootherstep of fifth degree)."""
    return share**3 * (share * (share * 6 - 15) + 10)


def _paint_bar(frame: Pixels, timed: Sequence[Stretch], passed: float, palette: Palette) -> None:
    """A line of the phases, filled as far as the time has come; a phase of staying has another tone."""
    height, width = frame.shape[:2]
    left, right, y = width * BAR_FROM, width * BAR_TO, height - BAR_ABOVE
    whole, begun = seconds_of(timed), 0.0
    for one in timed:
        start = left + (right - left) * begun / whole + BAR_GAP / 2
        begun += one.seconds
        end = left + (right - left) * begun / whole - BAR_GAP / 2
        now = min(max(left + (right - left) * passed, start), end)
        tone = palette.shirt if one.start == one.end else palette.effort
        _fill(frame, start, end, y, palette.edge)
        _fill(frame, start, now, y, tone)


def _fill(frame: Pixels, start: float, end: float, y: int, tone: str) -> None:
    """A piece of the bar; where it ends within a dot, that dot is mixed."""
    if end <= start:
        return
    columns = np.arange(frame.shape[1])
    covered = np.clip(np.minimum(columns + 1, end) - np.maximum(columns, start), 0, 1)[
        None, :, None
    ]
    colour = np.array([int(tone[i : i + 2], 16) for i in (1, 3, 5)])
    rows = frame[y : y + BAR]
    frame[y : y + BAR] = (rows * (1 - covered) + colour * covered + 0.5).astype(np.uint8)
