"""Nothing of a person is overlooked: not when it is handed to them, and not when it is deleted."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel

from bot.storage import groups, holdings, inbox, people
from bot.storage.database import Database, Work
from tests.builders import NOBODYS
from tests.postgres import ON_SQLITE
from tests.storage.test_promises import NOW, a_whole_life, counts

ADA, BOB = 70, 71
MARKER = b"a-word-that-stands-nowhere-else"


async def test_every_table_that_holds_something_of_a_person_is_found_whole(
    database: Database,
) -> None:
    async with database.work() as work:
        await a_whole_life(work, ADA)
        await a_whole_life(work, BOB)
    async with database.look() as work:
        found = await holdings.of_person(work, ADA)
    assert found.keys() == SQLModel.metadata.tables.keys() - NOBODYS
    assert {name: 2 * len(rows) for name, rows in found.items()} == await counts(database)


async def test_a_table_that_names_a_person_or_a_session_is_never_nobodys() -> None:
    naming = {
        name
        for name, table in SQLModel.metadata.tables.items()
        if {"person_id", "session_id", "chat_id"} & {*table.columns.keys()}
    }
    assert naming
    assert not naming & NOBODYS


async def test_a_stranger_has_nothing(database: Database) -> None:
    async with database.work() as work:
        await a_whole_life(work, ADA)
        assert not any((await holdings.of_person(work, BOB)).values())


async def test_where_a_row_would_remain_nobody_is_forgotten_by_half(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def overlook(*_: Any) -> None: ...

    async with database.work() as work:
        await a_whole_life(work, ADA)
    before = await counts(database)
    monkeypatch.setattr(inbox, "forget", overlook)
    with pytest.raises(holdings.SomethingLeft, match="inbox"):
        await forget(database)
    assert await counts(database) == before


@ON_SQLITE
async def test_what_was_forgotten_is_in_neither_file(database: Database, tmp_path: Path) -> None:
    async with database.work() as work:
        await a_whole_life(work, ADA)
        profile = await people.find(work, ADA)
        assert profile is not None
        await people.tell(work, profile.id, zone=MARKER.decode())
        await keep(work, 5, ADA, MARKER.decode())
    assert MARKER in every_byte(tmp_path)
    await forget(database)
    assert MARKER in every_byte(
        tmp_path
    )  # still in the log: else the next line would prove nothing
    await database.scrub()
    assert MARKER not in every_byte(tmp_path)


async def keep(work: Work, update_id: int, chat_id: int, payload: str) -> list[int]:
    arrival = inbox.Arrival(update_id=update_id, chat_id=chat_id, payload=payload)
    return await inbox.keep(work, [arrival], NOW)


async def forget(database: Database) -> None:
    async with database.work() as work:
        profile = await people.find(work, ADA)
        assert profile is not None
        await people.forget(work, profile)


def every_byte(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


async def test_what_is_done_in_the_inbox_names_nobody(database: Database) -> None:
    async with database.work() as work:
        await keep(work, 5, ADA, "it hurts")
        assert len((await holdings.of_person(work, ADA))["inbox"]) == 1
        await inbox.finish(work, 5)
        assert (await holdings.of_person(work, ADA))["inbox"] == ()
        assert not await keep(work, 5, ADA, "it hurts")  # and never comes again


async def test_of_what_somebody_wrote_before_leaving_only_the_one_in_hand_waits(
    database: Database,
) -> None:
    """Its reply is still to come; after a restart it is over without one."""
    async with database.work() as work:
        for update_id, chat_id in ((4, BOB), (5, ADA), (6, ADA)):
            await keep(work, update_id, chat_id, "it hurts")
        await inbox.forget(work, ADA)
    async with database.look() as work:
        assert await inbox.next_of(work, ADA) is None
        assert sorted(await inbox.chats_waiting(work)) == [inbox.NOBODY, BOB]
        in_hand = await inbox.next_of(work, inbox.NOBODY)
    assert in_hand is not None
    assert (in_hand.update_id, in_hand.payload) == (5, "")


async def test_a_group_is_told_once(database: Database) -> None:
    for first in (True, False):
        async with database.work() as work:
            assert await groups.tell(work, -100) is first
