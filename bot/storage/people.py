"""People: who pressed /start, what they told, and their leaving."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import col, select

from bot.domain.exercise import Caution
from bot.domain.load import Unit
from bot.domain.person import Life
from bot.domain.placement import Felt, Tried
from bot.domain.profile import Profile
from bot.domain.rhythm import Hindrance, Quiet, Ritual
from bot.domain.safety import ASKED_AGAIN, SEEN, Screening
from bot.storage import holdings, inbox, rhythm, rituals, trips
from bot.storage.database import Work, insert_once
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


async def find(work: Work, chat_id: int) -> Profile | None:
    """The person of a private chat, if they ever pressed /start."""
    return await _profile(work, col(PersonRow.chat_id) == chat_id)


async def get(work: Work, person_id: int) -> Profile:
    """A person who is known to exist."""
    profile = await _profile(work, col(PersonRow.id) == person_id)
    assert profile is not None
    return profile


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


async def several(work: Work, person_ids: Collection[int]) -> dict[int, Profile]:
    """Those of them who are known, in as many statements as one takes."""
    every = await _profiles(work, col(PersonRow.id).in_(person_ids))
    return {profile.id: profile for profile in every}


async def _found(
    work: Work, chosen: sa.ColumnElement[bool]
) -> Sequence[tuple[PersonRow, bool, bool, int]]:
    """People, whether they told of their activity, and of more; and how often they were bored."""
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
    person = select(PersonRow, active, sa.or_(*more), bored)
    return (await work.exec(person.where(chosen))).all()


async def _profile(work: Work, chosen: sa.ColumnElement[bool]) -> Profile | None:
    return next(iter(await _profiles(work, chosen)), None)


async def _profiles(work: Work, chosen: sa.ColumnElement[bool]) -> list[Profile]:
    """In as few statements as it can be: every update and every letter begins with it."""
    found = await _found(work, chosen)
    if not found:
        return []
    ids = [row.id or 0 for row, *_ in found]
    kept = await rituals.of_people(work, ids)
    screened = select(ScreeningRow).where(col(ScreeningRow.person_id).in_(ids))
    screenings: dict[int, list[ScreeningRow]] = defaultdict(list)
    for screening in await work.exec(screened.order_by(col(ScreeningRow.id))):
        screenings[screening.person_id].append(screening)
    return [
        await _made(work, one, kept.get(one[0].id or 0, ()), screenings[one[0].id or 0])
        for one in found
    ]


async def _made(
    work: Work,
    found: tuple[PersonRow, bool, bool, int],
    kept: tuple[Ritual, ...],
    screenings: list[ScreeningRow],
) -> Profile:
    row, activity_told, told_more, variety = found
    assert row.id is not None
    seen_at = max((s.at for s in screenings if s.item == SEEN and s.yes), default=None)
    tried = select(TryOutRow).where(TryOutRow.person_id == row.id).order_by(col(TryOutRow.id))
    flared = select(FlareRow).where(FlareRow.person_id == row.id).order_by(col(FlareRow.id))
    flares = (await work.exec(flared)).all() if told_more else ()
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
        blocked=row.blocked_at is not None,
        tried=tuple(map(_tried, await work.exec(tried))) if told_more else (),
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


def _tried(row: TryOutRow) -> Tried:
    return Tried(
        ladder=row.ladder, step=row.step, felt=Felt(row.felt), at=row.at, exercise=row.exercise
    )


def _codes(text: str | None) -> frozenset[Caution] | None:
    return None if text is None else frozenset(Caution(code) for code in text.split(",") if code)
