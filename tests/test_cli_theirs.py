"""A person's data by the front door: into a file, to the terminal, and away."""

import asyncio
import json
import zipfile
from pathlib import Path

import pytest

from tests import builders
from tests.builders import ADA
from tests.delivery.printed import said_on
from tests.practice.someone import Someone, at
from tests.test_cli import backbeat, said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where Ada has practised once, and Bob has only pressed /start."""

    async def live() -> None:
        async with builders.database(tmp_path / "data") as database:
            desk = builders.desk(database)
            await builders.enrolled(desk, at(0))
            await Someone(desk).day(0)
            await desk.enrolment.begin(ADA + 1, "en", at(0))

    asyncio.run(live())
    return tmp_path


def test_a_report_and_an_export_go_into_files_that_only_their_owner_reads(folder: Path) -> None:
    page, archive = folder / "ada.pdf", folder / "ada.zip"
    assert said(backbeat(folder, "report", str(ADA), str(page))) == (0, "", "")
    assert said(backbeat(folder, "export", str(ADA), str(archive))) == (0, "", "")
    assert "summary for a physiotherapist" in said_on(page.read_bytes())
    assert zipfile.ZipFile(archive).namelist() == ["backbeat.json", "sessions.csv"]
    assert {file.stat().st_mode & 0o777 for file in (page, archive)} == {0o600}


def test_to_the_terminal_an_export_is_json(folder: Path) -> None:
    whole = json.loads(backbeat(folder, "export", "1").stdout)  # a row id will do
    assert [row["value"] for row in whole["tables"]["answer"]] == [0, 2, 0, 0]


def test_erased_somebody_is_gone_and_others_stay(folder: Path) -> None:
    unsure = backbeat(folder, "erase", str(ADA))
    assert unsure.returncode == 2
    assert "add --yes" in unsure.stderr
    done = backbeat(folder, "erase", str(ADA), "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("No row is left.")
    gone = f"{ADA}: nobody has this chat id or row id\n"
    assert said(backbeat(folder, "erase", str(ADA), "--yes")) == (2, "", gone)
    assert backbeat(folder, "export", str(ADA + 1)).returncode == 0


@pytest.mark.parametrize("command", ["report", "export"])
def test_nobody_and_nowhere_are_one_clear_line(folder: Path, command: str) -> None:
    unwritten = str(folder / "nobody")
    assert said(backbeat(folder, command, "5", unwritten)) == (
        2,
        "",
        "5: nobody has this chat id or row id\n",
    )
    nowhere = folder / "there" / "is" / "none"
    told = f"{nowhere}: can't be written: No such file or directory\n"
    assert said(backbeat(folder, command, str(ADA), str(nowhere))) == (2, "", told)


def test_who_has_not_told_everything_has_no_report_yet(folder: Path) -> None:
    done = backbeat(folder, "report", str(ADA + 1), str(folder / "none.pdf"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{ADA + 1}: has not told everything yet, so there is nothing to sum up\n"
