"""Read a YAML page so that every fault can be told by file and line.

YAML 1.1 guesses: `no` becomes false, `12:30` becomes 750, `012` becomes 10, `2026-01-06` a date. Content
means what it says, so here only true and false are truths, null is nothing, whole and decimal numbers are
numbers, and all else is text. A key given twice is a fault, not a matter of which comes last.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Trail = tuple[str | int, ...]  # the way to a value: ("steps", 3, "dose")
Model = TypeVar("Model", bound=BaseModel)

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # in C where there is one: ten times faster
WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
PLAIN_MEANING: Mapping[str, object] = {"true": True, "false": False, "null": None, "": None}

# Pydantic speaks to programmers; these are for clinicians. Whatever is not listed is said as it is.
PLAIN_WORDS: Mapping[str, str] = {
    "missing": "missing",
    "extra_forbidden": "no such field here",
    "unexpected_keyword_argument": "no such field here",
    "string_too_short": "empty",
    "too_short": "empty",
    "string_type": "should be text",
    "int_type": "should be a whole number",
    "bool_type": "should be true or false",
    "tuple_type": "should be a list",
    "dict_type": "should be a mapping",
    "model_type": "should be a mapping",
}


@dataclass(slots=True)
class Page:
    """One content file: its values, where each of them stands, and what is wrong with it so far."""

    name: str  # as its author knows it: content/exercises/bridge.yaml
    values: object = None
    lines: dict[Trail, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def fault(self, trail: Trail, words: str) -> str:
        """A fault in words, led by the line of the value, or of the nearest thing around it."""
        shown = f"{_dotted(trail)}: " if trail else ""
        return f"{self.name}:{self.line(trail)}: {shown}{words}"

    def line(self, trail: Trail) -> int:
        while trail and trail not in self.lines:
            trail = trail[:-1]
        return self.lines.get(trail, 1)

    def blame(self, trail: Trail, words: str) -> None:
        self.faults.append(self.fault(trail, words))

    def as_a(self, model: type[Model], key: str | None = None) -> Model | None:
        """The page, or what stands there under a key, as the model describes it; or None with the reasons
        among the faults."""
        if self.values is None and self.faults:
            return None  # it could not be read at all, which is told already
        values: object = self.values
        trail: Trail = ()
        if key is not None and isinstance(values, dict):
            values, trail = values[key], (key,)
        try:
            return model.model_validate(values)
        except ValidationError as faulty:
            errors = faulty.errors()
            for error in errors:
                if error["type"] == "too_short" and _has_members(error["loc"], errors):
                    continue
                words = PLAIN_WORDS.get(error["type"], error["msg"].removeprefix("Value error, "))
                self.blame((*trail, *_told(error["loc"])), words)
            return None


def read_page(path: Path, root: Path) -> Page:
    """Read one file, named from the folder that contains root. What cannot be read is among the faults."""
    page = Page(path.relative_to(root.parent).as_posix())
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=LOADER)
        page.values = _value(page, node, ())
    except FileNotFoundError:
        page.blame((), "there is no such file")
    except OSError as unreadable:
        page.blame((), f"can't be read: {unreadable.strerror}")
    except yaml.MarkedYAMLError as broken:
        mark = broken.problem_mark
        page.faults.append(f"{page.name}:{mark.line + 1 if mark else 1}: {broken.problem}")
    except (UnicodeDecodeError, yaml.YAMLError) as broken:
        page.faults.append(f"{page.name}:1: {' '.join(str(broken).split())}")
    except RecursionError:  # &a [*a]
        page.blame((), "holds itself, or far too much within each other")
    return page


def _value(page: Page, node: yaml.Node | None, trail: Trail) -> object:
    if node is None:
        return None
    page.lines.setdefault(trail, node.start_mark.line + 1)
    match node:
        case yaml.MappingNode():
            return _mapping(page, node, trail)
        case yaml.SequenceNode():
            return [_value(page, child, (*trail, place)) for place, child in enumerate(node.value)]
        case _:
            return _scalar(node)


def _mapping(page: Page, node: yaml.MappingNode, trail: Trail) -> dict[str, object]:
    values: dict[str, object] = {}
    for key_node, child in node.value:
        key = str(key_node.value)
        if key in values:
            line = key_node.start_mark.line + 1
            page.faults.append(f"{page.name}:{line}: {_dotted((*trail, key))}: given twice")
            continue
        page.lines[(*trail, key)] = key_node.start_mark.line + 1
        values[key] = _value(page, child, (*trail, key))
    return values


def _scalar(node: yaml.Node) -> object:
    text = str(node.value)
    if getattr(node, "style", None):  # quoted or a block: its author asked for text
        return text
    if WHOLE.fullmatch(text):
        return int(text)
    if DECIMAL.fullmatch(text):
        return float(text)
    return PLAIN_MEANING.get(text, text)


def _has_members(trail: Trail, errors: Iterable[ErrorDetails]) -> bool:
    """Pydantic counts only members without a fault of their own: a list of these isn't empty."""
    return any(error["loc"][: len(trail)] == trail != error["loc"] for error in errors)


def _told(trail: Trail) -> Trail:
    """Pydantic adds "[key]" where a mapping's key is at fault, which ends the trail already; and the kind of
    a value, such as "[placed]", where there are several."""
    return tuple(part for part in trail if not str(part).startswith("["))


def _dotted(trail: Trail) -> str:
    """("steps", 3, "dose") is told as steps[4].dose: authors count from 1."""
    words = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in trail)
    return words.removeprefix(".")
