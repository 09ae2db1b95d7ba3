"""The try-out at the desk: read from rows, over with the first answer, and kept in every decision."""

from collections.abc import Mapping

import pytest
import sqlalchemy as sa

from bot.domain.placement import Felt
from bot.domain.profile import Question
from bot.domain.refusal import ButtonUnreadable, NotEnrolled, PlanLocked, TryOutOver
from bot.domain.safety import SEEN, Tier
from bot.domain.session import Asked
from bot.domain.standing import Standing
from bot.practice.desk import Desk
from bot.practice.explanation import Explanation, as_record, tell
from bot.practice.replay import Outcome, Replay
from bot.practice.tryout import Trying
from tests.builders import ADA, enrolled, words
from tests.practice.someone import CALM, Someone, at

TRIED = ("control", "bridge", "hinge", "side")
EASY, JUST, TOO_MUCH, STOPPED = Felt


class Trier:
    """Ada, trying things out; each answer is an update of its own."""

    def __init__(self, ada: Someone, day: int = 0) -> None:
        self.desk, self.day, self._update = ada.desk, day, 1000 * (day + 1)

    async def look(self) -> Trying:
        return await self.desk.try_out.look(await self.desk.enrolment.profile(ADA))

    async def feels(self, ladder: str, step: int, felt: int) -> Trying:
        self._update += 1
        return await self.desk.try_out.keep(
            ADA, ladder, step, felt, update_id=self._update, now=at(self.day, hours=0.1)
        )

    async def all(self, first: Felt, second: Felt = TOO_MUCH) -> Trying:
        """Every ladder's first step, and its second where the first was easy."""
        trying = await self.look()
        while trying.next is not None:
            felt = first if trying.next.step == 3 else second
            trying = await self.feels(trying.next.ladder, trying.next.step, felt)
        return trying


async def replayed(desk: Desk) -> set[Outcome]:
    prescription = desk.prescription
    replay = Replay(
        database=desk.enrolment.database,
        catalogue=prescription.catalogue,
        policy=prescription.policy,
    )
    return {one.outcome async for one in replay.everybody()}


def of_tried(standings: Mapping[str, Standing]) -> set[Standing]:
    return {standings[ladder] for ladder in TRIED}


@pytest.mark.parametrize(
    ("first", "second", "step"),
    [(TOO_MUCH, EASY, 1), (JUST, EASY, 2), (EASY, TOO_MUCH, 3), (EASY, JUST, 3), (EASY, EASY, 4)],
)
async def test_a_try_out_decides_todays_untouched_session_again(
    ada: Someone, first: Felt, second: Felt, step: int
) -> None:
    before = await ada.today(at(0))
    assert before.try_out
    trying = await Trier(ada).all(first, second)
    assert set(trying.starts.values()) == ({step} if step > 1 else set())
    after = await ada.today(at(0, hours=0.2))
    assert not after.try_out
    assert after.session.id == before.session.id
    for given in after.session.given:
        expected = (step if given.ladder in TRIED else 1, 0.6)
        assert (given.step, given.dose_fraction) == expected
    assert of_tried(await ada.standings(at(0))) == {Standing(step, 0.6)}
    assert await replayed(ada.desk) == {Outcome.SAME}


async def test_what_was_tried_counts_at_once_and_all_else_begins_at_step_1(ada: Someone) -> None:
    trier = Trier(ada)
    await trier.feels("control", 3, EASY)
    await trier.feels("control", 4, JUST)
    assert (await ada.standings(at(0)))["control"] == Standing(3, 0.6)
    assert (await ada.today(at(0))).try_out  # it may go on
    trying = await trier.feels("bridge", 3, STOPPED)
    assert trying.next is None
    assert trying.starts == {"Quiet middle": 3}
    assert not (await ada.today(at(0))).try_out
    standings = await ada.standings(at(0))
    assert {standings[name].step for name in standings if name != "control"} == {1}


async def test_only_the_open_question_is_answered_and_only_once(ada: Someone) -> None:
    trier = Trier(ada)
    await trier.feels("bridge", 3, EASY)  # not asked yet
    first = await trier.feels("control", 3, EASY)
    again = await trier.feels("control", 3, TOO_MUCH)  # a double tap that slipped
    assert again == first
    assert (again.next and (again.next.ladder, again.next.step)) == ("control", 4)
    profile = await ada.desk.enrolment.profile(ADA)
    assert [(one.ladder, one.step, one.felt) for one in profile.tried] == [("control", 3, EASY)]
    with pytest.raises(ButtonUnreadable):
        await trier.feels("control", 4, 4)


async def test_answers_lead_once_a_session_has_one_even_that_it_was_not_done(ada: Someone) -> None:
    trier = Trier(ada)
    await trier.feels("control", 3, EASY)
    plan = await ada.today(at(0))
    await ada.answer(plan, {Asked.COMPLETED: 2}, at(0, hours=1))
    with pytest.raises(TryOutOver):
        await trier.look()
    with pytest.raises(TryOutOver):
        await trier.feels("control", 4, EASY)
    assert not (await ada.today(at(1))).try_out
    assert len((await ada.desk.enrolment.profile(ADA)).tried) == 1


async def test_a_silent_card_leaves_the_try_out_open_for_the_next_day(ada: Someone) -> None:
    await ada.today(at(0))
    assert (await ada.today(at(1))).try_out
    await Trier(ada, day=1).all(EASY, JUST)
    await ada.day(1)
    await ada.day(2)
    assert (await ada.standings(at(3)))["control"].step == 3
    assert await replayed(ada.desk) == {Outcome.SAME}


async def test_a_travel_set_is_near_what_was_found(ada: Someone) -> None:
    await Trier(ada).all(EASY, JUST)
    plan = await ada.travel(at(0, hours=1), minutes=15)
    assert {given.step for given in plan.session.given if given.ladder in TRIED} == {3}


async def test_safety_closes_the_try_out_until_it_is_answered(ada: Someone) -> None:
    trier, enrolment = Trier(ada), ada.desk.enrolment
    await enrolment.ask_safety_again(ADA, at(0))
    with pytest.raises(NotEnrolled):
        await trier.look()
    with pytest.raises(NotEnrolled):
        await trier.feels("control", 3, EASY)
    await enrolment.screen(ADA, Tier.EMERGENCY, True, at(0))
    with pytest.raises(PlanLocked):
        await trier.feels("control", 3, EASY)
    assert (await enrolment.profile(ADA)).tried == ()


async def test_after_a_clinician_what_was_tried_before_counts_no_more_and_what_is_tried_then_does(
    ada: Someone,
) -> None:
    enrolment = ada.desk.enrolment
    early = Trier(ada)
    await early.feels("control", 3, EASY)
    await enrolment.screen(ADA, Tier.EMERGENCY, True, at(1))
    await enrolment.screen(ADA, SEEN, True, at(2))
    assert (await ada.standings(at(2, hours=1)))["control"] == Standing(1, 0.6)
    late = Trier(ada, day=3)
    await late.all(EASY, JUST)
    await ada.today(at(3))
    standings = await ada.standings(at(3))
    assert standings["bridge"] == Standing(3, 0.6)
    assert await replayed(ada.desk) == {Outcome.SAME}


async def test_nobody_who_is_still_enrolling_tries_anything(desk: Desk) -> None:
    await enrolled(desk, at(0), upto=Question.MINUTES)
    with pytest.raises(NotEnrolled):
        await desk.try_out.look(await desk.enrolment.profile(ADA))


async def test_decisions_from_before_try_outs_replay_as_they_were(ada: Someone) -> None:
    await ada.day(0)
    await ada.day(1)
    async with ada.desk.enrolment.database.work() as work:
        connection = await work.connection()
        await connection.execute(
            sa.text("UPDATE decision SET basis = json_remove(basis, '$.placements')")
        )
    assert await replayed(ada.desk) == {Outcome.SAME}


async def test_explain_says_where_the_start_came_from(ada: Someone) -> None:
    await Trier(ada).all(EASY, JUST)
    plan = await ada.today(at(0))
    await ada.answer(plan, CALM, at(0, hours=1))
    prescription = ada.desk.prescription
    stories = await Explanation(
        database=ada.desk.enrolment.database,
        catalogue=prescription.catalogue,
        policy=prescription.policy,
    ).of(ADA)
    for story in stories:
        found = story.ladder in TRIED
        assert ("no session yet: the try-out found step 3" in tell(story, words())) is found
        assert as_record(story, words())["placement"] == (3 if found else None)
