"""Everybody and everything that was said: pure state, with the time handed in.

The world lets people do what Telegram's apps let them do, and lets the bot's
methods change it. Each change is told to the listeners, who wake long polls,
pages and the saver. Ids only ever grow, across restarts too.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from bot.localchat.keyboards import buttons_of
from bot.localchat.media import StoredFile
from bot.localchat.records import Chat, Message, Person, Profile, Query, Webhook
from bot.localchat.refusals import Json, NotPossible

QUERY_LIFE = timedelta(minutes=15)
UNASKED = frozenset(
    {"chat_member", "message_reaction", "message_reaction_count"}
)  # only when asked for
NAME_LENGTH = 64
TEXT_LENGTH = 4096
STICKERS = 512  # width and height of one

Listener = Callable[[Json], None]


class World:
    """One bot, and the people who may talk to it."""

    def __init__(self, bot_id: int) -> None:
        self.bot_id = bot_id
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.files: dict[str, StoredFile] = {}
        self.updates: list[Json] = []
        self.profile = Profile()
        self.webhook = Webhook()
        self.allowed_updates: list[str] | None = None  # None: all but UNASKED
        self.last = {"person": 1000, "message": 0, "update": 100_000, "query": 0}
        self.listeners: list[Listener] = []

    # --- telling ---

    def tell(self, kind: str, **about: Any) -> None:
        for listener in tuple(self.listeners):
            listener({"kind": kind, **about})

    def next_id(self, kind: str) -> int:
        self.last[kind] += 1
        return self.last[kind]

    def publish(self, kind: str, payload: Json) -> None:
        """Queue an update for the bot, unless it asked for other kinds only."""
        wanted = (
            kind not in UNASKED if self.allowed_updates is None else kind in self.allowed_updates
        )
        if wanted:
            self.updates.append({"update_id": self.next_id("update"), kind: payload})
            self.tell("update")

    # --- people ---

    def add_person(self, name: str, language: str | None = None) -> Person:
        name = " ".join(name.split())
        if not 0 < len(name) <= NAME_LENGTH:
            raise NotPossible(f"A name has 1 to {NAME_LENGTH} characters.")
        person = Person(id=self.next_id("person"), name=name, language=language or None)
        self.people[person.id] = person
        self.chats[person.id] = Chat()
        self.tell("people")
        return person

    def person(self, person_id: int) -> Person:
        if person_id not in self.people:
            raise NotPossible("There is nobody with this number.")
        return self.people[person_id]

    def block(self, person_id: int, now: datetime, blocked: bool = True) -> None:
        """Block the bot, or let it back; the bot is told of either."""
        person = self.person(person_id)
        if not person.started:
            raise NotPossible("Only someone who has started the bot can block it.")
        if person.blocked == blocked:
            return
        person.blocked = blocked
        member, kicked = {"status": "member"}, {"status": "kicked", "until_date": 0}
        before, after = (member, kicked) if blocked else (kicked, member)
        self.publish(
            "my_chat_member",
            {
                "chat": person.to_chat(),
                "from": person.to_user(),
                "date": int(now.timestamp()),
                "old_chat_member": {"user": self.bot_user()} | before,
                "new_chat_member": {"user": self.bot_user()} | after,
            },
        )
        self.tell("people")

    def deactivate(self, person_id: int) -> None:
        """Delete the account; Telegram tells bots of this only when they write."""
        self.person(person_id).deactivated = True
        self.tell("people")

    # --- what people do ---

    def say(self, person_id: int, text: str, now: datetime) -> Message:
        text = text.strip()
        if not 0 < len(text) <= TEXT_LENGTH:
            raise NotPossible(f"A message has 1 to {TEXT_LENGTH} characters.")
        content: Json = {"text": text}
        if text.startswith("/"):
            command = text.split()[0]
            entity = {"type": "bot_command", "offset": 0, "length": len(command)}
            content["entities"] = [entity]
        chat = self.chats[self.person(person_id).id]
        if any(button["text"] == text for button in buttons_of(chat.keyboard)):
            chat.keyboard_hidden = bool((chat.keyboard or {}).get("one_time_keyboard"))
        return self._say(person_id, content, now)

    def send_sticker(self, person_id: int, emoji: str, now: datetime) -> Message:
        sticker = {
            "file_id": "S" + emoji.encode().hex(),
            "file_unique_id": "u" + emoji.encode().hex(),
            "type": "regular",
            "width": STICKERS,
            "height": STICKERS,
            "is_animated": False,
            "is_video": False,
            "emoji": emoji,
        }
        return self._say(person_id, {"sticker": sticker}, now)

    def share_location(self, person_id: int, lat: float, lon: float, now: datetime) -> Message:
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise NotPossible("This is no place on Earth.")
        return self._say(person_id, {"location": {"latitude": lat, "longitude": lon}}, now)

    def _say(self, person_id: int, content: Json, now: datetime) -> Message:
        person = self.person(person_id)
        if person.blocked:
            raise NotPossible(f"{person.name} has blocked the bot; unblock it first.")
        if person.deactivated:
            raise NotPossible(f"The account of {person.name} is gone.")
        person.started = True
        chat = self.chats[person_id]
        message = Message(
            id=self.next_id("message"), date=int(now.timestamp()), by_bot=False, content=content
        )
        chat.messages[message.id] = message
        if (chat.keyboard or {}).get("force_reply"):
            message.reply_to = chat.keyboard["message_id"] if chat.keyboard else None
            chat.keyboard = None
        self.publish("message", self.show(person_id, message))
        self.tell("chat", person=person_id)
        return message

    def tap(self, person_id: int, message_id: int, data: str, now: datetime) -> Query:
        """Press an inline button, which has to be there."""
        person = self.person(person_id)
        message = self.chats[person_id].messages.get(message_id)
        if person.blocked:
            raise NotPossible(f"{person.name} has blocked the bot; unblock it first.")
        if message is None or all(
            b.get("callback_data") != data for b in buttons_of(message.buttons)
        ):
            raise NotPossible("This button is not there (any more).")
        self.queries = {k: q for k, q in self.queries.items() if not self.expired(q, now)}
        query = Query(
            id=str(self.bot_id * 10**9 + self.next_id("query")),
            person=person_id,
            message=message_id,
            date=now.timestamp(),
        )
        self.queries[query.id] = query
        payload = {
            "id": query.id,
            "from": person.to_user(),
            "message": self.show(person_id, message),
            "chat_instance": str(person_id),
            "data": data,
        }
        self.publish("callback_query", payload)
        return query

    # --- what the bot's methods look up and change ---

    def bot_user(self) -> Json:
        return {
            "id": self.bot_id,
            "is_bot": True,
            "first_name": self.profile.name,
            "username": "backbeat_local_bot",
        }

    @staticmethod
    def expired(query: Query, now: datetime) -> bool:
        return now.timestamp() - query.date > QUERY_LIFE.total_seconds()

    def answer(self, query: Query, answer: Json) -> None:
        """The first answer is the one a person sees."""
        query.answer = query.answer or answer
        self.tell("answer", person=query.person, query=query.id)

    def post(self, person_id: int, content: Json, markup: Json | None, now: datetime) -> Message:
        """Store what the bot sends, and let its keyboard act."""
        markup = markup or {}
        chat = self.chats[person_id]
        message = Message(
            id=self.next_id("message"),
            date=int(now.timestamp()),
            by_bot=True,
            content=content,
            buttons=markup if "inline_keyboard" in markup else None,
        )
        chat.messages[message.id] = message
        if "keyboard" in markup or "force_reply" in markup:
            chat.keyboard, chat.keyboard_hidden = markup | {"message_id": message.id}, False
        elif "remove_keyboard" in markup:
            chat.keyboard = None
        self.tell("chat", person=person_id, posted=message)
        return message

    def delete(self, person_id: int, message_id: int) -> None:
        del self.chats[person_id].messages[message_id]
        self.tell("chat", person=person_id)

    def show(self, person_id: int, message: Message, depth: int = 1) -> Json:
        """A message as the Bot API shows it."""
        person = self.people[person_id]
        shown: Json = {
            "message_id": message.id,
            "from": self.bot_user() if message.by_bot else person.to_user(),
            "chat": person.to_chat(),
            "date": message.date,
            **message.content,
        }
        if message.buttons:
            shown["reply_markup"] = message.buttons
        if message.edited is not None:
            shown["edit_date"] = message.edited
        original = self.chats[person_id].messages.get(message.reply_to or 0)
        if original and depth:
            shown["reply_to_message"] = self.show(person_id, original, depth - 1)
        return shown

    # --- keeping; the bytes of files are kept beside it, see saver.py ---

    def to_json(self) -> Json:
        return {
            "people": [p.to_json() for p in self.people.values()],
            "chats": {str(k): c.to_json() for k, c in self.chats.items()},
            "queries": [q.to_json() for q in self.queries.values()],
            "files": [{**asdict(f), "body": None} for f in self.files.values()],
            "updates": self.updates,
            "profile": self.profile.to_json(),
            "webhook": self.webhook.to_json(),
            "allowed_updates": self.allowed_updates,
            "last": self.last,
        }

    def restore(self, data: Json, body_of: Callable[[str], bytes]) -> None:
        """Become the world that was kept."""
        self.people = {p["id"]: Person.from_json(p) for p in data["people"]}
        self.chats = {int(k): Chat.from_json(c) for k, c in data["chats"].items()}
        self.queries = {q["id"]: Query.from_json(q) for q in data["queries"]}
        kept = (StoredFile(**f | {"body": body_of(f["file_id"])}) for f in data["files"])
        self.files = {f.file_id: f for f in kept}
        self.updates = data["updates"]
        self.profile = Profile.from_json(data["profile"])
        self.webhook = Webhook.from_json(data["webhook"])
        self.allowed_updates = data["allowed_updates"]
        self.last = self.last | data["last"]
