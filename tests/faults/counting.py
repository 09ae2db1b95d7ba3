"""A Telegram that only answers, and counts what each chat was sent."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

CHAT = re.compile(rb'chat_id"?[=:]"?(\d+)')
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
SELF = b'{"id":1,"is_bot":true,"first_name":"B","username":"counting_bot"}'
LISTEN = 1.0  # seconds that a getUpdates waits in vain


class Counting:
    """By chat, how many messages came."""

    def __init__(self) -> None:
        self.sent: Counter[int] = Counter()
        self.more = asyncio.Event()  # one has come

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A kept connection, until it ends."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = LENGTH.search(head)
                body = await reader.readexactly(int(length[1])) if length else b""
                said = await self._said(head.split(b" ", 2)[1].rpartition(b"/")[2], body)
                said = b'{"ok":true,"result":' + said + b"}"
                kind = b"Content-Type: application/json\r\n"
                size = b"Content-Length: %d\r\n\r\n" % len(said)
                writer.write(b"HTTP/1.1 200 OK\r\n" + kind + size + said)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _said(self, method: bytes, body: bytes) -> bytes:
        match method:
            case b"getMe":
                return SELF
            case b"getUpdates":
                await asyncio.sleep(LISTEN)
                return b"[]"
            case b"sendMessage" | b"sendPhoto":
                found = CHAT.search(body)
                assert found is not None, body
                self.sent[int(found[1])] += 1
                self.more.set()
                chat = b'{"id":%d,"type":"private","first_name":"A"}' % int(found[1])
                return b'{"message_id":%d,"date":1,"chat":%b}' % (self.sent.total(), chat)
        return b"true"

    async def until(self, letters: int) -> None:
        """So many people have got theirs."""
        while len(self.sent) < letters:
            self.more.clear()
            await self.more.wait()


@asynccontextmanager
async def counting() -> AsyncIterator[tuple[Counting, str]]:
    """The counts, and the address."""
    made = Counting()
    server = await asyncio.start_server(made.answer, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    try:
        yield made, f"http://127.0.0.1:{port}/bot"
    finally:
        server.close()
