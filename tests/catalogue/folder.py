"""A small content folder in which nothing is wrong, to be spoilt by one slip at a time."""

from pathlib import Path

EXERCISE = """\
name: {name}
position: On a chair
cue: Rock gently.
breath: Out.
signs:
  - Jaw tightens
  - Feet press
equipment: {equipment}
places: [floor, seat]
cautions: {cautions}
source: ours
"""
OPENING = EXERCISE + "dose: {{sets: [6], tempo: [4, 6]}}\n"
ROCKING = """\
code: L1
name: Rocking
purpose: To rock.
evidence: none
steps:
  - step: 1
    exercise: rock
    variable: skill
    changed: rocking
    dose: {sets: [12, 12], tempo: [3, 3], rest: 20}
  - step: 2
    exercise: roll
    variable: hold
    changed: staying
    dose: {sets: [5, 4], hold: 10, rest: 20, pause: 5}
  - step: 3
    exercise: rise
    variable: tempo
    changed: slower
    dose: {sets: [8, 8], tempo: [4, 4]}
"""
LIFTING = """\
code: L2
name: Lifting
purpose: To lift.
evidence: none
steps:
  - step: 1
    exercise: lift
    variable: range
    changed: lifting
    dose: {sets: [10, 10], tempo: [2, 2]}
  - step: 2
    exercise: haul
    variable: load
    changed: a first weight
    dose: {sets: [10, 10], tempo: [2, 2]}
    gate: {max_usual_pain: 5, ladder: rocking, clean_steps_upto: 2}
    load: {kg: [2, 6]}
  - step: 3
    exercise: heave
    variable: endurance
    changed: for longer
    dose: {sets: [12, 12], tempo: [2, 3]}
    load: {kg: [2, 6]}
"""
SET = """\
name: {occasion}
purpose: To begin.
occasion: {occasion}
place: {place}
minutes: {minutes}
opening: breath
ladders: {ladders}
source: ours
"""
EMERGENCY = """\
sources:
  health: The health service.
countries:
  CH: {call: "144", also: "112", source: health}
"""
SAFETY = """\
clearance:
  - {id: heart, cautions: [PG]}
  - {id: young, cautions: []}
"""

ROCK, ROLL, BREATH = (f"exercises/{name}.yaml" for name in ("rock", "roll", "breath"))
HAUL, HEAVE = (f"exercises/{name}.yaml" for name in ("haul", "heave"))
ROCKS, LIFTS = "ladders/rocking.yaml", "ladders/lifting.yaml"
MORNING, WAY, FLARE, SHORT = (f"sets/{name}.yaml" for name in ("morning", "way", "flare", "short"))


def _exercise(name: str, equipment: str = "[chair]", cautions: str = "{}") -> str:
    return EXERCISE.format(name=name, equipment=equipment, cautions=cautions)


def _set(occasion: str, minutes: str = "[10]", place: str = "floor", ladders: str = "") -> str:
    return SET.format(
        occasion=occasion, minutes=minutes, place=place, ladders=ladders or "[rocking, lifting]"
    )


FILES = {
    ROCK: _exercise("Rock", cautions="{PG: Lie on your side.}"),
    ROLL: _exercise("Roll", cautions="{PG: {instead: rock}}"),
    "exercises/rise.yaml": _exercise("Rise", cautions="{PG: {instead: roll}}"),
    "exercises/lift.yaml": _exercise("Lift"),
    HAUL: _exercise("Haul", equipment="[dumbbells]"),
    HEAVE: _exercise("Heave", equipment="[dumbbells]", cautions="{PG: {instead: haul}}"),
    BREATH: OPENING.format(name="Breath", equipment="[]", cautions="{}"),
    ROCKS: ROCKING,
    LIFTS: LIFTING,
    MORNING: _set("morning", "[10, 15, 20]"),
    "sets/midday.yaml": _set("midday", "[10, 15, 20]"),
    "sets/evening.yaml": _set("evening", "[10, 15, 20]"),
    WAY: _set("way", "[5, 10]", place="seat", ladders="[rocking]\nhighest: {rocking: 2}"),
    FLARE: _set("flare", ladders="[rocking]"),
    SHORT: _set("short", "[3]"),
    "safety.yaml": SAFETY,
    "emergency.yaml": EMERGENCY,
}


def write(folder: Path) -> Path:
    """The folder, sound."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def replace(folder: Path, name: str, before: str, after: str) -> None:
    """One slip in one file."""
    text = (folder / name).read_text("utf-8")
    assert text.count(before) == 1, (before, text)
    (folder / name).write_text(text.replace(before, after), "utf-8")
