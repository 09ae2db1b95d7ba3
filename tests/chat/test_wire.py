"""The wire beside the library's own client: both tell every misfortune alike, and both carry all methods."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, HTTPXRequest

from bot.chat.application import CONNECTIONS, build_application
from bot.chat.wire import NeverLeft, NobodyKnows, Patience, Wire, _trusted
from bot.localchat.faults import HoldBefore
from bot.localchat.server import Localchat
from bot.pictures import paper
from bot.practice.desk import Desk
from tests.localchat.conftest import PLAIN
from tests.localchat.visitor import Visitor

SHORT = 0.2  # seconds of patience, where something is to be waited for in vain
LONG = 5.0
SECRET = "12345:notatoken"
PICTURE = paper.png(paper.sheet(100, 100, []))

Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter
Behave = Callable[[Reader, Writer], Awaitable[None]]


def ours(connections: int = 8, **patience: float) -> BaseRequest:
    return Wire(connections, Patience(**{"read": LONG, **patience}))


def reference(connections: int = 8, **patience: float) -> BaseRequest:
    told = {f"{name}_timeout": seconds for name, seconds in ({"read": LONG} | patience).items()}
    if "upload_timeout" in told:
        told["media_write_timeout"] = told.pop("upload_timeout")
    kwargs: dict[str, Any] = {"connection_pool_size": connections, **told}
    return HTTPXRequest(**kwargs, httpx_kwargs={**PLAIN, "verify": True})


@pytest.fixture(params=[ours, reference])
def client(request: pytest.FixtureRequest) -> Callable[..., BaseRequest]:
    made: Callable[..., BaseRequest] = request.param
    return made


@asynccontextmanager
async def serving(behave: Behave, **how: Any) -> AsyncIterator[str]:
    """A server that behaves so on each connection, and closes it behind."""
    busy = set()

    async def connected(reader: Reader, writer: Writer) -> None:
        task = asyncio.current_task()
        busy.add(task)
        try:
            await behave(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            busy.discard(task)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, **how)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in [*busy]:
            assert task is not None
            task.cancel()
        await asyncio.gather(*(task for task in busy if task), return_exceptions=True)


async def heard(reader: Reader) -> bytes:
    """One request, whole; its body."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length:")[2].split(b"\r\n")[0]
    return await reader.readexactly(int(length or 0))


def answer(status: int, body: bytes, *, length: int | None = None) -> bytes:
    long = len(body) if length is None else length
    return b"HTTP/1.1 %d x\r\nContent-Length: %d\r\n\r\n%b" % (status, long, body)


def says(status: int, body: bytes, *, length: int | None = None) -> Behave:
    async def behave(reader: Reader, writer: Writer) -> None:
        while True:
            await heard(reader)
            writer.write(answer(status, body, length=length))

    return behave


def refuses(code: int, words: str, **parameters: object) -> Behave:
    told = {"ok": False, "error_code": code, "description": words, "parameters": parameters}
    return says(code, json.dumps(told).encode())


async def closes_at_once(reader: Reader, writer: Writer) -> None:
    pass


async def closes_when_it_has_heard(reader: Reader, writer: Writer) -> None:
    await heard(reader)


async def talks_nonsense(reader: Reader, writer: Writer) -> None:
    await heard(reader)
    writer.write(b"good morning\r\n\r\n")


async def talks_out_of_turn(reader: Reader, writer: Writer) -> None:
    writer.write(answer(400, b""))


async def stalls(reader: Reader, writer: Writer) -> None:
    await asyncio.sleep(LONG)


async def stalls_within(reader: Reader, writer: Writer) -> None:
    await heard(reader)
    writer.write(answer(200, b'{"ok":', length=100))
    await asyncio.sleep(LONG)


async def ends_within(reader: Reader, writer: Writer) -> None:
    await heard(reader)
    writer.write(answer(200, b'{"ok":', length=100))


async def answers_once(reader: Reader, writer: Writer) -> None:
    """A kept connection, dropped when the next request comes."""
    await heard(reader)
    writer.write(answer(200, FINE))
    await heard(reader)


FINE = b'{"ok": true, "result": true}'


async def tell(client: BaseRequest, url: str, **said: Any) -> Any:
    """What one call ends in."""
    async with client:
        bot = Bot(SECRET, f"{url}/bot", request=client)
        return await attempt(bot.send_chat_action, 5, "typing", **said)


async def attempt(call: Callable[..., Awaitable[object]], *args: Any, **said: Any) -> Any:
    try:
        await call(*args, **said)
    except TelegramError as failed:
        return failed
    return None


def holds_nothing_secret(failed: Exception) -> None:
    seen: BaseException | None = failed
    while seen is not None:
        assert SECRET not in repr(seen)
        seen = seen.__cause__ or seen.__context__


def proved(client: object, failed: Exception, proof: type[Exception] | None) -> None:
    """Ours says what it proves, and no secret."""
    if client is ours:
        assert isinstance(failed.__cause__, proof) if proof else True
        holds_nothing_secret(failed)


@pytest.mark.parametrize(
    ("behave", "failure", "proof"),
    [
        (closes_at_once, NetworkError, NobodyKnows),
        (closes_when_it_has_heard, NetworkError, NobodyKnows),
        (talks_nonsense, NetworkError, NobodyKnows),
        (ends_within, NetworkError, NobodyKnows),
        (stalls, TimedOut, NobodyKnows),
        (stalls_within, TimedOut, NobodyKnows),
        (says(200, b"<html>"), TelegramError, None),
        (says(502, b"<html>"), NetworkError, None),
        (refuses(500, "Internal Server Error"), NetworkError, None),
        (refuses(429, "Too Many Requests", retry_after=7), RetryAfter, None),
        (refuses(400, "Bad Request: no"), BadRequest, None),
        (refuses(403, "Forbidden: bot was blocked by the user"), Forbidden, None),
        (refuses(409, "Conflict: other"), Conflict, None),
        (refuses(401, "Unauthorized"), InvalidToken, None),
        (says(302, b""), NetworkError, None),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_each_misfortune_is_told_as_the_library_tells_it(
    client: Callable[..., BaseRequest],
    behave: Behave,
    failure: type[Exception],
    proof: type[Exception] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the bot has it
    async with serving(behave) as url:
        failed = await tell(client(read=SHORT), url)
    assert type(failed) is failure
    proved(client, failed, proof)


async def test_where_nobody_listens_nothing_left(client: Callable[..., BaseRequest]) -> None:
    async with serving(stalls) as url:
        pass
    failed = await tell(client(), url)
    assert type(failed) is NetworkError
    proved(client, failed, NeverLeft)


async def test_where_no_name_is_known_nothing_left(client: Callable[..., BaseRequest]) -> None:
    failed = await tell(client(), "http://nobody.invalid")
    assert type(failed) is NetworkError
    proved(client, failed, NeverLeft)


async def test_where_tls_is_not_spoken_nothing_left(client: Callable[..., BaseRequest]) -> None:
    async with serving(talks_out_of_turn) as url:
        failed = await tell(client(), url.replace("http:", "https:"))
    assert type(failed) is NetworkError
    proved(client, failed, NeverLeft)


async def test_a_connection_that_takes_too_long_never_was(
    client: Callable[..., BaseRequest],
) -> None:
    async with serving(stalls) as url:  # it never says its part of the TLS handshake
        failed = await tell(client(connect=SHORT), url.replace("http:", "https:"))
    assert type(failed) is TimedOut
    proved(client, failed, NeverLeft)


async def test_who_finds_no_connection_free_sent_nothing(
    client: Callable[..., BaseRequest],
) -> None:
    async with serving(stalls) as url, client(1, pool=SHORT) as made:
        bot = Bot(SECRET, f"{url}/bot", request=made)
        first = asyncio.create_task(attempt(bot.send_chat_action, 5, "typing"))
        await asyncio.sleep(0)
        failed = await attempt(bot.send_chat_action, 5, "typing")
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
    assert type(failed) is TimedOut
    proved(client, failed, NeverLeft)


async def test_a_kept_connection_that_is_dropped_proves_nothing(
    client: Callable[..., BaseRequest],
) -> None:
    async with serving(answers_once) as url, client() as made:
        bot = Bot(SECRET, f"{url}/bot", request=made)
        assert await attempt(bot.send_chat_action, 5, "typing") is None
        failed = await attempt(bot.send_chat_action, 5, "typing")
        assert await attempt(bot.send_chat_action, 5, "typing") is None  # on a new one
    assert type(failed) is NetworkError
    proved(client, failed, NobodyKnows)


async def test_an_upload_that_nobody_takes_ends(client: Callable[..., BaseRequest]) -> None:
    async with serving(stalls, limit=1024) as url, client(upload=SHORT) as made:
        bot = Bot(SECRET, f"{url}/bot", request=made)
        failed = await attempt(bot.send_document, 5, bytes(16 * 1024 * 1024))
    assert type(failed) is TimedOut
    proved(client, failed, NobodyKnows)


async def test_a_call_has_its_own_patience(client: Callable[..., BaseRequest]) -> None:
    async with serving(stalls) as url:
        failed = await tell(client(read=60), url, read_timeout=SHORT)
    assert type(failed) is TimedOut


async def test_certificates_are_checked() -> None:
    assert _trusted().verify_mode is ssl.CERT_REQUIRED
    assert _trusted().check_hostname
    assert _trusted().get_ca_certs()


@pytest.fixture
async def local() -> AsyncIterator[Localchat]:
    local = Localchat()
    await local.start()
    yield local
    await local.stop()


async def test_what_the_library_can_say_arrives(
    client: Callable[..., BaseRequest], local: Localchat
) -> None:
    """Text with buttons, a picture, another in its place, a file and its way back, and updates."""
    async with (
        await Visitor.arrive(local, "Ada") as ada,
        client() as calls,
        client() as listening,
        Bot(
            local.token,
            local.api_url,
            local.file_url,
            request=calls,
            get_updates_request=listening,
        ) as bot,
    ):
        await ada.say("/start ü 🌱")
        [update] = await bot.get_updates(timeout=1)
        assert update.message is not None
        assert update.message.text == "/start ü 🌱"

        buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Fertig ✓", callback_data="1")]])
        said = await bot.send_message(ada.id, "Grüße 🌱 & <b>so</b>", "HTML", reply_markup=buttons)
        assert (said.text, said.reply_markup) == ("Grüße 🌱 & so", buttons)

        shown = await bot.send_photo(ada.id, PICTURE, 'Vier "Wochen"', filename='für "dich".png')
        assert shown.caption == 'Vier "Wochen"'
        media = InputMediaPhoto(paper.png(paper.sheet(90, 90, [])), caption="neu")
        changed = await bot.edit_message_media(media, ada.id, shown.message_id)
        assert not isinstance(changed, bool)
        assert changed.caption == "neu"
        assert changed.photo[-1].width == 90

        again = await bot.send_photo(ada.id, shown.photo[-1].file_id)
        assert again.photo[-1].file_id == shown.photo[-1].file_id

        paged = await bot.send_document(ada.id, b"\r\n--x\r\n" * 50_000, filename="report.html")
        assert paged.document is not None
        assert paged.document.file_name == "report.html"
        file = await paged.document.get_file()
        assert bytes(await file.download_as_bytearray()) == b"\r\n--x\r\n" * 50_000


async def test_a_group_of_pictures_travels_whole(client: Callable[..., BaseRequest]) -> None:
    bodies: list[bytes] = []

    async def listens(reader: Reader, writer: Writer) -> None:
        bodies.append(await heard(reader))
        writer.write(answer(200, b'{"ok": true, "result": []}'))

    async with serving(listens) as url, client() as made:
        bot = Bot(SECRET, f"{url}/bot", request=made)
        await bot.send_media_group(5, [InputMediaPhoto(PICTURE), InputMediaPhoto(PICTURE)])
    [body] = bodies
    assert body.count(PICTURE) == 2
    assert body.count(b"attach://attached") == 2


async def test_who_listens_never_waits_behind_letters(local: Localchat) -> None:
    """As the application is built: while every connection for letters is taken."""
    application = build_application(
        token=local.token, api_url=local.api_url, desk=cast("Desk", None), per_second=1000
    )
    bot = application.bot
    await bot.initialize()
    held = local.faults.add(HoldBefore(method="sendChatAction", times=CONNECTIONS))
    calls = [attempt(bot.send_chat_action, 5, "typing") for _ in range(CONNECTIONS)]
    waiting = [asyncio.create_task(call) for call in calls]
    async with asyncio.timeout(LONG):
        while held.struck < CONNECTIONS:  # noqa: ASYNC110  # the server tells of the first only
            await asyncio.sleep(0.01)
        assert await bot.get_updates(timeout=0) == ()
    local.faults.clear()
    await asyncio.gather(*waiting)
    await bot.shutdown()
