"""The benches measure what they say, at the smallest size; what comes out of it is nobody's promise here."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.bench import drain, due, rows, tap
from bot.bench.figures import Bench, Figure, Request, machine, percentile, show
from bot.bench.run import BENCHES, BenchUnknown, run
from bot.bench.stand import SQLITE, Store
from bot.settings import CONTENT
from tests import builders
from tests.chat.conftest import unsaid

SMALL = Request(content=CONTENT, people=60, quick=True)


def figure(ours: float = 3, at_least: float | None = None, at_most: float | None = None) -> Figure:
    return Figure(
        name="a tick",
        unit="us",
        ours=ours,
        peer="another",
        theirs=2,
        at_least=at_least,
        at_most=at_most,
    )


@pytest.mark.parametrize(
    ("seen", "aim", "kept"),
    [
        (figure(), "", None),
        (figure(at_least=1.5), "≥ 1.5", True),
        (figure(at_least=1.6), "≥ 1.6", False),
        (figure(at_most=1.5), "≤ 1.5", True),
        (figure(at_most=1.4), "≤ 1.4", False),
    ],
)
def test_a_figure_says_whether_its_aim_is_kept(seen: Figure, aim: str, kept: bool | None) -> None:
    assert seen.ratio == 1.5
    assert (seen.aim, seen.kept) == (aim, kept)


def test_figures_are_shown_to_people_and_to_programs(capsys: pytest.CaptureFixture[str]) -> None:
    show([figure(at_most=1)], as_json=False)
    head, _, line = capsys.readouterr().out.splitlines()
    assert head.strip() == machine()
    assert line.split() == ["a", "tick", "3", "us", "2", "1.5", "≤", "1", "missed", "another"]
    show([figure(at_most=1)], as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["machine"] == machine()
    assert [(one["ratio"], one["kept"]) for one in told["figures"]] == [(1.5, False)]


def test_a_percentile_is_a_value_that_was_seen() -> None:
    assert percentile([5, 1, 4, 2, 3], 0.5) == 3
    assert percentile([1, 2, 3], 0.99) == 3


def test_a_bench_that_is_none_is_refused() -> None:
    with pytest.raises(BenchUnknown, match="expected one of content, drawing, send"):
        run(SMALL, ["everything"])
    assert BENCHES


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite, over the builders' desk."""

    @asynccontextmanager
    async def only_sqlite(_: Request) -> AsyncIterator[tuple[Store, ...]]:
        yield (Store(SQLITE),)

    for bench in (due, rows, drain, tap):
        monkeypatch.setattr(bench, "stores", only_sqlite)
    for place in ("bot.bench.crowd", "bot.assembly"):
        monkeypatch.setattr(f"{place}.build_desk", lambda _settings, db: builders.desk(db))
    monkeypatch.setattr("bot.chat.application._describe", unsaid)
    monkeypatch.setattr(tap, "PAUSE", 0)


@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize(
    ("bench", "names"),
    [
        (
            due.measure,
            ["a tick", *2 * ["find a letter", "begin a letter"], "delivered", "start"],
        ),
        (rows.measure, ["claim one", "claim one", "mark one", "mark one"]),
        (drain.measure, ["5 letters", "processor time", "rate"]),
        (tap.measure, ["quiet, half", "quiet, 99 %", "leave, half", "leave, 99 %"]),
    ],
    ids=["due", "rows", "drain", "tap"],
)
async def test_a_bench_measures_ours_and_what_stands_beside_it(
    bench: Bench, names: list[str]
) -> None:
    figures = [one async for one in bench(SMALL)]
    for one, name in zip(figures, names, strict=True):
        assert name in one.name
        assert one.ours > 0
        assert one.theirs > 0
