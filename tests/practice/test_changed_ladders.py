"""The content changes between two days: cards still show what they gave, and nobody is led up by it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlmodel import select

from bot.catalogue.reading import Catalogue
from bot.delivery.cards import ritual_card, why_card
from bot.delivery.feedback_cards import question_card
from bot.domain.exercise import Ladder, Step
from bot.domain.placement import Felt
from bot.domain.refusal import TryOutOver
from bot.domain.session import Asked, Given, Held
from bot.practice.desk import Desk
from bot.practice.explanation import MOVED, Explanation, tell
from bot.practice.plan import Plan
from bot.practice.replay import Outcome, Replay
from bot.practice.tryout import Trying
from bot.storage.tables import DecisionRow, PortionRow
from tests.builders import ADA, catalogue, words
from tests.practice.someone import CALM, RED, Someone, at

HINGE = catalogue().ladders["hinge"]
GONE = "no longer part of the ritual"


def another(name: str, like: Step) -> Step:
    """A step that nobody was given yet."""
    return replace(named(name, like), gate=None)


def named(name: str, step: Step) -> Step:
    return replace(step, exercise=replace(step.exercise, id=name))


def put_in(ladder: Ladder, number: int) -> Ladder:
    """A new step, below that number."""
    new = another("new", ladder.step(number))
    return replace(ladder, steps=(*ladder.steps[: number - 1], new, *ladder.steps[number - 1 :]))


def taken_out(ladder: Ladder, *numbers: int) -> Ladder:
    steps = (step for number, step in enumerate(ladder.steps, 1) if number not in numbers)
    return replace(ladder, steps=tuple(steps))


def over(desk: Desk, ladders: Mapping[str, Ladder]) -> Desk:
    """The same desk after a restart with these ladders; sets leave out what is gone."""
    old = desk.prescription.catalogue
    sets = {
        name: replace(one, ladders=tuple(slug for slug in one.ladders if slug in ladders))
        for name, one in old.sets.items()
    }
    content: Catalogue = replace(old, ladders=ladders, sets=sets)
    prescription = replace(desk.prescription, catalogue=content)
    return replace(
        desk,
        prescription=prescription,
        journal=replace(desk.journal, prescription=prescription),
        try_out=replace(desk.try_out, prescription=prescription),
        retrospect=replace(desk.retrospect, prescription=prescription),
        weights=replace(desk.weights, prescription=prescription),
    )


def change(ada: Someone, **ladders: Ladder | None) -> None:
    """From now on she comes to a desk where these ladders are so; None is one that is no more."""
    changed = {**ada.desk.prescription.catalogue.ladders, **ladders}
    ada.desk = over(ada.desk, {slug: one for slug, one in changed.items() if one is not None})


def exercises(plan: Plan) -> dict[str, str]:
    return {portion.ladder: portion.exercise.id for portion in plan.sequence.portions}


def hinge(plan: Plan) -> Given | None:
    return next((one for one in plan.session.given if one.ladder == "hinge"), None)


async def until_hinge(ada: Someone, number: int) -> tuple[int, Plan]:
    """The first day from this one on with a hinge in its ritual; it is not practised yet."""
    while hinge(plan := await ada.today(at(number))) is None:
        await ada.day(number)
        number += 1
    return number, plan


async def outcomes(ada: Someone) -> list[Outcome]:
    prescription = ada.desk.prescription
    replay = Replay(
        database=prescription.database,
        catalogue=prescription.catalogue,
        policy=prescription.policy,
    )
    return [one.outcome async for one in replay.everybody()]


async def forget_exercises(ada: Someone) -> None:
    """As rows from before they were kept."""
    async with ada.desk.enrolment.database.work() as work:
        await work.exec(sa.update(PortionRow).values(exercises=None))
        for row in await work.exec(select(DecisionRow)):
            row.basis = {name: kept for name, kept in row.basis.items() if name != "exercises"}


async def stories(ada: Someone) -> list[str]:
    prescription = ada.desk.prescription
    explanation = Explanation(
        database=prescription.database,
        catalogue=prescription.catalogue,
        policy=prescription.policy,
    )
    return [tell(story, words()) for story in await explanation.of(ADA)]


@pytest.fixture
async def practised(ada: Someone) -> tuple[int, Plan]:
    """Four steps up the hinge; the number and the plan of the last day on which it came up."""
    await ada.finds_the_hinge_easy(at(0))
    number, plan = await until_hinge(ada, 0)
    await ada.day(number)
    return number, plan


async def test_what_was_given_is_kept_with_its_exercises(
    ada: Someone, practised: tuple[int, Plan]
) -> None:
    async with ada.desk.enrolment.database.look() as work:
        kept = select(PortionRow.exercises).where(PortionRow.ladder == "hinge")
        [told] = (await work.exec(kept)).all()
    assert told == "seated-hinge,wall-hinge,wall-press-hinge,stick-hinge"


@pytest.mark.parametrize("number", [1, 2, 4])
async def test_a_step_put_in_below_leaves_everybody_on_their_exercise(
    ada: Someone, practised: tuple[int, Plan], number: int
) -> None:
    day, before = practised
    change(ada, hinge=put_in(HINGE, number))
    shown = await ada.show(before.session.id)
    assert exercises(shown) == exercises(before)
    assert shown.session.gone == frozenset()
    _, again = await until_hinge(ada, day + 1)
    assert exercises(again)["hinge"] == exercises(before)["hinge"]
    assert (given := hinge(again)) is not None
    assert given.step == 5


async def test_her_exercise_taken_out_the_one_below_comes_up_and_the_old_card_says_so(
    ada: Someone, practised: tuple[int, Plan]
) -> None:
    day, before = practised
    change(ada, hinge=taken_out(HINGE, 4))
    shown = await ada.show(before.session.id)
    assert exercises(shown) == {
        ladder: name for ladder, name in exercises(before).items() if ladder != "hinge"
    }
    assert GONE in ritual_card(words(), shown).text
    assert GONE not in ritual_card(words(), before).text
    assert HINGE.name not in why_card(words(), shown).text
    _, again = await until_hinge(ada, day + 1)
    assert exercises(again)["hinge"] == "wall-press-hinge"
    assert GONE not in ritual_card(words(), again).text


async def test_two_that_change_places_lead_nobody_to_the_harder_one(
    ada: Someone, practised: tuple[int, Plan]
) -> None:
    day, before = practised
    steps = HINGE.steps
    swapped = (*steps[:3], steps[4], steps[3], *steps[5:])
    change(ada, hinge=replace(HINGE, steps=swapped))
    assert exercises(await ada.show(before.session.id)) == exercises(before)
    _, again = await until_hinge(ada, day + 1)
    assert exercises(again)["hinge"] == "stick-hinge"


async def test_a_card_of_today_that_nobody_touched_is_decided_again_where_something_went(
    ada: Someone,
) -> None:
    await ada.finds_the_hinge_easy(at(0))
    number, plan = await until_hinge(ada, 0)
    change(ada, hinge=taken_out(HINGE, 4))
    again = await ada.today(at(number))
    assert again.session.id == plan.session.id
    assert "stick-hinge" not in exercises(again).values()
    assert again.session.gone == frozenset()
    assert GONE not in ritual_card(words(), again).text


async def test_over_a_ladder_of_which_nothing_is_left_she_begins_anew_and_gently(
    ada: Someone, practised: tuple[int, Plan]
) -> None:
    day, before = practised
    steps: Sequence[Step] = [another(f"new-{n}", step) for n, step in enumerate(HINGE.steps)]
    change(ada, hinge=replace(HINGE, steps=tuple(steps)))
    assert GONE in ritual_card(words(), await ada.show(before.session.id)).text
    _, again = await until_hinge(ada, day + 1)
    assert (given := hinge(again)) is not None
    assert (given.step, given.dose_fraction) == (1, 0.6)
    assert any("an exercise that is gone at 60 %" in told for told in await stories(ada))


@pytest.mark.parametrize("kept", [True, False])
async def test_a_ladder_that_is_no_more_is_no_hindrance(
    ada: Someone, practised: tuple[int, Plan], kept: bool
) -> None:
    day, before = practised
    if not kept:
        await forget_exercises(ada)
    unanswered = await ada.travel(at(day, hours=2))
    change(ada, **dict.fromkeys(exercises(before) | exercises(unanswered)))
    for plan in (before, unanswered):
        shown = await ada.show(plan.session.id)
        assert exercises(shown) == {}
        assert f"{len(exercises(plan))} exercises of that day are {GONE}" in " ".join(
            ritual_card(words(), shown).text.split()
        )
        assert (
            "For example"
            not in question_card(words(), shown, Asked.COMPENSATION, at(day).date()).text
        )
    await ada.answer(unanswered, RED, at(day, hours=3))
    plan = await ada.day(day + 1)
    assert exercises(plan).keys().isdisjoint(exercises(before))
    assert await outcomes(ada)


async def test_rows_from_before_exercises_were_kept_stay_on_a_shortened_ladder(
    ada: Someone, practised: tuple[int, Plan]
) -> None:
    day, before = practised
    await forget_exercises(ada)
    change(ada, hinge=taken_out(HINGE, 3, 4, 5, 6, 7, 8))
    shown = await ada.show(before.session.id)
    assert "hinge" not in exercises(shown)
    assert GONE in ritual_card(words(), shown).text
    _, again = await until_hinge(ada, day + 1)
    assert exercises(again)["hinge"] == "wall-hinge"


async def test_rows_from_before_exercises_were_kept_replay_as_before(
    ada: Someone, practised: tuple[int, Plan]
) -> None:
    day, _ = practised
    await forget_exercises(ada)
    await ada.day(day + 1)
    assert {*await outcomes(ada)} == {Outcome.SAME}


async def test_days_before_a_change_are_not_compared_and_those_after_it_replay(
    ada: Someone, practised: tuple[int, Plan]
) -> None:
    day, _ = practised
    await ada.today(at(day + 1))
    before = len(await outcomes(ada))
    # So alike that only the names tell them apart.
    steps, names = [*HINGE.steps], HINGE.exercises
    steps[2], steps[3] = named(names[3], steps[2]), named(names[2], steps[3])
    change(ada, hinge=replace(HINGE, steps=tuple(steps)))
    for number in range(day + 1, day + 5):
        await ada.day(number)
    told = await outcomes(ada)
    assert {*told[:before]} == {Outcome.OTHER_LADDERS}
    assert {*told[before:]} == {Outcome.SAME}


async def test_the_story_of_a_day_before_a_change_says_that_the_ladders_changed(
    ada: Someone, practised: tuple[int, Plan]
) -> None:
    day, _ = practised
    await ada.day(day + 1)
    assert not any(MOVED in told for told in await stories(ada))
    change(ada, hinge=put_in(HINGE, 1), side=None)
    assert all(MOVED in told for told in await stories(ada))


async def test_a_weight_goes_with_its_exercise_and_begins_anew_with_another(ada: Someone) -> None:
    await ada.finds_the_hinge_easy(at(0))
    number = await ada.until_a_weight(0)
    plan = await ada.today(at(number))
    assert plan.weight is not None
    heavy = plan.weight.choices[-1]
    await ada.desk.weights.choose(ADA, plan.session.id, heavy, update_id=901, now=at(number))
    await ada.day(number)
    step = plan.weight.step
    original = ada.desk
    change(ada, hinge=put_in(HINGE, step))
    shown = await ada.show(plan.session.id)
    assert shown.weight is not None
    assert (shown.weight.step, shown.weight.grams) == (step + 1, heavy)
    assert shown.session.held == {"hinge": Held(step + 1, heavy, HINGE.exercises[step - 1])}
    later = await ada.today(at(await ada.until_a_weight(number + 1)))
    assert later.weight is not None
    assert later.weight.grams == heavy
    ada.desk = original
    change(ada, hinge=taken_out(HINGE, step))
    assert (await ada.show(plan.session.id)).weight is None


async def tries(ada: Someone, trying: Trying, felt: Felt, update_id: int) -> Trying:
    assert trying.next is not None
    return await ada.desk.try_out.keep(
        ADA, trying.next.ladder, trying.next.step, felt, update_id=update_id, now=at(0)
    )


async def test_a_ladder_that_changes_under_a_try_out_is_asked_about_no_further(
    ada: Someone,
) -> None:
    trying = await ada.desk.try_out.look(await ada.desk.enrolment.profile(ADA))
    assert trying.next is not None
    first = trying.next.ladder
    trying = await tries(ada, trying, Felt.EASY, 801)
    assert trying.next is not None
    assert (trying.next.ladder, trying.next.step) == (first, 4)
    change(ada, **{first: put_in(catalogue().ladders[first], 2)})
    trying = await ada.desk.try_out.look(await ada.desk.enrolment.profile(ADA))
    assert trying.next is not None
    assert trying.next.ladder != first
    assert trying.starts[trying.names[first]] == 4  # the exercise that was easy
    update_id = 802
    while trying.next is not None:
        trying = await tries(ada, trying, Felt.TOO_MUCH, update_id)
        update_id += 1
    plan = await ada.today(at(0))
    await ada.answer(plan, CALM, at(0))
    with pytest.raises(TryOutOver):
        await ada.desk.try_out.look(await ada.desk.enrolment.profile(ADA))
