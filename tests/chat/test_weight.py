"""With a weight the signs ask for its reserve; the weight itself is told, chosen and remembered."""

import datetime as dt

import pytest

from bot.delivery.taps import Measure, Rate, Take, Weigh
from bot.domain.load import Unit
from bot.domain.session import Asked
from tests import builders
from tests.chat.scenes import card, file_of, forge, guest_at, processed, read, reply_to, text_of
from tests.journeys.house import Guest, House, assert_replays
from tests.practice.someone import Someone, at

pytestmark = pytest.mark.usefixtures("no_accidents")

WITH_THE_WEIGHT = "With the weight: three more would have been too many"
TOO_MANY = "Three more: too many"
ANOTHER = "Another weight"
WORRY = "Something new or worrying"
KILOS = ["2 kg", "2.5 kg", "3 kg", "3.5 kg", "4 kg", "In lb", WORRY]
REFUSED = "couldn't take that weight here"
ANSWERS = "SELECT value FROM answer WHERE question = 'reserve' AND session_id = ? ORDER BY id"


# The weeks before a first weight, lived once in a process: by chat, the day and the database that they left.
LIVED: dict[int, tuple[int, bytes]] = {}


async def before_a_weight(home: House) -> Guest:
    """Somebody on the morning of their first ritual with a weight; the clock goes with them."""
    ada = await guest_at(home)
    file = file_of(home)
    if ada.visitor.id not in LIVED:
        async with builders.database(file.parent) as database:
            someone = Someone(builders.desk(database))
            await someone.finds_the_hinge_easy(at(0))
            number = await someone.until_a_weight(0)
        LIVED[ada.visitor.id] = number, file.read_bytes()
    number, rows = LIVED[ada.visitor.id]
    file.write_bytes(rows)
    # No ritual is sent so late: the card comes when asked for.
    home.local.move_to(at(number, hours=8))
    return ada


async def press(home: House, ada: Guest, label: str, on: int) -> str:
    """Press it; return what the card then says."""
    await ada.visitor.tap(label, on=on)
    await processed(home)
    return await text_of(ada, on)


async def up_to_the_signs(home: House, ada: Guest, shown: int) -> None:
    """The weight is among them."""
    assert "1 of 3" in await press(home, ada, "Done", shown)
    assert WITH_THE_WEIGHT in await press(home, ada, "2", shown)


def newest_session(home: House) -> int:
    [(found,)] = read(home, "SELECT max(id) FROM session")
    return int(found)


async def test_three_more_is_a_sign_among_the_others_and_can_be_told_anew(home: House) -> None:
    ada = await before_a_weight(home)
    async with home.bot():
        shown = await card(home, ada)
        await press(home, ada, "2", shown)  # how she woke
        await up_to_the_signs(home, ada, shown)
        await press(home, ada, TOO_MANY, shown)
        assert f"✓ {TOO_MANY}" in await ada.visitor.labels(shown)
        assert "3 of 3" in await press(home, ada, "That's all", shown)
        assert "Thank you" in await press(home, ada, "All the way", shown)
        await press(home, ada, "Change my answers", shown)
        await up_to_the_signs(home, ada, shown)
        await press(home, ada, f"✓ {TOO_MANY}", shown)
        assert "3 of 3" in await press(home, ada, "None of these", shown)
        assert "Thank you" in await press(home, ada, "All the way", shown)
    assert read(home, ANSWERS, newest_session(home)) == [(1,), (0,), (0,)]
    await assert_replays(home)


async def test_a_bot_that_was_stopped_at_the_signs_asks_them_still(home: House) -> None:
    ada = await before_a_weight(home)
    async with home.bot():
        shown = await card(home, ada)
        await press(home, ada, "2", shown)
        await up_to_the_signs(home, ada, shown)
        await press(home, ada, TOO_MANY, shown)
    async with home.bot():
        again = await card(home, ada)
        assert WITH_THE_WEIGHT in await text_of(ada, again)
        assert f"✓ {TOO_MANY}" in await ada.visitor.labels(again)


async def test_without_a_weight_three_questions_are_all(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        for label, then in (("Done", "1 of 3"), ("2", "2 of 3"), ("None of these", "3 of 3")):
            assert then in await press(home, ada, label, shown)
        assert "Thank you" in await press(home, ada, "All the way", shown)


async def test_an_answer_that_no_button_gives_is_refused_and_one_nobody_asked_for_decides_nothing(
    home: House,
) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        session = newest_session(home)
        await forge(home, ada, Rate(session, Asked.RESERVE, 2).encode(), on=shown)
        assert "can't read it any more" in (await ada.visitor.last())["text"]
        assert read(home, ANSWERS, session) == []
        await forge(home, ada, Rate(session, Asked.RESERVE, 1).encode(), on=shown)
        assert "How did it go?" in await text_of(ada, shown)
        for label in ("Done", "2", "None of these"):
            await press(home, ada, label, shown)
        said = await press(home, ada, "All the way", shown)
    assert "Thank you" in said
    assert "weight" not in said


# The weight itself.


def weights(home: House) -> list[tuple[str, int, int]]:
    """Whatever was said."""
    return read(home, "SELECT ladder, step, grams FROM weight ORDER BY id")


async def the_day_before_more(home: House, grams: int, days: int) -> Guest:
    """Somebody with so many good days behind them on the hinge's last step, with this weight."""
    ada = await guest_at(home)
    async with builders.database(file_of(home).parent) as database:
        await Someone(builders.desk(database)).lifted(grams, *range(0, 2 * days, 2))
    home.local.move_to(at(2 * days, hours=8))
    return ada


async def test_the_card_tells_the_weight_and_takes_another_in_place(home: House) -> None:
    ada = await before_a_weight(home)
    async with home.bot():
        shown = await card(home, ada)
        assert "· start with 2 kg\n" in await text_of(ada, shown)
        first = await ada.visitor.labels(shown)
        asked = await press(home, ada, ANOTHER, shown)
        assert asked.endswith("Which weight do you use? It is remembered.")
        assert await ada.visitor.labels(shown) == KILOS
        said = await press(home, ada, "3.5 kg", shown)
        assert "· one weight, 3.5 kg\n" in said
        assert await ada.visitor.labels(shown) == first
        assert len([m for m in await ada.visitor.messages() if m["by_bot"]]) == 1
    async with home.bot():
        assert "· one weight, 3.5 kg\n" in await text_of(ada, await card(home, ada))
    assert weights(home) == [("hinge", 5, 3500)]


async def test_the_weight_stays_when_the_morning_is_told_afterwards(home: House) -> None:
    ada = await before_a_weight(home)
    async with home.bot():
        shown = await card(home, ada)
        await press(home, ada, ANOTHER, shown)
        assert "How did you wake?" in await press(home, ada, "3 kg", shown)
        assert "· one weight, 3 kg\n" in await press(home, ada, "2", shown)
        await up_to_the_signs(home, ada, shown)
    await assert_replays(home)


async def test_kilograms_become_pounds_and_stay_so(home: House) -> None:
    ada = await before_a_weight(home)
    async with home.bot():
        shown = await card(home, ada)
        await press(home, ada, ANOTHER, shown)
        await press(home, ada, "4 kg", shown)
        await press(home, ada, ANOTHER, shown)
        await press(home, ada, "In lb", shown)
        pounds = ["5 lb", "6 lb", "7 lb", "8 lb", "8.75 lb", "In kg", WORRY]
        assert await ada.visitor.labels(shown) == pounds
    async with home.bot():  # a restart with the choices open
        assert "· one weight, 7 lb\n" in await press(home, ada, "7 lb", shown)
        await press(home, ada, ANOTHER, shown)
        await press(home, ada, "In kg", shown)
        assert "3.2 kg" in await ada.visitor.labels(shown)
        assert "· one weight, 3.2 kg\n" in await press(home, ada, "3.2 kg", shown)
    assert weights(home) == [("hinge", 5, grams) for grams in (4000, 3175, 3175)]


async def test_a_second_tap_and_one_that_faded_are_no_trouble(home: House) -> None:
    ada = await before_a_weight(home)
    async with home.bot():
        shown = await card(home, ada)
        session = newest_session(home)
        for data in (Weigh(session), Measure(session, Unit.LB), Take(session, 3000)):
            for faded in (False, True):
                await forge(home, ada, data.encode(), on=shown, faded=faded)
        assert "· one weight, 6.5 lb\n" in await text_of(ada, shown)
    assert weights(home) == [("hinge", 5, 3000)] * 2


@pytest.mark.parametrize("grams", [0, -1, 1999, 4001, 2**63 - 1])
async def test_a_weight_that_no_button_offers_is_refused_kindly(home: House, grams: int) -> None:
    ada = await before_a_weight(home)
    async with home.bot():
        shown = await card(home, ada)
        await forge(home, ada, Take(newest_session(home), grams).encode(), on=shown)
        assert REFUSED in (await ada.visitor.last())["text"]
        assert "· start with 2 kg\n" in await text_of(ada, shown)
    assert weights(home) == []


@pytest.mark.parametrize("data", ["1:take:1:heavy", "1:take:1", "1:measure:1:stone", "1:weigh:x"])
async def test_what_cannot_be_read_is_no_weight(home: House, data: str) -> None:
    ada = await before_a_weight(home)
    async with home.bot():
        await forge(home, ada, data, on=await card(home, ada))
        assert "can't read it any more" in (await ada.visitor.last())["text"]
    assert weights(home) == []


async def test_a_card_that_was_answered_or_overtaken_keeps_its_weight(home: House) -> None:
    ada = await before_a_weight(home)
    async with home.bot():
        older = await card(home, ada)
        session = newest_session(home)
        await press(home, ada, "Done", await card(home, ada))
        for tap in (Take(session, 3000), Measure(session, Unit.LB)):
            await forge(home, ada, tap.encode(), on=older)
            assert REFUSED in (await ada.visitor.last())["text"]
        home.local.move_to(home.local.now() + dt.timedelta(days=2))
        await card(home, ada)
        await forge(home, ada, Take(session, 4000).encode(), on=older)
        assert REFUSED in (await ada.visitor.last())["text"]
    assert weights(home) == []
    assert read(home, "SELECT unit FROM person") == [(None,)]


async def test_without_a_weight_there_is_none_to_choose(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        assert ANOTHER not in await ada.visitor.labels(shown)
        for tap in (Weigh(1), Measure(1, Unit.LB), Take(1, 2000)):
            await forge(home, ada, tap.encode(), on=shown)
            assert REFUSED in (await ada.visitor.last())["text"]
    assert weights(home) == []


async def test_at_the_top_the_next_dumbbell_can_be_taken_and_nobody_has_to(home: House) -> None:
    ada = await the_day_before_more(home, 4500, days=4)
    async with home.bot():
        shown = await card(home, ada)
        before = await text_of(ada, shown)
        assert "· one weight, 4.5 kg\n" in before
        assert "Room for more, if you like: 5 kg, the next size. A larger step" in before
        after = await press(home, ada, "Take 5 kg", shown)
        assert "· one weight, 5 kg\n" in after
        assert "Room for more" not in after
        assert "Take 5 kg" not in await ada.visitor.labels(shown)
        await up_to_the_signs(home, ada, shown)
    assert weights(home) == [("hinge", 8, 5000)]


async def test_before_enough_good_days_nothing_is_offered(home: House) -> None:
    ada = await the_day_before_more(home, 4500, days=3)
    async with home.bot():
        assert "Room for more" not in await text_of(ada, await card(home, ada))


async def test_whoever_leaves_takes_their_weights_along(home: House) -> None:
    ada = await before_a_weight(home)
    async with home.bot():
        shown = await card(home, ada)
        await press(home, ada, ANOTHER, shown)
        await press(home, ada, "3 kg", shown)
        await reply_to(home, ada, "/forget")
        await ada.visitor.tap("Delete everything")
        await processed(home)
        assert weights(home) == []
        await forge(home, ada, Take(1, 3000).encode(), on=shown)
        assert "isn't here any more" in (await ada.visitor.last())["text"]
