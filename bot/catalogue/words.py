"""Every sentence the bot says, rendered from the macros in one language's folder.

Code names a sentence ("morning.greeting") and hands over values; the sentence itself lives in
content/words/<language>/morning.j2. What is said is HTML as Telegram reads it: values are escaped,
the files' own tags are kept. A sentence that lacks anything is refused, never half said.
"""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, nodes
from jinja2.exceptions import TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.runtime import Macro
from markupsafe import Markup

from bot.catalogue.faults import ContentFaulty

TRAILING_BLANKS = re.compile(r"[ \t]+$", re.MULTILINE)
GAPS = re.compile(r"\n{3,}")  # more than one empty line


class WordsMissing(LookupError):
    """A sentence cannot be said as it was asked for."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name
        self.why = why


class _NothingToSay(ValueError):
    """A sentence came upon None where it expected something to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    speaker: Macro
    arguments: tuple[str, ...]
    required: frozenset[str]
    accepted: frozenset[str]


class Words:
    """The sentences of one language."""

    def __init__(self, folder: Path) -> None:
        """Read every *.j2 file of the folder, once; Jinja's own error names a broken line."""
        if not folder.is_dir():
            raise WordsMissing(folder.name, "there is no such folder of words")
        environment = _environment(folder)
        self._sentences = {
            f"{path.stem}.{name}": sentence
            for path in sorted(folder.glob("*.j2"))
            for name, sentence in _read(environment, path).items()
        }

    def say(self, name: str, /, **values: object) -> str:
        """The sentence as Telegram's HTML."""
        sentence = self._sentence(name)
        _match(name, sentence, values.keys())
        try:
            said = str(sentence.speaker(**values))
        except UndefinedError as gap:
            raise WordsMissing(name, str(gap)) from gap
        except _NothingToSay as gap:
            raise WordsMissing(name, "would have said None") from gap
        return _tidy(said)

    def label(self, name: str, /, **values: object) -> str:
        """The sentence as plain text, for buttons, alerts and answers: no HTML there."""
        return Markup(self.say(name, **values)).unescape()

    def macros(self) -> Mapping[str, tuple[str, ...]]:
        """Every sentence there is, with the names of its arguments."""
        return MappingProxyType(
            {name: sentence.arguments for name, sentence in self._sentences.items()}
        )

    def _sentence(self, name: str) -> _Sentence:
        try:
            return self._sentences[name]
        except KeyError:
            raise WordsMissing(name, "there is no such sentence") from None


def read_words(content: Path, language: str) -> Words:
    """The sentences of a language, or ContentFaulty with all that is wrong."""
    folder = content / "words" / language
    environment = _environment(folder)
    faults = (_fault(environment, path, content) for path in sorted(folder.glob("*.j2")))
    if found := tuple(filter(None, faults)):
        raise ContentFaulty(found)
    try:
        return Words(folder)
    except WordsMissing as missing:
        raise ContentFaulty((f"{content.name}/words/{missing}",)) from None


def _fault(environment: Environment, path: Path, content: Path) -> str | None:
    name = f"{content.name}/{path.relative_to(content).as_posix()}"
    try:
        environment.parse(path.read_text("utf-8"), path.name, str(path))
    except TemplateSyntaxError as broken:
        return f"{name}:{broken.lineno}: {broken.message}"
    except UnicodeDecodeError:
        return f"{name}: is not UTF-8 text"
    return None


def _environment(folder: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,  # values may come from people: a name with < or & must not become a tag
        undefined=StrictUndefined,
        finalize=_refuse_none,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _refuse_none(value: object) -> object:
    """StrictUndefined catches what is missing, not a None handed over: that would be printed."""
    if value is None:
        raise _NothingToSay
    return value


def _read(environment: Environment, path: Path) -> dict[str, _Sentence]:
    tree = environment.parse(path.read_text("utf-8"), path.name, str(path))
    module = _module(environment.get_template(path.name))
    return {
        macro.name: _sentence(macro, getattr(module, macro.name))
        for macro in tree.body
        if isinstance(macro, nodes.Macro)
        if not macro.name.startswith("_")  # Jinja's own habit: that name stays inside the file
    }


def _sentence(macro: nodes.Macro, speaker: Macro) -> _Sentence:
    arguments = tuple(argument.name for argument in macro.args)
    return _Sentence(
        speaker=speaker,
        arguments=arguments,
        required=frozenset(arguments[: len(arguments) - len(macro.defaults)]),
        accepted=frozenset(arguments),
    )


def _module(template: Template) -> object:
    try:
        return template.module
    except TemplateNotFound as gap:  # {% from "nowhere.j2" import line %}
        raise WordsMissing(str(template.name), f"imports {gap.name}, which is not there") from gap


def _match(name: str, sentence: _Sentence, given: Set[str]) -> None:
    """Jinja notices a missing argument only where it is used, and that may be in a rare branch."""
    if missing := sentence.required - given:
        raise WordsMissing(name, f"needs {', '.join(sorted(missing))}")
    if surplus := given - sentence.accepted:
        raise WordsMissing(name, f"knows no {', '.join(sorted(surplus))}")


def _tidy(text: str) -> str:
    return GAPS.sub("\n\n", TRAILING_BLANKS.sub("", text)).strip()
