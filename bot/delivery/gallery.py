"""Pictures that are drawn: a folder of them, and who draws what is missing, in the background.

The law: nobody waits for a picture. Who asks for one that isn't there goes without, and finds it the next
time. Whatever goes wrong here is said once in the log, and fails nothing.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count
from pathlib import Path
from typing import Self

import structlog

from bot.delivery import painter
from bot.delivery.letter import Medium, Picture
from bot.delivery.painter import Answer

MANY_WAITING = 100  # pictures; two minutes
MOST_WAITING = 500  # pictures; some ten minutes of drawing
LONGEST = 60.0  # seconds for one; a clip takes three
IDLE = 60.0  # seconds without an order, after which a painter goes: it has some 130 MB
REST = 60.0  # seconds before it is tried again where the folder can't be written
PAUSES = (0.1, 1.0, 10.0, REST)  # before another painter, where one after the other dies
MOST_DEATHS = 2  # over one picture
SUFFIX: Mapping[Medium, str] = {Medium.PHOTO: "png", Medium.CLIP: "mp4"}
SECRETS = ("BACKBEAT_", "TELEGRAM_")  # beginnings of what a painter need not know

log = structlog.get_logger(__name__)


class Rank(IntEnum):
    """What is drawn first."""

    ASKED = 0  # somebody has just gone without it
    DAY = 1
    PHOTO = 2
    CLIP = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture, and its place in the line."""

    picture: Picture
    rank: Rank
    turn: int  # among those of a rank, the lowest first


class PainterDied(Exception):
    """It gave no answer."""


@dataclass(slots=True, kw_only=True)
class Gallery:
    """One folder, and its painters while `at_work` is open."""

    folder: Path
    most: int  # bytes of pictures
    painters: int = 1
    command: Sequence[str] = (sys.executable, "-m", "bot.delivery.painter")

    _waiting: dict[str, Wanted] = field(default_factory=dict)
    _turns: Iterator[int] = field(default_factory=count)
    _in_work: set[str] = field(default_factory=set)
    _deaths: dict[str, int] = field(default_factory=dict)  # of painters, by what they were drawing
    _never: set[str] = field(default_factory=set)  # recipes that can't be drawn
    _no_clips: bool = False  # nobody here can encode them
    _told: set[str] = field(default_factory=set)  # what stands in the log already
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def closed(cls) -> Self:
        """One without anything, in which nobody draws."""
        return cls(folder=Path(os.devnull), most=0, painters=0)

    def get(self, picture: Picture) -> bytes | None:
        """A picture that is there. Any other is drawn next, for whoever comes after."""
        file = self._file(picture)
        try:
            body = file.read_bytes()
            os.utime(file)
        except OSError:
            body = b""
        if not body:
            self._order(picture, at_once=True)
        return body or None

    def order(self, pictures: Iterable[Picture]) -> None:
        """Have these drawn ahead, those that aren't there, after what somebody asked for."""
        for picture in pictures:
            if not self._file(picture).exists():
                self._order(picture, at_once=False)

    @property
    def busy(self) -> bool:
        """Something is drawn, or waits to be."""
        return bool(self._waiting or self._in_work)

    @property
    def full(self) -> bool:
        """So much waits that nobody should order ahead."""
        return len(self._waiting) >= MANY_WAITING

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Painters draw what is ordered, and are gone at the end."""
        tasks = [asyncio.create_task(self._work()) for _ in range(self.painters)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _file(self, picture: Picture) -> Path:
        return self.folder / f"{picture.recipe}.{SUFFIX[picture.medium]}"

    def _order(self, picture: Picture, *, at_once: bool) -> None:
        recipe = picture.recipe
        hopeless = recipe in self._never or (picture.medium is Medium.CLIP and self._no_clips)
        if not self.painters or picture.drawing is None or hopeless or recipe in self._in_work:
            return
        if recipe in self._waiting and not at_once:
            return
        # Who was asked for last is the most likely to be asked for again.
        turn, rank = next(self._turns), _rank(picture)
        wanted = Wanted(picture, Rank.ASKED, -turn) if at_once else Wanted(picture, rank, turn)
        self._waiting[recipe] = wanted
        if len(self._waiting) > MOST_WAITING:
            del self._waiting[max(self._waiting.values(), key=_place).picture.recipe]
        self._wanted.set()

    async def _next(self) -> Picture:
        while not self._waiting:
            self._wanted.clear()
            await self._wanted.wait()
        picture = min(self._waiting.values(), key=_place).picture
        del self._waiting[picture.recipe]
        return picture

    async def _work(self) -> None:
        """One painter after the other, each for as long as there is something to draw."""
        died = 0
        while True:
            picture = await self._next()
            try:
                async with self._painter() as process:
                    while True:
                        await self._paint(process, picture)
                        died = 0
                        async with asyncio.timeout(IDLE):
                            picture = await self._next()
            except TimeoutError:
                continue
            except Exception as trouble:
                self._tell("a painter of pictures died", why=f"{type(trouble).__name__} {trouble}")
                self._mourn(picture)
                await asyncio.sleep(PAUSES[min(died, len(PAUSES) - 1)])
                died += 1

    async def _paint(self, process: asyncio.subprocess.Process, picture: Picture) -> None:
        self._in_work.add(picture.recipe)
        try:
            answer, _, why = (await self._ask(process, picture)).partition(": ")
        finally:
            self._in_work.discard(picture.recipe)
        match Answer(answer):
            case Answer.DRAWN:
                self._deaths.pop(picture.recipe, None)
            case Answer.CANT:
                self._no_clips = True
                self._tell("no clips are drawn: the extra `clips` is not installed")
            case Answer.SPOILT:
                self._never.add(picture.recipe)
                self._tell("a picture can't be drawn", why=why)
            case Answer.NO_ROOM:
                self._tell("pictures can't be kept", why=why)
                await asyncio.sleep(REST)

    async def _ask(self, process: asyncio.subprocess.Process, picture: Picture) -> str:
        """Have one drawn. Raises PainterDied."""
        assert process.stdin is not None
        assert process.stdout is not None
        assert picture.drawing is not None
        order = painter.encode((self._file(picture).name, picture.drawing.draw))
        try:
            async with asyncio.timeout(LONGEST):
                process.stdin.write(order)
                await process.stdin.drain()
                answer = await process.stdout.readline()
        except (TimeoutError, ConnectionError) as trouble:
            raise PainterDied(type(trouble).__name__) from trouble
        if not answer:
            raise PainterDied(f"code {await process.wait()}")
        return answer.decode().strip()

    @asynccontextmanager
    async def _painter(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """A process of its own, that knows no secret."""
        process = await asyncio.create_subprocess_exec(
            *(*self.command, str(self.folder), str(self.most)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: said for name, said in os.environ.items() if not name.startswith(SECRETS)},
        )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _mourn(self, picture: Picture) -> None:
        """Try it once more; what nobody survives is never tried again."""
        self._deaths[picture.recipe] = self._deaths.get(picture.recipe, 0) + 1
        if self._deaths[picture.recipe] >= MOST_DEATHS:
            self._never.add(picture.recipe)
        else:
            self._order(picture, at_once=False)

    def _tell(self, what: str, **more: str) -> None:
        """Once: a warning that comes with every picture is read by nobody."""
        if what not in self._told:
            self._told.add(what)
            log.warning(what, **more)


def _rank(picture: Picture) -> Rank:
    if picture.medium is Medium.CLIP:
        return Rank.CLIP
    return Rank.DAY if picture.own else Rank.PHOTO


def _place(wanted: Wanted) -> tuple[Rank, int]:
    return wanted.rank, wanted.turn
