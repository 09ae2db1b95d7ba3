"""`backbeat preview`, as an author of content calls it, beside what the bot itself would say."""

import datetime as dt
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.catalogue.reading import Catalogue
from bot.cli import app
from bot.cli_preview import FIRST_DAY, Wishes, preview
from bot.delivery.cards import ritual_card
from bot.domain.dose import Dose
from bot.domain.exercise import (
    Caution,
    Exercise,
    Ladder,
    Occasion,
    Opening,
    Place,
    Set,
    Step,
    Swap,
    Variable,
)
from bot.localchat.markup import read_html
from bot.practice.desk import Desk
from bot.practice.plan import Plan
from tests import builders

WISHES = Wishes(
    life="sitting",
    minutes=10,
    place=None,
    set_id=None,
    steps=(),
    dose=1.0,
    cautions=(),
    own=(),
    pain=3,
    day=FIRST_DAY,
    days=1,
)


def previewed(*options: str, **environ: str) -> Result:
    return CliRunner().invoke(app, ["preview", *options], env=environ)


def lines(*options: str) -> list[str]:
    done = previewed(*options)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout.splitlines()


# A catalogue of one ladder, so that a better cue in the real one breaks no test.

ROCK = Exercise(
    id="rock",
    name="Rock & roll",
    position="On a chair.",
    cue="Rock gently.",
    breath="Out.",
    signs=("Jaw tightens", "Breath held"),
    equipment=frozenset({"chair"}),
    places=frozenset({Place.FLOOR}),
    cautions={Caution.PREGNANCY: Swap(change="Lean on the left.")},
    source="ours",
    phases=("down", "up"),
)
ROLL = replace(ROCK, id="roll", name="Roll", equipment=frozenset({"dumbbells"}), cautions={})
CATALOGUE = Catalogue(
    exercises={"rock": ROCK, "roll": ROLL},
    ladders={
        "rocking": Ladder(
            id="rocking",
            code="L1",
            name="Rocking",
            purpose="To rock.",
            evidence="none",
            steps=tuple(
                Step(
                    exercise=exercise,
                    dose=Dose(sets=(12, 12), tempo=(2, 3), rest=40),
                    variable=Variable.SKILL,
                    changed="rocking",
                )
                for exercise in (ROCK, ROLL)
            ),
        )
    },
    sets={
        "dawn": Set(
            id="dawn",
            name="At dawn",
            purpose="To wake.",
            occasion=Occasion.MORNING,
            place=Place.FLOOR,
            minutes=(10,),
            opening=Opening(exercise=ROCK, dose=Dose(sets=(6,), tempo=(4, 6))),
            ladders=("rocking",),
            highest={},
            source="ours",
        )
    },
)
GOLDEN = """\
At dawn · 6 min

First, a quiet minute. Rock gently.

1. Rock & roll
2 × 12, 2 s down, 3 s up, rest 40 s
Rock gently. Lean on the left.

    In detail
    1. On a chair. Out. You may notice: jaw tightens, breath held.

[ Start ]
[ Done ] [ Partly ]
[ Later ] [ Not today ]
[ Only two minutes ] [ Why? ]
[ Something new or worrying ]

rocking: step 1 stands in for 2, for the sake of the set, the place, the equipment or a caution.
6 min 15 s computed, of 10 min
"""


def test_a_message_with_its_quote_and_buttons(capsys: pytest.CaptureFixture[str]) -> None:
    preview(CATALOGUE, builders.words(), replace(WISHES, steps=("rocking=2",), cautions=("PG",)))
    assert capsys.readouterr().out == GOLDEN


def test_several_days_are_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    wishes = replace(WISHES, steps=("all=2",), own=("dumbbells",), days=2)
    preview(CATALOGUE, builders.words(), wishes)
    assert capsys.readouterr().out == (
        "Mon 2026-01-05   6 min 15 s  rocking 2\nTue 2026-01-06   6 min 15 s  rocking 2\n"
    )


# As the bot says it.


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with builders.database(tmp_path) as database:
        yield builders.desk(database)


NEW = dt.datetime.combine(FIRST_DAY, dt.time(6), dt.UTC)


def as_shown(plan: Plan) -> list[str]:
    """Text and buttons of the bot's own card, without what only a history brings."""
    letter = ritual_card(builders.words(), replace(plan, decisions={}, try_out=False))
    text, _ = read_html(letter.text)
    rows = [" ".join(f"[ {button.label} ]" for button in row) for row in letter.rows]
    return [*text.splitlines(), "", *rows]


async def test_a_ritual_is_shown_as_the_bot_would_send_it(desk: Desk) -> None:
    profile = await builders.enrolled(desk, NEW)
    plan = await desk.prescription.today(profile, NEW)
    minutes, seconds = divmod(plan.sequence.seconds, 60)
    shown = lines("--minutes", "10", "--day", f"{NEW:%Y-%m-%d}")
    assert [line.strip() for line in shown] == [
        *as_shown(plan),
        "",
        f"{minutes} min {seconds} s computed, of 10 min",
    ]


@pytest.mark.parametrize(
    ("place", "minutes", "set_id"), [("hotel", 15, "hotel"), ("seat", 5, "seat")]
)
async def test_so_is_a_set_for_the_way(desk: Desk, place: str, minutes: int, set_id: str) -> None:
    profile = await builders.enrolled(desk, NEW)
    chosen = builders.catalogue().sets[set_id]
    plan = await desk.prescription.travel(profile, chosen, minutes, update_id=1, now=NEW)
    shown = lines("--place", place, "--minutes", str(minutes), "--day", f"{NEW:%Y-%m-%d}")
    assert [line.strip() for line in shown][:-2] == as_shown(plan)


# What may be wished for.


def test_the_same_command_shows_the_same_message() -> None:
    command = ("--step", "bridge=4", "--minutes", "20", "--own", "stair")
    assert previewed(*command).stdout == previewed(*command).stdout


def test_without_a_day_the_ladders_asked_for_have_a_part() -> None:
    for ladder in builders.catalogue().ladders:
        shown = lines("--life", "mixed", "--step", f"{ladder}=1", "--minutes", "20")
        assert not any("no part" in line for line in shown)


def test_a_day_without_the_ladder_asked_for_says_so() -> None:
    """It has its turns on other days."""
    asked = ("--step", "all-fours=1", "--minutes", "20")
    days = [f"{FIRST_DAY + dt.timedelta(days=number)}" for number in range(2)]
    said = [line for day in days for line in lines(*asked, "--day", day) if "no part" in line]
    assert said == ["all-fours: no part on this day; --days 14 shows which days have one, if any."]


def test_a_line_of_several_days_is_the_day_by_itself() -> None:
    week = lines("--step", "all=3", "--days", "7")
    assert len(set(week)) == 7
    for number, line in enumerate(week):
        day = FIRST_DAY + dt.timedelta(days=number)
        [length] = re.findall(r"\d+ min \d+ s", line)
        assert f"{day:%a %Y-%m-%d}" in line
        alone = lines("--step", "all=3", "--day", f"{day}")
        assert alone[-1] == f"{length} computed, of 15 min"


@pytest.mark.parametrize(
    ("options", "set_id", "last"),
    [
        ("--set flare-day", "flare-day", "of 10 min"),
        ("--set two-minutes", "two-minutes", "of 2 min"),
        ("--set after-meeting --place gym", "after-meeting", "of 15 min"),
        ("--place seat", "seat", "of 10 min"),
        ("--minutes 20 --dose 1 --step all=5 --step hinge=2", "before-coffee", "of 20 min"),
    ],
)
def test_every_kind_of_day_can_be_seen(options: str, set_id: str, last: str) -> None:
    shown = lines(*options.split())
    assert shown[0].startswith(f"{builders.catalogue().sets[set_id].name} · ")
    assert shown[-1].endswith(last)


def test_a_flare_has_its_own_dose_unless_another_is_asked_for() -> None:
    flare = ("--set", "flare-day")
    assert lines(*flare) == lines(*flare, "--dose", "0.4")
    assert lines(*flare) != lines(*flare, "--dose", "1")


@pytest.mark.parametrize(
    ("options", "remark"),
    [
        (
            "--step hinge=8 --own dumbbells --pain 6",
            "with a usual pain of 6, nobody enters step 5.",
        ),
        ("--step hinge=8", "step 5 stands in for 8, "),
        ("--step bridge=4 --caution PG", "step 1 stands in for 4, "),
        ("--step bridge=4 --place hotel", "step 3 stands in for 4, "),
    ],
)
def test_another_step_than_asked_for_is_said(options: str, remark: str) -> None:
    assert any(remark in line for line in lines(*options.split()))


@pytest.mark.parametrize("options", ["--step hinge=8 --own dumbbells", "--step bridge=7"])
def test_a_step_as_asked_for_needs_no_word(options: str) -> None:
    assert not any("stands in" in line for line in lines(*options.split()))


WRONG: Mapping[str, str] = {
    "--life lying": "--life: there is no 'lying'; there are sitting, standing, mixed",
    "--place moon": "--place: there is no 'moon'; there are floor, hotel, seat, gym",
    "--set moon": "--set: there is no 'moon'; there are after-flight, ",
    "--caution ZZ": "--caution: there is no 'ZZ'; there are PG, ",
    "--own band": "--own: there is no 'band'; there are dumbbells, stair",
    "--step moon=1": "--step: there is no ladder 'moon'; there are control, ",
    "--step bridge": "--step: expected a ladder and a step, as bridge=4, not 'bridge'",
    "--step bridge=0": "--step: expected a ladder and a step, as bridge=4, not 'bridge=0'",
    "--step bridge=4=5": "--step: expected a ladder and a step, as bridge=4, not 'bridge=4=5'",
    "--step bridge=99": "--step bridge=99: the highest is ",
    "--step all=99": "--step all=99: the highest is ",
    "--pain 11": "--pain: should be 0 to 10, not 11",
    "--dose 1.2": "--dose: should be 0.4 to 1.0, not 1.2",
    "--dose 0.3": "--dose: should be 0.4 to 1.0, not 0.3",
    "--dose nan": "--dose: should be 0.4 to 1.0, not nan",
    "--minutes 12": "--minutes: before-coffee has 10, 15, 20, not 12",
    "--minutes 20 --place seat": "--minutes: seat has 5, 10, not 20",
    "--set hotel --place floor": "--place: the set hotel is for hotel, not for floor",
    "--set before-coffee --place seat": "--place: the set before-coffee is for floor, not for seat",
    "--day 2026-01-04": "--day: should be 2026-01-05 to 2026-12-31, not 2026-01-04",
    "--day 2027-01-01 --days 2": "--day: should be 2026-01-05 to 2026-12-31, not 2027-01-01",
    "--language tlh": "content/words/tlh",
    "--day tomorrow": "Invalid value for '--day'",
    "--days 0": "Invalid value for '--days'",
    "--minutes ten": "Invalid value for '--minutes'",
}


def test_a_language_is_spoken_in_sentences_and_in_content() -> None:
    shown = "\n".join(lines("--language", "de"))
    german = builders.catalogue().spoken("de")
    assert shown.startswith(german.set_for(Occasion.MORNING).name)
    assert [name for name in names(german) if name in shown]
    assert not [name for name in names(builders.catalogue()) if name in shown]


def names(catalogue: Catalogue) -> list[str]:
    return [exercise.name for exercise in catalogue.exercises.values()]


@pytest.mark.parametrize("options", WRONG)
def test_a_wrong_value_is_told_in_a_line(options: str) -> None:
    done = previewed(*options.split())
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].removeprefix("Error: ").startswith(WRONG[options])


def test_all_that_is_wrong_is_told_at_once() -> None:
    done = previewed("--life", "lying", "--step", "bridge=99", "--step", "x", "--dose", "2")
    assert done.exit_code == 2
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == [
        "--life",
        "--step bridge=99",
        "--step",
        "--dose",
    ]


def test_faulty_content_is_told_as_everywhere(tmp_path: Path) -> None:
    done = previewed(BACKBEAT_CONTENT=str(tmp_path))
    assert done.exit_code == 2
    assert "there is no set for morning" in done.stderr


def test_a_terminal_has_its_letters_bold_and_its_lines_whole() -> None:
    done = previewed("--step", "bridge=4", FORCE_COLOR="1", COLUMNS="40")
    assert done.stdout.startswith("\x1b[1m")
    assert "\x1b[3m" in done.stdout
    message = re.sub(r"\x1b\[\d*m", "", done.stdout).partition("[ Start ]")[0]
    assert max(map(len, message.splitlines())) <= 40
    quoted = message.partition("In detail")[2].strip("\n").splitlines()
    assert quoted
    assert all(line.startswith("    ") for line in quoted)
    plain = previewed("--step", "bridge=4").stdout.partition("[ Start ]")[0]
    assert message.split() == plain.split()


def test_what_telegram_reads_is_what_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """A name with signs of HTML's, and letters of two UTF-16 units before what is bold."""
    odd: dict[str, Any] = {"rock": replace(ROCK, name="<b>𝄞 & [bold]up[/]</b>")}
    steps = tuple(replace(s, exercise=odd["rock"]) for s in CATALOGUE.ladders["rocking"].steps)
    ladders = {"rocking": replace(CATALOGUE.ladders["rocking"], steps=steps)}
    preview(replace(CATALOGUE, ladders=ladders), builders.words(), WISHES)
    assert "1. <b>𝄞 & [bold]up[/]</b>\n2 × 12" in capsys.readouterr().out
