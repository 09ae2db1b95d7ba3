"""docs/content.md, followed to the letter: its files, its mistakes, and that it leaves nothing out."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from bot.catalogue import forms
from bot.catalogue.form import Form
from bot.catalogue.tongues import ENGLISH, languages
from bot.cli import app
from bot.domain.exercise import EQUIPMENT, Caution, Occasion, Place, Variable

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "content.md").read_text("utf-8")
PROSE = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
LADDER = "ladders/bridge.yaml"
NEW = "exercises/single-leg-bridge-arms-up.yaml"

FIELDS = {
    field
    for form in vars(forms).values()
    if isinstance(form, type) and issubclass(form, Form)
    for field in form.model_fields
}
NOT_EXPLAINED = {"change"}  # what a caution's words are read as; nobody writes it


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(FIELDS - NOT_EXPLAINED, id="fields"),
        pytest.param({*Caution}, id="cautions"),
        pytest.param({*Place}, id="places"),
        pytest.param({*Occasion}, id="occasions"),
    ],
)
def test_whatever_an_author_may_write_is_on_the_page(names: set[str]) -> None:
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", PROSE))))
    assert {str(name) for name in names} - told == set()


@pytest.mark.parametrize("names", [Variable, sorted(EQUIPMENT)], ids=["variables", "equipment"])
def test_the_lists_on_the_page_are_whole(names: Iterable[str]) -> None:
    assert ", ".join(names) in PROSE


def test_every_option_that_the_page_names_is_there() -> None:
    options = {o for p in get_command(app).commands["preview"].params for o in p.opts}  # type: ignore[attr-defined]
    named = set(re.findall(r"--[a-z]+", PAGE))
    assert named <= options
    assert options == named


# What the page tells to do.


def said(content: Path, *command: str) -> list[str]:
    """All that is said. The lines that a fault is in depend on what else stands in the file."""
    done = CliRunner().invoke(app, command, env={"BACKBEAT_CONTENT": str(content)})
    return re.sub(r"(?m)^(\S+\.yaml):\d+:", r"\1:", done.output).splitlines()


def shown(first: str) -> list[str]:
    """What the page shows below the nth `backbeat check` that is followed by this."""
    [block] = re.findall(rf"```\n\$ backbeat check\n({re.escape(first)}.*?)```", PAGE, re.DOTALL)
    return re.sub(r"(?m)^(\S+\.yaml):\d+:", r"\1:", block).splitlines()


def yaml_of(first: str) -> str:
    [block] = re.findall(rf"```yaml\n({re.escape(first)}.*?)```", PAGE, re.DOTALL)
    return str(block)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "content", tmp_path / "content"))


def test_a_changed_cue_is_shown(content: Path) -> None:
    page = content / "exercises/bridge-holds.yaml"
    cue = yaml_of("cue: ")
    page.write_text(re.sub(r"(?m)^cue:.*\n", cue, page.read_text("utf-8")), "utf-8")
    assert said(content, "check") == ["The content is in order."]
    command = re.findall(r"(?m)^backbeat (preview .*)$", PAGE)[0].split()
    assert cue.removeprefix("cue: ").strip() in said(content, *command)


def test_the_mistake_on_purpose_is_told(content: Path) -> None:
    ladder = content / LADDER
    fourth = ladder.read_text("utf-8").partition("step: 4")
    ladder.write_text("".join((*fourth[:2], fourth[2].replace("hold: 10", "hold: ten", 1))))
    assert said(content, "check") == shown(f"content/{LADDER}")


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        ("exercises/bridge-holds.yaml", "places: [floor, hotel", "places: [flor, hotel", 0),
        ("exercises/bridge-holds.yaml", "cue:", "queue:", 1),
        (LADDER, "exercise: bridge-holds", "exercise: bridge-hold", 2),
        (LADDER, "tempo: [2, 2, 3]", "tempo: [2, 3]", 3),
    ],
)
def test_the_other_mistakes_are_told_as_the_table_says(
    content: Path, name: str, before: str, after: str, told: int
) -> None:
    page = content / name
    assert before in page.read_text("utf-8")
    page.write_text(page.read_text("utf-8").replace(before, after, 1), "utf-8")
    table = PAGE.partition("| mistake | told as |")[2].splitlines()[2:6]
    faults = re.findall(r"`([^`]+)`", table[told].rpartition(" | ")[2])
    assert {f"content/{name}: {fault}" for fault in faults} <= {*said(content, "check")}


def without_languages(content: Path, *kept: str) -> None:
    """As the page has it, for an author who needs only these."""
    for language in languages(content):
        if language not in (ENGLISH, *kept):
            shutil.rmtree(content / "words" / language)


def add(content: Path, name: str, first: str) -> None:
    with (content / name).open("a", encoding="utf-8") as page:
        page.write(yaml_of(first))


def test_a_step_is_added(content: Path) -> None:
    without_languages(content)
    add(content, NEW, "# yaml-language-server")
    assert said(content, "check") == shown(f"content/{NEW}")
    add(content, LADDER, "  - step: 8")
    assert said(content, "check") == ["The content is in order."]
    preview = ("preview", "--step", "bridge=8")
    assert {"2. Single-leg bridge, arms up", "Keep the fingertips still while the hips rise."} <= {
        *said(content, *preview)
    }
    [stands_in] = re.findall(r"(?m)^bridge: step 1 stands in .*$", PAGE)
    assert stands_in in said(content, *preview, "--caution", "PG")


def test_the_step_is_said_in_another_language(content: Path) -> None:
    without_languages(content, "de")
    add(content, NEW, "# yaml-language-server")
    add(content, LADDER, "  - step: 8")
    assert said(content, "check") == shown("content/words/de")
    add(content, "words/de/exercises.yaml", "single-leg-bridge-arms-up:")
    ladders = content / "words/de/ladders.yaml"
    text, last = ladders.read_text("utf-8"), "    - ein Bein trägt den ganzen Weg\n"
    assert text.count(last) == 1
    ladders.write_text(text.replace(last, last + yaml_of("    - die Arme")), "utf-8")
    assert said(content, "check") == ["The content is in order."]
    spoken = said(content, "preview", "--step", "bridge=8", "--language", "de")
    assert "2. Brücke auf einem Bein, Arme hoch" in spoken
