"""Everything is built and joined here, once, by hand, in plain sight. Importing it does nothing."""

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    suppress,
)
from functools import cache
from pathlib import Path
from typing import Any, cast

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.catalogue.emergency import read_emergency
from bot.catalogue.places import Places
from bot.catalogue.policy import read_policy
from bot.catalogue.reading import read_catalogue
from bot.catalogue.safety import read_safety
from bot.catalogue.tongues import languages
from bot.catalogue.words import read_voices
from bot.chat.album import Album
from bot.chat.application import Webhook, build_application, reach
from bot.chat.door import build_door
from bot.chat.intake import AnyApplication, Intake
from bot.chat.outbox import TelegramOutbox
from bot.chat.pacer import Pacer
from bot.chat.polling import poll
from bot.delivery.ahead import Ahead
from bot.delivery.gallery import Gallery
from bot.delivery.tick import Postman
from bot.localchat.server import Localchat
from bot.operate.health import Health, Pulse
from bot.operate.pages import build_pages
from bot.practice.away import Away
from bot.practice.belongings import Belongings
from bot.practice.desk import Desk
from bot.practice.enrolment import Enrolment
from bot.practice.explanation import Explanation
from bot.practice.foresight import Foresight
from bot.practice.journal import Journal
from bot.practice.lapse import Lapse
from bot.practice.mornings import Mornings
from bot.practice.player import Player
from bot.practice.prescription import Prescription
from bot.practice.replay import Replay
from bot.practice.retrospect import Retrospect
from bot.practice.rhythm import Rhythm
from bot.practice.tryout import TryOut
from bot.practice.weeks import Weeks
from bot.practice.weights import Weights
from bot.server import Server, serve
from bot.settings import Settings
from bot.storage import halts
from bot.storage.database import Database
from bot.storage.inbox import Arrival
from bot.storage.leadership import EVERY, Leadership

Clock = Callable[[], dt.datetime]

log = structlog.get_logger(__name__)


def machine_clock() -> dt.datetime:
    """The one place where the bot reads the time, unless localchat's clock stands in for it."""
    return dt.datetime.now(dt.UTC)


def build_desk(settings: Settings, database: Database) -> Desk:
    """All that can be done for people, over one database."""
    catalogue = read_catalogue(settings.content)
    enrolment = Enrolment(
        database=database,
        places=_places(languages(settings.content)),
        clearance=read_safety(settings.content / "safety.yaml"),
    )
    prescription = Prescription(
        database=database,
        catalogue=catalogue,
        policy=read_policy(settings.content / "policy.yaml"),
        enrolment=enrolment,
    )
    journal = Journal(database=database, prescription=prescription)
    return Desk(
        enrolment=enrolment,
        prescription=prescription,
        journal=journal,
        player=Player(database=database, prescription=prescription, journal=journal),
        try_out=TryOut(database=database, prescription=prescription),
        retrospect=Retrospect(database=database, prescription=prescription),
        weights=Weights(database=database, prescription=prescription),
        belongings=Belongings(database=database, prescription=prescription),
        away=Away(database=database, prescription=prescription),
        mornings=Mornings(database=database, prescription=prescription),
        emergency=read_emergency(settings.content / "emergency.yaml"),
        weeks=Weeks(database=database, prescription=prescription),
        rhythm=Rhythm(database=database, prescription=prescription),
        lapse=Lapse(database=database),
        words=read_voices(settings.content, settings.language),
    )


def build_gallery(settings: Settings) -> Gallery:
    """The folder of pictures lies beside the database where that is a file."""
    _, sqlite, file = settings.database_url.partition("sqlite+aiosqlite:///")
    beside = Path(file).parent if sqlite else Path("data")
    return Gallery(
        folder=beside / "pictures",
        most=settings.picture_megabytes * 1024 * 1024,
        painters=settings.picture_painters,
    )


def build_replay(settings: Settings, database: Database) -> Replay:
    """What decides pasts again, over one database."""
    return Replay(
        database=database,
        catalogue=read_catalogue(settings.content),
        policy=read_policy(settings.content / "policy.yaml"),
    )


def build_explanation(settings: Settings, database: Database) -> Explanation:
    """What tells the story behind decisions, over one database."""
    return Explanation(
        database=database,
        catalogue=read_catalogue(settings.content),
        policy=read_policy(settings.content / "policy.yaml"),
    )


@cache
def _places(spoken: tuple[str, ...]) -> Places:
    """The list of towns takes a second to read, and never changes."""
    return Places(spoken)


@asynccontextmanager
async def running(
    settings: Settings, *, token: str, api_url: str | None, clock: Clock
) -> AsyncIterator[asyncio.Task[None]]:
    """The bot, at work while the context is open. The task it gives ends only when intake fails for good.

    What is entered last is left first: nothing more comes in, what is in work ends, then the rest.
    """
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url)
        stack.push_async_callback(database.close)
        health = Health(database, Pulse(time.monotonic))
        await stack.enter_async_context(_operating(settings, health))
        await database.migrate()
        await database.scrub()  # of whoever was being forgotten when the last run was cut short
        desk = await asyncio.to_thread(build_desk, settings, database)
        health.content = True
        pacer = await _build_pacer(settings, database, clock)
        application = build_application(token=token, api_url=api_url, desk=desk, pacer=pacer)
        stack.push_async_callback(application.shutdown)
        album = Album(database, gallery := build_gallery(settings))
        ahead = Ahead(
            foresight=Foresight(database=database, prescription=desk.prescription),
            words=desk.words,
            gallery=gallery,
            known=lambda recipes: album.known(application.bot.id, recipes),
            clock=clock,
            leads=lambda: leadership.held,
        )
        intake = Intake(application, database, clock, album, ahead.hear)
        tick = dt.timedelta(seconds=settings.tick_seconds)
        leadership = Leadership(settings.database_url, min(EVERY, 3 * tick))
        postman = Postman(
            database=database,
            desk=desk,
            outbox=TelegramOutbox(application.bot, album),
            clock=clock,
            lease=dt.timedelta(seconds=settings.lease_seconds),
            freshness=dt.timedelta(hours=settings.freshness_hours),
            pace=pacer,
            beat=health.pulse.beat,
            leads=lambda: leadership.held,
        )
        webhook = _webhook(settings)
        door = None if webhook is None else await _open_door(settings, webhook, intake)
        if door is not None:
            stack.push_async_callback(door.stop)
        await reach(application, desk.words, webhook)  # and only now is Telegram told of the door
        health.telegram = True
        await stack.enter_async_context(gallery.at_work())
        await stack.enter_async_context(leadership.sought())
        await stack.enter_async_context(
            _ticking(postman, settings.tick_seconds, health.pulse, settings.stop_seconds)
        )
        await intake.open(alone=leadership.alone)
        await stack.enter_async_context(ahead.at_work())
        stack.push_async_callback(intake.close, settings.stop_seconds)
        if door is not None:
            stack.push_async_callback(door.stop)  # before what is in work ends
        work = asyncio.create_task(_take_in(application, intake, polls=door is None))
        stack.push_async_callback(_end, work)
        stack.callback(setattr, health, "stopping", True)
        log.info("at work", people_write_to=application.bot.username)
        yield work


async def _take_in(application: AnyApplication, intake: Intake, *, polls: bool) -> None:
    sweeping = asyncio.create_task(intake.run())
    try:
        await (poll(application, intake) if polls else sweeping)
    finally:
        await _end(sweeping)


def _webhook(settings: Settings) -> Webhook | None:
    if settings.webhook_url is None or settings.webhook_secret is None:
        return None
    return Webhook(url=settings.webhook_url, secret=settings.webhook_secret.get_secret_value())


async def _open_door(settings: Settings, webhook: Webhook, intake: Intake) -> Server:
    """The webhook's address: it has the one path, and nothing for operators."""

    async def receive(arrival: Arrival) -> None:
        await intake.receive([arrival], "webhook")

    app = build_door(webhook, receive)
    return await serve(app, settings.webhook_host, settings.webhook_port, "BACKBEAT_WEBHOOK_PORT")


@asynccontextmanager
async def _operating(settings: Settings, health: Health) -> AsyncIterator[None]:
    """The operator's address, from the first moment to the last: it tells of starting and of stopping."""
    if not settings.operate_port:
        yield
        return
    pages, port = build_pages(health), settings.operate_port
    server = await serve(pages, settings.operate_host, port, "BACKBEAT_OPERATE_PORT")
    try:
        yield
    finally:
        await server.stop()


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """On Telegram, with a token, until asked to stop."""
    assert settings.telegram_token is not None  # the caller chose
    token = settings.telegram_token.get_secret_value()
    await _serve(
        running(settings, token=token, api_url=_bot_api(settings), clock=machine_clock), stop
    )


def _bot_api(settings: Settings) -> str | None:
    """Where the library puts the token behind; None is Telegram's own."""
    address = settings.telegram_api_url
    return None if address is None else address.removesuffix("/bot") + "/bot"


async def run_locally(
    settings: Settings, stop: asyncio.Event, ready: Callable[[str], None]
) -> None:
    """Without a token: on a Telegram of our own, with a page and a clock that can be moved."""
    local = Localchat(save_to=settings.localchat_file)
    await local.start(settings.port)
    try:
        bot = running(settings, token=local.token, api_url=local.api_url, clock=local.now)
        await _serve(bot, stop, lambda: ready(local.page_url))
    finally:
        await local.stop()


async def _build_pacer(settings: Settings, database: Database, clock: Clock) -> Pacer:
    """A halt that an earlier run was told of holds for this one, too."""

    async def keep_halt(seconds: float) -> None:
        try:
            async with database.work() as work:
                await halts.keep(work, clock(), seconds)
        except Exception:
            log.exception("a halt holds only until the next start")

    pacer = Pacer(
        settings.messages_per_second,
        settings.chat_messages_per_second,
        paid=settings.paid_broadcast,
        keep_halt=keep_halt,
    )
    async with database.look() as work:
        pacer.hold(await halts.left(work, clock()))
    return pacer


@asynccontextmanager
async def _ticking(
    postman: Postman, seconds: float, pulse: Pulse, patience: float
) -> AsyncIterator[None]:
    """One tick after the other. At the end what is on its way finishes: half sent, it would come twice."""
    ticking = asyncio.Lock()
    running: set[asyncio.Task[Any]] = set()

    async def tick() -> None:
        pulse.beat()
        if ticking.locked():
            return  # it looks for more by itself
        running.add(this := cast("asyncio.Task[Any]", asyncio.current_task()))
        async with ticking:
            try:
                await postman.run()
            except Exception:
                log.exception("a tick failed")
            finally:
                running.discard(this)

    scheduler = AsyncIOScheduler(timezone=dt.UTC)
    # A tick that comes late is still wanted (by default it is dropped after one second), but never
    # several to catch up; one that finds another at work has nothing to do.
    scheduler.add_job(
        tick, "interval", seconds=seconds, misfire_grace_time=None, coalesce=True, max_instances=2
    )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.pause()
        postman.close()
        if running:
            _, unfinished = await asyncio.wait(running, timeout=patience)
            if unfinished:
                log.warning("a tick is cut short; what it was sending may come again")
        scheduler.shutdown(wait=False)  # this cancels it


async def _serve(
    bot: AbstractAsyncContextManager[asyncio.Task[None]],
    stop: asyncio.Event,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """From the start to the stop; one that comes while Telegram is still waited for counts as well."""
    async with AsyncExitStack() as stack:
        starting = asyncio.create_task(stack.enter_async_context(bot))
        await _until(stop, starting)
        if not starting.done():
            await _end(starting)
            return
        ready()
        await _until(stop, starting.result())
        log.info("stopping")
    log.info("stopped")


async def _until(stop: asyncio.Event, work: asyncio.Task[Any]) -> None:
    """Raises what the work raises."""
    stopped = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({stopped, work}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if work in done:
        work.result()


async def _end(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
