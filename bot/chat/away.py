"""Days away in a conversation: one message, edited from question to question, that a restart doesn't lose."""

from collections.abc import Mapping

from telegram import Update
from telegram.ext import ApplicationHandlerStop, CallbackQueryHandler, MessageHandler, filters

from bot.catalogue.days import read_day
from bot.chat.context import Context, chat_of, message_of, query_of
from bot.chat.speak import show, tell
from bot.delivery.away_cards import away_card, back_card, days_card, towns_card
from bot.delivery.letter import Letter
from bot.delivery.taps import Back, Days, GoAway, Staying, TellAway
from bot.domain.exercise import Set
from bot.domain.profile import Profile
from bot.domain.refusal import NotEnrolled, PlanLocked
from bot.domain.trip import Asks
from bot.practice.away import Absence


async def on_go_away(update: Update, context: Context) -> None:
    """Until when?"""
    GoAway.decode(query_of(update).data)
    absence = await context.desk.away.begin(
        chat_of(update), update_id=context.turn.update_id, now=context.now
    )
    await show(update, _card(context, absence))


async def on_days(update: Update, context: Context) -> None:
    """Another page of days."""
    tap = Days.decode(query_of(update).data)
    profile = await context.desk.enrolment.profile(chat_of(update))
    absence = await context.desk.away.look(profile, context.now)
    await show(update, days_card(context.words, absence.today, tap.page))


async def on_tell_away(update: Update, context: Context) -> None:
    """An answer by button; on to the next question."""
    tap = TellAway.decode(query_of(update).data)
    await _keep(update, context, tap.asks, tap.value)


async def on_staying(update: Update, context: Context) -> None:
    """Nothing is to change."""
    Staying.decode(query_of(update).data)
    absence = await context.desk.away.leave(
        chat_of(update), update_id=context.turn.update_id, now=context.now
    )
    await show(update, _card(context, absence))


async def on_back(update: Update, context: Context) -> None:
    """Home again: said in place of the card, and today's ritual is a tap away."""
    Back.decode(query_of(update).data)
    await context.desk.away.come_back(
        chat_of(update), update_id=context.turn.update_id, now=context.now
    )
    await show(update, back_card(context.words))


async def on_typed(update: Update, context: Context) -> None:
    """A button's label, a day or a town, where one is open; all else is for the others to read."""
    absence = await _open(update, context)
    if absence is None or absence.asks is None:
        return
    text = (message_of(update).text or "").strip()
    if (tap := _meant(context, absence, text)) is not None:
        await _keep(update, context, tap.asks, tap.value)
    elif absence.asks is Asks.UNTIL:
        day = read_day(
            text, context.words.language, context.words.label("rhythm.tomorrow"), absence.today
        )
        await _keep(update, context, Asks.UNTIL, day.isoformat() if day else text)
    elif absence.asks is Asks.TOWN:
        await tell(update, towns_card(context.words, context.desk.away.towns(text)))
    else:
        return
    raise ApplicationHandlerStop


async def on_place(update: Update, context: Context) -> None:
    """A shared place, where that is open."""
    absence = await _open(update, context)
    place = message_of(update).location
    if absence is None or absence.asks is not Asks.TOWN or place is None:
        return
    zone = context.desk.away.zone_of(place.latitude, place.longitude)
    await _keep(update, context, Asks.TOWN, zone)
    raise ApplicationHandlerStop


async def open_card(context: Context, profile: Profile) -> Letter | None:
    """The question that is open about days away."""
    absence = await context.desk.away.look(profile, context.now)
    return None if absence.asks is None else _card(context, absence)


async def _open(update: Update, context: Context) -> Absence | None:
    """How it stands; None for who has something else to answer first."""
    try:
        profile = await context.desk.enrolment.profile(chat_of(update))
        return await context.desk.away.look(profile, context.now)
    except (NotEnrolled, PlanLocked):
        return None


async def _keep(update: Update, context: Context, asks: Asks, value: str) -> None:
    absence = await context.desk.away.tell(
        chat_of(update), asks, value, update_id=context.turn.update_id, now=context.now
    )
    await show(update, _card(context, absence))


def _meant(context: Context, absence: Absence, text: str) -> TellAway | None:
    buttons = (button for row in _card(context, absence).rows for button in row)
    typed = (button.tap for button in buttons if button.label.casefold() == text.casefold())
    return next((tap for tap in typed if isinstance(tap, TellAway)), None)


def _card(context: Context, absence: Absence) -> Letter:
    return away_card(context.words, absence, _sets(context).values())


# Before the others: what is typed is theirs unless a question about days away is open.
FIRST = (
    MessageHandler(filters.TEXT & ~filters.COMMAND & filters.UpdateType.MESSAGE, on_typed),
    MessageHandler(filters.LOCATION & filters.UpdateType.MESSAGE, on_place),
)


def _sets(context: Context) -> Mapping[str, Set]:
    return context.desk.away.sets(context.words.language)


HANDLERS = (
    CallbackQueryHandler(on_go_away, pattern=GoAway.pattern()),
    CallbackQueryHandler(on_days, pattern=Days.pattern()),
    CallbackQueryHandler(on_tell_away, pattern=TellAway.pattern()),
    CallbackQueryHandler(on_staying, pattern=Staying.pattern()),
    CallbackQueryHandler(on_back, pattern=Back.pattern()),
)
