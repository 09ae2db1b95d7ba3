"""Playing a sequence: every set of every side once, no second more or less, and always an end."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dose import ENTRY, FLARE, Dose
from bot.domain.exercise import Caution, Occasion, Place
from bot.domain.feedback import Completed
from bot.domain.person import Life
from bot.domain.player import (
    START,
    Kind,
    Moment,
    Position,
    Script,
    Side,
    bells,
    beyond,
    chapter_of,
    completed,
    easier,
    enter,
    following,
    go,
    inside,
    preceding,
    script,
    settled,
    stage_at,
)
from bot.domain.sequence import Sequence, compose, recall
from bot.domain.session import Asked, Given, Session
from bot.domain.standing import Standing
from tests.domain.lives import catalogue, day, person

NOW = dt.datetime(2026, 11, 23, 6, 0, tzinfo=dt.UTC)
STEPS = [
    (ladder.id, number)
    for ladder in catalogue().ladders.values()
    for number in range(1, ladder.top + 1)
]
FRACTIONS = (FLARE, ENTRY, 0.8, 1.0)


def seconds(number: float) -> dt.timedelta:
    return dt.timedelta(seconds=number)


def sequence(life: Life, minutes: int, step: int, fraction: float, number: int) -> Sequence:
    """A day's, with all ladders on this step and dose."""
    ladders = catalogue().ladders
    standings = {
        name: Standing(min(step, ladder.top), fraction) for name, ladder in ladders.items()
    }
    morning = catalogue().set_for(Occasion.MORNING)
    return compose(person(life, minutes), standings, ladders, morning, number, minutes)


sequences = st.builds(
    sequence,
    st.sampled_from(Life),
    st.sampled_from([10, 15, 20]),
    st.integers(1, 8),
    st.sampled_from(FRACTIONS),
    st.integers(0, 6),
)


@pytest.mark.parametrize(("ladder", "step"), STEPS)
@pytest.mark.parametrize("fraction", FRACTIONS)
def test_every_set_of_every_side_comes_once_and_the_seconds_are_the_doses_own(
    ladder: str, step: int, fraction: float
) -> None:
    dose = catalogue().ladders[ladder].step(step).dose.at(fraction)
    stages = [*chapter_of(dose)]
    work = [stage for stage in stages if stage.kind is Kind.WORK]
    sides = (Side.LEFT, Side.RIGHT) if dose.per_side else (None,)
    wanted = [(n, side) for n in range(1, len(dose.sets) + 1) for side in sides]
    assert [(stage.set, stage.side) for stage in work] == wanted
    assert [s.dose.sets for s in work if s.dose] == [(times,) for times in dose.sets for _ in sides]
    assert sum(stage.seconds for stage in stages) == dose.seconds
    assert [stage.kind for stage in stages].count(Kind.RATE) == 1
    assert stages[-1].kind is Kind.RATE
    assert {stage.waits for stage in work} == {dose.hold is not None}


def test_a_rest_comes_after_both_sides_and_never_at_the_end() -> None:
    dose = Dose(sets=(6, 4), hold=10, per_side=True, rest=20)
    kinds = [(stage.kind.value, stage.side, stage.seconds) for stage in chapter_of(dose)]
    assert kinds == [
        *(("work", Side.LEFT, 75), ("work", Side.RIGHT, 75), ("rest", None, 20)),
        *(("work", Side.LEFT, 49), ("work", Side.RIGHT, 49), ("rate", None, 0)),
    ]


@given(sequences)
def test_tapping_on_comes_to_every_stage_once_and_to_an_end(today: Sequence) -> None:
    played = script(today)
    at: Position | None = START
    seen = []
    while at is not None:
        seen.append(at)
        at = following(played, at)
    assert seen == [Position(c, s) for c, stages in enumerate(played) for s in range(len(stages))]
    total = sum(stage_at(played, one).seconds for one in seen)
    assert total == today.opening.dose.seconds + sum(p.dose.seconds for p in today.portions)


@given(sequences, st.lists(st.floats(0, 400), min_size=400, max_size=400))
def test_whatever_the_pauses_between_taps_no_set_is_passed_without_one(
    today: Sequence, pauses: list[float]
) -> None:
    """Time alone leads through rests and to the end of what was begun; the next set waits."""
    played, now, moment = script(today), NOW, Moment(START)
    worked = []
    for pause in pauses:
        now += seconds(pause)
        moment = settled(played, moment, now)
        stage = stage_at(played, moment.at)
        if stage.kind is Kind.WORK and moment.until is None:
            worked.append(moment.at)
        if stage.waits and moment.until is None:
            moment = go(played, moment.at, now)
        elif (after := following(played, moment.at)) is not None:
            moment = enter(played, after, now)
        else:
            break
    else:
        pytest.fail("it never came to an end")
    wanted = [
        Position(c, s)
        for c, stages in enumerate(played)
        for s, stage in enumerate(stages)
        if stage.kind is Kind.WORK
    ]
    assert worked == wanted


def held() -> Script:
    """An opening, and one exercise held on two sides with a rest between its two sets."""
    [opening] = script(sequence(Life.SITTING, 10, 1, 1.0, 0))[0]
    dose = Dose(sets=(1, 1), hold=30, per_side=True, rest=20)
    return ((opening,), tuple(chapter_of(dose)))


def test_a_hold_waits_for_its_go_and_then_leads_to_the_other_side_which_waits_again() -> None:
    played = held()
    left, right = Position(1, 0), Position(1, 1)
    assert settled(played, Moment(left), NOW + seconds(999)) == Moment(left)
    moment = go(played, left, NOW)
    assert moment.until == NOW + seconds(30)
    assert settled(played, moment, NOW + seconds(29.9)) == moment
    assert settled(played, moment, NOW + seconds(30)) == Moment(right)
    assert settled(played, moment, NOW + seconds(9999)) == Moment(right)


def test_after_a_hold_the_rest_begins_by_itself_and_both_ring() -> None:
    played = held()
    right, rest, again = Position(1, 1), Position(1, 2), Position(1, 3)
    moment = go(played, right, NOW)
    assert settled(played, moment, NOW + seconds(31)) == Moment(rest, NOW + seconds(50))
    assert settled(played, moment, NOW + seconds(50)) == Moment(again)
    assert [*bells(played, moment)] == [
        (right, NOW + seconds(30)),
        (rest, NOW + seconds(50)),
    ]
    assert [*bells(played, Moment(again))] == []


@given(sequences)
def test_going_back_undoes_going_on_past_the_rests(today: Sequence) -> None:
    played = script(today)
    assert preceding(played, START) == START
    at: Position | None = following(played, START)
    before = START
    while at is not None:
        assert preceding(played, at) == before
        if stage_at(played, at).kind is not Kind.REST:
            before = at
        at = following(played, at)


def test_skipping_leads_to_the_next_exercise_and_after_the_last_to_the_end() -> None:
    played = held()
    assert beyond(played, START) == Position(1, 0)
    assert beyond(played, Position(1, 2)) is None


def test_where_another_exercise_has_fewer_stages_its_chapter_begins_anew() -> None:
    played, later = held(), NOW + seconds(5)
    assert inside(played, Moment(Position(1, 2), later)) == Moment(Position(1, 2), later)
    assert inside(played, Moment(Position(1, 9), later)) == Moment(Position(1, 0))
    assert inside(played, Moment(Position(7, 0), later)) == Moment(Position(1, 0))


# The session behind it.


def session(*given: tuple[str, int], place: Place = Place.FLOOR, minutes: int = 20) -> Session:
    return Session(
        id=1,
        person_id=1,
        day=day(0),
        travel=False,
        minutes=minutes,
        place=place,
        set_id=None,
        given=tuple(
            Given(ladder=name, step=step, shown_step=step, dose_fraction=1.0, shown_dose=1.0)
            for name, step in given
        ),
        answers={},
    )


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        ((Completed.FULL, Completed.FULL), Completed.FULL),
        ((Completed.FULL, Completed.NO), Completed.PARTIAL),
        ((Completed.NO, Completed.NO), Completed.NO),
        ((Completed.FULL, None), Completed.PARTIAL),
        ((Completed.NO, None), Completed.PARTIAL),
    ],
)
def test_the_whole_is_what_its_exercises_were(
    said: tuple[Completed | None, ...], whole: Completed
) -> None:
    named = zip(("bridge", "side"), said, strict=True)
    about = {name: {Asked.COMPLETED: one} for name, one in named if one is not None}
    assert completed(replace(session(("bridge", 2), ("side", 2)), about=about)) is whole


def offered(one: Session, ladder: str, cautions: frozenset[Caution] = frozenset()) -> list[int]:
    someone = replace(person(), cautions=cautions)
    morning = catalogue().set_for(Occasion.MORNING)
    today = recall(someone, one.shown, catalogue().ladders, morning, one.minutes)
    every = easier(someone, catalogue().ladders, one, morning, today, ladder)
    return [portion.step for portion in every]


def test_easier_are_the_nearest_steps_below_and_on_the_first_there_is_none() -> None:
    assert offered(session(("side", 6)), "side") == [5, 4, 3]
    assert offered(session(("side", 2)), "side") == [1]
    assert offered(session(("side", 1)), "side") == []


def test_easier_is_reckoned_from_the_given_step_whatever_took_its_place() -> None:
    swapped = replace(session(("side", 6)), about={"side": {Asked.EASIER: 2}})
    assert [given.shown_step for given in swapped.shown] == [4]
    assert offered(swapped, "side") == [5, 4, 3]


@pytest.mark.parametrize(
    ("about", "asked"),
    [
        ({}, True),
        ({Asked.EASIER: 0}, True),
        ({Asked.EASIER: 2}, False),
        ({Asked.COMPLETED: Completed.NO}, False),
        ({Asked.COMPLETED: Completed.PARTIAL}, True),
    ],
)
def test_a_weight_that_was_left_out_or_swapped_is_asked_about_no_more(
    about: dict[Asked, int], asked: bool
) -> None:
    one = session(("hinge", 8))
    given = tuple(replace(portion, loaded=True) for portion in one.given)
    played = replace(one, given=given, about={"hinge": about})
    assert (Asked.RESERVE in played.afterwards) is asked


def test_who_goes_back_to_the_given_exercise_has_practised_it() -> None:
    swapped, back = (
        replace(session(("side", 6)), about={"side": {Asked.EASIER: lower}}) for lower in (2, 0)
    )
    feedbacks = [one.feedback("side") for one in (swapped, back)]
    assert [(told.step, told.stood_in) for told in feedbacks if told] == [(6, True), (6, False)]


@given(
    st.sampled_from(STEPS),
    st.sampled_from(Place),
    st.frozensets(st.sampled_from(Caution), max_size=2),
)
def test_easier_suits_the_place_the_person_and_the_minutes(
    step: tuple[str, int], place: Place, cautions: frozenset[Caution]
) -> None:
    ladder = catalogue().ladders[step[0]]
    one = session(step, place=place)
    chosen = offered(one, step[0], cautions)
    assert len(chosen) <= 3
    assert chosen == sorted(chosen, reverse=True)
    for number in chosen:
        exercise = ladder.step(number).exercise
        assert number < step[1]
        assert place in exercise.places
        assert not any(s.instead for c, s in exercise.cautions.items() if c in cautions)
        assert not ladder.step(number).loaded


def test_what_would_not_fit_into_the_minutes_is_not_offered() -> None:
    roomy, tight = session(("side", 6)), session(("side", 6), minutes=2)
    assert offered(roomy, "side")
    assert offered(tight, "side") == []
