"""A flare: gentle days, the way back, and the week after which a clinician is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, settings
from hypothesis import given as random
from hypothesis import strategies as st

from bot.domain.course import Course
from bot.domain.decision import Action, Missing, Reason, decide
from bot.domain.exercise import Occasion
from bot.domain.feedback import Compensation, Completed, Reserve
from bot.domain.flare import Flare, Lived, latest_flare
from bot.domain.nearest import MOST_SESSIONS, Change, after_clean_sessions, nearest
from bot.domain.sequence import compose
from bot.domain.session import Asked, Session, practised
from bot.domain.situation import Situation
from bot.domain.standing import Standing
from tests.domain.histories import (
    CLEAN,
    FULL_DOSE,
    POLICY,
    RED,
    VERY_SORE,
    Replies,
    daily,
    situation,
    told,
)
from tests.domain.lives import (
    CLEAN_DAY,
    Answers,
    catalogue,
    course_of,
    day,
    given,
    person,
    session,
)
from tests.domain.test_decision import situations, worsened

NUMBERS = POLICY.flare
GENTLE = ("control", "mobility")
RESTING = ("bridge", "hinge", "carry", "side", "all-fours", "posture")

# A day's session in a flare's eyes.
CALM_DAY = {"practised": True, "clean": True, "flawed": False, "gentle": True}
FLAWED_DAY = {**CALM_DAY, "clean": False, "flawed": True}
OPEN_DAY = {**CALM_DAY, "clean": False}  # what was answered is fine, and something wasn't
SILENT_DAY = {**OPEN_DAY, "practised": False}
FULL_DAY = {**CALM_DAY, "gentle": False}


def flare_after(days: Mapping[int, Mapping[str, bool]], *told: int) -> Flare | None:
    lived = [Lived(day=number, **kind) for number, kind in days.items()]
    return latest_flare(told, lived, NUMBERS.clean_sessions)


@pytest.mark.parametrize(
    ("sentence", "days", "told", "since", "settled_on"),
    [
        ("nothing since", {}, [3], 3, None),
        ("calm days before say nothing", {1: CALM_DAY, 2: CALM_DAY}, [3], 3, None),
        ("one calm day is not enough", {4: CALM_DAY}, [3], 3, None),
        ("two are", {4: CALM_DAY, 5: CALM_DAY}, [3], 3, 5),
        (
            "a flawed one begins the row anew",
            {4: CALM_DAY, 5: FLAWED_DAY, 6: CALM_DAY},
            [3],
            3,
            None,
        ),
        ("a silent one doesn't", {4: CALM_DAY, 5: SILENT_DAY, 6: CALM_DAY}, [3], 3, 6),
        ("one with answers open neither", {4: CALM_DAY, 5: OPEN_DAY, 6: CALM_DAY}, [3], 3, 6),
        ("settled stays settled", {4: CALM_DAY, 5: CALM_DAY, 6: FLAWED_DAY}, [3], 3, 5),
        ("a gentle session on the day counts", {3: CALM_DAY, 4: CALM_DAY}, [3], 3, 4),
        ("what was fuller came before it", {3: FULL_DAY, 4: CALM_DAY}, [3], 3, None),
        ("told again it is the same", {4: CALM_DAY, 5: CALM_DAY}, [3, 3, 4], 3, 5),
        ("told again after it settled it is new", {4: CALM_DAY, 5: CALM_DAY}, [3, 6], 6, None),
        ("the order of telling is no matter", {4: CALM_DAY, 5: CALM_DAY}, [6, 3], 6, None),
    ],
)
def test_how_a_flare_goes(
    sentence: str,
    days: Mapping[int, Mapping[str, bool]],
    told: Sequence[int],
    since: int,
    settled_on: int | None,
) -> None:
    flare = flare_after(days, *told)
    assert flare is not None
    assert (flare.since, flare.settled_on) == (since, settled_on), sentence


def test_where_none_was_told_there_is_none() -> None:
    assert flare_after({1: FLAWED_DAY}) is None


# R19 on one ladder. Histories run from day 1, a session a day; the latest is yesterday's.


def in_flare(*sessions: Replies, **context: Any) -> Situation:
    """Told this morning, unless told otherwise."""
    view = situation(*daily(*sessions), **{k: v for k, v in context.items() if k != "flare"})
    return replace(view, flare=context.get("flare") or Flare(since=view.today))


def low(*sessions: Replies) -> list[Replies]:
    return [{**replies, "dose_fraction": NUMBERS.dose} for replies in sessions]


@pytest.mark.parametrize(
    ("sentence", "view", "expected"),
    [
        ("less of the same", in_flare(FULL_DOSE, FULL_DOSE), ("reduce_dose", 2, 0.4, "R19 flare")),
        ("the least stays", in_flare(*low(CLEAN, CLEAN)), ("hold", 2, 0.4, "R19 flare")),
        (
            "a step that was due waits",
            in_flare(*[FULL_DOSE] * 6),
            ("reduce_dose", 2, 0.4, "R19 flare"),
        ),
        ("before the first session", in_flare(), ("reduce_dose", 1, 0.4, "R19 flare")),
        ("a red day", in_flare(CLEAN, RED), ("reduce_dose", 2, 0.4, "R19 flare")),
        (
            "a warning still takes a step back",
            in_flare(RED, RED),
            ("regress_step", 1, 0.4, "R19 flare"),
        ),
        (
            "a gap too",
            in_flare(CLEAN, days_later=15),
            ("deload_after_gap", 1, 0.4, "R19 flare"),
        ),
        ("R1 pauses", in_flare(CLEAN, red_flag=True), ("pause_and_refer", 2, 0.8, "R1 red_flag")),
        (
            "a week without settling",
            in_flare(CLEAN, RED, flare=Flare(since=-4, flawed=True)),
            ("pause_and_refer", 2, 0.8, "R19 flare_unsettled"),
        ),
        (
            "a day less",
            in_flare(CLEAN, RED, flare=Flare(since=-3, flawed=True)),
            ("reduce_dose", 2, 0.4, "R19 flare"),
        ),
        (
            "a week in which nothing said so",
            in_flare(CLEAN, flare=Flare(since=-5, clean=1)),
            ("reduce_dose", 2, 0.4, "R19 flare_lasts"),
        ),
    ],
)
def test_what_a_flare_does(
    sentence: str, view: Situation, expected: tuple[str, int, float, str]
) -> None:
    assert told(decide(view)) == expected, sentence


SETTLED = Flare(since=3, practised=(3, 4), clean=2, settled_on=4)


@pytest.mark.parametrize(
    ("sentence", "view", "expected"),
    [
        (
            "a ladder that rested",
            in_flare(FULL_DOSE, FULL_DOSE, days_later=3, flare=SETTLED),
            ("reduce_dose", 2, 0.6, "R19 flare_settled"),
        ),
        (
            "never more than before",
            in_flare(*low(CLEAN, CLEAN), days_later=3, flare=SETTLED),
            ("hold", 2, 0.4, "R19 flare_settled"),
        ),
        (
            "one that went on",
            in_flare(FULL_DOSE, FULL_DOSE, *low(CLEAN, CLEAN), flare=SETTLED),
            ("advance_dose", 2, 0.6, "R19 flare_settled"),
        ),
        (
            "one that went on, after sore mornings",  # R15 asks for three then, in a flare or not
            in_flare(
                FULL_DOSE,
                *low(VERY_SORE, VERY_SORE, CLEAN, CLEAN),
                flare=replace(SETTLED, since=2, practised=(2, 3, 4, 5), settled_on=5),
            ),
            ("hold", 2, 0.4, "R19 flare_settled"),
        ),
        (
            "one that went on, and had less before",
            in_flare(*low(CLEAN, CLEAN, CLEAN, CLEAN), flare=SETTLED),
            ("hold", 2, 0.4, "R19 flare_settled"),
        ),
        (
            "a warning from before still stands",
            in_flare(RED, RED, days_later=3, flare=SETTLED),
            ("regress_step", 1, 0.6, "R19 flare_settled"),
        ),
        (
            "the turn after it is ordinary",
            in_flare(FULL_DOSE, FULL_DOSE, FULL_DOSE, FULL_DOSE, CLEAN, flare=SETTLED),
            ("advance_dose", 2, 1.0, "R15 ready_for_more"),
        ),
        (
            "never practised yet",
            in_flare(days_later=5, flare=SETTLED),
            ("hold", 1, 0.6, "R2 first_time"),
        ),
    ],
)
def test_the_way_back_begins_once_on_each_ladder(
    sentence: str, view: Situation, expected: tuple[str, int, float, str]
) -> None:
    assert told(decide(view)) == expected, sentence


@pytest.mark.parametrize(
    ("sentence", "flare", "expected"),
    [
        ("no flare", None, ("deload_after_gap", 1, 0.6, "R5 long_gap")),
        (
            "it rested for eight days of gentle ones",
            Flare(since=4, practised=tuple(range(4, 12)), clean=2, settled_on=11),
            ("hold", 2, 0.6, "R19 flare_settled"),
        ),
        (
            "six of these days were silent",
            Flare(since=4, practised=(10, 11), clean=2, settled_on=11),
            ("deload_after_gap", 2, 0.6, "R19 flare_settled"),
        ),
        (
            "silent all the time",
            Flare(since=12),
            ("deload_after_gap", 1, 0.4, "R19 flare"),
        ),
    ],
)
def test_days_that_a_ladder_rested_for_the_flare_are_no_gap(
    sentence: str, flare: Flare | None, expected: tuple[str, int, float, str]
) -> None:
    entry = {**CLEAN, "dose_fraction": 0.6}
    view = situation(*daily(entry, entry, entry), days_later=14)
    assert told(decide(replace(view, flare=flare))) == expected, sentence


@pytest.mark.parametrize(("clean", "missing"), [(0, "MORE"), (1, "ONE")])
def test_what_is_missing_in_a_flare_is_calm_sessions(clean: int, missing: str) -> None:
    view = in_flare(FULL_DOSE)
    decision = decide(replace(view, flare=Flare(since=view.today, clean=clean)))
    expected = {"MORE": Missing.MORE_CLEAN_SESSIONS, "ONE": Missing.ONE_CLEAN_SESSION}[missing]
    assert decision.missing == (expected,)


# What holds whatever the history.


@st.composite
def flares(draw: st.DrawFn, today: int) -> Flare:
    """Any that could be known on a day."""
    since = today - draw(st.integers(0, 12))
    ago = st.integers(since, max(since, today - 1))
    days = tuple(sorted(draw(st.sets(ago, max_size=5))))
    settled = bool(days) and draw(st.booleans())
    return Flare(
        since=since,
        practised=days,
        clean=2 if settled else draw(st.integers(0, 1)),
        flawed=draw(st.booleans()),
        settled_on=days[-1] if settled else None,
    )


@st.composite
def told_of(draw: st.DrawFn) -> Situation:
    view = draw(situations())
    return replace(view, flare=draw(flares(view.today)))


@settings(max_examples=500)
@random(told_of())
def test_telling_of_a_flare_never_leads_to_a_bolder_move_than_not_telling(view: Situation) -> None:
    """But that days rested for it are no gap, see above."""
    silent, told_of_it = decide(replace(view, flare=None)), decide(view)
    assume(silent.rules[0] != "R5" or view.flare is None or view.flare.settled_on is None)
    assert told_of_it.action.caution >= silent.action.caution
    if told_of_it.action is not Action.PAUSE_AND_REFER:  # where they stood is kept for afterwards
        assert told_of_it.step <= silent.step
        assert told_of_it.dose_fraction <= silent.dose_fraction


@settings(max_examples=250)
@random(told_of())
def test_while_it_runs_nothing_is_more_than_the_least(view: Situation) -> None:
    assert view.flare is not None
    decision = decide(view)
    if view.flare.settled_on is None and decision.action is not Action.PAUSE_AND_REFER:
        assert decision.dose_fraction <= NUMBERS.dose
        assert decision.step <= view.standing.step
        assert decision.rules[0] == "R19"
    assert len(decision.rules) == len(decision.reasons) == len({*decision.rules})


@settings(max_examples=300)
@random(worsened(), st.data())
def test_in_a_flare_too_a_worse_reply_never_leads_to_a_bolder_move(
    pair: tuple[Situation, Situation], data: st.DataObject
) -> None:
    flare = data.draw(flares(pair[0].today))
    before, worse = (decide(replace(view, flare=flare)) for view in pair)
    assert worse.action.caution >= before.action.caution


@settings(max_examples=250)
@random(told_of())
def test_doing_what_the_nearest_change_says_settles_it_and_a_session_less_does_not(
    view: Situation,
) -> None:
    decision = decide(view)
    found = nearest(view, decision)
    if found.change is not Change.FLARE_SETTLES:
        assert decision.reasons[0] is not Reason.FLARE or near_the_end(view)
        return
    assert found.sessions <= MOST_SESSIONS
    lived = [
        decide(after_clean_sessions(view, decision, number)) for number in range(found.sessions + 1)
    ]
    assert lived[-1].reasons[0] is Reason.FLARE_SETTLED
    assert lived[-1].action is found.leads_to
    assert all(decided.reasons[0] is not Reason.FLARE_SETTLED for decided in lived[:-1])


def near_the_end(view: Situation) -> bool:
    """Its week is over before it can settle."""
    assert view.flare is not None
    return view.today + NUMBERS.clean_sessions - view.flare.since >= NUMBERS.days


# Someone on all ladders.

FULL = [given(name, 3, 1.0) for name in catalogue().ladders]
SORE_DAY: Answers = {**CLEAN_DAY, Asked.PAIN: 7}


def weeks(first: int = 0, last: int = 6, answers: Answers = CLEAN_DAY) -> list[Session]:
    return [session(number, *FULL, answers=answers) for number in range(first, last + 1)]


def gentle(number: int, answers: Answers = CLEAN_DAY, *, travel: bool = False) -> Session:
    portions = [given(name, 3, 0.4) for name in GENTLE]
    return session(number, *portions, answers=answers, travel=travel)


def flaring(*sessions: Session, today: int, told: Sequence[int] = (7,), **more: Any) -> Course:
    course = course_of(person(), *sessions, today=today, **more)
    return replace(course, flares=tuple(day(number) for number in told))


def reasons(course: Course) -> set[Reason]:
    return {decision.reasons[0] for decision in course.decisions.values()}


def test_in_a_flare_only_the_gentle_ladders_go_on_and_the_day_is_short() -> None:
    course = flaring(*weeks(), today=7)
    assert course.standings == dict.fromkeys(GENTLE, Standing(3, 0.4))
    assert course.minutes == NUMBERS.minutes
    sequence = compose(
        course.person,
        course.standings,
        catalogue().ladders,
        catalogue().set_for(Occasion.FLARE),
        course.day.toordinal(),
        course.minutes,
        practised=practised(course.sessions),
    )
    assert {portion.ladder for portion in sequence.portions} == {*GENTLE}
    assert sequence.seconds <= NUMBERS.minutes * 60


def test_a_flare_told_later_is_not_known_on_an_earlier_day() -> None:
    assert flaring(*weeks(), today=6).flare is None


def test_two_calm_days_bring_every_ladder_back_at_its_own_step() -> None:
    course = flaring(*weeks(), gentle(7), gentle(8), today=9)
    assert not course.in_flare
    assert course.minutes == course.person.minutes
    assert course.standings == dict.fromkeys(catalogue().ladders, Standing(3, 0.6))
    assert reasons(course) == {Reason.FLARE_SETTLED}


@pytest.mark.parametrize(
    ("sentence", "second"),
    [
        ("red", gentle(8, SORE_DAY)),
        ("a sore morning", gentle(8, {**CLEAN_DAY, Asked.MORNING: 4})),
        ("other muscles", gentle(8, {**CLEAN_DAY, Asked.COMPENSATION: Compensation.SOME})),
        ("partly", gentle(8, {**CLEAN_DAY, Asked.COMPLETED: Completed.PARTIAL})),
        ("no morning yet", gentle(8, {k: v for k, v in CLEAN_DAY.items() if k != Asked.MORNING})),
        ("not done", gentle(8, {Asked.COMPLETED: Completed.NO})),
        ("silence", gentle(8, {})),
        ("a set on the way", gentle(8, travel=True)),
    ],
)
def test_what_does_not_settle_it(sentence: str, second: Session) -> None:
    course = flaring(*weeks(), gentle(7), second, today=9)
    assert course.in_flare, sentence
    assert not flaring(*weeks(), gentle(7), gentle(8), today=9).in_flare


def test_what_is_said_of_a_weight_is_not_said_of_a_flare() -> None:
    """Neither that little was left, nor nothing at all."""
    weight = given("control", 3, 0.4, loaded=True)
    unheard: Answers = {
        kind: value for kind, value in CLEAN_DAY.items() if kind is not Asked.RESERVE
    }
    heard: Answers = {**unheard, Asked.RESERVE: Reserve.LITTLE}
    for answers in (unheard, heard):
        days = [session(number, weight, answers=answers) for number in (7, 8)]
        assert not flaring(*weeks(), *days, today=9).in_flare


def test_what_was_practised_before_it_was_told_on_that_day_is_no_part_of_it() -> None:
    course = flaring(*weeks(last=7), gentle(8), today=9)
    assert course.flare is not None
    assert course.flare.practised == (day(8).toordinal(),)
    assert course.in_flare


def test_a_calmer_usual_does_not_wake_a_flare_that_has_settled() -> None:
    """A morning of 4 is green while R is 3, and would not be once R is lower."""
    usual = {**CLEAN_DAY, Asked.MORNING: 3}
    eased = [gentle(number, {**CLEAN_DAY, Asked.MORNING: 4}) for number in (7, 8)]
    calm = {**CLEAN_DAY, Asked.PAIN: 0, Asked.MORNING: 0}
    later = [session(number, *FULL, answers=calm) for number in range(9, 30)]
    course = flaring(*weeks(answers=usual), *eased, *later, today=30)
    assert course.situations["bridge"].reference_pain == 0
    assert course.flare is not None
    assert course.flare.settled_on == day(8).toordinal()


@pytest.mark.parametrize(("today", "referred"), [(13, False), (14, True), (20, True)])
def test_a_week_that_did_not_settle_it_asks_for_a_clinician_on_every_ladder(
    today: int, referred: bool
) -> None:
    sore = [gentle(number, SORE_DAY) for number in range(7, 12)]
    course = flaring(*weeks(), *sore, today=today)
    actions = {decision.action for decision in course.decisions.values()}
    assert (actions == {Action.PAUSE_AND_REFER}) is referred
    assert (reasons(course) == {Reason.FLARE_UNSETTLED}) is referred


def test_a_silent_week_refers_nobody_and_stays_gentle() -> None:
    course = flaring(*weeks(), today=20)
    assert reasons(course) == {Reason.FLARE_LASTS}
    assert course.standings.keys() == {*GENTLE}
    assert all(standing.dose_fraction == 0.4 for standing in course.standings.values())


def test_once_a_clinician_has_seen_them_sessions_from_before_settle_nothing() -> None:
    course = flaring(*weeks(), gentle(7), today=10, told=(8,), fresh_since=8)
    assert course.flare is not None
    assert course.flare.practised == ()


def test_two_flares_in_a_row_each_have_their_way_back() -> None:
    first = [*weeks(), gentle(7), gentle(8)]
    back = [session(9, *[given(name, 3, 0.6) for name in ("control", "bridge")], answers=SORE_DAY)]
    again = flaring(*first, *back, today=10, told=(7, 10))
    assert again.in_flare
    assert again.standings["control"].dose_fraction == 0.4
    settled = flaring(*first, *back, gentle(10), gentle(11), today=12, told=(7, 10))
    assert settled.standings["bridge"] <= Standing(3, 0.6)
    assert settled.standings["hinge"] == Standing(3, 0.6)  # it never came back from the first


def lived(kinds: Sequence[Answers], *, told: bool, worse: Mapping[int, Answers]) -> Course:
    """Gentle days after the flare, some of them answered worse."""
    days = [gentle(7 + number, worse.get(number, kind)) for number, kind in enumerate(kinds)]
    return flaring(*weeks(), *days, today=7 + len(kinds), told=(7,) if told else ())


@settings(max_examples=80)
@random(
    st.lists(st.sampled_from([CLEAN_DAY, SORE_DAY, {}]), min_size=1, max_size=6),
    st.data(),
)
def test_on_no_ladder_does_a_worse_day_in_a_flare_lead_to_a_bolder_move(
    kinds: list[Answers], data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(kinds) - 1))
    assume(kinds[number] == CLEAN_DAY)
    pain = data.draw(st.integers(3, 10))
    before = lived(kinds, told=True, worse={}).decisions
    worse = lived(kinds, told=True, worse={number: {**CLEAN_DAY, Asked.PAIN: pain}}).decisions
    for name in before:
        if name in RESTING or number == len(kinds) - 1:
            assert worse[name].action.caution >= before[name].action.caution, name
