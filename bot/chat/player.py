"""The player in a conversation: a session exercise by exercise, on the one card, with bells between.

A button holds for the stage that it was shown with; any other tap shows where we are. Bells are messages of
their own, for their sound, and the next tap takes them away: what stays is the card.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from telegram import Update
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler

from bot.chat.context import Context, chat_of, query_of
from bot.chat.feedback import card_after
from bot.chat.flare import flare_told
from bot.chat.speak import change, hush, tell
from bot.chat.today import card_of
from bot.delivery.illustrations import picture_of_day
from bot.delivery.letter import Letter
from bot.delivery.player_card import after_hurt_card, choices_card, hurt_card, player_card
from bot.delivery.taps import Ease, Grade, Move, Play, Sore
from bot.domain.player import Position
from bot.domain.sequence import Portion
from bot.domain.session import Asked
from bot.practice.journal import Kept
from bot.practice.player import Player, Playing

Led = Callable[..., Awaitable[Playing | Kept]]  # (playing, update_id, now)

LEADS: Mapping[Move, Callable[[Player], Led]] = {
    Move.GO: lambda desk: desk.go,
    Move.ON: lambda desk: desk.go_on,
    Move.BACK: lambda desk: desk.go_back,
    Move.SKIP: lambda desk: desk.skip,
    Move.SWAP: lambda desk: desk.halt,
    Move.HURT: lambda desk: desk.halt,
    Move.STOP: lambda desk: desk.stop,
    Move.GENTLE: lambda desk: desk.stop,
}


async def on_play(update: Update, context: Context) -> None:
    """A move, from the stage that the button was shown with."""
    tap = Play.decode(query_of(update).data)
    if tap.move is Move.BEGIN:
        await _begin(update, context, tap)
        return
    playing = await _here(update, context, tap)
    if playing is None:
        if tap.move is Move.GENTLE and context.turn.again:  # stopped before, and not yet told
            await tell(update, await flare_told(update, context))
        return
    desk, words = context.desk.player, context.words
    led: Playing | Kept = playing
    done = playing.update_id == context.turn.update_id  # before, and only its reply got lost
    if tap.move in LEADS and not done:
        led = await LEADS[tap.move](desk)(playing, **_turn(context))
    match led, tap.move:
        case Kept(), _:
            await _end(update, context, playing, led)
            if tap.move is Move.GENTLE:
                await tell(update, await flare_told(update, context))
        case Playing(portion=Portion()), Move.SWAP:
            await _show(update, context, led, choices_card(words, led, desk.choices(led)))
        case Playing(portion=Portion()), Move.HURT:
            await _show(update, context, led, hurt_card(words, led))
        case _:
            await _show(update, context, led)


async def on_ease(update: Update, context: Context) -> None:
    """Another exercise of the same purpose."""
    tap = Ease.decode(query_of(update).data)
    if (playing := await _here(update, context, tap)) is not None:
        led = await context.desk.player.ease(playing, tap.lower, **_turn(context))
        await _show(update, context, led)


async def on_grade(update: Update, context: Context) -> None:
    """How an exercise was."""
    tap = Grade.decode(query_of(update).data)
    if (playing := await _here(update, context, tap)) is None:
        return
    led = await context.desk.player.rate(playing, tap.value, **_turn(context))
    if isinstance(led, Kept):
        await _end(update, context, playing, led)
    else:
        await _show(update, context, led)


async def on_sore(update: Update, context: Context) -> None:
    """How much it hurts."""
    tap = Sore.decode(query_of(update).data)
    if (playing := await _here(update, context, tap)) is not None:
        desk = context.desk.player
        led = await desk.hurt(playing, tap.value, **_turn(context))
        card = after_hurt_card(context.words, led, tap.value, desk.choices(led))
        await _show(update, context, led, card)


async def _begin(update: Update, context: Context, tap: Play) -> None:
    profile = await context.desk.enrolment.profile(chat_of(update))
    plan = await context.desk.prescription.show(profile, tap.session)
    message = query_of(update).message
    playing = await context.desk.player.begin(
        profile, plan, message.message_id if message else 0, **_turn(context)
    )
    if playing is None:
        await _put(update, context, None, card_of(context, profile, plan))
    else:
        await _show(update, context, playing)


async def _here(
    update: Update, context: Context, tap: Play | Ease | Grade | Sore
) -> Playing | None:
    """Who stands where the tap was shown; None once anybody else was shown where they are."""
    profile = await context.desk.enrolment.profile(chat_of(update))
    plan = await context.desk.prescription.show(profile, tap.session)
    playing = await context.desk.player.look(profile, plan, context.now)
    if playing is None:
        await _put(update, context, None, card_of(context, profile, plan))
        return None
    if playing.at != Position(tap.chapter, tap.stage):
        await _show(update, context, playing)
        return None
    return playing


async def _end(update: Update, context: Context, playing: Playing, kept: Kept) -> None:
    """On to the questions about the whole, on the same card; no longer does the last exercise go on there."""
    card = await card_after(context, Asked.COMPLETED, kept)
    day = picture_of_day(context.words, playing.plan)
    await _put(update, context, playing, replace(card, picture=day))


async def _show(
    update: Update, context: Context, playing: Playing, letter: Letter | None = None
) -> None:
    """The card, as it is by now or with a question on it."""
    card = letter or player_card(context.words, playing)
    message_id = await _put(update, context, playing, card)
    await context.desk.player.stand_on(playing, message_id)


async def _put(update: Update, context: Context, playing: Playing | None, letter: Letter) -> int:
    """Put it on the card that was tapped, or on that of a bell; the bells go. Returns the message."""
    profile = await context.desk.enrolment.profile(chat_of(update))
    bells = await context.desk.player.rung(profile)
    message = query_of(update).message
    tapped = message.message_id if message else 0
    card = playing.message_id if playing and tapped in bells else tapped
    message_id = await change(update, card, letter)
    await hush(update)
    for bell in bells:
        if bell != message_id:
            with suppress(BadRequest):  # gone already, or too old to be taken back
                await context.bot.delete_message(chat_of(update), bell)
    if bells:
        await context.desk.player.clear(profile, bells)
    return message_id


def _turn(context: Context) -> dict[str, Any]:
    return {"update_id": context.turn.update_id, "now": context.now}


HANDLERS = (
    CallbackQueryHandler(on_play, pattern=Play.pattern()),
    CallbackQueryHandler(on_ease, pattern=Ease.pattern()),
    CallbackQueryHandler(on_grade, pattern=Grade.pattern()),
    CallbackQueryHandler(on_sore, pattern=Sore.pattern()),
)
