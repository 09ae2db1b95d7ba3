"""Read content/safety.yaml: what asks for a clinician's word, and the cautions that come with it."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot.catalogue.yaml_lines import read_one
from bot.domain.exercise import Caution
from bot.domain.safety import ClearanceItem


class _ItemForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str
    cautions: tuple[Caution, ...]


class _SafetyForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    clearance: tuple[_ItemForm, ...]


def read_safety(path: Path) -> tuple[ClearanceItem, ...]:
    """All items, or ContentFaulty with all that is wrong."""
    form = read_one(path, path.parent, _SafetyForm)
    return tuple(
        ClearanceItem(id=item.id, cautions=frozenset(item.cautions)) for item in form.clearance
    )
