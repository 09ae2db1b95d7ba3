"""A session exercise by exercise: one card, its timers and bells, and the ways back and out."""

import datetime as dt
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.delivery.taps import Ease, Grade, Move, Play, Rate, Sore, Tap
from bot.domain.session import Asked
from bot.localchat.faults import ServerError
from tests.chat.scenes import (
    card,
    delivered,
    forge,
    guest_at,
    processed,
    read,
    reply_to,
    text_of,
    write,
)
from tests.journeys.house import Guest, House, assert_replays, settle
from tests.practice.someone import at

pytestmark = pytest.mark.usefixtures("no_accidents")

ANSWERS = "SELECT question, value, ladder FROM answer ORDER BY id"
MAIN = ("Go", "Set done", "Next")


async def press(home: House, ada: Guest, label: str, on: int | None = None) -> dict[str, Any]:
    """Press it; return the bot's newest message."""
    await ada.visitor.tap(label, on=on)
    await processed(home)
    return await ada.visitor.last()


async def started(home: House) -> tuple[Guest, int]:
    """Somebody whose card has just become the player."""
    ada = await guest_at(home)
    shown = await card(home, ada)
    await press(home, ada, "Start", shown)
    return ada, shown


async def to_the_rating(home: House, ada: Guest, shown: int) -> None:
    """On from wherever they are, without a timer's end, up to the question how it was."""
    while "How was it?" not in await text_of(ada, shown):
        labels = await ada.visitor.labels(shown)
        await press(home, ada, next(label for label in labels if label in MAIN), shown)


async def play(home: House, ada: Guest, shown: int, *grades: str) -> None:
    """Exercise after exercise; "Skip" leaves one out."""
    for grade in grades:
        if grade != "Skip":
            await to_the_rating(home, ada, shown)
        await press(home, ada, grade, shown)


async def exercises(home: House) -> list[str]:
    return [row[0] for row in read(home, "SELECT ladder FROM portion ORDER BY position")]


def place(home: House) -> tuple[int, int, int]:
    """Session, chapter and stage, as kept."""
    [found] = read(home, "SELECT session_id, chapter, stage FROM player")
    return tuple(found)


def until(home: House) -> float:
    """When the timer that runs ends, in seconds since 1970."""
    [(found,)] = read(home, "SELECT until FROM player")
    return dt.datetime.fromisoformat(found).replace(tzinfo=dt.UTC).timestamp()


def data(home: House, move: str) -> str:
    return Play(*place(home), Move(move)).encode()


async def twice(home: House, ada: Guest, tapped: str) -> None:
    """On the one card, before it could change."""
    [shown] = await here(ada)
    for _ in range(2):
        await forge(home, ada, tapped, shown)


async def test_start_turns_the_card_into_the_player_and_its_end_leads_on_to_the_questions(
    home: House,
) -> None:
    async with home.bot():
        ada, shown = await started(home)
        assert "quiet minute" in await text_of(ada, shown)
        await press(home, ada, "Skip", shown)
        ladders = await exercises(home)
        assert (await text_of(ada, shown)).startswith(f"1 of {len(ladders)} · ")
        await play(home, ada, shown, *(["Clean"] * (len(ladders) - 1)), "Slipped")
        assert "Pain while you moved" in await text_of(ada, shown)
        messages = await ada.visitor.messages()
    assert [m["id"] for m in messages if m["by_bot"]] == [shown]
    kept = read(home, ANSWERS)
    graded = {ladder: value for asked, value, ladder in kept if asked == "compensation"}
    assert graded == {ladder: int(ladder == ladders[-1]) for ladder in ladders}
    assert kept[-1] == ("completed", 0, None)
    assert read(home, "SELECT * FROM player") == []
    await assert_replays(home)


# Bells.


def at_a_hold(home: House) -> None:
    """The first exercise is held, on both sides, in two sets with a rest between."""
    [session] = read(home, "SELECT max(id) FROM session")
    write(home, "DELETE FROM portion WHERE session_id = ? AND position > 1", *session)
    write(
        home,
        "UPDATE portion SET ladder = 'side', step = 4, shown_step = 4, exercises = NULL,"
        " shown_dose = 0.4 WHERE session_id = ? AND position = 0",
        *session,
    )


async def holding(home: House) -> tuple[Guest, int]:
    """Somebody at the first hold, which waits for its go."""
    ada = await guest_at(home)
    shown = await card(home, ada)
    at_a_hold(home)
    await press(home, ada, "Start", shown)
    await press(home, ada, "Skip", shown)
    assert "left side" in await text_of(ada, shown)
    return ada, shown


def after(home: House, seconds: float) -> None:
    home.local.clock.move_by(timedelta(seconds=seconds))


async def bell(ada: Guest, words: str) -> int:
    return int((await ada.visitor.wait_for(words))["id"])


async def here(ada: Guest) -> list[int]:
    """The bot's messages that stand in the chat."""
    return [m["id"] for m in await ada.visitor.messages() if m["by_bot"]]


async def test_a_hold_counts_down_on_the_card_and_rings_at_its_end(home: House) -> None:
    async with home.bot():
        ada, shown = await holding(home)
        await press(home, ada, "Go", shown)
        [held] = [m for m in await ada.visitor.messages() if m["id"] == shown]
        [ends] = [e for e in held["content"]["entities"] if e["type"] == "date_time"]
        assert ends["date_time_format"] == "r"
        left = ends["unix_time"] - home.local.now().timestamp()
        assert 30 < left < 40  # 3 holds of 10 s, and a breath between
        assert await ada.visitor.labels(shown) == [
            *("Set done", "Back", "Skip", "Swap"),
            *("This hurts", "Something new or worrying"),
        ]
        await settle()
        assert await here(ada) == [shown]
        after(home, left)
        rang = await bell(ada, "Left side done; now the right")
        assert await ada.visitor.labels(rang) == ["Go"]
        await press(home, ada, "Go", rang)  # on the bell itself: the card goes on
        assert await here(ada) == [shown]
        assert "right side" in await text_of(ada, shown)
        assert "Bell:" in await text_of(ada, shown)


async def test_after_the_last_side_the_rest_begins_by_itself_and_rings_too(home: House) -> None:
    async with home.bot():
        ada, shown = await holding(home)
        await press(home, ada, "Go", shown)
        await press(home, ada, "Set done", shown)  # before its end: no bell
        await press(home, ada, "Go", shown)
        after(home, 40)
        rest = await bell(ada, "Now rest, 20 s")
        after(home, 20)
        over = await bell(ada, "Rest is over. Set 2 of")
        assert await here(ada) == [shown, rest, over]
        await press(home, ada, "Go", over)
        assert await here(ada) == [shown]
        text = await text_of(ada, shown)
        assert "Set 2 of 2" in text
        assert "left side" in text
    rang = "SELECT state FROM errand ORDER BY due_at"
    assert sorted(row[0] for row in read(home, rang)) == ["cancelled", "due", "sent", "sent"]


async def test_the_seconds_until_the_tap_are_part_of_the_rest(home: House) -> None:
    async with home.bot():
        ada, shown = await holding(home)
        await press(home, ada, "Go", shown)
        await press(home, ada, "Set done", shown)
        await press(home, ada, "Go", shown)
        ends = until(home)
        after(home, 40)
        await bell(ada, "Now rest, 20 s")
        await press(home, ada, "Set done", shown)  # the card still shows the hold
        text = await text_of(ada, shown)
        assert "Rest" in text
        [card_] = [m for m in await ada.visitor.messages() if m["id"] == shown]
        [bell_] = [e for e in card_["content"]["entities"] if e["type"] == "date_time"]
        assert bell_["unix_time"] == int(ends + 20)
        assert await here(ada) == [shown]


async def test_a_tap_before_the_end_goes_on_at_once_and_no_bell_follows(home: House) -> None:
    async with home.bot():
        ada, shown = await holding(home)
        await press(home, ada, "Go", shown)
        await press(home, ada, "Set done", shown)
        assert "right side" in await text_of(ada, shown)
        after(home, 40)
        await settle()
        assert await here(ada) == [shown]
    assert read(home, "SELECT state FROM errand") == [("cancelled",)]


async def test_a_bell_that_comes_a_minute_late_stays_silent(home: House) -> None:
    async with home.bot():
        ada, shown = await holding(home)
        await press(home, ada, "Go", shown)
    after(home, 36 + 61)
    async with home.bot():
        await settle()
        assert await here(ada) == [shown]
        await press(home, ada, "Set done", shown)  # it is over long since
        assert "right side" in await text_of(ada, shown)
    assert read(home, "SELECT state FROM errand") == [("needless",)]


async def test_while_safety_comes_first_nothing_rings(home: House) -> None:
    async with home.bot():
        ada, shown = await holding(home)
        await press(home, ada, "Go", shown)
        await press(home, ada, "Something new or worrying", shown)
        after(home, 40)
        await settle()
        assert not any("right" in m["text"] for m in (await ada.visitor.messages())[-2:])
        await press(home, ada, "Set done", shown)
        assert "Safety first" in (await ada.visitor.last())["text"]
        await ada.press("None of these", "And any of this?")
        await ada.press("None of these", "right side")  # where they were, by now
    assert read(home, "SELECT state FROM errand") == [("needless",)]


async def test_a_bell_that_cannot_be_taken_back_is_left_alone(home: House) -> None:
    async with home.bot():
        ada, shown = await holding(home)
        await press(home, ada, "Go", shown)
        after(home, 40)
        rang = await bell(ada, "now the right")
        home.local.world.delete(ada.visitor.id, rang)
        await press(home, ada, "Set done", shown)
        assert "right side" in await text_of(ada, shown)


# Restarts, double taps, old buttons.


async def test_a_bot_that_is_stopped_within_a_hold_rings_once_and_goes_on(home: House) -> None:
    async with home.bot():
        ada, shown = await holding(home)
        await press(home, ada, "Go", shown)
    after(home, 40)
    async with home.bot():
        rang = await bell(ada, "now the right")
    async with home.bot():
        await settle()
        assert await here(ada) == [shown, rang]
        await press(home, ada, "Go", rang)
        assert await here(ada) == [shown]


async def test_a_double_tap_leads_on_once(home: House) -> None:
    async with home.bot():
        ada, shown = await holding(home)
        await twice(home, ada, data(home, "go"))
        assert len(read(home, "SELECT id FROM errand")) == 1  # nor does it begin anew
        await twice(home, ada, data(home, "on"))
        assert "right side" in await text_of(ada, shown)
        await to_the_rating(home, ada, shown)
        await twice(home, ada, Grade(*place(home), 0).encode())
        assert (await text_of(ada, shown)).startswith("2 of 2")
        await to_the_rating(home, ada, shown)
        await twice(home, ada, Grade(*place(home), 1).encode())
        assert "Pain while you moved" in await text_of(ada, shown)
        assert await here(ada) == [shown]
    graded = "SELECT value FROM answer WHERE question = 'compensation' ORDER BY id"
    assert read(home, graded) == [(0,), (1,)]


@pytest.mark.parametrize("move", ["go", "on", "back", "skip", "swap", "hurt", "stop", "gentle"])
async def test_an_old_button_shows_where_we_are_and_does_nothing(home: House, move: str) -> None:
    async with home.bot():
        ada, shown = await holding(home)
        old = Play(place(home)[0], 0, 0, Move(move)).encode()
        before = await text_of(ada, shown)
        await forge(home, ada, old, shown)
        assert await text_of(ada, shown) == before
    assert read(home, ANSWERS) == []
    assert read(home, "SELECT id FROM flare") == []


@pytest.mark.parametrize(
    "forged",
    [
        lambda s: Grade(s, 1, 0, 0),  # not the question yet
        lambda s: Grade(s, 1, 0, 3),
        lambda s: Ease(s, 1, 0, 9),
        lambda s: Ease(s, 1, 0, -1),
        lambda s: Sore(s, 1, 0, 11),
    ],
)
async def test_a_forged_button_is_refused_and_the_player_stands(
    home: House, forged: Callable[[int], Tap]
) -> None:
    async with home.bot():
        ada, shown = await holding(home)
        before = await text_of(ada, shown)
        await forge(home, ada, forged(place(home)[0]).encode(), shown)
        assert "That button is from an older version" in (await ada.visitor.last())["text"]
        assert await text_of(ada, shown) == before
    assert read(home, ANSWERS) == []


async def test_nobody_plays_somebody_elses_session(home: House) -> None:
    async with home.bot():
        _, _ = await holding(home)
        ben = await guest_at(home, name="Ben")
        shown = await card(home, ben)
        await forge(home, ben, Play(1, 1, 0, Move.GO).encode(), shown)
        assert "isn't here any more" in (await ben.visitor.last())["text"]


async def test_today_brings_the_player_where_it_was_and_its_bell_edits_that_one(
    home: House,
) -> None:
    async with home.bot():
        ada, shown = await holding(home)
        await press(home, ada, "Go", shown)
    async with home.bot():
        again = await card(home, ada)
        assert again != shown
        assert "left side" in await text_of(ada, again)
        after(home, 40)
        rang = await bell(ada, "now the right")
        await press(home, ada, "Go", rang)
        assert "right side" in await text_of(ada, again)
        assert await ada.visitor.labels(shown) == []  # the old one can't be answered any more


async def test_once_it_was_answered_otherwise_the_player_is_over(home: House) -> None:
    async with home.bot():
        ada, shown = await holding(home)
        await press(home, ada, "Go", shown)
        await forge(home, ada, Rate(place(home)[0], Asked.COMPLETED, 0).encode(), shown)
        after(home, 40)
        await settle()
        assert await here(ada) == [shown]
        for move in (Move.BEGIN, Move.ON):
            await forge(home, ada, Play(place(home)[0], 1, 0, move).encode(), shown)
            assert "Pain while you moved" in await text_of(ada, shown)


# Ways beside: back, skip, swap, pain, the end.


async def test_back_leads_to_the_set_before_and_a_grade_can_be_given_anew(home: House) -> None:
    async with home.bot():
        ada, shown = await holding(home)
        await press(home, ada, "Back", shown)
        assert "quiet minute" in await text_of(ada, shown)
        await press(home, ada, "Skip", shown)
        await play(home, ada, shown, "Clean")
        await press(home, ada, "Back", shown)
        assert "How was it?" in await text_of(ada, shown)
        await press(home, ada, "Couldn't hold it", shown)
        await play(home, ada, shown, "Clean")
        assert "Pain while you moved" in await text_of(ada, shown)
    graded = "SELECT value FROM answer WHERE question = 'compensation' ORDER BY id"
    assert read(home, graded) == [(0,), (2,), (0,)]


@pytest.mark.parametrize(
    ("grades", "whole", "then"),
    [
        (("Skip", "Clean"), 1, "Pain while you moved"),
        (("Slipped", "Skip"), 1, "Pain while you moved"),
        (("Skip", "Skip"), 2, "Not today, then"),
        (("Clean", "Clean"), 0, "Pain while you moved"),
    ],
)
async def test_what_was_skipped_is_not_done_and_the_whole_is_what_that_makes_it(
    home: House, grades: tuple[str, ...], whole: int, then: str
) -> None:
    async with home.bot():
        ada, shown = await holding(home)
        await play(home, ada, shown, *grades)
        assert then in await text_of(ada, shown)
    ladders = await exercises(home)
    kept = {(question, ladder): value for question, value, ladder in read(home, ANSWERS)}
    assert kept["completed", None] == whole
    for ladder, grade in zip(ladders, grades, strict=True):
        assert kept["completed", ladder] == (2 if grade == "Skip" else 0)
        assert (("compensation", ladder) in kept) is (grade != "Skip")


async def test_an_easier_one_of_the_same_purpose_takes_its_place_and_can_be_given_back(
    home: House,
) -> None:
    async with home.bot():
        ada, shown = await holding(home)
        given = (await text_of(ada, shown)).splitlines()[0]
        await press(home, ada, "Go", shown)
        await press(home, ada, "Swap", shown)
        asked = await text_of(ada, shown)
        assert "changes nothing about where you stand" in asked
        names = [label for label in await ada.visitor.labels(shown) if label.startswith("Easier")]
        assert 0 < len(names) <= 3
        await press(home, ada, names[1], shown)
        swapped = await text_of(ada, shown)
        assert names[1].removeprefix("Easier: ") in swapped
        after(home, 40)
        await settle()
        assert await here(ada) == [shown]  # the timer of the other one rings no more
        await press(home, ada, "Swap", shown)
        await press(home, ada, "The one that was given", shown)
        assert (await text_of(ada, shown)).startswith(given)
        await press(home, ada, "Swap", shown)
        await press(home, ada, "Back to it", shown)
        assert (await text_of(ada, shown)).startswith(given)
    eased = "SELECT value, ladder FROM answer WHERE question = 'easier' ORDER BY id"
    assert read(home, eased) == [(2, "side"), (0, "side")]


async def test_on_the_gentlest_step_there_is_only_leaving_it_out(home: House) -> None:
    async with home.bot():
        ada, shown = await started(home)
        await press(home, ada, "Skip", shown)
        await press(home, ada, "Swap", shown)
        assert "Nothing gentler" in await text_of(ada, shown)
        assert await ada.visitor.labels(shown) == [
            *("Leave it out", "Back to it"),
            "Something new or worrying",
        ]
        await press(home, ada, "Leave it out", shown)
        assert (await text_of(ada, shown)).startswith("2 of")


async def hurting(home: House, value: str = "6") -> tuple[Guest, int]:
    """Somebody whom a hold hurt."""
    ada, shown = await holding(home)
    await press(home, ada, "Go", shown)
    await press(home, ada, "This hurts", shown)
    after(home, 40)
    await settle()
    assert await here(ada) == [shown]  # the timer has stopped
    await press(home, ada, value, shown)
    return ada, shown


async def test_pain_stops_the_timer_is_kept_for_the_exercise_and_offers_gentle_ways(
    home: House,
) -> None:
    async with home.bot():
        ada, shown = await hurting(home)
        labels = await ada.visitor.labels(shown)
        assert labels[0].startswith("Easier: ")
        assert labels[1:] == [
            *("Leave it out", "Stop for today", "Gentle days", "Back to it"),
            "Something new or worrying",
        ]
        await press(home, ada, labels[0], shown)
        assert labels[0].removeprefix("Easier: ") in await text_of(ada, shown)
    assert read(home, ANSWERS) == [("pain_during", 6, "side"), ("easier", 1, "side")]


async def test_stopping_for_today_leads_to_the_questions_and_the_rest_is_not_done(
    home: House,
) -> None:
    async with home.bot():
        ada, shown = await hurting(home)
        await press(home, ada, "Stop for today", shown)
        assert "Pain while you moved" in await text_of(ada, shown)
    ladders = await exercises(home)
    assert read(home, ANSWERS) == [
        ("pain_during", 6, "side"),
        ("completed", 2, ladders[1]),
        ("completed", 1, None),
    ]
    assert read(home, "SELECT * FROM player") == []


async def test_gentle_days_end_the_session_and_go_the_way_of_a_flare(home: House) -> None:
    async with home.bot():
        ada, shown = await hurting(home)
        await press(home, ada, "Gentle days", shown)
        assert "Pain while you moved" in await text_of(ada, shown)
        assert "A flare, then." in (await ada.visitor.last())["text"]
        await ada.press("None of these", "And any of this?")
        await ada.press("None of these", "the gentle days begin tomorrow")
        await processed(home)
        assert "Pain while you moved" in (await ada.visitor.last())["text"]
    assert len(read(home, "SELECT id FROM flare")) == 1


@pytest.mark.parametrize(
    ("label", "then"),
    [
        ("Go", "Bell:"),
        ("Back", "quiet minute"),
        ("Skip", "2 of 2"),
        ("Swap", "Another one instead?"),
        ("This hurts", "How much does it hurt"),
    ],
)
async def test_what_a_tap_led_to_is_shown_once_telegram_is_back(
    home: House, label: str, then: str
) -> None:
    async with home.bot():
        ada, shown = await holding(home)
        home.local.faults.add(ServerError(method="editMessageText"))
        await press(home, ada, label, shown)
        assert then in await text_of(ada, shown)


async def test_gentle_days_are_told_where_telegram_was_away_between_both(home: House) -> None:
    async with home.bot():
        ada, shown = await hurting(home)
        home.local.faults.add(ServerError(method="editMessageText"))
        await press(home, ada, "Gentle days", shown)
        home.local.faults.clear()
        assert "Pain while you moved" in await text_of(ada, shown)
        assert "A flare, then." in (await ada.visitor.last())["text"]
    assert len(read(home, "SELECT id FROM flare")) == 1
    assert len(read(home, "SELECT id FROM answer WHERE question = 'completed'")) == 2


async def test_a_ritual_that_is_played_already_is_not_sent_again(home: House) -> None:
    async with home.bot():
        ada, _ = await started(home)
        await ada.morning(1)
        home.local.move_to(at(2, hours=-0.2))
        shown = await card(home, ada)
        await press(home, ada, "Start", shown)
        home.local.move_to(at(2, hours=0.01))
        await delivered(home, "sent", "needless", "due")
        assert (await ada.visitor.last())["id"] == shown


async def test_a_set_for_the_way_is_played_too(home: House) -> None:
    async with home.bot():
        ada = await guest_at(home)
        await reply_to(home, ada, "/travel")
        for label in ("Hotel room", "5 min"):
            shown = (await press(home, ada, label))["id"]
        await press(home, ada, "Start", shown)
        await press(home, ada, "Skip", shown)
        await play(home, ada, shown, *(["Clean"] * len(await exercises(home))))
        assert "Pain while you moved" in await text_of(ada, shown)


async def test_every_card_of_a_session_is_short(home: House) -> None:
    lengths = []
    async with home.bot():
        ada, shown = await started(home)
        await press(home, ada, "Skip", shown)
        while "Pain while you moved" not in (said := await text_of(ada, shown)):
            lengths.append(len(said))
            labels = await ada.visitor.labels(shown)
            await press(home, ada, next(one for one in (*MAIN, "Clean") if one in labels), shown)
    assert max(lengths) <= 600
