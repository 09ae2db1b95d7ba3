"""The forms of content as JSON Schema, for editors: they check and explain while a file is being written.

A schema knows one page; what must hold between pages is told by `backbeat check`.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, RootModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import NullableSchema, WithDefaultSchema

from bot.catalogue.emergency import EmergencyForm
from bot.catalogue.forms import ExerciseForm, LadderForm, SetForm
from bot.catalogue.policy import policy_form
from bot.catalogue.safety import SafetyForm
from bot.catalogue.tongues import ExerciseWords, LadderWords, SetWords

DRAFT = "http://json-schema.org/draft-07/schema#"  # the newest that all editors know


class ExercisesInWords(RootModel[dict[str, ExerciseWords]]):
    """All exercises in one language, by the names of their pages."""


class LaddersInWords(RootModel[dict[str, LadderWords]]):
    """All ladders in one language, by the names of their pages."""


class SetsInWords(RootModel[dict[str, SetWords]]):
    """All sets in one language, by the names of their pages."""


class _Plain(GenerateJsonSchema):
    """Without what only programmers read: titles, and null for a field that is left out."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False

    def nullable_schema(self, schema: NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def schemas() -> Mapping[str, str]:
    """The text of each schema, by the name of its file."""
    forms: Mapping[str, type[BaseModel]] = {
        "exercise": ExerciseForm,
        "ladder": LadderForm,
        "set": SetForm,
        "safety": SafetyForm,
        "emergency": EmergencyForm,
        "policy": policy_form(),
        "words-exercises": ExercisesInWords,
        "words-ladders": LaddersInWords,
        "words-sets": SetsInWords,
    }
    return {f"{name}.json": _text(name, form) for name, form in forms.items()}


def _text(name: str, form: type[BaseModel]) -> str:
    made = json.dumps(form.model_json_schema(schema_generator=_Plain))
    schema = {"$schema": DRAFT, **json.loads(made, object_hook=_unwrapped), "title": name}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _unwrapped(part: dict[str, object]) -> dict[str, object]:
    """A description is wrapped for the code; an editor wraps it anew."""
    match part.get("description"):
        case str(words):
            return {**part, "description": " ".join(words.split())}
        case _:
            return part


def write_schemas(folder: Path) -> Iterator[Path]:
    """Each schema into a file of the folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, "utf-8")
        yield folder / name
