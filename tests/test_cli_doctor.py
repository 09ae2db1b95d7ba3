"""`backbeat doctor`: every fault provoked for real, told with its remedy, and no secret in it."""

import asyncio
import datetime as dt
import json
import re
import shutil
import socket
import sqlite3
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import httpx
import pytest

from bot.catalogue.whole import content_faults
from bot.doctor import machine, store
from bot.doctor.finding import Level
from bot.doctor.telegram import updates
from bot.localchat.faults import ServerError
from bot.localchat.server import Localchat
from bot.pictures import paper
from tests import builders
from tests.postgres import Server
from tests.test_cli import CONTENT, Done, backbeat

SECRET = "AAH-abcdefghijklmnopqrstuvwxyz_0123"
TOKEN = f"123456789:{SECRET}"
CONTENT_FAULTS = cache(content_faults)
Told = dict[str, list[tuple[str, str, str]]]


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Content never changes while tests run."""
    monkeypatch.setattr(machine, "content_faults", CONTENT_FAULTS)


def doctor(folder: Path, *options: str, **environ: str) -> tuple[int, Told]:
    return read(backbeat(folder, "doctor", "--json", *options, stdin=b"", **environ))


def read(done: Done) -> tuple[int, Told]:
    assert done.stderr == ""
    told: Told = {}
    for one in json.loads(done.stdout):
        assert (one["level"] == "ok") == ("remedy" not in one), (
            "a remedy for all that isn't in order"
        )
        line = (one["level"], one["found"], one.get("remedy", ""))
        told.setdefault(one["about"], []).append(line)
    return done.returncode, told


def faults(told: Told) -> dict[str, str]:
    return {
        about: found
        for about, lines in told.items()
        for level, found, _ in lines
        if level == "fault"
    }


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder with a database as `run` leaves it."""
    file = tmp_path / "data" / "backbeat.db"
    file.parent.mkdir()
    file.touch(mode=0o600)
    file.write_bytes(builders.migrated())
    return tmp_path


def test_all_is_told_of_a_bot_that_is_in_order(kept: Path) -> None:
    code, told = doctor(kept, "--offline", TELEGRAM_TOKEN=TOKEN)
    assert code == 0
    assert {about for about, [(level, *_), *_] in told.items() if level == "ok"} == {
        *("settings", "content", "pictures", "zones", "memory", "disk", "privacy", "database"),
        "migrations",
    }
    assert told["telegram"] == [
        ("warning", "not asked", "Leave --offline out, once there is a network.")
    ]


def test_a_pipe_gets_one_line_for_each_that_can_be_searched(kept: Path) -> None:
    done = backbeat(kept, "doctor", "--offline", TELEGRAM_TOKEN=TOKEN)
    *lines, summary = done.stdout.splitlines()
    assert summary == "1 warning."
    assert all(re.match(r"(ok|warning|fault) +[a-z]+ +\S", line) for line in lines)
    assert "\x1b" not in done.stdout


def test_a_folder_without_a_database_stays_empty(tmp_path: Path) -> None:
    code, told = doctor(tmp_path, "--offline")
    assert (code, told["database"][0][1]) == (0, "data/backbeat.db is not there yet")
    assert told["telegram"][0][1].startswith("not asked, for TELEGRAM_TOKEN is not set")
    assert list(tmp_path.iterdir()) == []


def test_settings_that_cannot_be_read_are_told_all_at_once(tmp_path: Path) -> None:
    done = backbeat(
        tmp_path, "doctor", BACKBEAT_PORT="0", BACKBEAT_LANGUGE="de", TELEGRAM_TOKEN=SECRET
    )
    assert done.returncode == 2
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == [
        *("BACKBEAT_LANGUGE", "TELEGRAM_TOKEN", "BACKBEAT_PORT")
    ]
    assert SECRET not in done.stderr


# The database.


def of(file: Path | str) -> str:
    return f"sqlite+aiosqlite:///{file}"


def test_a_folder_that_nobody_can_write(tmp_path: Path) -> None:
    code, told = doctor(tmp_path, "--offline", BACKBEAT_DATABASE_URL=of("/proc/backbeat.db"))
    assert code == 1
    assert faults(told).keys() == {"database"}
    assert faults(told)["database"].startswith("/proc can't be written: ")


def test_a_file_that_is_no_database(kept: Path) -> None:
    file = kept / "data" / "backbeat.db"
    file.write_bytes(b"Dear diary, " * 1000)
    code, told = doctor(kept, "--offline")
    assert (code, faults(told)) == (1, {"database": "data/backbeat.db: file is not a database"})
    assert file.read_bytes() == b"Dear diary, " * 1000


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "data" / "backbeat.db").mkdir(parents=True)
    assert faults(doctor(tmp_path, "--offline")[1]) == {"database": "data/backbeat.db is no file"}


def test_a_database_with_a_torn_page(kept: Path) -> None:
    file = kept / "data" / "backbeat.db"
    whole = file.read_bytes()
    file.write_bytes(whole[:20480] + b"\xff" * 4096 + whole[24576:])
    code, told = doctor(kept, "--offline")
    assert (code, [*faults(told)]) == (1, ["database"])


def test_a_database_that_somebody_holds(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.condition.PATIENCE", 0.1)
    holding = sqlite3.connect(kept / "data" / "backbeat.db", isolation_level=None)
    holding.execute("BEGIN IMMEDIATE")
    code, told = doctor(kept, "--offline")
    holding.close()
    assert (code, faults(told)) == (1, {"database": "data/backbeat.db: database is locked"})


@pytest.mark.parametrize(
    ("revision", "level", "found"),
    [
        ("DELETE FROM alembic_version", "warning", "no table is there yet"),
        (
            "UPDATE alembic_version SET version_num = '0001'",
            "warning",
            r"\d+ behind \(0001, newest \d+\)",
        ),
        (
            "UPDATE alembic_version SET version_num = '9999'",
            "fault",
            r"the database is newer \(9999\) than this Backbeat \(\d+\)",
        ),
    ],
    ids=["none", "behind", "ahead"],
)
def test_migrations_behind_and_ahead(kept: Path, revision: str, level: str, found: str) -> None:
    with sqlite3.connect(kept / "data" / "backbeat.db") as opened:
        opened.execute(revision)
    opened.close()
    code, told = doctor(kept, "--offline")
    assert code == (level == "fault")
    [(how, what, _)] = told["migrations"]
    assert how == level
    assert re.fullmatch(found, what)


def test_a_database_that_others_can_read(kept: Path) -> None:
    (kept / "data" / "backbeat.db").chmod(0o644)
    code, told = doctor(kept, "--offline")
    assert code == 0
    assert told["privacy"][0][2] == "It holds health data: `chmod 600 data/backbeat.db`."


@pytest.mark.parametrize(
    ("free", "level"),
    [(0, "fault"), (63_999_999, "fault"), (64_000_000, "warning"), (500_000_000, "ok")],
)
def test_room_on_the_disk(free: int, level: str) -> None:
    assert store.space(free, Path("/data")).level == level


# A server.


def test_a_server_in_order(postgres_server: Server, tmp_path: Path) -> None:
    url = asyncio.run(postgres_server.cleared())
    code, told = doctor(tmp_path, "--offline", BACKBEAT_DATABASE_URL=url)
    assert (code, faults(told)) == (0, {})
    assert re.match(r"PostgreSQL \d+.*, [\d.]+ MB, ", told["database"][0][1])
    assert told["migrations"][0][0] == "ok"
    assert "disk" not in told, "the server's disk is not ours to see"


def test_a_server_without_tables_and_one_that_can_only_be_read(
    postgres_server: Server, tmp_path: Path
) -> None:
    url = asyncio.run(postgres_server.empty())
    code, told = doctor(tmp_path, "--offline", BACKBEAT_DATABASE_URL=url)
    assert (code, told["migrations"][0][1]) == (0, "no table is there yet")
    asyncio.run(only_read(url, "on"))
    code, told = doctor(tmp_path, "--offline", BACKBEAT_DATABASE_URL=url)
    asyncio.run(only_read(url, "off"))
    assert code == 1
    assert faults(told)["database"].endswith("it can only be read")


async def only_read(url: str, how: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute("SET default_transaction_read_only = off")
    await connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {how}")
    await connection.close()


@pytest.mark.parametrize("database", ["nowhere", "with spaces"])
def test_a_database_that_the_server_does_not_have(
    postgres_server: Server, tmp_path: Path, database: str
) -> None:
    url = re.sub(r"/[^/?]+\?", f"/{quote(database)}?", postgres_server.url("empty"))
    code, told = doctor(tmp_path, "--offline", BACKBEAT_DATABASE_URL=url)
    assert code == 1
    assert f'database "{database}" does not exist' in faults(told)["database"]


def test_a_server_that_is_not_there_and_its_password(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"postgresql://ada:{SECRET}@127.0.0.1:{taken.getsockname()[1]}/backbeat"
        code, told = doctor(tmp_path, "--offline", BACKBEAT_DATABASE_URL=url)
    assert code == 1
    assert faults(told)["database"].startswith("127.0.0.1, database backbeat: ")
    assert SECRET not in str(told)


# The machine.


def test_content_that_is_broken(kept: Path) -> None:
    content = kept / "content"
    shutil.copytree(CONTENT, content)
    (content / "sets" / "flare-day.yaml").unlink()
    (content / "policy.yaml").write_text("value: [", "utf-8")
    code, told = doctor(kept, "--offline", BACKBEAT_CONTENT=str(content))
    assert code == 1
    assert re.fullmatch(r"content/\S+:\d+: .*, and \d+ more", faults(told)["content"])


def test_letters_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    paper._font.cache_clear()
    monkeypatch.setattr("fontpkg.path", lambda _family: Path("nowhere.ttf"))
    [finding] = machine.pictures()
    assert finding.level is Level.WARNING
    paper._font.cache_clear()


def test_zones_of_years_ago_and_of_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    [old] = machine.zones(dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
    assert old.level is Level.WARNING
    [new] = machine.zones(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert new.level is Level.OK


def test_memory_is_what_the_container_may_still_take(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemFree: 1 kB\nMemAvailable:    2000000 kB\n")
    assert machine._free_memory(meminfo, tmp_path) == 2048
    (tmp_path / "memory.current").write_text("200000000\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert machine._free_memory(meminfo, tmp_path) == 2048
    (tmp_path / "memory.max").write_text("300000000\n")
    assert machine._free_memory(meminfo, tmp_path) == 100


# Telegram.


@pytest.fixture
async def local() -> AsyncIterator[Localchat]:
    local = Localchat(token=TOKEN)
    await local.start()
    yield local
    await local.stop()


async def asked(
    local: Localchat, folder: Path, *options: str, token: str = TOKEN
) -> tuple[int, Told]:
    """Beside localchat, which is served by this loop."""
    server = local.api_url.removesuffix("/bot")
    environ = {"TELEGRAM_TOKEN": token, "TELEGRAM_API_URL": server}
    code, told = await asyncio.to_thread(lambda: doctor(folder, *options, **environ))
    assert SECRET not in str(told)
    return code, told


async def test_telegram_that_answers(local: Localchat, kept: Path) -> None:
    code, told = await asked(local, kept)
    assert code == 0
    assert {
        about: level
        for about, [(level, *_)] in told.items()
        if about in ("telegram", "clock", "updates")
    } == {
        "telegram": "ok",
        "clock": "ok",
        "updates": "ok",
    }


async def test_a_token_that_telegram_does_not_know(local: Localchat, kept: Path) -> None:
    code, told = await asked(local, kept, token="123456789:AAH-another_secret_that_nobody_gave_")
    assert (code, [*faults(told)]) == (1, ["telegram"])


async def test_a_server_in_trouble(local: Localchat, kept: Path) -> None:
    local.faults.add(ServerError(method="getMe"))
    code, told = await asked(local, kept)
    assert (code, [*faults(told)]) == (1, ["telegram"])
    assert "502" in faults(told)["telegram"]


def test_a_server_that_nobody_reaches(kept: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        server = f"http://127.0.0.1:{taken.getsockname()[1]}"
        code, told = doctor(kept, TELEGRAM_TOKEN=TOKEN, TELEGRAM_API_URL=server)
    assert code == 1
    assert "can't be reached" in faults(told)["telegram"]
    assert SECRET not in str(told)


@pytest.mark.parametrize(("minutes", "level"), [(1, "fault"), (-60, "fault"), (0.3, "ok")])
async def test_a_clock_that_is_off(
    local: Localchat, kept: Path, minutes: float, level: str
) -> None:
    local.move_to(local.now() + dt.timedelta(minutes=minutes))
    code, told = await asked(local, kept)
    assert (code, told["clock"][0][0]) == (int(level == "fault"), level)


async def test_a_webhook_that_keeps_updates_from_polling(local: Localchat, kept: Path) -> None:
    local.world.webhook.url = "https://elsewhere.example/hook"
    code, told = await asked(local, kept)
    assert (code, faults(told)) == (1, {"updates": "a webhook is set, so that none can be polled"})


HOOK = "https://bot.example/telegram"
FAILED = {"url": HOOK, "last_error_message": "Connection refused", "last_error_date": 1795000000}


@pytest.mark.parametrize(
    ("info", "wanted", "level", "found"),
    [
        ({}, None, "ok", "polling; 0 wait at Telegram"),
        ({"pending_update_count": 100}, None, "warning", "polling; 100 wait at Telegram"),
        ({"url": HOOK}, HOOK, "ok", "webhook; 0 wait at Telegram"),
        ({"url": ""}, HOOK, "fault", "no webhook is set"),
        ({"url": "https://elsewhere.example"}, HOOK, "fault", "another webhook is set"),
        (
            FAILED,
            HOOK,
            "warning",
            "Telegram could not bring some at 2026-11-18 .*: Connection refused",
        ),
    ],
)
def test_what_telegram_tells_of_updates(
    info: dict[str, Any], wanted: str | None, level: str, found: str
) -> None:
    finding = updates(info, wanted)
    assert finding.level == level
    assert re.fullmatch(found, finding.found)


async def test_a_second_poller_shows_itself(
    local: Localchat, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.doctor.telegram.LISTEN", 1)
    code, told = await asked(local, kept, "--alone")
    assert (code, told["pollers"][0][0]) == (0, "ok")

    async def poll_for_ever() -> None:
        async with httpx.AsyncClient(trust_env=False) as other:
            while True:
                answer = await other.get(
                    f"{local.api_url}{TOKEN}/getUpdates", params={"timeout": 50}, timeout=60
                )
                assert answer.status_code == 409  # only the doctor ends its wait
                await asyncio.sleep(0.05)

    polling = asyncio.create_task(poll_for_ever())
    code, told = await asked(local, kept, "--alone")
    polling.cancel()
    assert (code, faults(told)) == (1, {"updates": "another process polls with this token"})
