"""Ways into the middle of a conversation, and what an honest page can't do."""

import asyncio
import datetime as dt
import sqlite3
from pathlib import Path
from typing import Any

from bot.domain.profile import Question
from tests import builders
from tests.journeys.house import Guest, House

DELIVERIES = "SELECT state FROM delivery ORDER BY due_at"


def file_of(home: House) -> Path:
    return Path(home.settings.database_url.partition("///")[2])


def read(home: House, query: str, *values: object) -> list[Any]:
    """Rows, read beside the bot."""
    connection = sqlite3.connect(file_of(home), timeout=10)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def write(home: House, query: str, *values: object) -> None:
    """Change the database behind the bot's back."""
    connection = sqlite3.connect(file_of(home), timeout=10)
    try:
        with connection:
            connection.execute(query, values)
    finally:
        connection.close()


def practised_on(home: House, *moments: dt.datetime) -> None:
    """The first person did their rituals of those days, and said no more about them."""
    for moment in moments:
        day, at = moment.date().isoformat(), moment.replace(tzinfo=None).isoformat(" ")
        write(
            home,
            "INSERT INTO session (person_id, occasion, local_date, minutes, place, made_at)"
            " VALUES (1, ?, ?, 10, 'floor', ?)",
            *(day, day, at),
        )
        [(session_id,)] = read(home, "SELECT max(id) FROM session")
        write(
            home,
            "INSERT INTO answer (session_id, question, value, at, update_id)"
            " VALUES (?, 'completed', 0, ?, ?)",
            *(session_id, at, -session_id),
        )


async def guest_at(home: House, upto: Question | None = None, name: str = "Ada") -> Guest:
    """Somebody at a question of the enrolment, or beyond all; nothing of it stands in the chat."""
    guest = await home.visitor(name)
    home.local.world.people[guest.visitor.id].started = True
    async with builders.database(file_of(home).parent) as database:
        desk = builders.desk(database)
        now = home.local.now().replace(microsecond=0)  # who came at that time before comes quickly
        await builders.enrolled(desk, now, guest.visitor.id, upto)
    return guest


async def processed(home: House, patience: float = 10) -> None:
    """Wait until the bot has taken and worked off all that people did."""
    async with asyncio.timeout(patience):
        while home.local.world.updates or unfinished(home):  # noqa: ASYNC110  # no row tells of itself
            await asyncio.sleep(0.02)


async def delivered(home: House, *states: str, patience: float = 10) -> None:
    """Wait until the rituals stand so, in the order of their times."""
    async with asyncio.timeout(patience):
        while read(home, DELIVERIES) != [(state,) for state in states]:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.02)


def unfinished(home: House) -> list[Any]:
    return read(home, "SELECT update_id FROM inbox WHERE waiting")


async def reply_to(home: House, guest: Guest, text: str) -> list[str]:
    """Say something; return all that the bot then says."""
    known = await guest.visitor.say(text)
    await processed(home)
    return [m["text"] for m in await guest.visitor.messages() if m["by_bot"] and m["id"] > known]


async def card(home: House, guest: Guest) -> int:
    """Bring today's card; return its message id."""
    await reply_to(home, guest, "/today")
    return int((await guest.visitor.last())["id"])


async def text_of(guest: Guest, message_id: int) -> str:
    return str(next(m["text"] for m in await guest.visitor.messages() if m["id"] == message_id))


async def forge(
    home: House, guest: Guest, data: str, on: int | None = None, *, faded: bool = False
) -> None:
    """A tap that no app of Telegram's would send; `faded` as Telegram shows a card that is too old."""
    world, person_id = home.local.world, guest.visitor.id
    person, messages = world.people[person_id], world.chats[person_id].messages
    message = messages[on or max(messages)]
    shown = {"chat": person.to_chat(), "message_id": message.id, "date": 0}
    world.publish(
        "callback_query",
        {
            "id": "77",
            "from": person.to_user(),
            "message": shown if faded else world.show(person_id, message),
            "chat_instance": "1",
            "data": data,
        },
    )
    await processed(home)
