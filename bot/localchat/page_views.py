"""What the page is shown: the world in the page's own words, ready to draw."""

from bot.localchat.clock import Clock
from bot.localchat.content import kind_of
from bot.localchat.records import Chat, Message, Person
from bot.localchat.refusals import Json
from bot.localchat.world import World

KIND_WORDS = {"photo": "Picture", "animation": "Animation", "document": "Document"}
LINE = 80  # characters of the newest message shown beside a name


def show_bot(world: World) -> Json:
    texts = world.profile.texts.get("description", {})
    return {"name": world.profile.name, "description": texts.get("", "")}


def show_clock(clock: Clock) -> Json:
    return {"now": clock.now().isoformat(), "shift_seconds": clock.shift.total_seconds()}


def show_people(world: World) -> list[Json]:
    return [show_person(world, person) for person in world.people.values()]


def show_person(world: World, person: Person) -> Json:
    newest = max(world.chats[person.id].messages.values(), key=lambda m: m.id, default=None)
    return {
        "id": person.id,
        "name": person.name,
        "language_code": person.language,
        "started": person.started,
        "blocked": person.blocked,
        "line": _line(newest) if newest else "",
        "date": newest.date if newest else None,
        "newest": newest.id if newest else 0,
        "from_bot": bool(newest and newest.by_bot),
    }


def _line(message: Message) -> str:
    content = message.content
    text = content.get("text") or content.get("caption")
    if text:
        return " ".join(str(text).split())[:LINE]
    if "sticker" in content:
        return str(content["sticker"]["emoji"])
    return KIND_WORDS.get(kind_of(content) or "", "Location")


def show_chat(world: World, person: Person, newest: int) -> Json:
    chat = world.chats[person.id]
    shown = list(chat.messages.values())[-newest:] if newest else []
    return {
        "person": show_person(world, person),
        "messages": [show_message(chat, m) for m in shown],
        "earlier": len(chat.messages) - len(shown),
        "keyboard": None if chat.keyboard_hidden else chat.keyboard,
        "hidden_keyboard": chat.keyboard if chat.keyboard_hidden else None,
        "commands": commands_for(world, person),
        "description": description_for(world, person),
    }


def show_message(chat: Chat, message: Message) -> Json:
    original = chat.messages.get(message.reply_to or 0)
    return {
        "id": message.id,
        "date": message.date,
        "by_bot": message.by_bot,
        "edited": message.edited,
        "content": message.content,
        "rows": (message.buttons or {}).get("inline_keyboard", []),
        "reactions": [r.get("emoji", "") for r in message.reaction],
        "reply_to": _line(original) if original else None,
    }


def commands_for(world: World, person: Person) -> list[Json]:
    """The commands in the person's language, else everyone's."""
    language = (person.language or "").partition("-")[0]
    return world.profile.commands.get(language) or world.profile.commands.get("", [])


def description_for(world: World, person: Person) -> str:
    texts = world.profile.texts.get("description", {})
    return texts.get((person.language or "").partition("-")[0]) or texts.get("", "")
