"""Somebody whose Telegram speaks another language hears nothing in English."""

import re
from pathlib import Path

import pytest

from bot.catalogue.tongues import languages
from bot.domain.exercise import Occasion
from tests import builders
from tests.journeys.house import Guest, House

ENGLISH = re.compile(r"\b(the|you|your|of|with|is|and|when|breath|back)\b", re.IGNORECASE)
OTHERS = languages(Path(__file__).parents[2] / "content")[1:]

# What is tapped on the way to the first card; what is in brackets is typed.
ENROLMENT = (
    *("enrol.consent_yes", "safety.nothing", "safety.nothing", "safety.close_none"),
    *("enrol.direction_none", "enrol.life_sitting", "2", "enrol.equipment_none", "5"),
    *("[Zürich]", "Zürich", "07:00", "10 min"),
)
ANSWERS = ("card.done", "2", "feedback.nothing", "feedback.breath_holding_0")
ASKED = ("/today", "/why", "/travel", "/flare", "/review", "/help", "/forget", "/nonsense", "hm?")


class Speaker:
    """A guest who finds buttons by the sentence on them."""

    def __init__(self, guest: Guest, language: str) -> None:
        self.guest, self.visitor = guest, guest.visitor
        self.words = builders.voices()[language]

    def label(self, name: str) -> str:
        return self.words.label(name) if "." in name else name

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

    async def say(self, text: str) -> None:
        """And hear what is answered."""
        mine = await self.visitor.say(text)
        await self.visitor.wait_for(lambda m: m["id"] > mine)

    async def heard(self) -> list[str]:
        """All that the bot shows: its texts, and the labels below them."""
        said = [m for m in await self.visitor.messages() if m["by_bot"]]
        return [
            *(m["text"] for m in said),
            *(b["text"] for m in said for row in m["rows"] for b in row),
        ]


@pytest.mark.parametrize("language", OTHERS)
async def test_nothing_is_said_in_english(home: House, language: str) -> None:
    async with home.bot():
        guest = await home.visitor("Ada", language)
        someone = Speaker(guest, language)
        await someone.say("/start")
        heard = await someone.heard()
        for step in ENROLMENT:
            if step.startswith("["):
                await someone.visitor.say(step.strip("[]"))
            else:
                await someone.tap(step)
            heard += await someone.heard()
        spoken = builders.catalogue().spoken(language)
        card = await someone.visitor.wait_for(spoken.set_for(Occasion.MORNING).name)
        assert [one.name for one in spoken.exercises.values() if one.name in card["text"]]
        heard += await someone.heard()
        for answer in ANSWERS:
            await someone.tap(answer)
            heard += await someone.heard()
        for text in ASKED:
            await someone.say(text)
            heard += await someone.heard()
    assert len({*heard}) > 40
    english = {text for text in heard if ENGLISH.search(text)}
    assert not english
