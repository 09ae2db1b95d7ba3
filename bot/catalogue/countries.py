"""In which country is a time zone? The zone database says it itself."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def country_of(zone: str) -> str | None:
    """The country's code, by the zone's own name or by an older one; None at sea."""
    return _countries().get(zone)


def countries() -> frozenset[str]:
    """Those with a zone of their own."""
    return frozenset(_countries().values())


@cache
def _countries() -> Mapping[str, str]:
    """By zone. An older name ("US/Eastern") is a line "L America/New_York US/Eastern" beside the list."""
    base = files("tzdata") / "zoneinfo"
    listed = (line.split("\t") for line in (base / "zone.tab").read_text("utf-8").splitlines())
    own = {row[2]: row[0] for row in listed if len(row) > 2}
    linked = (line.split() for line in (base / "tzdata.zi").read_text("utf-8").splitlines())
    older = {row[2]: own[row[1]] for row in linked if row[0] == "L" and row[1] in own}
    return {**older, **own}
