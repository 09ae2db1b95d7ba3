"""Whether Telegram answers, knows the token, brings updates, and has the same time as we do.

Asked over plain HTTP with short patience: the library would try again and again. Nothing that is said here
holds an address, since the token is a part of it.
"""

import datetime as dt
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.doctor.finding import Finding, fault, ok, warning

SERVER = "https://api.telegram.org"
PATIENCE = 5  # seconds
LISTEN = 4  # seconds in which another poller, which asks again at once, shows itself
AWRY = dt.timedelta(seconds=30)  # what a ritual may be late without anybody minding
WAITING = 100  # updates that wait, as many as Telegram hands out at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    code: int
    body: Mapping[str, Any]
    date: dt.datetime | None  # by the server's clock
    asked: dt.datetime  # by ours
    answered: dt.datetime

    @property
    def result(self) -> Mapping[str, Any]:
        result = self.body.get("result")
        return result if isinstance(result, Mapping) else {}


class Silent(Exception):
    """No answer, in words that hold no address."""


async def telegram(
    token: str, api_url: str | None, webhook_url: str | None, *, alone: bool
) -> AsyncIterator[Finding]:
    """`alone` says that our own bot is stopped, so that whoever polls is another."""
    server = (api_url or SERVER).removesuffix("/bot")
    whose = "Telegram" if api_url is None else "the Bot API server of TELEGRAM_API_URL"
    timeout = aiohttp.ClientTimeout(total=PATIENCE + LISTEN, connect=PATIENCE, sock_read=PATIENCE)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as session:

        async def ask(method: str, **parameters: object) -> Answer:
            return await _ask(session, f"{server}/bot{token}/{method}", parameters)

        try:
            me = await ask("getMe")
        except Silent as silent:
            remedy = (
                "Look at the network, a proxy (HTTPS_PROXY) and the name service of this machine."
            )
            yield fault("telegram", f"{whose} can't be reached: {silent}", remedy)
            return
        yield _known(me, whose)
        for finding in clock(me):
            yield finding
        if me.code != 200:
            return
        try:
            yield updates((await ask("getWebhookInfo")).result, webhook_url)
            if alone and webhook_url is None:
                yield _poller(await ask("getUpdates", timeout=LISTEN, limit=1))
        except Silent as silent:
            yield warning("updates", f"could not be asked: {silent}", "Ask once more.")


async def _ask(session: aiohttp.ClientSession, url: str, parameters: dict[str, object]) -> Answer:
    asked = dt.datetime.now(dt.UTC)
    try:
        async with session.post(url, json=parameters) as response:
            body = await response.json(content_type=None)
            answered = dt.datetime.now(dt.UTC)
    except TimeoutError:
        raise Silent(f"no answer within {PATIENCE} seconds") from None
    except aiohttp.ClientConnectorError as trouble:
        raise Silent(trouble.os_error.strerror or "no connection") from None
    except (aiohttp.ClientError, ValueError) as trouble:
        raise Silent(type(trouble).__name__) from None
    return Answer(
        code=response.status,
        body=body if isinstance(body, Mapping) else {},
        date=_date(response.headers.get("Date")),
        asked=asked,
        answered=answered,
    )


def _date(header: str | None) -> dt.datetime | None:
    try:
        return parsedate_to_datetime(header) if header else None
    except ValueError:
        return None


def _known(me: Answer, whose: str) -> Finding:
    if me.code == 200:
        return ok("telegram", f"{whose} knows the bot as @{me.result.get('username')}")
    if me.code in (401, 404):
        remedy = "Copy it anew from @BotFather (/mybots, API Token) into TELEGRAM_TOKEN."
        return fault("telegram", f"{whose} doesn't know this token", remedy)
    told = f"{whose} answers {me.code}: {me.body.get('description', '')}".rstrip(": ")
    return fault("telegram", told, "Wait, and ask once more; nothing here is wrong.")


def clock(me: Answer) -> Iterator[Finding]:
    """A Date header has whole seconds, so half of one is as near as we get."""
    if me.date is None:
        yield warning("clock", "the server told no time", "Compare this machine's clock by hand.")
        return
    ours = me.asked + (me.answered - me.asked) / 2
    off = ours - (me.date + dt.timedelta(seconds=0.5))
    told = f"{abs(off.total_seconds()):.0f} s {'ahead of' if off > dt.timedelta() else 'behind'} Telegram's"
    if abs(off) <= AWRY:
        yield ok("clock", told)
        return
    yield fault("clock", told, "Let the system set its clock: `timedatectl set-ntp true`.")


def updates(info: Mapping[str, Any], wanted: str | None) -> Finding:
    """Telegram brings updates by webhook or hands them out, never both."""
    url, waiting = info.get("url", ""), int(info.get("pending_update_count", 0))
    if url and wanted is None:
        return fault(
            "updates",
            "a webhook is set, so that none can be polled",
            "Take it away with Telegram's deleteWebhook, if nothing else uses this token.",
        )
    if wanted is not None and url != wanted:
        told = "another webhook is set" if url else "no webhook is set"
        return fault("updates", told, "`backbeat run` sets it at its start; look into its log.")
    if error := info.get("last_error_message"):
        when = dt.datetime.fromtimestamp(int(info.get("last_error_date", 0)), dt.UTC)
        told = f"Telegram could not bring some at {when:%Y-%m-%d %H:%M} UTC: {error}"
        remedy = "Look whether BACKBEAT_WEBHOOK_URL is reached from outside, with a certificate in order."
        return warning("updates", told, remedy)
    how = "webhook" if wanted is not None else "polling"
    if waiting >= WAITING:
        remedy = "Start the bot, or look into its log for why it doesn't take them."
        return warning("updates", f"{how}; {waiting} wait at Telegram", remedy)
    return ok("updates", f"{how}; {waiting} wait at Telegram")


def _poller(answer: Answer) -> Finding:
    """Whoever asks last is heard, and the other is told of the conflict; nothing is confirmed by asking."""
    if answer.code == 409:
        remedy = "Stop the other one: each would take updates away from the other."
        return fault("updates", "another process polls with this token", remedy)
    return ok("pollers", "no other process polls with this token")
