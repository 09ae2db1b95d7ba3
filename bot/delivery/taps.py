"""What a button means: a value with an encoding of at most 64 bytes, versioned.

Both directions stand side by side: "1:rate:17:pain_during:4" is Rate(session=17, asked=PAIN, value=4).
What can't be read, an older version's button or a forged one, is refused as ButtonUnreadable.
"""

from dataclasses import dataclass, fields
from enum import Enum, StrEnum
from typing import ClassVar, Self, get_type_hints

from bot.domain.load import Unit
from bot.domain.profile import Question
from bot.domain.refusal import ButtonUnreadable
from bot.domain.rhythm import Hindrance
from bot.domain.session import Asked
from bot.domain.trip import Asks

VERSION = "1"
ASK, BACK = "ask", "back"  # of a choice: show it, and leave it
LONGEST = 64  # bytes, Telegram's limit for callback_data
GREATEST = 2**63 - 1  # a whole number that a database can hold


@dataclass(frozen=True, slots=True)
class Tap:
    """The base of all taps: the name is the class's, the fields are whole numbers, enums or text."""

    NAME: ClassVar[str]

    @classmethod
    def pattern(cls) -> str:
        """A regular expression for data that claims to be this tap."""
        return rf"^{VERSION}:{cls.NAME}(:|$)"

    def encode(self) -> str:
        """As callback_data. Raises ValueError beyond 64 bytes: a fault of ours, not a person's."""
        names: tuple[str, ...] = self.__match_args__  # of its fields
        texts = [_written(getattr(self, name)) for name in names]
        data = ":".join((VERSION, self.NAME, *texts))
        if len(data.encode()) > LONGEST:
            raise ValueError(f"a tap of {len(data.encode())} bytes: {self.NAME}")
        return data

    @classmethod
    def decode(cls, data: object) -> Self:
        """Read callback_data of this tap. Raises ButtonUnreadable."""
        version, _, rest = str(data).partition(":")
        name, *texts = rest.split(":")
        if version != VERSION or name != cls.NAME or len(texts) != len(fields(cls)):
            raise ButtonUnreadable
        kinds = get_type_hints(cls)
        try:
            values = [
                kinds[field.name](_unescape(text))
                for field, text in zip(fields(cls), texts, strict=True)
            ]
            tap = cls(*values)
            ours = tap.encode() == data  # never " 4", "+4" or "04": those are forged
        except ValueError as unreadable:
            raise ButtonUnreadable from unreadable
        if not ours or any(isinstance(v, int) and abs(v) > GREATEST for v in values):
            raise ButtonUnreadable
        return tap


def _written(value: object) -> str:
    if isinstance(value, int):
        return str(value)
    return _escape(str(value.value if isinstance(value, Enum) else value))


def _escape(text: str) -> str:
    """A colon inside a value, as in the item "C:bones", is not one between values."""
    return text.replace("%", "%25").replace(":", "%3A")


def _unescape(text: str) -> str:
    return text.replace("%3A", ":").replace("%25", "%")


@dataclass(frozen=True, slots=True)
class Tell(Tap):
    """An answer to a question of the enrolment."""

    NAME = "tell"

    question: Question
    value: str


@dataclass(frozen=True, slots=True)
class Tick(Tap):
    """What is ticked so far of a question with several answers: another look at it, and no answer yet."""

    NAME = "tick"

    question: Question
    ticked: str  # with commas, as in Tell; "" for none


@dataclass(frozen=True, slots=True)
class Screen(Tap):
    """An answer to the safety screen; `yes` is 1 or 0."""

    NAME = "screen"

    item: str
    yes: int


@dataclass(frozen=True, slots=True)
class Worry(Tap):
    """Something new or worrying."""

    NAME = "worry"


@dataclass(frozen=True, slots=True)
class FindStart(Tap):
    """Open the try-out."""

    NAME = "start"


@dataclass(frozen=True, slots=True)
class Feel(Tap):
    """How a step of the try-out felt."""

    NAME = "feel"

    card: int  # the message of the ritual card that the try-out was opened from; 0 for none
    ladder: str
    step: int
    felt: int


@dataclass(frozen=True, slots=True)
class Rate(Tap):
    """An answer about a session."""

    NAME = "rate"

    session: int
    asked: Asked
    value: int


@dataclass(frozen=True, slots=True)
class See(Tap):
    """The signs of one exercise, ticked so far: another look at them, and no answer yet."""

    NAME = "see"

    session: int
    ladder: str
    seen: int  # bit 0 for the first sign


@dataclass(frozen=True, slots=True)
class Slip(Tap):
    """How often they were seen in it."""

    NAME = "slip"

    session: int
    ladder: str
    seen: int
    much: int  # Compensation


@dataclass(frozen=True, slots=True)
class Heavy(Tap):
    """With the weight three more would have been too many, or not; asked among the signs."""

    NAME = "heavy"

    session: int
    value: int  # Reserve


@dataclass(frozen=True, slots=True)
class Where(Tap):
    """The exercise in which it was; 0 takes that back."""

    NAME = "where"

    session: int
    asked: Asked
    ladder: str
    value: int


@dataclass(frozen=True, slots=True)
class Onward(Tap):
    """That was all about this question."""

    NAME = "onward"

    session: int
    asked: Asked


@dataclass(frozen=True, slots=True)
class Wake(Tap):
    """How someone woke after a session, answered on the card of the next one."""

    NAME = "wake"

    card: int  # the session whose card carries the button
    session: int  # the session that the morning belongs to
    value: int


@dataclass(frozen=True, slots=True)
class Recall(Tap):
    """Any other answer about an earlier session, given on the card of a later one."""

    NAME = "recall"

    card: int  # the session whose card carries the button
    session: int  # the session that the answer belongs to
    asked: Asked
    value: int


@dataclass(frozen=True, slots=True)
class Woke(Tap):
    """How someone woke on a morning of a flare; no value shows the row of numbers again."""

    NAME = "woke"

    day: str  # 2026-11-24
    value: str


@dataclass(frozen=True, slots=True)
class Change(Tap):
    """A number that was asked back is not right: show its row of numbers again."""

    NAME = "change"

    card: int
    session: int
    asked: Asked


@dataclass(frozen=True, slots=True)
class Again(Tap):
    """Answer a session's questions anew."""

    NAME = "again"

    session: int


@dataclass(frozen=True, slots=True)
class Gentle(Tap):
    """It hurts more than usual: the way of /flare."""

    NAME = "gentle"


@dataclass(frozen=True, slots=True)
class Today(Tap):
    """Show today's sequence."""

    NAME = "today"


@dataclass(frozen=True, slots=True)
class Why(Tap):
    """Why a session looks as it does."""

    NAME = "why"

    session: int


@dataclass(frozen=True, slots=True)
class Travel(Tap):
    """A set for the way; minutes are 0 while only the set is chosen."""

    NAME = "travel"

    set_id: str
    minutes: int


@dataclass(frozen=True, slots=True)
class GoAway(Tap):
    """Days away: begin to tell of them, or tell anew."""

    NAME = "goaway"


@dataclass(frozen=True, slots=True)
class TellAway(Tap):
    """An answer to what is open about days away."""

    NAME = "away"

    asks: Asks
    value: str


@dataclass(frozen=True, slots=True)
class Days(Tap):
    """Another page of days to be home again on."""

    NAME = "days"

    page: int


@dataclass(frozen=True, slots=True)
class Staying(Tap):
    """Leave days away as they are."""

    NAME = "staying"


@dataclass(frozen=True, slots=True)
class Back(Tap):
    """Home, earlier than told."""

    NAME = "back"


@dataclass(frozen=True, slots=True)
class Shorten(Tap):
    """The short set instead of the day's ritual, or the ritual after all; `short` is 1 or 0."""

    NAME = "shorten"

    session: int
    short: int


@dataclass(frozen=True, slots=True)
class Weigh(Tap):
    """Another weight: show what a session may be done with."""

    NAME = "weigh"

    session: int


@dataclass(frozen=True, slots=True)
class Measure(Tap):
    """The same, in this unit from now on."""

    NAME = "measure"

    session: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Take(Tap):
    """The weight that a session is done with, and those after it: one piece, in grams."""

    NAME = "take"

    session: int
    grams: int


class Move(StrEnum):
    """What a button of the player does."""

    BEGIN = "begin"
    SHOW = "show"  # where we are
    GO = "go"  # a hold begins
    ON = "on"  # a set or a rest is over
    BACK = "back"
    SKIP = "skip"
    SWAP = "swap"  # look for another exercise
    HURT = "hurt"  # stop the timer, and ask how much
    STOP = "stop"
    GENTLE = "gentle"  # stop, and gentle days from here


@dataclass(frozen=True, slots=True)
class Play(Tap):
    """A move in the player, from the stage that its button was shown with, and from no other."""

    NAME = "play"

    session: int
    chapter: int
    stage: int
    move: Move


@dataclass(frozen=True, slots=True)
class Ease(Tap):
    """Another exercise of the same purpose, from that stage: so many steps below the given one."""

    NAME = "ease"

    session: int
    chapter: int
    stage: int
    lower: int


@dataclass(frozen=True, slots=True)
class Grade(Tap):
    """How the exercise of that chapter was."""

    NAME = "grade"

    session: int
    chapter: int
    stage: int
    value: int  # Compensation


@dataclass(frozen=True, slots=True)
class Sore(Tap):
    """How much the exercise of that chapter hurts, 0 to 10."""

    NAME = "sore"

    session: int
    chapter: int
    stage: int
    value: int


@dataclass(frozen=True, slots=True)
class Able(Tap):
    """How well the main activity goes now, 0 to 10 or nothing, answered below a review."""

    NAME = "able"

    value: str


@dataclass(frozen=True, slots=True)
class LookBack(Tap):
    """The newest review of four weeks."""

    NAME = "look"


@dataclass(frozen=True, slots=True)
class Fit(Tap):
    """So many minutes from now on, more, fewer or the same: the choice below a weekly look back."""

    NAME = "fit"

    day: int  # as of which it looks back; a day number
    minutes: int


@dataclass(frozen=True, slots=True)
class Weekly(Tap):
    """So many days a week from now on; 7 is daily, and 0 is as it is."""

    NAME = "weekly"

    day: int  # as in Fit
    days: int


@dataclass(frozen=True, slots=True)
class Forget(Tap):
    """Delete everything, or keep it after all; `sure` is 1 or 0."""

    NAME = "forget"

    sure: int


class Wish(StrEnum):
    """What somebody wants of what is kept about them."""

    PRIVACY = "privacy"  # to know what it is
    BACK = "back"  # from there to the open question
    REPORT = "report"
    EXPORT = "export"
    FORGET = "forget"  # asked once more before it happens


@dataclass(frozen=True, slots=True)
class Mine(Tap):
    """A wish about their data."""

    NAME = "mine"

    wish: Wish


@dataclass(frozen=True, slots=True)
class Later(Tap):
    """A ritual's card once more, later today."""

    NAME = "later"

    session: int
    choice: str  # a Snooze, ASK for the choices, BACK for the card


@dataclass(frozen=True, slots=True)
class Hinder(Tap):
    """What got in the way of several rituals."""

    NAME = "hinder"

    kind: Hindrance


@dataclass(frozen=True, slots=True)
class Lighten(Tap):
    """A shorter ritual for who has no time: "smaller", "two", or "no"."""

    NAME = "lighten"

    choice: str


class Setting(StrEnum):
    """The screens of the settings."""

    MENU = "menu"
    RITUALS = "rituals"
    RITUAL = "ritual"
    TIME = "time"
    HOUR = "hour"
    DAYS = "days"
    LENGTH = "length"
    NAME = "name"
    REMOVE = "remove"
    ADD = "add"
    QUIET = "quiet"
    PAUSE = "pause"
    LANGUAGE = "language"
    EQUIPMENT = "equipment"
    MINUTES = "minutes"
    TOWN = "town"
    UNIT = "unit"
    LOOK = "look"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Choose(Tap):
    """A screen of the settings, or a value chosen on it."""

    NAME = "set"

    screen: Setting
    of: int  # the ritual that it is about; 0 for none
    value: str  # "" to look
