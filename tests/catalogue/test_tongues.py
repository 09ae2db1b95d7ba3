"""A language's words for content: read, checked against the pages, and spoken instead of English."""

from pathlib import Path

import pytest

from bot.catalogue.claims import CLAIMS, claims
from bot.catalogue.faults import ContentFaulty
from bot.catalogue.forms import BUTTON
from bot.catalogue.reading import Catalogue, read_catalogue
from bot.catalogue.tongues import ENGLISH, languages
from bot.catalogue.whole import content_faults
from bot.domain.exercise import Caution, Occasion, Swap
from tests.catalogue.folder import replace, write

CONTENT = Path(__file__).parents[2] / "content"
EXERCISES, LADDERS, SETS = (f"words/de/{name}.yaml" for name in ("exercises", "ladders", "sets"))
EXERCISE = """\
{slug}:
  name: Auf {slug}
  position: Auf einem Stuhl
  cue: Sanft.
  breath: Aus.
  signs: [Kiefer wird fest, Füße drücken]
"""
TWO = """\
{slug}:
  name: {name}
  purpose: Zum {name}.
"""
NAMES = ("rock", "roll", "rise", "lift", "haul", "heave", "breath")
OCCASIONS = ("morning", "midday", "evening", "way", "flare", "short")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A small folder that speaks German, too. The first exercise stands in lines 1 to 8."""
    folder = write(tmp_path / "content")
    rock, *others = (EXERCISE.format(slug=slug) for slug in NAMES)
    texts = {
        EXERCISES: rock + "  cautions:\n    PG: Leg dich auf die Seite.\n" + "".join(others),
        LADDERS: TWO.format(slug="rocking", name="Wiegen")
        + "  changed: [wiegen, bleiben, langsamer]\n"
        + TWO.format(slug="lifting", name="Heben")
        + "  changed: [heben, ein Gewicht, länger]\n",
        SETS: "".join(TWO.format(slug=slug, name="Beginnen") for slug in OCCASIONS),
    }
    (folder / "words" / "de").mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def faults(content: Path) -> list[str]:
    """What is told, without the name of the folder."""
    with pytest.raises(ContentFaulty) as caught:
        read_catalogue(content)
    return [told.removeprefix("content/") for told in caught.value.faults]


def test_a_catalogue_is_spoken_in_the_words_of_a_language(content: Path) -> None:
    english = read_catalogue(content)
    german = english.spoken("de")
    step = german.ladders["rocking"].step(1)
    assert (german.ladders["rocking"].name, step.changed) == ("Wiegen", "wiegen")
    assert step.exercise is german.exercises["rock"]
    assert step.exercise.signs == ("Kiefer wird fest", "Füße drücken")
    assert step.exercise.cautions == {Caution.PREGNANCY: Swap(change="Leg dich auf die Seite.")}
    assert german.exercises["roll"].cautions == {Caution.PREGNANCY: Swap(instead="rock")}
    morning = german.set_for(Occasion.MORNING)
    assert (morning.name, morning.opening.exercise.name) == ("Beginnen", "Auf breath")
    assert morning.opening.exercise is german.exercises["breath"]


def test_what_is_no_matter_of_words_is_the_same_in_every_language(content: Path) -> None:
    english = read_catalogue(content)
    german = english.spoken("de")
    assert [*german.ladders] == [*english.ladders]
    for slug, ladder in english.ladders.items():
        assert german.ladders[slug].exercises == ladder.exercises
        assert [step.dose for step in german.ladders[slug].steps] == [s.dose for s in ladder.steps]
    assert german.sets["way"].highest == english.sets["way"].highest


@pytest.mark.parametrize("language", [ENGLISH, "tlh", ""])
def test_english_is_spoken_where_a_language_is_not_known(content: Path, language: str) -> None:
    catalogue = read_catalogue(content)
    assert catalogue.spoken(language) is catalogue


def test_english_comes_first_and_needs_no_folder(content: Path) -> None:
    (content / "words" / "ca").mkdir()
    assert languages(content) == ("en", "ca", "de")
    (content / "words" / "en").mkdir()
    (content / "words" / "notes.txt").touch()
    assert languages(content) == ("en", "ca", "de")


@pytest.mark.parametrize(
    ("name", "before", "after", "fault"),
    [
        (EXERCISES, "rock:", "rick:", "1: rick: there is no such page"),
        (EXERCISES, "rock:", "rick:", "1: rock is missing"),
        (EXERCISES, "rise:", "roll:", "15: roll: given twice"),
        (EXERCISES, "name: Auf rock", "nom: Auf rock", "2: rock.nom: no such field here"),
        (EXERCISES, "name: Auf rock", "nom: Auf rock", "1: rock.name: missing"),
        (EXERCISES, "  name: Auf roll\n", "", "9: roll.name: missing"),
        (EXERCISES, "name: Auf roll", 'name: ""', "10: roll.name: empty"),
        (
            EXERCISES,
            "PG: Leg dich",
            "KN: Leg dich",
            "8: rock.cautions.KN: its page has no change in words for that",
        ),
        (EXERCISES, "PG: Leg dich", "KN: Leg dich", "7: rock.cautions: PG is missing"),
        (EXERCISES, "PG: Leg dich", "XX: Leg dich", "8: rock.cautions.XX: Input should be 'PG'"),
        (
            EXERCISES,
            "name: Auf rock",
            "phases: [vor]\n  name: Rock",
            "2: rock.phases: should be 0, as on its page, and there are 1",
        ),
        (LADDERS, "[wiegen, bleiben, ", "[bleiben, ", "4: rocking.changed: should be 3, as"),
        (LADDERS, "lifting:", "shifting:", "1: lifting is missing"),
        (LADDERS, "rocking:", "- rocking", "2: mapping values are not allowed in this context"),
        (SETS, "way:", "hike:", "10: hike: there is no such page"),
        (SETS, "way:\n  name: Beginnen\n", "way:\n", "10: way.name: missing"),
    ],
)
def test_a_slip_is_told_with_its_line(
    content: Path, name: str, before: str, after: str, fault: str
) -> None:
    replace(content, name, before, after)
    told = faults(content)
    assert any(one.startswith(f"{name}:{fault}") for one in told), told


@pytest.mark.parametrize(
    ("signs", "fault"),
    [
        ("[Kiefer]", "6: rock.signs: should be 2, as on its page, and there are 1"),
        ("[Kiefer, Füße, Nacken]", "6: rock.signs: should be 2, as on its page, and there are 3"),
        ("[Kiefer, kiefer]", "6: rock.signs[2]: is the same as a sign before it"),
        (
            f"[Kiefer, {'F' * (BUTTON + 1)}]",
            f"6: rock.signs[2]: String should have at most {BUTTON} characters",
        ),
    ],
)
def test_signs_are_those_of_the_page_and_fit_on_a_button(
    content: Path, signs: str, fault: str
) -> None:
    text = (content / EXERCISES).read_text("utf-8")
    spoilt = text.replace("[Kiefer wird fest, Füße drücken]", signs, 1)
    (content / EXERCISES).write_text(spoilt, "utf-8")
    assert faults(content) == [f"{EXERCISES}:{fault}"]


@pytest.mark.parametrize("text", ["", "[rock]", "rock"])
def test_a_file_that_holds_no_words_is_told_once(content: Path, text: str) -> None:
    (content / SETS).write_text(text, "utf-8")
    words = "should be a mapping, from the names of the pages to their words"
    assert faults(content) == [f"{SETS}:1: {words}"]


def test_a_file_that_is_not_there_is_told(content: Path) -> None:
    (content / LADDERS).unlink()
    assert faults(content) == [f"{LADDERS}:1: there is no such file"]


def test_all_slips_of_a_language_are_told_in_one_go(content: Path) -> None:
    replace(content, EXERCISES, "  name: Auf rock\n", "")
    replace(content, EXERCISES, "  name: Auf rise\n", "")
    replace(content, LADDERS, "rocking:", "racking:")
    replace(content, SETS, "flare:", "fl:")
    assert faults(content) == [
        f"{EXERCISES}:1: rock.name: missing",
        f"{EXERCISES}:14: rise.name: missing",
        f"{LADDERS}:1: racking: there is no such page",
        f"{LADDERS}:1: rocking is missing",
        f"{SETS}:13: fl: there is no such page",
        f"{SETS}:1: flare is missing",
    ]
    told = [fault.removeprefix("content/") for fault in content_faults(content, ENGLISH)]
    assert {*faults(content)} <= {*told}


def test_the_words_of_pages_have_no_place_beside_english(content: Path) -> None:
    (content / "words" / "en").mkdir()
    (content / "words" / "en" / "sets.yaml").touch()
    told = content_faults(content, ENGLISH)
    assert "content/words/en/sets.yaml:1: is not read: its name should end in .j2" in told
    assert "content/words/de/sets.yaml:1: is not read: its name should end in .j2" not in told


# The languages there are.


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(CONTENT)


@pytest.mark.parametrize("language", languages(CONTENT)[1:])
def test_nothing_is_left_in_english(catalogue: Catalogue, language: str) -> None:
    spoken = catalogue.spoken(language)
    for slug, exercise in catalogue.exercises.items():
        theirs = spoken.exercises[slug]
        for text in ("position", "cue", "breath"):
            assert getattr(theirs, text) != getattr(exercise, text), (slug, text)
        assert not {*theirs.signs} & {*exercise.signs}, slug
        assert all(len(sign) <= BUTTON for sign in theirs.signs)
        for caution, swap in exercise.cautions.items():
            assert swap.instead == theirs.cautions[caution].instead
            assert not swap.change or swap.change != theirs.cautions[caution].change
    for slug, ladder in catalogue.ladders.items():
        assert spoken.ladders[slug].purpose != ladder.purpose
        for mine, step in zip(spoken.ladders[slug].steps, ladder.steps, strict=True):
            assert mine.changed != step.changed
    for slug, one in catalogue.sets.items():
        assert spoken.sets[slug].purpose != one.purpose


@pytest.mark.parametrize("language", languages(CONTENT))
def test_every_language_knows_what_it_may_not_claim(language: str) -> None:
    assert CLAIMS[language]


@pytest.mark.parametrize(
    ("language", "sentence", "claimed"),
    [
        ("de", "Das ist keine Diagnose und kein medizinisches Angebot.", None),
        ("de", "Sprich mit einer Physiotherapeutin oder einem Arzt.", None),
        ("de", "Ein Vorteil, ein Seil, ein heilloses Durcheinander.", None),
        ("de", "eine Diagnose", "Diagnose"),
        ("de", "Das heilt den Rücken.", "heilt"),
        ("de", "zur Heilung", "Heilung"),
        ("de", "deine Bewegungstherapie", "Bewegungstherapie"),
        ("de", "ein Therapeut", "Therapeut"),
        ("de", "Rückenschmerzen behandeln", "behandeln"),
        ("de", "nach der Reha", "Reha"),
        ("de", "vom Bot verschrieben", "verschrieben"),
        ("de", "sicher bei deinen Beschwerden", "sicher bei deinen"),
        ("es", "No es un diagnóstico ni atención médica.", None),
        ("es", "Se trata de respirar; trata de no tensarte.", None),
        ("es", "Una fisioterapeuta puede mirarte.", None),
        ("es", "La curva de la espalda, sin trato.", None),
        ("es", "un diagnóstico", "diagnóstico"),
        ("es", "un tratamiento", "tratamiento"),
        ("es", "trata tu espalda", "trata"),
        ("es", "terapia", "terapia"),
        ("es", "cura la espalda", "cura"),
        ("es", "seguro para tu enfermedad", "seguro para tu enfermedad"),
    ],
)
def test_forbidden_words_are_found_in_each_language(
    tmp_path: Path, language: str, sentence: str, claimed: str | None
) -> None:
    page = tmp_path / "content" / "words" / language / "sets.yaml"
    page.parent.mkdir(parents=True)
    page.write_text(f"# one\n{sentence}\n", "utf-8")
    place = f"content/words/{language}/sets.yaml:2"
    words = f"{place}: says {claimed!r}, which claims medicine; say what one does instead"
    assert [*claims(tmp_path / "content")] == ([words] if claimed else [])
