"""The compose files, read as an engine would, and what we ask of every service in them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings, read_settings

ROOT = Path(__file__).parents[1]
FILES = ("compose.yaml", "compose.postgres.yaml")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
GIVEN = {"BACKBEAT_HOST": "bot.example", "POSTGRES_PASSWORD": "0" * 64}
TOP = {"name", "services", "volumes", "networks", "configs", "secrets"}
DURATION = re.compile(r"(\d+(h|m|s|ms|us))+")


def read(name: str) -> dict[str, Any]:
    """With what the shell is to bring; `$$` is a dollar, and anything else must have said what is missing."""
    text = (ROOT / name).read_text("utf-8")
    text = re.sub(r"\$\{(\w+):\?[^}]+\}", lambda found: GIVEN[found[1]], text)
    assert not re.search(r"(?<!\$)\$[{\w]", re.sub(r"(?m)^#.*$", "", text)), "left to chance"
    composed = yaml.safe_load(text.replace("$$", "$"))
    assert isinstance(composed, dict)
    return composed


SERVICES = [
    pytest.param(name, service, id=f"{name}-{service}")
    for name in FILES
    for service in read(name)["services"]
]


@pytest.mark.parametrize("name", FILES)
def test_whatever_is_named_is_there(name: str) -> None:
    composed = read(name)
    assert {key for key in composed if not key.startswith("x-")} <= TOP
    services = composed["services"]
    for service in services.values():
        volumes = {volume.partition(":")[0] for volume in service.get("volumes", ())}
        assert volumes <= composed.get("volumes", {}).keys()
        assert set(service.get("networks", ())) <= composed.get("networks", {}).keys()
        assert {one["source"] for one in service.get("configs", ())} <= composed.get(
            "configs", {}
        ).keys()
        for other, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert "healthcheck" in services[other]


@pytest.mark.parametrize(("name", "service"), SERVICES)
def test_every_service_has_bare_hands_and_tells_how_it_is(name: str, service: str) -> None:
    made = read(name)["services"][service]
    assert made["read_only"] is True
    assert made["cap_drop"] == ["ALL"]
    assert set(made.get("cap_add", ())) <= {"NET_BIND_SERVICE"}
    assert made["security_opt"] == ["no-new-privileges:true"]
    assert made["restart"] == "unless-stopped"
    assert not {"privileged", "network_mode", "pid", "ipc", "devices"} & made.keys()
    assert not any(volume.startswith(("/", ".", "~")) for volume in made.get("volumes", ()))
    health = made.get("healthcheck")
    if health is None:  # the image's own
        assert made["build"] == "."
        assert "HEALTHCHECK" in DOCKERFILE
    else:
        assert health["test"][0] in {"CMD", "CMD-SHELL"}
        assert all(DURATION.fullmatch(health[key]) for key in ("interval", "timeout"))


@pytest.mark.parametrize("name", FILES)
def test_only_the_door_is_open_and_no_secret_is_written_down(name: str) -> None:
    services = read(name)["services"]
    assert {service for service, made in services.items() if "ports" in made} <= {"door"}
    text = (ROOT / name).read_text("utf-8")
    assert not re.search(r"(?im)^[^#]*(token|password|secret)\w*: +[^$\s]", text)


def settings_of(name: str) -> Settings:
    """What the bot makes of the image, the file, and the .env that the head of the file tells to write."""
    image = dict(re.findall(r"(BACKBEAT_\w+)=(\S+)", DOCKERFILE.partition("ENTRYPOINT")[0]))
    service: dict[str, str] = read(name)["services"]["backbeat"].get("environment", {})
    env_file = {"TELEGRAM_TOKEN": "123456:your-token", "BACKBEAT_WEBHOOK_SECRET": "0" * 64}
    return read_settings(image | service | env_file, None)


@pytest.mark.parametrize("name", FILES)
def test_the_bot_can_read_what_it_is_given(name: str) -> None:
    settings = settings_of(name)
    assert f"127.0.0.1:{settings.operate_port}/healthz" in DOCKERFILE
    if settings.webhook_url is not None:
        door = read(name)["configs"]["door"]["content"]
        assert f"backbeat {settings.webhook_port}" in door
        assert settings.webhook_url == "https://bot.example/telegram"
        assert "reverse_proxy /telegram {" in door


@pytest.mark.parametrize("name", FILES)
def test_there_is_time_to_finish_before_the_kill(name: str) -> None:
    grace = read(name)["services"]["backbeat"]["stop_grace_period"]
    assert int(grace.removesuffix("s")) > settings_of(name).stop_seconds
