"""What an operator may set, and every way in which it can be wrong."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import VARIABLES, Settings, SettingsFaulty, read_settings

SECRET = "AAH-abcdefghijklmnopqrstuvwxyz_0123"
TOKEN = f"123456789:{SECRET}"


def faults(**environ: str) -> tuple[str, ...]:
    with pytest.raises(SettingsFaulty) as faulty:
        read_settings(environ, None)
    return faulty.value.faults


def test_without_any_setting_it_runs_on_its_own() -> None:
    settings = read_settings({}, None)
    assert settings.telegram_token is None
    assert settings.telegram_api_url is None
    assert settings.database_url == "sqlite+aiosqlite:///data/backbeat.db"
    assert settings.content.name == "content"
    assert (settings.language, settings.port, settings.log_level) == ("en", 8080, "info")
    assert (settings.messages_per_second, settings.tick_seconds) == (30, 1)
    assert (settings.freshness_hours, settings.lease_seconds) == (3, 25)
    assert (settings.chat_messages_per_second, settings.paid_broadcast) == (1, False)


def test_every_setting_can_be_set(tmp_path: Path) -> None:
    environ = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": "http://127.0.0.1:8081/",
        "BACKBEAT_DATABASE_URL": "sqlite+aiosqlite:///elsewhere.db",
        "BACKBEAT_CONTENT": str(tmp_path),
        "BACKBEAT_LANGUAGE": "pt-BR",
        "BACKBEAT_PORT": " 9000 ",
        "BACKBEAT_WEBHOOK_URL": "https://bot.example/telegram",
        "BACKBEAT_WEBHOOK_SECRET": "a_secret-of-16-signs",
        "BACKBEAT_WEBHOOK_HOST": "0.0.0.0",
        "BACKBEAT_WEBHOOK_PORT": "9001",
        "BACKBEAT_OPERATE_HOST": "::1",
        "BACKBEAT_OPERATE_PORT": "9002",
        "BACKBEAT_STOP_SECONDS": "5",
        "BACKBEAT_LOCALCHAT_FILE": "elsewhere.json",
        "BACKBEAT_PICTURE_PAINTERS": "2",
        "BACKBEAT_PICTURE_MEGABYTES": "50",
        "BACKBEAT_MESSAGES_PER_SECOND": "0.5",
        "BACKBEAT_CHAT_MESSAGES_PER_SECOND": "2",
        "BACKBEAT_PAID_BROADCAST": "true",
        "BACKBEAT_TICK_SECONDS": "2",
        "BACKBEAT_FRESHNESS_HOURS": "1.5",
        "BACKBEAT_LEASE_SECONDS": "30",
        "BACKBEAT_LOG_LEVEL": "DEBUG",
    }
    assert environ.keys() == VARIABLES.keys()
    settings = read_settings(environ, None)
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == TOKEN
    assert settings.telegram_api_url == "http://127.0.0.1:8081"
    assert settings.content == tmp_path
    assert settings.localchat_file == Path("elsewhere.json")
    assert (settings.language, settings.port, settings.log_level) == ("pt-BR", 9000, "debug")


def test_the_environment_wins_over_the_file_and_empty_counts_as_not_set(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("BACKBEAT_PORT=9001\nBACKBEAT_LANGUAGE='de'\nBACKBEAT_LOG_LEVEL=\n", "utf-8")
    settings = read_settings({"BACKBEAT_PORT": "9002", "TELEGRAM_TOKEN": ""}, file)
    assert (settings.port, settings.language, settings.log_level) == (9002, "de", "info")
    assert settings.telegram_token is None


def test_a_file_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path / ".env") == read_settings({}, None)


def test_nothing_is_read_behind_the_caller(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BACKBEAT_PORT=9001\nPORT=9001\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(os.environ, "BACKBEAT_PORT", "9002")
    monkeypatch.setitem(os.environ, "PORT", "9003")
    assert read_settings({}, None).port == Settings().port == 8080


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("BACKBEAT_PORT", "abc", "expected a whole number 1 to 65535, found 'abc'"),
        ("BACKBEAT_PORT", "0", "expected a whole number 1 to 65535, found '0'"),
        ("BACKBEAT_PORT", "80.5", "expected a whole number 1 to 65535, found '80.5'"),
        ("BACKBEAT_MESSAGES_PER_SECOND", "0", "expected a number above 0, at most 1000, found '0'"),
        ("BACKBEAT_TICK_SECONDS", "nan", "expected a number above 0, at most 60, found 'nan'"),
        ("BACKBEAT_FRESHNESS_HOURS", "inf", "expected a number above 0, at most 24, found 'inf'"),
        ("BACKBEAT_LEASE_SECONDS", "-1", "expected a number above 0, at most 3600, found '-1'"),
        ("BACKBEAT_LOG_LEVEL", "loud", "expected debug, info, warning or error, found 'loud'"),
        (
            "BACKBEAT_LANGUAGE",
            "English",
            "expected a language such as en or pt-BR, found 'English'",
        ),
        ("BACKBEAT_CONTENT", "nowhere", "expected a folder that exists, found 'nowhere'"),
    ],
)
def test_a_fault_names_the_variable_and_what_was_expected(
    name: str, value: str, fault: str
) -> None:
    assert faults(**{name: value}) == (f"{name}: {fault}",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_TOKEN", SECRET),
        ("TELEGRAM_TOKEN", f"bot{TOKEN}"),
        ("TELEGRAM_TOKEN", f"{TOKEN} {TOKEN}"),
        ("TELEGRAM_TOKEN", "١٢٣:" + SECRET),  # digits, but not Telegram's
        ("TELEGRAM_API_URL", f"http://127.0.0.1:8081/bot{TOKEN}"),
        ("TELEGRAM_API_URL", f"ftp://{SECRET}.example"),
        ("TELEGRAM_API_URL", f"{SECRET}"),
        ("TELEGRAM_API_URL", f"http://[{SECRET}"),
        ("BACKBEAT_DATABASE_URL", f"sqlite://backbeat:{SECRET}@db"),
        ("BACKBEAT_WEBHOOK_SECRET", f"{SECRET}!"),
    ],
)
def test_a_confidential_value_is_refused_without_being_shown(name: str, value: str) -> None:
    with pytest.raises(SettingsFaulty, match="not shown") as faulty:
        read_settings({name: value}, None)
    assert faulty.value.__context__ is None  # pydantic's own error holds what it found
    assert SECRET not in repr(faulty.value)


def test_the_token_and_the_database_are_in_no_repr() -> None:
    settings = read_settings(
        {
            "TELEGRAM_TOKEN": TOKEN,
            "BACKBEAT_DATABASE_URL": f"sqlite+aiosqlite:///{SECRET}.db",
        },
        None,
    )
    for shown in (repr(settings), str(settings), repr(settings.telegram_token)):
        assert SECRET not in shown


def test_settings_built_by_hand_keep_quiet_too() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(telegram_token=f"bot{TOKEN}")
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("BACKBEAT_PROT", "there is no such setting; did you mean BACKBEAT_PORT?"),
        ("backbeat_port", "there is no such setting; did you mean BACKBEAT_PORT?"),
        ("BACKBEAT_TELEGRAM_TOKEN", "there is no such setting; did you mean TELEGRAM_TOKEN?"),
        ("BACKBEAT_XYZZYQQ", "there is no such setting"),
    ],
)
def test_a_misspelt_name_is_pointed_out(name: str, fault: str) -> None:
    assert faults(**{name: "8080"}) == (f"{name}: {fault}",)


WEBHOOK = {"BACKBEAT_WEBHOOK_SECRET": "a_secret-of-16-signs"}


@pytest.mark.parametrize(
    ("environ", "fault"),
    [
        ({"BACKBEAT_WEBHOOK_URL": "https://bot.example/t"}, "BACKBEAT_WEBHOOK_SECRET: expected 16"),
        (WEBHOOK | {"BACKBEAT_WEBHOOK_URL": "http://bot.example/t"}, "https:// only"),
        (WEBHOOK | {"BACKBEAT_WEBHOOK_URL": "bot.example/t"}, "expected an address that Telegram"),
        (WEBHOOK | {"BACKBEAT_WEBHOOK_URL": "https://a:b@bot.example"}, "expected an address that"),
    ],
)
def test_a_webhook_has_its_secret_and_is_encrypted(environ: dict[str, str], fault: str) -> None:
    [told] = faults(**environ)
    assert fault in told


def test_a_bot_api_server_of_ones_own_may_bring_updates_as_they_are() -> None:
    own = {"TELEGRAM_API_URL": "http://api:8081", "BACKBEAT_WEBHOOK_URL": "http://bot:8443/t"}
    assert read_settings(WEBHOOK | own, None).webhook_url == "http://bot:8443/t"


def test_all_faults_are_told_at_once() -> None:
    told = faults(BACKBEAT_PORT="abc", BACKBEAT_PROT="1", BACKBEAT_LEASE_SECONDS="x", HOME="/")
    assert [fault.partition(":")[0] for fault in told] == [
        "BACKBEAT_PROT",
        "BACKBEAT_PORT",
        "BACKBEAT_LEASE_SECONDS",
    ]


@pytest.mark.parametrize(
    "written",
    [
        "postgres://ada:secret@db.example/backbeat?sslmode=require",
        "postgresql://ada:secret@db.example/backbeat?sslmode=require",
        "postgresql+asyncpg://ada:secret@db.example/backbeat?ssl=require",
    ],
)
def test_a_postgresql_is_meant_however_its_address_is_written(written: str) -> None:
    found = read_settings({"BACKBEAT_DATABASE_URL": written}, None)
    assert found.database_url == "postgresql+asyncpg://ada:secret@db.example/backbeat?ssl=require"


@pytest.mark.parametrize("written", ["postgres://", "mysql://a/b", "sqlite:///plain.db"])
def test_another_database_is_refused(written: str) -> None:
    with pytest.raises(SettingsFaulty, match=r"DATABASE_URL: expected .*postgresql:"):
        read_settings({"BACKBEAT_DATABASE_URL": written}, None)
