"""From what is due to its letter. Decides as late as possible, so that this morning's answers count."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from bot.delivery.cards import ritual_card
from bot.delivery.letter import Letter
from bot.delivery.morning_card import morning_card
from bot.delivery.player_card import bell_card
from bot.delivery.progress_card import pictured, week_card
from bot.delivery.review_card import review_card
from bot.delivery.rhythm_cards import hindrance_card
from bot.delivery.safety_cards import locked_card, safety_card
from bot.domain.profile import Profile
from bot.domain.refusal import NotEnrolled, PlanLocked
from bot.domain.rhythm import local_day
from bot.domain.safety import Tier
from bot.practice.desk import Desk
from bot.practice.rhythm import has_returned, is_paused, zone_of
from bot.practice.variety import by_id
from bot.storage import people, rituals, sessions
from bot.storage.tables import DeliveryRow, Errand, ErrandRow, Posted, ReviewRow

Compose = Callable[[Desk, ErrandRow, dt.datetime], Awaitable["Addressed | None"]]


@dataclass(frozen=True, slots=True)
class Addressed:
    """A letter and where it goes."""

    chat_id: int
    letter: Letter


@dataclass(frozen=True, slots=True)
class Held:
    """Quiet hours run: it waits for their end."""

    until: dt.datetime


async def compose(desk: Desk, posted: Posted, now: dt.datetime) -> Addressed | Held | None:
    """The letter of whatever is due; None where none is needed: answered already, locked, blocked, paused."""
    if isinstance(posted, DeliveryRow):
        return await _ritual(desk, posted, now)
    if not (isinstance(posted, ErrandRow) and posted.kind in AT_ONCE):
        profile = await _profile(desk, posted)
        if profile.zone is not None:
            if is_paused(profile, local_day(now, zone_of(profile, now))):
                return None
            if (end := profile.quiet.wait(now, zone_of(profile, now))) is not None:
                return Held(end)
    match posted:
        case ReviewRow():
            return await _review(desk, posted, now)
        case ErrandRow():
            return await ERRANDS[Errand(posted.kind)](desk, posted, now)
    raise TypeError(posted)


async def _ritual(desk: Desk, delivery: DeliveryRow, now: dt.datetime) -> Addressed | Held | None:
    profile = await _profile(desk, delivery)
    ritual = by_id(profile.rituals, delivery.ritual_id)
    if profile.blocked or ritual is None or is_paused(profile, delivery.local_date):
        return None
    in_quiet = profile.quiet.wait(now, zone_of(profile, now))
    if in_quiet is not None and ritual.wall_time not in profile.quiet:
        return Held(in_quiet)
    try:
        plan = await desk.prescription.today(profile, now, delivery.local_date, delivery.ritual_id)
    except NotEnrolled:
        # They tapped "something new or worrying" and left it there, or come back after a long gap: the
        # question comes, not the ritual.
        screening = (await _profile(desk, delivery)).screening
        asked = safety_card(desk.words[profile.language], screening, desk.enrolment.clearance)
        return Addressed(profile.chat_id, asked)
    except PlanLocked:
        return await _pause(desk, delivery)
    if plan.session.touched or await desk.player.look(profile, plan, now):
        return None
    words = desk.words[profile.language]
    letter = replace(ritual_card(words, plan), silent=in_quiet is not None)
    if has_returned(profile.pause, delivery.local_date, zone_of(profile, now)):
        async with desk.enrolment.database.look() as work:
            assert profile.pause is not None  # it has ended
            since = await rituals.sent(work, profile.id, profile.pause.since)
        if not since:
            letter = replace(letter, text=f"{words.say('rhythm.returned')}\n\n{letter.text}")
    return Addressed(profile.chat_id, letter)


async def _snooze(desk: Desk, errand: ErrandRow, now: dt.datetime) -> Addressed | None:
    """The same session's card, with the sound that they asked for; on its own day or not at all."""
    profile = await _profile(desk, errand)
    assert errand.session_id is not None  # it was put here for one
    try:
        plan = await desk.prescription.show(profile, errand.session_id)
    except (NotEnrolled, PlanLocked):
        return None
    session, today = plan.session, local_day(now, zone_of(profile, now))
    late = session.day != today or profile.quiet.wait(now, zone_of(profile, now))
    if profile.blocked or session.touched or late:
        return None
    comes = replace(plan, snoozed=None)  # here it is
    return Addressed(profile.chat_id, ritual_card(desk.words[profile.language], comes))


async def _missed(desk: Desk, errand: ErrandRow, now: dt.datetime) -> Addressed | None:
    profile = await desk.lapse.due(errand, now)
    if profile is None:
        return None
    letter = hindrance_card(desk.words[profile.language])
    return Addressed(profile.chat_id, replace(letter, silent=True))


async def _review(desk: Desk, review: ReviewRow, now: dt.datetime) -> Addressed | None:
    due = await desk.retrospect.due(review, now)
    if due is None:
        return None
    profile, retrospection = due
    words, told = desk.words[profile.language], retrospection.told
    letter = replace(review_card(words, retrospection), silent=True)
    if told is not None:
        letter = await pictured(letter, words, told)
    return Addressed(profile.chat_id, letter)


async def _week(desk: Desk, errand: ErrandRow, now: dt.datetime) -> Addressed | None:
    due = await desk.weeks.due(errand, now)
    if due is None:
        return None
    profile, told = due
    words = desk.words[profile.language]
    letter = replace(week_card(words, told), silent=True)
    return Addressed(profile.chat_id, await pictured(letter, words, told))


async def _morning(desk: Desk, errand: ErrandRow, now: dt.datetime) -> Addressed | None:
    due = await desk.mornings.due(errand, now)
    if due is None:
        return None
    profile, day = due
    letter = morning_card(desk.words[profile.language], day)
    return Addressed(profile.chat_id, replace(letter, silent=True))


async def _profile(desk: Desk, posted: Posted) -> Profile:
    async with desk.enrolment.database.look() as work:
        return await people.get(work, posted.person_id)


async def _pause(desk: Desk, delivery: DeliveryRow) -> Addressed | None:
    """Strong pain that returns is found out here, with nobody asking: then it is said, once.

    The day on which it was found out has a session; while the plan rests, no day gets one. Every other lock
    follows an answer, and was said with it.
    """
    profile = await _profile(desk, delivery)
    async with desk.enrolment.database.look() as work:
        past = await sessions.of_person(
            work, delivery.person_id, desk.prescription.catalogue.ladders
        )
    ritual = by_id(profile.rituals, delivery.ritual_id)
    today = ritual and any(
        s.day == delivery.local_date and s.daily and (s.away or s.ritual == ritual.key)
        for s in past
    )
    if profile.screening.lock is not Tier.ROUTINE or not today:
        return None
    return Addressed(profile.chat_id, locked_card(desk.words[profile.language], Tier.ROUTINE))


async def _bell(desk: Desk, errand: ErrandRow, now: dt.datetime) -> Addressed | None:
    """With sound: it ends a hold or a rest."""
    ringing = await desk.player.ringing(errand, now)
    if ringing is None:
        return None
    playing, ended = ringing
    words = desk.words[playing.profile.language]
    return Addressed(playing.profile.chat_id, bell_card(words, playing, ended))


# What makes the letter of each errand; None where it is needless or too late by now.
ERRANDS: Mapping[Errand, Compose] = {
    Errand.MORNING: _morning,
    Errand.WEEK: _week,
    Errand.BELL: _bell,
    Errand.SNOOZE: _snooze,
    Errand.MISSED: _missed,
}
AT_ONCE = (Errand.SNOOZE, Errand.BELL)  # a person waits for these, whatever the hour
