"""What led to the decisions of a session: for each of its ladders, the turns before."""

from collections.abc import Mapping

from bot.domain.behind import Turn, turns
from bot.domain.profile import Profile
from bot.practice.plan import Plan, before
from bot.practice.prescription import Prescription
from bot.storage import sessions

Behind = Mapping[str, tuple[Turn, ...]]  # by ladder, oldest first


async def behind(prescription: Prescription, profile: Profile, plan: Plan) -> Behind:
    """With the answers as they are now. Raises NotEnrolled or PlanLocked."""
    person = prescription.person(profile)
    async with prescription.database.look() as work:
        every = await sessions.of_person(work, profile.id, prescription.catalogue.ladders)
    past = before(plan.session, every)
    course = prescription.course(person, profile, past, plan.session.day)
    return {ladder: turns(course.situations[ladder]) for ladder in plan.decisions}
