"""Read content/emergency.yaml: the number that brings an ambulance, by country."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from bot.catalogue.countries import countries, country_of
from bot.catalogue.faults import ContentFaulty
from bot.catalogue.form import Form, Text
from bot.catalogue.yaml_lines import Page, read_page

Number = Annotated[str, StringConstraints(pattern=r"^\d{2,5}$")]


class CallForm(Form):
    """The numbers of a country."""

    call: Number
    """The one to call, in quotes: "000" is no zero."""
    also: Number | None = None
    """A second one, where both are usual."""
    source: Text
    """Where it is from, by its name among the sources."""


class EmergencyForm(Form):
    """The number that brings an ambulance, by country."""

    sources: dict[Text, Text]
    """By a short name, where the numbers are from."""
    countries: dict[Text, CallForm]
    """By the two letters of ISO 3166."""


@dataclass(frozen=True, slots=True)
class Call:
    """What to dial."""

    number: str
    also: str | None = None


@dataclass(frozen=True, slots=True)
class Emergency:
    """Whom to call, where."""

    calls: Mapping[str, Call] = field(default_factory=dict)  # by country

    def within(self, zone: str | None) -> Call | None:
        """In the country of a zone; None where that is not known."""
        return self.calls.get((country_of(zone) if zone else None) or "")


def read_emergency(path: Path) -> Emergency:
    """All numbers, or ContentFaulty with all that is wrong."""
    page, form = _read(path)
    if page.faults or form is None:
        raise ContentFaulty(tuple(page.faults))
    return Emergency({code: Call(one.call, one.also) for code, one in form.countries.items()})


def emergency_faults(path: Path) -> tuple[str, ...]:
    """Everything that is wrong with the page."""
    page, _ = _read(path)
    return tuple(page.faults)


def _read(path: Path) -> tuple[Page, EmergencyForm | None]:
    page = read_page(path, path.parent)
    form = page.as_a(EmergencyForm)
    if form is not None:
        _check(page, form, countries())
    return page, form


def _check(page: Page, form: EmergencyForm, known: Iterable[str]) -> None:
    for code, one in form.countries.items():
        if code not in known:
            page.blame(
                ("countries", code), "no time zone is in such a country: nobody would see it"
            )
        if one.source not in form.sources:
            page.blame(("countries", code, "source"), f"there is no source {one.source}")
        if one.also == one.call:
            page.blame(("countries", code, "also"), "is the same number again")
    used = {one.source for one in form.countries.values()}
    for name in form.sources:
        if name not in used:
            page.blame(("sources", name), "nothing is from this source")
