"""A comparison as rows of text and as plain data. Rendering is the command line's."""

from dataclasses import asdict
from typing import Any

from bot.patients.arms import ARMS
from bot.patients.outcomes import OUTCOMES, Figure
from bot.patients.run import Table
from bot.patients.scenarios import SCENARIOS
from bot.patients.sweep import COMPARED, Contrast, Spread, Sweep

CAVEAT = "Simulated people are no evidence that anything helps a back."

_DECIMALS = {"gain": 1, "flares": 1, "unsafe": 2, "unsafe_felt": 2, "end_step": 1, "pain": 2}
_REGRET_TITLES = {"gain": "gain against oracle", "flares": "flare days against oracle"}


def heading(table: Table) -> str:
    """What was run, in one line."""
    trial = table.trial
    ladders = "one ladder" if trial.ladders == 1 else f"{trial.ladders} ladders"
    start = "with a placement try-out" if trial.placement else "everyone from step 1"
    return (
        f"{trial.people} people, {trial.days} days, {SCENARIOS[trial.scenario].title}, {ladders}, "
        f"{start}, seed {trial.seed}, policy {table.policy}"
    )


def header() -> list[str]:
    """The columns of `text_rows`."""
    return ["", *(outcome.title for outcome in OUTCOMES.values()), *_REGRET_TITLES.values()]


def text_rows(table: Table, *, intervals: bool = True) -> list[list[str]]:
    """An arm in each row, an outcome in each column, with 95 % intervals over people."""
    return [
        [ARMS[arm].title, *(_text(name, figure, intervals) for name, figure in row.items())]
        for arm, row in table.rows.items()
    ]


def as_data(table: Table) -> dict[str, Any]:
    """For JSON."""
    scenario = SCENARIOS[table.trial.scenario]
    return {
        "caveat": CAVEAT,
        "people": table.trial.people,
        "days": table.trial.days,
        "seed": table.trial.seed,
        "ladders": table.trial.ladders,
        "placement": table.trial.placement,
        "scenario": {"name": table.trial.scenario, "breaks": scenario.breaks},
        "policy": table.policy,
        "arms": {
            arm: {name: asdict(figure) for name, figure in row.items()}
            for arm, row in table.rows.items()
        },
    }


def levels_header() -> list[str]:
    """The columns of `levels_rows`."""
    return ["", *(OUTCOMES[name].title for name in COMPARED), "% of the oracle's gain"]


def levels_rows(swept: Sweep) -> list[list[str]]:
    """An arm in each row: the median over the draws, and between what 90 % of them lie."""
    return [
        [
            ARMS[arm].title,
            *(_spread_text(levels[name], _DECIMALS[name]) for name in COMPARED),
            _spread_text(swept.of_oracle.get(arm), 0, 100),
        ]
        for arm, levels in swept.levels.items()
    ]


def sweep_header() -> list[str]:
    """The columns of `sweep_rows`."""
    columns = [f"{OUTCOMES[name].title}: less ours, reversed" for name in COMPARED]
    return ["", *columns, "as good as ours in both"]


def sweep_rows(swept: Sweep) -> list[list[str]]:
    """A rival in each row: the base difference, its range over draws, how often it turns."""
    return [
        [
            ARMS[arm].title,
            *(_contrast_text(contrasts[name]) for name in COMPARED),
            f"{swept.beaten[arm]:.0%}",
        ]
        for arm, contrasts in swept.contrasts.items()
    ]


def sweep_as_data(swept: Sweep) -> dict[str, Any]:
    """For JSON."""
    return {
        "caveat": CAVEAT,
        "people": swept.trial.people,
        "days": swept.trial.days,
        "seed": swept.trial.seed,
        "draws": swept.draws,
        "scenario": swept.trial.scenario,
        "policy": swept.policy,
        "arms": {
            arm: {name: asdict(spread) for name, spread in levels.items()}
            for arm, levels in swept.levels.items()
        },
        "of_oracle": {arm: asdict(spread) for arm, spread in swept.of_oracle.items()},
        "against_ours": {
            arm: {
                **{name: asdict(contrast) for name, contrast in contrasts.items()},
                "as_good_in_both": swept.beaten[arm],
            }
            for arm, contrasts in swept.contrasts.items()
        },
    }


def _text(name: str, figure: Figure, intervals: bool) -> str:
    places = _DECIMALS.get(name.removesuffix("_regret"), 1)
    value = f"{figure.value:.{places}f}"
    return f"{value} ({figure.low:.{places}f}, {figure.high:.{places}f})" if intervals else value


def _contrast_text(contrast: Contrast) -> str:
    drawn = contrast.drawn
    return f"{contrast.base:+.2f} ({drawn.low:+.2f}, {drawn.high:+.2f}), {contrast.reversed:.0%}"


def _spread_text(spread: Spread | None, places: int, times: int = 1) -> str:
    if spread is None:
        return ""
    median, low, high = (
        f"{v * times:.{places}f}" for v in (spread.median, spread.low, spread.high)
    )
    return f"{median} ({low}, {high})"
