"""Comparisons: the same seed the same table, arms that don't disturb each other, and plain expectations."""

import json
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from bot.patients.outcomes import OUTCOMES, Outcome, figure, tally
from bot.patients.picture import picture
from bot.patients.report import (
    as_data,
    header,
    heading,
    levels_header,
    levels_rows,
    sweep_as_data,
    sweep_header,
    sweep_rows,
    text_rows,
)
from bot.patients.run import Trial, simulate
from bot.patients.sweep import sweep
from tests.patients.trials import SMALL, WHOLE, lived, policy


def test_the_same_seed_gives_the_same_table() -> None:
    first = simulate(SMALL, ["ours", "random"], policy())
    assert simulate(SMALL, ["ours", "random"], policy()) == first


def test_two_processes_give_the_table_of_one() -> None:
    trial = Trial(people=10, days=14)
    arms = ["ours", "never", "oracle"]
    assert simulate(trial, arms, policy(), workers=2) == simulate(trial, arms, policy())


def test_an_arms_row_does_not_depend_on_which_others_run() -> None:
    alone = simulate(SMALL, ["pain-relative"], policy())
    among = simulate(SMALL, ["ours", "pain-relative", "never", "oracle"], policy())
    assert alone.rows["pain-relative"] == among.rows["pain-relative"]


def test_progress_is_told_for_every_run() -> None:
    told: list[tuple[int, int]] = []
    simulate(
        Trial(people=3, days=5),
        ["never", "weekly"],
        policy(),
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 3), (2, 3), (3, 3)]  # the oracle runs as well


def value(arm: str, outcome: str) -> float:
    return figure(OUTCOMES[outcome], tally(lived(arm, WHOLE))).value


def test_the_oracle_gains_most_and_gets_nobody_into_danger() -> None:
    rivals = ("ours", "pain-absolute", "pain-relative", "pain-monitoring", "two-weekly", "never")
    assert all(value("oracle", "gain") > value(rival, "gain") for rival in rivals)
    assert value("oracle", "unsafe") == 0


def test_who_never_changes_hardly_flares_and_gains_less_than_we_do() -> None:
    assert value("never", "flares") < value("ours", "flares")
    assert value("never", "gain") < value("ours", "gain")


def test_a_calendar_hurts_more_than_whoever_listens() -> None:
    assert (
        value("two-weekly", "flares") > value("pain-absolute", "flares") > value("ours", "flares")
    )


def test_placement_brings_people_sooner_to_a_useful_load() -> None:
    placed = figure(OUTCOMES["useful_from"], tally(lived("ours", SMALL))).value
    unplaced = Trial(people=SMALL.people, days=SMALL.days, placement=False)
    assert placed < figure(OUTCOMES["useful_from"], tally(lived("ours", unplaced))).value


def test_rates_and_their_intervals_over_people() -> None:
    counted = tally(lived("weekly"))
    rate = figure(Outcome("", "overload", "exercises", 100), counted)
    assert rate.value == pytest.approx(100 * counted.overload.sum() / counted.exercises.sum())
    mean = figure(Outcome("", "gain"), counted)
    half = 1.96 * counted.gain.std(ddof=1) / np.sqrt(len(counted.gain))
    assert (mean.low, mean.high) == pytest.approx(
        (counted.gain.mean() - half, counted.gain.mean() + half), abs=1e-3
    )


def test_regret_of_the_oracle_is_nought() -> None:
    row = simulate(SMALL, ["oracle"], policy()).rows["oracle"]
    assert (row["gain_regret"].low, row["gain_regret"].high) == (0, 0)
    assert (row["flares_regret"].low, row["flares_regret"].high) == (0, 0)


def test_a_table_can_be_read_stored_and_drawn() -> None:
    table = simulate(SMALL, ["ours", "never", "oracle"], policy())
    assert heading(table).startswith(
        "40 people, 42 days, Base, one ladder, with a placement try-out"
    )
    assert [row[0] for row in text_rows(table)] == ["Our rule table", "Never change", "Oracle"]
    assert {len(row) for row in text_rows(table, intervals=False)} == {len(header())}
    assert json.loads(json.dumps(as_data(table)))["arms"]["ours"]["gain"]["value"] == pytest.approx(
        table.rows["ours"]["gain"].value
    )
    drawn = ET.fromstring(picture(table))
    assert len(drawn.findall(".//{*}circle")) == 3


def test_draws_tell_how_often_a_ranking_turns() -> None:
    trial = Trial(people=6, days=21)
    arms = ["never", "weekly", "oracle"]
    swept = sweep(trial, arms, policy(), draws=4)
    assert sweep(trial, arms, policy(), draws=4) == swept
    assert list(swept.contrasts) == arms
    assert list(swept.levels) == list(swept.of_oracle) == ["ours", *arms]
    assert all(
        0 <= contrast.reversed <= 1
        for contrasts in swept.contrasts.values()
        for contrast in contrasts.values()
    )
    assert {len(row) for row in sweep_rows(swept)} == {len(sweep_header())}
    assert {len(row) for row in levels_rows(swept)} == {len(levels_header())}
    spreads = [swept.of_oracle["oracle"], *swept.levels["ours"].values()]
    assert all(spread.low <= spread.median <= spread.high for spread in spreads)
    assert spreads[0].median == 1
    assert not sweep(trial, ["never"], policy(), draws=2).of_oracle
    assert json.loads(json.dumps(sweep_as_data(swept)))["draws"] == 4


@pytest.mark.parametrize(
    "wrong", [{"scenario": "heaven"}, {"people": 0}, {"days": 0}, {"ladders": 5}]
)
def test_impossible_trials_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"scenario|at least one|ladders"):
        Trial(**wrong)  # type: ignore[arg-type]
