"""The front door from outside: what goes in on stdin, what comes out, and with which exit code.

A process of its own takes a second to start: it is for what only a process shows.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.catalogue.tongues import languages
from bot.cli import app
from tests import builders
from tests.practice.someone import Someone, at

CONTENT = Path(__file__).parents[1] / "content"
THEIRS = ("report", "export", "erase")
Done = subprocess.CompletedProcess[str]

SESSION: dict[str, Any] = {
    "day": 11,
    "step": 2,
    "dose_fraction": 0.8,
    "pain_during": 2,
    "pain_next_morning": 3,
    "compensation": "none",
    "breath_holding": "never",
    "completed": True,
}
CONTEXT = {"baseline_pain": 3, "ladder_steps": 8, "today": 13, "red_flag_answer": None}


def case(*sessions: Mapping[str, Any], **context: Any) -> str:
    return json.dumps({"context": {**CONTEXT, **context}, "history": sessions})


GOOD = case(SESSION, {**SESSION, "day": 12})


def backbeat(folder: Path, *arguments: str, stdin: bytes = b"", **environ: str) -> Done:
    """Run the command in a folder of its own."""
    unset = dict.fromkeys(os.environ.keys() - clean_environ().keys())
    with chdir(folder):
        done = CliRunner().invoke(
            app, arguments, input=stdin, env=unset | environ, catch_exceptions=False
        )
    return Done(arguments, done.exit_code, done.stdout, done.stderr)


def process(folder: Path, *arguments: str, stdin: bytes = b"", **environ: str) -> Done:
    """The same in a process of its own, as a shell would."""
    done = subprocess.run(  # the arguments are ours
        [sys.executable, "-m", "bot", *arguments],
        input=stdin,
        capture_output=True,
        cwd=folder,
        env=clean_environ() | environ,
        timeout=60,
        check=False,
    )
    return Done(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def clean_environ() -> dict[str, str]:
    """Without whatever the machine has set for a bot of its own."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BACKBEAT_", "TELEGRAM_"))
    }


def said(done: Done) -> tuple[int, str, str]:
    return done.returncode, done.stdout, done.stderr


def test_decide_answers_every_line_in_turn_whatever_form_its_replies_have(tmp_path: Path) -> None:
    replies: list[tuple[str, Any, str]] = [
        ("completed", True, "R15"),
        ("completed", "partial", "R17"),
        ("completed", False, "R6"),
        ("completed", None, "R17"),
        ("pain_during", 6, "R8"),
        ("pain_during", None, "R17"),
        ("pain_next_morning", 6, "R9"),
        ("compensation", "some", "R10"),
        ("compensation", "marked", "R10"),
        ("compensation", None, "R17"),
        ("breath_holding", "sometimes", "R11"),
        ("breath_holding", "often", "R11"),
        ("breath_holding", None, "R17"),
        ("confirmed", True, "R15"),
        ("reserve", "enough", "R15"),
        ("reserve", "little", "R20"),
    ]
    cases = [case(SESSION, {**SESSION, "day": 12, field: value}) for field, value, _ in replies]
    cases += [case(), "", case(red_flag_answer="E"), case(SESSION, today=40)]
    done = process(tmp_path, "decide", stdin="\n".join(cases).encode())
    assert (done.returncode, done.stderr) == (0, "")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    rules = [rule for _, _, rule in replies] + ["R2", "R1", "R5"]
    assert [answer["rules"][0] for answer in answers] == rules
    for answer in answers:
        assert list(answer) == [
            "action",
            "step",
            "dose_fraction",
            "rules",
            "why",
            "missing",
            "policy",
        ]
        assert answer["why"].endswith(".")


@pytest.mark.parametrize(
    ("stdin", "answered", "fault"),
    [
        (b"", 0, ""),
        (b"\n \n", 0, ""),
        (
            f"{GOOD}\n{GOOD}\n{case({**SESSION, 'pain_during': 11})}\n{GOOD}\n".encode(),
            2,
            "line 3: history[0].pain_during: expected a whole number 0 to 10 or null, found 11\n",
        ),
        (
            f"{GOOD}\nno\n".encode(),
            1,
            "line 2: not JSON: Expecting value at character 1\n",
        ),
        (
            GOOD.encode() + b'\n{"caf\xe9": 1}\n',
            None,
            "stdin: expected UTF-8 text, found byte 0xe9\n",
        ),
    ],
    ids=["nothing", "blank lines", "a bad field", "no JSON", "another encoding"],
)
def test_decide_tells_a_bad_line_after_the_good_ones(
    tmp_path: Path, stdin: bytes, answered: int | None, fault: str
) -> None:
    done = backbeat(tmp_path, "decide", stdin=stdin)
    assert (done.returncode, done.stderr) == (2 if fault else 0, fault)
    # Where bytes can't be read, the lines before them may share their block.
    assert answered is None or len(done.stdout.splitlines()) == answered


def test_decide_reads_utf_8_whatever_the_locale_says(tmp_path: Path) -> None:
    done = process(tmp_path, "decide", stdin=b'{"caf\xe9": 1}', LC_ALL="C", PYTHONUTF8="0")
    assert said(done) == (2, "", "stdin: expected UTF-8 text, found byte 0xe9\n")


def test_decide_ends_quietly_when_its_reader_leaves(tmp_path: Path) -> None:
    run = f"{sys.executable} -m bot decide | head -1"
    done = subprocess.run(  # the line is ours
        ["/bin/sh", "-c", run],
        input=f"{GOOD}\n".encode() * 3000,  # more than a pipe holds
        capture_output=True,
        cwd=tmp_path,
        env=clean_environ(),
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout.count(b"\n"), done.stderr) == (0, 1, b"")


def test_decide_by_another_policy(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        (CONTENT / "policy.yaml").read_text("utf-8").replace("2026-11-22", "mine"), "utf-8"
    )
    done = backbeat(tmp_path, "decide", "--policy", str(policy), stdin=GOOD.encode())
    assert json.loads(done.stdout)["policy"].startswith("mine+")
    missing = backbeat(tmp_path, "decide", "--policy", "nowhere.yaml")
    assert said(missing) == (2, "", "nowhere.yaml:1: there is no such file\n")


def test_decide_needs_nothing_that_only_the_bot_needs() -> None:
    heavy = "{'telegram', 'uvicorn', 'starlette', 'apscheduler', 'sqlalchemy', 'alembic', 'tzfpy'}"
    check = f"import sys, bot.cli; print(sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"


def test_check_is_content_with_the_content(tmp_path: Path) -> None:
    assert said(process(tmp_path, "check")) == (0, "The content is in order.\n", "")


def test_check_tells_every_fault_by_file_and_line(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    broken = {
        "exercises/full-bridge.yaml": ("breath:", "breth:"),
        "ladders/side.yaml": ("code: L5", "code: L2"),
        "policy.yaml": ("value: 0.4", "value: half"),
        "safety.yaml": ("[PG]", "[XX]"),
        "words/en/card.j2": ("{% macro done() %}", "{% macro done( %}"),
    }
    for name, (old, new) in broken.items():
        text = (content / name).read_text("utf-8")
        assert old in text
        (content / name).write_text(text.replace(old, new, 1), "utf-8")
    done = backbeat(tmp_path, "check", BACKBEAT_CONTENT=str(content))
    assert (done.returncode, done.stdout) == (1, "")
    for name in broken:
        assert re.search(rf"^content/{name}:\d+: ", done.stderr, re.MULTILINE), done.stderr
    assert "Traceback" not in done.stderr


def test_check_goes_on_to_the_end_and_tells_what_the_whole_lacks(tmp_path: Path) -> None:
    """The table of all that can be wrong: tests/catalogue/test_checks.py, test_reading.py, test_whole.py."""
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    (content / "sets" / "flare-day.yaml").unlink()
    (content / "words" / "en" / "why.j2").unlink()
    for language in languages(CONTENT)[1:]:  # each of them would miss the set, too
        shutil.rmtree(content / "words" / language)
    done = backbeat(tmp_path, "check", BACKBEAT_CONTENT=str(content))
    assert said(done) == (
        1,
        "",
        "content/sets:1: there is no set for flare\n"
        "content/words/en/why.j2:1: there is no such file\n",
    )


def test_schema_writes_where_it_is_told_and_tells_what(tmp_path: Path) -> None:
    done = backbeat(tmp_path, "schema", "for-my-editor")
    names = ["exercise", "ladder", "set", "safety", "emergency", "policy"]
    names += ["words-exercises", "words-ladders", "words-sets"]
    written = "".join(f"for-my-editor/{name}.json\n" for name in names)
    assert said(done) == (0, written, "")
    for name in names:
        mine, ours = (
            folder / f"{name}.json" for folder in (tmp_path / "for-my-editor", CONTENT / "schema")
        )
        assert mine.read_bytes() == ours.read_bytes()
    (tmp_path / "file").touch()
    blocked = backbeat(tmp_path, "schema", "file")
    assert said(blocked) == (2, "", "file: can't be written: File exists\n")


def test_bench_measures_beside_a_bare_client_in_the_same_run(tmp_path: Path) -> None:
    done = backbeat(tmp_path, "bench", "--only", "send", "--quick", "--json")
    assert done.returncode == 0, done.stderr
    assert "send: 64 in flight" in done.stderr.splitlines()  # progress
    figures = json.loads(done.stdout)["figures"]
    assert {one["peer"] for one in figures} >= {
        "bare aiohttp client",
        "the library with its own client",
    }
    for one in figures:
        assert one["ours"] > 0
        assert one["ratio"] == pytest.approx(one["ours"] / one["theirs"], rel=0.02)


def test_bench_knows_what_it_can_measure(tmp_path: Path) -> None:
    refused = backbeat(tmp_path, "bench", "--only", "everything")
    assert refused.returncode == 2
    assert refused.stderr.startswith("--only: expected one of content, drawing, send,")


async def three_days(folder: Path) -> None:
    """Somebody practised."""
    async with builders.database(folder / "data") as database:
        desk = builders.desk(database)
        await builders.enrolled(desk, at(0))
        for number in range(3):
            await Someone(desk).day(number)


def test_replay_and_explain_tell_of_stored_days(tmp_path: Path) -> None:
    asyncio.run(three_days(tmp_path))
    replayed = process(tmp_path, "replay")
    assert re.fullmatch(
        r"(\d+) of \1 decisions come out the same under \S+; people: 1\.\n", replayed.stdout
    ), replayed
    assert (replayed.returncode, replayed.stderr) == (0, "")  # no bar where there is no terminal

    other = tmp_path / "other.yaml"
    text = (CONTENT / "policy.yaml").read_text("utf-8")
    other.write_text(text.replace("clean_sessions:\n    value: 2", "clean_sessions:\n    value: 1"))
    told = backbeat(tmp_path, "replay", "--policy", str(other))
    assert (
        "hold step 1 at 60 % (R17: settling_in) -> advance_dose step 1 at 80 % (R15" in told.stdout
    )
    differences = json.loads(backbeat(tmp_path, "replay", "--policy", str(other), "--json").stdout)[
        "differences"
    ]
    assert len(differences) == len(told.stdout.splitlines()) - 1 > 0

    by_chat = backbeat(tmp_path, "explain", str(builders.ADA))
    assert by_chat.stdout == backbeat(tmp_path, "explain", "1").stdout
    assert "R2 (extrapolated: graded activity starts at 70 %" in by_chat.stdout
    day = backbeat(tmp_path, "explain", "1", "--day", "2026-11-24", "--json")
    assert {story["day"] for story in json.loads(day.stdout)} == {"2026-11-24"}


@pytest.mark.parametrize(
    ("arguments", "code", "stdout", "stderr"),
    [
        (["explain", "5"], 2, "", "5: nobody has this chat id or row id\n"),
        (
            ["explain", "5", "--ladder", "x"],
            2,
            "",
            "x: there is no such ladder; "
            "there are control, bridge, hinge, carry, side, all-fours, mobility, posture\n",
        ),
        (["replay", "--policy", "nowhere.yaml"], 2, "", "nowhere.yaml:1: there is no such file\n"),
    ],
)
def test_what_cannot_be_looked_up_is_one_clear_line(
    tmp_path: Path, arguments: list[str], code: int, stdout: str, stderr: str
) -> None:
    assert said(backbeat(tmp_path, *arguments)) == (code, stdout, stderr)


def test_with_nobody_there_is_nothing_to_replay(tmp_path: Path) -> None:
    done = backbeat(tmp_path, "replay")
    assert done.returncode == 0
    assert done.stdout.startswith("0 of 0 decisions")


@pytest.mark.parametrize("command", ["check", "decide"])
def test_a_language_without_words_is_told(tmp_path: Path, command: str) -> None:
    done = backbeat(tmp_path, command, BACKBEAT_LANGUAGE="tlh")
    assert (done.returncode, done.stdout) == (1 if command == "check" else 2, "")
    assert done.stderr == "content/words/tlh:1: there is no such folder of words\n"


def test_all_faults_of_the_settings_are_told_at_once(tmp_path: Path) -> None:
    done = backbeat(
        tmp_path,
        "check",
        BACKBEAT_PORT="no",
        BACKBEAT_LEASE_SECONDS="-1",
        BACKBEAT_LANGAUGE="en",
        TELEGRAM_TOKEN="12345 hushhush",
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "hushhush" not in done.stderr
    told = [line.partition(":")[0] for line in done.stderr.splitlines()]
    assert sorted(told) == [
        "BACKBEAT_LANGAUGE",
        "BACKBEAT_LEASE_SECONDS",
        "BACKBEAT_PORT",
        "TELEGRAM_TOKEN",
    ]


def test_migrate_may_be_repeated(tmp_path: Path) -> None:
    for _ in range(2):
        assert said(backbeat(tmp_path, "migrate")) == (0, "The database is up to date.\n", "")
    assert (tmp_path / "data" / "backbeat.db").is_file()


def test_help_names_every_command(tmp_path: Path) -> None:
    done = backbeat(tmp_path, "--help")
    assert done.returncode == 0
    for command in (
        "run",
        "decide",
        "check",
        "schema",
        "bench",
        "explain",
        "migrate",
        "replay",
        *THEIRS,
    ):
        assert command in done.stdout


def test_an_unknown_command_is_refused(tmp_path: Path) -> None:
    assert backbeat(tmp_path, "dance").returncode == 2


def test_a_damaged_chat_file_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "localchat.json"
    file.write_text("{", "utf-8")
    done = process(tmp_path, "run")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("BACKBEAT_LOCALCHAT_FILE: ")
    assert file.read_text("utf-8") == "{"
