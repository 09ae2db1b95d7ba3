"""What must hold between pages: each way in which it can fail has a clear line of its own."""

from pathlib import Path

import pytest

from bot.catalogue.faults import ContentFaulty
from bot.catalogue.reading import read_catalogue
from tests.catalogue.folder import (
    BREATH,
    FLARE,
    HAUL,
    HEAVE,
    LIFTS,
    MORNING,
    ROCK,
    ROCKS,
    ROLL,
    SHORT,
    WAY,
    replace,
    write,
)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return write(tmp_path / "content")


def faults(content: Path) -> list[str]:
    """What is told, without the name of the folder."""
    with pytest.raises(ContentFaulty) as caught:
        read_catalogue(content)
    return [told.removeprefix("content/") for told in caught.value.faults]


FIRST = "steps[1].exercise: everybody begins here, and not everybody can do rock at home"
NEVER = "nobody can ever enter here: "


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        # References.
        (
            ROCKS,
            "exercise: roll",
            "exercise: rool",
            [
                f"{ROLL}:1: no ladder uses this exercise",
                f"{ROCKS}:12: steps[2].exercise: there is no exercise rool",
            ],
        ),
        (
            ROCKS,
            "exercise: rise",
            "exercise: rock",
            [
                "exercises/rise.yaml:1: no ladder uses this exercise",
                f"{ROCK}:1: is a step more than once",
            ],
        ),
        (
            ROCKS,
            "exercise: rise",
            "exercise: breath",
            [
                f"{BREATH}:1: an opening cannot be a step",
                "exercises/rise.yaml:1: no ladder uses this exercise",
            ],
        ),
        (
            ROCKS,
            "step: 2",
            "step: 3",
            [
                f"{ROCKS}:11: steps[2].step: step 3 stands where step 2 should: gentlest first, no gaps"
            ],
        ),
        (
            ROCK,
            "source:",
            "phases: [out]\nsource:",
            [f"{ROCKS}:10: steps[1].dose: the tempo has 2 phases, its exercise names 1"],
        ),
        (LIFTS, "code: L2", "code: L1", [f"{ROCKS}:1: code: another ladder is L1 already"]),
        # One change a step.
        (
            ROCKS,
            "changed: staying",
            "changed: Rocking",
            [f"{ROCKS}:14: steps[2].changed: says the same as the step before"],
        ),
        (
            ROCKS,
            "variable: skill",
            "variable: hold",
            [f"{ROCKS}:8: steps[1].variable: hold, yet the dose has no hold"],
        ),
        (
            ROCKS,
            "variable: hold",
            "variable: tempo",
            [f"{ROCKS}:13: steps[2].variable: tempo, yet the dose has no tempo"],
        ),
        (
            LIFTS,
            "    variable: endurance\n    changed: for longer\n    dose: {sets: [12, 12], tempo: [2, 3]}",
            "    variable: tempo\n    changed: for longer\n    dose: {sets: [12, 12], tempo: [2, 2]}",
            [f"{LIFTS}:20: steps[3].variable: tempo, yet the tempo is that of the step before"],
        ),
        (
            ROCKS,
            "variable: hold",
            "variable: symmetry",
            [f"{ROCKS}:13: steps[2].variable: symmetry, yet the dose is not per_side"],
        ),
        (
            LIFTS,
            "[12, 12], tempo: [2, 3]",
            "[10, 10], tempo: [1, 3]",
            [
                f"{LIFTS}:20: steps[3].variable: endurance, yet neither a repetition, a hold nor a set "
                "lasts longer than at the step before"
            ],
        ),
        (
            ROCKS,
            "variable: hold",
            "variable: load",
            [f"{ROCKS}:13: steps[2].variable: load, yet there is no load"],
        ),
        (
            LIFTS,
            "variable: endurance",
            "variable: load",
            [f"{LIFTS}:20: steps[3].variable: load, yet the load is that of the step before"],
        ),
        (
            LIFTS,
            "variable: load",
            "variable: range",
            [
                f"{LIFTS}:13: steps[2].variable: should be load: the first weight is what changes here"
            ],
        ),
        # Doses.
        (
            ROCKS,
            "[12, 12]",
            "[12]",
            [f"{ROCKS}:10: steps[1].dose.rest: is between sets, and there is one"],
        ),
        (
            ROCKS,
            "[5, 4]",
            "[1, 1]",
            [f"{ROCKS}:15: steps[2].dose.pause: is between the holds of a set, and no set has two"],
        ),
        (
            ROCKS,
            "tempo: [4, 4]",
            "tempo: [4, 4], pause: 5",
            [f"{ROCKS}:20: steps[3].dose.pause: is between the holds of a set, and no set has two"],
        ),
        (
            ROCKS,
            "[8, 8]",
            "[40, 40]",
            [
                f"{ROCKS}:20: steps[3].dose: takes 12 min 15 s with an opening; "
                "a ritual may have 10 min 0 s"
            ],
        ),
        (
            BREATH,
            "sets: [6]",
            "rest: 5, sets: [6]",
            [f"{BREATH}:12: dose.rest: is between sets, and there is one"],
        ),
        (
            BREATH,
            "sets: [6]",
            "sets: [19]",
            [f"{BREATH}:12: dose: takes 3 min 10 s; an opening takes at most 3 min 0 s"],
        ),
        # Gates.
        (
            LIFTS,
            "upto: 2",
            "upto: 4",
            [f"{LIFTS}:16: steps[2].gate.clean_steps_upto: should be at most 3 here"],
        ),
        (
            LIFTS,
            "ladder: rocking, ",
            "",
            [f"{LIFTS}:16: steps[2].gate.clean_steps_upto: should be at most 1 here"],
        ),
        (
            LIFTS,
            "ladder: rocking",
            "ladder: running",
            [f"{LIFTS}:16: steps[2].gate.ladder: there is no ladder running"],
        ),
        (
            LIFTS,
            "{max_usual_pain: 5, ladder: rocking, clean_steps_upto: 2}",
            "{ladder: rocking}",
            [
                f"{LIFTS}:16: steps[2].gate: asks for nothing: "
                "say max_usual_pain, clean_steps_upto or both"
            ],
        ),
        (
            ROCKS,
            "rest: 20}\n",
            "rest: 20}\n    gate: {max_usual_pain: 3}\n",
            [f"{ROCKS}:11: steps[1].gate: everybody begins at the first step: it has no gate"],
        ),
        (
            ROCKS,
            "pause: 5}\n",
            "pause: 5}\n    gate: {ladder: lifting, clean_steps_upto: 3}\n",
            [
                f"{LIFTS}:16: steps[2].gate: {NEVER}step 2 of lifting waits for step 2 of rocking, "
                "and step 2 of rocking waits for step 3 of lifting",
                f"{ROCKS}:16: steps[2].gate: {NEVER}step 2 of rocking waits for step 3 of lifting, "
                "and step 2 of lifting waits for step 2 of rocking",
            ],
        ),
        # Signs, swaps, equipment.
        (
            ROCK,
            "Feet press",
            "jaw TIGHTENS",
            [f"{ROCK}:7: signs[2]: is the same as a sign before it"],
        ),
        (
            ROCK,
            "Lie on your side.",
            "{instead: rise}",
            [
                f"{ROCK}:10: cautions.PG.instead: "
                "should be an earlier step of its ladder: there is none"
            ],
        ),
        (
            ROLL,
            "instead: rock",
            "instead: roll",
            [f"{ROLL}:10: cautions.PG.instead: should be an earlier step of its ladder: rock"],
        ),
        (
            HAUL,
            "[dumbbells]\nplaces: [floor, seat]",
            "[chair]\nplaces: [seat]",
            [f"{HEAVE}:10: cautions.PG.instead: leads to haul, which nobody can do at home"],
        ),
        (
            HAUL,
            "[floor, seat]",
            "[seat]",
            [
                f"{HAUL}:8: equipment: at none of its places (seat) is all of this at hand",
                f"{HEAVE}:10: cautions.PG.instead: leads to haul, which nobody can do at home",
            ],
        ),
        (
            ROCK,
            "[floor, seat]",
            "[seat]",
            [
                f"{ROCKS}:7: {FIRST}",
                f"{FLARE}:7: ladders: a beginner finds nothing to do at its place, floor",
            ],
        ),
        (
            ROCK,
            "[chair]",
            "[stair]",
            [
                f"{ROCKS}:7: {FIRST}",
                f"{FLARE}:7: ladders: a beginner finds nothing to do at its place, floor",
                f"{WAY}:7: ladders: a beginner finds nothing to do at its place, seat",
            ],
        ),
        (
            BREATH,
            "cautions: {}",
            "cautions: {PG: Sit.}",
            [f"{BREATH}:10: cautions: an opening suits everybody: its cautions are told to nobody"],
        ),
        # Sets.
        (
            MORNING,
            "occasion: morning",
            "occasion: way",
            ["sets:1: there is no set for morning"],
        ),
        (
            WAY,
            "occasion: way",
            "occasion: short",
            [
                f"{WAY}:3: occasion: another set is for short already",
                "sets:1: there is no set for way",
            ],
        ),
        (
            MORNING,
            "opening: breath",
            "opening: breeze",
            [f"{MORNING}:6: opening: there is no exercise breeze"],
        ),
        (
            MORNING,
            "opening: breath",
            "opening: rock",
            [f"{MORNING}:6: opening: rock has no dose of its own, as an opening has"],
        ),
        (
            BREATH,
            "[floor, seat]",
            "[floor]",
            [f"{WAY}:6: opening: not everybody can do breath at its place, seat"],
        ),
        (
            MORNING,
            "[rocking, lifting]",
            "[rocking]",
            [f"{MORNING}:7: ladders: a daily set has all ladders; missing: lifting"],
        ),
        (
            MORNING,
            "[rocking, lifting]",
            "[rocking, lifting, rocking]",
            [f"{MORNING}:7: ladders[3]: rocking stands here twice"],
        ),
        (
            MORNING,
            "[rocking, lifting]",
            "[rocking, lifting, running]",
            [f"{MORNING}:7: ladders[3]: there is no ladder running"],
        ),
        (
            WAY,
            "rocking: 2",
            "rocking: 4",
            [f"{WAY}:8: highest.rocking: should be at most 3"],
        ),
        (
            WAY,
            "{rocking: 2}",
            "{lifting: 2}",
            [f"{WAY}:8: highest.lifting: is not among the ladders of this set"],
        ),
        (
            WAY,
            "place: seat",
            "place: hotel",
            [
                f"{WAY}:6: opening: not everybody can do breath at its place, hotel",
                f"{WAY}:7: ladders[1]: no step of rocking up to 2 can be done at its place, hotel",
            ],
        ),
        (
            FLARE,
            "[rocking]",
            "[rocking, lifting]",
            [f"{FLARE}:7: ladders[2]: a ladder with a weight is not for a flare"],
        ),
        (
            SHORT,
            "[3]\nopening: breath\nladders: [rocking, lifting]",
            "[2]\nopening: breath\nladders: [rocking]",
            [f"{SHORT}:5: minutes[1]: no first step fits into 2 minutes with its opening"],
        ),
        (
            SHORT,
            "[3]\nopening: breath\nladders: [rocking, lifting]",
            "[2]\nopening: breath\nladders: [rocking, lifting]\nhighest: {rocking: 1}",
            [f"{SHORT}:7: ladders[1]: no step of rocking up to 1 fits into 2 minutes"],
        ),
    ],
)
def test_a_slip_between_pages_is_told_with_its_line(
    content: Path, name: str, before: str, after: str, told: list[str]
) -> None:
    replace(content, name, before, after)
    assert faults(content) == told


def test_a_weight_does_not_go_away_and_come_back(content: Path) -> None:
    replace(content, LIFTS, "[2, 2]}\n  - step: 2", "[2, 2]}\n    load: {kg: [2, 6]}\n  - step: 2")
    replace(content, LIFTS, "variable: range", "variable: load")
    replace(content, LIFTS, "    load: {kg: [2, 6]}\n  - step: 3", "  - step: 3")
    replace(
        content, LIFTS, "variable: load\n    changed: a first", "variable: range\n    changed: no"
    )
    assert faults(content) == [
        f"{LIFTS}:23: steps[3].load: comes back: step 2 went without a weight"
    ]


def test_a_gate_may_wait_for_another_ladder_that_waits_for_this_one_further_down(
    content: Path,
) -> None:
    """Rocking 3 waits for lifting 2, which waits for rocking 2: a stair, and no circle."""
    replace(
        content,
        ROCKS,
        "tempo: [4, 4]}",
        "tempo: [4, 4]}\n    gate: {ladder: lifting, clean_steps_upto: 2}",
    )
    assert read_catalogue(content).ladders["rocking"].step(3).gate
