"""`backbeat simulate`, as a person or a program calls it."""

import json
from pathlib import Path

import pytest

from tests.test_cli import backbeat, process

SMALL = ("simulate", "--people", "12", "--days", "21", "--arms", "ours,never,oracle")


def test_the_same_seed_gives_the_same_table_and_its_caveat_comes_first(tmp_path: Path) -> None:
    first, second = (process(tmp_path, *SMALL) for _ in range(2))
    assert first.returncode == 0
    assert first.stdout == second.stdout
    assert first.stdout.startswith("Simulated people are no evidence")
    assert [line.split("  ")[0] for line in first.stdout.splitlines()[3:]] == [
        "Our rule table",
        "Never change",
        "Oracle",
    ]
    other = backbeat(tmp_path, *SMALL, "--seed", "8")
    assert other.stdout != first.stdout


def test_a_program_reads_json_and_a_person_looks_at_a_picture(tmp_path: Path) -> None:
    done = backbeat(tmp_path, *SMALL, "--json", "--picture", "gain.svg")
    table = json.loads(done.stdout)
    assert set(table["arms"]) == {"ours", "never", "oracle"}
    assert set(table["arms"]["ours"]["gain"]) >= {"value", "low", "high"}
    assert (tmp_path / "gain.svg").read_text("utf-8").startswith("<svg")


def test_assumptions_are_varied(tmp_path: Path) -> None:
    done = backbeat(tmp_path, "simulate", "--people", "8", "--days", "14", "--draws", "2", "--json")
    assert json.loads(done.stdout)["draws"] == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--arms", "ours,best"), "no such arm: best; there are ours, "),
        (("--scenario", "moon"), "no such scenario: moon; there are base, "),
        (("--policy", "nowhere.yaml"), "nowhere.yaml:1: there is no such file"),
        (("--picture", "no/such/folder.svg"), "--picture: no/such/folder.svg can't be written"),
        (("--people", "0"), "Invalid value for '--people'"),
    ],
)
def test_what_cannot_be_run_is_told_in_a_line(
    tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    done = backbeat(tmp_path, *SMALL, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in " ".join(done.stderr.split())
