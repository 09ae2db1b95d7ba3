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
from bot.delivery.safety_cards import locked_card, safety_card
from bot.domain.profile import Profile
from bot.domain.refusal import NotEnrolled, PlanLocked
from bot.domain.safety import Tier
from bot.practice.desk import Desk
from bot.storage import people, sessions
from bot.storage.tables import DeliveryRow, Errand, ErrandRow, Posted, ReviewRow

Compose = Callable[[Desk, ErrandRow, dt.datetime], Awaitable["Addressed | None"]]


@dataclass(frozen=True, slots=True)
class Addressed:
    """A letter and where it goes."""

    chat_id: int
    letter: Letter


async def compose(desk: Desk, posted: Posted, now: dt.datetime) -> Addressed | None:
    """The letter of whatever is due; None where none is needed: answered already, locked, blocked."""
    match posted:
        case DeliveryRow():
            return await _ritual(desk, posted, now)
        case ReviewRow():
            return await _review(desk, posted, now)
        case ErrandRow():
            return await ERRANDS[Errand(posted.kind)](desk, posted, now)
    raise TypeError(posted)


async def _ritual(desk: Desk, delivery: DeliveryRow, now: dt.datetime) -> Addressed | None:
    profile = await _profile(desk, delivery)
    if profile.blocked:
        return None
    try:
        plan = await desk.prescription.today(profile, now, delivery.local_date)
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
    return Addressed(profile.chat_id, ritual_card(desk.words[profile.language], plan))


async def _review(desk: Desk, review: ReviewRow, now: dt.datetime) -> Addressed | None:
    due = await desk.retrospect.due(review, now)
    if due is None:
        return None
    profile, retrospection = due
    words, told = desk.words[profile.language], retrospection.told
    letter = replace(review_card(words, retrospection), silent=True)
    if told is not None:
        letter = await pictured(letter, words, told.progress, told.names)
    return Addressed(profile.chat_id, letter)


async def _week(desk: Desk, errand: ErrandRow, now: dt.datetime) -> Addressed | None:
    due = await desk.weeks.due(errand, now)
    if due is None:
        return None
    profile, told = due
    words = desk.words[profile.language]
    letter = replace(week_card(words, told), silent=True)
    return Addressed(profile.chat_id, await pictured(letter, words, told.progress, told.names))


async def _morning(desk: Desk, errand: ErrandRow, now: dt.datetime) -> Addressed | None:
    due = await desk.mornings.due(errand, now)
    if due is None:
        return None
    profile, day = due
    letter = morning_card(desk.words[profile.language], day)
    return Addressed(profile.chat_id, replace(letter, silent=True))


async def _profile(desk: Desk, delivery: DeliveryRow) -> Profile:
    async with desk.enrolment.database.look() as work:
        return await people.get(work, delivery.person_id)


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
    today = any(s.day == delivery.local_date and s.daily for s in past)
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
}
