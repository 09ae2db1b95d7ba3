"""Every exercise is drawn as a body can move; and what a body can't do is found."""

from typing import Any

import numpy as np
import pytest

from bot.domain.look import Build
from bot.pictures.mannequin import Mannequin
from bot.pictures.physics import troubles
from bot.pictures.volumes import skin
from tests.pictures.bodies import catalogue, drawn, figure_of

STEPS = [step.exercise.id for one in catalogue().ladders.values() for step in one.steps]
OPENINGS = sorted({one.opening.exercise.id for one in catalogue().sets.values()})


@pytest.mark.parametrize("exercise", [*STEPS, *OPENINGS])
def test_every_exercise_is_drawn_as_a_body_can_move(exercise: str) -> None:
    assert [str(one) for one in troubles(figure_of(exercise))] == []


def test_there_are_55_steps() -> None:
    assert len(STEPS) == len(set(STEPS)) == 55


HAND_ON_WALL = {"hand": (30, 110, 17), "palm": "wall"}
CHAIR = {"chair": {"x": 0, "seat": 45}}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({}, "", id="nothing"),
        pytest.param(
            {"low__right_leg": {"foot": (0, 0), "bend": (-1, 0, 0)}},
            "the right knee bends backwards",
            id="knee backwards",
        ),
        pytest.param(
            {"low__anchor": {"pelvis": (-8, 40)}, "low__legs": {"thigh": -90, "shin": -90}},
            "cm below the floor",
            id="below the floor",
        ),
        pytest.param(
            {"low__anchor": {"pelvis": (0, 97)}},
            "the right leg can't reach its place",
            id="too high for the feet",
        ),
        pytest.param(
            {"low__right_leg": {"hip": -40, "knee": 10}}, "the right hip is bent by -40", id="hip"
        ),
        pytest.param({"low__lumbar": -30}, "lumbar flexion of -30 is out of range", id="lumbar"),
        pytest.param(
            {"low__anchor": {"pelvis": (-8, 88.6)}, "low__trunk": 88},
            "pelvis should move down by 8 cm, and moves",
            id="nothing moves",
        ),
        pytest.param(
            {"low__legs": {"foot": (0, 5)}},
            "right_heel should rest on the floor, and is +4.4 cm off",
            id="no contact",
        ),
        pytest.param({"props": {"wall": {"x": -5}}}, "the trunk is", id="in the wall on the left"),
        pytest.param(
            {"props": {"wall": {"x": 6, "side": "right"}}}, "the trunk is", id="on the right"
        ),
        pytest.param(
            {"low__arms": {"shoulder": (30, 10, 0), "elbow": -60}},
            "the right elbow bends the wrong way",
            id="elbow",
        ),
        pytest.param(
            {"low__right_arm": {"hand": {"part": "chest", "at": (2, -12, 0)}}},
            "the right forearm goes",
            id="forearm through the trunk",
        ),
        pytest.param({"props": CHAIR}, "cm inside the seat", id="in the seat"),
        pytest.param(
            {"props": {"chair": {"x": 19, "seat": 45}}}, "inside the chair's back", id="in its back"
        ),
        pytest.param(
            {"props": {"block": {"x": 0, "h": 60, "w": 30}}}, "inside the block", id="in the block"
        ),
        pytest.param(
            {"tall__right_arm": HAND_ON_WALL, "low__right_arm": {"upper": 180, "fore": (180, 80)}},
            "",
            id="an arm that only swings",
        ),
    ],
)
def test_what_a_body_cant_do_is_told(changes: dict[str, Any], told: str) -> None:
    found = [str(one) for one in troubles(drawn(**changes))]
    assert any(told in one for one in found) if told else not found


def test_a_jump_is_told_where_a_clip_would_jerk() -> None:
    """The knee is swung from the front to the back: there is a moment in which it can't be in between."""
    bend = {"foot": (0, 0), "bend": (1, 0, 0.1)}
    figure = drawn(
        tall__anchor={"pelvis": (-8, 70)},
        tall__legs=bend,
        low__anchor={"pelvis": (-8, 60)},
        low__legs=bend | {"bend": (-1, 0, 0.1)},
    )
    assert any("jumps by" in str(one) for one in troubles(figure))


@pytest.mark.parametrize("build", Build)
@pytest.mark.parametrize("exercise", ["full-bridge", "stick-hinge", "knee-side-plank-pulses"])
def test_what_rests_stays_where_it_is(exercise: str, build: Build) -> None:
    figure = figure_of(exercise)
    man = Mannequin(figure.poses, build)
    start, end = figure.poster.poses
    moments = [man.between(start, end, float(share)) for share in np.linspace(0, 1, 9)]
    for contact in figure.contacts:
        heights = [float(skin(moment, man.shape, contact)[1]) for moment in moments]
        assert max(map(abs, heights)) < 0.5
    for point in ("right_heel", "left_ball"):
        if point in figure.contacts:
            places = np.array([moment[point] for moment in moments])
            assert np.ptp(places, axis=0).max() < 0.01


@pytest.mark.parametrize("exercise", ["bird-dog", "open-book", "heel-slide"])
def test_a_movement_begins_and_ends_in_its_poses(exercise: str) -> None:
    figure = figure_of(exercise)
    man = Mannequin(figure.poses, Build.SLIM)
    start, end = figure.poster.poses
    for share, pose in ((0.001, start), (0.999, end)):
        there, near = man.at(pose), man.between(start, end, share)
        apart = [float(np.linalg.norm(near[name] - there[name])) for name in there.points]
        assert max(apart) < 0.3
