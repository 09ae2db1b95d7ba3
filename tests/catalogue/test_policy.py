"""The numbers on file: all of them sourced, all faults told at once, no change without a new version."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.catalogue.faults import ContentFaulty
from bot.catalogue.policy import read_policy
from bot.domain.policy import Policy

ON_FILE = Path(__file__).parents[2] / "content" / "policy.yaml"
Read = Callable[[str], Policy]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a policy from its text."""

    def from_text(text: str) -> Policy:
        page = tmp_path / "content" / "policy.yaml"
        page.parent.mkdir(exist_ok=True)
        page.write_text(text, "utf-8")
        return read_policy(page)

    return from_text


@pytest.fixture
def text() -> str:
    return ON_FILE.read_text("utf-8")


def replaced(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_the_policy_on_file_can_be_read() -> None:
    policy = read_policy(ON_FILE)
    assert (policy.dose.entry, policy.referral.window_days, policy.trend.rise) == (0.6, 42, 1.5)


def test_the_version_changes_with_any_number(read: Read, text: str) -> None:
    values = list(re.finditer(r"value: (.+)", text))
    versions = {read(text).version}
    for value in values:
        if value[1] == "1.0":  # the full dose is 1.0 by definition
            continue
        other = float(value[1]) + 0.01 if "." in value[1] else int(value[1]) + 1
        changed = f"{text[: value.start(1)]}{other}{text[value.end(1) :]}"
        try:
            versions.add(read(changed).version)
        except ContentFaulty:  # the number no longer agrees with another, and can't be used at all
            versions.add(changed)
    assert len(versions) == len(values)


def test_the_version_stays_when_only_words_change(read: Read, text: str) -> None:
    reworded = replaced(text, "source: Silence may hide a bad day.", "source: Said otherwise.")
    assert read(reworded).version == read(text).version


def test_a_version_is_a_date_and_the_mark_of_the_numbers(read: Read, text: str) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d\+[0-9a-f]{6}", read(text).version)


def test_a_whole_number_may_stand_where_a_fraction_may(read: Read, text: str) -> None:
    whole = read(replaced(text, "value: 1.0", "value: 1"))
    assert isinstance(whole.dose.full, float)
    assert whole == read(text)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("value: 15", "value: yes", "reference.days.value: should be a whole number"),
        ("value: 15", "value: true", "reference.days.value: should be a whole number"),
        ("value: 15", "value: 15.5", "reference.days.value: should be a whole number"),
        ("value: 15", "value:", "reference.days.value: should be a whole number"),
        ("value: 1.5", "value: .inf", "trend.rise.value: Input should be a valid number"),
        ("value: 1.5", "value: true", "trend.rise.value: Input should be a valid number"),
        ("value: 1.5", "value: -1.5", "trend.rise.value: Input should be greater than"),
        ("days:", "dayz:", "reference.dayz: no such field here"),
        ("days:", "dayz:", "reference.days: missing"),
        ("rest: #", "nap: #", "rest: missing"),
        ("strength: inference", "strength: guess", "dose.lowest.strength: Input should be"),
        ("version:", "edition:", "version: missing"),
    ],
)
def test_faults_are_told_in_words(read: Read, text: str, old: str, new: str, fault: str) -> None:
    with pytest.raises(ContentFaulty) as told:
        read(replaced(text, old, new))
    assert any(fault in line for line in told.value.faults), str(told.value)


def test_a_number_without_a_source_is_a_fault(read: Read, text: str) -> None:
    unsourced = re.sub(r"source: By definition.*", "source:", text)
    with pytest.raises(ContentFaulty, match=r"dose\.full\.source: should be text"):
        read(unsourced)


def test_all_faults_are_told_at_once_with_their_lines(read: Read, text: str) -> None:
    faulty = replaced(text, "value: 15", "value: fifteen")
    faulty = replaced(faulty, "value: 42", "value: 42.5")
    with pytest.raises(ContentFaulty) as told:
        read(faulty)
    assert told.value.faults == tuple(
        f"content/policy.yaml:{line_of(faulty, words)}: {where}: should be a whole number"
        for words, where in (
            ("value: fifteen", "reference.days.value"),
            ("value: 42.5", "referral.window_days.value"),
        )
    )


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("value: 0.6", "value: 0.3", "dose: lowest, entry and full must rise"),
        (
            "value: 14\n    strength: inference\n    source: Loss",
            None,
            "gap: short, long and longest",
        ),
        ("value: 6\n    strength: extrapolated", None, "pain_during: red must begin above green"),
        ("value: 0.02", "value: 0.1", "load: there is a least and a most"),
        ("week_days:\n    value: 7", None, "review.week_days: whole weeks of it"),
        ("many_from:\n    value: 0.5", "many_from:\n    value: 0.7", "consistency: the bands"),
        ("half_life_days:\n    value: 14", None, "consistency: the bands must rise"),
        ("fewest_days:\n    value: 3", "fewest_days:\n    value: 7", "graduation: is for some"),
        ("least_mornings:\n    value: 8", "least_mornings:\n    value: 0", "graduation: shares"),
    ],
)
def test_numbers_have_to_agree(
    read: Read, text: str, old: str, new: str | None, fault: str
) -> None:
    with pytest.raises(ContentFaulty, match=fault):
        read(replaced(text, old, new or re.sub(r"value: \d+", "value: 5", old)))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentFaulty, match="there is no such file"):
        read_policy(tmp_path / "policy.yaml")
