"""The bot's sentences: what is escaped, what is tidied, what is refused."""

import datetime as dt
from pathlib import Path

import pytest
from jinja2.exceptions import TemplateSyntaxError

from bot.catalogue.words import Words, WordsMissing

MORNING = """
{% from "dose.j2" import line %}

{% macro greeting(name) %}
<b>Good morning, {{ name }}.</b>
{% endmacro %}

{% macro portion(exercise, holds=3) %}
{{ exercise }}: {{ line(holds) }}
{% endmacro %}

{% macro nested(pain) %}
{% if pain > 5 %}
{{ _gently() }}
{% endif %}
{{ pain.unit }}
{% endmacro %}

{% macro _gently() %}Gently today.{% endmacro %}

{% macro spaced(lines) %}

One{{ '   ' }}

{% for line in lines %}
    {% if line %}
{{ line }}
    {% endif %}


{% endfor %}
Last

{% endmacro %}
"""
DOSE = "{% macro line(holds) %}{{ holds }} holds &amp; a breath{% endmacro %}\n"


@pytest.fixture
def words(tmp_path: Path) -> Words:
    (tmp_path / "morning.j2").write_text(MORNING, "utf-8")
    (tmp_path / "dose.j2").write_text(DOSE, "utf-8")
    return Words(tmp_path)


def test_a_name_can_neither_open_a_tag_nor_start_an_entity(words: Words) -> None:
    said = words.say("morning.greeting", name="<b>Tom & Ann")
    assert said == "<b>Good morning, &lt;b&gt;Tom &amp; Ann.</b>"
    assert type(said) is str


def test_a_label_is_plain_text(words: Words) -> None:
    assert words.label("dose.line", holds="<3") == "<3 holds & a breath"
    assert type(words.label("dose.line", holds=3)) is str


def test_a_macro_of_another_file_is_not_escaped_twice(words: Words) -> None:
    assert words.say("morning.portion", exercise="Bridge") == "Bridge: 3 holds &amp; a breath"


def test_blanks_are_tidied(words: Words) -> None:
    assert words.say("morning.spaced", lines=["two", "", "three"]) == "One\n\ntwo\n\nthree\n\nLast"


@pytest.mark.parametrize(
    ("name", "values", "why"),
    [
        ("evening.greeting", {}, "there is no such sentence"),
        ("morning.farewell", {}, "there is no such sentence"),
        ("morning", {}, "there is no such sentence"),
        ("morning._gently", {}, "there is no such sentence"),
        ("morning.line", {}, "there is no such sentence"),  # imported there, said as dose.line
        ("morning.greeting", {}, "needs name"),
        ("morning.portion", {"holds": 2}, "needs exercise"),
        ("morning.greeting", {"name": "Ann", "nmae": "Ann"}, "knows no nmae"),
        ("morning.greeting", {"name": None}, "would have said None"),
        ("morning.nested", {"pain": 1}, "no attribute 'unit'"),
    ],
)
def test_what_cannot_be_said_is_refused_by_name(
    words: Words, name: str, values: dict[str, object], why: str
) -> None:
    with pytest.raises(WordsMissing, match=why) as refused:
        words.say(name, **values)
    assert refused.value.name == name


def test_every_sentence_is_listed_with_its_arguments(words: Words) -> None:
    assert words.macros() == {
        "dose.line": ("holds",),
        "morning.greeting": ("name",),
        "morning.portion": ("exercise", "holds"),
        "morning.nested": ("pain",),
        "morning.spaced": ("lines",),
    }


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WordsMissing, match="no such folder"):
        Words(tmp_path / "tlh")


def test_a_file_that_imports_a_missing_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "morning.j2").write_text(MORNING, "utf-8")
    with pytest.raises(WordsMissing, match=r"imports dose\.j2"):
        Words(tmp_path)


def test_a_file_that_cannot_be_parsed_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "broken.j2").write_text("{% macro line(%}", "utf-8")
    with pytest.raises(TemplateSyntaxError) as broken:
        Words(tmp_path)
    assert (broken.value.name, broken.value.lineno) == ("broken.j2", 1)


WRITTEN = """
{% macro written(day, time, amount, code) %}
{{ day|weekday }}, {{ day|date }}, {{ time|clock }}, {{ amount|number }}, {{ code|country or "nowhere" }}
{% endmacro %}
"""


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Tuesday, 24 November, 07:05, 1,234.5, Switzerland"),
        ("de", "Dienstag, 24. November, 07:05, 1.234,5, Schweiz"),
        ("es", "martes, 24 de noviembre, 7:05, 1.234,5, Suiza"),
        ("tlh", "Tuesday, 24 November, 07:05, 1,234.5, Switzerland"),  # as in English
    ],
)
def test_days_times_numbers_and_countries_are_written_as_the_language_has_them(
    tmp_path: Path, language: str, said: str
) -> None:
    (tmp_path / language).mkdir()
    (tmp_path / language / "morning.j2").write_text(WRITTEN, "utf-8")
    values = {"day": dt.date(2026, 11, 24), "time": dt.time(7, 5), "amount": 1234.5}
    words = Words(tmp_path / language)
    assert words.say("morning.written", **values, code="CH") == said
    assert words.say("morning.written", **values, code="").endswith(", nowhere")
