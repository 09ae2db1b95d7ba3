"""/settings: one card with everything that a person has set, edited in place; each screen leads back."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from bot.catalogue.places import Town
from bot.catalogue.reading import Catalogue
from bot.catalogue.words import Voices, Words
from bot.delivery.letter import Button, Letter, Rows, in_rows
from bot.delivery.taps import Choose, Setting
from bot.domain.load import Unit
from bot.domain.look import Build, Theme, Tone
from bot.domain.profile import Profile, Question
from bot.domain.rhythm import EVERY_DAY, ONE_DAY, Quiet, Ritual
from bot.practice.enrolment import MINUTES, NONE, TICKS, TIMES
from bot.practice.rhythm import MOST_RITUALS, is_paused, own
from bot.practice.variety import set_of
from bot.storage.rituals import as_bits

USUAL = "0"  # the minutes of the person, for a ritual without its own
YES = "yes"
OPEN = "open"
RESUME = "resume"
MIXED = "mixed"  # from exercise to exercise
PAUSES = ("3", "7", "14")  # days
BEGINS = (20, 21, 22, 23, 0, 1)  # hours at which quiet may begin
ENDS = (5, 6, 7, 8, 9, 10)
FIVE = range(0, 60, 5)  # minutes of an hour to choose from
MONDAY = dt.date(2024, 1, 1)  # any: for the names of the days


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A ritual as its line says it."""

    name: str
    time: dt.time
    days: tuple[dt.date, ...]  # any dates that fall on its weekdays; none for every day
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsCard:
    """All screens for one person, on one day."""

    words: Words
    voices: Voices
    profile: Profile
    catalogue: Catalogue
    unit: Unit  # in use
    today: dt.date

    def screen(self, setting: Setting, of: int = 0, value: str = "") -> Letter:
        """The one that is asked for. Raises CardGone for a ritual that is kept no more."""
        match setting:
            case Setting.RITUALS:
                return self._rituals()
            case Setting.RITUAL | Setting.LENGTH | Setting.DAYS | Setting.NAME | Setting.REMOVE:
                return self._about(setting, own(self.profile, of))
            case Setting.TIME | Setting.ADD:
                return self._time(setting, of)
            case Setting.HOUR:
                return self._hour(of, value)
            case Setting.QUIET:
                return self._quiet(value)
            case Setting.PAUSE:
                return self._pause()
            case Setting.LANGUAGE:
                rows = (*languages(self.voices), (self._back(Setting.MENU),))
                return Letter(self.words.say("settings.language"), rows)
            case Setting.EQUIPMENT:
                return self._equipment()
            case Setting.MINUTES:
                return self._minutes()
            case Setting.TOWN:
                rows = ((self._back(Setting.MENU),),)
                return Letter(self.words.say("settings.town", zone=self.profile.zone), rows)
            case Setting.UNIT:
                return self._units()
            case Setting.LOOK:
                return self._look()
            case Setting.CLOSE:
                told = [self._told(ritual) for ritual in self.profile.rituals]
                return Letter(self.words.say("settings.closed", rituals=told))
            case Setting.MENU:
                return self._menu()

    def towns(self, towns: Iterable[Town]) -> Letter:
        """What a typed town may mean."""
        choices = (
            Button(self.words.label("enrol.town_choice", town=town), to(Setting.TOWN, 0, town.zone))
            for town in towns
        )
        rows = (*in_rows(choices, 1), (self._back(Setting.MENU),))
        return Letter(self.words.say("enrol.towns"), rows)

    def _menu(self) -> Letter:
        profile, words = self.profile, self.words
        text = words.say(
            "settings.menu",
            rituals=[self._told(ritual) for ritual in profile.rituals],
            quiet=quiet if (quiet := profile.quiet).begins != quiet.ends else None,
            paused=is_paused(profile, self.today),
            until=profile.pause.until if profile.pause else None,
            minutes=profile.minutes,
            zone=profile.zone,
        )
        screens = (
            *(Setting.RITUALS, Setting.MINUTES, Setting.QUIET, Setting.PAUSE, Setting.LANGUAGE),
            *(Setting.EQUIPMENT, Setting.TOWN, Setting.UNIT, Setting.LOOK),
        )
        buttons = (Button(words.label(f"settings.open_{one}"), to(one)) for one in screens)
        close = Button(words.label("settings.close"), to(Setting.CLOSE))
        return Letter(text, (*in_rows(buttons, 2), (close,)))

    def _rituals(self) -> Letter:
        told = {ritual.id: self._told(ritual) for ritual in self.profile.rituals}
        buttons = [
            Button(
                self.words.label("settings.ritual_choice", name=one.name, time=one.time),
                to(Setting.RITUAL, id_),
            )
            for id_, one in told.items()
        ]
        if len(told) < MOST_RITUALS:
            buttons.append(Button(self.words.label("settings.add"), to(Setting.ADD)))
        text = self.words.say("settings.rituals", rituals=[*told.values()])
        return Letter(text, (*in_rows(buttons, 1), (self._back(Setting.MENU),)))

    def _about(self, setting: Setting, ritual: Ritual) -> Letter:
        """One ritual, and what of it can be changed."""
        words, back = self.words, (self._back(Setting.RITUAL, ritual.id),)
        text = words.say("settings.ritual", ritual=self._told(ritual))
        match setting:
            case Setting.LENGTH:
                rows = (*self._lengths(ritual), back)
            case Setting.DAYS:
                rows = (*self._days(ritual), back)
            case Setting.NAME:
                none = Button(words.label("settings.no_name"), to(setting, ritual.id, NONE))
                return Letter(words.say("settings.ask_name"), ((none,), back))
            case Setting.REMOVE:
                yes = Button(words.label("settings.remove_yes"), to(setting, ritual.id, YES))
                return Letter(f"{text}\n\n{words.say('settings.ask_remove')}", ((yes,), back))
            case _:
                rows = (*self._parts(ritual), (self._back(Setting.RITUALS),))
        return Letter(text, rows)

    def _parts(self, ritual: Ritual) -> Rows:
        parts = [Setting.TIME, Setting.DAYS, Setting.LENGTH, Setting.NAME]
        if len(self.profile.rituals) > 1:
            parts.append(Setting.REMOVE)
        return in_rows(
            (Button(self.words.label(f"settings.open_{p}"), to(p, ritual.id)) for p in parts), 2
        )

    def _lengths(self, ritual: Ritual) -> Rows:
        words = self.words
        sizes = (
            Button(words.label("enrol.minutes_choice", minutes=m), to(Setting.LENGTH, ritual.id, m))
            for m in MINUTES
        )
        label = words.label("settings.as_usual", minutes=self.profile.minutes)
        return (*in_rows(sizes, 3), (Button(label, to(Setting.LENGTH, ritual.id, USUAL)),))

    def _days(self, ritual: Ritual) -> Rows:
        """Each leads to the days as they would be then: none has to be kept. The last one stays."""

        def toggled(day: int) -> str:
            return str(as_bits(ritual.weekdays ^ {day} or ritual.weekdays))

        buttons = (
            Button(
                self.words.label(
                    "settings.day", day=MONDAY + day * ONE_DAY, ticked=day in ritual.weekdays
                ),
                to(Setting.DAYS, ritual.id, toggled(day)),
            )
            for day in sorted(EVERY_DAY)
        )
        return in_rows(buttons, 2)

    def _time(self, setting: Setting, of: int) -> Letter:
        """Those that the enrolment offers, and any other by hour and minutes."""
        words = self.words
        times = (Button(self._clock(time), to(setting, of, digits(time))) for time in TIMES)
        other = Button(words.label("settings.other_time"), to(Setting.HOUR, of))
        back = self._back(Setting.RITUAL, of) if of else self._back(Setting.RITUALS)
        return Letter(words.say("settings.ask_time"), (*in_rows(times, 3), (other,), (back,)))

    def _hour(self, of: int, value: str) -> Letter:
        """The hours of a day, or the minutes of an hour."""
        setting = Setting.TIME if of else Setting.ADD
        if not value:
            hours = (dt.time(hour) for hour in range(24))
            rows = in_rows(
                (Button(self._clock(h), to(Setting.HOUR, of, f"{h:%H}")) for h in hours), 3
            )
            return Letter(self.words.say("settings.ask_hour"), (*rows, (self._back(setting, of),)))
        times = (dt.time(int(value), minute) for minute in FIVE)
        rows = in_rows((Button(self._clock(t), to(setting, of, digits(t))) for t in times), 3)
        back = self._back(Setting.HOUR, of)
        return Letter(self.words.say("settings.ask_minute"), (*rows, (back,)))

    def _quiet(self, value: str) -> Letter:
        """First when they begin, then when they end."""
        words = self.words
        if not value:
            hours = (
                Button(self._clock(dt.time(h)), to(Setting.QUIET, 0, f"{h:02}")) for h in BEGINS
            )
            none = Button(words.label("settings.no_quiet"), to(Setting.QUIET, 0, NONE))
            rows = (*in_rows(hours, 3), (none,), (self._back(Setting.MENU),))
            return Letter(words.say("settings.ask_quiet_begin"), rows)
        ends = (
            Button(self._clock(dt.time(h)), to(Setting.QUIET, 0, f"{value}{h:02}")) for h in ENDS
        )
        rows = (*in_rows(ends, 3), (self._back(Setting.QUIET),))
        begins = dt.time(int(value))
        return Letter(words.say("settings.ask_quiet_end", time=begins), rows)

    def _pause(self) -> Letter:
        words, pause = self.words, self.profile.pause
        back = (self._back(Setting.MENU),)
        if pause is not None and is_paused(self.profile, self.today):
            text = words.say("rhythm.pause", until=pause.until, open=pause.until is None)
            go_on = Button(words.label("rhythm.resume"), to(Setting.PAUSE, 0, RESUME))
            return Letter(text, ((go_on,), back))
        days = (
            Button(words.label(f"rhythm.pause_{days}"), to(Setting.PAUSE, 0, days))
            for days in PAUSES
        )
        until_told = Button(words.label("rhythm.pause_open"), to(Setting.PAUSE, 0, OPEN))
        text = words.say("rhythm.pause", until=None, open=False)
        return Letter(text, (*in_rows(days, 3), (until_told,), back))

    def _equipment(self) -> Letter:
        """Ticked and kept at once."""
        words, owned = self.words, self.profile.equipment or frozenset()
        things = (
            Button(
                words.label(f"enrol.{Question.EQUIPMENT}_{thing}", ticked=thing in owned),
                to(Setting.EQUIPMENT, 0, ",".join(sorted(owned ^ {thing})) or NONE),
            )
            for thing in TICKS[Question.EQUIPMENT]
        )
        rows = (*in_rows(things, 1), (self._back(Setting.MENU),))
        return Letter(words.say("settings.equipment"), rows)

    def _minutes(self) -> Letter:
        words = self.words
        sizes = (
            Button(words.label("enrol.minutes_choice", minutes=m), to(Setting.MINUTES, 0, m))
            for m in MINUTES
        )
        text = words.say("settings.minutes", minutes=self.profile.minutes)
        return Letter(text, (*in_rows(sizes, 3), (self._back(Setting.MENU),)))

    def _units(self) -> Letter:
        units = (
            Button(self.words.label("settings.in_unit", unit=unit), to(Setting.UNIT, 0, unit))
            for unit in Unit
        )
        text = self.words.say("settings.unit", unit=self.unit)
        return Letter(text, (*in_rows(units, 2), (self._back(Setting.MENU),)))

    def _look(self) -> Letter:
        """Ticked and kept at once."""
        words, taste = self.words, self.profile.taste
        rows = [
            in_rows(
                (
                    Button(
                        words.label(f"settings.{part}_{one or MIXED}", ticked=one == now),
                        to(Setting.LOOK, 0, look_value(part, one)),
                    )
                    for one in kinds
                ),
                3,
            )
            for part, kinds, now in (
                ("theme", (*Theme,), taste.theme),
                ("tone", (None, *Tone), taste.tone),
                ("build", (None, *Build), taste.build),
            )
        ]
        return Letter(words.say("settings.look"), (*chain(*rows), (self._back(Setting.MENU),)))

    def _told(self, ritual: Ritual) -> Told:
        return Told(
            name=ritual.name or set_of(ritual, self.catalogue).name,
            time=ritual.wall_time,
            days=()
            if ritual.weekdays == EVERY_DAY
            else tuple(MONDAY + day * ONE_DAY for day in sorted(ritual.weekdays)),
            minutes=ritual.minutes or self.profile.minutes or 0,
        )

    def _clock(self, time: dt.time | str) -> str:
        at = dt.time.fromisoformat(time) if isinstance(time, str) else time
        return self.words.label("settings.at", time=at)

    def _back(self, setting: Setting, of: int = 0) -> Button:
        return Button(self.words.label("settings.back"), to(setting, of))


def to(setting: Setting, of: int = 0, value: str = "") -> Choose:
    """A way to a screen, or a value on it."""
    return Choose(setting, of, value)


def languages(voices: Voices) -> Rows:
    """Each in its own name."""
    return in_rows(
        (
            Button(words.label("settings.own_name"), to(Setting.LANGUAGE, 0, code))
            for code, words in sorted(voices.items())
        ),
        3,
    )


def look_value(part: str, kind: str | None) -> str:
    """What is chosen of a look, in a button: "tone-fair"."""
    return f"{part}-{kind or MIXED}"


def look_of(value: str) -> dict[str, str | None]:
    """The same, read, as a column and what is kept in it. Raises ValueError."""
    part, _, said = value.partition("-")
    kinds: Mapping[str, type[Theme | Tone | Build]] = {"theme": Theme, "tone": Tone, "build": Build}
    if part not in kinds:
        raise ValueError(value)
    mixed = said == MIXED and part != "theme"
    return {part: None if mixed else kinds[part](said).value}


def digits(time: dt.time | str) -> str:
    """A time of day in a button: "0715"."""
    return (time if isinstance(time, str) else f"{time:%H:%M}").replace(":", "")


def time_of(value: str) -> dt.time:
    """The same, read. Raises ValueError."""
    if len(value) != 4 or not value.isdecimal():
        raise ValueError(value)
    return dt.time(int(value[:2]), int(value[2:]))


def quiet_of(value: str) -> Quiet:
    """From "2206", or none. Raises ValueError."""
    if value == NONE:
        return Quiet(dt.time(), dt.time())
    if len(value) != 4 or not value.isdecimal():
        raise ValueError(value)
    return Quiet(dt.time(int(value[:2])), dt.time(int(value[2:])))
