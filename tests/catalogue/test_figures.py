"""What an author may write below `figure`, and what is said of a slip."""

from pathlib import Path

import pytest

from bot.catalogue.faults import ContentFaulty
from bot.catalogue.reading import read_catalogue
from tests.catalogue.folder import ROCK, ROLL, replace, write

FIGURE = """\
source: ours
figure:
  frame: tall
  props: {mat: {}, chair: {x: -20, seat: 44}}
  poses:
    tall: {trunk: 90, arms: {shoulder: 10}, legs: {foot: [0, 0]}}
    low:
      from: tall
      trunk: 60
      right_arm: {hand: [20, 0], palm: floor}
  cycle:
    - {go: low, s: 2, phase: down}
    - {go: tall, s: 2, phase: up}
  expect: [{point: head, start: tall, end: low, moves: down}]
  poster: {poses: [tall, low]}
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = write(tmp_path / "content")
    replace(folder, ROCK, "source: ours\n", FIGURE)
    return folder


def test_a_pose_is_made_from_another(content: Path) -> None:
    figure = read_catalogue(content).exercises["rock"].figure
    assert figure is not None
    tall, low = figure.poses["tall"], figure.poses["low"]
    assert (tall.trunk.trunk, low.trunk.trunk) == ((90, 0), (60, 0))
    assert low.limbs["left", "arm"] == tall.limbs["left", "arm"]
    assert low.limbs["right", "arm"] != tall.limbs["right", "arm"]
    assert (figure.start, figure.phases) == ("tall", ("down", "up"))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("trunk: 60", "trunc: 60", "19: figure.poses.low.trunc: no such field here"),
        ("palm: floor", "palm: sea", "right_arm.palm: Input should be 'floor', 'lie' or 'wall'"),
        ("palm: floor", "off: 3", "figure.poses.low.right_arm.off: no such field here"),
        ("from: tall", "from: big", "figure: there is no pose big"),
        ("tall: {trunk", "tall: {from: low, trunk", "figure: the pose tall is made from itself"),
        ("{go: low, s: 2, phase: down}", "{go: low}", "write either {go: a pose, s: seconds}"),
        ("{go: tall, s: 2, phase: up}", "{go: up, s: 2}", "figure: there is no pose up"),
        ("point: head, start", "point: elbow, start", "no such point of the body"),
        ("seat: 44", "seat: high", "figure.props.chair.seat: "),
        ("mat: {}", "ground: {speed: 50}", "its speed should be a multiple of its gap"),
        ("mat: {}", "rug: {}", "figure.props.rug: no such field here"),
        ("phase: up}", "phase: down}", "the tempo has 2 phases, the moves of the cycle name 1"),
        (
            "source: ours\n",
            "phases: [down, on]\nsource: ours\n",
            "goes through down, up; the exercise",
        ),
        (
            "  frame: tall\n",
            "  frame: tall\n  highlight: [tail]\n",
            "no such region; there are abs",
        ),
        ("[{point: head", "[{point: head, by: 3", "figure.expect[1].by: no such field here"),
    ],
)
def test_a_slip_is_told_with_its_place(content: Path, before: str, after: str, told: str) -> None:
    replace(content, ROCK, before, after)
    with pytest.raises(ContentFaulty) as caught:
        read_catalogue(content)
    assert any(told in fault for fault in caught.value.faults), caught.value.faults


def test_what_is_held_has_no_phase_but_holding(content: Path) -> None:
    replace(content, ROLL, "source: ours\n", FIGURE)
    with pytest.raises(ContentFaulty) as caught:
        read_catalogue(content)
    [fault] = caught.value.faults
    assert 'the dose is a hold: of phases there is only "hold", not down, up' in fault
