"""Pictures in the chat: the day above its card, each exercise above its words, or the words alone."""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.gallery import Gallery
from bot.delivery.letter import CAPTION, Medium, Picture
from bot.delivery.taps import Move, Play
from bot.domain.player import START
from bot.domain.profile import Question
from bot.localchat.faults import BadRequest
from bot.localchat.markup import utf16_length
from tests.chat.scenes import card, delivered, forge, guest_at, processed, read, reply_to, write
from tests.journeys.house import MONDAY, Guest, House
from tests.localchat.samples import mp4, png

pytestmark = pytest.mark.usefixtures("no_accidents")

BODIES: dict[Medium, Callable[[], bytes]] = {Medium.PHOTO: png, Medium.CLIP: mp4}
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
FILES = "SELECT file_id, person_id FROM media ORDER BY person_id"


@dataclass(slots=True)
class Wall(Gallery):
    """Whatever is asked for hangs there, but what is being drawn still."""

    undrawn: set[Medium] = field(default_factory=set)
    asked: list[Picture] = field(default_factory=list)
    ordered: set[str] = field(default_factory=set)

    def get(self, picture: Picture) -> bytes | None:
        self.asked.append(picture)
        if picture.medium in self.undrawn:
            return None
        return BODIES[picture.medium]() + picture.recipe.encode()

    def order(self, pictures: Iterable[Picture]) -> None:
        self.ordered.update(picture.recipe for picture in pictures)


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Wall:
    made = Wall(folder=tmp_path, most=0, painters=0)
    monkeypatch.setattr("bot.assembly.build_gallery", lambda _: made)
    return made


async def shown(ada: Guest, number: int) -> dict[str, Any]:
    """What a message is by now."""
    messages = await ada.visitor.messages()
    content: dict[str, Any] = next(m["content"] for m in messages if m["id"] == number)
    return content


async def press(home: House, ada: Guest, *labels: str) -> dict[str, Any]:
    for label in labels:
        await ada.visitor.tap(label)
        await processed(home)
    return await shown(ada, (await ada.visitor.last())["id"])


async def test_a_ritual_comes_with_its_day_in_one_picture_and_all_that_suffices_without_it(
    home: House, wall: Wall
) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await reply_to(home, ada, "/help")
        message = await ada.morning(1)
        below = message["content"]["caption"]
        assert message["content"]["photo"]
        assert utf16_length(below) <= CAPTION
        assert await ada.visitor.labels(message["id"])
        names = read(home, "SELECT count(*) FROM portion")[0][0]
        assert all(f"\n{number}. " in below for number in range(1, names + 1))
    [(file_id, person)] = read(home, FILES)
    assert (file_id, person) == (message["content"]["photo"][-1]["file_id"], 1)


async def test_the_player_shows_each_exercise_as_it_moves_on_the_one_card(
    home: House, wall: Wall
) -> None:
    ada = await guest_at(home)
    async with home.bot():
        number = await card(home, ada)
        day = (await shown(ada, number))["photo"]
        await press(home, ada, "Start")
        assert (await shown(ada, number))["photo"] == day  # a quiet minute needs no figure
        first = await press(home, ada, "Skip")
        assert (await shown(ada, number))["caption"].startswith("1 of ")
        exercises = read(home, "SELECT count(*) FROM portion")[0][0]
        others = [await press(home, ada, "Skip") for _ in range(exercises - 1)]
        assert len({one["animation"]["file_id"] for one in (first, *others)}) == exercises
        after = await press(home, ada, "Skip")
        assert after["photo"] == day  # the last exercise goes on no longer
        assert [m["id"] for m in await ada.visitor.messages() if m["by_bot"]] == [number]
    assert {person for _, person in read(home, FILES)} == {None, 1}


async def ordered(wall: Wall) -> set[str]:
    """What was ordered ahead, once something was and no more follows."""
    seen = 0
    async with asyncio.timeout(10):
        while not seen or len(wall.ordered) > seen:
            seen = len(wall.ordered)
            await asyncio.sleep(0.3)  # it tells nobody
    return wall.ordered


@pytest.mark.parametrize("language", ["en", "de"])
async def test_what_the_next_ritual_shows_is_drawn_before_it_is_due(
    home: House, wall: Wall, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr("bot.delivery.ahead.EVERY", 0.05)
    wall.painters = 1
    ada = await guest_at(home)
    write(home, "UPDATE person SET language = ?, theme = 'night', build = 'broad'", language)
    home.local.move_to(MONDAY + 1 * DAY - HOUR)
    async with home.bot():
        ahead = await ordered(wall)
        assert wall.asked == []
        home.local.move_to(MONDAY + 1 * DAY)
        await delivered(home, "sent", "due")
        number = (await ada.visitor.last())["id"]
        await forge(home, ada, Play(1, *START, Move.BEGIN).encode(), number)
        await forge(home, ada, Play(1, *START, Move.SKIP).encode(), number)
    assert len(wall.asked) == 2
    assert {picture.recipe for picture in wall.asked} <= ahead


async def test_the_first_card_of_all_is_drawn_while_the_last_question_is_open(
    home: House, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.ahead.EVERY", 0.05)
    wall.painters = 1
    ada = await guest_at(home, Question.TIME)
    async with home.bot():
        await reply_to(home, ada, "/start")
        await press(home, ada, "07:00")
        ahead = {*await ordered(wall)}
        await press(home, ada, "15 min")
    [first] = wall.asked
    assert first.recipe in ahead


async def test_another_person_gets_them_by_the_names_that_telegram_gave(
    home: House, wall: Wall
) -> None:
    seen: list[list[str]] = []
    for name in ("Ada", "Ben"):
        guest = await guest_at(home, name=name)
        async with home.bot():  # nor does a restart forget them
            number = await card(home, guest)
            first = (await shown(guest, number))["photo"][-1]["file_id"]
            await press(home, guest, "Start")
            clip = (await press(home, guest, "Skip"))["animation"]["file_id"]
        seen.append([first, clip])
        asked, wall.asked = wall.asked, []
        assert len(asked) == (2 if name == "Ada" else 0)
    assert seen[0] == seen[1]
    assert len(home.local.world.files) == 2


async def test_until_they_are_drawn_the_words_go_alone_and_a_later_tap_brings_them(
    home: House, wall: Wall
) -> None:
    wall.undrawn = {*Medium}
    ada = await guest_at(home)
    async with home.bot():
        number = await card(home, ada)
        assert "In detail" in (await shown(ada, number))["text"]
        await press(home, ada, "Start", "Skip")
        assert (await shown(ada, number))["text"].startswith("1 of ")
        wall.undrawn = {Medium.CLIP}
        await press(home, ada, "Skip")
        poster = await shown(ada, number)
        assert poster["photo"]
        assert poster["caption"].startswith("2 of ")
        wall.undrawn = set()
        await press(home, ada, "Back")
        assert (await shown(ada, number))["animation"]
        assert [m["id"] for m in await ada.visitor.messages() if m["by_bot"]] == [number]


async def test_a_picture_that_telegram_refuses_stops_nobody(home: House, wall: Wall) -> None:
    ada = await guest_at(home)
    async with home.bot():
        home.local.faults.add(BadRequest(words="IMAGE_PROCESS_FAILED", method="sendPhoto"))
        number = await card(home, ada)
        assert "text" in await shown(ada, number)
        home.local.faults.add(BadRequest(words="MEDIA_INVALID", method="editMessageMedia", times=3))
        await press(home, ada, "Start", "Skip")
        assert (await shown(ada, number))["text"].startswith("1 of ")
        await press(home, ada, "Skip")
        assert (await shown(ada, number))["animation"]


async def test_a_card_too_old_to_be_shown_keeps_its_picture(home: House, wall: Wall) -> None:
    ada = await guest_at(home)
    async with home.bot():
        number = await card(home, ada)
        [data] = [
            button["callback_data"]
            for row in (await ada.visitor.last())["rows"]
            for button in row
            if button["text"] == "Done"
        ]
        await forge(home, ada, data, number, faded=True)
        content = await shown(ada, number)
    assert content["photo"]
    assert "Pain while you moved" in content["caption"]


async def test_words_that_have_no_room_below_a_picture_come_in_another_message(
    home: House, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await guest_at(home)
    async with home.bot():
        number = await card(home, ada)
        monkeypatch.setattr("bot.delivery.letter.CAPTION", 100)
        await press(home, ada, "Later")
        [message] = [m for m in await ada.visitor.messages() if m["by_bot"]]
        assert message["id"] > number
        assert "text" in message["content"]
        assert await ada.visitor.labels(message["id"])
    assert read(home, "SELECT card FROM session") == [(message["id"],)]


async def test_forgetting_takes_their_own_picture_along_and_leaves_everybodys(
    home: House, wall: Wall
) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await card(home, ada)
        await press(home, ada, "Start", "Skip")
        assert len(read(home, FILES)) == 2
        await reply_to(home, ada, "/forget")
        await press(home, ada, "Delete everything")
    assert [person for _, person in read(home, FILES)] == [None]
