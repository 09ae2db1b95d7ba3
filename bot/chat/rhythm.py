"""A ritual once more, later today; and what several quiet days were about, with something done about each."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.chat import flare, travel
from bot.chat.context import Context, chat_of, query_of
from bot.chat.settings import choose
from bot.chat.speak import show
from bot.chat.today import show_session
from bot.delivery.cards import ritual_card
from bot.delivery.letter import Letter
from bot.delivery.rhythm_cards import SMALLER, TWO, eased_card, later_rows, shorter_card
from bot.delivery.taps import ASK, BACK, Choose, Hinder, Later, Lighten, Setting
from bot.domain.profile import Profile
from bot.domain.refusal import ButtonUnreadable
from bot.domain.rhythm import Hindrance, Snooze, snoozed_until
from bot.domain.session import Session
from bot.practice.plan import Plan
from bot.practice.rhythm import zone_of


async def on_later(update: Update, context: Context) -> None:
    """How much later; then the same card, which says when."""
    tap = Later.decode(query_of(update).data)
    rhythm, prescription, words = context.desk.rhythm, context.desk.prescription, context.words
    profile = await rhythm.look(chat_of(update))
    plan = await prescription.show(profile, tap.session)
    toast = None
    if tap.choice == ASK and not plan.session.touched:
        if letter := later_card(context, profile, plan):
            await show(update, letter)
            return
        toast = words.label("rhythm.too_late")
    elif tap.choice in [*Snooze]:
        kept = await rhythm.snooze(
            chat_of(update),
            tap.session,
            Snooze(tap.choice),
            update_id=context.turn.update_id,
            now=context.now,
        )
        plan = await prescription.show(profile, tap.session)
        toast = words.label("rhythm.toast_later" if kept else "rhythm.too_late")
    elif tap.choice not in (ASK, BACK):
        raise ButtonUnreadable
    await show_session(update, context, profile, plan, toast)


def later_card(context: Context, profile: Profile, plan: Plan) -> Letter | None:
    """The card, while it is asked how much later; None where today has no room for it."""
    offered = _offered(context, profile, plan.session)
    if not offered:
        return None
    rows = later_rows(context.words, plan.session.id, offered)
    return Letter(ritual_card(context.words, plan).text, rows, session=plan.session.id)


def _offered(context: Context, profile: Profile, session: Session) -> list[Snooze]:
    """What today has room for; the same time is offered once."""
    zone, quiet = zone_of(profile, context.now), profile.quiet
    at = {one: snoozed_until(one, context.now, zone, quiet, session.day) for one in Snooze}
    moments = [*at.values()]
    return [
        one for n, (one, moment) in enumerate(at.items()) if moment and moment not in moments[:n]
    ]


async def on_hinder(update: Update, context: Context) -> None:
    """It is kept, and something is done about it, in the same message."""
    kind = Hinder.decode(query_of(update).data).kind
    profile = await context.desk.lapse.answer(
        chat_of(update), kind, update_id=context.turn.update_id, now=context.now
    )
    words = context.words
    match kind:
        case Hindrance.TIME:
            await show(update, shorter_card(words, profile))
        case Hindrance.SORE:
            await flare.on_flare(update, context)
        case Hindrance.TRAVEL:
            await travel.on_travel(update, context)
        case Hindrance.FORGOT:
            one = len(profile.rituals) == 1
            of = profile.rituals[0].id if one else 0
            await choose(update, context, Choose(Setting.TIME if one else Setting.RITUALS, of, ""))
        case Hindrance.BORED:
            await show(update, Letter(words.say("rhythm.bored")))
        case Hindrance.NOTHING:
            await show(update, Letter(words.say("rhythm.all_well")))


async def on_ease(update: Update, context: Context) -> None:
    """Less of it: from now on, once, or not."""
    choice, rhythm = Lighten.decode(query_of(update).data).choice, context.desk.rhythm
    day = None
    profile = await rhythm.look(chat_of(update))
    if choice == SMALLER:
        profile = await rhythm.shorter(chat_of(update), context.now)
    elif choice == TWO:
        day = await rhythm.two_minutes_next(chat_of(update), context.now)
    await show(update, eased_card(context.words, profile, choice, day))


HANDLERS = (
    CallbackQueryHandler(on_later, pattern=Later.pattern()),
    CallbackQueryHandler(on_hinder, pattern=Hinder.pattern()),
    CallbackQueryHandler(on_ease, pattern=Lighten.pattern()),
)
