"""What a handler is given: the desk, and the turn it answers.

`now` is when the update was stored, not when it is processed: after a crash, an answer still belongs to
the moment it was given.
"""

import datetime as dt
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from telegram import CallbackQuery, Chat, Message, Update
from telegram.ext import CallbackContext, ExtBot

from bot.catalogue.words import Words
from bot.chat.album import Album
from bot.practice.desk import Desk


@dataclass(slots=True)
class Turn:
    """One update being processed."""

    update_id: int
    now: dt.datetime
    album: Album
    language: str = ""  # of the person; the operator's own until it is known
    again: bool = False  # it may have been processed before, and only its reply be missing
    retry_after: float | None = None  # seconds; set when Telegram couldn't be reached
    cards: dict[int, int] = field(default_factory=dict)  # by session, the message that shows it now


TURN: ContextVar[Turn] = ContextVar("turn")


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """The library's context, with the desk in it."""

    @property
    def desk(self) -> Desk:
        desk: Desk = self.bot_data["desk"]
        return desk

    @property
    def words(self) -> Words:
        """The sentences, in the person's language."""
        return self.desk.words[self.turn.language]

    @property
    def turn(self) -> Turn:
        return TURN.get()

    @property
    def now(self) -> dt.datetime:
        return self.turn.now


def chat_of(update: Update) -> int:
    """Whose conversation it is. Only private chats get here, where chat and person share an id."""
    chat: Chat | None = update.effective_chat
    assert chat is not None
    return chat.id


def query_of(update: Update) -> CallbackQuery:
    """A CallbackQueryHandler is shown nothing else."""
    assert update.callback_query is not None
    return update.callback_query


def message_of(update: Update) -> Message:
    """A MessageHandler or CommandHandler is shown nothing else."""
    assert update.message is not None
    return update.message
