"""Reading content/safety.yaml: what asks for a clinician's word."""

from pathlib import Path

import pytest

from bot.catalogue.faults import ContentFaulty
from bot.catalogue.safety import read_safety
from bot.domain.exercise import Caution
from bot.domain.safety import ClearanceItem

CONTENT = Path(__file__).parents[2] / "content"
LONGEST_ITEM = 64 - len("1:screen:C::1")  # bytes that are left of a button's data


def read(tmp_path: Path, text: str) -> tuple[ClearanceItem, ...]:
    path = tmp_path / "safety.yaml"
    path.write_text(text, "utf-8")
    return read_safety(path)


def test_an_item_brings_its_cautions(tmp_path: Path) -> None:
    assert read(tmp_path, "clearance:\n  - {id: heart, cautions: [BP, BA]}\n") == (
        ClearanceItem(id="heart", cautions=frozenset({Caution.PRESSURE, Caution.BALANCE})),
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("clearance:\n  - {id: heart, cautions: [XX]}\n", "safety.yaml:2: "),
        ("clearance:\n  - {id: heart}\n", "safety.yaml:2: "),
        ("clearance:\n  - {id: heart, cautions: [], cuations: []}\n", "safety.yaml:2: "),
        (
            "clearance:\n  - {id: heart, cautions: []}\n  - {id: heart, cautions: []}\n",
            "safety.yaml:3: ",
        ),
        ("clearance:\n  - {id: 'a:b', cautions: []}\n", "safety.yaml:2: "),
        ("clearance:\n  - {id: '', cautions: []}\n", "safety.yaml:2: "),
        ("other: 1\n", "safety.yaml"),
        ("clearance: [\n", "safety.yaml:"),
        ("", "safety.yaml"),
    ],
)
def test_what_cannot_be_used_is_told_by_file_and_line(
    tmp_path: Path, text: str, fault: str
) -> None:
    with pytest.raises(ContentFaulty) as faulty:
        read(tmp_path, text)
    assert fault in str(faulty.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentFaulty):
        read_safety(tmp_path / "safety.yaml")


def test_the_real_items_stand_for_what_the_evidence_names_and_fit_a_button() -> None:
    items = {item.id: {*item.cautions} for item in read_safety(CONTENT / "safety.yaml")}
    assert items == {
        "pregnant": {Caution.PREGNANCY},
        "bones": {Caution.BONE},
        "surgery": {Caution.FLEXION, Caution.EXTENSION},
        "heart": {Caution.PRESSURE},
        "leg": {Caution.FLEXION},
        "young": set(),
        "inflammatory": set(),
        "falls": {Caution.BALANCE},
    }
    assert max(map(len, items)) <= LONGEST_ITEM
