"""Answers are kept, and what they lead to is said at once: one outlook, with its reason."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.domain.course import alike, most_telling
from bot.domain.decision import Decision
from bot.domain.doubt import doubt
from bot.domain.profile import Profile
from bot.domain.refusal import ButtonUnreadable
from bot.domain.session import GREATEST, OF_ONE_EXERCISE, Asked, Session
from bot.practice.enrolment import known
from bot.practice.prescription import Plan, Prescription, among
from bot.storage import sessions
from bot.storage.database import Database


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
            for told, reply in replies.items():
                await sessions.answer(
                    work, session_id, told, reply, ladder=ladder, update_id=update_id, now=now
                )
            past = await sessions.of_person(work, profile.id, self.prescription.catalogue.ladders)
        session = among(past, session_id)
        doubted = self._doubted(session, past)
        question = Asked.PAIN_CONFIRMED if doubted else session.question_after(asked)
        outlook = None if question else self._outlook(profile, session, past)
        return Kept(profile=profile, session=session, question=question, outlook=outlook)

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
