"""What the bot needs of its machine: content that can be read, pictures that can be drawn, zones, memory."""

import datetime as dt
import re
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import tzdata

from bot.catalogue.tongues import languages
from bot.catalogue.whole import content_faults
from bot.doctor.finding import Finding, fault, ok, warning
from bot.pictures.paper import LettersMissing, png, sheet, text

PNG = b"\x89PNG\r\n\x1a\n"
MEMORY = 250  # MB; a bot at work takes 180, by `make image`
OLD = 2  # years after which some government will have changed its clocks
CGROUP = Path("/sys/fs/cgroup")
MEMINFO = Path("/proc/meminfo")


def content(folder: Path, language: str) -> Iterator[Finding]:
    faults = content_faults(folder, language)
    if not faults:
        spoken = ", ".join(sorted({language, *languages(folder)}))
        yield ok("content", f"exercises, policy, safety and words are in order; it speaks {spoken}")
        return
    more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
    yield fault(
        "content", f"{faults[0]}{more}", "Run `backbeat check`, and mend each line that it tells."
    )


def pictures() -> Iterator[Finding]:
    """Without them the words go alone: a picture fails nothing."""
    try:
        drawn = png(sheet(40, 40, [text(4, 30, "B", size=30)]))
    except (LettersMissing, OSError, ValueError) as trouble:
        drawn = repr(trouble).encode()
    if drawn.startswith(PNG):
        yield ok("pictures", "can be drawn")
        return
    yield warning(
        "pictures",
        "can't be drawn; their words go alone",
        "Install the dependencies anew: `pip install --force-reinstall -r requirements.lock`.",
    )


def zones(now: dt.datetime) -> Iterator[Finding]:
    """Python takes the system's zones where there are any, and else the package's."""
    version, whose = _zone_database()
    try:
        zoneinfo.ZoneInfo("Europe/Zurich").utcoffset(now.replace(tzinfo=None))
    except zoneinfo.ZoneInfoNotFoundError:
        yield fault("zones", "no zone database", "Install the package tzdata.")
        return
    told = f"zone database {version}, {whose}"
    year = re.match(r"\d{4}", version)
    if year is not None and now.year - int(year[0]) >= OLD:
        remedy = (
            "Update the system's tzdata; a ritual may come an hour off where clocks changed since."
        )
        yield warning("zones", told, remedy)
        return
    yield ok("zones", told)


def _zone_database() -> tuple[str, str]:
    for folder in map(Path, zoneinfo.TZPATH):
        if not (folder / "Europe/Zurich").exists():
            continue
        for name, pattern in (("tzdata.zi", r"# version (\w+)"), ("+VERSION", r"(\w+)")):
            file = folder / name
            found = re.match(pattern, file.read_text("utf-8")) if file.is_file() else None
            if found:
                return found[1], "the system's"
        return "of an unknown version", "the system's"
    return tzdata.IANA_VERSION, "the package's"


def memory() -> Iterator[Finding]:
    free = _free_memory(MEMINFO, CGROUP)
    if free is None:
        return  # not told on this system
    told = f"{free} MB free"
    if free < MEMORY:
        remedy = f"Give it {MEMORY} MB; with less the system may end it at any moment."
        yield warning("memory", told, remedy)
        return
    yield ok("memory", told)


def _free_memory(meminfo: Path, cgroup: Path) -> int | None:
    """In MB: what the machine can give, or what a container may still take, whichever is less."""
    limits = []
    if meminfo.is_file() and (found := re.search(r"MemAvailable:\s+(\d+)", meminfo.read_text())):
        limits.append(int(found[1]) * 1024)
    most, taken = cgroup / "memory.max", cgroup / "memory.current"
    if most.is_file() and taken.is_file() and (limit := most.read_text().strip()).isdecimal():
        limits.append(int(limit) - int(taken.read_text()))
    return max(0, min(limits)) // 1_000_000 if limits else None
