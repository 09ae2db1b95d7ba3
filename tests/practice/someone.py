"""Ada, at the desk: she wakes, practises and answers, each time by an update of its own."""

import datetime as dt
from collections.abc import Mapping
from itertools import count

from bot.domain.course import Course
from bot.domain.exercise import Occasion
from bot.domain.placement import Felt
from bot.domain.profile import Profile
from bot.domain.safety import Tier
from bot.domain.session import Asked, Given
from bot.domain.standing import Standing
from bot.practice.desk import Desk
from bot.practice.journal import Kept
from bot.practice.plan import Plan
from bot.storage import people, sessions
from tests.builders import ADA

MONDAY = dt.datetime(2026, 11, 23, 6, 0, tzinfo=dt.UTC)  # 07:00 in Zurich

CALM: Mapping[Asked, int] = {
    Asked.COMPLETED: 0,
    Asked.PAIN: 2,
    Asked.COMPENSATION: 0,
    Asked.BREATH: 0,
}
RED = {**CALM, Asked.PAIN: 8}


def at(day: int, hours: float = 0) -> dt.datetime:
    """07:00 of a day, or so many hours later; day 0 is a Monday."""
    return MONDAY + dt.timedelta(days=day, hours=hours)


class Someone:
    """Enrolled already."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._updates = count(-1, -1)  # a chat's own begin at 1

    async def today(self, now: dt.datetime) -> Plan:
        profile = await self.desk.enrolment.profile(ADA)
        return await self.desk.prescription.today(profile, now)

    async def show(self, session_id: int) -> Plan:
        profile = await self.desk.enrolment.profile(ADA)
        return await self.desk.prescription.show(profile, session_id)

    async def course(self, now: dt.datetime) -> Course:
        """All ladders, as a day would decide them."""
        profile = await self.desk.enrolment.profile(ADA)
        prescription = self.desk.prescription
        person = prescription.person(profile)
        async with self.desk.enrolment.database.look() as work:
            past = await sessions.of_person(work, person.id, prescription.catalogue.ladders)
        return prescription.course(person, profile, past, prescription.day(person, now))

    async def standings(self, now: dt.datetime) -> dict[str, Standing]:
        return (await self.course(now)).standings

    async def travel(self, now: dt.datetime, minutes: int = 5, set_id: str = "hotel") -> Plan:
        profile = await self.desk.enrolment.profile(ADA)
        chosen = self.desk.prescription.catalogue.sets[set_id]
        return await self.desk.prescription.travel(
            profile, chosen, minutes, update_id=next(self._updates), now=now
        )

    async def answer(self, plan: Plan, answers: Mapping[Asked, int], now: dt.datetime) -> Kept:
        """Some answers about a session; returns what the last one led to."""
        for asked, value in answers.items():
            kept = await self.desk.journal.keep(
                ADA, plan.session.id, asked, value, update_id=next(self._updates), now=now
            )
        return kept

    async def wake(self, session_id: int, pain: int, now: dt.datetime) -> Plan:
        """How she woke after that session."""
        return await self.recall(session_id, Asked.MORNING, pain, now)

    async def recall(self, session_id: int, asked: Asked, value: int, now: dt.datetime) -> Plan:
        """What she says today about an earlier session."""
        return await self.desk.journal.recall(
            ADA, session_id, asked, value, update_id=next(self._updates), now=now
        )

    async def tell_of_flare(self, now: dt.datetime) -> Profile:
        """It hurts more than usual; safety is open then."""
        return await self.desk.enrolment.tell_of_flare(ADA, update_id=next(self._updates), now=now)

    async def all_clear(self, now: dt.datetime) -> None:
        """None of these, twice."""
        for tier in (Tier.EMERGENCY, Tier.URGENT):
            await self.desk.enrolment.screen(ADA, tier, False, now)

    async def flare(self, now: dt.datetime) -> None:
        """Told, and nothing else is new."""
        await self.tell_of_flare(now)
        await self.all_clear(now)

    async def finds_the_hinge_easy(self, now: dt.datetime) -> None:
        """Up to the step before the weights, at a try-out."""
        profile = await self.desk.enrolment.profile(ADA)
        hinge = self.desk.prescription.catalogue.ladders["hinge"]
        async with self.desk.enrolment.database.work() as work:
            for step in self.desk.prescription.policy.placement.steps:
                await people.try_out(
                    work,
                    profile.id,
                    "hinge",
                    step,
                    Felt.EASY,
                    exercise=hinge.step(step).exercise.id,
                    update_id=next(self._updates),
                    now=now,
                )

    async def until_a_weight(self, number: int) -> int:
        """Calm days from this one on; returns the first whose ritual holds a weight, not practised yet."""
        while Asked.RESERVE not in (await self.today(at(number))).session.afterwards:
            await self.day(number)
            number += 1
        return number

    async def lifted(self, grams: int, *numbers: int, answers: Mapping[Asked, int] = CALM) -> None:
        """Days on the last step of the hinge, whole and at this weight, as if they had been lived."""
        profile = await self.desk.enrolment.profile(ADA)
        chosen = self.desk.prescription.catalogue.set_for(Occasion.MORNING)
        hinge = Given(
            ladder="hinge",
            step=8,
            shown_step=8,
            dose_fraction=1.0,
            shown_dose=1.0,
            loaded=True,
            grams=grams,
        )
        async with self.desk.enrolment.database.work() as work:
            await people.tell(work, profile.id, equipment="dumbbells", minutes=20)
            for number in numbers:
                session_id = await sessions.make(
                    work,
                    person_id=profile.id,
                    occasion=sessions.on_day(at(number).date()),
                    day=at(number).date(),
                    chosen=chosen,
                    minutes=20,
                    now=at(number),
                )
                await sessions.give(work, session_id, [hinge], chosen, 20)
                for asked, value in {Asked.RESERVE: 0, Asked.MORNING: 2, **answers}.items():
                    await sessions.answer(
                        work,
                        session_id,
                        asked,
                        value,
                        update_id=next(self._updates),
                        now=at(number, hours=1),
                    )

    async def day(self, number: int, answers: Mapping[Asked, int] = CALM, woke: int = 2) -> Plan:
        """Wake where that is asked, practise, answer; with a weight three more are possible."""
        plan = await self.today(at(number))
        if plan.morning_of is not None:
            plan = await self.wake(plan.morning_of.id, woke, at(number))
        weight = {Asked.RESERVE: 0} if Asked.RESERVE in plan.session.afterwards else {}
        await self.answer(plan, {**weight, **answers}, at(number, hours=1))
        return plan
