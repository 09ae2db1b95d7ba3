"""How it goes, in the chat: a picture at any time, a choice once a week, and fewer days where offered."""

import asyncio
import datetime as dt

import pytest

from bot.delivery import progress_card
from bot.delivery.taps import Fit, LookBack, Weekly
from bot.domain.profile import Question
from tests.chat.scenes import (
    forge,
    guest_at,
    practised_on,
    processed,
    read,
    reply_to,
    text_of,
    write,
)
from tests.journeys.house import MONDAY, Guest, House

pytestmark = pytest.mark.usefixtures("no_accidents")

ONE_DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
THIRTEEN_WEEKS = 91
MINUTES = "SELECT minutes FROM person"
WEEKDAYS = "SELECT weekdays FROM ritual"
EVERY_DAY = 0b1111111


async def look_back(home: House, ada: Guest, day: int) -> int:
    """The weekly message behind the ritual of a day."""
    await home.pass_days(day)
    home.local.move_to(MONDAY + day * ONE_DAY + HOUR)
    return int((await ada.visitor.wait_for("Your week"))["id"])


async def first_week(home: House) -> Guest:
    """Somebody who practised on the first days."""
    ada = await guest_at(home)
    practised_on(home, *(MONDAY + n * ONE_DAY for n in range(4)))
    return ada


async def calm_for_long(home: House) -> Guest:
    """Thirteen weeks, each day the same step and a calm morning."""
    ada = await guest_at(home)
    days = [MONDAY + n * ONE_DAY for n in range(THIRTEEN_WEEKS)]
    practised_on(home, *days)
    for (session,) in read(home, "SELECT id FROM session"):
        write(
            home,
            "INSERT INTO portion (session_id, ladder, position, step, shown_step, dose_fraction, shown_dose)"
            " VALUES (?, 'bridge', 0, 2, 2, 1.0, 1.0)",
            session,
        )
        write(
            home,
            "INSERT INTO answer (session_id, question, value, at, update_id)"
            " VALUES (?, 'pain_next_morning', 2, '2026-11-23 06:00:00', ?)",
            *(session, -session - 1000),
        )
    for mark in (1, 2, 3):  # those were looked back on
        day = (MONDAY + mark * 28 * ONE_DAY).date().isoformat()
        write(
            home,
            "INSERT INTO review (person_id, mark, day, due_at, state, tries)"
            " VALUES (1, ?, ?, '2026-12-21 06:00:00', 'sent', 1)",
            *(mark, day),
        )
    return ada


async def test_before_anything_was_practised_there_is_nothing_to_see(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        assert "There is nothing to see yet" in (await reply_to(home, ada, "/progress"))[0]


@pytest.mark.parametrize("upto", [Question.CONSENT, Question.TIME])
async def test_while_enrolling_it_brings_the_open_question(home: House, upto: Question) -> None:
    ada = await guest_at(home, upto)
    async with home.bot():
        [said] = await reply_to(home, ada, "/progress")
    assert {Question.CONSENT: "Hello", Question.TIME: "When shall the ritual come"}[upto] in said


async def test_at_any_time_it_is_a_new_picture_with_its_words_and_ways_on(home: House) -> None:
    ada = await first_week(home)
    async with home.bot():
        await look_back(home, ada, 7)
        for _ in range(2):
            [said] = await reply_to(home, ada, "/progress")
            assert said.startswith("How it goes")
            assert "your usual: 2" in said
            assert "4 practised" in said
            shown = await ada.visitor.last()
            assert shown["content"]["photo"]
            assert await ada.visitor.labels() == ["Why?"]
        await ada.visitor.tap("Why?")
        await processed(home)
        assert "Why it looks so" in (await ada.visitor.last())["text"]
        await forge(home, ada, LookBack().encode(), on=shown["id"])
        assert "The first time comes four weeks" in (await ada.visitor.last())["text"]
        assert await text_of(ada, shown["id"]) == said


async def test_the_look_back_over_four_weeks_is_one_tap_away(home: House) -> None:
    ada = await guest_at(home)
    practised_on(home, MONDAY, MONDAY + 27 * ONE_DAY)
    async with home.bot():
        await home.pass_days(28)
        home.local.move_to(MONDAY + 28 * ONE_DAY + HOUR)
        review = await ada.visitor.wait_for("4 weeks: a look back")
        assert review["content"]["photo"]
        await ada.visitor.tap("7", on=review["id"])
        answered = await text_of(ada, review["id"])
        assert "7 now" in answered
        await reply_to(home, ada, "/progress")
        await ada.visitor.tap("The last four weeks")
        await processed(home)
        again = await ada.visitor.last()
        assert again["text"] == answered
        assert again["content"]["photo"] == review["content"]["photo"]
    titles = [m["text"].splitlines()[0] for m in await ada.visitor.messages()]
    assert "Your week" not in titles  # at a mark there is one message


async def test_a_picture_that_cannot_be_drawn_leaves_its_words(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise OSError("no more paper")

    monkeypatch.setattr(progress_card, "progress_sheet", fail)
    ada = await first_week(home)
    async with home.bot():
        card = await look_back(home, ada, 7)
        assert "photo" not in (await ada.visitor.last())["content"]
        await ada.visitor.tap("Longer: 15 min", on=card)
        assert "15 minutes, from the next ritual on" in await text_of(ada, card)
        assert (await reply_to(home, ada, "/progress"))[0].startswith("How it goes")


async def test_a_choice_twice_an_old_one_and_a_forged_one(home: House) -> None:
    ada = await first_week(home)
    day = (MONDAY + 7 * ONE_DAY).toordinal()
    async with home.bot():
        card = await look_back(home, ada, 7)
        for _ in range(2):
            await forge(home, ada, Fit(day, 15).encode(), on=card)
            assert read(home, MINUTES) == [(15,)]
            assert (await text_of(ada, card)).endswith("15 minutes, from the next ritual on.")
        forged = [Fit(day, 11), Fit(day + 1, 10), Fit(-1, 10), Fit(2**62, 10), Fit(1, 10)]
        for tap in (*forged, Weekly(day, 2), Weekly(day, 8), Weekly(day, -5), Weekly(day + 1, 5)):
            await forge(home, ada, tap.encode(), on=card)
            assert "can't read it any more" in (await ada.visitor.last())["text"]
        await forge(home, ada, Fit(day, 10).encode(), on=card)
    assert read(home, MINUTES) == [(10,)]
    assert read(home, WEEKDAYS) == [(EVERY_DAY,)]


async def test_while_locked_the_picture_and_the_choice_say_what_comes_first(home: House) -> None:
    ada = await first_week(home)
    async with home.bot():
        card = await look_back(home, ada, 7)
        await reply_to(home, ada, "/help")
        await ada.visitor.tap("Something new or worrying")
        await ada.visitor.wait_for("Safety first")
        await ada.visitor.tap("Yes, at least one")
        await processed(home)
        await ada.visitor.tap("Longer: 15 min", on=card)
        assert "This can need emergency care now" in (await ada.visitor.last())["text"]
        assert "This can need emergency care now" in (await reply_to(home, ada, "/progress"))[0]
    assert read(home, MINUTES) == [(10,)]


async def test_after_long_calm_weeks_fewer_days_are_offered_taken_and_given_back(
    home: House,
) -> None:
    ada = await calm_for_long(home)
    async with home.bot():
        card = await look_back(home, ada, THIRTEEN_WEEKS)
        assert "13 weeks, calm mornings: well done." in await text_of(ada, card)
        assert await ada.visitor.labels(on=card) == ["5 days a week", "As it is now"]
        for _ in range(2):  # a double tap takes no further day
            day = (MONDAY + THIRTEEN_WEEKS * ONE_DAY).toordinal()
            await forge(home, ada, Weekly(day, 5).encode(), on=card)
            assert "Monday, Tuesday, Wednesday, Friday, Saturday" in await text_of(ada, card)
            assert read(home, WEEKDAYS) == [(0b0110111,)]
    async with home.bot():  # Tuesday and Wednesday come, Thursday doesn't, Friday does
        await home.pass_days(THIRTEEN_WEEKS + 2)
        home.local.move_to(MONDAY + (THIRTEEN_WEEKS + 2) * ONE_DAY + HOUR)
        due = "SELECT local_date FROM delivery WHERE state = 'due'"
        friday = (MONDAY + (THIRTEEN_WEEKS + 4) * ONE_DAY).date().isoformat()
        await ada.visitor.wait_for(
            lambda m: m["id"] > card and m["text"].startswith("Before the first coffee")
        )
        async with asyncio.timeout(10):
            while read(home, due) != [(friday,)]:  # noqa: ASYNC110  # no row tells of itself
                await asyncio.sleep(0.02)
        await ada.visitor.tap("Daily again", on=card)
        assert "Every day, then" in await text_of(ada, card)
        thursday = (MONDAY + (THIRTEEN_WEEKS + 3) * ONE_DAY).date().isoformat()
        assert read(home, due) == [(thursday,)]
    assert read(home, WEEKDAYS) == [(EVERY_DAY,)]


async def test_staying_daily_is_as_good(home: House) -> None:
    ada = await calm_for_long(home)
    async with home.bot():
        card = await look_back(home, ada, THIRTEEN_WEEKS)
        await ada.visitor.tap("As it is now", on=card)
        assert "It stays as it is, and that is just as good." in await text_of(ada, card)
    assert read(home, WEEKDAYS) == [(EVERY_DAY,)]
