"""What holds for every decision, whatever the history."""

from dataclasses import replace
from itertools import cycle, islice, pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.decision import Action, Decision, Situation, decide
from bot.domain.feedback import Breath, Compensation, Completed, Feedback, Reserve
from bot.domain.rules import ALL_SPEAK
from bot.domain.zones import Zone
from tests.domain.histories import CLEAN, LOADED, POLICY, SILENT, Replies, daily, situation

ADVANCES = {Action.ADVANCE_STEP, Action.ADVANCE_DOSE}

pains = st.integers(0, 10)
gentle_pains = st.integers(0, 4)
doses = st.sampled_from([0.4, 0.6, 0.8, 1.0]) | st.floats(0.4, 1.0)

WORST: dict[str, int] = {
    "pain_during": 10,
    "pain_next_morning": 10,
    "compensation": Compensation.MARKED,
    "breath_holding": Breath.OFTEN,
    "completed": Completed.NO,
    "reserve": Reserve.LITTLE,
}

any_replies = st.fixed_dictionaries(
    {
        "pain_during": st.none() | pains,
        "pain_next_morning": st.none() | pains,
        "compensation": st.none() | st.sampled_from(Compensation),
        "breath_holding": st.none() | st.sampled_from(Breath),
        "completed": st.none() | st.sampled_from(Completed),
        "loaded": st.booleans(),
        "reserve": st.none() | st.sampled_from(Reserve),
        "confirmed": st.booleans(),
    }
)
# Clean but for the pains: chance alone would hardly ever meet a clean session, let alone two.
gentle_replies = st.fixed_dictionaries(
    {
        "pain_during": gentle_pains,
        "pain_next_morning": gentle_pains,
        "compensation": st.just(Compensation.NONE),
        "breath_holding": st.just(Breath.NEVER),
        "completed": st.just(Completed.FULL),
        "loaded": st.booleans(),
        "reserve": st.just(Reserve.ENOUGH),
    }
)
replies: st.SearchStrategy[Replies] = gentle_replies | any_replies | st.just({})


@st.composite
def situations(draw: st.DrawFn, replies: st.SearchStrategy[Replies] = replies) -> Situation:
    """Anyone's past, oldest first, with several sessions on some days."""
    ladder_steps = draw(st.integers(1, 10))
    steps = st.integers(max(1, ladder_steps - 1), ladder_steps) | st.integers(1, ladder_steps)
    step, dose, day = draw(steps), draw(doses), 0
    history = []
    for answers in draw(st.lists(replies, min_size=1, max_size=14)):
        if draw(st.integers(0, 3)) == 0:
            step, dose = draw(steps), draw(doses)
        day += draw(st.sampled_from([1, 1, 1, 1, 0, 2, 3, 8]))
        history.append(Feedback(day=day, step=step, dose_fraction=dose, **answers))
    return situation(
        *history,
        days_later=draw(st.sampled_from([1, 1, 1, 0, 2, 7, 20, 40])),
        baseline_pain=draw(pains),
        ladder_steps=ladder_steps,
        red_flag=draw(st.sampled_from([False] * 9 + [True])),
        gate_open=draw(st.booleans()),
        placement=draw(st.integers(1, 10)),
    )


@st.composite
def worsened(draw: st.DrawFn) -> tuple[Situation, Situation]:
    """A situation, and the same with one reply of the latest session worse; its numbers stand."""
    before = draw(situations())
    *earlier, latest = before.history
    settled = [
        replace(session, confirmed=session.confirmed or session.day == latest.day)
        for session in earlier
    ]
    latest = replace(latest, confirmed=True)
    worsenable = [
        name
        for name, worst in WORST.items()
        if getattr(latest, name) is not None and getattr(latest, name) < worst
    ]
    assume(worsenable)
    name = draw(st.sampled_from(worsenable))
    value, worst = getattr(latest, name), WORST[name]
    worse = draw(st.integers(value + 1, worst))
    return (
        replace(before, history=(*settled, latest)),
        replace(before, history=(*settled, answering(latest, name, worse))),
    )


def answering(session: Feedback, name: str, value: int) -> Feedback:
    """The session with that reply, which is an enum's member where its field asks for one."""
    reply: dict[str, Any] = {name: type(WORST[name])(value)}
    return replace(session, **reply)


@settings(max_examples=100)  # ten thousand more are in test_ten_thousand.py
@given(worsened())
def test_a_worse_reply_to_the_latest_session_never_leads_to_a_bolder_move(
    pair: tuple[Situation, Situation],
) -> None:
    before, worse = map(decide, pair)
    assert worse.action.caution >= before.action.caution


@given(situations(replies=gentle_replies), st.sampled_from(list(WORST)))
def test_the_same_from_a_good_row(view: Situation, name: str) -> None:
    *earlier, latest = (replace(session, confirmed=True) for session in view.history)
    cautions = [
        decide(replace(view, history=(*earlier, answering(latest, name, value)))).action.caution
        for value in range(WORST[name] + 1)
    ]
    assert all(before <= worse for before, worse in pairwise(cautions))


# So that a high number comes after a row that makes it a surprise.
calm_rows: st.SearchStrategy[Situation] = st.builds(
    lambda row: situation(*daily(*({**CLEAN, "pain_during": pain} for pain in row))),
    st.lists(gentle_pains, min_size=5, max_size=8),
)


@settings(max_examples=100)
@given(situations() | calm_rows, pains)
def test_confirming_a_number_is_never_bolder_than_leaving_it_in_doubt(
    view: Situation, pain: int
) -> None:
    doubtful = replace(view.latest, pain_during=pain, confirmed=False)
    left, confirmed = (
        decide(replace(view, history=(*view.sessions[:-1], latest)))
        for latest in (doubtful, replace(doubtful, confirmed=True))
    )
    assert confirmed.action.caution >= left.action.caution


@settings(max_examples=100)
@given(situations())
def test_every_outcome_is_on_the_ladder_and_between_the_doses(view: Situation) -> None:
    decision = decide(view)
    assert 1 <= decision.step <= view.ladder_steps
    assert POLICY.dose.lowest <= decision.dose_fraction <= POLICY.dose.full


@settings(max_examples=100)
@given(situations())
def test_one_thing_changes_at_a_time_and_never_by_more_than_its_move(view: Situation) -> None:
    decision, standing = decide(view), view.standing
    stepped = decision.step - standing.step
    grown = decision.dose_fraction - standing.dose_fraction
    match decision.action:
        case Action.ADVANCE_STEP:
            assert (stepped, decision.dose_fraction) == (1, 0.6)
        case Action.ADVANCE_DOSE:
            assert stepped == 0
            assert 0 < grown <= 0.25  # 0.2, and up to 0.05 to reach a tenth
        case Action.HOLD | Action.PAUSE_AND_REFER:
            assert (stepped, grown) == (0, 0)
        case Action.REDUCE_DOSE:
            assert stepped == 0
            assert -0.25 <= grown <= 0
        case Action.REGRESS_STEP:
            assert stepped == -1
            assert decision.dose_fraction == min(standing.dose_fraction, 0.8)
        case Action.DELOAD_AFTER_GAP:
            assert stepped in (0, -1, -2)
            assert grown <= 0


@settings(max_examples=100)
@given(situations(), st.booleans())
def test_silence_about_the_latest_session_never_advances(view: Situation, wholly: bool) -> None:
    *earlier, latest = view.history
    earlier = [session for session in earlier if session.day < latest.day]
    silence: dict[str, Any] = dict.fromkeys(WORST) if wholly else {"pain_next_morning": None}
    silent = replace(view, history=(*earlier, replace(latest, **silence)))
    assert decide(silent).action not in ADVANCES


@settings(max_examples=100)
@given(situations())
def test_nothing_advances_after_red_or_a_gap_or_with_a_red_flag(view: Situation) -> None:
    red = Zone.RED in (view.during(view.latest), view.morning(view.latest))
    gap = view.today - view.latest.day >= POLICY.gap.short_days
    if red or gap or view.red_flag:
        assert decide(view).action not in ADVANCES


@settings(max_examples=100)
@given(situations())
def test_a_pause_lifts_no_warning(view: Situation) -> None:
    decision = decide(view)
    if decision.action is not Action.DELOAD_AFTER_GAP:
        return
    for rule in ALL_SPEAK:
        if opinion := rule.ask(view):
            assert rule.id in decision.rules[1:]
            assert (
                decision.step <= opinion.outcome.step or opinion.action is not Action.REGRESS_STEP
            )
    assert decision.dose_fraction <= min(view.standing.dose_fraction, POLICY.gap.dose)


@settings(max_examples=100)
@given(situations(), st.randoms())
def test_the_same_past_in_any_order_is_decided_the_same(view: Situation, chance: Random) -> None:
    shuffled = list(view.history)
    chance.shuffle(shuffled)
    assert decide(replace(view, history=tuple(shuffled))) == decide(view)


@settings(max_examples=100)
@given(situations())
def test_a_decision_names_the_rule_that_decided_first_and_each_once(view: Situation) -> None:
    decision = decide(view)
    assert len(decision.rules) == len(decision.reasons) == len(set(decision.rules)) > 0


def months(view: Situation, pattern: list[Replies], days: int) -> list[Decision]:
    """Live by the decisions, a session a day, answering by the pattern."""
    decisions: list[Decision] = []
    for answers in islice(cycle(pattern), days):
        decision = decide(view)
        done: Replies = {**answers, "step": decision.step, "dose_fraction": decision.dose_fraction}
        session = Feedback(day=view.today, **done)
        view = replace(view, history=(*view.history, session), today=view.today + 1)
        decisions.append(decision)
    return decisions


@settings(max_examples=100)
@given(situations(replies=gentle_replies))
def test_silence_about_a_weight_never_advances(view: Situation) -> None:
    *earlier, latest = view.history
    earlier = [session for session in earlier if session.day < latest.day]
    silent = replace(latest, loaded=True, reserve=None)
    assert decide(replace(view, history=(*earlier, silent))).action not in ADVANCES


@pytest.mark.parametrize("ladder_steps", [1, 2, 7, 12])
@pytest.mark.parametrize(
    "pattern",
    [
        [CLEAN],
        [CLEAN, CLEAN, SILENT],
        [CLEAN, {**SILENT, "completed": Completed.NO}, CLEAN],
        [LOADED],
    ],
    ids=["always answered", "every third day silent", "every third day not done", "with a weight"],
)
def test_nobody_is_stuck_clean_days_reach_the_top_and_stay(
    ladder_steps: int, pattern: list[Replies]
) -> None:
    decisions = months(situation(ladder_steps=ladder_steps), pattern, days=15 * ladder_steps + 15)
    places = [(decision.step, decision.dose_fraction) for decision in decisions]
    assert places == sorted(places)
    assert {place[0] for place in places} == set(range(1, ladder_steps + 1))
    assert places[-1] == (ladder_steps, 1.0)


@pytest.mark.parametrize(("ladder_steps", "days"), [(1, 4), (8, 46)])
def test_how_soon_clean_days_reach_the_top(ladder_steps: int, days: int) -> None:
    places = [
        (decision.step, decision.dose_fraction)
        for decision in months(situation(ladder_steps=ladder_steps), [CLEAN], days=120)
    ]
    assert places.index((ladder_steps, 1.0)) == days


def test_someone_who_improves_is_not_held_by_an_old_usual_pain() -> None:
    sore_start = daily(*[{**CLEAN, "pain_during": 5, "pain_next_morning": 6}] * 3)
    view = situation(*sore_start, baseline_pain=6)
    assert months(view, [CLEAN], days=40)[-1].step > view.standing.step
