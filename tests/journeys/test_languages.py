"""The whole conversation in every language, with the bot gone in the middle of each part.

Nobody whose Telegram speaks another language hears English.
"""

import re
from pathlib import Path

import pytest

from bot.catalogue.tongues import ENGLISH as EN
from bot.catalogue.tongues import languages
from bot.domain.exercise import Occasion
from tests import builders
from tests.journeys.house import Guest, House

ENGLISH = re.compile(r"\b(the|you|your|of|with|is|and|when|breath|back)\b", re.IGNORECASE)
EVERY = languages(Path(__file__).parents[2] / "content")

# What is tapped on the way to the first card; what is in brackets is typed.
ENROLMENT = (
    *("enrol.consent_yes", "safety.nothing", "safety.nothing", "safety.close_none"),
    *("enrol.direction_none", "enrol.life_sitting", "2", "enrol.equipment_none", "5"),
    *("[Zürich]", "Zürich", "07:00", "10 min"),
)
# Then, part by part: a button by its sentence or (@) by its place, a command, in brackets what is typed, in
# angles what is typed in the words of typed.j2. At a bar the bot is stopped and started.
PARTS = (
    ("rhythm.later", "|", "rhythm.later_half"),
    ("player.start", "player.skip", "|", "player.hurts", "3", "|", "player.leave_out"),
    ("player.hurts", "2", "|", "player.stop"),
    ("2", "|", "1", "@0", "|", "feedback.often:1", "feedback.all", "|"),
    ("feedback.breath_holding_1", "|", "feedback.everywhere", "/why"),
    ("card.again", "card.done", "2", "feedback.all", "|", "feedback.breath_holding_0"),
    ("/settings", "settings.open_quiet", "|", "settings.no_quiet", "settings.close"),
    ("/language", "|", "settings.back", "settings.close"),
    ("/pause", "|", "rhythm.pause_3", "/resume"),
    (
        "/travel",
        "away.begin",
        "|",
        "[2026-12-20]",
        "|",
        "@0",
        "away.home_time",
        "|",
        "away.im_back",
    ),
    ("/travel", "@0", "|", "@0"),
    ("/flare", "safety.nothing", "|", "safety.nothing"),
    ("/progress", "/privacy", "|", "/report", "/export", "/help", "/nonsense", "[hm?]"),
    ("<too_hard>", "<later>", "<stop>", "|", "typed.go_on", "<worry>"),
    ("safety.something", "|", "safety.seen"),
    ("/forget", "|", "talk.forget_no", "/forget", "|", "talk.forget_yes"),
)


class Speaker:
    """A guest who finds buttons by the sentence on them."""

    def __init__(self, guest: Guest, language: str) -> None:
        self.guest, self.visitor = guest, guest.visitor
        self.words = builders.voices()[language]

    def label(self, name: str) -> str:
        sentence, _, much = name.partition(":")
        values = {"much": int(much)} if much else {}
        return self.words.label(sentence, **values) if "." in sentence else name

    async def does(self, step: str) -> None:
        """One step, and what is answered to it."""
        if step[0] in "/[<":
            text = step.strip("[]")
            if step[0] == "<":
                text = self.words.label(f"typed.{step.strip('<>')}").split("|")[0]
            mine = await self.visitor.say(text)
            await self.visitor.wait_for(lambda m: m["id"] > mine, timeout=10)
        elif step[0] == "@":
            card = [m for m in await self.visitor.messages() if m["by_bot"] and m["rows"]][-1]
            labels = [button["text"] for row in card["rows"] for button in row]
            await self.visitor.tap(labels[int(step[1:])], on=card["id"])
        else:
            await self.tap(step)

    async def tap(self, name: str) -> None:
        """The button, once it is there; a button that begins with it will do."""
        wanted = self.label(name)
        message = await self.visitor.wait_for(
            lambda m: any(b["text"].startswith(wanted) for row in m["rows"] for b in row)
        )
        label = next(
            b["text"] for row in message["rows"] for b in row if b["text"].startswith(wanted)
        )
        await self.visitor.tap(label, on=message["id"])

    async def heard(self) -> set[str]:
        """All that the bot shows: its texts, and the labels below them."""
        said = [m for m in await self.visitor.messages() if m["by_bot"]]
        labels = {b["text"] for m in said for row in m["rows"] for b in row}
        return labels | {m["text"] for m in said}


def test_signing_up_takes_at_most_fourteen_taps_and_one_typed_word() -> None:
    """Those that the journey below takes; the first is START."""
    typed = [step for step in ENROLMENT if step.startswith("[")]
    assert len(typed) == 1
    assert 1 + len(ENROLMENT) - len(typed) <= 14


@pytest.mark.parametrize("language", EVERY)
async def test_the_whole_conversation_across_restarts(home: House, language: str) -> None:
    guest = await home.visitor("Ada", language)
    someone = Speaker(guest, language)
    heard: set[str] = set()
    async with home.bot():
        for step in ("/start", *ENROLMENT):
            await someone.does(step)
            heard |= await someone.heard()
        spoken = builders.catalogue().spoken(language)
        card = await someone.visitor.wait_for(spoken.set_for(Occasion.MORNING).name)
        assert [one.name for one in spoken.exercises.values() if one.name in card["text"]]
    steps = [step for part in PARTS for step in part]
    while steps:
        stop = steps.index("|") if "|" in steps else len(steps)
        async with home.bot():
            for step in steps[:stop]:
                await someone.does(step)
                heard |= await someone.heard()
        steps = steps[stop + 1 :]
    assert len(heard) > 120
    assert language == EN or not {text for text in heard if ENGLISH.search(text)}
    assert await home.rows("SELECT 1 FROM person") == []
