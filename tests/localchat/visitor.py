"""A person on the page, for tests: does over HTTP what a hand does in the browser."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import httpx

from bot.localchat.server import Localchat
from tests import scan

LATELY, EVER = 30, 10_000  # messages: what is looked for is mostly among the newest


class Impossible(Exception):
    """The page said no, in these words."""


class Visitor:
    """Somebody who talks to the bot. Make one with `await Visitor.arrive(local, "Ada")`."""

    def __init__(
        self, http: httpx.AsyncClient, local: Localchat, person_id: int, name: str
    ) -> None:
        self._http = http
        self._local = local
        self._changed = asyncio.Event()
        self.id = person_id
        self.name = name
        local.world.listeners.append(self._hear)

    def _hear(self, change: dict[str, Any]) -> None:
        """The page is told of its chat's changes, too."""
        if change.get("person") == self.id:
            self._changed.set()

    @classmethod
    async def arrive(
        cls, local: Localchat, name: str = "Ada", language_code: str | None = "en"
    ) -> Self:
        """Become someone new; nothing is said yet."""
        http = httpx.AsyncClient(base_url=local.page_url, timeout=40, trust_env=False, verify=False)
        body = {"name": name, "language_code": language_code}
        person = (await http.post("page/people", json=body)).raise_for_status().json()
        return cls(http, local, person["id"], name)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.leave()

    async def leave(self) -> None:
        """Close the connection; the person stays."""
        self._local.world.listeners.remove(self._hear)
        await self._http.aclose()

    async def _act(self, deed: str, **body: Any) -> Any:
        response = await self._http.post(f"page/people/{self.id}/{deed}", json=body)
        if response.status_code in (400, 409):
            raise Impossible(response.json()["error"])
        return response.raise_for_status().json()

    async def say(self, text: str) -> int:
        """Send a text (a reply-keyboard button is its text); return its message id."""
        if len(text) >= scan.LONG and not text.startswith("/"):
            scan.typed.add(text)
        return int((await self._act("say", text=text))["message_id"])

    async def sticker(self, emoji: str = "👋") -> int:
        return int((await self._act("sticker", emoji=emoji))["message_id"])

    async def share_location(self, lat: float, lon: float) -> int:
        return int((await self._act("location", latitude=lat, longitude=lon))["message_id"])

    async def tap(
        self, label_or_data: str, on: int | None = None, wait: float = 10
    ) -> dict[str, Any]:
        """Press the newest button with this label or data (on one message, if given); return the answer.

        The answer is {"answered", "text", "show_alert", "query_id"}. A button that is nowhere is
        pressed all the same where `on` says, with `label_or_data` as data: the page refuses it.
        """

        def meant(message: dict[str, Any]) -> list[str]:
            return [
                button["callback_data"]
                for row in message["rows"]
                for button in row
                if label_or_data in (button["text"], button.get("callback_data"))
                and "callback_data" in button
                and on in (None, message["id"])
            ]

        message = await self._newest(meant)
        if message is None:
            return await self._press(on or 0, label_or_data, wait)
        return await self._press(message["id"], meant(message)[0], wait)

    async def _press(self, message_id: int, data: str, wait: float) -> dict[str, Any]:
        answer: dict[str, Any] = await self._act("tap", message_id=message_id, data=data, wait=wait)
        return answer

    async def block(self) -> None:
        await self._act("block", blocked=True)

    async def unblock(self) -> None:
        await self._act("block", blocked=False)

    async def chat(self, newest: int = EVER) -> dict[str, Any]:
        """Everything the page shows: person, messages, keyboard, commands."""
        response = await self._http.get(f"page/people/{self.id}", params={"newest": newest})
        chat: dict[str, Any] = response.raise_for_status().json()
        return chat

    async def messages(self, newest: int = EVER) -> list[dict[str, Any]]:
        """All messages, oldest first: {id, by_bot, date, edited, content, rows, reactions, text}.

        `text` is the text or the caption, "" when there is neither.
        """
        shown = (await self.chat(newest))["messages"]
        return [
            m | {"text": m["content"].get("text") or m["content"].get("caption") or ""}
            for m in shown
        ]

    async def _newest(self, fits: Callable[[dict[str, Any]], Any]) -> dict[str, Any] | None:
        """The newest message that fits, if there is one."""
        for newest in (LATELY, EVER):
            messages = await self.messages(newest)
            found = next((m for m in reversed(messages) if fits(m)), None)
            if found or len(messages) < newest:
                return found
        return None

    async def file(self, message: dict[str, Any]) -> tuple[str, bytes]:
        """The document of a message: its name, and what is in it."""
        document = message["content"]["document"]
        response = await self._http.get(f"page/files/{document['file_id']}")
        return document["file_name"], response.raise_for_status().content

    async def last(self) -> dict[str, Any]:
        """The newest message of the bot."""
        message = await self._newest(lambda m: m["by_bot"])
        assert message is not None, f"the bot has said nothing to {self.name}"
        return message

    async def labels(self, on: int | None = None) -> list[str]:
        """The labels of the buttons under one message; under the bot's newest by default."""
        chosen = await self._newest(lambda m: m["id"] == on if on else m["by_bot"])
        assert chosen is not None, f"{self.name} sees no such message"
        return [b["text"] for row in chosen["rows"] for b in row]

    async def wait_for(
        self,
        predicate: Callable[[dict[str, Any]], bool] | str,
        timeout: float = 5,  # noqa: ASYNC109  # the caller says how patient this person is
    ) -> dict[str, Any]:
        """Return the newest message of the bot that fulfils the predicate, or holds these words; wait for it.

        Old messages count: to wait for a new one, test `m["id"] > known`.
        """
        words = predicate

        def fits(message: dict[str, Any]) -> bool:
            said = words in message["text"] if isinstance(words, str) else words(message)
            return message["by_bot"] and said

        try:
            async with asyncio.timeout(timeout):
                while True:
                    self._changed.clear()
                    if found := await self._newest(fits):
                        return found
                    await self._changed.wait()
        except TimeoutError:
            seen = [(m["id"], m["text"]) for m in await self.messages()]
            raise AssertionError(
                f"no such message within {timeout} s; {self.name} sees {seen}"
            ) from None
