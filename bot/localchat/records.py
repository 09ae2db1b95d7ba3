"""The records a world is made of, each with its two directions: to JSON and from it.

A record holds; it does nothing. Content is kept in the Bot API's own shape.
"""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from bot.localchat.refusals import Json


class Record:
    """A dataclass whose fields are JSON already."""

    __slots__ = ()

    def to_json(self) -> Json:
        return asdict(self)  # type: ignore[call-overload, no-any-return]  # every subclass is a dataclass

    @classmethod
    def from_json(cls, data: Json) -> Self:
        known = {f.name for f in fields(cls)}  # type: ignore[arg-type]  # every subclass is a dataclass
        return cls(**{name: value for name, value in data.items() if name in known})


@dataclass(slots=True, kw_only=True)
class Person(Record):
    """Someone to be on the page."""

    id: int
    name: str
    language: str | None = None
    started: bool = False  # wrote to the bot at least once; before that a bot may not write
    blocked: bool = False  # they blocked the bot
    deactivated: bool = False  # their account is gone

    def to_user(self) -> Json:
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.name}
        return user | ({"language_code": self.language} if self.language else {})

    def to_chat(self) -> Json:
        return {"id": self.id, "type": "private", "first_name": self.name}


@dataclass(slots=True, kw_only=True)
class Message(Record):
    """One bubble."""

    id: int
    date: int  # unix seconds of localchat's clock
    by_bot: bool
    content: Json  # text or media with caption, in the Bot API's shape
    buttons: Json | None = None  # the inline keyboard
    edited: int | None = None
    reaction: list[Json] = field(default_factory=list)  # the bot's
    reply_to: int | None = None


@dataclass(slots=True, kw_only=True)
class Chat(Record):
    """One person's conversation with the bot."""

    messages: dict[int, Message] = field(default_factory=dict)
    keyboard: Json | None = None  # the reply keyboard, or the request to reply, under the input
    keyboard_hidden: bool = False  # a one-time keyboard that was used

    @classmethod
    def from_json(cls, data: Json) -> Self:
        messages = {int(k): Message.from_json(v) for k, v in data["messages"].items()}
        return cls(**data | {"messages": messages})


@dataclass(slots=True, kw_only=True)
class Query(Record):
    """A tap that waits for its answer."""

    id: str
    person: int
    message: int
    date: float
    answer: Json | None = None  # {"text", "show_alert"}, once the bot answered


@dataclass(slots=True, kw_only=True)
class Webhook(Record):
    """Where updates are posted to, and what went wrong with that the last time."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error_date: int | None = None
    last_error_message: str | None = None


@dataclass(slots=True, kw_only=True)
class Profile(Record):
    """How the bot introduces itself; each text and command list by language, "" for everyone else."""

    name: str = "Backbeat"
    texts: dict[str, dict[str, str]] = field(default_factory=dict)  # kind -> language -> text
    commands: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
