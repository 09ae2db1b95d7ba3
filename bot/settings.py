"""What an operator may set, and how it is said when something is wrong with it.

Settings are read once, from the mapping and the file that are handed in; nothing here looks at
the machine's environment by itself. Every fault is found in one go and told in words. What is
confidential (the token, an address that may hold a password) is shown in no message and no repr.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, DirectoryPath, Field, SecretStr
from pydantic import ValidationError as Invalid
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX = "BACKBEAT_"
# As BotFather gives it: the bot's id and a secret, 35 signs today. Whatever looks like one is hidden in the
# log; a shorter one is accepted, for a Bot API server of one's own may hand out what it likes.
TOKEN = re.compile(r"\d+:[\w-]{20,}", re.ASCII)
ACCEPTED = re.compile(r"\d+:[\w-]+", re.ASCII)
POSTGRES = re.compile(r"^postgres(ql)?(\+asyncpg)?://(?=.)")
CONTENT = Path(__file__).resolve().parent.parent / "content"
CONFIDENTIAL = frozenset({"telegram_token", "telegram_api_url", "database_url", "webhook_secret"})
SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}", re.ASCII)  # what Telegram takes, and nobody guesses
LOOPBACK = frozenset({"127.0.0.1", "localhost"})


class SettingsFaulty(Exception):
    """Some settings cannot be used as they are."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def _token(found: SecretStr) -> SecretStr:
    if not ACCEPTED.fullmatch(found.get_secret_value()):
        raise ValueError("not a token")
    return found


def _server(found: str) -> str:
    url = urlsplit(found)
    if url.scheme not in {"http", "https"} or not url.hostname or url.query or url.fragment:
        raise ValueError("not the address of a server")
    if TOKEN.search(found):
        raise ValueError("the token has a setting of its own")
    return found.rstrip("/")


def _secret(found: SecretStr) -> SecretStr:
    if not SECRET.fullmatch(found.get_secret_value()):
        raise ValueError("not a secret")
    return found


def _webhook(found: str) -> str:
    url = urlsplit(_server(found))
    if url.username or url.port == 0:
        raise ValueError("not the address of a webhook")
    return found


def _database(found: str) -> str:
    """With the driver, whichever way operators and hosts write the address of a PostgreSQL."""
    if POSTGRES.match(found):
        return POSTGRES.sub("postgresql+asyncpg://", found).replace("sslmode=", "ssl=")
    if not re.match(r"sqlite\+aiosqlite:///.", found):
        raise ValueError("not the address of a database")
    return found


def _lower(found: object) -> object:
    return found.lower() if isinstance(found, str) else found


class Settings(BaseSettings):
    """A field's description completes the sentence "expected ..."."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    telegram_token: Annotated[SecretStr, AfterValidator(_token)] | None = Field(
        None, description="the token that BotFather gave, digits, a colon and a secret"
    )
    telegram_api_url: Annotated[str, AfterValidator(_server)] | None = Field(
        None,  # Telegram's own
        description="a Bot API server such as http://127.0.0.1:8081, without the token",
        repr=False,
    )
    database_url: Annotated[str, AfterValidator(_database)] = Field(
        "sqlite+aiosqlite:///data/backbeat.db",
        description="sqlite+aiosqlite:///a/file.db or postgresql://user:password@host/name",
        repr=False,
    )
    content: DirectoryPath = Field(CONTENT, description="a folder that exists")
    language: str = Field(
        "en", pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$", description="a language such as en or pt-BR"
    )
    port: int = Field(8080, ge=1, le=65535, description="a whole number 1 to 65535")  # localchat
    webhook_url: Annotated[str, AfterValidator(_webhook)] | None = Field(
        None,  # updates are fetched
        description="an address that Telegram reaches, such as https://bot.example/telegram",
    )
    webhook_secret: Annotated[SecretStr, AfterValidator(_secret)] | None = Field(
        None, description="16 to 256 letters, digits, _ or -, as `openssl rand -hex 32` makes them"
    )
    webhook_host: str = Field(
        "127.0.0.1", min_length=1, description="an address of this machine, such as 0.0.0.0"
    )
    webhook_port: int = Field(8443, ge=1, le=65535, description="a whole number 1 to 65535")
    operate_host: str = Field(
        "127.0.0.1", min_length=1, description="an address of this machine, such as 0.0.0.0"
    )
    operate_port: int = Field(
        0,  # nobody asks
        ge=0,
        le=65535,
        description="a whole number 1 to 65535, or 0 for no pages about health",
    )
    stop_seconds: float = Field(
        20,  # less than what supervisors wait before they kill
        ge=0,
        le=600,
        description="a number of at least 0, at most 600",
    )
    localchat_file: Path = Field(
        Path("data/localchat.json"), description="a file that localchat may write"
    )
    picture_painters: int = Field(
        1,  # each takes a core while it draws, behind everything else, and some 130 MB
        ge=0,
        le=8,
        description="a whole number 0 to 8, processes that draw; with 0 the words go alone",
    )
    picture_megabytes: int = Field(
        200,  # some 2,000 pictures; Telegram keeps them as well
        ge=1,
        le=100_000,
        description="a whole number 1 to 100000",
    )
    messages_per_second: float = Field(
        30,  # what Telegram grants a bot that pays nothing
        gt=0,
        le=1000,
        description="a number above 0, at most 1000",
    )
    chat_messages_per_second: float = Field(
        1,  # what Telegram asks for; an answer may use the short burst that it tolerates
        gt=0,
        le=1000,
        description="a number above 0, at most 1000",
    )
    # Above 30 a second each letter costs 0.1 Telegram Stars, taken from the bot's balance: at 1000 a second
    # 97 Stars every second.
    paid_broadcast: bool = Field(
        False, description="true to pay 0.1 Telegram Stars for each letter above 30 a second"
    )
    tick_seconds: float = Field(1.0, gt=0, le=60, description="a number above 0, at most 60")
    freshness_hours: float = Field(
        3,  # a morning ritual sent later than this would only be in the way
        gt=0,
        le=24,
        description="a number above 0, at most 24",
    )
    lease_seconds: float = Field(
        25,  # after this a call has lost its sender; a standby is to be done with its letter in 30
        gt=0,
        le=3600,
        description="a number above 0, at most 3600",
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = (
        Field("info", description="debug, info, warning or error")
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed in counts."""
        return (init_settings,)


def _variable(field: str) -> str:
    """The token keeps the name that every guide to Telegram uses."""
    return field.upper() if field.startswith("telegram_") else f"{PREFIX}{field.upper()}"


VARIABLES: Mapping[str, str] = {_variable(field): field for field in Settings.model_fields}


def read_settings(environ: Mapping[str, str], env_file: Path | None) -> Settings:
    """The environment wins over the file; an empty value counts as not set."""
    given = {**_from_file(env_file), **environ}
    given = {name: value.strip() for name, value in given.items() if value.strip()}
    faults = [*_unknown(given)]
    try:
        settings = Settings.model_validate(
            {field: given[name] for name, field in VARIABLES.items() if name in given}
        )
    except Invalid as invalid:
        fields = dict.fromkeys(str(error["loc"][0]) for error in invalid.errors())
        faults += [_fault(field, given[_variable(field)]) for field in fields]
    else:
        faults += _contradictions(settings)
    if faults:
        raise SettingsFaulty(tuple(faults))  # outside the except clause: pydantic saw the values
    return settings


def _contradictions(settings: Settings) -> Iterator[str]:
    """What is in order by itself, and not together with the rest."""
    if settings.webhook_url is None:
        return
    url = urlsplit(settings.webhook_url)
    if settings.webhook_secret is None:
        described = Settings.model_fields["webhook_secret"].description
        yield f"BACKBEAT_WEBHOOK_SECRET: expected {described}, beside BACKBEAT_WEBHOOK_URL"
    if url.scheme == "http" and not settings.telegram_api_url and url.hostname not in LOOPBACK:
        yield "BACKBEAT_WEBHOOK_URL: Telegram brings updates to https:// only"


def _from_file(env_file: Path | None) -> dict[str, str]:
    if env_file is None or not env_file.is_file():
        return {}
    source = DotEnvSettingsSource(
        Settings, env_file=env_file, env_file_encoding="utf-8", case_sensitive=True
    )
    return {name: value or "" for name, value in source.env_vars.items()}


def _unknown(given: Mapping[str, str]) -> Iterator[str]:
    """A misspelt name would otherwise leave the default in force without a word."""
    for name in sorted(given):
        if name.upper().startswith(PREFIX) and name not in VARIABLES:
            field = name.lower().removeprefix(PREFIX.lower())
            close = get_close_matches(field, Settings.model_fields, n=1)
            hint = f"; did you mean {_variable(close[0])}?" if close else ""
            yield f"{name}: there is no such setting{hint}"


def _fault(field: str, found: str) -> str:
    expected = f"{_variable(field)}: expected {Settings.model_fields[field].description}, found "
    return expected + ("something else (not shown)" if field in CONFIDENTIAL else repr(found))
