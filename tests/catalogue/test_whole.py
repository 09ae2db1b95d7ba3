"""All that is wrong with a content folder, in one go: the real one, spoilt by one slip at a time."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.catalogue.faults import ContentFaulty
from bot.catalogue.tongues import languages
from bot.catalogue.whole import content_faults
from bot.catalogue.word_checks import LIST
from bot.catalogue.words import read_words
from tests.catalogue import folder
from tests.sentences import sentences

CONTENT = Path(__file__).parents[2] / "content"
REVIEW = "words/en/review.j2"
SAFETY = "words/en/safety.j2"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return shutil.copytree(CONTENT, tmp_path / "content")


def spoil(content: Path, name: str, before: str, after: str) -> int:
    """One slip in one file; the line where it stands."""
    text = (content / name).read_text("utf-8")
    assert before in text
    (content / name).write_text(text.replace(before, after, 1), "utf-8")
    return text[: text.index(before)].count("\n") + 1


def faults(content: Path, language: str = "en") -> list[str]:
    return [told.removeprefix("content/") for told in content_faults(content, language)]


def test_nothing_is_wrong_with_the_content() -> None:
    assert faults(CONTENT) == []


def test_the_list_of_sentences_is_what_the_code_says() -> None:
    assert LIST.read_text("utf-8") == sentences(), "bring it up to date: make lists"


@pytest.mark.parametrize(
    ("name", "before", "after", "fault"),
    [
        (
            REVIEW,
            "{% macro none_yet() %}",
            "{% macro nothing_yet() %}",
            "{line}: nothing_yet is said by nobody",
        ),
        (
            REVIEW,
            "{% macro none_yet() %}",
            "{% macro none_yet(day) %}",
            "{line}: none_yet should take (), not (day)",
        ),
        (
            REVIEW,
            "{% macro none_yet() %}",
            "{% macro none_yet() %}{{ day }}",
            "{line}: none_yet is not given any day",
        ),
        (
            REVIEW,
            "{% macro none_yet() %}",
            "{% macro none_yet() %}{% endmacro %}{% macro none_yet() %}",
            "{line}: none_yet stands here twice",
        ),
        (REVIEW, "{% macro none_yet() %}", "{% macro none_yet( %}", "{line}: "),
        (
            REVIEW,
            "{% macro none_yet() %}",
            "{% macro none_yet() %}{{ 1|shout }}",
            "{line}: No filter named 'shout'.",
        ),
        (
            "words/en/card.j2",
            '{% from "dose.j2" import line %}',
            '{% from "doze.j2" import line %}',
            "{line}: imports doze.j2, which is not there",
        ),
        (
            "words/en/card.j2",
            "import line %}",
            "import lime as line %}",
            "{line}: imports lime, which dose.j2 does not have",
        ),
        (
            SAFETY,
            "{% macro item_heart() %}",
            "{% macro item_hart() %}",
            "{line}: item_hart is said by nobody",
        ),
        (
            "safety.yaml",
            "{id: heart,",
            "{id: heart-disease,",
            "{line}: clearance[4].id: String should match pattern '^[a-z][a-z_]{{0,29}}$'",
        ),
        (
            "policy.yaml",
            "lowest:\n    value: 0.4",
            "lowest:\n    value: 0.9",
            "16: dose: lowest, entry and full must rise, and full is 1.0",
        ),
    ],
)
def test_a_slip_is_told_with_its_line(
    content: Path, name: str, before: str, after: str, fault: str
) -> None:
    line = spoil(content, name, before, after)
    told = faults(content)
    assert any(one.startswith(f"{name}:{fault.format(line=line)}") for one in told), told


def test_a_sentence_that_is_not_there_is_told_for_each_language(content: Path) -> None:
    shutil.copytree(content / "words" / "en", content / "words" / "eo")
    spoil(content, "words/eo/review.j2", "{% macro none_yet() %}", "{% macro _none_yet() %}")
    (content / "words" / "eo" / "why.j2").unlink()
    (content / "words" / "eo" / "notes.txt").touch()
    assert faults(content) == [
        "words/eo/notes.txt:1: is not read: its name should end in .j2",
        "words/eo/why.j2:1: there is no such file",
        "words/eo/review.j2:1: none_yet() is missing",
        "words/eo/exercises.yaml:1: there is no such file",
        "words/eo/ladders.yaml:1: there is no such file",
        "words/eo/sets.yaml:1: there is no such file",
    ]
    assert "words/tlh:1: there is no such folder of words" in faults(content, "tlh")


def test_the_bot_does_not_start_with_a_sentence_missing(content: Path) -> None:
    spoil(content, SAFETY, "{% macro item_heart() %}", "{% macro _item_heart() %}")
    with pytest.raises(ContentFaulty, match=r"words/en/safety.j2:1: item_heart\(\) is missing"):
        read_words(content, "en")


def test_an_item_of_the_safety_screen_brings_its_sentence(content: Path) -> None:
    spoil(content, "safety.yaml", "[BP]}", "[BP]}\n  - {id: knees, cautions: []}")
    missing = "safety.j2:1: item_knees() is missing"
    assert faults(content) == [f"words/{one}/{missing}" for one in sorted(languages(CONTENT))]


def test_a_caution_of_the_safety_screen_changes_something(tmp_path: Path) -> None:
    small = folder.write(tmp_path / "content")
    assert not any(told.startswith("safety.yaml") for told in faults(small))
    folder.replace(small, "safety.yaml", "[PG]", "[PG, OP]")
    words = "clearance[1].cautions[2]: no exercise has a caution OP: it would change nothing"
    assert f"safety.yaml:2: {words}" in faults(small)


def test_a_file_that_cannot_be_read_is_told_once(content: Path) -> None:
    """What it would have said is neither missing nor too much elsewhere."""
    (content / "safety.yaml").write_text("clearance: [", "utf-8")
    (content / "words" / "en" / "dose.j2").write_bytes(b"\xff")
    (content / "policy.yaml").unlink()
    assert [told.partition(": ")[0] for told in faults(content)] == [
        "policy.yaml:1",
        "safety.yaml:2",
        "words/en/dose.j2:1",
    ]


def test_a_slip_of_one_number_does_not_hide_others_that_contradict(content: Path) -> None:
    half = spoil(content, "policy.yaml", "value: 15", "value: half")
    spoil(content, "policy.yaml", "short_days:\n    value: 7", "short_days:\n    value: 70")
    gap = line_of(content / "policy.yaml", "\ngap:") + 1
    assert faults(content) == [
        f"policy.yaml:{half}: reference.days.value: should be a whole number",
        f"policy.yaml:{gap}: gap: short, long and longest days must lengthen",
    ]


def line_of(path: Path, words: str) -> int:
    text = path.read_text("utf-8")
    return text[: text.index(words)].count("\n") + 1


def test_every_fault_of_every_file_is_told_in_one_go(content: Path) -> None:
    slips: Iterable[tuple[str, str, str]] = (
        ("exercises/full-bridge.yaml", "breath:", "breth:"),
        ("exercises/bird-dog.yaml", "signs:", "sings:"),
        ("ladders/side.yaml", "variable: hold", "variable: tempo"),
        ("sets/seat.yaml", "place: seat", "place: moon"),
        ("policy.yaml", "value: 0.4", "value: half"),
        ("safety.yaml", "[PG]", "[XX]"),
        ("words/en/card.j2", "{% macro done() %}", "{% macro done( %}"),
        (REVIEW, "{% macro none_yet() %}", "{% macro nothing_yet() %}"),
    )
    for slip in slips:
        spoil(content, *slip)
    told = faults(content)
    assert {name for name, _, _ in slips} == {fault.partition(":")[0] for fault in told}
    assert all(fault.split(":")[1].isdecimal() for fault in told), told


@pytest.mark.parametrize(
    ("name", "before", "after", "word"),
    [
        ("exercises/full-bridge.yaml", "cue: ", "cue: This treats backs. ", "treats"),
        ("ladders/bridge.yaml", "purpose: ", "purpose: Rehabilitation. ", "Rehabilitation"),
        ("words/en/talk.j2", "What suits?", "A prescription?", "prescription"),
    ],
)
def test_a_claim_of_medicine_is_told(
    content: Path, name: str, before: str, after: str, word: str
) -> None:
    line = spoil(content, name, before, after)
    told = f"{name}:{line}: says {word!r}, which claims medicine; say what one does instead"
    assert faults(content) == [told]
