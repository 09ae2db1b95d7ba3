"""Every sentence the bot says, rendered from the macros in one language's folder.

Code names a sentence ("morning.greeting") and hands over values; the sentence itself lives in
content/words/<language>/morning.j2. What is said is HTML as Telegram reads it: values are escaped,
the files' own tags are kept. A sentence that lacks anything is refused, never half said.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, nodes
from jinja2.exceptions import TemplateNotFound, UndefinedError
from jinja2.runtime import Macro
from markupsafe import Markup

from bot.catalogue.faults import ContentFaulty
from bot.catalogue.safety import read_safety_page
from bot.catalogue.tongues import languages
from bot.catalogue.word_checks import word_faults

TRAILING_BLANKS = re.compile(r"[ \t]+$", re.MULTILINE)
# Where a language alone leaves open how dates and times are written: the day first, and 24 hours, as in most
# places that speak it.
LOCALES = {"en": "en_GB"}
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
        self.language = folder.name
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


class Voices(dict[str, Words]):
    """The sentences of every language there is, by its code; the operator's own for all others."""

    def __init__(self, spoken: Iterable[Words], default: str) -> None:
        super().__init__((words.language, words) for words in spoken)
        self.default = self[default]

    def __missing__(self, language: str) -> Words:
        return self.default


def read_voices(content: Path, default: str) -> Voices:
    """The sentences of every language, or ContentFaulty with all that is wrong with one."""
    spoken = dict.fromkeys((default, *languages(content)))
    return Voices((read_words(content, language) for language in spoken), default)


def read_words(content: Path, language: str) -> Words:
    """The sentences of a language, or ContentFaulty with all that is wrong."""
    _, screen = read_safety_page(content / "safety.yaml")
    items = [item.id for item in screen.clearance] if screen else None
    if faults := words_faults(content, language, items):
        raise ContentFaulty(faults)
    return Words(content / "words" / language)


def words_faults(content: Path, language: str, items: Iterable[str] | None) -> tuple[str, ...]:
    """Everything that is wrong with a language's sentences. The items of the safety screen have one each;
    None where they could not be read."""
    folder = content / "words" / language
    return word_faults(_environment(folder), folder, content, items)


def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,  # values may come from people: a name with < or & must not become a tag
        undefined=StrictUndefined,
        finalize=_refuse_none,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= _as_written_in(folder.name)
    return environment


def _as_written_in(language: str) -> dict[str, Callable[..., str]]:
    """How a language writes days, times and numbers."""
    try:
        locale = Locale.parse(LOCALES.get(language, language), sep="_")
    except (ValueError, UnknownLocaleError):  # a language that nobody has described
        locale = Locale.parse("en_GB")

    def weekday(day: dt.date) -> str:
        return format_date(day, "EEEE", locale=locale)

    def date(day: dt.date) -> str:
        return str(format_skeleton("MMMMd", dt.datetime.combine(day, dt.time()), locale=locale))

    def full_date(day: dt.date) -> str:
        return format_date(day, "medium", locale=locale)

    def short_date(day: dt.date) -> str:
        return str(format_skeleton("Md", dt.datetime.combine(day, dt.time()), locale=locale))

    def clock(time: dt.time) -> str:
        return format_time(time, "short", locale=locale)

    def number(value: float) -> str:
        return str(format_decimal(value, "#,##0.##", locale=locale))

    def country(code: str) -> str:
        return str(locale.territories.get(code, ""))

    filters = (weekday, date, full_date, short_date, clock, number, country)
    return {filter_.__name__: filter_ for filter_ in filters}


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
