"""What people do that nobody asked for. It is answered kindly, and the way goes on from where it was."""

import datetime as dt
import sqlite3

import pytest

from bot.delivery.taps import Again, Forget, Rate, Screen, Tap, Tell, Travel, Wake, Why
from bot.domain.profile import Question
from bot.domain.session import Asked
from bot.localchat.faults import Flood
from tests import builders
from tests.chat.scenes import (
    card,
    delivered,
    file_of,
    forge,
    guest_at,
    processed,
    read,
    reply_to,
    text_of,
)
from tests.journeys.house import MONDAY, Guest, House

pytestmark = pytest.mark.usefixtures("no_accidents")

ASKS = {  # a few words of each question
    Question.CONSENT: "Hello. I'm Backbeat",
    Question.SAFETY: "Safety first",
    Question.DIRECTION: "feel worse",
    Question.LIFE: "most of the day",
    Question.PAIN: "how much does your back hurt",
    Question.EQUIPMENT: "have at home",
    Question.ACTIVITY: "How well can you do it now",
    Question.TOWN: "Which town",
    Question.TIME: "When shall the ritual come",
    Question.MINUTES: "how long",
}
TYPED = [  # an answer as people type it, and the question that follows
    (Question.CONSENT, "I agree, let's start", "Safety first"),
    (Question.CONSENT, "yes", "Safety first"),
    (Question.SAFETY, "None of these", "And any of this?"),
    (Question.DIRECTION, "sitting and bending", "most of the day"),
    (Question.LIFE, "sitting", "how much does your back hurt"),
    (Question.LIFE, "On my feet", "how much does your back hurt"),
    (Question.PAIN, " 7 ", "have at home"),
    (Question.EQUIPMENT, "no", "How well can you do it now"),
    (Question.EQUIPMENT, "Nothing", "How well can you do it now"),
    (Question.EQUIPMENT, "Nothing of these", "How well can you do it now"),
    (Question.EQUIPMENT, "a stair or sturdy step", "How well can you do it now"),
    (Question.EQUIPMENT, "Dumbbells and a stair", "How well can you do it now"),
    (Question.EQUIPMENT, "no dumbbells", "I couldn't match “no dumbbells”"),
    (Question.ACTIVITY, "5", "Which town"),
    (Question.ACTIVITY, "nothing in particular", "Which town"),
    (Question.TOWN, "Zürich", "Which of these is it?"),
    (Question.TOWN, "Europe/Zurich", "Which of these is it?"),
    (Question.TIME, "7", "how long"),
    (Question.TIME, "07:30", "how long"),
    (Question.TIME, "6 pm", "how long"),
    (Question.MINUTES, "15", "Before the first coffee"),
    (Question.MINUTES, "15 min", "Before the first coffee"),
]
FIRST_TAP = {  # data of a good answer, by question
    Question.CONSENT: Tell(Question.CONSENT, "yes"),
    Question.SAFETY: Screen("E", 0),
    Question.DIRECTION: Tell(Question.DIRECTION, "none"),
    Question.LIFE: Tell(Question.LIFE, "sitting"),
    Question.PAIN: Tell(Question.PAIN, "2"),
    Question.EQUIPMENT: Tell(Question.EQUIPMENT, "none"),
    Question.ACTIVITY: Tell(Question.ACTIVITY, "nothing in particular"),
    Question.TIME: Tell(Question.TIME, "07:00"),
    Question.MINUTES: Tell(Question.MINUTES, "10"),
}
FORGED = [
    "",
    "garbage",
    "0:rate:1:completed:0",
    "1:rate:1:completed",
    "1:rate:1:completed:-1",
    "1:rate:1:completed:3",
    "1:rate:99999999999999999999:completed:0",
    "1:rate:1:mood:0",
    "1:wake:1:1:11",
    "1:again:77",
    "1:card:1",
    "1:why:-1",
    "1:travel:moon:10",
    "1:travel:hotel:7",
    "1:tell:town:../../etc/passwd",
    "1:tell:time:25:00",
    "1:tell:safety:x",
    "1:tick:throne",
    "1:tick:dumbbells",
    "1:screen:seen:1",
    "1:screen:C%3Abones:1",
    "1:screen:drop table:1",
    "1:worry:now",
    "1:start:1",
    "1:feel:0:control:2:4",
    "1:feel:0:control:2:-1",
]
PERSONAL = (
    *("person", "screening", "activity", "ritual", "tryout"),
    *("session", "portion", "answer", "decision", "delivery", "review"),
)


def question_of(home: House) -> str:
    """The newest thing that the bot said to whoever came last."""
    chat = next(reversed(home.local.world.chats.values()))
    return next(str(m.content["text"]) for m in reversed(chat.messages.values()) if m.by_bot)


async def finish_from(home: House, ada: Guest, question: Question) -> None:
    """Answer all that is left of the enrolment, by buttons, up to the first card."""
    order = list(ASKS)
    for left in order[order.index(question) :]:
        match left:
            case Question.SAFETY:
                for _ in range(3):
                    await ada.visitor.tap("None of these")
            case Question.TOWN:
                await reply_to(home, ada, "Zürich")
                await ada.visitor.tap("Zürich, Switzerland")
            case _:
                await ada.visitor.tap(FIRST_TAP[left].encode())
    await processed(home)
    assert "Before the first coffee" in question_of(home)


async def tap(home: House, ada: Guest, button: Tap | str, on: int | None = None) -> str:
    """Press it; return what the small toast says."""
    data = button if isinstance(button, str) else button.encode()
    answer = await ada.visitor.tap(data, on=on)
    assert answer["answered"]
    await processed(home)
    return str(answer["text"])


# --- while enrolling ---


async def test_words_beside_a_question_bring_that_question_again(home: House) -> None:
    async with home.bot():
        for question in ASKS:
            ada = await guest_at(home, question)
            said = await reply_to(home, ada, "xyzzy, what do you mean?")
            assert len(said) == 1
            assert ASKS[question] in said[0]
            if question is Question.TOWN:
                assert "I don't know a town called “xyzzy, what do you mean?”" in said[0]
            await finish_from(home, ada, question)


async def test_typed_answers_are_understood(home: House) -> None:
    async with home.bot():
        for question, text, then in TYPED:
            ada = await guest_at(home, question)
            said = await reply_to(home, ada, text)
            assert then in said[-1], (question, text)


async def test_a_sticker_a_place_and_an_unknown_command_change_nothing_while_enrolling(
    home: House,
) -> None:
    ada = await guest_at(home, Question.LIFE)
    async with home.bot():
        await ada.visitor.sticker()
        await processed(home)
        assert "can't read that kind of message" in question_of(home)
        assert ASKS[Question.LIFE] in question_of(home)
        await ada.visitor.share_location(47.37, 8.54)
        await processed(home)
        assert "answered already" not in question_of(home)
        assert ASKS[Question.LIFE] in question_of(home)
        assert "don't know that command" in (await reply_to(home, ada, "/dance"))[0]
        await finish_from(home, ada, Question.LIFE)


async def test_a_shared_place_answers_the_question_about_the_town(home: House) -> None:
    ada = await guest_at(home, Question.TOWN)
    async with home.bot():
        await ada.visitor.share_location(47.37, 8.54)
        await processed(home)
        assert ASKS[Question.TIME] in question_of(home)
    assert read(home, "SELECT zone FROM person") == [("Europe/Zurich",)]


async def test_an_unknown_town_is_named_and_a_good_one_then_works(home: House) -> None:
    ada = await guest_at(home, Question.TOWN)
    async with home.bot():
        said = await reply_to(home, ada, "Qwxyzburg<b>")
        assert said[0].startswith("I don't know a town called “Qwxyzburg<b>”. A larger one nearby")
        await finish_from(home, ada, Question.TOWN)


async def test_start_again_in_the_middle_goes_on_in_the_middle(home: House) -> None:
    ada = await guest_at(home, Question.PAIN)
    async with home.bot():
        assert ASKS[Question.PAIN] in (await reply_to(home, ada, "/start"))[0]
        assert ASKS[Question.PAIN] in (await reply_to(home, ada, "/start"))[0]
        await finish_from(home, ada, Question.PAIN)
        assert "You're all set" in (await reply_to(home, ada, "/start"))[0]
        await ada.press("Today's sequence", "Before the first coffee")
    assert read(home, "SELECT count(*) FROM ritual") == [(1,)]
    assert read(home, "SELECT count(*) FROM delivery") == [(1,)]


async def test_a_button_of_a_question_that_is_answered_changes_nothing(home: House) -> None:
    async with home.bot():
        for question in [q for q in FIRST_TAP if q is not Question.MINUTES]:
            ada = await guest_at(home, question)
            await reply_to(home, ada, "/start")
            old = (await ada.visitor.last())["id"]
            await reply_to(home, ada, "/start")
            await tap(home, ada, FIRST_TAP[question])
            moved_on = (await ada.visitor.last())["text"]
            assert ASKS[question] not in moved_on
            await tap(home, ada, FIRST_TAP[question], on=old)
            said = (await ada.visitor.last())["text"]
            assert said == f"That one is answered already.\n\n{moved_on}"


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "tapped"])
async def test_no_thank_you_keeps_nothing(home: House, typed: bool) -> None:
    ada = await guest_at(home, Question.CONSENT)
    async with home.bot():
        await reply_to(home, ada, "/start")
        if typed:
            await reply_to(home, ada, "No, thank you")
        else:
            await tap(home, ada, "No, thank you")
        assert "I have kept nothing" in question_of(home)
        await processed(home)
        assert all(read(home, f"SELECT * FROM {table}") == [] for table in PERSONAL)
        assert read(home, "SELECT 1 FROM inbox WHERE payload <> ''") == []
        assert ASKS[Question.CONSENT] in (await reply_to(home, ada, "/start"))[0]
        await finish_from(home, ada, Question.CONSENT)


async def test_no_thank_you_twice_still_keeps_nothing(home: House) -> None:
    ada = await guest_at(home, Question.CONSENT)
    async with home.bot():
        await reply_to(home, ada, "/start")
        shown = (await ada.visitor.last())["id"]
        await tap(home, ada, "No, thank you")
        await forge(home, ada, Tell(Question.CONSENT, "no").encode(), on=shown)
        assert read(home, "SELECT * FROM person") == []


async def test_no_thank_you_on_an_old_card_does_not_delete_at_once(home: House) -> None:
    ada = await guest_at(home, Question.CONSENT)
    async with home.bot():
        await reply_to(home, ada, "/start")
        old = (await ada.visitor.last())["id"]
        await reply_to(home, ada, "/start")
        await finish_from(home, ada, Question.CONSENT)
        await tap(home, ada, "No, thank you", on=old)
        assert "Delete everything?" in question_of(home)
        assert len(read(home, "SELECT * FROM session")) == 1


@pytest.mark.parametrize("command", ["/today", "/why", "/travel"])
async def test_commands_before_the_enrolment_bring_the_question_that_is_open(
    home: House, command: str
) -> None:
    ada = await guest_at(home, Question.EQUIPMENT)
    async with home.bot():
        said = await reply_to(home, ada, command)
        assert len(said) == 1
        assert said[0].startswith("Let's get to know each other first.")
        assert ASKS[Question.EQUIPMENT] in said[0]
        await finish_from(home, ada, Question.EQUIPMENT)


@pytest.mark.parametrize("text", ["/today", "good morning", "/help"])
async def test_whoever_never_pressed_start_is_welcome_all_the_same(home: House, text: str) -> None:
    ada = await home.visitor()
    async with home.bot():
        said = await reply_to(home, ada, text)
        if text == "/help":
            assert "/today" in said[0]
        else:
            assert ASKS[Question.CONSENT] in said[0]
            await finish_from(home, ada, Question.CONSENT)


# --- with a card ---


async def test_words_and_stickers_beside_a_card_lose_nothing(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        await tap(home, ada, "Done")
        said = await reply_to(home, ada, "it went well")
        assert "nothing was changed" in said[0]
        assert "1 of 3" in said[1]
        await ada.visitor.sticker()
        await ada.visitor.share_location(1, 1)
        await processed(home)
        assert "can't read that kind of message" in question_of(home)
        assert await ada.visitor.labels(shown) == []  # the newest card is the one to answer
        await tap(home, ada, "3")
        await ada.visitor.wait_for("2 of 3")
    assert read(home, "SELECT question, value FROM answer") == [
        ("completed", 0),
        ("pain_during", 3),
    ]


async def test_yesterdays_card_answers_for_yesterday_and_says_so(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        home.local.move_to(MONDAY + dt.timedelta(days=1, seconds=5))
        await ada.visitor.wait_for(
            lambda m: m["id"] > shown and "Before the first coffee" in m["text"]
        )
        assert await tap(home, ada, "Done", on=shown) == "Kept for Monday."
        assert (await text_of(ada, shown)).startswith("Monday's ritual\n1 of 3")
    days = read(home, "SELECT local_date FROM answer JOIN session ON session.id = session_id")
    assert days == [("2026-11-23",)]


async def test_forged_buttons_change_nothing(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        newest = shown = await card(home, ada)
        before = await text_of(ada, shown)
        kept = [read(home, f"SELECT * FROM {table}") for table in PERSONAL]
        for data in FORGED:
            await forge(home, ada, data, on=shown)
            said = (await ada.visitor.last())["id"]
            assert said > newest, f"not a word about {data}"
            newest = said
        assert await text_of(ada, shown) == before
        assert [read(home, f"SELECT * FROM {table}") for table in PERSONAL] == kept


async def test_somebody_elses_card_stays_theirs(home: House) -> None:
    ada, ben = await guest_at(home), await guest_at(home, name="Ben")
    async with home.bot():
        await card(home, ada)
        [(adas,)] = read(home, "SELECT id FROM session")
        await card(home, ben)
        before = await ada.visitor.messages()
        forged = (Rate(adas, Asked.COMPLETED, 0), Again(adas), Why(adas), Wake(adas, adas, 3))
        for button in forged:
            await forge(home, ben, button.encode())
            assert "a record that isn't here any more" in (await ben.visitor.last())["text"]
        assert await ada.visitor.messages() == before
    assert read(home, "SELECT * FROM answer") == []


async def test_a_card_too_old_to_be_edited_is_answered_with_a_new_one(home: House) -> None:
    """Telegram then shows no more of it than its number."""
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        [(session,)] = read(home, "SELECT id FROM session")
        home.local.world.delete(ada.visitor.id, shown)
        await reply_to(home, ada, "/help")
        person = home.local.world.people[ada.visitor.id]
        faded = {"chat": person.to_chat(), "message_id": shown, "date": 0}
        home.local.world.publish(
            "callback_query",
            {
                "id": "77",
                "from": person.to_user(),
                "message": faded,
                "chat_instance": "1",
                "data": Rate(session, Asked.COMPLETED, 0).encode(),
            },
        )
        await processed(home)
        assert "1 of 3" in question_of(home)
    assert len(read(home, "SELECT * FROM answer")) == 1


async def test_a_faded_card_that_can_still_be_edited_is(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        [(session,)] = read(home, "SELECT id FROM session")
        await forge(home, ada, Rate(session, Asked.COMPLETED, 0).encode(), on=shown, faded=True)
        assert "1 of 3" in await text_of(ada, shown)


async def test_a_worry_that_waited_too_long_for_its_answer_is_still_heard(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
    await ada.visitor.tap("Something new or worrying", on=shown, wait=0)
    home.local.move_to(home.local.now() + dt.timedelta(minutes=20))
    async with home.bot():
        await ada.visitor.wait_for("Safety first")


async def test_an_edited_message_is_no_answer(home: House) -> None:
    ada = await guest_at(home, Question.LIFE)
    async with home.bot():
        await reply_to(home, ada, "hm")
        world = home.local.world
        message = next(m for m in world.chats[ada.visitor.id].messages.values() if not m.by_bot)
        shown = world.show(ada.visitor.id, message) | {"text": "sitting", "edit_date": 1}
        world.updates.append({"update_id": world.next_id("update"), "edited_message": shown})
        world.tell("update")
        await processed(home)
    assert read(home, "SELECT life FROM person") == [(None,)]


async def test_a_second_tap_on_the_same_button_counts_and_says_nothing_new(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        [(session,)] = read(home, "SELECT id FROM session")
        done = Rate(session, Asked.COMPLETED, 0).encode()
        await tap(home, ada, done)
        await forge(home, ada, done, on=shown)
        assert "1 of 3" in await text_of(ada, shown)
        assert (await ada.visitor.last())["id"] == shown


# --- safety ---


@pytest.mark.parametrize(
    ("tier", "words"), [("E", "emergency care now"), ("U", "have this looked at soon")]
)
async def test_a_red_flag_closes_the_plan_until_someone_was_seen(
    home: House, tier: str, words: str
) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        await tap(home, ada, "Something new or worrying", on=shown)
        asked = (await ada.visitor.last())["id"]
        if tier == "U":
            await tap(home, ada, Screen("E", 0), on=asked)
        await tap(home, ada, Screen(tier, 1), on=asked)
        assert words in question_of(home)

        home.local.move_to(MONDAY + dt.timedelta(days=1, seconds=5))
        await delivered(home, "needless", "due")
        assert words in question_of(home)  # no ritual

        for said in ("/today", "/why", "/travel", "/start", "I feel fine"):
            assert words in (await reply_to(home, ada, said))[-1]
        await ada.visitor.share_location(47, 8)
        await processed(home)
        assert words in question_of(home)
        await tap(home, ada, "Done", on=shown)
        assert words in question_of(home)
        await forge(home, ada, Screen("E", 0).encode())
        await forge(home, ada, Screen("U", 0).encode())
        await forge(home, ada, Travel("hotel", 10).encode())
        assert words in question_of(home)

        await tap(home, ada, "Someone has seen me, and movement is fine")
        assert "Before the first coffee" in question_of(home)
        await reply_to(home, ada, "/today")
        assert "Before the first coffee" in question_of(home)


async def test_a_red_flag_in_the_enrolment_holds_its_other_questions_back(home: House) -> None:
    ada = await guest_at(home, Question.SAFETY)
    async with home.bot():
        await reply_to(home, ada, "/start")
        old = (await ada.visitor.last())["id"]
        await reply_to(home, ada, "/start")
        await tap(home, ada, "Yes, at least one")
        assert "emergency care now" in question_of(home)
        await tap(home, ada, "None of these", on=old)
        assert "emergency care now" in question_of(home)
        assert "emergency care now" in (await reply_to(home, ada, "none"))[-1]
        assert read(home, "SELECT aggravated_by FROM person") == [(None,)]
        said = await reply_to(home, ada, "someone has seen me, and movement is fine")
        assert "Does any of this apply" in said[-1]
        await tap(home, ada, "None of these")
        await finish_from(home, ada, Question.DIRECTION)


async def test_what_asks_for_a_clinicians_word_waits_for_it_and_brings_cautions(
    home: House,
) -> None:
    ada = await guest_at(home, Question.SAFETY)
    async with home.bot():
        await reply_to(home, ada, "/start")
        for _ in range(2):
            await tap(home, ada, "None of these")
        shown = (await ada.visitor.last())["id"]
        bones, leg = "Osteoporosis, or a spine fracture", "Pain below the knee with tingling"
        await tap(home, ada, bones)
        assert f"✓ {bones}" in await ada.visitor.labels(shown)
        await tap(home, ada, leg)
        await tap(home, ada, f"✓ {leg}")
        assert leg in await ada.visitor.labels(shown)
        await tap(home, ada, "Go on")
        assert "ask your clinician first" in question_of(home)
        assert "ask your clinician first" in (await reply_to(home, ada, "/today"))[-1]
        await tap(home, ada, "My clinician says it is fine")
        await finish_from(home, ada, Question.DIRECTION)
    chosen = {
        item for item, yes in read(home, "SELECT item, yes FROM screening ORDER BY id") if yes
    }
    assert {"C:bones", "C", "cleared"} <= chosen


async def test_a_worry_without_ground_asks_twice_and_goes_on(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        shown = await card(home, ada)
        before = await text_of(ada, shown)
        await tap(home, ada, "Something new or worrying", on=shown)
        assert "Safety first" in question_of(home)
        assert await text_of(ada, shown) == before
        said = await reply_to(home, ada, "/today")
        assert said[0].startswith("Safety first")  # they are known: no introduction
        await tap(home, ada, "None of these")
        assert "And any of this?" in question_of(home)
        await tap(home, ada, "None of these")
        assert "Before the first coffee" in question_of(home)
        await tap(home, ada, "Done")
        await ada.visitor.wait_for("1 of 3")


# --- leaving ---


async def test_forget_leaves_no_row_and_old_cards_are_answered_kindly(home: House) -> None:
    ada, ben = await guest_at(home), await guest_at(home, name="Ben")
    async with home.bot():
        shown = await card(home, ada)
        await card(home, ben)
        for guest in (ada, ben):
            await tap(home, guest, "Done")
        await reply_to(home, ada, "/forget")
        await tap(home, ada, "Keep it")
        assert "Nothing was deleted" in (await ada.visitor.last())["text"]
        await reply_to(home, ada, "/forget")
        await tap(home, ada, "Delete everything")
        assert "Everything about you is deleted here" in (await ada.visitor.last())["text"]
        assert read(home, "SELECT chat_id FROM person") == [(ben.visitor.id,)]
        assert orphans(home) == []
        assert read(home, "SELECT 1 FROM inbox WHERE payload <> ''") == []

        await tap(home, ada, "4", on=shown)
        assert "a record that isn't here any more" in (await ada.visitor.last())["text"]
        assert read(home, "SELECT chat_id FROM person") == [(ben.visitor.id,)]
        assert ASKS[Question.CONSENT] in (await reply_to(home, ada, "/today"))[0]
        assert len(read(home, "SELECT * FROM answer")) == 1  # Ben's


async def test_a_card_from_before_forgetting_never_acts_on_what_came_after(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        old = await card(home, ada)
        await reply_to(home, ada, "/forget")
        await tap(home, ada, "Delete everything")
        async with builders.database(file_of(home).parent) as database:
            now = home.local.now().replace(microsecond=0)
            await builders.enrolled(builders.desk(database), now, ada.visitor.id)
        await card(home, ada)
        await tap(home, ada, "Done", on=old)
        assert "a record that isn't here any more" in (await ada.visitor.last())["text"]
    assert read(home, "SELECT 1 FROM answer") == []


async def test_what_waits_comes_back_with_whatever_is_no_answer_to_it(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        [refused] = await reply_to(home, ada, "/pause never")
        assert "I couldn't use" in refused
        await reply_to(home, ada, "/pause")
        way_out = await ada.visitor.labels()
        await reply_to(home, ada, "never")
        assert await ada.visitor.labels() == way_out
        await ada.visitor.sticker()
        await processed(home)
        assert await ada.visitor.labels() == way_out


async def test_to_go_on_while_safety_is_open_brings_its_question(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await reply_to(home, ada, "/flare")
        [said] = await reply_to(home, ada, "/resume")
        assert ASKS[Question.SAFETY] in said
        await reply_to(home, ada, "/forget")
        await tap(home, ada, "Keep it")
        assert "None of these" in await ada.visitor.labels()


def orphans(home: House) -> list[object]:
    """Rows that point to a row that isn't there, in any table."""
    connection = sqlite3.connect(file_of(home))
    try:
        return connection.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        connection.close()


async def test_forgetting_with_more_to_say_behind_it_blocks_nothing(home: House) -> None:
    """What came in before it was processed goes as well; what comes after is a new beginning."""
    ada = await guest_at(home)
    async with home.bot():
        await reply_to(home, ada, "/forget")
        asked = (await ada.visitor.last())["id"]
    await ada.visitor.tap(Forget(1).encode(), on=asked, wait=0)
    await ada.visitor.say("one more thing")
    async with home.bot():
        await processed(home)
        assert read(home, "SELECT * FROM person") == []
        assert ASKS[Question.CONSENT] in (await reply_to(home, ada, "/start"))[0]


async def test_whoever_blocks_the_bot_is_left_alone_and_welcomed_back(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await card(home, ada)
        await ada.visitor.block()
        await processed(home)
        home.local.move_to(MONDAY + dt.timedelta(days=1, seconds=5))
        await delivered(home, "needless", "due")
        await ada.visitor.unblock()
        await processed(home)
        said = await reply_to(home, ada, "/start")
        assert "You're all set: your ritual comes at" in said[0]
        await ada.morning(2)
    assert read(home, "SELECT count(*) FROM person WHERE blocked_at IS NULL") == [(1,)]


async def test_a_refusal_comes_once_though_telegram_takes_one_message_a_second(
    home: House,
) -> None:
    ada = await guest_at(home, Question.PAIN)
    home.local.faults.flood = Flood()
    async with home.bot():
        for text in ("rather not say", "11"):
            said = await reply_to(home, ada, text)
            assert len(said) == 1
            assert f"“{text}” isn't one I can use" in said[0]
