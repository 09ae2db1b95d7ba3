"""A session played exercise by exercise: where somebody is, what a tap leads to, and which bell is due.

An answer goes to the journal first, then the place moves on: an update that is processed again finds the one
or the other done, and does the rest.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.domain import player
from bot.domain.feedback import Completed
from bot.domain.player import START, Kind, Moment, Position, Script, Stage
from bot.domain.profile import Profile
from bot.domain.refusal import ButtonUnreadable
from bot.domain.sequence import Portion
from bot.domain.session import Asked, Given, Session
from bot.practice.journal import Journal, Kept
from bot.practice.plan import Plan
from bot.practice.prescription import Prescription
from bot.storage import people, players
from bot.storage.database import Database
from bot.storage.players import Bookmark, Ring
from bot.storage.tables import ErrandRow

TOO_LATE = dt.timedelta(seconds=60)  # a bell after that would only startle
PARTS = 32  # answers of one question that a single tap may give, each about another exercise


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """Somebody in the middle of a session, as of now."""

    profile: Profile
    plan: Plan
    script: Script
    moment: Moment
    message_id: int  # of the card
    update_id: int  # that led here

    @property
    def session(self) -> Session:
        return self.plan.session

    @property
    def at(self) -> Position:
        return self.moment.at

    @property
    def stage(self) -> Stage:
        return player.stage_at(self.script, self.at)

    @property
    def after(self) -> Stage:
        """What follows; the last stage of all is followed by itself."""
        return player.stage_at(self.script, player.following(self.script, self.at) or self.at)

    @property
    def portion(self) -> Portion | None:
        """None in the opening, which belongs to no ladder."""
        return self.plan.sequence.portions[self.at.chapter - 1] if self.at.chapter else None

    @property
    def given(self) -> Given | None:
        """What the ladder gave, whatever took its place since."""
        portion = self.portion
        given = (one for one in self.session.given if portion and one.ladder == portion.ladder)
        return next(given, None)

    @property
    def ends(self) -> dt.datetime | None:
        """The instant of the bell, by the clock where the person is; None while no timer runs."""
        until = self.moment.until
        zone = self.profile.zone_at(until) if until else None
        return until and until.astimezone(ZoneInfo(zone or "UTC"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """The desk where sessions are played."""

    database: Database
    prescription: Prescription
    journal: Journal

    async def look(self, profile: Profile, plan: Plan, now: dt.datetime) -> Playing | None:
        """Where somebody is by now; None where they don't play this session, or not any longer."""
        async with self.database.look() as work:
            bookmark = await players.find(work, plan.session.id)
        over = Asked.COMPLETED in plan.session.answers
        if bookmark is None or over or bookmark.given != _mark(plan.session):
            return None
        script = player.script(plan.sequence)
        return Playing(
            profile=profile,
            plan=plan,
            script=script,
            moment=player.settled(script, player.inside(script, bookmark.moment), now),
            message_id=bookmark.message_id,
            update_id=bookmark.update_id,
        )

    async def begin(
        self, profile: Profile, plan: Plan, message_id: int, *, update_id: int, now: dt.datetime
    ) -> Playing | None:
        """From the opening on, or wherever they are already; None where the session was answered."""
        playing = await self.look(profile, plan, now)
        if playing is not None or Asked.COMPLETED in plan.session.answers:
            return playing
        bookmark = Bookmark(
            given=_mark(plan.session),
            moment=Moment(START),
            message_id=message_id,
            update_id=update_id,
        )
        async with self.database.work() as work:
            await players.begin(work, plan.session.id, bookmark, now)
        return await self.look(profile, plan, now)

    async def go(self, playing: Playing, *, update_id: int, now: dt.datetime) -> Playing:
        """A hold begins; one that runs already goes on as it is."""
        if playing.moment.until is not None:
            return playing
        moment = player.go(playing.script, playing.at, now)
        return await self._move(playing, moment, update_id, now)

    async def go_on(self, playing: Playing, *, update_id: int, now: dt.datetime) -> Playing:
        """What runs is over; how an exercise was has an answer of its own."""
        after = player.following(playing.script, playing.at)
        if after is None or playing.stage.kind is Kind.RATE:
            return playing
        moment = player.enter(playing.script, after, now)
        return await self._move(playing, moment, update_id, now)

    async def go_back(self, playing: Playing, *, update_id: int, now: dt.datetime) -> Playing:
        """To the set before."""
        before = Moment(player.preceding(playing.script, playing.at))
        return await self._move(playing, before, update_id, now)

    async def halt(self, playing: Playing, *, update_id: int, now: dt.datetime) -> Playing:
        """No timer runs."""
        return await self._move(playing, Moment(playing.at), update_id, now)

    async def rate(
        self, playing: Playing, value: int, *, update_id: int, now: dt.datetime
    ) -> Playing | Kept:
        """How the exercise was; then the next one, or the end. Raises ButtonUnreadable."""
        if playing.portion is None or playing.stage.kind is not Kind.RATE:
            raise ButtonUnreadable
        await self.journal.keep(
            playing.profile.chat_id,
            playing.session.id,
            Asked.COMPENSATION,
            value,
            ladder=playing.portion.ladder,
            also={Asked.COMPLETED: Completed.FULL},
            update_id=update_id,
            now=now,
        )
        return await self._beyond(playing, update_id, now)

    async def skip(self, playing: Playing, *, update_id: int, now: dt.datetime) -> Playing | Kept:
        """Leave the exercise out."""
        if playing.portion is not None:
            await self._keep(playing, Asked.COMPLETED, Completed.NO, update_id, now)
        return await self._beyond(playing, update_id, now)

    async def ease(
        self, playing: Playing, lower: int, *, update_id: int, now: dt.datetime
    ) -> Playing:
        """Another exercise of the same purpose, from its beginning. Raises ButtonUnreadable."""
        given = playing.given
        if given is None or given.shown_step - lower not in (
            *(portion.step for portion in self.choices(playing)),
            given.shown_step,
        ):
            raise ButtonUnreadable
        await self._keep(playing, Asked.EASIER, lower, update_id, now)
        plan = await self.prescription.show(playing.profile, playing.session.id)
        playing = replace(playing, plan=plan, script=player.script(plan.sequence))
        return await self._move(playing, Moment(Position(playing.at.chapter, 0)), update_id, now)

    async def hurt(
        self, playing: Playing, value: int, *, update_id: int, now: dt.datetime
    ) -> Playing:
        """How much the exercise hurts. Raises ButtonUnreadable."""
        await self._keep(playing, Asked.PAIN, value, update_id, now)
        return playing

    async def stop(self, playing: Playing, *, update_id: int, now: dt.datetime) -> Kept:
        """Enough for today: what was not begun is not done, and the whole a part."""
        for number, portion in enumerate(playing.plan.sequence.portions[playing.at.chapter :], 1):
            if Asked.COMPLETED not in playing.session.about.get(portion.ladder, {}):
                await self.journal.keep(
                    playing.profile.chat_id,
                    playing.session.id,
                    Asked.COMPLETED,
                    Completed.NO,
                    ladder=portion.ladder,
                    update_id=_part(update_id, number),
                    now=now,
                )
        return await self._end(playing, Completed.PARTIAL, update_id, now)

    def choices(self, playing: Playing) -> Sequence[Portion]:
        """What else may be done in place of the given exercise: easier ones, the nearest first."""
        if playing.portion is None:
            return ()
        return player.easier(
            self.prescription.person(playing.profile),
            self.prescription.catalogue.spoken(playing.profile.language).ladders,
            playing.session,
            playing.plan.set,
            playing.plan.sequence,
            playing.portion.ladder,
        )

    async def ringing(self, bell: ErrandRow, now: dt.datetime) -> tuple[Playing, Stage] | None:
        """Where a bell finds somebody, and the stage that it ends; None where it is needless.

        It is once a tap has led on, after a minute, and while safety comes first.
        """
        ring = Ring.decode(bell.key)
        async with self.database.look() as work:
            profile = await people.get(work, bell.person_id)
        waits = profile.blocked or profile.screening.lock or profile.question
        if waits or now - bell.due_at > TOO_LATE:
            return None
        plan = await self.prescription.show(profile, ring.session)
        playing = await self.look(profile, plan, now)
        if playing is None or playing.update_id != ring.update_id:
            return None
        if player.following(playing.script, ring.at) != playing.at:
            return None  # the one after it rings instead
        return playing, player.stage_at(playing.script, ring.at)

    async def rung(self, profile: Profile) -> tuple[int, ...]:
        """The messages of bells that still stand in the chat."""
        async with self.database.look() as work:
            return await players.rung(work, profile.id)

    async def clear(self, profile: Profile, bells: Sequence[int]) -> None:
        """These are gone from the chat."""
        async with self.database.work() as work:
            await players.clear(work, profile.id, bells)

    async def stand_on(self, playing: Playing, message_id: int) -> None:
        """This message is the card from now on."""
        if message_id != playing.message_id:
            async with self.database.work() as work:
                await players.stand_on(work, playing.session.id, message_id)

    async def _keep(
        self, playing: Playing, asked: Asked, value: int, update_id: int, now: dt.datetime
    ) -> None:
        if playing.portion is None:
            raise ButtonUnreadable
        await self.journal.keep(
            playing.profile.chat_id,
            playing.session.id,
            asked,
            value,
            ladder=playing.portion.ladder,
            update_id=update_id,
            now=now,
        )

    async def _beyond(self, playing: Playing, update_id: int, now: dt.datetime) -> Playing | Kept:
        """To the next exercise, or to the end."""
        beyond = player.beyond(playing.script, playing.at)
        if beyond is not None:
            return await self._move(playing, Moment(beyond), update_id, now)
        plan = await self.prescription.show(playing.profile, playing.session.id)
        return await self._end(playing, player.completed(plan.session), update_id, now)

    async def _end(
        self, playing: Playing, completed: Completed, update_id: int, now: dt.datetime
    ) -> Kept:
        kept = await self.journal.keep(
            playing.profile.chat_id,
            playing.session.id,
            Asked.COMPLETED,
            completed,
            update_id=_part(update_id, 0),
            now=now,
        )
        async with self.database.work() as work:
            await players.end(work, playing.session.id)
            await players.ring(work, playing.profile.id, playing.session.id, (), update_id)
        return kept

    async def _move(
        self, playing: Playing, moment: Moment, update_id: int, now: dt.datetime
    ) -> Playing:
        bells = player.bells(playing.script, moment)
        session_id = playing.session.id
        async with self.database.work() as work:
            await players.move(work, session_id, moment, update_id=update_id, now=now)
            await players.ring(work, playing.profile.id, session_id, bells, update_id)
        return replace(playing, moment=moment, update_id=update_id)


def _mark(session: Session) -> str:
    """What a session gave: a player of anything else is over."""
    return " ".join(f"{one.ladder}:{one.shown_step}:{one.shown_dose}" for one in session.given)


def _part(update_id: int, number: int) -> int:
    """An update answers a question once (AnswerRow): each further part of a tap has a number that no update
    ever has."""
    return -(update_id * PARTS + number)
