"""Read content/safety.yaml: what asks for a clinician's word, and the cautions that come with it."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from bot.catalogue.faults import ContentFaulty
from bot.catalogue.yaml_lines import read_page
from bot.domain.exercise import Caution
from bot.domain.safety import ClearanceItem

# It travels in a button's data, behind marks that end with a colon.
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_-]{0,29}$")]


class _ItemForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: Name
    cautions: tuple[Caution, ...]


class _SafetyForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    clearance: tuple[_ItemForm, ...]


def read_safety(path: Path) -> tuple[ClearanceItem, ...]:
    """All items, or ContentFaulty with all that is wrong."""
    page = read_page(path, path.parent)
    form = None if page.faults else page.as_a(_SafetyForm)
    names = [item.id for item in form.clearance] if form else []
    for place, name in enumerate(names):
        if name in names[:place]:
            page.blame(("clearance", place, "id"), f"another item is {name} already")
    if page.faults or form is None:
        raise ContentFaulty(tuple(page.faults))
    return tuple(
        ClearanceItem(id=item.id, cautions=frozenset(item.cautions)) for item in form.clearance
    )
