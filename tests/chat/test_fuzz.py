"""Whatever people press, type or wait for, in any order: no accident, no dead end, one card a session.

Walks over the real bot and localchat, drawn by Hypothesis; one that fails prints its script, step by step.
`make test` walks a few, the same ones each time; `make fuzz` walks 5,000 steps, from another seed each time.
"""

import asyncio
import datetime as dt
import logging
import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from structlog.processors import format_exc_info
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.chat.application import COMMANDS
from bot.delivery import taps
from bot.delivery.taps import Tap, Why
from bot.domain.refusal import NotEnrolled
from bot.localchat.keyboards import buttons_of
from bot.localchat.records import Message
from bot.practice.desk import Desk
from tests import builders
from tests.chat.conftest import is_accident
from tests.chat.scenes import file_of
from tests.journeys.house import MONDAY, House, assert_replays, house

A_WALK = 100  # steps: long enough for weeks to pass, short enough to be read
STEPS = int(os.environ.get("BACKBEAT_FUZZ_STEPS", "300"))
SHORT = "BACKBEAT_FUZZ_STEPS" not in os.environ
TAPS = 10  # for all of a ritual's questions
PATIENCE = 10  # seconds for the bot to come to rest
LONGEST, UNFOLDED = 4096, 1200  # UTF-16 units: Telegram's limit, and what half awake eyes take in
ADA = builders.ADA

# Times from which a change of clocks, or of the year, is near.
STARTS = (
    MONDAY,
    dt.datetime(2026, 10, 24, 5, 0, tzinfo=dt.UTC),
    dt.datetime(2027, 3, 27, 5, 50, tzinfo=dt.UTC),
    dt.datetime(2027, 12, 30, 22, 30, tzinfo=dt.UTC),
)
MOVES = {
    "a moment": dt.timedelta(seconds=40),
    "minutes": dt.timedelta(minutes=17),
    "hours": dt.timedelta(hours=5),
    "a day": dt.timedelta(days=1),
    "a day and a bit": dt.timedelta(days=1, minutes=20),
    "two days": dt.timedelta(days=2),
    "a week": dt.timedelta(days=7),
    "a month": dt.timedelta(days=30),
}
PEOPLE = STRANGER, ENROLLED, OWNER = "a stranger", "somebody enrolled", "somebody with dumbbells"
TYPED = (
    *("done", "pain 4", "yes", "No", "3", "-1", "10", "4,5", "07:15", "25:00", "20 min", "12 kg"),
    *("Zürich", "tokyo", "Atlantis", "Europe/Paris", "tomorrow", "1 Dec", "2026-12-24", "29 Feb"),
    *("I'm back", "None of these", "I can't feel my legs", "My own ritual", "pause", "morning 3"),
    *("🙂", "/", "/start x", "%", "{{ x }}"),
)
WORDS = {
    **{text: text for text in TYPED},
    "HTML": "<b>fat</b> & <script>&lt;",
    "a broken tag": "<b",
    "two lines": "one\ntwo",
    "digits of elsewhere": "٣",
    "a superscript": "²",
    "a joined family": "👨‍👩‍👧",
    "a lone mark": "\u0301\u200f",
    "4,096 letters": "a" * 4096,
    "4,096 of HTML": "<&" * 2048,
    "a number beyond all": "9" * 400,
}
SPOILT = ("-1", "0", "1", "3", "7", "11", "999999", str(2**63), "", "x", "None", "%", "2026-02-30")
PLACES = ((47.4, 8.5), (36.1, 140.1), (0.0, 0.0), (90.0, 0.0))
UNSETTLED = (
    "SELECT 'inbox' FROM inbox WHERE waiting",
    *(
        f"SELECT '{kind}' FROM {kind} WHERE state IN ('due', 'claimed', 'sending')"
        " AND due_at <= :now AND (held_until IS NULL OR held_until <= :now)"
        for kind in ("delivery", "review", "errand")
    ),
    *(
        f"SELECT '{kind} under way' FROM {kind} WHERE state IN ('claimed', 'sending')"
        for kind in ("delivery", "review", "errand")
    ),
)
KINDS = {kind.NAME: kind for kind in Tap.__subclasses__()}
ANSWERS = (taps.Rate, taps.Onward, taps.Wake, taps.Recall, taps.Take)
LEADS_ON = re.compile(rf"/({'|'.join((*COMMANDS, 'start'))})\b")


One = TypeVar("One")


@dataclass(frozen=True)
class Press:
    """A button, as the script of a walk prints it."""

    label: str
    data: str
    on: int


@dataclass
class Walk:
    """One person's way through the house, and what has to hold at each step of it."""

    home: House
    data: st.DataObject
    accidents: list[Any]
    rows: sqlite3.Connection
    desk: Desk  # beside the bot's own, to look
    running: AsyncExitStack = field(default_factory=AsyncExitStack)
    gone: dict[str, Press] = field(
        default_factory=dict
    )  # every button that was ever seen, by its data
    shown: dict[int, Message] = field(default_factory=dict)  # by the bot, as of the last step
    latest: list[Message] = field(default_factory=list)  # what it said or changed last
    script: list[str] = field(default_factory=list)

    # --- what people do ---

    async def press_newest(self) -> None:
        """A button of the newest message that has any."""
        if with_buttons := [m for m in self.said if m.buttons]:
            self._tap(self._one("press", self._buttons(with_buttons[-1])))

    async def press_older(self) -> None:
        """Any button that is in the chat."""
        if every := [button for m in self.said for button in self._buttons(m)]:
            self._tap(self._one("press an older one", every))

    async def press_twice(self) -> None:
        """Both taps are there before the first one is answered."""
        if with_buttons := [m for m in self.said if m.buttons]:
            button = self._one("press twice", self._buttons(with_buttons[-1]))
            self._tap(button)
            self._tap(button)

    async def press_gone(self) -> None:
        """A button that has long left its message, as an app that was not online yet still has it."""
        if self.gone:
            self._forge(self._one("press what is gone", [*self.gone.values()]))

    async def press_spoilt(self) -> None:
        """Data that nobody's button ever had."""
        if self.gone:
            button = self._one("press, spoilt", [*self.gone.values()])
            parts = button.data.split(":")
            at = self._draw("at", st.integers(1, len(parts) - 1))
            parts[at] = self._one("as", SPOILT)
            self._forge(Press(button.label, ":".join(parts), button.on))

    async def practise(self) -> None:
        """Answer the newest card to its end, as most people do on most days."""
        for _ in range(TAPS):
            if not self.asked:
                return
            self._tap(self._one("answer", self.asked))
            await self.settled()

    async def command(self) -> None:
        """Any of those that the menu shows."""
        self._say("/" + self._one("command", (*COMMANDS, "start", "review", "nonsense")))

    async def pause_until(self) -> None:
        """A command with words behind it."""
        self._say(
            "/pause " + self._one("pause until", ("tomorrow", "Friday", "1 Dec", "<b>", "-1"))
        )

    async def words(self) -> None:
        """Typed, whatever is asked."""
        self._say(WORDS[self._one("say", [*WORDS])])

    async def sticker(self) -> None:
        self._one("send", ("a sticker",))
        self.home.local.world.send_sticker(ADA, "👋", self.now)

    async def place(self) -> None:
        lat, lon = self._one("share the place", PLACES)
        self.home.local.world.share_location(ADA, lat, lon, self.now)

    async def wait(self) -> None:
        self.home.local.clock.move_by(MOVES[self._one("wait", [*MOVES])])

    async def next_ritual(self) -> None:
        """To right after whatever is due next, as most people come back."""
        self._one("wait", ("for what comes next",))
        [(due,)] = self.rows.execute("SELECT min(due_at) FROM delivery WHERE state = 'due'")
        if due is not None:
            at = dt.datetime.fromisoformat(due).replace(tzinfo=dt.UTC)
            self.home.local.move_to(max(self.now, at + dt.timedelta(seconds=1)))

    async def restart(self) -> None:
        self._one("the bot", ("starts anew",))
        await self.stop()
        await self.start()

    async def block(self) -> None:
        self._one("the person", ("blocks the bot",))
        self.home.local.world.block(ADA, self.now)

    async def unblock(self) -> None:
        self._one("the person", ("lets it back",))
        self.home.local.world.block(ADA, self.now, blocked=False)

    async def forget(self) -> None:
        """Everything goes; what is in the chat stays."""
        back = self._one(
            "the person has everything deleted, and", ("comes back", "is enrolled anew")
        )
        self._say("/forget")
        await self.settled()
        self._tap(Press("", "1:forget:1", self.said[-1].id))
        await self.settled()
        self._say("/start")
        await self.settled()
        if back == "is enrolled anew":
            await builders.enrolled(self.desk, self.now.replace(microsecond=0), ADA)

    async def language(self) -> None:
        """Of their app; what they chose stays."""
        self.home.local.world.people[ADA].language = self._one(
            "app in", ("en", "de", "es", "fr", None)
        )

    # --- what has to hold ---

    async def step(self) -> None:
        """Do anything; then everything holds."""
        blocked = self.home.local.world.people[ADA].blocked
        deeds = (self.unblock, self.unblock, self.wait, self.restart) if blocked else DEEDS
        names = [deed if isinstance(deed, str) else deed.__name__ for deed in deeds]
        name = self.data.draw(st.sampled_from(names))
        await getattr(self, name)()
        await self.settled()
        await self._one_card_a_session()
        for message in self.said:
            for button in self._buttons(message):
                self.gone[button.data] = button
        self._sizes()
        await self._way_on()
        assert not self.accidents, self.accidents

    async def settled(self) -> None:
        """Until the bot has worked off everything, and nothing that is due waits."""
        try:
            async with asyncio.timeout(PATIENCE):
                while self.home.local.world.updates or self._unsettled():  # noqa: ASYNC110  # as in scenes
                    await asyncio.sleep(0.003)
        except TimeoutError:
            assert not self.accidents, self.accidents
            raise AssertionError(f"never at rest: {self._unsettled()}") from None

    def _unsettled(self) -> list[Any]:
        now = self.now.replace(tzinfo=None).isoformat(" ")
        return [row for query in UNSETTLED for row in self.rows.execute(query, {"now": now})]

    async def _one_card_a_session(self) -> None:
        """An older card loses its buttons right after the newer one is there."""
        for _ in range(50):
            cards = defaultdict[int, set[int]](set)
            for message in self.said:
                for button in self._buttons(message):
                    if (session := session_of(button.data)) is not None:
                        cards[session].add(message.id)
            twice = {session: sorted(found) for session, found in cards.items() if len(found) > 1}
            if not twice:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"two live cards, by session: {twice}")

    def _sizes(self) -> None:
        for message in self.said:
            text = text_of(message)
            assert units(text) <= LONGEST, text
            assert units(unfolded(message)) <= UNFOLDED, text

    async def _way_on(self) -> None:
        """While something waits, what was said last, or stands last, has a button or names a command."""
        shown = {
            m.id: replace(m) for m in self.said if "document" not in m.content
        }  # a file asks nothing
        if changed := [m for id_, m in shown.items() if m != self.shown.get(id_)]:
            self.shown, self.latest = shown, changed
        if not self.latest or self.home.local.world.people[ADA].blocked:
            return
        candidates = [*self.latest, max(self.shown.values(), key=lambda m: m.id)]
        texts = [text_of(m) for m in candidates]
        sorry = {words.say("talk.sorry") for words in builders.voices().values()}
        assert sorry.isdisjoint(texts)
        leads = any(m.buttons or LEADS_ON.search(text_of(m)) or asks_to_type(m) for m in candidates)
        assert leads or not await self._waits(), f"a dead end: {texts}"

    async def _waits(self) -> bool:
        """Whether nothing goes on before the person answers: to the enrolment, or about safety."""
        try:
            profile = await self.desk.enrolment.profile(ADA)
        except NotEnrolled:  # unknown, or deleted: nothing is asked of them
            return False
        return profile.question is not None or profile.screening.lock is not None

    # --- by what it is done ---

    @property
    def now(self) -> dt.datetime:
        return self.home.local.now()

    @property
    def said(self) -> list[Message]:
        """By the bot, oldest first."""
        return [m for m in self.home.local.world.chats[ADA].messages.values() if m.by_bot]

    @property
    def asked(self) -> list[Press]:
        """The answers that the newest card offers about a session."""
        cards = [[b for b in self._buttons(m) if kind_of(b.data) in ANSWERS] for m in self.said]
        return next((found for found in reversed(cards) if found), [])

    def _draw(self, what: str, strategy: st.SearchStrategy[One]) -> One:
        drawn = self.data.draw(strategy)
        self.script.append(f"{len(self.script) + 1:4}. {what}: {drawn}")
        return drawn

    def _one(self, what: str, choices: "list[One] | tuple[One, ...]") -> One:
        return self._draw(what, st.sampled_from(choices))

    @staticmethod
    def _buttons(message: Message) -> list[Press]:
        return [
            Press(b["text"], b["callback_data"], message.id)
            for b in buttons_of(message.buttons)
            if "callback_data" in b
        ]

    def _tap(self, button: Press) -> None:
        self.home.local.world.tap(ADA, button.on, button.data, self.now)

    def _say(self, text: str) -> None:
        self.home.local.world.say(ADA, text, self.now)

    def _forge(self, button: Press) -> None:
        world = self.home.local.world
        person, message = world.people[ADA], world.chats[ADA].messages[button.on]
        world.publish(
            "callback_query",
            {
                "id": "77",
                "from": person.to_user(),
                "message": world.show(ADA, message),
                "chat_instance": "1",
                "data": button.data,
            },
        )

    async def start(self) -> None:
        await self.running.enter_async_context(self.home.bot())

    async def stop(self) -> None:
        await self.running.aclose()


# How often each is done, beside the others.
DEEDS: tuple[str, ...] = (
    *["press_newest"] * 16,
    *["practise"] * 5,
    *["press_older"] * 4,
    *["press_twice"] * 2,
    *["press_gone"] * 3,
    *["press_spoilt"] * 3,
    *["command"] * 5,
    *["words"] * 4,
    *["next_ritual"] * 5,
    *["wait"] * 3,
    *["pause_until", "sticker", "place", "restart", "block", "language", "forget"],
)


def kind_of(data: str) -> type[Tap] | None:
    return KINDS.get(data.split(":")[1])


def session_of(data: str) -> int | None:
    """The session on whose behalf a card carries this button, if it does more than to tell."""
    kind = kind_of(data)
    if kind is None or kind in (Why, taps.Feel):  # the try-out's card is a message, not a session
        return None
    tap = kind.decode(data)
    return getattr(tap, "card", getattr(tap, "session", None))


def asks_to_type(message: Message) -> bool:
    """The one question without buttons: the town, which is typed."""
    asked = (plain(words.say("enrol.town")) for words in builders.voices().values())
    return any(question in text_of(message) for question in asked)


def plain(html: str) -> str:
    return re.sub("<[^>]+>", "", html)


def text_of(message: Message) -> str:
    return str(message.content.get("text") or message.content.get("caption") or "")


def units(text: str) -> int:
    """As Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def unfolded(message: Message) -> str:
    """What is seen before anybody unfolds a quote."""
    raw = text_of(message).encode("utf-16-le")
    entities = message.content.get("entities") or message.content.get("caption_entities") or ()
    for entity in entities:
        if entity["type"] == "expandable_blockquote":
            begin, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
            raw = raw[:begin] + b"\0\0" * (entity["length"]) + raw[end:]
    return raw.decode("utf-16-le").replace("\0", "")


class Ear(logging.Handler):
    """Hears what the libraries log as an error; and what we do, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.accidents: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if is_accident(record):
            self.accidents.append(self.format(record))

    def __call__(self, _logger: object, level: str, line: EventDict) -> EventDict:
        if level in ("error", "critical", "exception"):
            self.accidents.append(f"{line['event']}\n{line.get('exception', line)}")
        return line


@contextmanager
def listening() -> Iterator[list[str]]:
    """Whatever is logged as an error."""
    ear = Ear()
    logging.getLogger().addHandler(ear)
    try:
        with capture_logs(processors=[format_exc_info, ear]):
            yield ear.accidents
    finally:
        logging.getLogger().removeHandler(ear)


async def walked(data: st.DataObject, length: int) -> None:
    """One walk, in a house of its own."""
    with TemporaryDirectory() as name, listening() as accidents:
        folder, start = Path(name), data.draw(st.sampled_from(STARTS))
        async with house(folder, start) as home, builders.database(folder) as database:
            home.local.world.add_person("Ada", "en")
            home.local.world.people[ADA].started = True
            desk, who = builders.desk(database), data.draw(st.sampled_from(PEOPLE))
            if who != STRANGER:
                await builders.enrolled(desk, start, ADA)
            if who == OWNER:
                await desk.rhythm.tell(ADA, start, equipment="dumbbells")
            with closing(sqlite3.connect(file_of(home), timeout=10)) as rows:
                walk = Walk(home, data, accidents, rows, desk)
                try:
                    await walk.start()
                    for _ in range(length):
                        await walk.step()
                    await walk.stop()
                    assert not accidents, accidents
                    await assert_replays(home)
                except BaseException as failure:
                    failure.add_note("\n".join((f"From {start}, {who}:", *walk.script)))
                    raise
                finally:
                    await walk.stop()


# A stop leaves the connection of a cancelled look behind; in life the process ends there.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@settings(
    max_examples=max(1, STEPS // A_WALK),
    derandomize=SHORT,
    database=None,
    suppress_health_check=[*HealthCheck],
    phases=[Phase.generate],
    report_multiple_bugs=False,
)
@given(data=st.data())
@pytest.mark.timeout(60 + STEPS)
def test_nothing_that_people_do_breaks_it(data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "bot.assembly.build_desk", lambda _settings, database: builders.desk(database)
        )
        asyncio.run(walked(data, A_WALK))
