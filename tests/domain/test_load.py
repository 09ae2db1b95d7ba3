"""Weights: carried over without growing, remembered as practised, heavier only as far as R16 says."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.decision import Decision, Reason
from bot.domain.exercise import Ladder
from bot.domain.load import (
    KILO,
    Offer,
    Unit,
    Weight,
    heavier,
    last_held,
    measured,
    to_hold,
    usual_unit,
    weight_of,
    went_well,
)
from bot.domain.session import Asked, Given, Held, Session
from tests.domain import lives
from tests.domain.histories import POLICY
from tests.domain.lives import Answers, catalogue, course_of, person, session

GROWTH = POLICY.load
HINGE, CARRY = catalogue().ladders["hinge"], catalogue().ladders["carry"]
LADDERS = st.sampled_from([HINGE, CARRY])
UNITS = st.sampled_from(Unit)

WELL: Answers = {
    Asked.COMPLETED: 0,
    Asked.PAIN: 2,
    Asked.COMPENSATION: 0,
    Asked.BREATH: 0,
    Asked.RESERVE: 0,
    Asked.MORNING: 2,
}
OWNER = person(equipment={"dumbbells"})


def loaded(ladder: Ladder) -> list[int]:
    return [number for number, step in enumerate(ladder.steps, 1) if step.load]


def pounds(*weights: float) -> list[int]:
    return [round(weight * 453.59237) for weight in weights]


def with_weight(
    grams: int | None, ladder: str = "hinge", step: int = 8, dose: float = 1.0
) -> Given:
    return replace(lives.given(ladder, step, dose, loaded=True), grams=grams)


def on_top(ladder: Ladder, grams: int, unit: Unit = Unit.KG) -> Weight:
    load = ladder.step(ladder.top).load
    assert load is not None
    return Weight(
        ladder=ladder.id,
        step=ladder.top,
        load=load,
        grams=grams,
        unit=unit,
        first=False,
        whole=True,
    )


@st.composite
def held_somewhere(draw: st.DrawFn) -> tuple[Ladder, Held]:
    """Any weight that a step with one allows."""
    ladder = draw(LADDERS)
    number = draw(st.sampled_from(loaded(ladder)))
    load = ladder.step(number).load
    assert load is not None
    least, most = round(load.least * KILO), round(load.most * KILO)
    return ladder, Held(number, draw(st.integers(least, most)))


# What a step begins with.


@pytest.mark.parametrize(
    ("sentence", "ladder", "held", "step", "unit", "grams"),
    [
        ("nothing known", HINGE, None, 5, Unit.KG, 2000),
        ("nothing known, and dumbbells in lb", HINGE, None, 6, Unit.LB, pounds(5)[0]),
        ("nothing known, and a bag in lb", HINGE, None, 5, Unit.LB, pounds(4.5)[0]),
        ("the same step", HINGE, Held(5, 3300), 5, Unit.KG, 3300),
        ("the same step, in another unit", HINGE, Held(6, 4000), 6, Unit.LB, 4000),
        ("one bag becomes two dumbbells", HINGE, Held(5, 4000), 6, Unit.KG, 2000),
        ("two become one, and one hand has no more", HINGE, Held(7, 4000), 8, Unit.KG, 4000),
        ("no dumbbell weighs that: the next lighter one", HINGE, Held(7, 4300), 8, Unit.KG, 4000),
        ("a step back halves what one hand held", HINGE, Held(8, 10000), 7, Unit.KG, 5000),
        ("never above what the step allows", HINGE, Held(8, 10000), 5, Unit.KG, 4000),
        ("never below what it asks for", HINGE, Held(5, 3000), 6, Unit.KG, 2000),
        ("a bag carries the crumbs along", CARRY, Held(4, 4300), 5, Unit.KG, 4300),
        ("a step that bears no weight any more", HINGE, Held(2, 3000), 5, Unit.KG, 2000),
        ("a step that is gone", HINGE, Held(9, 3000), 5, Unit.KG, 2000),
    ],
)
def test_what_a_step_begins_with(
    sentence: str, ladder: Ladder, held: Held | None, step: int, unit: Unit, grams: int
) -> None:
    assert to_hold(held, ladder, step, unit) == grams, sentence


@given(held_somewhere(), UNITS, st.data())
def test_a_weight_never_grows_by_being_carried_over(
    known: tuple[Ladder, Held], unit: Unit, data: st.DataObject
) -> None:
    ladder, held = known
    number = data.draw(st.sampled_from(loaded(ladder)))
    before, now = ladder.step(held.step).load, ladder.step(number).load
    assert before is not None
    assert now is not None
    grams = to_hold(held, ladder, number, unit)
    assert now.least * KILO <= grams <= now.most * KILO
    least = to_hold(None, ladder, number, unit)
    assert grams <= max(held.grams, least)
    assert grams * now.pieces <= max(held.grams * before.pieces, least * now.pieces)
    assert to_hold(Held(number, grams), ladder, number, unit) == grams


@given(st.lists(st.sampled_from(loaded(HINGE)), min_size=1, max_size=12), held_somewhere(), UNITS)
def test_up_and_down_a_ladder_nothing_gathers(
    way: list[int], known: tuple[Ladder, Held], unit: Unit
) -> None:
    held = replace(known[1], step=5, grams=min(known[1].grams, 4 * KILO))
    most = max(held.grams, *(to_hold(None, HINGE, number, unit) for number in way))
    for number in way:
        held = Held(number, to_hold(held, HINGE, number, unit))
        assert held.grams <= most


# What is known of a ladder's weight.


def told(of: Session, grams: int, step: int = 8, ladder: str = "hinge") -> Session:
    return replace(of, held={ladder: Held(step, grams)})


@pytest.mark.parametrize(
    ("sentence", "sessions", "held"),
    [
        ("nothing", [], None),
        ("what was shown and practised", [session(1, with_weight(3000), answers=WELL)], 3000),
        ("silence is no practice", [session(1, with_weight(3000))], None),
        ("said, and never answered", [told(session(1, with_weight(3000)), 3000)], 3000),
        (
            "said since",
            [
                session(1, with_weight(3000), answers=WELL),
                told(session(3, with_weight(5000)), 5000),
            ],
            5000,
        ),
        (
            "practised since",
            [
                told(session(1, with_weight(3000)), 3000),
                session(3, with_weight(2000), answers=WELL),
            ],
            2000,
        ),
        (
            "said, but then another step was practised",
            [told(session(1, with_weight(2000), answers=WELL), 4000, step=5)],
            2000,
        ),
        (
            "on the way something else stands in",
            [
                session(1, with_weight(3000), answers=WELL),
                told(session(2, with_weight(2000), answers=WELL, travel=True), 2000),
            ],
            3000,
        ),
        (
            "another ladder's",
            [session(1, with_weight(3000, "carry", 6), answers=WELL)],
            None,
        ),
        ("kept before weights were", [session(1, with_weight(None), answers=WELL)], None),
    ],
)
def test_what_is_known_of_a_weight(
    sentence: str, sessions: list[Session], held: int | None
) -> None:
    assert last_held(sessions, "hinge") == (None if held is None else Held(8, held)), sentence


def test_a_card_tells_its_weight_and_whether_it_is_the_first() -> None:
    card, ladders = session(3, with_weight(3000)), catalogue().ladders
    fresh = weight_of(card, [], ladders, Unit.KG)
    assert fresh is not None
    assert (fresh.grams, fresh.first, fresh.whole) == (3000, True, True)
    again = weight_of(card, [session(1, with_weight(3000), answers=WELL)], ladders, Unit.KG)
    assert again == replace(fresh, first=False)
    assert weight_of(told(card, 3000), [], ladders, Unit.KG) == again
    away = told(replace(card, travel=True), 3000)
    assert weight_of(away, [], ladders, Unit.KG) == again
    smaller = replace(with_weight(3000), shown_dose=0.6)
    assert weight_of(session(3, smaller), [], ladders, Unit.KG) == replace(fresh, whole=False)
    assert weight_of(session(3, with_weight(None)), [], ladders, Unit.KG) is None
    assert weight_of(session(3, lives.given("hinge", 2, 1.0)), [], ladders, Unit.KG) is None


# What there is to choose.


@pytest.mark.parametrize(
    ("ladder", "unit", "present", "choices"),
    [
        (HINGE, Unit.KG, 2000, [2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10]),
        (CARRY, Unit.KG, 4400, [2, 2.5, 3, 3.5, 4, 4.4, 4.5, 5, 6, 7, 8, 9, 10, 11, 12]),
        (HINGE, Unit.LB, pounds(5)[0], [5, 6, 7, 8, 9, 10, 12.5, 15, 17.5, 20]),
        (CARRY, Unit.LB, 4000, [5, 6, 7, 8, 8.75, 9, 10, 12.5, 15, 17.5, 20, 22.5, 25]),
    ],
)
def test_the_choices_are_real_weights_and_the_present_one(
    ladder: Ladder, unit: Unit, present: int, choices: list[float]
) -> None:
    weight = on_top(ladder, present, unit)
    assert [measured(grams, unit) for grams in weight.choices] == choices
    assert all(map(weight.allows, weight.choices))


@given(held_somewhere(), UNITS)
def test_no_two_choices_are_called_alike(known: tuple[Ladder, Held], unit: Unit) -> None:
    ladder, held = known
    grams = to_hold(held, ladder, ladder.top, unit)
    weight = on_top(ladder, grams, unit)
    names = [measured(choice, unit) for choice in weight.choices]
    assert len({*names}) == len(names)


@pytest.mark.parametrize("grams", [-2000, 0, 1999, 10_001, 2**40])
def test_what_a_step_does_not_allow_is_told_apart(grams: int) -> None:
    assert not on_top(HINGE, 2000).allows(grams)


@pytest.mark.parametrize(
    ("country", "unit"),
    [("US", Unit.LB), ("LR", Unit.LB), ("MM", Unit.LB), ("CH", Unit.KG), (None, Unit.KG)],
)
def test_pounds_where_people_have_pounds(country: str | None, unit: Unit) -> None:
    assert usual_unit(country) is unit


# Growing.


@pytest.mark.parametrize(
    ("sentence", "ladder", "unit", "grams", "near", "far"),
    [
        ("a bag takes 10 % more", CARRY, Unit.KG, 4000, 4400, 4400),
        ("and never beyond 10 %", CARRY, Unit.KG, 4900, 5300, 5300),
        ("up to the most", CARRY, Unit.KG, 11_500, 12_000, 12_000),
        ("not for less than 2 %", CARRY, Unit.KG, 11_900, None, None),
        ("not beyond the most", CARRY, Unit.KG, 12_000, None, None),
        ("quarters of a pound", CARRY, Unit.LB, *pounds(10, 11, 11)),
        ("dumbbells lie apart", HINGE, Unit.KG, 2000, None, 2500),
        ("also the heavy ones", HINGE, Unit.KG, 9000, None, 10_000),
        ("up to the most of them", HINGE, Unit.KG, 10_000, None, None),
        ("and in pounds", HINGE, Unit.LB, pounds(10)[0], None, pounds(12.5)[0]),
    ],
)
def test_what_is_offered_after_two_and_after_four_good_sessions(
    sentence: str, ladder: Ladder, unit: Unit, grams: int, near: int | None, far: int | None
) -> None:
    weight = on_top(ladder, grams, unit)
    offers = [heavier(weight, ladder, well, GROWTH) for well in range(5)]
    assert offers[:2] == [None, None], sentence
    is_far = near is None
    assert offers[2:4] == [None if near is None else Offer(near, far=False)] * 2, sentence
    assert offers[4] == (None if far is None else Offer(far, far=is_far)), sentence


@given(LADDERS, UNITS, st.data(), st.integers(0, 20))
def test_growth_is_2_to_10_percent_or_the_next_weight_there_is_and_never_beyond_the_most(
    ladder: Ladder, unit: Unit, data: st.DataObject, well: int
) -> None:
    present = on_top(ladder, 1, unit)
    least, most = round(present.load.least * KILO), round(present.load.most * KILO)
    present = replace(present, grams=data.draw(st.integers(least, most)))
    offer = heavier(present, ladder, well, GROWTH)
    if offer is None:
        return
    assert present.grams * 1.02 <= offer.grams <= most
    assert present.allows(offer.grams)
    assert well >= (4 if offer.far else 2)
    if not offer.far:
        assert offer.grams <= present.grams * 1.1 + 0.5  # to the gram
    else:
        assert offer.grams > present.grams * 1.1
        others = replace(present, grams=least).choices
        assert not [other for other in others if present.grams * 1.1 < other < offer.grams]


@pytest.mark.parametrize("less", [{"step": 7}, {"whole": False}])
def test_below_the_top_or_with_a_smaller_portion_nothing_is_offered(
    less: dict[str, int | bool],
) -> None:
    assert heavier(replace(on_top(HINGE, 2000), **less), HINGE, 20, GROWTH) is None  # type: ignore[arg-type]


# Sessions that went well with this weight.

AMBER: Answers = {**WELL, Asked.PAIN: 4}
LITTLE: Answers = {**WELL, Asked.RESERVE: 1}
SORE: Answers = {**WELL, Asked.MORNING: 4}
RED: Answers = {**WELL, Asked.PAIN: 8}
NOT_DONE: Answers = {Asked.COMPLETED: 2}
SILENT: Answers = {}


Day = tuple[int, Answers, float]  # grams, what was answered, and the dose


def counted(*days: Day) -> int:
    """With the weight of the last of them."""
    past = [
        session(2 * number, with_weight(grams, dose=dose), answers=answers)
        for number, (grams, answers, dose) in enumerate(days)
    ]
    course = course_of(OWNER, *past, today=2 * len(past))
    return went_well(course.situations["hinge"], past, on_top(HINGE, days[-1][0]))


def of(*days: tuple[int, Answers]) -> list[Day]:
    return [(grams, answers, 1.0) for grams, answers in days]


@pytest.mark.parametrize(
    ("sentence", "days", "count"),
    [
        ("each counts", of((4000, WELL), (4000, WELL), (4000, WELL)), 3),
        ("with this weight only", of((3500, WELL), (3500, WELL), (4000, WELL)), 1),
        ("not across another", of((4000, WELL), (3500, WELL), (4000, WELL)), 1),
        ("amber ends the row", of((4000, WELL), (4000, AMBER), (4000, WELL)), 1),
        ("red ends the row", of((4000, WELL), (4000, RED), (4000, WELL)), 1),
        ("so does a sore morning", of((4000, WELL), (4000, SORE), (4000, WELL)), 1),
        ("and no three more", of((4000, WELL), (4000, WELL), (4000, LITTLE)), 0),
        ("a lower dose does", [(4000, WELL, 1.0), (4000, WELL, 0.8), (4000, WELL, 1.0)], 1),
        ("a day left out does not", of((4000, WELL), (4000, NOT_DONE), (4000, WELL)), 2),
        ("nor does silence", of((4000, WELL), (4000, SILENT), (4000, WELL)), 2),
    ],
)
def test_the_sessions_that_count_for_a_weight(
    sentence: str, days: Sequence[Day], count: int
) -> None:
    assert counted(*days) == count, sentence


def test_a_set_on_the_way_counts_for_no_weight() -> None:
    own = session(2, with_weight(4000), answers=WELL)
    away = session(4, with_weight(4000), answers=WELL, travel=True)
    course = course_of(OWNER, own, away, today=6)
    assert went_well(course.situations["hinge"], [own, away], on_top(HINGE, 4000)) == 0


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([4000, 5000]),
            st.sampled_from([WELL, WELL, WELL, AMBER, LITTLE, SORE, RED, NOT_DONE, SILENT]),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_a_worse_last_session_never_brings_an_offer_nearer(
    days: list[tuple[int, Answers]],
) -> None:
    lived = of((4000, WELL), *days)
    grams, _, dose = lived[-1]
    assert counted(*lived) <= counted(*lived[:-1], (grams, WELL, dose))


def test_nothing_of_a_weight_changes_a_decision() -> None:
    def decided(grams: int) -> Decision:
        past = [session(2 * n, with_weight(grams), answers=WELL) for n in range(4)]
        return course_of(OWNER, *past, today=8).decisions["hinge"]

    assert decided(2000) == decided(10_000)
    assert decided(2000).reasons == (Reason.AT_THE_TOP,)


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("ladder", [HINGE, CARRY], ids=lambda ladder: ladder.id)
def test_every_step_begins_with_a_weight_that_can_be_named_in_either_unit(
    ladder: Ladder, unit: Unit
) -> None:
    begins = [measured(to_hold(None, ladder, number, unit), unit) for number in loaded(ladder)]
    assert {*begins} <= ({2.0} if unit is Unit.KG else {4.5, 5.0})
