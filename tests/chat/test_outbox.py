"""What becomes of a letter, over HTTP: each misfortune has its receipt."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.chat import application as chat
from bot.chat.outbox import TelegramOutbox
from bot.chat.pacer import Pacer
from bot.delivery.letter import Button, Letter
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
from tests import builders
from tests.localchat.visitor import Visitor

TAP = Rate(7, Asked.COMPLETED, 2)
LETTER = Letter(
    "<b>Your ritual</b>", ((Button("Done", TAP, style="success"), Button("Worry", Worry())),)
)


PICTURED = replace(LETTER, picture=paper.png(paper.sheet(100, 100, [])))


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
async def outbox(
    local: Localchat, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[TelegramOutbox]:
    """As the assembly builds it, with less patience."""
    monkeypatch.setattr(chat, "SECONDS", 0.3)
    database = Database("sqlite+aiosqlite://")
    application = chat.build_application(
        token=local.token,
        api_url=local.api_url,
        desk=builders.desk(database),
        pacer=Pacer(1000, 1000),
    )
    await application.initialize()
    yield TelegramOutbox(application.bot)
    await application.shutdown()
    await database.close()


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
        replace(PICTURED, picture=b"no picture at all"),
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
