"""People: who pressed /start, what they told, and their leaving."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from bot.domain.exercise import Caution
from bot.domain.load import Unit
from bot.domain.look import Build, Taste, Theme, Tone
from bot.domain.person import Life
from bot.domain.placement import Felt, Tried
from bot.domain.profile import Profile
from bot.domain.rhythm import Hindrance, Quiet, Ritual
from bot.domain.safety import ASKED_AGAIN, SEEN, Screening, Tier
from bot.storage import holdings, inbox, rhythm, rituals, trips
from bot.storage.database import WRITES, Work, insert_once
from bot.storage.tables import (
    ActivityRow,
    FlareRow,
    HindranceRow,
    PauseRow,
    PersonRow,
    ScreeningRow,
    TripRow,
    TryOutRow,
)

_Found = Select[PersonRow, bool, bool, Any]


def _of_person() -> _Found:
    """The person, whether they told of their activity, and of more; and how often they were bored."""
    active, *more = (
        sa.exists().where(col(table.person_id) == col(PersonRow.id))
        for table in (ActivityRow, TryOutRow, FlareRow, PauseRow, TripRow)
    )
    bored = (
        select(sa.func.count(col(HindranceRow.id)))
        .where(col(HindranceRow.person_id) == col(PersonRow.id))
        .where(col(HindranceRow.kind) == Hindrance.BORED)
        .scalar_subquery()
    )
    return select(PersonRow, active, sa.or_(*more), bored)


def _looking(column: Mapped[Any]) -> Mapping[bool, _Found]:
    """By values in this column; True is for a unit of work that may write: always in the same order."""
    chosen = _of_person().where(column.in_(sa.bindparam("keys", expanding=True)))
    chosen = chosen.order_by(col(PersonRow.id))
    return {False: chosen, True: chosen.with_for_update(of=PersonRow, key_share=True)}


# Written once: to put a statement together takes longer than to run it.
_BY_CHAT = _looking(col(PersonRow.chat_id))
_BY_ID = _looking(col(PersonRow.id))
_HOLD = (
    sa.select(col(PersonRow.id))
    .where(col(PersonRow.id) == sa.bindparam("person"))
    .with_for_update(key_share=True)
)
_SCREENINGS = (
    sa.select(
        *(col(ScreeningRow.person_id), col(ScreeningRow.item)),
        *(col(ScreeningRow.yes), col(ScreeningRow.at)),
    )
    .where(col(ScreeningRow.person_id).in_(sa.bindparam("people", expanding=True)))
    .order_by(col(ScreeningRow.id))
)
_TRIED = (
    select(TryOutRow)
    .where(col(TryOutRow.person_id) == sa.bindparam("person"))
    .order_by(col(TryOutRow.id))
)
_FLARES = (
    sa.select(col(FlareRow.day), col(FlareRow.at))
    .where(col(FlareRow.person_id) == sa.bindparam("person"))
    .order_by(col(FlareRow.id))
)


async def find(work: Work, chat_id: int) -> Profile | None:
    """The person of a private chat, if they ever pressed /start."""
    return next(iter(await _profiles(work, _BY_CHAT, (chat_id,))), None)


async def get(work: Work, person_id: int) -> Profile:
    """A person who is known to exist."""
    [profile] = await _profiles(work, _BY_ID, (person_id,))
    return profile


async def several(work: Work, person_ids: Collection[int]) -> dict[int, Profile]:
    """Those of them who are known, in as many statements as one takes."""
    return {profile.id: profile for profile in await _profiles(work, _BY_ID, person_ids)}


async def hold(work: Work, person_id: int) -> None:
    """For a unit of work that decides something about a person without having read them in it."""
    if work.get_bind().dialect.name != "sqlite":  # where there is one writer at a time
        await (await work.connection()).execute(_HOLD, {"person": person_id})


async def lock(work: Work, person_id: int) -> Tier | None:
    """What their answers to the safety screen keep closed, if anything."""
    screenings = await (await work.connection()).execute(_SCREENINGS, {"people": [person_id]})
    return Screening.from_answers((s.item, s.yes) for s in screenings).lock


async def language(work: Work, chat_id: int) -> str | None:
    """Of someone who ever pressed /start."""
    return (await work.exec(select(PersonRow.language).where(PersonRow.chat_id == chat_id))).first()


async def consent(work: Work, chat_id: int) -> tuple[dt.datetime | None, str | None]:
    """When someone agreed, and to which version of the text."""
    agreed = select(PersonRow.consented_at, PersonRow.consented_to)
    return (await work.exec(agreed.where(PersonRow.chat_id == chat_id))).first() or (None, None)


async def identify(work: Work, asked: int) -> int | None:
    """The row id of whoever has this chat id, or else this row id."""
    by_chat = (await work.exec(select(PersonRow.id).where(PersonRow.chat_id == asked))).first()
    return by_chat or (await work.exec(select(PersonRow.id).where(PersonRow.id == asked))).first()


async def welcome(work: Work, chat_id: int, language: str, now: dt.datetime) -> Profile:
    """The person of a chat, made if they are new."""
    if (known := await find(work, chat_id)) is not None:
        return known
    row = PersonRow(chat_id=chat_id, language=language, joined_at=now)
    work.add(row)
    await work.flush()
    assert row.id is not None
    return await get(work, row.id)


async def tell(work: Work, person_id: int, **facts: object) -> None:
    """Keep what someone told, by column."""
    await work.exec(sa.update(PersonRow).where(col(PersonRow.id) == person_id).values(facts))


async def screen(work: Work, person_id: int, item: str, yes: bool | None, now: dt.datetime) -> None:
    """Keep one answer to the safety screen; None asks again."""
    work.add(ScreeningRow(person_id=person_id, item=item, yes=yes, at=now))
    await work.flush()


async def try_out(
    work: Work,
    person_id: int,
    ladder: str,
    step: int,
    felt: Felt,
    *,
    exercise: str | None = None,
    update_id: int,
    now: dt.datetime,
) -> None:
    """Keep how a tried step felt; a second answer to it changes nothing."""
    await insert_once(
        work,
        TryOutRow,
        person_id=person_id,
        ladder=ladder,
        step=step,
        felt=felt,
        exercise=exercise,
        at=now,
        update_id=update_id,
    )


async def flare(
    work: Work, person_id: int, day: dt.date, *, update_id: int, now: dt.datetime
) -> None:
    """Append that a flare was told; the same update again changes nothing."""
    await insert_once(work, FlareRow, person_id=person_id, day=day, update_id=update_id, at=now)


async def mark_blocked(work: Work, chat_id: int, at: dt.datetime | None) -> None:
    """Set someone aside who blocked the bot, with their data; None welcomes them back."""
    await work.exec(
        sa.update(PersonRow).where(col(PersonRow.chat_id) == chat_id).values(blocked_at=at)
    )


async def forget(work: Work, profile: Profile) -> None:
    """Delete a person and everything that hangs on them; what they wrote and is still in the inbox too.

    Raises SomethingLeft where a row of theirs remains, and then all of it does.
    """
    kept = await holdings.trace(work, profile.chat_id)
    await work.exec(sa.delete(PersonRow).where(col(PersonRow.id) == profile.id))
    await inbox.forget(work, profile.chat_id)
    await holdings.check_gone(work, kept)


async def _profiles(
    work: Work, chosen: Mapping[bool, _Found], keys: Collection[int]
) -> list[Profile]:
    """In as few statements as it can be: every update and every letter begins with it.

    A unit of work that may write holds the people until its end (database.py): what it decides from what it
    read is not decided by another at the same time.
    """
    statement = chosen[WRITES in work.info]
    found = (await work.exec(statement, params={"keys": list(keys)})).all()
    ids = [row.id or 0 for row, *_ in found]
    if not ids:
        return []
    kept = await rituals.of_people(work, ids)
    screenings: dict[int, list[Any]] = defaultdict(list)
    for screening in await (await work.connection()).execute(_SCREENINGS, {"people": ids}):
        screenings[screening.person_id].append(screening)
    return [
        await _made(work, one, kept.get(row_id, ()), screenings[row_id])
        for one, row_id in zip(found, ids, strict=True)
    ]


async def _made(
    work: Work,
    found: tuple[PersonRow, bool, bool, int],
    kept: tuple[Ritual, ...],
    screenings: Sequence[Any],
) -> Profile:
    row, activity_told, told_more, variety = found
    assert row.id is not None
    theirs = {"person": row.id}
    connection = await work.connection()
    seen_at = max((s.at for s in screenings if s.item == SEEN and s.yes), default=None)
    flares = (await connection.execute(_FLARES, theirs)).all() if told_more else ()
    tried = (await work.exec(_TRIED, params=theirs)).all() if told_more else ()
    return Profile(
        id=row.id,
        chat_id=row.chat_id,
        language=row.language,
        consented=row.consented_at is not None,
        screening=Screening.from_answers((s.item, s.yes) for s in screenings),
        seen_at=seen_at,
        screened_at=max(
            (s.at for s in screenings if s.item in (*ASKED_AGAIN, SEEN) and s.yes is not None),
            default=None,
        ),
        flares=tuple(one.day for one in flares if seen_at is None or one.at > seen_at),
        aggravated_by=_codes(row.aggravated_by),
        life=Life(row.life) if row.life else None,
        usual_pain=row.usual_pain,
        equipment=None if row.equipment is None else frozenset(row.equipment.split(",")) - {""},
        activity_told=activity_told,
        zone=row.zone,
        ritual_at=kept[0].wall_time if kept else None,
        minutes=row.minutes,
        unit=Unit(row.unit) if row.unit else None,
        taste=_taste(row),
        blocked=row.blocked_at is not None,
        tried=tuple(map(_tried, tried)),
        trips=await trips.of_person(work, row.id) if told_more else (),
        rituals=kept,
        quiet=_quiet(row),
        pause=await rhythm.newest_pause(work, row.id) if told_more else None,
        variety=variety,
        typing=(row.typing, row.typing_since) if row.typing and row.typing_since else None,
    )


def _quiet(row: PersonRow) -> Quiet:
    if row.quiet_from is None or row.quiet_until is None:
        return Quiet()
    return Quiet(row.quiet_from, row.quiet_until)


def _taste(row: PersonRow) -> Taste:
    return Taste(
        theme=Theme(row.theme) if row.theme else Theme.PAPER,
        tone=Tone(row.tone) if row.tone else None,
        build=Build(row.build) if row.build else None,
    )


def _tried(row: TryOutRow) -> Tried:
    return Tried(
        ladder=row.ladder, step=row.step, felt=Felt(row.felt), at=row.at, exercise=row.exercise
    )


def _codes(text: str | None) -> frozenset[Caution] | None:
    return None if text is None else frozenset(Caution(code) for code in text.split(",") if code)
