"""The webhook's address: what is let in, what is refused with which number, and 200 only for what is kept."""

import json
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from bot.chat.application import Webhook
from bot.chat.door import BYTES, SECRET, build_door
from bot.storage.inbox import Arrival

WEBHOOK = Webhook(url="https://bot.example/telegram", secret="a-secret-of-16-signs")
HEADERS = {SECRET: WEBHOOK.secret, "content-type": "application/json"}
MESSAGE = {"update_id": 7, "message": {"message_id": 1, "chat": {"id": 70}, "text": "it hurts"}}


class Store:
    """Keeps what comes, or is away."""

    def __init__(self) -> None:
        self.kept: list[Arrival] = []
        self.away = False

    async def receive(self, arrival: Arrival) -> None:
        if self.away:
            raise ConnectionError
        self.kept.append(arrival)


async def post(store: Store, body: Any, path: str = "/telegram", **headers: str | None) -> int:
    """As Telegram does, but for the headers that are named; None leaves one out."""
    changed = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
    transport = httpx.ASGITransport(build_door(WEBHOOK, store.receive))
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as http:
        answer = await http.post(
            path,
            content=body if isinstance(body, (bytes, str)) else json.dumps(body),
            headers=[
                (name.encode(), value.encode())
                for name, value in changed.items()
                if value is not None
            ],
        )
    assert answer.content == b"" or answer.status_code in (404, 405)
    return answer.status_code


@pytest.mark.parametrize(
    ("body", "chat"),
    [
        (MESSAGE, 70),
        ({"update_id": 7, "my_chat_member": {"chat": {"id": 70}}}, 70),
        ({"update_id": 7, "callback_query": {"message": {"chat": {"id": 70}}, "data": "x"}}, 70),
        ({"update_id": 7, "callback_query": {"data": "x"}}, None),  # of a message elsewhere
        ({"update_id": 7, "poll": {}}, None),
    ],
)
async def test_what_telegram_brings_is_kept_as_it_came(body: Any, chat: int | None) -> None:
    store = Store()
    assert await post(store, body) == 200
    assert [(kept.update_id, kept.chat_id) for kept in store.kept] == ([(7, chat)] if chat else [])
    assert all(json.loads(kept.payload) == body for kept in store.kept)


@pytest.mark.parametrize(
    ("body", "status", "other"),
    [
        (MESSAGE, 403, {SECRET: "another-secret-of-such"}),
        (MESSAGE, 403, {SECRET: None}),
        (MESSAGE, 403, {SECRET: "ü"}),
        ("{", 403, {SECRET: ""}),  # nothing else is looked at
        (MESSAGE, 404, {"path": "/"}),
        (MESSAGE, 404, {"path": "/metrics"}),
        (MESSAGE, 404, {"path": "/readyz"}),
        (MESSAGE, 415, {"content_type": "application/x-www-form-urlencoded"}),
        (MESSAGE, 415, {"content_type": None}),
        (b" " * (BYTES + 1), 413, {}),
        (b" " * (BYTES + 1), 413, {"content_length": "5"}),
        ("{", 400, {}),
        ("[]", 400, {}),
        ("", 400, {}),
        (b'{"update_id": 7, "message": "\xff"}', 400, {}),
        ("[" * 10_000, 400, {}),
        ({"update_id": "7"}, 400, {}),
        ({"update_id": -7}, 400, {}),
        ({"update_id": 2**63}, 400, {}),
    ],
)
async def test_anything_else_is_refused_and_nothing_is_kept(
    body: Any, status: int, other: dict[str, Any]
) -> None:
    store = Store()
    assert await post(store, body, **other) == status
    assert store.kept == []


async def test_what_could_not_be_kept_telegram_brings_again() -> None:
    store = Store()
    store.away = True
    with capture_logs() as logs:
        assert await post(store, MESSAGE) == 503
    assert "it hurts" not in repr(logs)
