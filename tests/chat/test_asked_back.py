"""A surprising number is asked back: one tap if it is right, one more if it is not, none to let it be."""

import datetime as dt
from itertools import count

import pytest

from bot.delivery.taps import Change, Rate, Recall, Wake
from bot.domain.session import Asked
from bot.storage import people
from tests import builders
from tests.chat.scenes import card, file_of, forge, guest_at, processed, read, reply_to, text_of
from tests.journeys.house import MONDAY, Guest, House
from tests.practice.someone import CALM

pytestmark = pytest.mark.usefixtures("no_accidents")

ASKED_BACK = "You said 9. Lately it was around 2. Is 9 right?"
WOKE_BACK = "You said 9 for this morning. Lately it was around 2. Is 9 right?"
PAIN, MUSCLES, BREATH = "1 of 3", "2 of 3", "3 of 3"
ANSWERED = "SELECT question, value FROM answer WHERE session_id = ? ORDER BY id"
WORRY = "Something new or worrying"
NUMBERS = [str(number) for number in range(11)]


async def after_a_calm_week(home: House) -> Guest:
    """Somebody with six calm sessions behind them; how they woke today is still open."""
    ada = await guest_at(home)
    updates = count(-1, -1)  # the chat's own begin at 1
    async with builders.database(file_of(home).parent) as database:
        desk = builders.desk(database)
        profile = await desk.enrolment.profile(ada.visitor.id)
        async with (
            database.work() as work
        ):  # long enough for what came up yesterday to come up again
            await people.tell(work, profile.id, minutes=20)
        profile = await desk.enrolment.profile(ada.visitor.id)
        for ago in range(6, 0, -1):
            now = MONDAY - dt.timedelta(days=ago)
            plan = await desk.prescription.today(profile, now)
            answers = {**CALM, Asked.MORNING: 2} if ago > 1 else CALM
            for asked, value in answers.items():
                await desk.journal.keep(
                    ada.visitor.id, plan.session.id, asked, value, update_id=next(updates), now=now
                )
    return ada


def session_of(home: House, days_ago: int = 0) -> int:
    day = (MONDAY - dt.timedelta(days=days_ago)).date().isoformat()
    [(found,)] = read(home, "SELECT id FROM session WHERE local_date = ?", day)
    return int(found)


async def press(home: House, ada: Guest, label: str, on: int) -> str:
    """Press it; return what the card then says."""
    await ada.visitor.tap(label, on=on)
    await processed(home)
    return await text_of(ada, on)


async def up_to_nine(home: House, ada: Guest) -> int:
    """Today's card, at the question that asks 9 back."""
    shown = await card(home, ada)
    await press(home, ada, "2", shown)
    await press(home, ada, "Done", shown)
    assert await press(home, ada, "9", shown) == f"Today's ritual\n{ASKED_BACK}"
    return shown


async def test_one_tap_confirms_and_the_card_goes_on(home: House) -> None:
    ada = await after_a_calm_week(home)
    async with home.bot():
        shown = await up_to_nine(home, ada)
        assert await ada.visitor.labels(shown) == ["Yes, 9", "Change it", WORRY]
        assert MUSCLES in await press(home, ada, "Yes, 9", shown)
        assert BREATH in await press(home, ada, "Not that I noticed", shown)
        assert "Pain rose well above your usual" in await press(home, ada, "All the way", shown)
    assert read(home, ANSWERED, session_of(home))[:3] == [
        ("completed", 0),
        ("pain_during", 9),
        ("pain_confirmed", 9),
    ]


async def test_a_usual_number_is_not_asked_back(home: House) -> None:
    ada = await after_a_calm_week(home)
    async with home.bot():
        shown = await card(home, ada)
        await press(home, ada, "Done", shown)
        await press(home, ada, "2", shown)  # how she woke, asked once more
        assert MUSCLES in await press(home, ada, "6", shown)


async def test_a_second_tap_on_the_number_confirms_nothing(home: House) -> None:
    ada = await after_a_calm_week(home)
    async with home.bot():
        shown = await up_to_nine(home, ada)
        nine = Rate(session_of(home), Asked.PAIN, 9).encode()
        for _ in range(3):
            await forge(home, ada, nine, on=shown)
            assert ASKED_BACK in await text_of(ada, shown)
        [shows] = [m for m in await ada.visitor.messages() if m["id"] == shown]
        assert [len(row) for row in shows["rows"]] == [1, 1, 1]
    kept = {question for question, _ in read(home, ANSWERED, session_of(home))}
    assert kept == {"completed", "pain_during"}


async def test_a_second_tap_on_yes_asks_nothing_again(home: House) -> None:
    ada = await after_a_calm_week(home)
    async with home.bot():
        shown = await up_to_nine(home, ada)
        await press(home, ada, "Yes, 9", shown)
        yes = Rate(session_of(home), Asked.PAIN_CONFIRMED, 9).encode()
        await forge(home, ada, yes, on=shown)
        assert MUSCLES in await text_of(ada, shown)


async def test_changed_to_a_usual_number_it_goes_on_and_to_a_surprising_one_it_is_asked_back(
    home: House,
) -> None:
    ada = await after_a_calm_week(home)
    async with home.bot():
        shown = await up_to_nine(home, ada)
        assert PAIN in await press(home, ada, "Change it", shown)
        assert await ada.visitor.labels(shown) == [*NUMBERS, WORRY]
        assert "You said 8. Lately" in await press(home, ada, "8", shown)
        await press(home, ada, "Change it", shown)
        assert MUSCLES in await press(home, ada, "1", shown)
        stale = Rate(session_of(home), Asked.PAIN_CONFIRMED, 9).encode()
        await forge(home, ada, stale, on=shown)  # a yes to what is no longer said
        assert MUSCLES in await text_of(ada, shown)
        for label in ("Not that I noticed", "All the way"):
            said = await press(home, ada, label, shown)
        assert "Pain rose" not in said


async def test_a_confirmed_number_is_not_doubted_again_and_another_one_is(home: House) -> None:
    ada = await after_a_calm_week(home)
    async with home.bot():
        shown = await up_to_nine(home, ada)
        for label in ("Yes, 9", "Not that I noticed", "All the way", "Change my answers", "Done"):
            await press(home, ada, label, shown)
        assert MUSCLES in await press(home, ada, "9", shown)
        again = await card(home, ada)
        await press(home, ada, "Change my answers", again)
        assert PAIN in await press(home, ada, "Done", again)
        assert "You said 10." in await press(home, ada, "10", again)


async def test_the_doubt_survives_a_restart_a_new_card_and_typed_words(home: House) -> None:
    ada = await after_a_calm_week(home)
    async with home.bot():
        shown = await up_to_nine(home, ada)
    async with home.bot():
        for typed in ("9", "yes"):
            said = await reply_to(home, ada, typed)
            assert "nothing was changed" in said[0]
            assert ASKED_BACK in said[1]
        again = await card(home, ada)
        assert ASKED_BACK in await text_of(ada, again)
        await press(home, ada, "Change it", shown)
    async with home.bot():
        assert PAIN in await text_of(ada, shown)
        assert ASKED_BACK in await text_of(ada, await card(home, ada))
        assert MUSCLES in await press(home, ada, "Yes, 9", again)
        assert MUSCLES in await press(home, ada, "3", shown)  # the older card still changes it
    assert read(home, ANSWERED, session_of(home))[-1] == ("pain_during", 3)


async def test_not_today_after_all_ends_the_doubt(home: House) -> None:
    ada = await after_a_calm_week(home)
    async with home.bot():
        shown = await up_to_nine(home, ada)
        done_not = Rate(session_of(home), Asked.COMPLETED, 2).encode()
        await forge(home, ada, done_not, on=shown)
        assert "Not today, then" in await text_of(ada, shown)


async def test_an_older_card_asks_back_about_its_own_day(home: House) -> None:
    ada = await after_a_calm_week(home)
    async with home.bot():
        shown = await card(home, ada)
        await ada.morning(1)
        await press(home, ada, "Done", shown)
        await press(home, ada, "2", shown)
        assert await press(home, ada, "9", shown) == f"Monday's ritual\n{ASKED_BACK}"
        assert MUSCLES in await press(home, ada, "Yes, 9", shown)


# How someone woke.


async def test_a_surprising_morning_is_asked_back_above_the_ritual(home: House) -> None:
    ada = await after_a_calm_week(home)
    async with home.bot():
        shown = await card(home, ada)
        said = await press(home, ada, "9", shown)
        assert "Before the first coffee" in said
        assert said.endswith(WOKE_BACK)
        assert "The morning after was clearly sorer" in said  # it counts as it stands
        assert (await ada.visitor.labels(shown))[:4] == ["Yes, 9", "Change it", "Done", "Partly"]
        nine = Wake(session_of(home), session_of(home, 1), 9).encode()
        await forge(home, ada, nine, on=shown)
        assert (await text_of(ada, shown)).endswith(WOKE_BACK)
        said = await press(home, ada, "Yes, 9", shown)
        assert "Is 9 right" not in said
        assert "The morning after was clearly sorer" in said
    assert read(home, ANSWERED, session_of(home, 1))[-2:] == [
        ("pain_next_morning", 9),
        ("morning_confirmed", 9),
    ]


async def test_a_morning_that_was_a_slip_is_changed_and_the_ritual_with_it(home: House) -> None:
    ada = await after_a_calm_week(home)
    async with home.bot():
        shown = await card(home, ada)
        await press(home, ada, "9", shown)
        said = await press(home, ada, "Change it", shown)
        assert "Before the first coffee" in said
        assert "How did you wake?" in said
        assert (await ada.visitor.labels(shown))[:11] == NUMBERS
        said = await press(home, ada, "1", shown)
        assert "sorer" not in said
        assert "right?" not in said


async def test_a_morning_told_after_done_is_asked_back_before_the_next_question(
    home: House,
) -> None:
    ada = await after_a_calm_week(home)
    async with home.bot():
        shown = await card(home, ada)
        assert "How did you wake?" in await press(home, ada, "Done", shown)
        assert await press(home, ada, "9", shown) == f"Today's ritual\n{WOKE_BACK}"
    async with home.bot():
        assert WOKE_BACK in await text_of(ada, await card(home, ada))
        assert "How did you wake?" in await press(home, ada, "Change it", shown)
        assert WOKE_BACK in await press(home, ada, "9", shown)
        assert PAIN in await press(home, ada, "Yes, 9", shown)


async def test_a_morning_that_is_passed_over_is_asked_back_once_more_and_costs_nothing(
    home: House,
) -> None:
    ada = await after_a_calm_week(home)
    async with home.bot():
        shown = await card(home, ada)
        await press(home, ada, "9", shown)
        assert WOKE_BACK in await press(home, ada, "Done", shown)
        assert "Is 9 right" not in (await ada.morning(1))["text"]


# The pain of the day before.


async def test_a_pain_that_nobody_confirmed_is_asked_back_with_the_next_ritual(
    home: House,
) -> None:
    ada = await after_a_calm_week(home)
    asked = "You said 9 for pain while you moved on Monday. Lately it was around 2. Is 9 right?"
    async with home.bot():
        await up_to_nine(home, ada)
        shown = int((await ada.morning(1))["id"])
        assert "How did you wake?" in await text_of(ada, shown)
        assert (await press(home, ada, "2", shown)).endswith(asked)
        said = await press(home, ada, "Change it", shown)
        assert said.endswith("Pain while you moved on Monday, at its most? 0 is none.")
        assert (await ada.visitor.labels(shown))[:11] == NUMBERS
        said = await press(home, ada, "3", shown)
        assert "Before the first coffee" in said
        assert "right?" not in said
        assert PAIN in await press(home, ada, "Done", shown)


async def test_two_days_later_the_number_stands_and_nobody_asks(home: House) -> None:
    ada = await after_a_calm_week(home)
    async with home.bot():
        await up_to_nine(home, ada)
        await ada.morning(1)
        shown = int((await ada.morning(2))["id"])
        said = await press(home, ada, "2", shown)
        assert "Is 9 right" not in said
        assert "Pain rose well above your usual" in said


async def test_buttons_that_came_too_late_show_the_card_as_it_is(home: House) -> None:
    ada = await after_a_calm_week(home)
    async with home.bot():
        shown = await card(home, ada)
        own, before = session_of(home), session_of(home, 1)
        await press(home, ada, "2", shown)
        ritual = await text_of(ada, shown)
        for tap in (
            Change(own, before, Asked.MORNING),
            Change(own, own, Asked.PAIN),
            Change(own, 999, Asked.BREATH),
            Recall(own, before, Asked.MORNING_CONFIRMED, 9),
            Recall(own, before, Asked.PAIN_CONFIRMED, 9),
        ):
            await forge(home, ada, tap.encode(), on=shown)
            assert await text_of(ada, shown) == ritual
        for forged in (Change(999, 999, Asked.PAIN), Recall(own, 999, Asked.PAIN, 3)):
            await forge(home, ada, forged.encode(), on=shown)
            assert "a record that isn't here any more" in (await ada.visitor.last())["text"]
        await forge(home, ada, Recall(own, before, Asked.PAIN, 11).encode(), on=shown)
        assert "can't read it any more" in (await ada.visitor.last())["text"]
