"""Every way in which content can be wrong is told by file, line and words."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.catalogue.faults import ContentFaulty
from bot.catalogue.reading import read_catalogue
from bot.catalogue.yaml_lines import read_page
from bot.domain.dose import Dose
from bot.domain.exercise import Caution, Gate, Place

EXERCISE = """\
name: Rock
position: On a chair
cue: Rock gently.
breath: Out.
signs:
  - Jaw tightens
equipment: [chair]
places: [floor, seat]
cautions:
  PG: Lie on your side.
source: ours
"""
LADDER = """\
code: L1
name: Rocking
purpose: To rock.
evidence: none
steps:
  - step: 1
    exercise: rock
    changed: rocking
    dose: {sets: [12, 12], tempo: [3, 3], rest: 20}
  - step: 2
    exercise: roll
    changed: rolling
    dose: {sets: [5, 4], hold: 10}
    gate: {max_usual_pain: 5, clean_steps_upto: 1}
in_flare: true
"""
OPENING = EXERCISE + "dose: {sets: [6], tempo: [4, 6]}\n"

Spoil = Callable[[str, str, str], tuple[str, ...]]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    for name, text in {
        "exercises/rock.yaml": EXERCISE,
        "exercises/roll.yaml": EXERCISE,
        "exercises/breath.yaml": OPENING,
        "ladders/rocking.yaml": LADDER,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def spoil(content: Path) -> Spoil:
    """Replace some text in one file, and tell the faults that follow."""

    def spoiled(name: str, before: str, after: str) -> tuple[str, ...]:
        text = (content / name).read_text("utf-8")
        assert before in text
        (content / name).write_text(text.replace(before, after, 1), "utf-8")
        with pytest.raises(ContentFaulty) as caught:
            read_catalogue(content)
        return caught.value.faults

    return spoiled


def test_a_sound_folder_becomes_a_catalogue(content: Path) -> None:
    catalogue = read_catalogue(content)
    ladder = catalogue.ladders["rocking"]
    assert (ladder.code, ladder.top) == ("L1", 2)
    assert ladder.in_flare
    assert ladder.step(1).dose == Dose(sets=(12, 12), tempo=(3, 3), rest=20)
    assert ladder.step(2).gate == Gate(max_usual_pain=5, clean_steps_upto=1)
    rock = ladder.step(1).exercise
    assert rock is catalogue.exercises["rock"]
    assert rock.places == {Place.FLOOR, Place.SEAT}
    assert rock.cautions == {Caution.PREGNANCY: "Lie on your side."}
    assert catalogue.opening.dose.seconds == 60


ROCK, STEPS, OPEN = "exercises/rock.yaml", "ladders/rocking.yaml", "exercises/breath.yaml"


@pytest.mark.parametrize(
    ("name", "before", "after", "fault"),
    [
        (ROCK, "cue: Rock gently.\n", "", "rock.yaml:1: cue: missing"),
        (ROCK, "cue: Rock gently.", 'cue: ""', "rock.yaml:3: cue: empty"),
        (ROCK, "cue:", "clue:", "rock.yaml:3: clue: no such field here"),
        (ROCK, "name: Rock", "name: 12", "rock.yaml:1: name: should be text"),
        (ROCK, "breath: Out.", "name: Again", "rock.yaml:4: name: given twice"),
        (ROCK, "breath: Out.", "breath: [Out.", "rock.yaml:5: "),
        (ROCK, "[chair]", "[throne]", "rock.yaml:7: equipment[1]: unknown equipment"),
        (ROCK, "seat]", "moon]", "rock.yaml:8: places[2]: Input should be 'floor'"),
        (ROCK, "[floor, seat]", "[]", "rock.yaml:8: places: empty"),
        (ROCK, "  PG:", "  XX:", "rock.yaml:10: cautions.XX: Input should be 'PG'"),
        (ROCK, "Jaw tightens", "J" * 41, "rock.yaml:6: signs[1]: String should have at most 40"),
        (
            ROCK,
            "source: ours",
            "phases: [out]\nsource: ours",
            "steps[1].dose: the tempo has 2 phases",
        ),
        (
            STEPS,
            "exercise: roll",
            "exercise: rool",
            "rocking.yaml:11: steps[2].exercise: there is no",
        ),
        (STEPS, "exercise: roll", "exercise: rool", "exercises/roll.yaml:1: no ladder uses"),
        (STEPS, "exercise: roll", "exercise: rock", "rock.yaml:1: is a step more than once"),
        (STEPS, "exercise: roll", "exercise: breath", "breath.yaml:1: an opening cannot be a step"),
        (STEPS, "step: 2", "step: 3", "rocking.yaml:10: steps[2].step: step 3 stands where step 2"),
        (STEPS, "    changed: rocking\n", "", "rocking.yaml:6: steps[1].changed: missing"),
        (
            STEPS,
            "upto: 1",
            "upto: 2",
            "rocking.yaml:14: steps[2].gate.clean_steps_upto: should be at",
        ),
        (STEPS, "upto: 1", "upto: 1, ladder: no", "steps[2].gate.ladder: there is no ladder no"),
        (STEPS, "hold: 10", "tempo: []", "rocking.yaml:13: steps[2].dose: a dose has either"),
        (
            STEPS,
            "[12, 12]",
            "[12, 0]",
            "rocking.yaml:9: steps[1].dose.sets[2]: Input should be greater",
        ),
        (
            STEPS,
            "rest: 20",
            "rest: 20 s",
            "rocking.yaml:9: steps[1].dose.rest: should be a whole number",
        ),
        (STEPS, "in_flare: true\n", "", "content/ladders: at least one ladder must be in_flare"),
        (STEPS, "in_flare: true", "in_flare: yes", "rocking.yaml:15: in_flare: should be true or"),
        (
            STEPS,
            "hold: 10}\n",
            "hold: 10}\n    loaded: true\n",
            "rocking.yaml:16: in_flare: a ladder with a weight",
        ),
        (STEPS, "hold: 10", "hold: 10, per_side: yes", "dose.per_side: should be true or false"),
        (
            OPEN,
            "dose: {sets: [6], tempo: [4, 6]}",
            "",
            "exactly one exercise has a dose of its own",
        ),
        (OPEN, "tempo: [4, 6]", "hold: 10", "breath.yaml:1: only an opening has a dose"),
    ],
)
def test_a_fault_is_told_with_its_line(
    spoil: Spoil, name: str, before: str, after: str, fault: str
) -> None:
    faults = spoil(name, before, after)
    assert any(fault in told for told in faults), faults
    assert all(told.startswith("content/") for told in faults)


def test_one_slip_is_told_once(spoil: Spoil) -> None:
    """A ladder that cannot be read does not make its exercises unused as well."""
    assert len(spoil(STEPS, "code: L1\n", "")) == 1


def test_all_faults_are_told_in_one_go(content: Path, spoil: Spoil) -> None:
    (content / "exercises/roll.yaml").write_text("name: [", "utf-8")
    (content / "ladders/second.yaml").write_text(LADDER.replace("rock", "rol"), "utf-8")
    faults = spoil(ROCK, "cue: Rock gently.\n", "")
    assert [fault.split(":")[0] for fault in faults] == [
        "content/exercises/rock.yaml",
        "content/exercises/roll.yaml",
        "content/ladders/second.yaml",
        "content/ladders/second.yaml",
    ]


def test_the_exception_reads_as_a_list(content: Path) -> None:
    shutil.rmtree(content / "exercises")
    with pytest.raises(
        ContentFaulty, match=r"there is no exercise rock\n.*there is no exercise roll"
    ):
        read_catalogue(content)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ('"true"', "true"),
        ("12:30", "12:30"),
        ("012", "012"),
        ("2026-01-06", "2026-01-06"),
        ("1e3", "1e3"),
        ("-3", -3),
        ("0.60", 0.6),
        ("null", None),
        ("", None),
    ],
)
def test_yaml_does_not_guess(tmp_path: Path, written: str, meant: object) -> None:
    (tmp_path / "page.yaml").write_text(f"value: {written}\n", "utf-8")
    assert read_page(tmp_path / "page.yaml", tmp_path).values == {"value": meant}


def test_an_empty_or_unreadable_file_is_a_fault(content: Path, spoil: Spoil) -> None:
    (content / ROCK).write_text("", "utf-8")
    (content / OPEN).write_bytes(b"name: \xff")
    faults = spoil(STEPS, "code: L1", "code: L2")
    assert any("rock.yaml:1: should be a mapping" in told for told in faults), faults
    assert any("breath.yaml:1: 'utf-8' codec" in told for told in faults), faults
