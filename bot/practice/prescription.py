"""Today's sequence: the sessions known so far become decisions, the decisions a sequence, the sequence rows.

As long as nobody touched a day's session, newer answers (how someone woke) decide it again, in place.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.domain.basis import Basis, mark, mark_of_steps
from bot.domain.course import Course
from bot.domain.decision import Action, Decision
from bot.domain.doubt import doubt
from bot.domain.exercise import Occasion, Set
from bot.domain.person import Person
from bot.domain.profile import Profile
from bot.domain.refusal import NotEnrolled, PlanLocked
from bot.domain.review import first_practised
from bot.domain.rhythm import Ritual, of_now
from bot.domain.safety import Tier, due_again, reminder_due
from bot.domain.sequence import Sequence, compose, recall
from bot.domain.session import Asked, Given, Session, practised
from bot.domain.standing import Standing
from bot.domain.trip import Trip, last_return
from bot.practice.courses import Courses, composed, meant
from bot.practice.loads import grams_of, shown_weight
from bot.practice.plan import (
    Plan,
    among,
    before,
    doubt_before,
    has_returned,
    set_kept,
    trip_of,
    unanswered_morning,
)
from bot.practice.variety import (
    DAILY_OCCASIONS,
    by_id,
    by_key,
    is_followed,
    of_ritual,
    own_name,
    set_of,
)
from bot.storage import decisions, errands, people, rituals, sessions
from bot.storage.database import Database, Work
from bot.storage.decisions import Decided
from bot.storage.tables import Errand, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription(Courses):
    """The desk where sequences are made."""

    database: Database

    async def today(
        self,
        profile: Profile,
        now: dt.datetime,
        day: dt.date | None = None,
        ritual_id: int | None = None,
    ) -> Plan:
        """The session of today's ritual of now, or of the day and ritual a delivery is for.

        It is made or decided again. Raises NotEnrolled or PlanLocked.
        """
        person = self.person(profile)
        day = day or self.day(person, now)
        await self._ask_safety_after_gap(person, profile, day, now)
        async with self.database.work() as work:
            await people.hold(work, person.id)
            plan = await self._kept_away(work, person, profile, day)
            if plan is None and (trip := profile.trip_at(now)):
                plan = await self._away(work, person, profile, trip, now, day)
            elif plan is None:
                ritual = by_id(profile.rituals, ritual_id)
                if ritual is None:
                    ritual = await self._of_now(work, profile, person, now)
                plan = await self._on(work, person, profile, ritual, now, day)
            lock = await people.lock(work, person.id)
        if lock:  # what was decided just now asks for a clinician; and it is kept
            raise PlanLocked(lock)
        return plan

    async def travel(
        self, profile: Profile, chosen: Set, minutes: int, *, update_id: int, now: dt.datetime
    ) -> Plan:
        """A set for the way, near the person's own steps; it moves nobody anywhere."""
        person = self.person(profile)
        day = self.day(person, now)
        await self._ask_safety_after_gap(person, profile, day, now)
        async with self.database.work() as work:
            await people.hold(work, person.id)
            past = await sessions.of_person(work, person.id, self.catalogue.ladders)
            session_id = await sessions.make(
                work,
                person_id=person.id,
                occasion=sessions.on_the_way(update_id),
                day=day,
                chosen=chosen,
                minutes=minutes,
                now=now,
            )
            # Whatever the days before brought: a set for now, the same at each asking.
            course = self.course(person, profile, past, day)
            await self._stand_in(work, profile, session_id, course, chosen, minutes, {})
            every = await sessions.of_person(work, person.id, self.catalogue.ladders)
            return await self._plan(work, person, profile, session_id, every)

    async def shorten(
        self, profile: Profile, session_id: int, *, short: bool, now: dt.datetime
    ) -> Plan:
        """No time today: the short set instead of the ritual, or the ritual after all.

        What somebody has answered, and a day that others followed, stay as they were. Raises CardGone,
        NotEnrolled or PlanLocked.
        """
        person = self.person(profile)
        await self._ask_safety_after_gap(person, profile, self.day(person, now), now)
        async with self.database.work() as work:
            await people.hold(work, person.id)
            await sessions.check_owner(work, session_id, profile.id)
            every = await sessions.of_person(work, person.id, self.catalogue.ladders)
            session = among(every, session_id)
            if not (session.touched or session.travel or is_followed(session, every)):
                ritual = by_key(profile.rituals, session.ritual)
                person = of_ritual(person, ritual)
                chosen = (
                    self.catalogue.set_for(Occasion.SHORT)
                    if short
                    else set_of(ritual, self.catalogue)
                )
                newest = await sessions.newest_answer(work, person.id)
                past = before(session, every)
                given = await self._prescribe(
                    work, person, profile, session, past, newest, chosen, now
                )
                every = tuple(given if s.id == session_id else s for s in every)
            plan = await self._plan(work, person, profile, session_id, every)
            lock = await people.lock(work, person.id)
        if lock:  # as in today
            raise PlanLocked(lock)
        return plan

    async def show(self, profile: Profile, session_id: int) -> Plan:
        """A session as it was given. Raises CardGone."""
        person = self.person(profile)
        async with self.database.look() as work:
            await sessions.check_owner(work, session_id, profile.id)
            every = await sessions.of_person(work, profile.id, self.catalogue.ladders)
            return await self._plan(work, person, profile, session_id, every)

    async def in_flare(self, profile: Profile, now: dt.datetime) -> bool:
        """Whether a flare runs today. Raises NotEnrolled or PlanLocked."""
        person = self.person(profile)
        async with self.database.look() as work:
            past = await sessions.of_person(work, person.id, self.catalogue.ladders)
        return self.course(person, profile, past, self.day(person, now)).in_flare

    async def _of_now(
        self, work: Work, profile: Profile, person: Person, now: dt.datetime
    ) -> Ritual:
        """Which of today's rituals is meant."""
        if len(profile.rituals) == 1:
            return profile.rituals[0]
        every = await sessions.of_person(work, person.id, self.catalogue.ladders)
        today = self.day(person, now)
        over = frozenset(
            s.ritual
            for s in every
            if s.day == today and not s.travel and s.touched and s.question is None
        )
        return of_now(profile.rituals, over, now, ZoneInfo(person.zone_at(now)))

    async def _ask_safety_after_gap(
        self, person: Person, profile: Profile, day: dt.date, now: dt.datetime
    ) -> None:
        """Open the urgent tiers again after R5's longest gap. Raises NotEnrolled: they come first."""
        async with self.database.look() as work:
            practised_on = await sessions.last_touched(work, person.id)
        screened_on = self.day(person, profile.screened_at) if profile.screened_at else None
        if due_again(practised_on, screened_on, day, self.policy.gap.longest_days):
            await self.enrolment.ask_safety_again(profile.chat_id, now)
            raise NotEnrolled

    async def _kept_away(
        self, work: Work, person: Person, profile: Profile, day: dt.date
    ) -> Plan | None:
        """The session that somebody with trips answered on that day, at home or away: it was the day's."""
        if not any(trip.from_day <= day <= trip.until_day for trip in profile.trips):
            return None
        every = await sessions.of_person(work, person.id, self.catalogue.ladders)
        answered = [s for s in every if s.day == day and s.daily and s.touched]
        if not answered:
            return None
        return await self._plan(work, person, profile, answered[-1].id, every)

    async def _away(
        self,
        work: Work,
        person: Person,
        profile: Profile,
        trip: Trip,
        now: dt.datetime,
        day: dt.date,
    ) -> Plan:
        """The day's ritual on a trip: its set, as often as it is asked for, until somebody answers it."""
        chosen = self.catalogue.sets.get(trip.set_id) or self.catalogue.set_for(Occasion.WAY)
        session_id = await sessions.make(
            work,
            person_id=person.id,
            occasion=sessions.on_day_away(day),
            day=day,
            chosen=chosen,
            minutes=person.minutes,
            now=now,
        )
        every = await sessions.of_person(work, person.id, self.catalogue.ladders)
        session = among(every, session_id)
        past = before(session, every)
        course = self.course(person, profile, past, day)
        if paused := await self._pause(work, course, now):
            newest = await sessions.newest_answer(work, person.id)
            await self._decide(work, profile, session, course, paused, newest, now)
        fitting = (minutes for minutes in chosen.minutes if minutes <= course.minutes)
        minutes = max(fitting, default=min(chosen.minutes))
        await self._stand_in(work, profile, session_id, course, chosen, minutes, practised(past))
        every = await sessions.of_person(work, person.id, self.catalogue.ladders)
        return await self._plan(work, person, profile, session_id, every)

    async def _stand_in(
        self,
        work: Work,
        profile: Profile,
        session_id: int,
        course: Course,
        chosen: Set,
        minutes: int,
        turns: Mapping[str, int],
    ) -> None:
        """Give a set for the way, near the person's own steps; it moves nobody anywhere."""
        own = course.standings_held_back
        sequence = compose(
            course.person,
            own,
            self.catalogue.ladders,
            chosen,
            course.day.toordinal(),
            minutes,
            practised=turns,
        )
        past = tuple(course.sessions)
        given = self._given(sequence, own, grams_of(self, profile, sequence, past))
        await sessions.give(work, session_id, given, chosen, minutes)

    async def _on(
        self,
        work: Work,
        person: Person,
        profile: Profile,
        ritual: Ritual,
        now: dt.datetime,
        day: dt.date,
    ) -> Plan:
        person = of_ritual(person, ritual)
        daily = set_of(ritual, self.catalogue)
        session_id = await sessions.make(
            work,
            person_id=person.id,
            occasion=sessions.on_day(day, ritual.key),
            day=day,
            chosen=daily,
            minutes=person.minutes,
            now=now,
        )
        every = await sessions.of_person(work, person.id, self.catalogue.ladders)
        session = among(every, session_id)
        newest = await sessions.newest_answer(work, person.id)
        placed = self.placements(person, profile)
        kept = set_kept(session, self.catalogue)
        moved = kept.id != daily.id and kept.occasion in DAILY_OCCASIONS
        stands = session.touched or (session.given and is_followed(session, every))
        if not stands and (
            moved or not await _is_current(work, person, profile, session, newest, placed)
        ):
            past = before(session, every)
            chosen = kept if kept.occasion is Occasion.SHORT else daily
            given = await self._prescribe(work, person, profile, session, past, newest, chosen, now)
            every = tuple(given if s.id == session_id else s for s in every)
        return await self._plan(work, person, profile, session_id, every)

    async def _prescribe(
        self,
        work: Work,
        person: Person,
        profile: Profile,
        session: Session,
        past: tuple[Session, ...],
        newest: int,
        chosen: Set,
        now: dt.datetime,
    ) -> Session:
        """Decide, give and keep it; the session as it then stands in the rows."""
        course = self.course(person, profile, past, session.day)
        paused = await self._pause(work, course, now)
        chosen, minutes = meant(course, chosen, self.catalogue)
        sequence = composed(course, chosen, minutes, profile.variety, self.catalogue)
        grams = grams_of(self, profile, sequence, (*past, session))
        given = self._given(sequence, course.standings, grams)
        await sessions.give(work, session.id, given, chosen, minutes, profile.variety)
        kept = {portion.ladder: course.decisions[portion.ladder] for portion in given}
        await self._decide(work, profile, session, course, kept | paused, newest, now)
        return replace(
            session,
            given=given,
            minutes=minutes,
            place=chosen.place,
            set_id=chosen.id,
            variety=profile.variety,
            gone=frozenset(),
        )

    async def _pause(self, work: Work, course: Course, now: dt.datetime) -> dict[str, Decision]:
        """The ladders that ask for a clinician; one is enough, whether or not it comes up today."""
        paused = {
            name: d for name, d in course.decisions.items() if d.action is Action.PAUSE_AND_REFER
        }
        if paused:
            await people.screen(work, course.person.id, Tier.ROUTINE, True, now)
        return paused

    async def _decide(
        self,
        work: Work,
        profile: Profile,
        session: Session,
        course: Course,
        kept: Mapping[str, Decision],
        newest: int,
        now: dt.datetime,
    ) -> None:
        """Keep decisions, with all that they rest on."""
        decided = [
            Decided(ladder=name, decision=decision, nearest=course.nearest(name))
            for name, decision in kept.items()
        ]
        basis = Basis(
            person=course.person,
            day=session.day,
            answers_upto=newest,
            fresh_since=course.fresh_since,
            ladders=mark(self.catalogue.ladders),
            exercises=mark_of_steps(self.catalogue.ladders),
            placements=course.placements,
            flares=profile.flares,
            back=course.back,
        )
        await decisions.add(work, session.id, decided, basis, now)

    def _given(
        self, sequence: Sequence, own: Mapping[str, Standing], grams: Mapping[str, int]
    ) -> tuple[Given, ...]:
        return tuple(
            Given(
                ladder=portion.ladder,
                step=own[portion.ladder].step,
                shown_step=portion.step,
                dose_fraction=own[portion.ladder].dose_fraction,
                shown_dose=portion.dose_fraction,
                loaded=portion.loaded,
                grams=grams.get(portion.ladder),
                exercises=self.catalogue.ladders[portion.ladder].exercises[
                    : own[portion.ladder].step
                ],
            )
            for portion in sequence.portions
        )

    async def _plan(
        self,
        work: Work,
        person: Person,
        profile: Profile,
        session_id: int,
        every: tuple[Session, ...],
    ) -> Plan:
        session = among(every, session_id)
        slip = self.policy.slip
        given = {portion.ladder for portion in session.shown}
        decided = {
            ladder: one
            for ladder, one in (await decisions.of_session(work, session.id)).items()
            if ladder in given
        }
        spoken = self.catalogue.spoken(profile.language)
        chosen = set_kept(session, spoken)
        moves = {ladder: one.decision for ladder, one in decided.items()}
        return Plan(
            session=session,
            set=chosen,
            sequence=recall(person, session.shown, spoken.ladders, chosen, session.minutes),
            names=self.names(profile),
            snoozed=await _snoozed(work, session_id, person),
            own_name=own_name(profile.rituals, session, chosen),
            weight=shown_weight(self, person, profile, session, before(session, every), moves),
            decisions=moves,
            nearest={ladder: one.nearest for ladder, one in decided.items()},
            morning_of=unanswered_morning(session.day, every) if session.daily else None,
            doubt=doubt(session, Asked.PAIN, every, slip),
            doubt_before=doubt_before(session, every, slip) if session.daily else None,
            missed=None if session.travel else await _missed(work, session),
            reminds=session.daily
            and not any(s.day == session.day and s.id < session.id for s in every)
            and reminder_due(first_practised(every), session.day, self.policy.review.reminder_days),
            try_out=not session.travel
            and self.next_try(person, profile) is not None
            and not any(session.touched for session in every),
            trip=trip_of(session, profile.trips),
            returned=has_returned(session, every, profile.trips),
            taste=profile.taste,
        )


async def _is_current(
    work: Work,
    person: Person,
    profile: Profile,
    session: Session,
    newest_answer: int,
    placed: Mapping[str, int],
) -> bool:
    """Nothing was answered, tried, told or set since it was decided, and no clinician has seen them.

    Nor was any of it taken out of the ladders.
    """
    decided = await decisions.newest(work, session.id, profile.id)
    if decided is None or session.gone:
        return False
    basis, at = decided
    back = last_return(profile.trips, session.day)
    known = (
        *(basis.answers_upto, basis.placements, basis.flares, basis.back),
        *(basis.person, session.variety),
    )
    if known != (newest_answer, placed, profile.flares, back, person, profile.variety):
        return False
    return profile.seen_at is None or profile.seen_at <= at


async def _snoozed(work: Work, session_id: int, person: Person) -> dt.time | None:
    at = await errands.waiting(work, session_id, Errand.SNOOZE)
    return at.astimezone(ZoneInfo(person.zone_at(at))).time() if at else None


async def _missed(work: Work, session: Session) -> dt.date | None:
    last = await rituals.last_of(work, session.person_id)
    return last.local_date if last and last.state == State.LATE else None
