"""/settings, /language, /pause and /resume through the chat: every screen leads back, and all is kept."""

from pathlib import Path

import pytest

from bot.catalogue.words import Voices, Words
from bot.delivery.taps import Choose, Setting
from bot.domain.profile import Question
from bot.settings import CONTENT
from tests import builders
from tests.chat.scenes import forge, guest_at, processed, read, reply_to, write
from tests.journeys.house import Guest, House

pytestmark = pytest.mark.usefixtures("no_accidents")

RULES = "SELECT wall_time, weekdays, name, minutes FROM ritual WHERE ended_at IS NULL ORDER BY id"
MENU = ["Rituals", "Usual minutes", "Quiet hours", "Pause", "Language", "What I have", "Town"]


async def opened(home: House, ada: Guest, command: str = "/settings") -> int:
    await reply_to(home, ada, command)
    return int((await ada.visitor.last())["id"])


async def tap(home: House, ada: Guest, card: int, *labels: str) -> str:
    """Press these on one card; returns what it says then."""
    for label in labels:
        await ada.visitor.tap(label, on=card)
        await processed(home)
    return str(next(m["text"] for m in await ada.visitor.messages() if m["id"] == card))


async def test_every_screen_leads_back_to_the_menu_and_closes_in_one_line(home: House) -> None:
    async with home.bot():
        ada = await guest_at(home)
        card = await opened(home, ada)
        menu = await ada.visitor.labels(card)
        assert menu == [*MENU, "kg or lb", "Pictures", "Close"]
        for label in menu[:-1]:
            assert not (await tap(home, ada, card, label)).startswith("Settings")
            assert (await tap(home, ada, card, "Back")).startswith("Settings\n")
        await tap(home, ada, card, "Rituals", "07:00 Before the first…")
        for label in ("Time", "Days", "Minutes", "Name"):
            before = await ada.visitor.labels(card)
            await tap(home, ada, card, label)
            assert await ada.visitor.labels(card) != before
            await tap(home, ada, card, "Back")
            assert await ada.visitor.labels(card) == before
        await tap(home, ada, card, "Time", "Another time", "06:00")
        await tap(home, ada, card, "Back", "Back", "Back", "Back", "Back")
        assert await ada.visitor.labels(card) == menu
        closed = await tap(home, ada, card, "Close")
        assert closed == "Settings closed. Your ritual: 07:00."
        assert await ada.visitor.labels(card) == []
        assert len([m for m in await ada.visitor.messages() if m["by_bot"]]) == 1


async def test_a_second_ritual_with_time_days_minutes_and_a_name_across_restarts(
    home: House,
) -> None:
    ada = await guest_at(home)
    async with home.bot():
        card = await opened(home, ada)
        await tap(home, ada, card, "Rituals", "Add a ritual", "Another time", "21:00")
    async with home.bot():
        await tap(home, ada, card, "21:15", "Days", "✓ Saturday", "✓ Sunday")
        assert "Saturday" in await ada.visitor.labels(card)
        await tap(home, ada, card, "Back", "Minutes", "20 min")
        await tap(home, ada, card, "Name")
    async with home.bot():  # what the next words answer is a row
        assert "Before <bed> & co · Monday" in (await reply_to(home, ada, "Before <bed> & co"))[0]
        assert "don't know what to do" in (await reply_to(home, ada, "Thanks"))[0]
    assert read(home, RULES) == [
        ("07:00:00.000000", 127, None, None),
        ("21:15:00.000000", 31, "Before <bed> & co", 20),
    ]
    assert read(home, "SELECT state FROM delivery ORDER BY due_at") == [("due",), ("due",)]
    async with home.bot():
        card = await opened(home, ada)
        await tap(
            home, ada, card, "Rituals", "21:15 Before <bed> & co", "Name", "No name of its own"
        )
        await tap(home, ada, card, "Minutes", "As usual (10 min)", "Remove", "Remove it")
    assert read(home, RULES) == [("07:00:00.000000", 127, None, None)]


async def test_a_name_is_one_line_of_1_to_40_letters(home: House) -> None:
    async with home.bot():
        ada = await guest_at(home)
        card = await opened(home, ada)
        await tap(home, ada, card, "Rituals", "07:00 Before the first…", "Name")
        for text in ("x" * 41, "two\nlines"):
            assert "one line of up to 40" in (await reply_to(home, ada, text))[0]
        assert (await reply_to(home, ada, "x" * 40))[0].startswith("07:00 x")


async def test_words_an_hour_later_are_no_answer_any_more(home: House) -> None:
    async with home.bot():
        ada = await guest_at(home)
        card = await opened(home, ada)
        await tap(home, ada, card, "Rituals", "07:00 Before the first…", "Name")
        write(home, "UPDATE person SET typing_since = '2026-11-23 04:00:00'")
        assert "don't know what to do" in (await reply_to(home, ada, "Hello"))[0]
    assert read(home, RULES)[0][2] is None


async def test_what_else_is_set_is_kept_and_shown(home: House) -> None:
    async with home.bot():
        ada = await guest_at(home)
        card = await opened(home, ada)
        shown = await tap(home, ada, card, "Quiet hours", "21:00", "07:00")
        assert "Quiet from 21:00 to 07:00." in shown
        assert "No quiet hours." in await tap(home, ada, card, "Quiet hours", "No quiet hours")
        assert "Usually 15 min" in await tap(home, ada, card, "Usual minutes", "15 min")
        await tap(home, ada, card, "What I have", "Dumbbells")
        assert await ada.visitor.labels(card) == ["✓ Dumbbells", "A stair or sturdy step", "Back"]
        await tap(home, ada, card, "Back", "kg or lb", "In lb", "Town")
        assert "don't know a town" in (await reply_to(home, ada, "Atlantis"))[0]
        await reply_to(home, ada, "Zürich")
        [towns] = [m["id"] for m in await ada.visitor.messages() if "Which of these" in m["text"]]
        assert "Which of these" in (await reply_to(home, ada, "zürich"))[0]
        await tap(home, ada, towns, "Zürich, Switzerland")
        await tap(home, ada, towns, "Town")
        await ada.visitor.share_location(47.37, 8.54)
        await processed(home)
    told = read(home, "SELECT minutes, equipment, unit, zone FROM person")
    assert told == [(15, "dumbbells", "lb", "Europe/Zurich")]


async def test_what_is_set_changes_the_card_of_today_before_it_is_touched(home: House) -> None:
    async with home.bot():
        ada = await guest_at(home)
        assert "10 min" in (await reply_to(home, ada, "/today"))[0]
        card = await opened(home, ada)
        await tap(home, ada, card, "Usual minutes", "20 min")
        longer = (await reply_to(home, ada, "/today"))[0]
        assert "14 min" in longer  # what a first day can hold


async def test_a_pause_by_button_by_word_and_back(home: House) -> None:
    async with home.bot():
        ada = await guest_at(home)
        card = await opened(home, ada, "/pause")
        assert "Paused until Thursday, 26 November" in await tap(home, ada, card, "3 days")
        resumed = await tap(home, ada, card, "Go on now")
        assert "Your next ritual comes on Tuesday, 24 November, at 07:00." in resumed
        await opened(home, ada, "/pause")
        assert "works" in (await reply_to(home, ada, "some time"))[0]
        assert "Friday, 4 December" in (await reply_to(home, ada, "4 Dec"))[0]
        assert "We go on" in (await reply_to(home, ada, "/resume"))[0]
        assert "We go on" in (await reply_to(home, ada, "/resume"))[0]
        assert "Tuesday, 24 November" in (await reply_to(home, ada, "/pause tomorrow"))[0]
        assert "works" in (await reply_to(home, ada, "/pause 2020-01-01"))[0]
    kept = read(home, "SELECT until FROM pause ORDER BY id")
    assert kept == [
        ("2026-11-26",),
        ("2026-11-23",),
        ("2026-12-04",),
        ("2026-11-23",),
        ("2026-11-24",),
    ]


@pytest.fixture
def two_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """English, and the same in a folder of another name."""
    folder = tmp_path / "de"
    folder.mkdir()
    for path in (CONTENT / "words" / "en").glob("*.j2"):
        text = path.read_text("utf-8").replace("own_name() %}English", "own_name() %}Deutsch")
        (folder / path.name).write_text(text.replace("<b>Settings</b>", "<b>Einstellungen</b>"))
    voices = Voices([builders.words(), Words(folder)], "en")
    monkeypatch.setattr(builders, "voices", lambda: voices)


@pytest.mark.usefixtures("two_languages")
async def test_another_language_speaks_from_the_answer_on(home: House) -> None:
    async with home.bot():
        ada = await guest_at(home)
        card = await opened(home, ada, "/language")
        assert await ada.visitor.labels(card) == ["Deutsch", "English", "Back"]
        assert (await tap(home, ada, card, "Deutsch")).startswith("Einstellungen")
        assert (await reply_to(home, ada, "/settings"))[0].startswith("Einstellungen")
    assert read(home, "SELECT language FROM person") == [("de",)]


@pytest.mark.usefixtures("two_languages")
async def test_the_language_can_be_chosen_before_consent(home: House) -> None:
    async with home.bot():
        ada = await guest_at(home, Question.CONSENT)
        await reply_to(home, ada, "/start")
        card = int((await ada.visitor.last())["id"])
        assert (await ada.visitor.labels(card))[-2:] == ["Deutsch", "English"]
        await tap(home, ada, card, "Deutsch")
        assert "I agree, let's start" in await ada.visitor.labels(card)
        await reply_to(home, ada, "English")  # typed
    assert read(home, "SELECT language, consented_at FROM person") == [("en", None)]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (Setting.TIME, "2560"),
        (Setting.TIME, "7"),
        (Setting.DAYS, "0"),
        (Setting.DAYS, "128"),
        (Setting.LENGTH, "5"),
        (Setting.MINUTES, "500"),
        (Setting.QUIET, "9999"),
        (Setting.HOUR, "77"),
        (Setting.PAUSE, "x"),
        (Setting.LANGUAGE, "tlh"),
        (Setting.EQUIPMENT, "a sofa"),
        (Setting.TOWN, "Europe"),
        (Setting.UNIT, "stone"),
        (Setting.ADD, "xxxx"),
        (Setting.MENU, "x"),
    ],
)
async def test_a_forged_value_is_refused_and_changes_nothing(
    home: House, setting: Setting, value: str
) -> None:
    async with home.bot():
        ada = await guest_at(home)
        card = await opened(home, ada)
        person = read(home, "SELECT * FROM person")
        await forge(home, ada, Choose(setting, 1, value).encode(), on=card)
        assert "can't read it any more" in (await ada.visitor.last())["text"]
    assert read(home, "SELECT * FROM person") == person
    assert read(home, RULES) == [("07:00:00.000000", 127, None, None)]


async def test_the_card_of_a_ritual_that_is_kept_no_more_answers_kindly(home: House) -> None:
    async with home.bot():
        ada = await guest_at(home)
        card = await opened(home, ada)
        await forge(home, ada, Choose(Setting.TIME, 99, "0700").encode(), on=card)
        assert "isn't here any more" in (await ada.visitor.last())["text"]


@pytest.mark.parametrize("command", ["/settings", "/pause", "/resume", "/language", "/pause 1 Dec"])
async def test_before_all_is_told_the_open_question_comes(home: House, command: str) -> None:
    async with home.bot():
        ada = await guest_at(home, Question.PAIN)
        assert "how much does your back hurt" in (await reply_to(home, ada, command))[-1]


TASTE = "SELECT theme, tone, build FROM person"


async def test_the_look_of_pictures_is_ticked_kept_at_once_and_taken_back(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        card = await opened(home, ada)
        await tap(home, ada, card, "Pictures")
        ticked = [label for label in await ada.visitor.labels(card) if label.startswith("✓")]
        assert ticked == ["✓ Light", "✓ Skin: mixed", "✓ Build: mixed"]
        await tap(home, ada, card, "Dark", "Brown skin", "Broad")
    assert read(home, TASTE) == [("night", "brown", "broad")]
    async with home.bot():
        assert "✓ Brown skin" in await ada.visitor.labels(card)
        await tap(home, ada, card, "Skin: mixed", "Light")
        assert read(home, TASTE) == [("paper", None, "broad")]
        for forged in ("theme-mixed", "tone-green", "id-7", "tone"):
            await forge(home, ada, Choose(Setting.LOOK, 0, forged).encode(), card)
        assert read(home, TASTE) == [("paper", None, "broad")]
        await tap(home, ada, card, "Back", "Close")
