"""`backbeat doctor`: how everything stands that the bot needs, each with its remedy. It changes nothing.

Exit code 0 with warnings, 1 with faults, 2 where the settings can't be read.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from bot.cli_ground import own_settings, speak_utf_8, wrong
from bot.doctor.finding import Finding, Level, ok, warning
from bot.log import redaction
from bot.settings import Settings

COLOURS = {Level.OK: "green", Level.WARNING: "yellow", Level.FAULT: "red"}

app = typer.Typer()


@app.command()
def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Don't ask Telegram.")] = False,
    alone: Annotated[
        bool,
        typer.Option("--alone", help="The bot is stopped: does another one poll with its token?"),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
) -> None:
    """Look whether all is in order, and tell what to do where it isn't. Nothing is changed."""
    settings = own_settings()
    speak_utf_8()

    async def examined() -> tuple[Finding, ...]:
        return tuple([one async for one in _examine(settings, offline=offline, alone=alone)])

    with wrong.status("Looking ...") if wrong.is_terminal else nullcontext():
        findings = asyncio.run(examined())
    token = settings.telegram_token
    _show(findings, [token.get_secret_value()] if token else [], as_json=as_json)
    raise typer.Exit(int(any(finding.level is Level.FAULT for finding in findings)))


async def _examine(settings: Settings, *, offline: bool, alone: bool) -> AsyncIterator[Finding]:
    from bot.doctor import machine, store
    from bot.doctor.telegram import telegram

    yield ok("settings", "can be read")
    for check in (
        machine.content(settings.content, settings.language),
        machine.pictures(),
        machine.zones(datetime.now(UTC)),
        machine.memory(),
    ):
        for finding in check:
            yield finding
    async for finding in store.database(settings.database_url):
        yield finding
    token = settings.telegram_token
    if token is None:
        told = (
            "not asked, for TELEGRAM_TOKEN is not set: `backbeat run` brings a chat page of its own"
        )
        yield warning("telegram", told, "Get a token from @BotFather, and set TELEGRAM_TOKEN.")
    elif offline:
        yield warning("telegram", "not asked", "Leave --offline out, once there is a network.")
    else:
        asking = telegram(
            token.get_secret_value(), settings.telegram_api_url, settings.webhook_url, alone=alone
        )
        async for finding in asking:
            yield finding


def _show(findings: Sequence[Finding], secrets: Sequence[str], *, as_json: bool) -> None:
    """A line each, and its remedy. Nothing is said by colour alone, and no secret whatever happens."""
    hide = redaction(secrets)
    if as_json:
        records = [finding.record() for finding in findings]
        sys.stdout.write(f"{hide(json.dumps(records, ensure_ascii=False))}\n")
        return
    console = Console(highlight=False)
    if not console.is_terminal:
        for finding in findings:
            sys.stdout.write(f"{hide(_line(finding))}\n")
        sys.stdout.write(f"{_summary(findings)}\n")
        return
    grid = Table.grid(padding=(0, 2))
    for finding in findings:
        mark = Text(f"{finding.level}", COLOURS[finding.level])
        told = [Text(hide(finding.found))]
        told += [Text(hide(finding.remedy), "italic")] if finding.remedy else []
        grid.add_row(mark, Text(finding.about, "bold"), Group(*told))
    console.print()
    console.print(grid)
    console.print(f"\n{_summary(findings)}\n")


def _line(finding: Finding) -> str:
    """For a pipe: never wrapped, so that it can be searched."""
    line = f"{finding.level:<7}  {finding.about:<10}  {finding.found}"
    return f"{line}  ->  {finding.remedy}" if finding.remedy else line


def _summary(findings: Sequence[Finding]) -> str:
    counted = Counter(finding.level for finding in findings)
    parts = [
        f"{counted[level]} {level}{'s' if counted[level] > 1 else ''}"
        for level in (Level.FAULT, Level.WARNING)
        if counted[level]
    ]
    return f"{' and '.join(parts)}." if parts else "All is in order."
