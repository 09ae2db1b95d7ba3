"""The sheet: the same from run to run, with real words on it, and a shape for each end of a day."""

import subprocess
import sys
from dataclasses import fields, replace
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import resvg_py

from bot.domain.look import Theme
from bot.domain.progress import Kept, Progress
from bot.localchat.media import receive, sniff
from bot.pictures import paper
from bot.pictures.axis import Axis
from bot.pictures.inks import INKS, PRINT, Inks
from bot.pictures.progress import NAMED, STANDS, WIDTH, progress_sheet, progress_svg
from tests.pictures.sheets import LABELS, lived, silent, with_day

LIVES = {
    "three days": lived(3),
    "no number yet": silent(lived(3)),
    "weeks with gaps": lived(47, free=frozenset(range(30, 40))),
    "twelve weeks": lived(84),
    "two years": lived(730, free=frozenset(range(100, 650))),
}


@pytest.mark.parametrize("told", LIVES.values(), ids=LIVES)
def test_every_life_fits_a_phone_and_is_a_picture_that_telegram_takes(told: Progress) -> None:
    sheet = progress_sheet(told, LABELS)
    _, width, height = sniff(sheet)
    assert width == WIDTH
    assert width < height <= 1.7 * width
    receive("photo", "progress.png", sheet, (0, 0), 0)  # else it refuses
    assert len(sheet) < 200_000


@pytest.mark.parametrize("told", LIVES.values(), ids=LIVES)
def test_everything_stays_on_the_sheet(told: Progress) -> None:
    root = ElementTree.fromstring(progress_svg(told, LABELS))
    height = float(root.attrib["height"])
    for node in root:
        for name, most in (("x", WIDTH), ("cx", WIDTH), ("y", height), ("cy", height)):
            assert 0 <= float(node.attrib.get(name, 0)) <= most, node.attrib


def test_another_process_draws_the_same_bytes() -> None:
    drawn = (
        "import sys; from tests.pictures.sheets import LABELS, lived;"
        "from bot.pictures.progress import progress_sheet;"
        "sys.stdout.buffer.write(progress_sheet(lived(20), LABELS))"
    )
    outputs = {
        subprocess.run([sys.executable, "-c", drawn], capture_output=True, check=True).stdout
        for _ in range(2)
    }
    assert outputs == {progress_sheet(lived(20), LABELS)}


def test_the_words_are_really_there() -> None:
    """Without its font the library draws no letter, and says nothing of it."""
    svg = progress_svg(lived(3), LABELS)
    bare = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True)
    assert len(paper.png(svg)) > len(bare) + 10_000
    for name in ("title", "pain", "steps", "days", "band"):
        other: dict[str, Any] = {name: "other"}
        assert progress_sheet(lived(3), replace(LABELS, **other)) != paper.png(svg), name
    for name in ("waking", "during", "usual"):
        chart: dict[str, Any] = {name: "other"}
        labels = replace(LABELS, chart=replace(LABELS.chart, **chart))
        assert progress_sheet(lived(3), labels) != paper.png(svg), name


def test_without_its_font_there_is_no_picture_rather_than_one_without_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("fontpkg.path", lambda _: Path("/nowhere/Inter.ttf"))
    paper._font.cache_clear()
    try:
        with pytest.raises(paper.LettersMissing):
            progress_sheet(lived(3), LABELS)
    finally:
        paper._font.cache_clear()


def test_what_a_person_or_a_translator_writes_is_text_and_never_a_tag() -> None:
    odd = replace(
        LABELS, title='Tom & <b>"Ann"</b> </svg>', names={**LABELS.names, "bridge": "<&>"}
    )
    root = ElementTree.fromstring(progress_svg(lived(3), odd))
    said = [node.text for node in root]
    assert 'Tom & <b>"Ann"</b> </svg>' in said
    assert "<&>" in said


def test_a_long_word_is_made_smaller_and_a_short_one_is_not() -> None:
    assert paper.fitting(["Bridge"], 32, 500) == 32
    assert paper.fitting(["Bridge", "x" * 100], 32, 500) < 10


def test_each_end_of_a_day_has_a_shape_of_its_own_even_in_grey() -> None:
    """Without any colour: so that "no answer" is told from "no ritual" and "practised" by shape."""
    told = lived(20)
    for back, kept in enumerate(Kept, start=4):  # so that all of them are explained, whatever comes
        told = with_day(told, back, kept)

    def colourless(kept: Kept) -> list[tuple[str, frozenset[str]]]:
        root = ElementTree.fromstring(progress_svg(with_day(told, 3, kept), LABELS))
        plain = {"fill", "stroke"}
        return [
            (node.tag, frozenset(f"{k}={v}" for k, v in node.attrib.items() if k not in plain))
            for node in root
            if not node.tag.endswith("text")
        ]

    for one, other in combinations(Kept, 2):
        assert colourless(one) != colourless(other), (one, other)


def test_the_picture_is_told_in_words_as_well() -> None:
    title, about, *_ = ElementTree.fromstring(progress_svg(lived(3), LABELS))
    assert (title.tag[-5:], title.text) == ("title", LABELS.title)
    assert (about.tag[-4:], about.text) == ("desc", LABELS.about)


@pytest.mark.parametrize("inks", [*INKS.values(), PRINT], ids=[*INKS, "print"])
def test_words_and_marks_stand_out_from_every_ground(inks: Inks) -> None:
    """4.5 to 1 for letters, 3 to 1 for what is drawn (WCAG 2.2, 1.4.3 and 1.4.11)."""
    for tone, least in ((inks.ink, 4.5), (inks.faint, 4.5), (inks.teal, 3.0), (inks.warm, 3.0)):
        assert contrast(tone, inks.ground) >= least, tone


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(tone: str) -> float:
    shares = [int(tone[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_night_changes_tones_and_nothing_else() -> None:
    paper_, night = (progress_svg(lived(20), LABELS, theme) for theme in Theme)
    assert paper_ != night
    for tone in fields(Inks):
        night = night.replace(
            getattr(INKS[Theme.NIGHT], tone.name), getattr(INKS[Theme.PAPER], tone.name)
        )
    assert paper_ == night


def test_looks_back_are_marked_and_named_where_they_were_due() -> None:
    said = {
        name: [node.text for node in ElementTree.fromstring(progress_svg(told, LABELS))]
        for name, told in LIVES.items()
    }
    assert {"4 weeks", "8 weeks", "12 weeks"} <= {*said["twelve weeks"]}
    assert not {"4 weeks", "8 weeks"} & {*said["three days"]}


def test_a_step_rises_on_the_day_it_was_reached() -> None:
    told = lived(84)
    [stood] = [one for one in told.ladders if one.ladder == "bridge"]
    assert len(stood.reached) > 2
    axis = Axis(since=told.since, day=told.day, begin=NAMED, end=STANDS)
    svg = progress_svg(told, LABELS)
    for day, _ in stood.reached[1:]:
        assert f"H{axis.across(day):.1f}V" in svg
