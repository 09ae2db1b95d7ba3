"""What people type in place of a tap: understood in their language, and done as the button would.

The ways to say each thing stand in content/words/<language>/typed.j2. Nothing has to be typed; what isn't
understood changes nothing.
"""

import re
from collections.abc import Awaitable, Callable, Mapping

from telegram import Update
from telegram.ext import ApplicationHandlerStop, MessageHandler, filters

from bot.catalogue.words import Words
from bot.chat.context import Context, chat_of, message_of
from bot.chat.feedback import card_after
from bot.chat.flare import on_flare
from bot.chat.progress import on_progress
from bot.chat.rhythm import later_card
from bot.chat.screens import next_screen
from bot.chat.settings import on_pause, on_settings
from bot.chat.speak import tell
from bot.chat.talk import on_help
from bot.chat.today import card_of, on_today, on_why
from bot.chat.travel import on_travel
from bot.delivery.letter import Button, Letter, in_rows
from bot.delivery.safety_cards import worry
from bot.delivery.taps import Choose, Gentle, Mine, Rate, Setting, Shorten, Today, Wish
from bot.domain.feedback import Completed
from bot.domain.profile import Profile
from bot.domain.refusal import NotEnrolled
from bot.domain.session import Asked
from bot.practice.plan import Plan

Do = Callable[[Update, Context], Awaitable[None]]

# As the command of the same meaning.
COMMANDS: Mapping[str, Do] = {
    "today": on_today,
    "start": on_today,
    "travel": on_travel,
    "flare": on_flare,
    "why": on_why,
    "progress": on_progress,
    "settings": on_settings,
    "pause": on_pause,
    "help": on_help,
}
ANSWERS: Mapping[str, Completed] = {
    "done": Completed.FULL,
    "partly": Completed.PARTIAL,
    "not_today": Completed.NO,
}
ABOUT_TODAY = ("later", "too_hard", "stop")
NUMBER = re.compile(r"(?P<before>\D*?)\s*(?P<number>\d{1,2})\s*(?:/\s*10)?")


async def on_worrying(update: Update, context: Context) -> None:
    """Something new or worrying comes before anything that may be open: the safety questions again."""
    if not worries(message_of(update).text or "", context.words):
        return
    try:
        profile = await context.desk.enrolment.profile(chat_of(update))
    except NotEnrolled:
        return
    if not profile.consented:
        return
    profile = await context.desk.enrolment.ask_safety_again(chat_of(update), context.now)
    await tell(update, next_screen(context.desk, context.words, profile))
    raise ApplicationHandlerStop


async def took(update: Update, context: Context, profile: Profile) -> bool:
    """Do what the words say; False where they are none of ours."""
    text = message_of(update).text or ""
    meaning = meant(text, context.words)
    if meaning is not None and meaning in COMMANDS:
        await COMMANDS[meaning](update, context)
        return True
    pain = _pain(text, context.words)
    if meaning is None and pain is None:
        return False
    plan = await context.desk.prescription.today(profile, context.now)
    letter = await (
        _keep_pain(update, context, profile, plan, *pain)
        if pain
        else _of_today(update, context, profile, plan, meaning or "")
    )
    if letter is None:
        return False
    await tell(update, letter)
    return True


def meant(text: str, words: Words) -> str | None:
    """What a text says, whole; None where it says nothing that we know."""
    said = _plain(text)
    known = (*COMMANDS, *ANSWERS, *ABOUT_TODAY)
    return next((one for one in known if said in _ways(words, f"typed.{one}")), None)


def worries(text: str, words: Words) -> bool:
    """Whether it speaks of something new or worrying, wherever it stands."""
    said = _plain(text)
    return any(
        re.search(rf"(?<!\w){re.escape(way)}(?!\w)", said) for way in _ways(words, "typed.worry")
    )


def _ways(words: Words, name: str) -> tuple[str, ...]:
    return tuple(_plain(way) for way in words.label(name).split("|"))


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split()).strip(" .!")


def _pain(text: str, words: Words) -> tuple[int, bool] | None:
    """A number from 0 to 10, and whether they say that it is pain."""
    read = NUMBER.fullmatch(_plain(text))
    if read is None or int(read["number"]) > 10:
        return None
    before = read["before"].strip(" :=")
    named = before in _ways(words, "typed.pain")
    return (int(read["number"]), named) if named or not before else None


async def _keep_pain(
    update: Update, context: Context, profile: Profile, plan: Plan, value: int, named: bool
) -> Letter | None:
    """The open question about pain; where they name it also how they woke, or what was told already.

    A number alone may be meant for something else, such as the question of a review.
    """
    journal, session = context.desk.journal, plan.session
    update_id, now = context.turn.update_id, context.now
    if named and plan.morning_of is not None and not session.touched:
        told = (chat_of(update), plan.morning_of.id, Asked.MORNING, value)
        return card_of(context, profile, await journal.recall(*told, update_id=update_id, now=now))
    if plan.question is Asked.PAIN or (named and session.done):
        told = (chat_of(update), session.id, Asked.PAIN, value)
        return await card_after(
            context, Asked.PAIN, await journal.keep(*told, update_id=update_id, now=now)
        )
    return None


async def _of_today(
    update: Update, context: Context, profile: Profile, plan: Plan, meaning: str
) -> Letter | None:
    """What the day's card could be asked for."""
    if meaning == "stop":
        return _stop_card(context.words, plan)
    if plan.question is not Asked.COMPLETED:
        return card_of(context, profile, plan)  # it is answered already: that is where it stands
    if meaning == "later":
        return later_card(context, profile, plan)
    if meaning == "too_hard":
        return _less_card(context.words, plan)
    kept = await context.desk.journal.keep(
        chat_of(update),
        plan.session.id,
        Asked.COMPLETED,
        ANSWERS[meaning],
        update_id=context.turn.update_id,
        now=context.now,
    )
    return await card_after(context, Asked.COMPLETED, kept)


def _less_card(words: Words, plan: Plan) -> Letter:
    """Too hard: shorter, gentler, or not today."""
    session = plan.session.id
    buttons = (
        Button(words.label("card.short"), Shorten(session, 1)),
        Button(words.label("typed.gentle"), Gentle()),
        Button(words.label("card.not_today"), Rate(session, Asked.COMPLETED, Completed.NO)),
        worry(words),
    )
    return Letter(words.say("typed.ask_less"), in_rows(buttons, 1))


def _stop_card(words: Words, plan: Plan) -> Letter:
    """Stop what? The smallest thing first."""
    today = Rate(plan.session.id, Asked.COMPLETED, Completed.NO)
    buttons = (
        *([Button(words.label("card.not_today"), today)] if not plan.session.touched else []),
        Button(words.label("typed.stop_pause"), Choose(Setting.PAUSE, 0, "")),
        Button(words.label("typed.stop_forget"), Mine(Wish.FORGET)),
        Button(words.label("typed.go_on"), Today()),
    )
    return Letter(words.say("typed.ask_stop"), in_rows(buttons, 1))


FIRST = (MessageHandler(filters.TEXT & ~filters.COMMAND & filters.UpdateType.MESSAGE, on_worrying),)
