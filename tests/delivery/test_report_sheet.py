"""The page for a physiotherapist: one of A4 in every language, every word on it, whatever people type."""

import datetime as dt
import pickle
import resource
import subprocess
import sys
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue.words import Words
from bot.delivery.report_sheet import FIGURE, report_sheet, sheet_of
from bot.domain.decision import Action, Decision, Missing, Reason
from bot.domain.exercise import BOTHERS
from bot.domain.look import Build, Look, Taste, Theme, Tone
from bot.domain.person import Life
from bot.domain.progress import Progress
from bot.domain.safety import Tier
from bot.pictures import paper
from bot.pictures import sheet as printer
from bot.pictures.poster import pose_svg
from bot.pictures.sheet import Picture, Sheet, SheetUnprintable, preview, sheet
from bot.practice import report
from bot.practice.report import Change, Excerpt, Named, Noticed, Report, Stand, Week
from bot.practice.why import explain
from tests import builders
from tests.delivery.printed import opened, said_on, tagged
from tests.pictures.sheets import lived

DAY = dt.date(2026, 11, 23)
A4 = (595, 842)  # points
VOICES = builders.voices()
HOSTILE = "A & <b> #x $y$ \\z *k* _u_ @v [c] 😀"
AS_PRINTED = HOSTILE.replace("😀", printer.BOX)


def decided(reason: Reason) -> Decision:
    return Decision(
        action=Action.REGRESS_STEP,
        step=1,
        dose_fraction=0.6,
        rules=("R8",),
        reasons=(reason,),
        missing=(Missing.MORE_CLEAN_SESSIONS,),
        rest_hours=48,
        policy="2026-11-22",
    )


def wordiest(words: Words) -> list[Decision]:
    """Those whose sentences are the longest, each with another one."""
    return sorted(map(decided, Reason), key=lambda decision: -len(explain(decision, words)))[:12]


@cache
def eleven_weeks() -> Progress:
    return lived(77)


def fullest(words: Words) -> Report:
    """As much of everything as is told."""
    ladders = [*builders.catalogue().spoken(words.language).ladders.values()]
    seen = eleven_weeks()
    item = max(
        (one for one in builders.clearance()),
        key=lambda one: len(words.label(f"safety.item_{one.id}")),
    )
    return Report(
        day=seen.day,
        since=DAY,
        life=Life.MIXED,
        aggravated_by=BOTHERS,
        minutes=20,
        ritual_at=dt.time(7),
        usual_pain=5,
        lock=Tier.ROUTINE,
        progress=seen,
        activity=Excerpt(tuple((DAY, 10) for _ in range(report.ACTIVITIES + 1)), 9),
        stands=tuple(
            Stand(
                ladder=ladder.name,
                step=ladder.top,
                top=ladder.top,
                since=DAY,
                exercise=step.exercise,
                dose=step.dose,
                percent=100,
                grams=12500,
            )
            for ladder in ladders
            for step in [max(ladder.steps, key=lambda one: len(one.exercise.name))]
        ),
        changes=tuple(
            Change(
                day=DAY - number * dt.timedelta(days=1),
                ladder=max((ladder.name for ladder in ladders), key=len),
                before=7,
                step=6,
                decision=decision,
            )
            for number, decision in enumerate(wordiest(words) * 9)
        ),
        weeks=tuple(
            Week(monday=DAY, rituals=7, whole=3, partly=2, skipped=1) for _ in range(report.WEEKS)
        ),
        practised=999,
        on_the_way=99,
        noticed=Noticed(
            compensation=(100, 100, 100),
            breath=(100, 100, 100),
            exercises=Excerpt(
                tuple(
                    Named(
                        ladder=ladder.name,
                        sessions=99,
                        signs=tuple(
                            (sign, 99) for sign in ladder.steps[0].exercise.signs[: report.SIGNS]
                        ),
                    )
                    for ladder in ladders[: report.EXERCISES]
                ),
                4,
            ),
        ),
        flares=Excerpt((DAY,) * report.FLARES, 12),
        safety=Excerpt(((DAY, item.key),) * report.ANSWERS, 7),
        asked_last=DAY,
        policy="2026-11-22-abcdef",
        taste=Taste(Theme.NIGHT, Tone.DEEP, Build.BROAD),  # the ground is of paper all the same
    )


def nothing_yet() -> Report:
    """Of somebody who has told everything, and practised nothing."""
    return replace(
        fullest(VOICES["en"]),
        lock=None,
        aggravated_by=frozenset(),
        usual_pain=None,
        progress=None,
        activity=Excerpt(()),
        stands=(),
        changes=(),
        weeks=(),
        practised=0,
        on_the_way=0,
        noticed=Noticed(compensation=(0, 0, 0), breath=(0, 0, 0), exercises=Excerpt(())),
        flares=Excerpt(()),
        safety=Excerpt(()),
        asked_last=None,
    )


@cache
def full(language: str) -> Sheet:
    words = VOICES[language]
    return sheet_of(words, fullest(words), builders.clearance())


@cache
def printed(language: str) -> bytes:
    return sheet(full(language))


@pytest.mark.parametrize("language", VOICES)
def test_the_fullest_summary_is_one_page_and_says_what_it_leaves_out(language: str) -> None:
    words = VOICES[language]
    told, page = fullest(words), printed(language)
    [only] = opened(page).pages
    assert (round(only.mediabox.width), round(only.mediabox.height)) == A4
    text = said_on(page)
    shown = text.count("7 → 6")
    assert 0 < shown < len(told.changes)
    assert words.label("report.left_out", number=len(told.changes) - shown) in text
    for weeks in (4, 8):
        assert words.label("report.at_mark", weeks=weeks) in text


@pytest.mark.parametrize("language", VOICES)
@pytest.mark.parametrize("practised", [True, False])
def test_every_word_is_on_the_page(language: str, practised: bool) -> None:
    """But for the changes and their columns, of which there are as many as have room."""
    words = VOICES[language]
    wanted = sheet_of(words, nothing_yet(), builders.clearance())
    if practised:
        wanted = full(language)
    text = said_on(printed(language) if practised else report_sheet(words, nothing_yet(), ()))
    gone = replace(wanted, changes=wanted.changes[:1], left_out=(), nothing="", language="")
    if not practised:
        gone = replace(gone, changed="", columns=("", "", ""), weeks=replace(gone.weeks, head=()))
        assert wanted.nothing in text
    assert [one for one in strings(gone) if " ".join(one.split()) not in text] == []


@pytest.mark.parametrize("language", VOICES)
def test_it_can_be_read_aloud(language: str) -> None:
    """Tagged, in its language, with a title, headings, tables, and words for each picture (PDF/UA-1)."""
    wanted, page = full(language), printed(language)
    root: Any = opened(page).root_object
    meta = opened(page).metadata
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert meta is not None
    assert meta.title == wanted.title
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    things = [*tagged(page)]
    alternatives = [alt for tag, alt in things if tag == "/Figure"]
    assert wanted.chart is not None
    figures = [one.figure.alt for one in wanted.cards if one.figure]
    assert len(figures) == len(wanted.cards)
    assert alternatives == [wanted.chart.alt, *figures]
    tags = [tag for tag, _ in things]
    assert tags.count("/Table") == 2
    assert tags.count("/H1") == 5


def test_its_figures_are_those_of_the_person_on_paper() -> None:
    told = fullest(VOICES["en"])
    shown = [card.figure.svg for card in full("en").cards if card.figure]
    looks = [Look(Theme.PAPER, Tone.DEEP, Build.BROAD) for _ in told.stands]
    assert shown == [
        pose_svg(stand.exercise.figure, look, FIGURE)
        for stand, look in zip(told.stands, looks, strict=True)
        if stand.exercise.figure
    ]


def test_what_people_type_is_text_and_never_markup() -> None:
    wanted = full("en")
    few = replace(
        wanted, cards=wanted.cards[:4], weeks=replace(wanted.weeks, head=(), rows=()), left_out=()
    )
    typed = typed_over(replace(few, changes=few.changes[:1]))
    text = said_on(sheet(replace(typed, title=wanted.title, language="en", left_out=("", ""))))
    spaceless = "".join(text.split())  # a long word may end a line anywhere
    assert spaceless.count("".join(AS_PRINTED.split())) > 40


@pytest.mark.parametrize("sign", ["\x00", "\u202e", "日本語", "عربي", "\ufffd", "👩‍⚕️", chr(0xD83D)])
def test_what_the_font_has_no_letter_for_becomes_a_box(sign: str) -> None:
    wanted = sheet_of(VOICES["en"], nothing_yet(), builders.clearance())
    text = said_on(sheet(replace(wanted, facts=f"before {sign} after")))
    assert f"before {printer.BOX} after" in text


def test_it_promises_no_letter_that_the_font_has_not() -> None:
    """Typst refuses one: so all others are named as unknown."""
    wanted = sheet_of(VOICES["en"], nothing_yet(), builders.clearance())
    known = [chr(c) for c in range(32, 0x3000) if not printer.UNKNOWN.match(chr(c))]
    assert len(known) > 900
    assert sheet(replace(wanted, facts=" ".join(known)))


PRINTED = """
import pickle, sys
from pathlib import Path
from bot.pictures.sheet import sheet

def pages_of_memory():
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[1]) if told.exists() else 0

wanted = pickle.load(sys.stdin.buffer)
printed = sheet(wanted[0])
before = pages_of_memory()
printed = [sheet(one) for one in wanted]
print(pages_of_memory() - before, file=sys.stderr)
sys.stdout.buffer.write(printed[-1])
"""


def test_another_process_prints_the_same_bytes_and_stays_small() -> None:
    """Without forgetting, each page would leave some 50 MB."""
    wanted = [replace(full("de"), practised=str(number)) for number in range(3)]
    other = subprocess.run(
        [sys.executable, "-c", PRINTED], input=pickle.dumps(wanted), capture_output=True, check=True
    )
    assert other.stdout == sheet(wanted[-1])
    assert int(other.stderr) * resource.getpagesize() < 60_000_000


def test_a_wrong_font_prints_no_page_rather_than_one_without_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wanted = sheet_of(VOICES["en"], nothing_yet(), ())
    with monkeypatch.context() as wrong:
        wrong.setattr(paper, "FAMILY", "Interr")
        with pytest.raises(paper.LettersMissing):
            sheet(wanted)
    with monkeypatch.context() as wrong:
        wrong.setattr(paper, "letters", lambda: tmp_path)
        printer._fonts.cache_clear()
        with pytest.raises(paper.LettersMissing):
            sheet(wanted)
    printer._fonts.cache_clear()
    with pytest.raises(paper.LettersMissing):  # nor one of boxes
        sheet(replace(wanted, title="毎日の背中の習慣"))


def test_what_never_fits_is_said_so_and_not_printed_on_a_second_page() -> None:
    wanted = sheet_of(VOICES["en"], nothing_yet(), ())
    with pytest.raises(SheetUnprintable, match="more than a page"):
        sheet(replace(wanted, facts="word " * 2500))


def test_the_chart_s_words_are_letters() -> None:
    """A label changes the picture's dots."""
    wanted = full("en")
    assert wanted.chart is not None
    other = replace(wanted.chart, svg=wanted.chart.svg.replace("on waking", "other"))
    assert other != wanted.chart
    assert preview(replace(wanted, chart=other), 40) != preview(wanted, 40)


def strings(value: Any) -> list[str]:
    """All that is said, but drawings and what stands for them."""
    match value:
        case str():
            return [value]
        case tuple():
            return [text for one in value for text in strings(one)]
        case Picture():
            return []
        case _ if is_dataclass(value):
            return [text for field in fields(value) for text in strings(getattr(value, field.name))]
    return []


def typed_over(value: Any) -> Any:
    """The same with somebody's typing in place of every word."""
    match value:
        case str():
            return HOSTILE
        case tuple():
            return tuple(typed_over(one) for one in value)
        case Picture(svg=svg):
            return Picture(svg=svg, alt=HOSTILE)
        case _ if is_dataclass(value) and not isinstance(value, type):
            changed = {f.name: typed_over(getattr(value, f.name)) for f in fields(value)}
            return replace(value, **changed)
    return value
