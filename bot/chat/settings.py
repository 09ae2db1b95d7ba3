"""/settings, /language, /pause and /resume: one card, edited in place, and the few words that it takes."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.catalogue.days import read_day
from bot.chat.context import Context, chat_of, message_of, query_of
from bot.chat.screens import next_screen
from bot.chat.speak import show, tell
from bot.delivery.letter import Letter
from bot.delivery.settings_card import OPEN, RESUME, SettingsCard, look_of, quiet_of, time_of
from bot.delivery.taps import Choose, Setting
from bot.domain.load import Unit
from bot.domain.profile import Profile
from bot.domain.refusal import ButtonUnreadable, NotADay, NotAName
from bot.domain.rhythm import ONE_DAY, local_day
from bot.practice.enrolment import MINUTES, owned
from bot.practice.rhythm import LONGEST_NAME, is_paused, is_typing, own, zone_of
from bot.storage.rituals import from_bits

Screen = tuple[Setting, int]  # and the ritual that it is about
TYPED = (Setting.NAME, Setting.TOWN, Setting.PAUSE)  # screens on which words are taken


async def on_settings(update: Update, context: Context) -> None:
    """Everything, on one card."""
    await _open(update, context, Setting.MENU)


async def on_language(update: Update, context: Context) -> None:
    """Straight to that screen."""
    await _open(update, context, Setting.LANGUAGE)


async def on_pause(update: Update, context: Context) -> None:
    """/pause, or /pause and a day."""
    if text := " ".join(context.args or ()):
        await _pause_until(update, context, text)
        return
    await _open(update, context, Setting.PAUSE)


async def on_resume(update: Update, context: Context) -> None:
    """From now on again."""
    await tell(update, await _resume(update, context))


async def on_choose(update: Update, context: Context) -> None:
    """A screen, or a value on it."""
    await choose(update, context, Choose.decode(query_of(update).data))


async def choose(update: Update, context: Context, tap: Choose) -> None:
    """Keep the value, if there is one, and show the screen that follows."""
    if tap.screen is Setting.LANGUAGE and tap.value:
        await _speak(update, context, tap.value)
        return
    if tap.screen is Setting.PAUSE and tap.value == RESUME:
        await show(update, await _resume(update, context))
        return
    screen, value = (tap.screen, tap.of), tap.value
    if value and tap.screen in KEEP and not _is_step(tap):
        try:
            screen, value = await KEEP[tap.screen](update, context, tap), ""
        except ValueError as unfit:
            raise ButtonUnreadable from unfit
    elif value and not _is_step(tap):
        raise ButtonUnreadable
    profile = await _expect(update, context, screen)
    await show(update, _card(context, profile).screen(*screen, value))


async def took(update: Update, context: Context, profile: Profile) -> bool:
    """Whether typed words were the answer to an open screen. It is closed only once they are answered:
    whatever comes between, they are read again."""
    expected, text = is_typing(profile, context.now), (message_of(update).text or "").strip()
    if expected is None or profile.question or profile.screening.lock:
        return False
    setting, _, of = expected.partition(":")
    match setting:
        case Setting.NAME:
            await _name(update, context, int(of), text)
        case Setting.PAUSE:
            await _pause_until(update, context, text)
        case _:
            towns = context.desk.enrolment.towns(text)
            await tell(update, _card(context, profile).towns(towns))
            return True  # "if none, type another": it stays open
    await context.desk.rhythm.tell(chat_of(update), context.now, typing=None, typing_since=None)
    return True


def open_card(context: Context, profile: Profile) -> Letter | None:
    """The screen on which words are taken now; None where none is open, or its ritual is kept no more."""
    setting, _, of = (is_typing(profile, context.now) or "").partition(":")
    if not setting or (of and all(ritual.id != int(of) for ritual in profile.rituals)):
        return None
    return _card(context, profile).screen(Setting(setting), int(of or 0))


async def took_place(update: Update, context: Context, profile: Profile) -> bool:
    """Whether a shared place was that."""
    place = message_of(update).location
    if is_typing(profile, context.now) != Setting.TOWN or place is None:
        return False
    zone = context.desk.enrolment.zone_at(place.latitude, place.longitude)
    await _keep_town(update, context, Choose(Setting.TOWN, 0, zone))
    await _open(update, context, Setting.MENU)
    return True


async def _open(update: Update, context: Context, setting: Setting) -> None:
    profile = await _expect(update, context, (setting, 0))
    await tell(update, _card(context, profile).screen(setting))


async def _expect(update: Update, context: Context, screen: Screen) -> Profile:
    """Which words are taken now; a screen without any takes none."""
    rhythm, (setting, of) = context.desk.rhythm, screen
    profile = await rhythm.look(chat_of(update))
    typing = None
    if setting in TYPED and not is_paused(profile, _today(context, profile)):
        typing = f"{setting}:{of}" if of else str(setting)
    if typing is None and profile.typing is None:
        return profile
    since = context.now if typing else None
    return await rhythm.tell(chat_of(update), context.now, typing=typing, typing_since=since)


def _card(context: Context, profile: Profile) -> SettingsCard:
    desk = context.desk
    return SettingsCard(
        words=context.words,
        voices=desk.words,
        profile=profile,
        catalogue=desk.prescription.catalogue.spoken(profile.language),
        unit=desk.prescription.unit(profile),
        today=_today(context, profile),
    )


async def _speak(update: Update, context: Context, language: str) -> None:
    """From the very answer on; before consent, too."""
    if language not in context.desk.words:
        raise ButtonUnreadable
    profile = await context.desk.enrolment.speak(chat_of(update), language)
    context.turn.language = language
    if profile.question is not None or profile.screening.lock:
        await show(update, next_screen(context.desk, context.words, profile))
    else:
        await show(update, _card(context, profile).screen(Setting.MENU))


async def _resume(update: Update, context: Context) -> Letter:
    """When the next one comes, with no word of the settings awaited any more; while safety is open, that."""
    rhythm, chat_id = context.desk.rhythm, chat_of(update)
    await rhythm.resume(chat_id, update_id=context.turn.update_id, now=context.now)
    profile = await rhythm.tell(chat_id, context.now, typing=None, typing_since=None)
    if profile.question is not None or profile.screening.lock:
        return next_screen(context.desk, context.words, profile)
    at = await rhythm.next(profile)
    if at is None:  # one is on its way this very moment
        return _card(context, profile).screen(Setting.MENU)
    return Letter(context.words.say("rhythm.resumed", date=at.date(), time=at.time()))


async def _pause_until(update: Update, context: Context, text: str) -> None:
    profile = await context.desk.rhythm.look(chat_of(update))
    words, today = context.words, _today(context, profile)
    until = read_day(text, words.language, words.label("rhythm.tomorrow"), today)
    if until is None:
        raise NotADay(text[:60])
    profile = await context.desk.rhythm.pause(
        chat_of(update), until, update_id=context.turn.update_id, now=context.now
    )
    await tell(update, _card(context, profile).screen(Setting.PAUSE))


async def _name(update: Update, context: Context, ritual_id: int, text: str) -> None:
    if not 1 <= len(text) <= LONGEST_NAME or "\n" in text:
        raise NotAName
    profile = await context.desk.rhythm.edit(chat_of(update), ritual_id, context.now, name=text)
    await tell(update, _card(context, profile).screen(Setting.RITUAL, ritual_id))


def _today(context: Context, profile: Profile) -> dt.date:
    return local_day(context.now, zone_of(profile, context.now))


def _is_step(tap: Choose) -> bool:
    """Half of a value: an hour, before its minutes or before the end of the quiet."""
    half = tap.screen in (Setting.HOUR, Setting.QUIET) and len(tap.value) == 2
    return half and tap.value.isdecimal() and int(tap.value) < 24


# What a value on a screen does, and which screen follows. A value that doesn't fit raises ValueError.


async def _keep_time(update: Update, context: Context, tap: Choose) -> Screen:
    at = time_of(tap.value)
    await context.desk.rhythm.edit(chat_of(update), tap.of, context.now, wall_time=at)
    return Setting.RITUAL, tap.of


async def _keep_new(update: Update, context: Context, tap: Choose) -> Screen:
    ritual = await context.desk.rhythm.add(chat_of(update), time_of(tap.value), context.now)
    return Setting.RITUAL, ritual.id


async def _keep_days(update: Update, context: Context, tap: Choose) -> Screen:
    if not 1 <= (bits := int(tap.value)) <= 0b1111111 or not from_bits(bits):
        raise ValueError(tap.value)
    await context.desk.rhythm.edit(chat_of(update), tap.of, context.now, weekdays=bits)
    return Setting.DAYS, tap.of


async def _keep_length(update: Update, context: Context, tap: Choose) -> Screen:
    if tap.value not in (*MINUTES, "0"):
        raise ValueError(tap.value)
    minutes = int(tap.value) or None
    await context.desk.rhythm.edit(chat_of(update), tap.of, context.now, minutes=minutes)
    return Setting.RITUAL, tap.of


async def _keep_name(update: Update, context: Context, tap: Choose) -> Screen:
    await context.desk.rhythm.edit(chat_of(update), tap.of, context.now, name=None)
    return Setting.RITUAL, tap.of


async def _remove(update: Update, context: Context, tap: Choose) -> Screen:
    profile = await context.desk.rhythm.look(chat_of(update))
    if any(ritual.id == tap.of for ritual in profile.rituals):  # else a second tap
        await context.desk.rhythm.end(chat_of(update), own(profile, tap.of).id, context.now)
    return Setting.RITUALS, 0


async def _keep_quiet(update: Update, context: Context, tap: Choose) -> Screen:
    quiet = quiet_of(tap.value)
    await context.desk.rhythm.tell(
        chat_of(update), context.now, quiet_from=quiet.begins, quiet_until=quiet.ends
    )
    return Setting.MENU, 0


async def _keep_pause(update: Update, context: Context, tap: Choose) -> Screen:
    profile = await context.desk.rhythm.look(chat_of(update))
    days = None if tap.value == OPEN else int(tap.value)
    until = None if days is None else _today(context, profile) + days * ONE_DAY
    await context.desk.rhythm.pause(
        chat_of(update), until, update_id=context.turn.update_id, now=context.now
    )
    return Setting.PAUSE, 0


async def _keep_equipment(update: Update, context: Context, tap: Choose) -> Screen:
    things = ",".join(sorted(owned(tap.value)))
    await context.desk.rhythm.tell(chat_of(update), context.now, equipment=things)
    return Setting.EQUIPMENT, 0


async def _keep_minutes(update: Update, context: Context, tap: Choose) -> Screen:
    if tap.value not in MINUTES:
        raise ValueError(tap.value)
    await context.desk.rhythm.tell(chat_of(update), context.now, minutes=int(tap.value))
    return Setting.MENU, 0


async def _keep_town(update: Update, context: Context, tap: Choose) -> Screen:
    zone = context.desk.enrolment.zone(tap.value)
    await context.desk.rhythm.tell(chat_of(update), context.now, zone=zone)
    return Setting.MENU, 0


async def _keep_unit(update: Update, context: Context, tap: Choose) -> Screen:
    await context.desk.rhythm.tell(chat_of(update), context.now, unit=Unit(tap.value))
    return Setting.MENU, 0


async def _keep_look(update: Update, context: Context, tap: Choose) -> Screen:
    await context.desk.rhythm.tell(chat_of(update), context.now, **look_of(tap.value))
    return Setting.LOOK, 0


KEEP: Mapping[Setting, Callable[[Update, Context, Choose], Awaitable[Screen]]] = {
    Setting.TIME: _keep_time,
    Setting.ADD: _keep_new,
    Setting.DAYS: _keep_days,
    Setting.LENGTH: _keep_length,
    Setting.NAME: _keep_name,
    Setting.REMOVE: _remove,
    Setting.QUIET: _keep_quiet,
    Setting.PAUSE: _keep_pause,
    Setting.EQUIPMENT: _keep_equipment,
    Setting.MINUTES: _keep_minutes,
    Setting.TOWN: _keep_town,
    Setting.UNIT: _keep_unit,
    Setting.LOOK: _keep_look,
}

HANDLERS = (
    CommandHandler("settings", on_settings),
    CommandHandler("language", on_language),
    CommandHandler("pause", on_pause),
    CommandHandler("resume", on_resume),
    CallbackQueryHandler(on_choose, pattern=Choose.pattern()),
)
