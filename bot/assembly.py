"""Everything is built and joined here, once, by hand, in plain sight. Importing it does nothing."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import cache

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
from bot.chat.application import build_application, reach
from bot.chat.intake import Intake
from bot.chat.outbox import TelegramOutbox
from bot.delivery.tick import Postman
from bot.localchat.server import Localchat
from bot.practice.away import Away
from bot.practice.belongings import Belongings
from bot.practice.desk import Desk
from bot.practice.enrolment import Enrolment
from bot.practice.explanation import Explanation
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
from bot.settings import Settings
from bot.storage.database import Database

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
    """The bot, at work while the context is open. The task it gives ends only when intake fails for good."""
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url)
        stack.push_async_callback(database.close)
        await database.migrate()
        await database.scrub()  # of whoever was being forgotten when the last run was cut short
        desk = await asyncio.to_thread(build_desk, settings, database)
        application = build_application(
            token=token, api_url=api_url, desk=desk, per_second=settings.messages_per_second
        )
        stack.push_async_callback(application.shutdown)
        await reach(application, desk.words)
        postman = Postman(
            database=database,
            desk=desk,
            outbox=TelegramOutbox(application.bot, Album(database)),
            lease=dt.timedelta(seconds=settings.lease_seconds),
            freshness=dt.timedelta(hours=settings.freshness_hours),
        )
        await stack.enter_async_context(_ticking(postman, clock, settings.tick_seconds))
        intake = asyncio.create_task(Intake(application, database, clock).run())
        stack.push_async_callback(_end, intake)
        log.info("at work", people_write_to=application.bot.username)
        yield intake


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """On Telegram, with a token, until asked to stop."""
    assert settings.telegram_token is not None  # the caller chose
    token = settings.telegram_token.get_secret_value()
    async with running(
        settings, token=token, api_url=_bot_api(settings), clock=machine_clock
    ) as intake:
        await _until(stop, intake)


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
        async with running(
            settings, token=local.token, api_url=local.api_url, clock=local.now
        ) as intake:
            ready(local.page_url)
            await _until(stop, intake)
    finally:
        await local.stop()


@asynccontextmanager
async def _ticking(postman: Postman, clock: Clock, seconds: float) -> AsyncIterator[None]:
    """One tick after the other. At the end the running one finishes: a letter half sent would come twice."""
    ticking = asyncio.Lock()

    async def tick() -> None:
        async with ticking:
            try:
                await postman.run(clock())
            except Exception:
                log.exception("a tick failed")

    scheduler = AsyncIOScheduler(timezone=dt.UTC)
    # A tick that comes late is still wanted (by default it is dropped after one second), but never
    # twice at once, and never several to catch up.
    scheduler.add_job(
        tick, "interval", seconds=seconds, misfire_grace_time=None, coalesce=True, max_instances=1
    )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.pause()
        async with ticking:
            scheduler.shutdown(wait=False)


async def _until(stop: asyncio.Event, intake: asyncio.Task[None]) -> None:
    stopped = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({stopped, intake}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if intake in done:
        intake.result()


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
