"""The front door: one command, its sub-commands. What is wrong is said in words, with exit code 2.

What only some commands need is imported inside them: Telegram's library, the database and the web server
take most of a second, and a script that pipes histories through `decide` shouldn't wait for them.
"""

import asyncio
import json
import signal
import sys
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.progress import track

from bot import cli_backup, cli_doctor, cli_theirs
from bot.catalogue.faults import ContentFaulty
from bot.catalogue.policy import read_policy
from bot.catalogue.reading import read_catalogue
from bot.catalogue.words import read_words
from bot.cli_ground import (
    fastest_loop,
    over_the_database,
    own_settings,
    refuse,
    said,
    speak_utf_8,
    wrong,
)
from bot.domain.look import Theme
from bot.log import set_up
from bot.practice.casebook import LineUnreadable, answer_lines

if TYPE_CHECKING:
    from bot.storage.database import Database

Answer = TypeVar("Answer")

app = typer.Typer(
    help="Backbeat: a movement habit companion that keeps a daily back ritual.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # an error is a line, not a box
    pretty_exceptions_enable=False,  # its traces show local values, and those may be health data
)
app.add_typer(cli_theirs.app)
app.add_typer(cli_backup.app)
app.add_typer(cli_doctor.app)


@app.command()
def run() -> None:
    """Run the bot: with TELEGRAM_TOKEN on Telegram, without it on a chat page of its own."""
    from telegram.error import InvalidToken

    from bot import assembly
    from bot.localchat.saver import SavedUnreadable
    from bot.server import AddressUnusable

    settings = own_settings()
    token = settings.telegram_token
    secrets = filter(None, (token, settings.webhook_secret))
    set_up(settings.log_level, [secret.get_secret_value() for secret in secrets])

    def ready(address: str) -> None:
        said.print(f"\n  Open [bold]{address}[/] and press START. Ctrl-C ends it.\n")

    try:
        if token is not None:
            _until_stopped(lambda stop: assembly.run(settings, stop))
        else:
            _until_stopped(lambda stop: assembly.run_locally(settings, stop, ready))
    except ContentFaulty as faulty:
        refuse(*faulty.faults)
    except SavedUnreadable as unreadable:
        refuse(f"BACKBEAT_LOCALCHAT_FILE: {unreadable}")
    except AddressUnusable as unusable:
        refuse(str(unusable))
    except InvalidToken:
        refuse("TELEGRAM_TOKEN: Telegram doesn't know this token")
    except OSError as taken:
        refuse(f"BACKBEAT_PORT: {settings.port} can't be used: {taken.strerror}")


@app.command()
def decide(
    policy: Annotated[
        Path | None, typer.Option(help="Another policy file than content/policy.yaml.")
    ] = None,
) -> None:
    """Decide histories given as JSON, one object a line on stdin, and answer in the same way."""
    settings = own_settings()
    speak_utf_8()
    try:
        numbers = read_policy(policy or settings.content / "policy.yaml")
        words = read_words(settings.content, settings.language)
        for answer in answer_lines(sys.stdin, numbers, words):
            sys.stdout.write(f"{answer}\n")
    except ContentFaulty as faulty:
        refuse(*faulty.faults)
    except LineUnreadable as unreadable:
        sys.stdout.flush()
        refuse(str(unreadable))
    except UnicodeDecodeError as garbled:
        sys.stdout.flush()
        refuse(f"stdin: expected UTF-8 text, found byte {garbled.object[garbled.start]:#04x}")


@app.command()
def check() -> None:
    """Check the content files; every fault with file and line."""
    from bot.catalogue.whole import content_faults

    settings = own_settings()
    faults = content_faults(settings.content, settings.language)
    if not faults:
        from bot.cli_figures import figure_faults

        faults = tuple(figure_faults(settings.content, read_catalogue(settings.content)))
    for fault in faults:
        wrong.print(fault, markup=False)
    if faults:
        raise typer.Exit(1)
    said.print("The content is in order.")


@app.command()
def schema(
    folder: Annotated[
        Path | None, typer.Argument(help="Where to; content/schema unless told.")
    ] = None,
) -> None:
    """Write a JSON Schema for each kind of content file, so that editors check and explain while typing."""
    from bot.catalogue.schemas import write_schemas

    try:
        for path in write_schemas(folder or own_settings().content / "schema"):
            said.print(str(path), markup=False)
    except OSError as unwritable:
        refuse(f"{unwritable.filename}: can't be written: {unwritable.strerror}")


@app.command()
def figures(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Exercises, by the names of their files; all on sheets unless told."),
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where to.")] = Path("figures"),
    theme: Annotated[Theme, typer.Option(help="The ground of the pictures.")] = Theme.PAPER,
    language: Annotated[str | None, typer.Option(help="A folder of content/words.")] = None,
) -> None:
    """Draw exercises: poster and clip of each that is named, or all on a contact sheet for each ladder."""
    from bot import cli_figures

    settings = own_settings()
    try:
        catalogue = read_catalogue(settings.content)
        words = read_words(settings.content, language or settings.language)
        spoken = catalogue.spoken(words.language)
        drawn = (
            cli_figures.draw_exercises(spoken, words, names, theme, folder)
            if names
            else cli_figures.draw_sheets(spoken, words, folder)
        )
        for path in drawn:
            said.print(str(path), markup=False)
    except ContentFaulty as faulty:
        refuse(*faulty.faults)
    except cli_figures.FigureUnknown as unknown:
        refuse(str(unknown))
    except OSError as unwritable:
        refuse(f"{unwritable.filename}: can't be written: {unwritable.strerror}")


@app.command()
def bench(
    people: Annotated[
        int, typer.Option(min=20, help="How many in the largest database.")
    ] = 100_000,
    only: Annotated[
        list[str] | None,
        typer.Option(help="content, drawing, send, drain, due, rows or tap; can be repeated."),
    ] = None,
    postgres: Annotated[
        str | None,
        typer.Option(help="A PostgreSQL server, where databases may be made and dropped."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Only whether it works: the numbers mean nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
) -> None:
    """Measure this machine: each number beside a limit, or beside another design in the same run."""
    from bot.bench import figures, run

    set_up("critical", [])  # whatever else becomes of letters is in the figures
    request = figures.Request(
        content=own_settings().content,
        people=people,
        quick=quick,
        postgres=postgres,
        progress=lambda step: wrong.print(step, markup=False),
    )
    try:
        figures.show(run.run(request, only or ()), as_json=as_json)
    except ContentFaulty as faulty:
        refuse(*faulty.faults)
    except run.BenchUnknown as unknown:
        refuse(str(unknown))


@app.command()
def preview(
    life: Annotated[str, typer.Option(help="sitting, standing or mixed.")] = "sitting",
    minutes: Annotated[
        int | None, typer.Option(help="10, 15 or 20; a set may have others.")
    ] = None,
    place: Annotated[str | None, typer.Option(help="floor, hotel, seat or gym.")] = None,
    set_id: Annotated[
        str | None, typer.Option("--set", help="A file of content/sets, as flare-day.")
    ] = None,
    step: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LADDER=STEP", help="bridge=4, or all=3. Repeatable, as the next two."
        ),
    ] = None,
    caution: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="As PG; docs/content.md has them all.")
    ] = None,
    own: Annotated[
        list[str] | None, typer.Option(metavar="THING", help="dumbbells, stair.")
    ] = None,
    dose: Annotated[float | None, typer.Option(help="Of the full dose, 0.4 to 1.0.")] = None,
    pain: Annotated[int, typer.Option(help="Usual pain, 0 to 10.")] = 3,
    day: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="In 2026. Else the first with the ladders of --step."
        ),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="A line for each of so many.")] = 1,
    language: Annotated[str | None, typer.Option(help="A folder of content/words.")] = None,
) -> None:
    """Show a day's message as a person would see it, and how long it takes."""
    from bot import cli_preview

    settings = own_settings()
    speak_utf_8()
    wishes = cli_preview.Wishes(
        life=life,
        minutes=minutes,
        place=place,
        set_id=set_id,
        steps=tuple(step or ()),
        dose=dose,
        cautions=tuple(caution or ()),
        own=tuple(own or ()),
        pain=pain,
        day=day.date() if day else None,
        days=days,
    )
    try:
        catalogue = read_catalogue(settings.content)
        words = read_words(settings.content, language or settings.language)
        cli_preview.preview(catalogue.spoken(words.language), words, wishes)
    except ContentFaulty as faulty:
        refuse(*faulty.faults)
    except cli_preview.PreviewImpossible as impossible:
        refuse(*impossible.faults)


@app.command()
def simulate(
    people: Annotated[int, typer.Option(min=1, help="Simulated people.")] = 1000,
    days: Annotated[int, typer.Option(min=1, help="Days of each.")] = 84,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same table.")] = 7,
    scenario: Annotated[str, typer.Option(help="The world they live in.")] = "base",
    arms: Annotated[
        str, typer.Option(help="Policies to compare: all, or names with commas.")
    ] = "all",
    ladders: Annotated[
        int, typer.Option(min=1, max=4, help="That share fatigue and soreness.")
    ] = 1,
    draws: Annotated[int, typer.Option(min=0, help="Vary every assumption this often.")] = 0,
    placement: Annotated[bool, typer.Option(help="Begin with a two-minute try-out.")] = True,
    policy: Annotated[Path | None, typer.Option(help="Another policy file.")] = None,
    wide: Annotated[bool, typer.Option("--wide", help="Every outcome.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
    picture: Annotated[
        Path | None, typer.Option(help="Write a picture (SVG) to this file.")
    ] = None,
) -> None:
    """Compare policies on virtual patients. Simulated people are no evidence that it helps a back."""
    from bot import cli_simulate

    settings = own_settings()
    try:
        trial, names = cli_simulate.request_trial(
            arms,
            people=people,
            days=days,
            scenario=scenario,
            seed=seed,
            ladders=ladders,
            placement=placement,
        )
        request = cli_simulate.Request(
            policy=read_policy(policy or settings.content / "policy.yaml"),
            trial=trial,
            arms=names,
            draws=draws,
            wide=wide,
            as_json=as_json,
            picture_file=picture,
        )
        cli_simulate.compare(request)
    except ContentFaulty as faulty:
        refuse(*faulty.faults)
    except cli_simulate.TrialImpossible as impossible:
        refuse(str(impossible))
    except OSError as unwritable:
        refuse(f"--picture: {unwritable.filename} can't be written: {unwritable.strerror}")


@app.command()
def migrate() -> None:
    """Bring the database up to date. `run` does the same at its start."""

    async def nothing_more(_: "Database") -> None: ...

    over_the_database(own_settings(), nothing_more)
    said.print("The database is up to date.")


@app.command()
def replay(
    policy: Annotated[
        Path | None, typer.Option(help="Decide under this policy file, and show what differs.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Decide every stored decision again, from what was known when it was made."""
    from bot import assembly
    from bot.practice.replay import Account

    settings = own_settings()
    speak_utf_8()

    async def again(database: "Database") -> Account:
        made = assembly.build_replay(settings, database)
        other = read_policy(policy) if policy else None
        people = track(
            await made.people(), "Deciding again", console=wrong, disable=not wrong.is_terminal
        )
        replayed = [one for person in people for one in await made.of(person, other)]
        return Account(policy=(other or made.policy).version, replayed=tuple(replayed))

    account = over_the_database(settings, again)
    if as_json:
        sys.stdout.write(f"{json.dumps(account.record(), ensure_ascii=False)}\n")
        return
    for line in account.lines():
        said.print(line, markup=False)


@app.command()
def explain(
    person: Annotated[int, typer.Argument(help="Whose: a chat id, or a row id.")],
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only this day.")
    ] = None,
    ladder: Annotated[str | None, typer.Option(help="Only this ladder, as bridge.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list.")] = False,
) -> None:
    """Tell the story behind someone's decisions: replies, rules with their sources, and what is next."""
    from bot import assembly
    from bot.practice.explanation import LadderUnknown, PersonUnknown, Story, as_record, tell

    settings = own_settings()
    speak_utf_8()

    async def look(database: "Database") -> tuple[Story, ...]:
        explanation = assembly.build_explanation(settings, database)
        return await explanation.of(person, day=day.date() if day else None, ladder=ladder)

    try:
        words = read_words(settings.content, settings.language)
        stories = over_the_database(settings, look)
    except ContentFaulty as faulty:
        refuse(*faulty.faults)
    except (PersonUnknown, LadderUnknown) as unknown:
        refuse(str(unknown))
    if as_json:
        records = [as_record(story, words) for story in stories]
        sys.stdout.write(f"{json.dumps(records, ensure_ascii=False)}\n")
        return
    told = [tell(story, words) for story in stories] or ["Nothing was decided there yet."]
    said.print("\n\n".join(told), markup=False)


def _until_stopped(work: Callable[[asyncio.Event], Coroutine[None, None, None]]) -> None:
    """Run until Ctrl-C or a polite kill; either lets the work end in order."""

    async def running() -> None:
        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        await work(stop)

    with asyncio.Runner(loop_factory=fastest_loop()) as runner:
        runner.run(running())
