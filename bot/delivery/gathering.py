"""What many write one by one, written together: a transaction takes longer than most of what is in it."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST = 100  # in one transaction (performance.md)
FEW = 8  # up to here nobody waits for company
LINGER = 0.05  # seconds that a writer waits for more while it is busy

Write = Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]


class Gathering(Generic[Item, Result]):
    """One writer at a time. What comes alone is written at once, what comes in a crowd in crowds."""

    def __init__(self, write: Write[Item, Result]) -> None:
        self._write = write
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._crowd = asyncio.Event()

    async def add(self, item: Item) -> Result:
        """Have it written; comes back once it is, with what came of it. Raises what the writing raised."""
        written: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, written))
        if len(self._waiting) >= MOST:
            self._crowd.set()
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._work_off())
        return await asyncio.shield(written)

    async def _work_off(self) -> None:
        last = 0
        while self._waiting:
            if last > FEW:
                await self._linger()
            batch = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
            last = len(batch)
            await self._write_down(batch)

    async def _linger(self) -> None:
        self._crowd.clear()
        if len(self._waiting) < MOST:
            try:
                async with asyncio.timeout(LINGER):
                    await self._crowd.wait()
            except TimeoutError:
                pass

    async def _write_down(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        """Together; where that fails, one by one, so that one stops nobody else's."""
        try:
            results = await self._write([item for item, _ in batch])
        except Exception as trouble:
            if len(batch) == 1:
                batch[0][1].set_exception(trouble)
                return
            for one in batch:
                await self._write_down([one])
            return
        for (_, written), result in zip(batch, results, strict=True):
            written.set_result(result)
