"""Getting to know someone: /start, the answers by button or typed, and the safety screen."""

from contextlib import suppress

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.chat import settings, typed
from bot.chat.context import Context, chat_of, message_of, query_of
from bot.chat.record import on_privacy
from bot.chat.screens import forget_screen, meant, next_screen, ticked_screen, towns_screen
from bot.chat.speak import hush, show, tell
from bot.chat.talk import on_anything_else
from bot.chat.today import show_today
from bot.delivery.letter import Letter
from bot.delivery.taps import Choose, Mine, Screen, Tell, Tick, Worry
from bot.delivery.tryout_cards import tryout_card
from bot.domain.profile import Profile, Question
from bot.domain.refusal import AlreadyTold, ButtonUnreadable, NotEnrolled, PlanLocked
from bot.practice import consent
from bot.practice.enrolment import TICKS

NO = "no"  # to the question of consent


async def on_start(update: Update, context: Context) -> None:
    """New, in the middle, or enrolled: say where they are."""
    profile = await context.desk.enrolment.begin(
        chat_of(update), context.words.language, context.now
    )
    await tell(update, next_screen(context.desk, context.words, profile))


async def on_tell(update: Update, context: Context) -> None:
    """An answer by button."""
    await _take(update, context, Tell.decode(query_of(update).data))


async def on_tick(update: Update, context: Context) -> None:
    """One of several is ticked, or no longer; they are kept once somebody says that this is all."""
    tap = Tick.decode(query_of(update).data)
    ticked = frozenset(filter(None, tap.ticked.split(",")))
    profile = await context.desk.enrolment.profile(chat_of(update))
    if not ticked.issubset(TICKS.get(tap.question, ())):
        raise ButtonUnreadable
    if profile.screening.lock:
        raise PlanLocked(profile.screening.lock)
    if profile.question is not tap.question:
        raise AlreadyTold
    await show(update, ticked_screen(context.words, tap.question, ticked))


async def on_screen(update: Update, context: Context) -> None:
    """An answer to the safety screen."""
    await _screen(update, context, Screen.decode(query_of(update).data))


async def _screen(update: Update, context: Context, tap: Screen) -> None:
    enrolment = context.desk.enrolment
    before = await enrolment.profile(chat_of(update))
    profile = await enrolment.screen(chat_of(update), tap.item, bool(tap.yes), context.now)
    if profile.question is None and not profile.screening.lock:
        await show(update, Letter(await _all_clear(context, profile)))
        await show_today(update, context, profile, new=True)
        return
    anew = before.screening.question is not profile.screening.question
    await show(
        update, next_screen(context.desk, context.words, profile), toast=None if anew else "✓"
    )


async def _all_clear(context: Context, profile: Profile) -> str:
    """On as planned; in a flare, how that is."""
    words, prescription = context.words, context.desk.prescription
    if not await prescription.in_flare(profile, context.now):
        return words.say("safety.all_clear")
    plan = await prescription.today(profile, context.now)
    return words.say("talk.flare_begun", tomorrow=plan.session.touched)


async def on_worry(update: Update, context: Context) -> None:
    """Something new or worrying: ask the first two tiers again, below the card, which stays as it is."""
    Worry.decode(query_of(update).data)
    profile = await context.desk.enrolment.ask_safety_again(chat_of(update), context.now)
    await hush(update)
    await tell(update, next_screen(context.desk, context.words, profile))


async def on_text(update: Update, context: Context) -> None:
    """Typed words: an answer to the open question where they can be."""
    text = message_of(update).text or ""
    profile = await context.desk.enrolment.profile(chat_of(update))
    if await settings.took(update, context, profile):
        return
    match meant(context.desk, context.words, profile, text), profile.question:
        case Tell() as tap, _:
            await _take(update, context, tap)
        case Screen() as tap, _:
            await _screen(update, context, tap)
        case Mine(), _:  # the only wish that a question offers
            await on_privacy(update, context)
        case Choose() as tap, _:
            await settings.choose(update, context, tap)
        case _ if profile.screening.lock:
            raise PlanLocked(profile.screening.lock)
        case _, None:
            if not await typed.took(update, context, profile):
                await _not_understood(update, context, profile)
        case _, Question.TOWN:
            towns = context.desk.enrolment.towns(text)
            await tell(update, towns_screen(context.words, towns))
        case _, question:
            await _take(update, context, Tell(question, text))


async def on_location(update: Update, context: Context) -> None:
    """A shared place answers the question about the town, and no other."""
    profile = await context.desk.enrolment.profile(chat_of(update))
    if await settings.took_place(update, context, profile):
        return
    if profile.question is not Question.TOWN or profile.screening.lock:
        await on_anything_else(update, context)
        return
    place = message_of(update).location
    assert place is not None  # the filter saw one
    zone = context.desk.enrolment.zone_at(place.latitude, place.longitude)
    await _keep(update, context, Question.TOWN, zone)


async def _take(update: Update, context: Context, tap: Tell) -> None:
    if tap.question is Question.CONSENT and tap.value.strip().lower() == NO:
        await _decline(update, context)
    else:
        await _keep(update, context, tap.question, tap.value)


async def _decline(update: Update, context: Context) -> None:
    """Nothing is kept. On an old card, after consent, so much would go that it is asked once more."""
    words, enrolment = context.words, context.desk.enrolment
    with suppress(NotEnrolled):  # a second tap on the same button
        if (await enrolment.profile(chat_of(update))).consented:
            await hush(update)
            await tell(update, forget_screen(words))
            return
    await enrolment.forget(chat_of(update))
    await show(update, Letter(words.say("enrol.declined")))


async def _keep(update: Update, context: Context, question: Question, value: str) -> None:
    profile = await context.desk.enrolment.tell(
        chat_of(update), question, value, context.now, consent.version(context.words)
    )
    if profile.question is not None:
        await show(update, next_screen(context.desk, context.words, profile))
        return
    assert profile.ritual_at is not None
    await show(update, Letter(context.words.say("enrol.enrolled", ritual_at=profile.ritual_at)))
    await show_today(update, context, profile, new=True)


async def _not_understood(update: Update, context: Context, profile: Profile) -> None:
    """Nothing typed is expected: say so, and bring the question that is open, if any is."""
    await tell(update, Letter(context.words.say("talk.not_understood")))
    if (trying := await context.desk.try_out.under_way(profile)) is not None:
        await tell(update, tryout_card(context.words, trying, card=0))
    elif await context.desk.journal.open_session(profile) is not None:
        await show_today(update, context, profile, new=True)


HANDLERS = (
    CommandHandler("start", on_start),
    CallbackQueryHandler(on_tell, pattern=Tell.pattern()),
    CallbackQueryHandler(on_tick, pattern=Tick.pattern()),
    CallbackQueryHandler(on_screen, pattern=Screen.pattern()),
    CallbackQueryHandler(on_worry, pattern=Worry.pattern()),
    MessageHandler(filters.LOCATION & filters.UpdateType.MESSAGE, on_location),
    MessageHandler(filters.TEXT & ~filters.COMMAND & filters.UpdateType.MESSAGE, on_text),
)
