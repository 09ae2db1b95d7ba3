"""/travel: where, for how long, and the set at once."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.chat.context import Context, chat_of, query_of
from bot.chat.speak import show, tell
from bot.delivery.cards import ritual_card
from bot.delivery.letter import Button, Letter, in_rows
from bot.delivery.taps import Travel
from bot.domain.exercise import Place
from bot.domain.refusal import ButtonUnreadable

PLACES = (Place.HOTEL, Place.SEAT)
MINUTES = (5, 10, 15)


async def on_travel(update: Update, context: Context) -> None:
    """Where are you?"""
    profile = await context.desk.enrolment.profile(chat_of(update))
    context.desk.prescription.person(profile)  # who may not practise is told now, not at the end
    words = context.desk.words
    buttons = (Button(words.label(f"talk.place_{place}"), Travel(place, 0)) for place in PLACES)
    await tell(update, Letter(words.say("talk.travel_place"), in_rows(buttons, 2)))


async def on_choice(update: Update, context: Context) -> None:
    """A place, then minutes, then the set."""
    tap = Travel.decode(query_of(update).data)
    words = context.desk.words
    if tap.place not in PLACES or tap.minutes not in (0, *MINUTES):
        raise ButtonUnreadable
    if tap.minutes == 0:
        buttons = (
            Button(words.label("enrol.minutes_choice", minutes=m), Travel(tap.place, m))
            for m in MINUTES
        )
        await show(update, Letter(words.say("talk.travel_minutes"), in_rows(buttons, 3)))
        return
    profile = await context.desk.enrolment.profile(chat_of(update))
    plan = await context.desk.prescription.travel(
        profile,
        Place(tap.place),
        tap.minutes,
        update_id=context.turn.update_id,
        now=context.now,
    )
    await show(update, ritual_card(words, plan))


HANDLERS = (
    CommandHandler("travel", on_travel),
    CallbackQueryHandler(on_choice, pattern=Travel.pattern()),
)
