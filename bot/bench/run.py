"""Every bench by its name, and running those that are wanted, on the loop that the bot runs on."""

import asyncio
from collections.abc import Mapping, Sequence

from bot.bench import content, drain, drawing, due, rows, send, tap
from bot.bench.figures import Bench, Figure, Request
from bot.cli_ground import fastest_loop

BENCHES: Mapping[str, Bench] = {
    "content": content.measure,
    "drawing": drawing.measure,
    "send": send.measure,
    "drain": drain.measure,
    "due": due.measure,
    "rows": rows.measure,
    "tap": tap.measure,
}


class BenchUnknown(Exception):
    """There is none of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"--only: expected one of {', '.join(BENCHES)}, found {name!r}")


def run(request: Request, only: Sequence[str]) -> Sequence[Figure]:
    """The figures of those that are named, or of all. Raises BenchUnknown, ContentFaulty."""
    for name in only:
        if name not in BENCHES:
            raise BenchUnknown(name)
    wanted = [bench for name, bench in BENCHES.items() if name in only or not only]

    async def measured() -> list[Figure]:
        figures = []
        for bench in wanted:
            async for figure in bench(request):
                request.progress(f"  {figure.line()}")
                figures.append(figure)
        return figures

    with asyncio.Runner(loop_factory=fastest_loop()) as runner:
        return runner.run(measured())
