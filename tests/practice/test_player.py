"""A session played at the desk: what a tap that comes twice does, and which bells are needless."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import select

from bot.delivery.letterbox import Addressed, compose
from bot.domain.feedback import Completed
from bot.domain.player import Kind, Position
from bot.domain.session import Asked
from bot.practice.desk import Desk
from bot.practice.journal import Kept
from bot.practice.plan import Plan
from bot.practice.player import Playing
from bot.storage.tables import ErrandRow, State
from tests.builders import ADA
from tests.practice.someone import Someone, at

CARD = 7


async def begun(desk: Desk, ada: Someone, now: datetime) -> Playing:
    plan = await ada.today(now)
    profile = await desk.enrolment.profile(ADA)
    playing = await desk.player.begin(profile, plan, CARD, update_id=1, now=now)
    assert playing is not None
    return playing


async def look(desk: Desk, plan: Plan, now: datetime) -> Playing | None:
    profile = await desk.enrolment.profile(ADA)
    shown = await desk.prescription.show(profile, plan.session.id)
    return await desk.player.look(profile, shown, now)


async def to_a_rating(desk: Desk, playing: Playing, now: datetime) -> Playing:
    """Tap by tap."""
    while playing.stage.kind is not Kind.RATE:
        update_id = playing.update_id + 1
        playing = await desk.player.go_on(playing, update_id=update_id, now=now)
    return playing


async def bells(desk: Desk) -> list[ErrandRow]:
    async with desk.enrolment.database.look() as work:
        return list(await work.exec(select(ErrandRow).where(ErrandRow.state == State.DUE)))


async def test_a_tap_that_was_cut_short_after_its_answer_is_done_when_it_comes_again(
    desk: Desk, ada: Someone
) -> None:
    now = at(0)
    playing = await to_a_rating(desk, await begun(desk, ada, now), now)
    assert playing.portion is not None
    for _ in range(2):  # the second time as if the place had never moved on
        led = await desk.player.rate(playing, 1, update_id=50, now=now)
        assert isinstance(led, Playing)
        assert led.at == Position(2, 0)
    session = (await ada.show(playing.session.id)).session
    assert session.about == {
        playing.portion.ladder: {Asked.COMPENSATION: 1, Asked.COMPLETED: Completed.FULL}
    }


async def test_a_stop_that_comes_again_says_nothing_twice(desk: Desk, ada: Someone) -> None:
    playing = await to_a_rating(desk, await begun(desk, ada, at(0)), at(0))
    for _ in range(2):
        kept = await desk.player.stop(playing, update_id=50, now=at(0))
        assert isinstance(kept, Kept)
    session = kept.session
    assert session.answers == {Asked.COMPLETED: Completed.PARTIAL}
    later = [given.ladder for given in session.given[1:]]
    assert session.about == {ladder: {Asked.COMPLETED: Completed.NO} for ladder in later}
    async with desk.enrolment.database.look() as work:
        connection = await work.connection()
        rows = await connection.exec_driver_sql("SELECT count(*) FROM answer")
        assert rows.scalar_one() == 1 + len(later)
    assert await look(desk, playing.plan, at(0)) is None


async def test_what_is_not_reached_is_held_and_only_what_was_begun_counts_as_a_part(
    desk: Desk, ada: Someone
) -> None:
    playing = await to_a_rating(desk, await begun(desk, ada, at(0)), at(0))
    kept = await desk.player.stop(playing, update_id=50, now=at(0))
    [first, *others] = kept.session.given
    said = [kept.session.feedback(one.ladder) for one in (first, *others)]
    completed = [feedback.completed for feedback in said if feedback]
    assert completed == [Completed.PARTIAL, *[Completed.NO] * len(others)]


async def test_a_player_of_another_sequence_is_over(desk: Desk, ada: Someone) -> None:
    """Before its first answer a day can still be decided anew: then its card comes again."""
    playing = await begun(desk, ada, at(0))
    given = tuple(replace(one, shown_dose=0.4) for one in playing.session.given)
    other = replace(playing.plan, session=replace(playing.session, given=given))
    assert await desk.player.look(playing.profile, other, at(0)) is None


async def test_a_bell_has_sound_where_a_minute_late_it_would_only_startle(
    desk: Desk, ada: Someone
) -> None:
    playing = await begun(desk, ada, at(0))
    playing = await desk.player.go(playing, update_id=2, now=at(0))
    [bell] = await bells(desk)
    assert bell.due_at == playing.moment.until == at(0) + timedelta(seconds=playing.stage.seconds)
    for late, rings in ((0, True), (60, True), (60.1, False)):
        addressed = await compose(desk, bell, bell.due_at + timedelta(seconds=late))
        assert (addressed is not None) is rings
        assert addressed is None or (
            isinstance(addressed, Addressed) and not addressed.letter.silent
        )


async def test_nobody_who_has_blocked_the_bot_hears_a_bell(desk: Desk, ada: Someone) -> None:
    await desk.player.go(await begun(desk, ada, at(0)), update_id=2, now=at(0))
    [bell] = await bells(desk)
    await desk.enrolment.set_aside(ADA, at(0))
    assert await compose(desk, bell, bell.due_at) is None


async def test_of_two_bells_that_come_together_the_last_one_rings(desk: Desk, ada: Someone) -> None:
    """After a short sleep: the hold is over, and so is the rest that followed it."""
    playing = await begun(desk, ada, at(0))
    rest = next(
        Position(chapter, stage)
        for chapter, stages in enumerate(playing.script)
        for stage, one in enumerate(stages)
        if one.kind is Kind.REST
    )
    while playing.at != (rest.chapter, rest.stage - 1):
        update_id = playing.update_id + 1
        if playing.stage.kind is Kind.RATE:
            led = await desk.player.rate(playing, 0, update_id=update_id, now=at(0))
            assert isinstance(led, Playing)
            playing = led
        else:
            playing = await desk.player.go_on(playing, update_id=update_id, now=at(0))
    await desk.player.go_on(playing, update_id=99, now=at(0))
    [resting] = await bells(desk)
    hold = replace_key(resting, f"{playing.session.id}:{rest.chapter}:{rest.stage - 1}:99")
    late = resting.due_at + timedelta(seconds=1)
    assert await compose(desk, hold, late) is None
    assert await compose(desk, resting, late) is not None


def replace_key(errand: ErrandRow, key: str) -> ErrandRow:
    return ErrandRow.model_validate({**errand.model_dump(), "key": key})
