"""Read content/safety.yaml: what asks for a clinician's word, and the cautions that come with it."""

from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from bot.catalogue.faults import ContentFaulty
from bot.catalogue.form import Form
from bot.catalogue.yaml_lines import Page, read_page
from bot.domain.exercise import Caution
from bot.domain.safety import ClearanceItem

# It travels in a button's data, behind marks that end with a colon, and is a part of its sentence's name.
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,29}$")]


class ItemForm(Form):
    """Something that asks for a clinician's word before starting."""

    id: Name
    """Its name; the sentence is safety.item_<id> in words/<language>/safety.j2."""
    cautions: tuple[Caution, ...]
    """What it changes in exercises, as these name it; [] for nothing."""


class SafetyForm(Form):
    """The safety screen."""

    clearance: tuple[ItemForm, ...]
    """In the order in which they are shown, each a button."""


def read_safety(path: Path) -> tuple[ClearanceItem, ...]:
    """All items, or ContentFaulty with all that is wrong."""
    page, form = read_safety_page(path)
    if page.faults or form is None:
        raise ContentFaulty(tuple(page.faults))
    return tuple(
        ClearanceItem(id=item.id, cautions=frozenset(item.cautions)) for item in form.clearance
    )


def read_safety_page(path: Path) -> tuple[Page, SafetyForm | None]:
    """With its faults, for whoever has more to check."""
    page = read_page(path, path.parent)
    form = page.as_a(SafetyForm)
    names = [item.id for item in form.clearance] if form else []
    for place, name in enumerate(names):
        if name in names[:place]:
            page.blame(("clearance", place, "id"), f"another item is {name} already")
    return page, form
