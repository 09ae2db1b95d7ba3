"""What must hold for one language's words: every sentence that the bot says is there, and can be said.

`sentences.txt` beside this file lists what the bot says, with the values it hands over. It is written from
the code by `make lists`, and a test holds it there: so an author is told of a slip at once, and nobody in the
morning.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.meta import find_undeclared_variables

from bot.catalogue.tongues import ENGLISH, FILES

LIST = Path(__file__).with_name("sentences.txt")
LINE = re.compile(r"(?P<file>\w+)\.(?P<macro>\w+)\((?P<arguments>[\w, ]*)\)")
KIND = ".j2"
ITEM = "item_"

Sentence = tuple[str, str]  # a file, without its ending, and a macro
Sentences = Mapping[Sentence, frozenset[str]]  # with the values that it is given


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file of words that could be read."""

    name: str  # as its author knows it: content/words/en/card.j2
    tree: nodes.Template
    unknown: frozenset[str]  # names that it speaks of without having been given them

    def macros(self) -> Iterator[nodes.Macro]:
        """Its sentences. A name that begins with _ stays inside the file, as is Jinja's habit."""
        return (
            node
            for node in self.tree.body
            if isinstance(node, nodes.Macro) and not node.name.startswith("_")
        )


Sheets = dict[str, Sheet | None]  # None for a file that cannot be read


@cache
def _listed() -> Sentences:
    lines = map(LINE.fullmatch, LIST.read_text("utf-8").splitlines())
    return {
        (line["file"], line["macro"]): frozenset(filter(None, line["arguments"].split(", ")))
        for line in lines
        if line
    }


def word_faults(
    environment: Environment, folder: Path, content: Path, items: Iterable[str] | None
) -> tuple[str, ...]:
    """Everything that is wrong with one language. `items` are those of the safety screen, each of which is
    said; where they could not be read, none is missed and none is too much."""
    name = f"{content.name}/{folder.relative_to(content).as_posix()}"
    if not folder.is_dir():
        return (f"{name}:1: there is no such folder of words",)
    faults: list[str] = []
    sheets: Sheets = {}
    for path in sorted(path for path in folder.glob("*") if not path.name.startswith(".")):
        shown = f"{name}/{path.name}"
        if path.name in FILES and folder.name != ENGLISH:
            continue  # the words of the pages of content: tongues.py checks them
        if path.suffix != KIND:
            faults.append(f"{shown}:1: is not read: its name should end in {KIND}")
            continue
        read = _read(environment, path, shown)
        sheets[path.stem] = read if isinstance(read, Sheet) else None
        faults += [read] if isinstance(read, str) else _unknown_values(read)
    for sheet in filter(None, sheets.values()):
        faults += _imports(sheet, sheets)
    if items is None:
        items = [
            name.removeprefix(ITEM)
            for name in _names(sheets.get("safety"))
            if name.startswith(ITEM)
        ]
    said = {**_listed(), **{("safety", f"{ITEM}{item}"): frozenset[str]() for item in items}}
    return (*faults, *_compared(name, sheets, said))


def _names(sheet: Sheet | None) -> list[str]:
    return [macro.name for macro in sheet.macros()] if sheet else []


def _read(environment: Environment, path: Path, name: str) -> Sheet | str:
    """The file, or its fault."""
    try:
        tree = environment.parse(path.read_text("utf-8"), path.name, str(path))
        unknown = find_undeclared_variables(tree) - environment.globals.keys()
    except TemplateSyntaxError as broken:
        return f"{name}:{broken.lineno}: {broken.message}"
    except UnicodeDecodeError:
        return f"{name}:1: is not UTF-8 text"
    except OSError as unreadable:
        return f"{name}:1: can't be read: {unreadable.strerror}"
    return Sheet(name, tree, frozenset(unknown))


def _unknown_values(sheet: Sheet) -> Iterator[str]:
    """What a sentence speaks of and nobody hands over: it would fail when it is said."""
    for macro in sheet.tree.find_all(nodes.Macro) if sheet.unknown else ():
        names = [*macro.find_all(nodes.Name)]
        known = {node.name for node in names if node.ctx != "load"}
        for node in names:
            if node.name in sheet.unknown - known:
                yield f"{sheet.name}:{node.lineno}: {macro.name} is not given any {node.name}"


def _imports(sheet: Sheet, sheets: Sheets) -> Iterator[str]:
    for name, macro, line in _imported(sheet):
        if name not in sheets:
            yield f"{sheet.name}:{line}: imports {name}{KIND}, which is not there"
        elif (other := sheets[name]) and macro not in _names(other):
            yield f"{sheet.name}:{line}: imports {macro}, which {name}{KIND} does not have"


def _imported(sheet: Sheet) -> Iterator[tuple[str, str, int]]:
    """File, macro and line."""
    for node in sheet.tree.find_all(nodes.FromImport):
        if isinstance(node.template, nodes.Const):
            for name in node.names:
                macro = name if isinstance(name, str) else name[0]
                yield str(node.template.value).removesuffix(KIND), macro, node.lineno


def _compared(name: str, sheets: Sheets, said: Sentences) -> Iterator[str]:
    """With what the bot says: unlike, said by nobody, or missing."""
    there: set[Sentence] = set()
    read = {file: sheet for file, sheet in sheets.items() if sheet}
    helping = {(file, macro) for sheet in read.values() for file, macro, _ in _imported(sheet)}
    for file, sheet in read.items():
        for macro in sheet.macros():
            sentence, place = (file, macro.name), f"{sheet.name}:{macro.lineno}: {macro.name}"
            given, taken = said.get(sentence), {argument.name for argument in macro.args}
            if sentence in there:
                yield f"{place} stands here twice"
            elif given is None and sentence not in helping:
                yield f"{place} is said by nobody"
            elif given is not None and given != taken:
                yield f"{place} should take {_told(given)}, not {_told(taken)}"
            there.add(sentence)
    for file in sorted({file for file, _ in said} - sheets.keys()):
        yield f"{name}/{file}{KIND}:1: there is no such file"
    for file, missing in sorted(said.keys() - there):
        if file in read:
            yield f"{read[file].name}:1: {missing}{_told(said[file, missing])} is missing"


def _told(arguments: Iterable[str]) -> str:
    return f"({', '.join(sorted(arguments))})"
