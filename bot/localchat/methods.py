"""The Bot API's methods over a world: parameters in, result out, or a refusal in Telegram's words.

METHODS is the table of everything understood. Polling waits, and lives in
polling.py; whatever else a bot asks is one function here or in profile.py.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.localchat import profile
from bot.localchat.calls import Call
from bot.localchat.content import (
    caption_content,
    input_media_content,
    kind_of,
    media_content,
    text_content,
)
from bot.localchat.keyboards import read_inline_keyboard, read_reply_markup
from bot.localchat.media import Kind
from bot.localchat.records import Message, Person
from bot.localchat.refusals import (
    BLOCKED,
    DEACTIVATED,
    NOT_FOUND,
    NOT_MODIFIED,
    QUERY_TOO_OLD,
    Json,
    Refused,
    bad_request,
)
from bot.localchat.world import World

DELETABLE = timedelta(hours=48)
ANSWER_LENGTH = 200
_REACTIONS = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 "
    "🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 "
    "🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡 "
)
REACTIONS = frozenset(_REACTIONS.split())
_CHAT_ACTIONS = (
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document "
    "choose_sticker find_location record_video_note upload_video_note"
)
CHAT_ACTIONS = frozenset(_CHAT_ACTIONS.split())

Method = Callable[[World, Call, datetime], Any]


def reachable(world: World, call: Call) -> Person:
    """The person a call is for, unless the bot may not write to them."""
    if not call.text("chat_id"):
        raise bad_request("chat_id is empty")
    person = world.people.get(call.chat_id or 0)
    if person is None or not person.started:
        raise bad_request("chat not found")
    if person.deactivated:
        raise Refused(*DEACTIVATED)
    if person.blocked:
        raise Refused(*BLOCKED)
    return person


# --- sending ---


def _send(world: World, call: Call, now: datetime, content: Callable[[], Json]) -> Json:
    person = reachable(world, call)
    said = content()
    markup = read_reply_markup(call.data("reply_markup"))
    replied = _replied_to(world, person, call)
    message = world.post(person.id, said, markup, now)
    message.reply_to = replied
    return world.show(person.id, message)


def _replied_to(world: World, person: Person, call: Call) -> int | None:
    reply = call.data("reply_parameters")
    if not isinstance(reply, dict):
        return None
    number = reply.get("message_id")
    if number in world.chats[person.id].messages:
        return int(number)
    if reply.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def send_message(world: World, call: Call, now: datetime) -> Json:
    return _send(world, call, now, lambda: text_content(call))


def _sender(kind: Kind) -> Method:
    def send(world: World, call: Call, now: datetime) -> Json:
        return _send(world, call, now, lambda: media_content(world, kind, call))

    return send


def send_chat_action(world: World, call: Call, now: datetime) -> bool:
    person = reachable(world, call)
    if call.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.tell("typing", person=person.id)
    return True


# --- editing ---


def _edit(
    world: World, call: Call, now: datetime, change: Callable[[Message], tuple[Json, Json | None]]
) -> Json:
    """Apply a change to the bot's own message; one that changes nothing is refused."""
    person = reachable(world, call)
    message = world.chats[person.id].messages.get(call.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.by_bot:
        raise bad_request("message can't be edited")
    content, buttons = change(message)
    if (content, buttons) == (message.content, message.buttons):
        raise bad_request(NOT_MODIFIED)
    if content != message.content:  # a change of buttons alone doesn't count as an edit
        message.edited = int(now.timestamp())
    message.content, message.buttons = content, buttons
    world.tell("chat", person=person.id)
    return world.show(person.id, message)


def edit_text(world: World, call: Call, now: datetime) -> Json:
    def change(message: Message) -> tuple[Json, Json | None]:
        if "text" not in message.content:
            raise bad_request("there is no text in the message to edit")
        return text_content(call), read_inline_keyboard(call.data("reply_markup"))

    return _edit(world, call, now, change)


def edit_caption(world: World, call: Call, now: datetime) -> Json:
    def change(message: Message) -> tuple[Json, Json | None]:
        if kind_of(message.content) is None:
            raise bad_request("there is no caption in the message to edit")
        bare = {k: v for k, v in message.content.items() if not k.startswith("caption")}
        caption = caption_content(call.params, call.listed("caption_entities"))
        return bare | caption, read_inline_keyboard(call.data("reply_markup"))

    return _edit(world, call, now, change)


def edit_media(world: World, call: Call, now: datetime) -> Json:
    def change(_: Message) -> tuple[Json, Json | None]:
        return input_media_content(world, call), read_inline_keyboard(call.data("reply_markup"))

    return _edit(world, call, now, change)


def edit_reply_markup(world: World, call: Call, now: datetime) -> Json:
    def change(message: Message) -> tuple[Json, Json | None]:
        return message.content, read_inline_keyboard(call.data("reply_markup"))

    return _edit(world, call, now, change)


def delete_message(world: World, call: Call, now: datetime) -> bool:
    if not call.text("chat_id"):
        raise bad_request("chat_id is empty")
    chat = world.chats.get(call.chat_id or 0)
    if chat is None:
        raise bad_request("chat not found")
    message = chat.messages.get(call.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if now.timestamp() - message.date > DELETABLE.total_seconds():
        raise bad_request("message can't be deleted for everyone")
    world.delete(call.chat_id or 0, message.id)
    return True


# --- answering and reacting ---


def answer_callback_query(world: World, call: Call, now: datetime) -> bool:
    query = world.queries.get(call.text("callback_query_id"))
    if query is None or world.expired(query, now):
        raise bad_request(QUERY_TOO_OLD)
    if len(call.text("text")) > ANSWER_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    if call.text("url"):
        raise bad_request("URL_INVALID")  # only games and t.me links open pages
    world.answer(query, {"text": call.text("text"), "show_alert": call.flag("show_alert")})
    return True


def set_message_reaction(world: World, call: Call, now: datetime) -> bool:
    person = reachable(world, call)
    message = world.chats[person.id].messages.get(call.integer("message_id"))
    if message is None:
        raise bad_request("message to react not found")
    reactions = call.listed("reaction") or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(r.get("type") != "emoji" or r.get("emoji") not in REACTIONS for r in reactions):
        raise bad_request("REACTION_INVALID")
    message.reaction = reactions
    world.tell("chat", person=person.id)
    return True


def get_file(world: World, call: Call, now: datetime) -> Json:
    file = world.files.get(call.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.body),
        "file_path": file.path,
    }


METHODS: dict[str, Method] = {
    "sendmessage": send_message,
    "sendphoto": _sender("photo"),
    "sendanimation": _sender("animation"),
    "senddocument": _sender("document"),
    "sendchataction": send_chat_action,
    "editmessagetext": edit_text,
    "editmessagecaption": edit_caption,
    "editmessagemedia": edit_media,
    "editmessagereplymarkup": edit_reply_markup,
    "deletemessage": delete_message,
    "answercallbackquery": answer_callback_query,
    "setmessagereaction": set_message_reaction,
    "getfile": get_file,
    **profile.METHODS,
}


def perform(world: World, call: Call, now: datetime) -> Any:
    """Do what the call asks; the world is unchanged whenever this refuses."""
    method = METHODS.get(call.method)
    if method is None:
        raise Refused(*NOT_FOUND)
    return method(world, call, now)
