"""Whether the database can keep what people answer."""

import shutil
import stat
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryFile

from bot.doctor.finding import Finding, fault, ok, warning
from bot.storage import condition
from bot.storage.condition import Condition, Schema, Unusable

LEAST = 64  # MB on the disk, below which a busy day can fill it
SPARE = 500  # MB that leave time to act


async def database(url: str) -> AsyncIterator[Finding]:
    file = condition.file_of(url)
    if file is not None:
        place = list(_place(file))
        for finding in place:
            yield finding
        if not file.exists() or any(finding.level == "fault" for finding in place):
            return
    try:
        found = await condition.look_at(url)
    except Unusable as trouble:
        yield _unusable(trouble, file, url)
        return
    yield _answered(found, str(file or condition.server_of(url)))
    yield migrations(found.schema)


def _place(file: Path) -> Iterator[Finding]:
    """The file, the folder in which SQLite makes two more beside it, and the disk below."""
    folder = next(parent for parent in file.absolute().parents if parent.exists())
    if (trouble := _not_writable(folder)) is not None:
        remedy = f"Let the user that runs Backbeat write there: `chown` or `chmod` {folder}."
        yield fault("database", f"{folder} can't be written: {trouble}", remedy)
        return
    yield space(shutil.disk_usage(folder).free, folder)
    if not file.exists():
        remedy = "Nothing needs to be done: `backbeat run` makes it."
        yield warning("database", f"{file} is not there yet", remedy)
        return
    if not file.is_file():
        yield fault("database", f"{file} is no file", "Name a file in BACKBEAT_DATABASE_URL.")
        return
    if (trouble := _not_openable(file)) is not None:
        remedy = f"Let the user that runs Backbeat own it: `chown` {file}."
        yield fault("database", f"{file} can't be written: {trouble}", remedy)
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        remedy = f"It holds health data: `chmod 600 {file}`."
        yield warning("privacy", "others on this machine can read the database", remedy)
    else:
        yield ok("privacy", "only its owner can read the database")


def _not_writable(folder: Path) -> str | None:
    """By writing, and not by asking: permissions are only one of the reasons. The file has no name."""
    try:
        with TemporaryFile(dir=folder) as file:
            file.write(b"x" * 4096)
            file.flush()
    except OSError as trouble:
        return str(trouble.strerror)
    return None


def _not_openable(file: Path) -> str | None:
    try:
        with file.open("r+b"):
            return None
    except OSError as trouble:
        return str(trouble.strerror)


def space(free: int, folder: Path) -> Finding:
    megabytes = free // 1_000_000
    told = f"{megabytes:,} MB free in {folder}"
    if megabytes < LEAST:
        return fault("disk", told, "Make room: when it is full, no answer can be kept.")
    if megabytes < SPARE:
        return warning("disk", told, "Make room soon, for the database and a backup of it.")
    return ok("disk", told)


def _unusable(trouble: Unusable, file: Path | None, url: str) -> Finding:
    told = str(trouble) or "no answer"
    if file is None:
        remedy = (
            "Look whether the server is up, and whether BACKBEAT_DATABASE_URL names it rightly."
        )
        return fault("database", f"{condition.server_of(url)}: {told}", remedy)
    if "locked" in told:
        remedy = "Find who holds it, as a backup that hangs; it was asked for five seconds."
        return fault("database", f"{file}: {told}", remedy)
    remedy = "Set it aside, and restore a backup in its place; nothing was changed."
    return fault("database", f"{file}: {told}", remedy)


def _answered(found: Condition, where: str) -> Finding:
    told = f"{found.server}, {found.size / 1e6:,.1f} MB, {where}"
    if not found.faults:
        return ok("database", told)
    return fault(
        "database",
        f"{told}: {'; '.join(found.faults)}",
        "Set the file aside, and restore a backup in its place."
        if found.server.startswith("SQLite")
        else "Name the primary server, and a user who owns the database.",
    )


def migrations(schema: Schema) -> Finding:
    match schema:
        case Schema(missing=0):
            return ok("migrations", f"up to date ({schema.newest})")
        case Schema(found=None):
            remedy = "Nothing needs to be done: `backbeat run` makes them, or `backbeat migrate`."
            return warning("migrations", "no table is there yet", remedy)
        case Schema(missing=None):
            told = f"the database is newer ({schema.found}) than this Backbeat ({schema.newest})"
            return fault("migrations", told, "Run the newer Backbeat again, or restore a backup.")
    told = f"{schema.missing} behind ({schema.found}, newest {schema.newest})"
    remedy = "Back up, then `backbeat migrate`; `backbeat run` does it at its start, too."
    return warning("migrations", told, remedy)
