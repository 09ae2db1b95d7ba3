"""/travel: which set, for how long, and there it is. Days away are told in away.py."""

from collections.abc import Mapping

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.chat.context import Context, chat_of, query_of
from bot.chat.speak import show, tell
from bot.delivery.away_cards import way_card
from bot.delivery.cards import ritual_card
from bot.delivery.letter import Button, Letter, in_rows
from bot.delivery.taps import Travel
from bot.domain.exercise import Set
from bot.domain.refusal import ButtonUnreadable


async def on_travel(update: Update, context: Context) -> None:
    """Which set?"""
    profile = await context.desk.enrolment.profile(chat_of(update))
    absence = await context.desk.away.look(profile, context.now)  # who may not practise is told now
    await tell(
        update,
        way_card(context.words, absence, _sets(context).values()),
    )


async def on_choice(update: Update, context: Context) -> None:
    """A set, then minutes, then the sequence."""
    tap = Travel.decode(query_of(update).data)
    words, chosen = context.words, _sets(context).get(tap.set_id)
    if chosen is None or tap.minutes not in (0, *chosen.minutes):
        raise ButtonUnreadable
    if tap.minutes == 0:
        buttons = (
            Button(words.label("enrol.minutes_choice", minutes=m), Travel(chosen.id, m))
            for m in chosen.minutes
        )
        asks = Letter(
            words.say("talk.travel_minutes", name=chosen.name, purpose=chosen.purpose),
            in_rows(buttons, 3),
        )
        await show(update, asks)
        return
    profile = await context.desk.enrolment.profile(chat_of(update))
    plan = await context.desk.prescription.travel(
        profile,
        chosen,
        tap.minutes,
        update_id=context.turn.update_id,
        now=context.now,
    )
    await show(update, ritual_card(words, plan))


def _sets(context: Context) -> Mapping[str, Set]:
    return context.desk.away.sets(context.words.language)


HANDLERS = (
    CommandHandler("travel", on_travel),
    CallbackQueryHandler(on_choice, pattern=Travel.pattern()),
)
