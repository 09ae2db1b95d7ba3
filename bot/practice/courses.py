"""Someone as the rules see them: who they are, where they may begin, and all ladders as of a day."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.catalogue.countries import country_of
from bot.catalogue.reading import Catalogue
from bot.domain.course import Course
from bot.domain.exercise import Occasion, Set
from bot.domain.load import Unit, usual_unit
from bot.domain.person import Person
from bot.domain.placement import Try, next_try, placements
from bot.domain.policy import Policy
from bot.domain.profile import Profile
from bot.domain.renumbering import has_moved, retried, steps_of
from bot.domain.rhythm import local_day
from bot.domain.sequence import Sequence, compose
from bot.domain.session import Session, practised
from bot.domain.trip import last_return
from bot.practice.enrolment import Enrolment
from bot.practice.variety import of_same_day, varied


@dataclass(frozen=True, slots=True, kw_only=True)
class Courses:
    """Reads and reckons; keeps nothing."""

    catalogue: Catalogue
    policy: Policy
    enrolment: Enrolment

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

    def names(self, profile: Profile) -> dict[str, str]:
        """Of the ladders, in the person's language."""
        ladders = self.catalogue.spoken(profile.language).ladders
        return {slug: ladder.name for slug, ladder in ladders.items()}

    @staticmethod
    def day(person: Person, now: dt.datetime) -> dt.date:
        """The date where the person is."""
        return local_day(now, ZoneInfo(person.zone_at(now)))


def meant(course: Course, chosen: Set, catalogue: Catalogue) -> tuple[Set, int]:
    """Which set is given, and how long it may be: in a flare that of the flare, unless time is short."""
    short = chosen.occasion is Occasion.SHORT
    if course.in_flare and not short:
        chosen = catalogue.set_for(Occasion.FLARE)
    return chosen, max(chosen.minutes) if short else course.minutes


def composed(
    course: Course, chosen: Set, minutes: int, variety: int, catalogue: Catalogue
) -> Sequence:
    """A day's sequence of that set, in the words of the catalogue."""
    past = tuple(course.sessions)
    return compose(
        course.person,
        course.standings,
        catalogue.ladders,
        varied(chosen, variety, catalogue),
        course.day.toordinal(),
        minutes,
        practised=practised(past) | of_same_day(course.day, past),
    )
