"""Run a comparison: the same people and the same days under every arm. Same seed, same table."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from multiprocessing import get_context

from bot.domain.policy import Policy
from bot.patients.arms import ARMS, ORACLE
from bot.patients.cohort import Cohort, Log
from bot.patients.outcomes import Row, Tally, row, tally
from bot.patients.people import Chance, draw_chance, draw_people
from bot.patients.placement import placed
from bot.patients.priors import BASE, Population
from bot.patients.scenarios import SCENARIOS
from bot.patients.view import Setting

Progress = Callable[[int, int], None]  # runs done, and of how many


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """All that a run depends on, beside the arm and the policy."""

    people: int = 1000
    days: int = 84
    scenario: str = "base"
    seed: int = 7
    ladders: int = 1  # 1 to 4
    placement: bool = True
    top: int = 7  # steps of a ladder, as most of ours have
    population: Population = BASE

    def __post_init__(self) -> None:
        if self.scenario not in SCENARIOS:
            raise ValueError(f"no such scenario: {self.scenario}; there are {', '.join(SCENARIOS)}")
        if self.people < 1 or self.days < 1:
            raise ValueError("a trial needs at least one person and one day")
        if not 1 <= self.ladders <= 4:
            raise ValueError("one to four ladders")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The comparison as plain data; one row an arm, in the order asked for."""

    trial: Trial
    policy: str  # the version that our own arms decided under
    rows: dict[str, Row]


def simulate(
    trial: Trial,
    arms: Sequence[str],
    policy: Policy,
    *,
    workers: int = 1,
    progress: Progress | None = None,
) -> Table:
    """Every arm on the same people. The oracle always runs, as the others are measured against it."""
    needed = [*dict.fromkeys([*arms, ORACLE])]
    tallies = {}
    with crew(min(workers, len(needed))) as run:
        for done, (name, counted) in enumerate(
            zip(needed, run(run_arm, repeat(trial), needed, repeat(policy)), strict=False), start=1
        ):
            tallies[name] = counted
            if progress:
                progress(done, len(needed))
    rows = {name: row(tallies[name], tallies[ORACLE]) for name in arms}
    return Table(trial=trial, policy=policy.version, rows=rows)


def run_arm(trial: Trial, arm: str, policy: Policy) -> Tally:
    """One arm's counts."""
    return tally(live(trial, arm, policy))


def live(trial: Trial, arm: str, policy: Policy) -> Log:
    """One arm's days."""
    setting, chance = gathered(trial, policy)
    return Cohort(setting, chance).live(ARMS[arm].build(setting, policy))


@lru_cache(maxsize=2)
def gathered(trial: Trial, policy: Policy) -> tuple[Setting, Chance]:
    """The people of a trial and their luck; nothing in them is ever changed."""
    population = SCENARIOS[trial.scenario].applied(trial.population)
    people = draw_people(trial.people, trial.seed, population)
    tried = policy.placement.steps if trial.placement else ()
    pain = policy.advance.persistent_pain
    setting = Setting(
        people=people,
        ladders=trial.ladders,
        top=trial.top,
        tried=tried,
        persistent_pain=pain,
        first=placed(people, trial.ladders, tried, pain),
        population=population,
        seed=trial.seed,
    )
    return setting, draw_chance(trial.people, trial.seed, trial.days, trial.ladders)


Mapped = Callable[..., Iterator[Tally]]


@contextmanager
def crew(workers: int) -> Iterator[Mapped]:
    """Something that maps: here, or over processes. Fresh processes inherit no half-held locks."""
    if workers <= 1:
        yield map
        return
    pool: Executor
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield pool.map
