"""What editors are told is what the command writes, fits all content, and refuses what the bot refuses."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from bot.catalogue.schemas import schemas, write_schemas
from bot.catalogue.yaml_lines import read_page

CONTENT = Path(__file__).parents[2] / "content"
KINDS = {"exercises": "exercise", "ladders": "ladder", "sets": "set"}


def kind_of(path: Path) -> str:
    if path.parent.parent.name == "words":
        return f"words-{path.stem}"
    return KINDS.get(path.parent.name, path.stem)


def pages() -> list[Path]:
    return sorted(CONTENT.rglob("*.yaml"))


def complaints(kind: str, text: str, folder: Path) -> Iterator[str]:
    """What an editor would underline."""
    page = folder / "page.yaml"
    page.write_text(text, "utf-8")
    validator = Draft7Validator(json.loads(schemas()[f"{kind}.json"]))
    yield from (error.message for error in validator.iter_errors(read_page(page, folder).values))


def test_the_schemas_on_file_are_what_the_command_writes(tmp_path: Path) -> None:
    written = {path.name: path.read_text("utf-8") for path in write_schemas(tmp_path / "new")}
    on_file = {path.name: path.read_text("utf-8") for path in (CONTENT / "schema").iterdir()}
    assert on_file == written, "bring them up to date: make lists"


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.stem)
def test_every_page_names_its_schema_and_is_valid_under_it(path: Path, tmp_path: Path) -> None:
    text = path.read_text("utf-8")
    mark, _, schema = text.splitlines()[0].partition("$schema=")
    assert mark == "# yaml-language-server: "
    assert (path.parent / schema).resolve() == CONTENT / "schema" / f"{kind_of(path)}.json"
    assert [*complaints(kind_of(path), text, tmp_path)] == []


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("exercises/bridge-holds.yaml", "cue:", "clue:"),
        ("exercises/bridge-holds.yaml", "[floor, hotel, gym]", "[moon]"),
        ("exercises/bridge-holds.yaml", "equipment: []", "equipment: [throne]"),
        ("exercises/bridge-holds.yaml", "  PG:", "  XX:"),
        ("exercises/bridge-holds.yaml", "{instead: buttock-squeeze}", "{instead: a, change: b}"),
        ("exercises/bridge-holds.yaml", "{instead: buttock-squeeze}", "{}"),
        ("exercises/bridge-holds.yaml", "{instead: buttock-squeeze}", "12"),
        ("ladders/hinge.yaml", "variable: range", "variable: speed"),
        ("ladders/hinge.yaml", "[12, 12]", "[12, 0]"),
        ("ladders/hinge.yaml", "kg: [2, 4]", "kg: [2]"),
        ("sets/hotel.yaml", "minutes: [5,", "minutes: [50,"),
        ("safety.yaml", "id: heart", "id: 'a:b'"),
        ("policy.yaml", "value: 15", "value: 15.5"),
        ("policy.yaml", "strength: inference", "strength: guess"),
    ],
)
def test_a_page_that_is_not_valid_is_underlined(
    tmp_path: Path, name: str, before: str, after: str
) -> None:
    text = (CONTENT / name).read_text("utf-8")
    assert before in text
    spoilt = text.replace(before, after, 1)
    assert [*complaints(kind_of(CONTENT / name), spoilt, tmp_path)]


def test_every_field_is_explained() -> None:
    """But those whose own kind is, and the numbers of the policy, whose sources stand beside them."""
    for name, text in schemas().items():
        schema = json.loads(text)
        for form in (schema, *schema["$defs"].values()):
            assert form.get("description"), (name, form)
            fields = form.get("properties", {}) if name != "policy.json" else {}
            assert all("$ref" in field or "description" in field for field in fields.values()), form
