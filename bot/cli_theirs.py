"""What is kept of one person, for whoever runs the bot: to hand it over, and to delete it."""

import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.catalogue.faults import ContentFaulty
from bot.cli_ground import over_the_database, own_settings, refuse, said, speak_utf_8

if TYPE_CHECKING:
    from bot.domain.profile import Profile
    from bot.practice.desk import Desk

Made = TypeVar("Made")
Person = Annotated[int, typer.Argument(help="Whose: a chat id, or a row id.")]
Out = Annotated[Path | None, typer.Argument(help="A file; the terminal unless told.")]

app = typer.Typer()


@app.command()
def report(person: Person, file: Annotated[Path, typer.Argument(help="A file.")]) -> None:
    """Write someone's summary for a physiotherapist: one page of A4, as PDF."""
    from bot.delivery.report_sheet import report_sheet

    async def made(desk: "Desk", profile: "Profile") -> bytes:
        told = await desk.belongings.report(profile.chat_id, datetime.now(UTC))
        words, clearance = desk.words[profile.language], desk.enrolment.clearance
        return report_sheet(words, told, clearance)

    _write(_of(person, made), file)


@app.command()
def export(person: Person, file: Out = None) -> None:
    """Write all that is kept of someone: the archive that /export sends, or JSON to the terminal."""

    async def made(desk: "Desk", profile: "Profile") -> bytes:
        words, now = desk.words[profile.language], datetime.now(UTC)
        make = desk.belongings.export if file else desk.belongings.whole
        return await make(profile.chat_id, words, now)

    _write(_of(person, made), file)


@app.command()
def erase(
    person: Person,
    yes: Annotated[bool, typer.Option("--yes", help="Yes: there is no way back.")] = False,
) -> None:
    """Delete everything that is kept of someone, and check that no row is left."""
    if not yes:
        refuse(
            f"{person}: nothing was deleted; add --yes if you are sure, for there is no way back"
        )

    async def gone(desk: "Desk", profile: "Profile") -> None:
        await desk.enrolment.forget(profile.chat_id)

    _of(person, gone)
    said.print("No row is left. Backups hold them until newer ones take their place.")


def _of(person: int, make: "Callable[[Desk, Profile], Awaitable[Made]]") -> Made:
    """What is made of somebody who is there."""
    from bot import assembly
    from bot.domain.refusal import NotEnrolled
    from bot.practice.explanation import PersonUnknown
    from bot.storage import people
    from bot.storage.database import Database

    settings = own_settings()
    speak_utf_8()

    async def look(database: Database) -> Made:
        async with database.look() as work:
            person_id = await people.identify(work, person)
            if person_id is None:
                raise PersonUnknown(person)
            profile = await people.get(work, person_id)
        return await make(assembly.build_desk(settings, database), profile)

    try:
        return over_the_database(settings, look)
    except PersonUnknown as unknown:
        refuse(str(unknown))
    except NotEnrolled:
        refuse(f"{person}: has not told everything yet, so there is nothing to sum up")
    except ContentFaulty as faulty:
        refuse(*faulty.faults)


def _write(body: bytes, file: Path | None) -> None:
    if file is None:
        sys.stdout.buffer.write(body)
        return
    try:
        file.touch(mode=0o600)  # it holds health data
        file.write_bytes(body)
    except OSError as unwritable:
        refuse(f"{file}: can't be written: {unwritable.strerror}")
