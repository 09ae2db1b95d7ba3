"""What is noted of letters, many at once: that their calls leave, and what became of them.

That a call is about to leave is committed before it does. Its receipt, the next occurrence and the card that
can be answered from now on are kept together, or not at all.
"""

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from bot import metrics
from bot.delivery.gathering import Gathering, Item, Result
from bot.domain.profile import Profile
from bot.practice.occurrences import plan_all
from bot.storage import people, post, sessions
from bot.storage.database import Database
from bot.storage.post import Note
from bot.storage.tables import DeliveryRow, Posted, State

# Seconds between tries to keep a receipt: without it, a letter that arrived would be sent once more.
PATIENCE = (0.1, 0.5, 1.0, 2.0, 4.0, 8.0)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """A letter is over."""

    note: Note
    now: dt.datetime
    fresh_from: dt.datetime  # what was due before is of no use any more
    session: int | None = None  # whose card it is


@dataclass(frozen=True, slots=True)
class Settled:
    """It is kept."""

    profile: Profile | None  # of the person as they are now; None for one who left meanwhile
    older: int | None  # the message that was the session's card until now, if another


@dataclass(frozen=True, slots=True)
class Beginning:
    """A call is about to leave."""

    posted: Posted
    held_until: dt.datetime


@dataclass(slots=True)
class Ledger:
    """Writes in batches; each caller waits until theirs is committed."""

    database: Database
    _beginnings: Gathering[Beginning, bool] = field(init=False)
    _notes: Gathering[Note, None] = field(init=False)
    _overs: Gathering[Over, Settled] = field(init=False)

    def __post_init__(self) -> None:
        self._beginnings = Gathering(self._begin)
        self._notes = Gathering(self._note)
        self._overs = Gathering(self._settle)

    async def begin(self, posted: Posted, held_until: dt.datetime) -> bool:
        """Commit that its call leaves; False where another sender has it by now."""
        return await self._beginnings.add(Beginning(posted, held_until))

    async def note(self, note: Note) -> None:
        """It is not over: from when on it is due again."""
        await _again_and_again(self._notes, note)

    async def settle(self, over: Over) -> Settled:
        """Keep what became of it, with what follows from that."""
        settled = await _again_and_again(self._overs, over)
        kind = str(over.note.posted.__tablename__)
        metrics.OVER.labels(kind, over.note.state.value).inc()
        if over.note.state is State.SENT:
            late = (over.now - over.note.posted.due_at).total_seconds()
            metrics.LATENESS.labels(kind).observe(max(0.0, late))
        return settled

    async def _begin(self, beginnings: Sequence[Beginning]) -> list[bool]:
        until = max(one.held_until for one in beginnings)
        async with self.database.work() as work:
            ours = await post.begin(work, [one.posted for one in beginnings], until)
        return [(str(one.posted.__tablename__), one.posted.id) in ours for one in beginnings]

    async def _note(self, notes: Sequence[Note]) -> list[None]:
        async with self.database.work() as work:
            await post.note(work, notes)
        return [None] * len(notes)

    async def _settle(self, overs: Sequence[Over]) -> list[Settled]:
        """Whoever was forgotten meanwhile has no row, and gets none."""
        async with self.database.work() as work:
            # People first, as everybody does who writes about them: so nobody waits in a circle.
            known = await people.several(work, {over.note.posted.person_id for over in overs})
            await post.note(work, [over.note for over in overs])
            for over in overs:
                profile = known.get(over.note.posted.person_id)
                if profile is not None and over.note.state is State.UNREACHABLE:
                    await people.mark_blocked(work, profile.chat_id, over.now)
            await plan_all(
                work,
                [
                    (known[row.person_id], row.ritual_id, max(over.fresh_from, row.due_at))
                    for over in overs
                    if isinstance(row := over.note.posted, DeliveryRow) and row.person_id in known
                ],
            )
            older = await sessions.show_all(
                work, [(over.session, over.note.message_id) for over in overs]
            )
        return [
            Settled(known.get(over.note.posted.person_id), card)
            for over, card in zip(overs, older, strict=True)
        ]


async def _again_and_again(gathering: Gathering[Item, Result], item: Item) -> Result:
    """A full disk or a database that restarts passes; what is known of a letter must not be lost to it."""
    for pause in PATIENCE:
        try:
            return await gathering.add(item)
        except Exception as trouble:
            log.warning("what became of a letter can't be kept", trouble=type(trouble).__name__)
            await asyncio.sleep(pause)
    return await gathering.add(item)
