"""Answers are kept, and what they lead to is said at once: one outlook, with its reason."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.domain.course import alike, most_telling
from bot.domain.decision import Decision
from bot.domain.doubt import doubt
from bot.domain.feedback import Breath, Reserve
from bot.domain.profile import Profile
from bot.domain.refusal import ButtonUnreadable
from bot.domain.session import GREATEST, OF_ONE_EXERCISE, Asked, Session
from bot.domain.zones import Zone, zone_during
from bot.practice.enrolment import known
from bot.practice.plan import Plan, among
from bot.practice.prescription import Prescription
from bot.storage import sessions
from bot.storage.database import Database, Work

OF_PAIN = (Asked.PAIN, Asked.PAIN_CONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a session leads to on the ladder where most changes, if the next morning is an ordinary one."""

    ladder: str | None  # its name; None when all ladders make the same move
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer is in the journal."""

    profile: Profile  # of the one who gave it
    session: Session
    question: Asked | None  # to ask next
    outlook: Outlook | None  # once there is none
    where: Asked | None = None  # before that, in which exercise this was: something was off


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The desk where answers are kept."""

    database: Database
    prescription: Prescription

    async def keep(
        self,
        chat_id: int,
        session_id: int,
        asked: Asked,
        value: int,
        *,
        ladder: str | None = None,
        also: Mapping[Asked, int] = MappingProxyType({}),
        update_id: int,
        now: dt.datetime,
    ) -> Kept:
        """Keep an answer about someone's own session, or about one exercise of it.

        `also` is what the same tap says as well, of the same exercise. Raises CardGone or ButtonUnreadable.
        """
        replies = {asked: value, **also}
        for told, reply in replies.items():
            of_one = ladder is None or told in OF_ONE_EXERCISE
            if not (of_one and 0 <= reply <= GREATEST[told]):
                raise ButtonUnreadable
        async with self.database.work() as work:
            profile = await known(work, chat_id)
            await sessions.check_owner(work, session_id, profile.id)
            session = await sessions.get(work, session_id, self.prescription.catalogue.ladders)
            if ladder is None:
                replies |= _of_the_weight(session, asked)
            elif all(given.ladder != ladder for given in session.given):
                raise ButtonUnreadable
            for told, reply in replies.items():
                await sessions.answer(
                    work, session_id, told, reply, ladder=ladder, update_id=update_id, now=now
                )
            kept = await self._after(work, profile, session_id, asked)
        to_confirm = kept.question is Asked.PAIN_CONFIRMED
        was_off = not (ladder or to_confirm) and self._was_off(profile, kept.session, asked)
        return replace(kept, where=Asked.PAIN if asked in OF_PAIN else asked) if was_off else kept

    async def after(self, chat_id: int, session_id: int, asked: Asked) -> Kept:
        """What follows an answer, with nothing more to keep. Raises CardGone."""
        async with self.database.look() as work:
            profile = await known(work, chat_id)
            await sessions.check_owner(work, session_id, profile.id)
            return await self._after(work, profile, session_id, asked)

    async def show(self, session_id: int, message_id: int) -> int | None:
        """A session's card is this message from now on; the one that it was before, if another."""
        async with self.database.work() as work:
            return await sessions.show(work, session_id, message_id)

    async def recall(
        self,
        chat_id: int,
        session_id: int,
        asked: Asked,
        value: int,
        *,
        update_id: int,
        now: dt.datetime,
    ) -> Plan:
        """Keep an answer about an earlier session; what was planned for today is decided again."""
        kept = await self.keep(chat_id, session_id, asked, value, update_id=update_id, now=now)
        return await self.prescription.today(kept.profile, now)

    async def open_session(self, profile: Profile) -> Session | None:
        """The newest session, if one of its questions waits for an answer."""
        async with self.database.look() as work:
            past = await sessions.of_person(work, profile.id, self.prescription.catalogue.ladders)
        if past and (past[-1].question or self._doubted(past[-1], past)):
            return past[-1]
        return None

    async def _after(self, work: Work, profile: Profile, session_id: int, asked: Asked) -> Kept:
        past = await sessions.of_person(work, profile.id, self.prescription.catalogue.ladders)
        session = among(past, session_id)
        doubted = self._doubted(session, past)
        question = Asked.PAIN_CONFIRMED if doubted else session.question_after(asked)
        return Kept(
            profile=profile,
            session=session,
            question=question,
            outlook=None if question else self._outlook(profile, session, past),
        )

    def _was_off(self, profile: Profile, session: Session, asked: Asked) -> bool:
        """A breath that was held, or pain beyond green by the usual level; of several exercises."""
        value = session.answers.get(Asked.PAIN if asked in OF_PAIN else asked)
        if len(session.given) < 2 or value is None:
            return False
        if asked in OF_PAIN:
            limits = self.prescription.policy.pain_during
            return zone_during(value, profile.usual_pain or 0, limits) is not Zone.GREEN
        return asked is Asked.BREATH and value > Breath.NEVER

    def _doubted(self, session: Session, past: tuple[Session, ...]) -> bool:
        """Its pain waits to be asked back."""
        return doubt(session, Asked.PAIN, past, self.prescription.policy.slip) is not None

    def _outlook(
        self, profile: Profile, session: Session, past: tuple[Session, ...]
    ) -> Outlook | None:
        may_practise = not (profile.screening.lock or profile.question)  # safety may be asked again
        if not may_practise or not session.done:
            return None
        person = self.prescription.person(profile)
        calm = replace(session, answers={Asked.MORNING: 0, **session.answers})
        supposed = tuple(calm if s.id == session.id else s for s in past if s.day <= session.day)
        tomorrow = session.day + dt.timedelta(days=1)
        course = self.prescription.course(person, profile, supposed, tomorrow)
        decided = {given.ladder: course.decisions[given.ladder] for given in session.given}
        telling = most_telling(decided)
        if telling is None:
            return None
        name = None if alike(decided) else self.prescription.names(profile)[telling]
        return Outlook(ladder=name, decision=decided[telling])


def _of_the_weight(session: Session, asked: Asked) -> dict[Asked, int]:
    """Who has seen its sign among the others and says that this is all, had three more in reserve."""
    told = asked is Asked.REST and Asked.RESERVE in session.answers
    if asked not in (Asked.COMPENSATION, Asked.REST) or told or not session.loaded:
        return {}
    return {Asked.RESERVE: Reserve.ENOUGH}
