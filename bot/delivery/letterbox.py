"""From a due delivery to its letter. Decides as late as possible, so that this morning's answers count."""

import datetime as dt
from dataclasses import dataclass

from bot.delivery.cards import ritual_card
from bot.delivery.letter import Letter
from bot.domain.refusal import NotEnrolled, PlanLocked
from bot.practice.desk import Desk
from bot.storage import people
from bot.storage.tables import DeliveryRow


@dataclass(frozen=True, slots=True)
class Addressed:
    """A letter and where it goes."""

    chat_id: int
    letter: Letter


async def compose(desk: Desk, delivery: DeliveryRow, now: dt.datetime) -> Addressed | None:
    """The letter of an occurrence; None where none is needed: answered already, locked, blocked."""
    async with desk.enrolment.database.look() as work:
        profile = await people.get(work, delivery.person_id)
    if profile.blocked:
        return None
    try:
        plan = await desk.prescription.today(profile, now, delivery.local_date)
    except (NotEnrolled, PlanLocked):
        return None
    if plan.session.touched:
        return None
    return Addressed(profile.chat_id, ritual_card(desk.words, plan))
