"""Localchat is strict where Telegram is strict, in Telegram's words, through the real library."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAnimation,
    InputMediaPhoto,
    Message,
)
from telegram.error import BadRequest, Forbidden, InvalidToken

from bot.localchat.media import PHOTO_BYTES
from bot.localchat.refusals import NOT_MODIFIED, QUERY_TOO_OLD
from bot.localchat.server import Localchat
from tests.localchat.samples import gif, mp4, png
from tests.localchat.visitor import Impossible, Visitor


def keys(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([list(buttons)])


def key(data: str = "yes", text: str = "Yes") -> InlineKeyboardMarkup:
    return keys(InlineKeyboardButton(text, callback_data=data))


async def raw(local: Localchat, method: str, **params: Any) -> tuple[int, str]:
    """Call without the library, which would not let such a call out."""
    async with httpx.AsyncClient(trust_env=False) as http:
        response = await http.post(f"{local.api_url}{local.token}/{method}", json=params)
    return response.status_code, response.json().get("description", "")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "<q>", "parse_mode": "HTML"}, 'unsupported start tag "q" at byte offset 0'),
        ({"text": "a", "reply_markup": key("a" * 65)}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": key("é" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": key(text=" ")}, 'find field "text"'),
        (
            {"text": "a", "reply_markup": keys(InlineKeyboardButton("a"))},
            "Text buttons are unallowed",
        ),
        (
            {"text": "a", "reply_markup": keys(InlineKeyboardButton("a", url="nowhere:x"))},
            "Wrong HTTP URL",
        ),
        (
            {
                "text": "a",
                "reply_markup": keys(InlineKeyboardButton("a", "https://x.y", style="pink")),
            },
            "invalid button style",
        ),
        (
            {
                "text": "a",
                "reply_markup": InlineKeyboardMarkup([list(key().inline_keyboard[0]) * 101]),
            },
            "too long",
        ),
        ({"text": "a", "reply_to_message_id": 999}, "message to be replied not found"),
    ],
)
async def test_a_message_is_refused(
    bot: Bot, ada: Visitor, said: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(ada.id, **said)
    assert words.lower() in str(refused.value).lower()  # the library re-cases the words
    assert all(not m["by_bot"] for m in await ada.messages())


TO_ADA = {"chat_id": 1001, "text": "a"}


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendMessage", TO_ADA | {"text": ""}, "message text is empty"),
        ("sendMessage", {"text": "a"}, "chat_id is empty"),
        ("sendMessage", TO_ADA | {"chat_id": "@x"}, "chat not found"),
        ("SENDMESSAGE", TO_ADA | {"chat_id": 5}, "chat not found"),
        ("sendMessage", TO_ADA | {"reply_markup": "{"}, "can't parse reply_markup JSON object"),
        ("sendMessage", TO_ADA | {"reply_markup": [1]}, "object expected as reply markup"),
        (
            "sendMessage",
            TO_ADA | {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": ""}]]}},
            "BUTTON_DATA_INVALID",
        ),
        (
            "sendMessage",
            TO_ADA | {"reply_markup": {"inline_keyboard": [{"text": "a"}]}},
            "can't parse keyboard: array of arrays expected",
        ),
        ("sendPhoto", TO_ADA, "there is no photo in the request"),
        ("sendPhoto", TO_ADA | {"photo": "http://x.y/z"}, "failed to get HTTP URL content"),
        ("sendPhoto", TO_ADA | {"photo": "?"}, "wrong file identifier/HTTP URL specified"),
        ("sendChatAction", TO_ADA | {"action": "x"}, "wrong parameter action in request"),
        ("getFile", {"file_id": "nope"}, "invalid file_id"),
    ],
)
async def test_a_raw_call_is_refused(
    local: Localchat, ada: Visitor, method: str, params: dict[str, Any], words: str
) -> None:
    assert ada.id == TO_ADA["chat_id"]
    assert await raw(local, method, **params) == (400, f"Bad Request: {words}")


async def test_an_unknown_method_is_not_found(local: Localchat) -> None:
    assert await raw(local, "sendTelegram") == (404, "Not Found")


async def test_the_longest_text_and_data_pass(bot: Bot, ada: Visitor) -> None:
    sent = await bot.send_message(ada.id, "a" * 4096, reply_markup=key("a" * 64))
    assert sent.text is not None
    assert len(sent.text) == 4096


async def test_tags_do_not_count_towards_the_length(bot: Bot, ada: Visitor) -> None:
    await bot.send_message(ada.id, f"<b>{'a' * 4096}</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match=r"(?i)message caption is too long"):
        await bot.send_photo(ada.id, png(), caption="a" * 1025)


async def test_who_never_wrote_cannot_be_written_to(local: Localchat, bot: Bot) -> None:
    async with await Visitor.arrive(local, "Shy") as shy:
        with pytest.raises(BadRequest, match=r"(?i)chat not found"):
            await bot.send_message(shy.id, "hello")


async def test_who_blocked_the_bot_is_forbidden_until_they_return(bot: Bot, ada: Visitor) -> None:
    sent = await bot.send_message(ada.id, "hello")
    await ada.block()
    for call in (bot.send_message(ada.id, "there?"), sent.edit_text("there?")):
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await call
    with pytest.raises(Impossible, match="blocked"):
        await ada.say("hm")
    await ada.unblock()
    await bot.send_message(ada.id, "welcome back")
    updates = await bot.get_updates()
    moves = [u.my_chat_member for u in updates if u.my_chat_member]
    assert [(m.old_chat_member.status, m.new_chat_member.status) for m in moves] == [
        ("member", "kicked"),
        ("kicked", "member"),
    ]


async def test_a_deleted_account_is_forbidden(local: Localchat, bot: Bot, ada: Visitor) -> None:
    local.world.deactivate(ada.id)
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(ada.id, "hello")


async def test_an_edit_has_to_change_something(bot: Bot, ada: Visitor) -> None:
    sent = await bot.send_message(ada.id, "<b>one</b>", parse_mode="HTML", reply_markup=key())
    with pytest.raises(BadRequest) as refused:
        await sent.edit_text("<strong>one</strong>", parse_mode="HTML", reply_markup=key())
    assert str(refused.value).lower() == NOT_MODIFIED
    await sent.edit_reply_markup(key("no"))
    with pytest.raises(BadRequest, match="not modified"):
        await sent.edit_reply_markup(key("no"))
    await sent.edit_text("two")  # an edit without a keyboard takes the keyboard away
    last = await ada.last()
    assert (last["text"], last["rows"], last["edited"] is None) == ("two", [], False)


async def test_what_cannot_be_edited(bot: Bot, ada: Visitor) -> None:
    mine = await ada.say("mine")
    photo = await bot.send_photo(ada.id, png())
    text = await bot.send_message(ada.id, "text")
    for call, words in (
        (bot.edit_message_text("x", ada.id, 999), "message to edit not found"),
        (bot.edit_message_text("x", ada.id, mine), "message can't be edited"),
        (photo.edit_text("x"), "there is no text in the message to edit"),
        (text.edit_caption("x"), "there is no caption in the message to edit"),
    ):
        with pytest.raises(BadRequest, match=f"(?i){words}"):
            await call


async def test_deleting_is_possible_for_two_days(local: Localchat, bot: Bot, ada: Visitor) -> None:
    young, old = [await bot.send_message(ada.id, t) for t in ("young", "old")]
    assert await young.delete()
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await young.delete()
    local.clock.move_by(timedelta(hours=49))
    with pytest.raises(BadRequest, match=r"(?i)message can't be deleted for everyone"):
        await old.delete()


async def test_a_query_can_be_answered_for_fifteen_minutes(
    local: Localchat, bot: Bot, ada: Visitor
) -> None:
    await bot.send_message(ada.id, "?", reply_markup=key())
    query = (await ada.tap("Yes", wait=0))["query_id"]
    with pytest.raises(BadRequest, match=r"(?i)MESSAGE_TOO_LONG"):
        await bot.answer_callback_query(query, "a" * 201)
    local.clock.move_by(timedelta(minutes=14))
    assert await bot.answer_callback_query(query, "a" * 200)
    local.clock.move_by(timedelta(minutes=2))
    for stale in (query, "unheard-of"):
        with pytest.raises(BadRequest) as refused:
            await bot.answer_callback_query(stale)
        assert str(refused.value).lower() == QUERY_TOO_OLD.lower()


async def test_a_button_that_is_gone_cannot_be_pressed(bot: Bot, ada: Visitor) -> None:
    sent = await bot.send_message(ada.id, "?", reply_markup=key())
    await sent.edit_reply_markup(None)
    with pytest.raises(Impossible, match="not there"):
        await ada.tap("yes", on=sent.message_id)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "file must be non-empty"),
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (png(1, 21), "PHOTO_INVALID_DIMENSIONS"),
        (png() + bytes(PHOTO_BYTES), "too big for a photo"),
    ],
)
async def test_a_picture_is_refused(bot: Bot, ada: Visitor, body: bytes, words: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.send_photo(ada.id, body, filename="x.png")


async def test_a_file_is_sent_again_by_its_id_and_only_as_its_kind(bot: Bot, ada: Visitor) -> None:
    photo = (await bot.send_photo(ada.id, png(40, 30))).photo[0]
    assert (photo.width, photo.height) == (40, 30)
    again = await bot.send_photo(ada.id, photo.file_id, caption="<i>again</i>", parse_mode="HTML")
    assert (again.photo[0].file_unique_id, again.caption) == (photo.file_unique_id, "again")
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type Photo as Animation"):
        await bot.send_animation(ada.id, photo.file_id)
    fetched = await (await bot.get_file(photo.file_id)).download_as_bytearray()
    assert bytes(fetched) == png(40, 30)


async def test_one_card_moves_from_picture_to_picture(bot: Bot, ada: Visitor) -> None:
    card = await bot.send_animation(ada.id, mp4(), caption="one", reply_markup=key())
    assert card.animation is not None
    assert (card.animation.width, card.animation.mime_type) == (320, "video/mp4")
    await card.edit_media(
        InputMediaPhoto(png(), caption="<b>two</b>", parse_mode="HTML"), reply_markup=key()
    )
    last = await ada.last()
    assert ("animation" in last["content"], "photo" in last["content"]) == (False, True)
    assert (last["id"], last["text"]) == (card.message_id, "two")
    with pytest.raises(BadRequest, match="not modified"):
        await card.edit_media(
            InputMediaPhoto(png(), caption="<b>two</b>", parse_mode="HTML"), reply_markup=key()
        )
    await card.edit_caption("three")
    assert (await ada.last())["text"] == "three"


async def test_a_text_becomes_a_picture_and_no_picture_becomes_a_text(
    bot: Bot, ada: Visitor
) -> None:
    """Bot API 10.1: editMessageMedia replaces a text with a media; nothing does the opposite."""
    card = await bot.send_message(ada.id, "one", reply_markup=key())
    with pytest.raises(BadRequest, match="no caption in the message"):
        await card.edit_caption("two")
    shown = await card.edit_media(InputMediaAnimation(mp4(), caption="two"), reply_markup=key())
    assert isinstance(shown, Message)
    assert shown.animation is not None
    again = InputMediaAnimation(shown.animation.file_id, caption="three")
    await card.edit_media(again, reply_markup=key())
    with pytest.raises(BadRequest, match="no text in the message"):
        await card.edit_text("four")
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type Animation as Photo"):
        await card.edit_media(InputMediaPhoto(shown.animation.file_id))
    with pytest.raises(BadRequest, match="caption is too long"):
        await card.edit_media(InputMediaAnimation(shown.animation.file_id, caption="x" * 1025))
    last = await ada.last()
    assert (last["id"], last["text"], "text" in last["content"]) == (
        card.message_id,
        "three",
        False,
    )


async def test_a_gif_is_an_animation_and_a_pdf_a_document(bot: Bot, ada: Visitor) -> None:
    assert (await bot.send_animation(ada.id, gif())).animation is not None
    sheet = await bot.send_document(ada.id, b"%PDF-1.7 ...", filename="sheet.pdf")
    assert sheet.document is not None
    assert (sheet.document.file_name, sheet.document.mime_type) == ("sheet.pdf", "application/pdf")


async def test_reactions_are_of_telegrams_choice(bot: Bot, ada: Visitor) -> None:
    said = await ada.say("done!")
    await bot.set_message_reaction(ada.id, said, "🔥")
    assert (await ada.messages())[-1]["reactions"] == ["🔥"]
    with pytest.raises(BadRequest, match=r"(?i)REACTION_INVALID"):
        await bot.set_message_reaction(ada.id, said, "🧘")


async def test_commands_follow_the_persons_language(
    local: Localchat, bot: Bot, ada: Visitor
) -> None:
    await bot.set_my_commands([BotCommand("today", "Today")])
    await bot.set_my_commands([BotCommand("today", "Heute")], language_code="de")
    async with await Visitor.arrive(local, "Bo", "de") as bo:
        spoken = [(await v.chat())["commands"][0]["description"] for v in (ada, bo)]
    assert spoken == ["Today", "Heute"]
    assert [c.description for c in await bot.get_my_commands()] == ["Today"]
    assert await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()


@pytest.mark.parametrize("command", [("Big", "x"), ("a-b", "x"), ("fine", "")])
async def test_a_command_is_refused(local: Localchat, command: tuple[str, str]) -> None:
    listed = [{"command": command[0], "description": command[1]}]
    code, words = await raw(local, "setMyCommands", commands=listed)
    assert (code, words.startswith("Bad Request: BOT_COMMAND")) == (400, True)


async def test_the_bot_introduces_itself(bot: Bot, ada: Visitor) -> None:
    await bot.set_my_description("Ten minutes a day.")
    await bot.set_my_short_description("A back ritual.")
    assert (await bot.get_my_short_description()).short_description == "A back ritual."
    assert (await ada.chat())["description"] == "Ten minutes a day."
    with pytest.raises(BadRequest, match="too long"):
        await bot.set_my_description("a" * 513)


async def test_another_token_is_unauthorized(local: Localchat) -> None:
    stranger = Bot("2:stranger", base_url=local.api_url)
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


async def test_a_picture_may_answer_a_message(bot: Bot, ada: Visitor) -> None:
    said = await ada.say("show me")
    shown = await bot.send_photo(ada.id, png(), reply_to_message_id=said)
    assert shown.reply_to_message is not None
    assert shown.reply_to_message.message_id == said
