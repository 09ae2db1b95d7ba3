"""A sound folder becomes a catalogue; a page that cannot be read is told by file, line and words."""

import shutil
from pathlib import Path

import pytest

from bot.catalogue.faults import ContentFaulty
from bot.catalogue.reading import read_catalogue
from bot.catalogue.yaml_lines import read_page
from bot.domain.dose import Dose
from bot.domain.exercise import EQUIPMENT, Caution, Gate, Load, Occasion, Place, Swap, Variable
from tests.catalogue.folder import BREATH, LIFTS, MORNING, ROCK, ROCKS, ROLL, replace, write


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return write(tmp_path / "content")


def faults(content: Path) -> list[str]:
    """What is told, without the name of the folder."""
    with pytest.raises(ContentFaulty) as caught:
        read_catalogue(content)
    return [told.removeprefix("content/") for told in caught.value.faults]


def test_a_sound_folder_becomes_a_catalogue(content: Path) -> None:
    catalogue = read_catalogue(content)
    rocking, lifting = catalogue.ladders["rocking"], catalogue.ladders["lifting"]
    assert (rocking.code, rocking.top, rocking.in_flare) == ("L1", 3, True)
    assert (lifting.code, lifting.top, lifting.in_flare) == ("L2", 3, False)
    assert rocking.step(1).dose == Dose(sets=(12, 12), tempo=(3, 3), rest=20)
    assert rocking.step(2).variable is Variable.HOLD
    assert lifting.step(2).gate == Gate(max_usual_pain=5, ladder="rocking", clean_steps_upto=2)
    assert lifting.step(2).load == Load(least=2, most=6)
    rock = rocking.step(1).exercise
    assert rock is catalogue.exercises["rock"]
    assert rock.places == {Place.FLOOR, Place.SEAT}
    assert rock.cautions == {Caution.PREGNANCY: Swap(change="Lie on your side.")}
    assert rocking.step(2).exercise.cautions == {Caution.PREGNANCY: Swap(instead="rock")}
    morning = catalogue.set_for(Occasion.MORNING)
    assert (morning.minutes, morning.ladders) == ((10, 15, 20), ("rocking", "lifting"))
    assert morning.opening.dose.seconds == 60
    assert catalogue.sets["way"].highest == {"rocking": 2}


KNOWN = ", ".join(sorted(EQUIPMENT))


@pytest.mark.parametrize(
    ("name", "before", "after", "fault"),
    [
        (ROCK, "cue: Rock gently.\n", "", "1: cue: missing"),
        (ROCK, "cue: Rock gently.", 'cue: ""', "3: cue: empty"),
        (ROCK, "source:", "hint: none\nsource:", "11: hint: no such field here"),
        (ROCK, "name: Rock", "name: 12", "1: name: should be text"),
        (ROCK, "breath: Out.", "name: Again\nbreath: Out.", "4: name: given twice"),
        (ROCK, "breath: Out.", "breath: [Out.", "5: did not find expected ',' or ']'"),
        (ROCK, "breath: Out.", "breath: *out", "4: found undefined alias"),
        (
            ROCK,
            "breath: Out.",
            "breath: &out [*out]",
            "1: holds itself, or far too much within each other",
        ),
        (ROCK, "[chair]", "[throne]", f"8: equipment[1]: unknown equipment; known are {KNOWN}"),
        (
            ROCK,
            "seat]",
            "moon]",
            "9: places[2]: Input should be 'floor', 'hotel', 'seat' or 'gym'",
        ),
        (ROCK, "[floor, seat]", "[]", "9: places: empty"),
        (
            ROCK,
            "[floor, seat]",
            "[moon]",
            "9: places[1]: Input should be 'floor', 'hotel', 'seat' or 'gym'",
        ),
        (
            ROCK,
            "PG:",
            "XX:",
            "10: cautions.XX: "
            "Input should be 'PG', 'EX', 'FX', 'OP', 'BP', 'SH', 'KN', 'BA', 'HS' or 'HIP'",
        ),
        (
            ROLL,
            "instead: rock",
            "instead: rock, change: Sit.",
            "10: cautions.PG: say either how to change it, in words, or what to do instead",
        ),
        (
            ROLL,
            "{instead: rock}",
            "{}",
            "10: cautions.PG: say either how to change it, in words, or what to do instead",
        ),
        (ROCK, "Jaw tightens", "J" * 41, "6: signs[1]: String should have at most 40 characters"),
        (
            BREATH,
            "tempo: [4, 6]",
            "hold: 10",
            "1: only an opening has a dose of its own, and it is breathed: give a tempo",
        ),
        (ROCKS, "    changed: rocking\n", "", "6: steps[1].changed: missing"),
        (
            ROCKS,
            "variable: skill",
            "variable: speed",
            "8: steps[1].variable: Input should be 'skill', 'position', 'range', 'hold', 'endurance', "
            "'limbs', 'lever', 'support', 'base', 'symmetry', 'tempo', 'rotation', 'load' or 'senses'",
        ),
        (
            ROCKS,
            "hold: 10",
            "tempo: []",
            "15: steps[2].dose: a dose has either a tempo or a hold",
        ),
        (
            ROCKS,
            "[12, 12]",
            "[12, 0]",
            "10: steps[1].dose.sets[2]: Input should be greater than or equal to 1",
        ),
        (
            ROCKS,
            "tempo: [3, 3], rest: 20",
            "tempo: [3, 3], rest: 20 s",
            "10: steps[1].dose.rest: should be a whole number",
        ),
        (
            ROCKS,
            "hold: 10",
            "hold: 10, per_side: yes",
            "15: steps[2].dose.per_side: should be true or false",
        ),
        (
            LIFTS,
            "kg: [2, 6]}\n  - ",
            "kg: [6, 2]}\n  - ",
            "17: steps[2].load: kg: give the least and the most that one piece weighs, as [2, 6]",
        ),
        (LIFTS, "kg: [2, 6]}\n  - ", "kg: [2]}\n  - ", "17: steps[2].load.kg[2]: missing"),
        (
            MORNING,
            "[10, 15, 20]",
            "[30]",
            "5: minutes[1]: Input should be less than or equal to 20",
        ),
    ],
)
def test_a_page_that_says_something_else_is_told_with_its_line(
    content: Path, name: str, before: str, after: str, fault: str
) -> None:
    replace(content, name, before, after)
    assert faults(content) == [f"{name}:{fault}"]


def test_a_field_that_is_misspelt_is_both_missing_and_unknown(content: Path) -> None:
    replace(content, ROCK, "cue:", "clue:")
    assert faults(content) == [f"{ROCK}:1: cue: missing", f"{ROCK}:3: clue: no such field here"]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        (ROCK, b"", "1: should be a mapping"),
        (ROCK, b"- Rock\n", "1: should be a mapping"),
        (BREATH, b"name: \xff", "1: 'utf-8' codec can't decode byte 0xff in position 6: "
         "invalid start byte"),
        ("exercises/Rock 2.yaml", b"", "1: its name should be at most 30 small letters, digits and "
         "hyphens, beginning with a letter"),
        ("ladders/running.yml", b"", "1: is not read: its name should end in .yaml"),
        ("sets/night.txt", b"", "1: is not read: its name should end in .yaml"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told(
    content: Path, name: str, text: bytes, fault: str
) -> None:
    (content / name).write_bytes(text)
    assert faults(content)[0] == f"{name}:{fault}"


def test_a_folder_in_the_place_of_a_file_is_told(content: Path) -> None:
    (content / "sets" / "night.yaml").mkdir()
    assert faults(content) == ["sets/night.yaml:1: can't be read: Is a directory"]


def test_one_slip_is_told_once(content: Path) -> None:
    """A ladder that cannot be read makes neither its exercises unused nor its gates closed."""
    replace(content, ROCKS, "code: L1\n", "")
    assert faults(content) == [f"{ROCKS}:1: code: missing"]


def test_all_faults_are_told_in_one_go(content: Path) -> None:
    replace(content, ROCK, "cue: Rock gently.\n", "")
    replace(content, ROCK, "name: Rock\n", "name: Rock\nname: Rock\n")
    (content / ROLL).write_text("name: [", "utf-8")
    replace(content, ROCKS, "step: 3", "step: 4")
    replace(content, LIFTS, "exercise: haul", "exercise: howl")
    replace(content, MORNING, "opening: breath", "opening: breeze")
    assert [told.split(": ")[0] for told in faults(content)] == [
        "exercises/haul.yaml:1",  # no ladder uses it now
        f"{ROCK}:2",
        f"{ROCK}:1",
        f"{ROLL}:2",
        f"{LIFTS}:12",
        f"{ROCKS}:16",
        f"{MORNING}:6",
    ]


def test_the_exception_reads_as_a_list(content: Path) -> None:
    shutil.rmtree(content / "exercises")
    with pytest.raises(ContentFaulty, match=r"no exercise lift\n(.*\n)*.*no exercise rise\n"):
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
