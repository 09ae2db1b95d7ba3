"""Mornings of a flare at the desk: asked once a day where no ritual asks, kept, and understood calmly."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.profile import Profile
from bot.domain.refusal import ButtonUnreadable
from bot.domain.safety import Tier
from bot.domain.session import Asked
from bot.practice.mornings import Sense
from bot.storage import errands
from bot.storage.tables import Errand, ErrandRow
from tests import builders
from tests.builders import ADA, enrolled
from tests.practice.someone import CALM, Someone, at
from tests.practice.test_flare import all_the_same

TUESDAY = dt.date(2026, 11, 24)
SORE = {**CALM, Asked.PAIN: 5}


class Waker(Someone):
    """Tells how she woke."""

    async def profile(self) -> Profile:
        return await self.desk.enrolment.profile(ADA)

    async def flares(self, now: dt.datetime) -> None:
        await self.flare(now)
        await self.desk.mornings.plan(await self.profile(), now)

    async def woke(self, day: dt.date, value: int, now: dt.datetime) -> Sense:
        return await self.desk.mornings.keep(
            ADA, day, value, update_id=next(self._updates), now=now
        )

    async def checks(self) -> tuple[ErrandRow, ...]:
        async with self.desk.enrolment.database.look() as work:
            return await errands.of_person(work, (await self.profile()).id, Errand.MORNING)

    async def check(self, now: dt.datetime) -> dt.date | None:
        """The newest check comes due now; the morning it asks about, if it does."""
        due = await self.desk.mornings.due((await self.checks())[-1], now)
        return due[1] if due else None

    async def ritual_at(self, time: str) -> None:
        """Another time, from tomorrow on."""
        async with self.desk.enrolment.database.work() as work:
            connection = await work.connection()
            await connection.execute(sa.text(f"UPDATE ritual SET wall_time = '{time}'"))
            await connection.execute(
                sa.text(f"UPDATE delivery SET due_at = '2026-11-24 {time}' WHERE state = 'due'")
            )


@pytest.fixture
async def ada(tmp_path: Path) -> AsyncIterator[Waker]:
    async with builders.database(tmp_path) as database:
        desk = builders.desk(database)
        await enrolled(desk, at(0))
        yield Waker(desk)


async def test_it_is_planned_for_the_next_morning_once(ada: Waker) -> None:
    await ada.flares(at(0, hours=3))
    await ada.desk.mornings.plan(await ada.profile(), at(0, hours=4))
    [check] = await ada.checks()
    assert check.key == "2026-11-24"
    assert check.due_at == at(1, hours=1)  # 08:00 in Zurich


async def test_who_told_of_no_flare_is_not_asked(ada: Waker) -> None:
    await ada.desk.mornings.plan(await ada.profile(), at(0))
    assert await ada.checks() == ()


async def test_where_a_ritual_asks_in_the_morning_no_check_comes_and_the_next_is_planned(
    ada: Waker,
) -> None:
    await ada.flares(at(0, hours=1))
    await ada.answer(await ada.today(at(0, hours=2)), SORE, at(0, hours=3))
    assert await ada.check(at(1, hours=1)) is None
    assert [check.key for check in await ada.checks()] == ["2026-11-24", "2026-11-25"]


async def test_where_the_ritual_comes_in_the_evening_the_check_asks(ada: Waker) -> None:
    await ada.ritual_at("18:00:00.000000")
    await ada.flares(at(0, hours=1))
    await ada.answer(await ada.today(at(0, hours=2)), SORE, at(0, hours=3))
    assert await ada.check(at(1, hours=1)) == TUESDAY


async def test_a_card_that_has_nothing_to_ask_leaves_it_to_the_check(ada: Waker) -> None:
    """Nothing was practised: the ritual of the morning has no morning to ask about."""
    await ada.flares(at(0, hours=1))
    assert await ada.check(at(1, hours=1)) == TUESDAY


async def test_the_answer_is_the_morning_of_what_was_practised_the_day_before(ada: Waker) -> None:
    await ada.flares(at(0, hours=1))
    plan = await ada.today(at(0, hours=2))
    await ada.answer(plan, SORE, at(0, hours=3))
    assert await ada.woke(TUESDAY, 5, at(1, hours=1)) is Sense.SETTLING
    kept = await ada.show(plan.session.id)
    assert kept.session.answers[Asked.MORNING] == 5
    assert (await ada.today(at(1, hours=2))).morning_of is None
    assert await ada.check(at(1, hours=1)) is None  # once a day
    assert await all_the_same(ada.desk)


async def test_without_a_session_it_is_kept_by_itself_and_the_newest_counts(ada: Waker) -> None:
    await ada.flares(at(0, hours=1))
    for value in (7, 4):
        await ada.woke(TUESDAY, value, at(1, hours=1))
    assert await ada.desk.mornings.known((await ada.profile()).id) == {TUESDAY: 4}
    assert (
        await ada.check(
            at(
                1,
                hours=1,
            )
        )
        is None
    )


async def test_calm_mornings_settle_it_and_no_more_are_asked_about(ada: Waker) -> None:
    await ada.flares(at(0, hours=1))
    senses = []
    for number in range(2):
        plan = await ada.today(at(number, hours=2))
        await ada.answer(plan, CALM, at(number, hours=3))
        day = TUESDAY + dt.timedelta(days=number)
        senses.append(await ada.woke(day, 2, at(number + 1, hours=1)))
    assert senses == [Sense.SETTLING, Sense.SETTLED]
    before = await ada.checks()
    assert await ada.check(at(3, hours=1)) is None
    assert await ada.checks() == before
    assert await all_the_same(ada.desk)


async def test_the_third_morning_that_is_clearly_worse_suggests_someone_calmly(ada: Waker) -> None:
    await ada.flares(at(0, hours=1))
    days = [TUESDAY + dt.timedelta(days=n) for n in range(5)]
    values = (8, 3, 8, 8, 4)
    senses = [
        await ada.woke(day, value, at(n, hours=1))
        for n, (day, value) in enumerate(zip(days, values, strict=True), start=1)
    ]
    settling = Sense.SETTLING
    assert senses == [settling, settling, settling, Sense.WORSE, settling]


async def test_a_check_that_the_machine_slept_through_asks_nothing_and_loses_none(
    ada: Waker,
) -> None:
    await ada.flares(at(0, hours=1))
    assert await ada.check(at(1, hours=8)) is None  # 15:00
    assert [check.key for check in await ada.checks()][-1] == "2026-11-25"
    # The one of the 25th, on the 27th: it is that day's that asks.
    row = (await ada.checks())[-1]
    assert await ada.desk.mornings.due(row, at(4, hours=1)) is None
    assert [check.key for check in await ada.checks()][-2:] == ["2026-11-27", "2026-11-28"]
    row = (await ada.checks())[-2]
    due = await ada.desk.mornings.due(row, at(4, hours=1))
    assert due is not None
    assert due[1] == dt.date(2026, 11, 27)


async def test_while_safety_is_open_it_waits_and_a_lock_ends_it(ada: Waker) -> None:
    await ada.tell_of_flare(at(0, hours=1))
    await ada.desk.mornings.plan(await ada.profile(), at(0, hours=1))
    assert await ada.check(at(1, hours=1)) is None  # the questions come with the ritual
    assert len(await ada.checks()) == 2
    await ada.desk.enrolment.screen(ADA, Tier.EMERGENCY, True, at(1, hours=2))
    assert await ada.check(at(2, hours=1)) is None
    assert len(await ada.checks()) == 2


@pytest.mark.parametrize(("day", "value"), [(TUESDAY, 11), (TUESDAY + dt.timedelta(days=9), 3)])
async def test_what_no_button_says_is_refused(ada: Waker, day: dt.date, value: int) -> None:
    await ada.flares(at(0, hours=1))
    with pytest.raises(ButtonUnreadable):
        await ada.woke(day, value, at(1, hours=1))
