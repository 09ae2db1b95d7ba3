"""The try-out in the chat: every path through it, and all that may happen in between."""

import pytest

from bot.delivery.taps import Feel, FindStart, Screen
from tests.chat.scenes import card, forge, guest_at, processed, read, reply_to, text_of, write
from tests.journeys.house import Guest, House, assert_replays

pytestmark = pytest.mark.usefixtures("no_accidents")

OFFER = "Find my start (2 min)"
EASY, JUST, TOO_MUCH = "Easy, breathing calmly", "Just about", "Too much"
STOP, WORRY = "Start gently instead", "Something new or worrying"


async def opened(home: House, ada: Guest) -> tuple[int, int]:
    """The ritual card, and the try-out below it."""
    shown = await card(home, ada)
    await tap(home, ada, OFFER, on=shown)
    return shown, int((await ada.visitor.last())["id"])


async def tap(home: House, ada: Guest, button: str, on: int | None = None) -> None:
    assert (await ada.visitor.tap(button, on=on))["answered"]
    await processed(home)


async def newest(ada: Guest) -> str:
    return str((await ada.visitor.last())["text"])


def steps(home: House) -> dict[str, int]:
    """Of today's session, by ladder."""
    return dict(read(home, "SELECT ladder, step FROM portion"))


async def test_one_message_goes_through_the_ladders_and_the_card_above_then_fits(
    home: House,
) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown, trying = await opened(home, ada)
        before = await text_of(ada, shown)
        assert await ada.visitor.labels(trying) == [EASY, JUST, TOO_MUCH, STOP, WORRY]
        for ladder, exercise, much, felt in (
            ("Quiet middle", "Find the middle and stay", "Hold once, 10 s", EASY),
            ("Quiet middle", "Bent-knee fall-out", "on the side you trust less", TOO_MUCH),
            ("Bridge", "Full bridge", "3 times, 2 s up", JUST),
            ("Hip hinge", "Hinge and press the wall", "Hold once, 10 s", TOO_MUCH),
            ("Side strength", "up and down", "on the side you trust less", EASY),
            ("Side strength", "Side plank holds", "Hold once, 10 s, on the side", EASY),
        ):
            text = await text_of(ada, trying)
            assert all(words in text for words in (ladder, exercise, much)), text
            assert OFFER in await ada.visitor.labels(shown)
            await tap(home, ada, felt, on=trying)
        assert await text_of(ada, trying) == (
            "That is your start. You begin Quiet middle at step 3, Bridge at step 2 and Side"
            " strength at step 4, all else at its first step, and everything with a smaller"
            " portion. Today's ritual fits that now."
        )
        assert await ada.visitor.labels(trying) == [WORRY]
        assert (await ada.visitor.last())["id"] == trying
        assert await text_of(ada, shown) != before
        assert OFFER not in await ada.visitor.labels(shown)
        expected = {"control": 3, "bridge": 2, "side": 4}
        assert steps(home)
        assert all(step == expected.get(ladder, 1) for ladder, step in steps(home).items())
        await tap(home, ada, "Done", on=shown)
        assert "1 of 3" in await text_of(ada, shown)
    await assert_replays(home)


async def test_starting_gently_is_one_tap_away_and_what_was_tried_counts(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown, trying = await opened(home, ada)
        await tap(home, ada, STOP, on=trying)
        assert "We begin gently" in await text_of(ada, trying)
        assert OFFER not in await ada.visitor.labels(shown)
        assert set(steps(home).values()) == {1}

        ben = await guest_at(home, name="Ben")
        _, bens = await opened(home, ben)
        for felt in (EASY, JUST, STOP):
            await tap(home, ben, felt, on=bens)
        assert "You begin Quiet middle at step 3, all else" in await text_of(ben, bens)


async def test_a_bot_that_is_stopped_between_any_two_taps_goes_on_where_it_was(
    home: House,
) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown, trying = await opened(home, ada)
    for felt in (EASY, JUST, JUST, JUST, JUST):
        async with home.bot():
            await tap(home, ada, felt, on=trying)
    assert "You begin Quiet middle at step 3" in await text_of(ada, trying)
    assert OFFER not in await ada.visitor.labels(shown)
    assert len(read(home, "SELECT * FROM tryout")) == 5


async def test_a_tap_that_comes_twice_counts_once(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown, trying = await opened(home, ada)
        easy = Feel(shown, "control", 3, 0).encode()
        await tap(home, ada, easy, on=trying)
        after = await text_of(ada, trying)
        await forge(home, ada, easy, on=trying)
        await forge(home, ada, Feel(shown, "control", 3, 2).encode(), on=trying)
        assert await text_of(ada, trying) == after
        assert read(home, "SELECT ladder, step, felt FROM tryout") == [("control", 3, 0)]


async def test_the_offer_tapped_twice_opens_two_messages_on_one_try_out(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown, first = await opened(home, ada)
        await tap(home, ada, OFFER, on=shown)
        second = int((await ada.visitor.last())["id"])
        await tap(home, ada, EASY, on=first)
        await tap(home, ada, TOO_MUCH, on=second)  # answered already: on to the open question
        assert "Bent-knee fall-out" in await text_of(ada, second)
        await tap(home, ada, STOP, on=second)
        await tap(home, ada, JUST, on=first)
        assert await text_of(ada, first) == await text_of(ada, second)
        assert read(home, "SELECT felt FROM tryout ORDER BY id") == [(0,), (3,)]


async def test_after_the_first_answer_the_offer_is_gone_and_old_buttons_say_so(
    home: House,
) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown, trying = await opened(home, ada)
        await tap(home, ada, EASY, on=trying)
        await tap(home, ada, "Done", on=shown)
        for button, on in ((JUST, trying), (STOP, trying)):
            await tap(home, ada, button, on=on)
            assert await newest(ada) == (
                "Your own answers lead from here, so there is nothing left to try out. /today"
                " brings today's sequence."
            )
        await forge(home, ada, FindStart().encode(), on=shown)
        assert "nothing left to try out" in await newest(ada)
        assert len(read(home, "SELECT * FROM tryout")) == 1
        assert OFFER not in await ada.visitor.labels(await card(home, ada))


async def test_words_beside_the_try_out_bring_it_again(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        _, trying = await opened(home, ada)
        said = await reply_to(home, ada, "this is fun")
        assert "nothing was changed" in said[0]
        assert (
            "Before the first coffee" in said[1]
        )  # nothing was answered yet: the ritual is what is open
        await tap(home, ada, EASY, on=trying)
        said = await reply_to(home, ada, "and now?")
        assert "nothing was changed" in said[0]
        assert "Bent-knee fall-out" in said[1]
        again = int((await ada.visitor.last())["id"])
        await tap(home, ada, STOP, on=again)
        assert "You begin Quiet middle at step 3" in await text_of(ada, again)
        assert (await newest(ada)).startswith(
            "Before the first coffee"
        )  # no card is known to stand above
        said = await reply_to(home, ada, "and now?")
        assert "Before the first coffee" in said[1]


async def test_a_card_that_was_deleted_meanwhile_comes_below(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown, trying = await opened(home, ada)
        home.local.world.delete(ada.visitor.id, shown)
        await tap(home, ada, STOP, on=trying)
        assert "We begin gently" in await text_of(ada, trying)
        assert (await newest(ada)).startswith("Before the first coffee")


async def test_a_worry_closes_the_try_out_until_safety_is_answered(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        _, trying = await opened(home, ada)
        await tap(home, ada, WORRY, on=trying)
        assert "Safety first" in await newest(ada)
        for _ in range(2):
            await tap(home, ada, EASY, on=trying)
            assert "Safety first" in await newest(ada)
        assert read(home, "SELECT * FROM tryout") == []
        await tap(home, ada, "None of these")
        await tap(home, ada, "None of these")
        assert OFFER in await ada.visitor.labels()
        await tap(home, ada, EASY, on=trying)
        assert "Bent-knee fall-out" in await text_of(ada, trying)
        await forge(home, ada, Screen("E", 1).encode())
        await tap(home, ada, EASY, on=trying)
        assert "emergency care now" in await newest(ada)
        assert len(read(home, "SELECT * FROM tryout")) == 1


async def test_high_usual_pain_is_offered_no_try_out_and_begins_gently(home: House) -> None:
    ada = await guest_at(home)
    write(home, "UPDATE person SET usual_pain = 6")
    async with home.bot():
        shown = await card(home, ada)
        assert (await text_of(ada, shown)).startswith("Before the first coffee")
        assert OFFER not in await ada.visitor.labels(shown)
        await forge(home, ada, FindStart().encode(), on=shown)
        assert "We begin gently" in await newest(ada)
        await forge(home, ada, Feel(shown, "control", 3, 0).encode())
        assert "We begin gently" in await newest(ada)
    assert read(home, "SELECT * FROM tryout") == []
    assert set(steps(home).values()) == {1}
    await assert_replays(home)
