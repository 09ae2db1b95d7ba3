"""docs/operating.md, held against the code: settings, metrics, log fields, commands, arithmetic."""

import ast
import re
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from bot.cli import app
from bot.metrics import REGISTRY
from bot.settings import PREFIX, VARIABLES, Settings

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "operating.md").read_text("utf-8")
RULES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]
OF_EVERY_LINE = {"event", "level", "logger", "timestamp", "exception"}


def table(title: str, heading: str) -> list[list[str]]:
    """The cells below a heading of a table."""
    section = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = section.partition(f"| {heading} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_the_settings_are_all_there_with_their_defaults() -> None:
    told = {
        name.strip("`"): default.strip("`") for name, default, _ in table("Settings", "setting")
    }
    assert told.keys() == VARIABLES.keys()
    for name, field in VARIABLES.items():
        default = Settings.model_fields[field].default
        if default is None:
            assert told[name] == "none"
        elif isinstance(default, bool):
            assert told[name] == str(default).lower()
        elif isinstance(default, int | float):
            assert float(told[name]) == default
        else:
            assert str(default).endswith(told[name])


def test_no_other_setting_is_named_anywhere() -> None:
    assert set(re.findall(rf"\b(?:TELEGRAM|{PREFIX[:-1]})_[A-Z_]+", PAGE)) <= VARIABLES.keys()


def metrics() -> dict[str, set[str]]:
    """Each metric as it is named, with the names that Prometheus makes of it."""
    return {
        metric.name + ("_total" if metric.type == "counter" else ""): {metric.name}
        | {f"{metric.name}_{part}" for part in ("total", "bucket", "sum", "count")}
        for metric in REGISTRY.collect()
    }


def test_the_metrics_are_all_there() -> None:
    assert {name.strip("`") for name, _ in table("What it tells", "metric")} == metrics().keys()


def test_alerts_ask_for_metrics_that_are_there_and_say_what_to_do() -> None:
    [group] = yaml.safe_load(RULES[0])["groups"]
    known = set[str]().union(*metrics().values())
    asked = set()
    for rule in group["rules"]:
        assert rule["annotations"]["do"].endswith((".", "?"))
        named = set(re.findall(r"\bbackbeat_\w+", rule["expr"]))
        assert named <= known, rule["alert"]
        asked |= named
    assert len(asked) >= 6


def log_fields() -> set[str]:
    """What any line of ours carries besides its words."""
    fields = set()
    for file in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="log")), keywords=keywords):
                    fields |= {keyword.arg for keyword in keywords if keyword.arg}
    return fields - {"exc_info"}


def test_the_log_fields_are_all_explained() -> None:
    cells = [name for name, _ in table("What it tells", "field")]
    told = set(re.findall(r"`(\w+)`", " ".join(cells)))
    assert log_fields() | OF_EVERY_LINE <= told


def test_every_command_that_the_page_names_is_there_with_its_options() -> None:
    named = re.findall(r"(?:`backbeat|-m bot) ([a-z]+)([^`\n|]*)", PAGE)
    assert {"doctor", "run", "check", "preview", "replay", "erase", "export"} <= {
        n for n, _ in named
    }
    for name, rest in named:
        options = {option for parameter in COMMANDS[name].params for option in parameter.opts}
        assert set(re.findall(r"--[a-z]+", rest)) <= options, name


@pytest.mark.parametrize(
    ("people", "slow", "fast"),
    [(25_000, "14 min", "25 s"), (150_000, "83 min", "2.5 min"), (600_000, "5.6 h", "10 min")],
)
def test_the_peaks_are_worked_out_rightly(people: int, slow: str, fast: str) -> None:
    assert f"| {people:,} | {slow} | {fast} |" in PAGE
    for told, rate in ((slow, 30), (fast, 1000)):
        number, unit = told.split()
        seconds = float(number) * {"s": 1, "min": 60, "h": 3600}[unit]
        assert seconds == pytest.approx(people / rate, rel=0.02)


def test_the_unit_lets_it_write_its_data_and_gives_it_time_to_finish() -> None:
    unit = PAGE.partition("[Service]\n")[2].partition("[Install]")[0]
    service = dict(line.split("=", 1) for line in unit.strip().splitlines())
    assert float(service["TimeoutStopSec"]) > Settings.model_fields["stop_seconds"].default
    default = Settings.model_fields["database_url"].default.removeprefix("sqlite+aiosqlite:///")
    kept = Path(service["WorkingDirectory"], default)
    assert kept.parent == Path(service["ReadWritePaths"])
