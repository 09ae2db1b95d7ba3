"""What becomes of a letter, over HTTP: each misfortune has its receipt."""

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select
from telegram.ext import ExtBot

from bot.chat import application as chat
from bot.chat.album import Album
from bot.chat.outbox import TelegramOutbox
from bot.chat.pacer import Pacer
from bot.delivery.letter import Button, Letter, drawn
from bot.delivery.receipt import Later, Receipt, Refused, Sent, Unknown, Unreachable, Unsent
from bot.delivery.taps import Rate, Worry
from bot.domain.session import Asked
from bot.localchat.faults import (
    BadRequest,
    Fault,
    HoldBefore,
    LostAfter,
    LostBefore,
    ServerError,
    TooMany,
)
from bot.localchat.server import Localchat
from bot.pictures import paper
from bot.storage.database import Database
from bot.storage.tables import MediaRow
from tests import builders
from tests.localchat.visitor import Visitor

TAP = Rate(7, Asked.COMPLETED, 2)
LETTER = Letter(
    "<b>Your ritual</b>", ((Button("Done", TAP, style="success"), Button("Worry", Worry())),)
)


PICTURED = replace(LETTER, picture=drawn(paper.png(paper.sheet(100, 100, []))))


@pytest.fixture
async def local() -> AsyncIterator[Localchat]:
    local = Localchat()
    await local.start()
    yield local
    await local.stop()


@pytest.fixture
async def ada(local: Localchat) -> AsyncIterator[Visitor]:
    async with await Visitor.arrive(local, "Ada") as ada:
        await ada.say("/start")
        yield ada


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with builders.database(tmp_path) as database:
        yield database


@pytest.fixture
async def outbox(
    local: Localchat, database: Database, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[TelegramOutbox]:
    """As the assembly builds it, with less patience."""
    monkeypatch.setattr(chat, "SECONDS", 0.3)
    application = chat.build_application(
        token=local.token,
        api_url=local.api_url,
        desk=builders.desk(database),
        pacer=Pacer(1000, 1000),
    )
    await application.initialize()
    yield TelegramOutbox(application.bot, Album(database))
    await application.shutdown()


@pytest.fixture
def uploads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The chats that pictures were uploaded to."""
    seen: list[int] = []
    send_photo = ExtBot.send_photo

    async def counted(bot: ExtBot[None], chat_id: int, *args: Any, **said: Any) -> Any:
        seen.append(chat_id)
        return await send_photo(bot, chat_id, *args, **said)

    monkeypatch.setattr(ExtBot, "send_photo", counted)
    return seen


async def known(database: Database, letter: Letter, bot: int = 1) -> str | None:
    """What Telegram calls its picture."""
    assert letter.picture is not None
    recipe = letter.picture.recipe
    return (await Album(database).known(bot, [recipe])).get(recipe)


async def stored(person: Visitor) -> list[str]:
    return [m["text"] for m in await person.messages() if m["by_bot"]]


async def test_a_letter_arrives_with_its_buttons(outbox: TelegramOutbox, ada: Visitor) -> None:
    receipt = await outbox.send(ada.id, LETTER)
    message = await ada.last()
    assert receipt == Sent(message["id"])
    assert message["text"] == "Your ritual"
    assert [b["callback_data"] for row in message["rows"] for b in row] == [
        TAP.encode(),
        Worry().encode(),
    ]


@pytest.mark.parametrize(
    ("fault", "receipt", "arrived"),
    [
        (TooMany(retry_after=7), Later(7), 0),
        (ServerError(status=502), Unknown(), 0),
        (ServerError(status=504, stored=True), Unknown(), 1),
        (LostBefore(), Unknown(), 0),  # it left, and nobody here can know how far it got
        (LostAfter(), Unknown(), 1),
        (HoldBefore(), Unknown(), 0),  # no answer in time
        (BadRequest(words="out of luck"), Refused("Out of luck"), 0),
        (BadRequest(words="chat not found"), Unreachable(), 0),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
async def test_each_misfortune_has_its_receipt(
    local: Localchat,
    outbox: TelegramOutbox,
    ada: Visitor,
    fault: Fault,
    receipt: Receipt,
    arrived: int,
) -> None:
    local.faults.add(fault)
    assert await outbox.send(ada.id, LETTER) == receipt
    assert len(await stored(ada)) == arrived


async def test_whoever_blocked_the_bot_is_unreachable(outbox: TelegramOutbox, ada: Visitor) -> None:
    await ada.block()
    assert await outbox.send(ada.id, LETTER) == Unreachable()


async def test_whose_account_is_gone_is_unreachable(
    local: Localchat, outbox: TelegramOutbox, ada: Visitor
) -> None:
    local.world.deactivate(ada.id)
    assert await outbox.send(ada.id, LETTER) == Unreachable()


async def test_whoever_never_pressed_start_is_unreachable(
    local: Localchat, outbox: TelegramOutbox
) -> None:
    async with await Visitor.arrive(local, "Ben") as ben:
        assert await outbox.send(ben.id, LETTER) == Unreachable()


@pytest.mark.parametrize("text", ["<b>open", "<ritual>x</ritual>", " ", "x" * 4097])
async def test_what_telegram_will_not_have_is_refused_with_its_words(
    outbox: TelegramOutbox, ada: Visitor, text: str
) -> None:
    receipt = await outbox.send(ada.id, Letter(text))
    assert isinstance(receipt, Refused)
    assert receipt.why
    assert await stored(ada) == []


async def test_where_nobody_listens_nothing_was_sent(
    local: Localchat, outbox: TelegramOutbox, ada: Visitor
) -> None:
    await local.stop()
    assert await outbox.send(ada.id, LETTER) == Unsent()


async def test_a_picture_arrives_with_its_text_and_buttons_below(
    outbox: TelegramOutbox, ada: Visitor
) -> None:
    receipt = await outbox.send(ada.id, PICTURED)
    message = await ada.last()
    assert receipt == Sent(message["id"])
    assert message["content"]["photo"]
    assert message["content"]["caption"] == "Your ritual"
    assert await ada.labels() == ["Done", "Worry"]


@pytest.mark.parametrize(
    "letter",
    [
        replace(PICTURED, picture=drawn(b"no picture at all")),
        replace(PICTURED, text="x" * 1025),
    ],
)
async def test_what_telegram_will_not_have_as_a_picture_goes_as_its_text(
    outbox: TelegramOutbox, ada: Visitor, letter: Letter
) -> None:
    assert isinstance(await outbox.send(ada.id, letter), Sent)
    message = await ada.last()
    assert "photo" not in message["content"]
    assert message["text"] in (letter.text, "Your ritual")
    assert len(await stored(ada)) == 1


@pytest.mark.parametrize(
    ("fault", "receipt", "arrived"),
    [
        (TooMany(retry_after=7), Later(7), 0),
        (ServerError(status=504, stored=True), Unknown(), 1),
        (LostBefore(), Unknown(), 0),
        (LostAfter(), Unknown(), 1),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
async def test_a_picture_that_may_have_arrived_is_not_sent_once_more_as_text(
    local: Localchat,
    outbox: TelegramOutbox,
    ada: Visitor,
    fault: Fault,
    receipt: Receipt,
    arrived: int,
) -> None:
    local.faults.add(replace(fault, method="sendPhoto"))
    assert await outbox.send(ada.id, PICTURED) == receipt
    assert len(await stored(ada)) == arrived


async def test_who_blocked_the_bot_gets_no_picture_either(
    outbox: TelegramOutbox, ada: Visitor
) -> None:
    await ada.block()
    assert await outbox.send(ada.id, PICTURED) == Unreachable()


async def test_a_picture_is_uploaded_once_and_sent_by_its_name_from_then_on(
    outbox: TelegramOutbox, ada: Visitor, uploads: list[int]
) -> None:
    for _ in range(3):
        assert isinstance(await outbox.send(ada.id, PICTURED), Sent)
    assert uploads == [ada.id]
    first, *others = [m for m in await ada.messages() if m["by_bot"]]
    assert [m["content"] for m in others] == [first["content"]] * 2
    assert await ada.labels() == ["Done", "Worry"]


async def test_a_name_that_telegram_no_longer_knows_is_learnt_anew(
    local: Localchat, outbox: TelegramOutbox, ada: Visitor, uploads: list[int]
) -> None:
    await outbox.send(ada.id, PICTURED)
    local.world.files.clear()
    for _ in range(2):
        assert isinstance(await outbox.send(ada.id, PICTURED), Sent)
    assert len(uploads) == 2
    assert len(await stored(ada)) == 3
    assert all("photo" in m["content"] for m in await ada.messages() if m["by_bot"])


async def test_a_name_is_of_no_use_to_another_bot(
    outbox: TelegramOutbox, ada: Visitor, database: Database
) -> None:
    await outbox.send(ada.id, PICTURED)
    assert await known(database, PICTURED)
    assert await known(database, PICTURED, bot=2) is None


async def test_what_is_remembered_of_a_person_is_their_newest_picture(
    outbox: TelegramOutbox, ada: Visitor, database: Database
) -> None:
    await builders.enrolled(builders.desk(database), dt.datetime.now(dt.UTC), ada.id)
    newer = replace(PICTURED, picture=drawn(paper.png(paper.sheet(90, 90, []))))
    for letter in (PICTURED, newer):
        await outbox.send(ada.id, letter)
    async with database.look() as work:
        rows = (await work.exec(select(MediaRow))).all()
    assert [row.person_id for row in rows] == [1]
    assert rows[0].file_id == await known(database, newer)


async def test_a_picture_that_left_is_not_sent_again_because_its_name_was_not_kept(
    outbox: TelegramOutbox, ada: Visitor, database: Database
) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(sa.text("ALTER TABLE media ADD COLUMN asked TEXT NOT NULL"))
    assert isinstance(await outbox.send(ada.id, PICTURED), Sent)
    assert await known(database, PICTURED) is None
