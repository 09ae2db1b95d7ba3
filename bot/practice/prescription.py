"""Today's sequence: the sessions known so far become decisions, the decisions a sequence, the sequence rows.

As long as nobody touched a day's session, newer answers (how someone woke) decide it again, in place.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Row
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.catalogue.countries import country_of
from bot.catalogue.reading import Catalogue
from bot.domain.basis import Basis, mark, mark_of_steps
from bot.domain.course import Course
from bot.domain.decision import Action, Decision, Reason
from bot.domain.doubt import Doubt, doubt
from bot.domain.exercise import Occasion, Set
from bot.domain.load import (
    Unit,
    Weight,
    heavier,
    last_held,
    to_hold,
    usual_unit,
    weight_of,
    went_well,
)
from bot.domain.nearest import Nearest
from bot.domain.person import Person
from bot.domain.placement import Try, next_try, placements
from bot.domain.policy import Policy, Slip
from bot.domain.profile import Profile
from bot.domain.refusal import NotEnrolled, PlanLocked
from bot.domain.renumbering import has_moved, retried, steps_of
from bot.domain.review import first_practised
from bot.domain.rhythm import local_day
from bot.domain.safety import Tier, due_again, reminder_due
from bot.domain.sequence import Sequence, compose, recall
from bot.domain.session import Asked, Given, Session, practised
from bot.domain.standing import Standing
from bot.domain.trip import Trip, last_return
from bot.practice.enrolment import Enrolment
from bot.storage import decisions, people, rituals, sessions
from bot.storage.database import Database, Work
from bot.storage.decisions import Decided
from bot.storage.tables import State

# A morning is asked about for so many days: memory of pain fades, but who practises every other day must
# be able to answer too. (Inference.)
MORNING_DAYS = 3
# From which hour on a daily ritual is of which occasion, the latest first.
DAILY = ((15, Occasion.EVENING), (11, Occasion.MIDDAY), (0, Occasion.MORNING))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A session, ready to be shown."""

    session: Session
    set: Set  # what kind of sequence it is
    sequence: Sequence
    decisions: Mapping[str, Decision]  # by ladder; none behind a set for the way
    nearest: Mapping[str, Nearest]  # by ladder, what would lead upwards
    names: Mapping[str, str]  # of the ladders
    weight: Weight | None = None  # where one is shown
    morning_of: Session | None = None  # an earlier session whose morning nobody answered yet
    doubt: Doubt | None = None  # the session's own pain, where it is asked back
    doubt_before: Doubt | None = None  # the same for a number about an earlier session
    missed: dt.date | None = None  # a ritual that could not reach the person in time
    reminds: bool = False  # of the safety button, once a week
    try_out: bool = False  # where to begin may still be found by trying
    trip: Trip | None = None  # that this is a day of
    returned: bool = False  # home again, for the first time since

    @property
    def question(self) -> Asked | None:
        """What to ask next about the session: first whether a surprising number is right."""
        return Asked.PAIN_CONFIRMED if self.doubt else self.session.question


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """The desk where sequences are made."""

    database: Database
    catalogue: Catalogue
    policy: Policy
    enrolment: Enrolment

    async def today(self, profile: Profile, now: dt.datetime, day: dt.date | None = None) -> Plan:
        """The session of today, or of the local day a delivery is for, made or decided again.

        Raises NotEnrolled or PlanLocked.
        """
        person = self.person(profile)
        day = day or self.day(person, now)
        await self._ask_safety_after_gap(person, profile, day, now)
        async with self.database.work() as work:
            plan = await self._kept_away(work, person, profile, day)
            if plan is None and (trip := profile.trip_at(now)):
                plan = await self._away(work, person, profile, trip, now, day)
            elif plan is None:
                plan = await self._on(work, person, profile, now, day)
            lock = (await people.get(work, person.id)).screening.lock
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
            await sessions.check_owner(work, session_id, profile.id)
            every = await sessions.of_person(work, person.id, self.catalogue.ladders)
            session = among(every, session_id)
            followed = any(later.day > session.day for later in every)
            if not (session.touched or session.travel or followed):
                chosen = self.catalogue.set_for(Occasion.SHORT) if short else self._daily(profile)
                newest = await sessions.newest_answer(work, person.id)
                past = before(session, every)
                await self._prescribe(work, person, profile, session, past, newest, chosen, now)
                every = await sessions.of_person(work, person.id, self.catalogue.ladders)
            plan = await self._plan(work, person, profile, session_id, every)
            lock = (await people.get(work, person.id)).screening.lock
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

    def course(
        self, person: Person, profile: Profile, past: tuple[Session, ...], day: dt.date
    ) -> Course:
        """Someone on all ladders as of a day, from the sessions before it."""
        seen = profile.seen_at
        return Course(
            person=person,
            ladders=self.catalogue.ladders,
            sessions=past,
            day=day,
            policy=self.policy,
            fresh_since=self.day(person, seen) if seen else None,
            placements=self.placements(person, profile),
            flares=profile.flares,
            back=last_return(profile.trips, day),
        )

    def placements(self, person: Person, profile: Profile) -> dict[str, int]:
        """Where a try-out lets someone begin; one from before a clinician has seen them does no more."""
        seen, ladders = profile.seen_at, self.catalogue.ladders
        tried = [one for one in profile.tried if seen is None or one.at > seen]
        return placements(person, ladders, retried(tried, steps_of(ladders)), self.policy)

    def next_try(self, person: Person, profile: Profile) -> Try | None:
        """What a try-out asks next; nothing more of a ladder that has changed under it."""
        steps = steps_of(self.catalogue.ladders)
        moved = {one.ladder for one in profile.tried if has_moved(one, steps)}
        spoken = self.catalogue.spoken(profile.language).ladders
        ladders = {slug: one for slug, one in spoken.items() if slug not in moved}
        return next_try(person, ladders, profile.tried, self.policy)

    def person(self, profile: Profile) -> Person:
        """Someone who may practise. Raises NotEnrolled or PlanLocked."""
        return profile.person(self.enrolment.cautions(profile))

    def unit(self, profile: Profile) -> Unit:
        """What a person weighs with: as chosen, else as usual where they are."""
        return profile.unit or usual_unit(country_of(profile.zone) if profile.zone else None)

    def _daily(self, profile: Profile) -> Set:
        """The set of the ritual that they chose a time for."""
        hour = profile.ritual_at.hour if profile.ritual_at else 0
        return self.catalogue.set_for(next(o for begins, o in DAILY if hour >= begins))

    def names(self, profile: Profile) -> dict[str, str]:
        """Of the ladders, in the person's language."""
        ladders = self.catalogue.spoken(profile.language).ladders
        return {slug: ladder.name for slug, ladder in ladders.items()}

    @staticmethod
    def day(person: Person, now: dt.datetime) -> dt.date:
        """The date where the person is."""
        return local_day(now, ZoneInfo(person.zone_at(now)))

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
        if not profile.trips:
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
        given = self._given(sequence, own, self._grams(profile, sequence, past))
        await sessions.give(work, session_id, given, chosen, minutes)

    async def _on(
        self, work: Work, person: Person, profile: Profile, now: dt.datetime, day: dt.date
    ) -> Plan:
        session_id = await sessions.make(
            work,
            person_id=person.id,
            occasion=sessions.on_day(day),
            day=day,
            chosen=self._daily(profile),
            minutes=person.minutes,
            now=now,
        )
        every = await sessions.of_person(work, person.id, self.catalogue.ladders)
        session = among(every, session_id)
        newest = await sessions.newest_answer(work, person.id)
        placed = self.placements(person, profile)
        if not session.touched and not await _is_current(work, profile, session, newest, placed):
            past = before(session, every)
            kept = _kept(session, self.catalogue)
            chosen = kept if kept.occasion is Occasion.SHORT else self._daily(profile)
            await self._prescribe(work, person, profile, session, past, newest, chosen, now)
            every = await sessions.of_person(work, person.id, self.catalogue.ladders)
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
    ) -> None:
        course = self.course(person, profile, past, session.day)
        paused = await self._pause(work, course, now)
        short = chosen.occasion is Occasion.SHORT
        if course.in_flare and not short:
            chosen = self.catalogue.set_for(Occasion.FLARE)
        minutes = max(chosen.minutes) if short else course.minutes
        sequence = compose(
            person,
            course.standings,
            self.catalogue.ladders,
            chosen,
            session.day.toordinal(),
            minutes,
            practised=practised(past),
        )
        grams = self._grams(profile, sequence, (*past, session))
        given = self._given(sequence, course.standings, grams)
        await sessions.give(work, session.id, given, chosen, minutes)
        kept = {portion.ladder: course.decisions[portion.ladder] for portion in given}
        await self._decide(work, profile, session, course, kept | paused, newest, now)

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

    def _grams(
        self, profile: Profile, sequence: Sequence, known: tuple[Session, ...]
    ) -> dict[str, int]:
        """By ladder, the weight of one piece, from the sessions and what was said on their cards."""
        unit, ladders = self.unit(profile), self.catalogue.ladders
        known = self._since_seen(profile, known)
        return {
            p.ladder: to_hold(last_held(known, p.ladder), ladders[p.ladder], p.step, unit)
            for p in sequence.portions
            if p.loaded
        }

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

    @staticmethod
    def _since_seen(profile: Profile, known: tuple[Session, ...]) -> tuple[Session, ...]:
        """Once a clinician has seen someone, weights begin anew as well."""
        if profile.seen_at is None or profile.zone is None:
            return known
        zone = profile.zone_at(profile.seen_at) or profile.zone
        seen = local_day(profile.seen_at, ZoneInfo(zone))
        return tuple(session for session in known if session.day >= seen)

    def _weight(
        self,
        person: Person,
        profile: Profile,
        session: Session,
        past: tuple[Session, ...],
        decided: Mapping[str, Decision],
    ) -> Weight | None:
        """The weight of a session; at the top of its ladder perhaps with a heavier one to take."""
        ladders, unit = self.catalogue.ladders, self.unit(profile)
        weight = weight_of(session, self._since_seen(profile, past), ladders, unit)
        if weight is None or session.touched or weight.ladder not in decided:
            return weight
        if decided[weight.ladder].reasons[0] is not Reason.AT_THE_TOP:
            return weight
        situation = self.course(person, profile, past, session.day).situations[weight.ladder]
        well = went_well(situation, past, weight)
        offer = heavier(weight, ladders[weight.ladder], well, self.policy.load)
        return replace(weight, offer=offer)

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
        chosen = _kept(session, spoken)
        moves = {ladder: one.decision for ladder, one in decided.items()}
        return Plan(
            session=session,
            set=chosen,
            sequence=recall(person, session.shown, spoken.ladders, chosen, session.minutes),
            names=self.names(profile),
            weight=self._weight(person, profile, session, before(session, every), moves),
            decisions=moves,
            nearest={ladder: one.nearest for ladder, one in decided.items()},
            morning_of=unanswered_morning(session.day, every) if session.daily else None,
            doubt=doubt(session, Asked.PAIN, every, slip),
            doubt_before=_doubt_before(session, every, slip) if session.daily else None,
            missed=None if session.travel else await _missed(work, session),
            reminds=session.daily
            and reminder_due(first_practised(every), session.day, self.policy.review.reminder_days),
            try_out=not session.travel
            and self.next_try(person, profile) is not None
            and not any(session.touched for session in every),
            trip=_trip_of(session, profile.trips),
            returned=_has_returned(session, every, profile.trips),
        )


def _kept(session: Session, catalogue: Catalogue) -> Set:
    """The one a session was of; where none is known, or it is gone, that of its kind."""
    usual = Occasion.WAY if session.travel else Occasion.MORNING
    return catalogue.sets.get(session.set_id or "") or catalogue.set_for(usual)


def among(every: Iterable[Session], session_id: int) -> Session:
    """The one with this id, which is known to be there."""
    return next(session for session in every if session.id == session_id)


def before(session: Session, every: Iterable[Session]) -> tuple[Session, ...]:
    """What a day's decisions look at: the days before it, and what was practised on its way.

    Never a later day: a delivery of yesterday may come when today has begun.
    """
    return tuple(s for s in every if s.id != session.id and s.day <= session.day)


async def _is_current(
    work: Work,
    profile: Profile,
    session: Session,
    newest_answer: int,
    placed: Mapping[str, int],
) -> bool:
    """Nothing was answered, tried or told since it was decided, and no clinician has seen them.

    Nor was any of it taken out of the ladders.
    """
    decided = await decisions.newest(work, session.id, profile.id)
    if decided is None or session.gone:
        return False
    basis, at = decided
    known = (basis.answers_upto, basis.placements, basis.flares, basis.back)
    back = last_return(profile.trips, session.day)
    if known != (newest_answer, placed, profile.flares, back):
        return False
    return profile.seen_at is None or profile.seen_at <= at


def unanswered_morning(day: dt.date, every: tuple[Session, ...]) -> Session | None:
    """The newest session practised before a day, if its morning is still open and not too far back."""
    earlier = practised_last(day, every)
    if not earlier or Asked.MORNING in earlier[-1].answers:
        return None
    return earlier[-1] if (day - earlier[-1].day).days <= MORNING_DAYS else None


def _doubt_before(session: Session, every: tuple[Session, ...], slip: Slip) -> Doubt | None:
    """A number about the day practised last, to ask back: its pain only until that stands by itself (R7)."""
    days = {Asked.MORNING: MORNING_DAYS, Asked.PAIN: slip.answer_days - 1}
    doubts = (
        doubt(earlier, asked, every, slip)
        for asked in days
        for earlier in practised_last(session.day, every)
        if (session.day - earlier.day).days <= days[asked]
    )
    return next(filter(None, doubts), None)


def practised_last(day: dt.date, every: tuple[Session, ...]) -> list[Session]:
    """What was practised on the last day before one with anything practised; often one session."""
    earlier = [s for s in every if s.day < day and s.done]
    return [s for s in earlier if s.day == earlier[-1].day]


def _trip_of(session: Session, trips: Row[Trip]) -> Trip | None:
    """The trip that a day's ritual away belongs to, as it was told last."""
    return trips[-1] if session.away and trips[-1].covers(session.day) else None


def _has_returned(session: Session, every: Iterable[Session], trips: Row[Trip]) -> bool:
    """It is the first at home since a trip, or as good as that: no ritual in between was answered."""
    back = last_return(trips, session.day)
    if back is None or session.travel:
        return False
    since = (s for s in every if back.on <= s.day < session.day and not s.travel)
    return not any(s.touched for s in since)


async def _missed(work: Work, session: Session) -> dt.date | None:
    last = await rituals.last_of(work, session.person_id)
    return last.local_date if last and last.state == State.LATE else None
