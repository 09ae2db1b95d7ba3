"""Getting to know someone: what is kept, what is refused, and when the first ritual is planned."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from bot.domain.exercise import OWNED, Caution
from bot.domain.person import Life
from bot.domain.profile import Question
from bot.domain.refusal import AlreadyTold, NotAnAnswer, NotEnrolled, TownUnknown
from bot.domain.rhythm import EVERY_DAY
from bot.domain.safety import ASKED, CLEARED, SEEN, Tier
from bot.practice.desk import Desk
from bot.practice.enrolment import NONE, owned, wall_time
from bot.storage import rituals
from bot.storage.tables import DeliveryRow
from tests.builders import ADA, enrolled

NOW = dt.datetime(2026, 11, 23, 6, 30, tzinfo=dt.UTC)  # Monday, 07:30 in Zurich
E, U, C = Tier.EMERGENCY, Tier.URGENT, Tier.CLEARANCE


@pytest.mark.parametrize(
    ("question", "value", "kept"),
    [
        (Question.CONSENT, "yes", {"consented": True}),
        (Question.DIRECTION, "FX", {"aggravated_by": {Caution.FLEXION}}),
        (Question.DIRECTION, "ex", {"aggravated_by": {Caution.EXTENSION}}),
        (Question.DIRECTION, "none", {"aggravated_by": set()}),
        (Question.LIFE, "standing", {"life": Life.STANDING}),
        (Question.LIFE, " Mixed ", {"life": Life.MIXED}),
        (Question.PAIN, "0", {"usual_pain": 0}),
        (Question.PAIN, " 10 ", {"usual_pain": 10}),
        (Question.ACTIVITY, "5", {"activity_told": True}),
        (Question.ACTIVITY, "nothing in particular", {"activity_told": True}),
        (Question.EQUIPMENT, "dumbbells", {"equipment": {"dumbbells"}}),
        (Question.EQUIPMENT, "dumbbells,stair", {"equipment": {"dumbbells", "stair"}}),
        (Question.EQUIPMENT, "none", {"equipment": set()}),
        (Question.TOWN, "America/New_York", {"zone": "America/New_York"}),
        (Question.TIME, "6 pm", {"ritual_at": dt.time(18, 0)}),
        (Question.MINUTES, "20", {"minutes": 20}),
    ],
)
async def test_an_answer_is_kept_at_once(
    desk: Desk, question: Question, value: str, kept: dict[str, Any]
) -> None:
    await enrolled(desk, NOW, upto=question)
    told = await desk.enrolment.tell(ADA, question, value, NOW)
    profile = await desk.enrolment.profile(ADA)
    assert told == profile
    assert {name: getattr(profile, name) for name in kept} == kept
    assert profile.question is not question


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (Question.CONSENT, "no"),
        (Question.CONSENT, ""),
        (Question.DIRECTION, "OP"),  # a caution, but not one that is asked about here
        (Question.LIFE, "lying"),
        (Question.PAIN, "11"),
        (Question.PAIN, "-1"),
        (Question.PAIN, "2.5"),
        (Question.PAIN, "²"),
        (Question.ACTIVITY, "11"),
        (Question.ACTIVITY, "none"),  # that answers the question before it
        (Question.ACTIVITY, "nothing"),
        (Question.EQUIPMENT, "dumbbells,throne"),
        (Question.EQUIPMENT, "nothing in particular"),  # that answers the question after it
        (Question.EQUIPMENT, "3"),
        (Question.EQUIPMENT, ""),
        (Question.TOWN, "Zürich"),  # a town is looked up first, its zone is the answer
        (Question.TOWN, "../../etc/passwd"),
        (Question.TOWN, "UTC+2"),
        (Question.TOWN, ""),
        (Question.TOWN, "Europe"),
        (Question.TOWN, "a\0b"),
        (Question.TIME, "25:00"),
        (Question.MINUTES, "12"),
        (Question.MINUTES, "1000000000000000000000"),
    ],
)
async def test_what_is_no_answer_is_refused_in_its_own_words(
    desk: Desk, question: Question, value: str
) -> None:
    before = await enrolled(desk, NOW, upto=question)
    with pytest.raises(NotAnAnswer) as refused:
        await desk.enrolment.tell(ADA, question, value, NOW)
    assert refused.value.values == {"question": question, "text": value}
    assert await desk.enrolment.profile(ADA) == before


async def test_a_whole_novel_is_not_said_back(desk: Desk) -> None:
    await enrolled(desk, NOW, upto=Question.PAIN)
    with pytest.raises(NotAnAnswer) as refused:
        await desk.enrolment.tell(ADA, Question.PAIN, "x" * 4000, NOW)
    assert len(refused.value.text) == 60


@pytest.mark.parametrize("upto", [*Question, None])
async def test_only_the_open_question_is_answered(desk: Desk, upto: Question | None) -> None:
    """Old buttons of an earlier question change nothing; who starts over forgets first."""
    before = await enrolled(desk, NOW, upto=upto)
    for question in Question:
        if question is upto:
            continue
        with pytest.raises(AlreadyTold):
            await desk.enrolment.tell(ADA, question, "yes", NOW)
    assert await desk.enrolment.profile(ADA) == before


async def test_who_never_pressed_start_is_not_known(desk: Desk) -> None:
    with pytest.raises(NotEnrolled):
        await desk.enrolment.profile(ADA)
    with pytest.raises(NotEnrolled):
        await desk.enrolment.tell(ADA, Question.CONSENT, "yes", NOW)


async def test_start_again_goes_on_where_it_was(desk: Desk) -> None:
    before = await enrolled(desk, NOW, upto=Question.PAIN)
    assert await desk.enrolment.begin(ADA, "en", NOW) == before


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7", "07:00"),
        ("07", "07:00"),
        ("7:15", "07:15"),
        ("07.15", "07:15"),
        ("7h15", "07:15"),
        ("7h", None),
        ("0715", "07:15"),
        ("715", "07:15"),
        (" 7:15 ", "07:15"),
        ("7 am", "07:00"),
        ("7AM", "07:00"),
        ("6 pm", "18:00"),
        ("6:30pm", "18:30"),
        ("12 am", "00:00"),
        ("12 pm", "12:00"),
        ("12:30 am", "00:30"),
        ("0:00", "00:00"),
        ("23:59", "23:59"),
        ("24:00", None),
        ("25:00", None),
        ("7:60", None),
        ("13 pm", None),
        ("0 am", None),
        ("-7", None),
        ("7:5", None),
        ("seven", None),
        ("", None),
        ("7:15:00", None),
    ],
)
def test_a_time_as_people_type_it(typed: str, meant: str | None) -> None:
    if meant is None:
        with pytest.raises(ValueError):  # noqa: PT011 - nobody reads its words
            wall_time(typed)
    else:
        assert wall_time(typed).isoformat("minutes") == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Dumbbells", {"dumbbells"}),
        ("a dumbbell", {"dumbbells"}),
        ("a pair of light dumbbells", {"dumbbells"}),
        ("Stairs.", {"stair"}),
        ("a sturdy step", {"stair"}),
        ("dumbbells and a stair", {"dumbbells", "stair"}),
        ("stair, dumbbells", {"dumbbells", "stair"}),
        ("dumbbells & stairs", {"dumbbells", "stair"}),
        ("Nothing", set()),
        ("no", set()),
        (" NONE ", set()),
        ("no dumbbells", None),
        ("dumbbells and", None),
        ("dumbbells and a band", None),  # nobody asks about a band
        ("not a stair", None),
        ("yes", None),
        ("and", None),
        ("", None),
    ],
)
def test_what_people_own_as_they_type_it(typed: str, meant: set[str] | None) -> None:
    if meant is None:
        with pytest.raises(ValueError):  # noqa: PT011 - nobody reads its words
            owned(typed)
    else:
        assert owned(typed) == meant


@given(st.sets(st.sampled_from([*OWNED])))
def test_whatever_can_be_ticked_is_understood(things: set[str]) -> None:
    assert owned(",".join(sorted(things)) or NONE) == things


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_time_or_refused(typed: str) -> None:
    try:
        assert wall_time(typed).tzinfo is None
    except ValueError:
        return


@given(
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from((":", ".", "h", "")),
)
def test_every_time_can_be_typed(at: dt.time, between: str) -> None:
    assert wall_time(f"{at.hour:02}{between}{at.minute:02}") == at


async def test_the_last_answer_plans_the_first_ritual_and_only_that(desk: Desk) -> None:
    await enrolled(desk, NOW, upto=Question.MINUTES)
    assert await deliveries(desk) == []
    await desk.enrolment.tell(ADA, Question.MINUTES, "10", NOW)
    [planned] = await deliveries(desk)
    # At 07:30 today's 07:00 is over.
    assert planned.due_at == dt.datetime(2026, 11, 24, 6, 0, tzinfo=dt.UTC)
    assert planned.local_date == dt.date(2026, 11, 24)


async def test_a_ritual_later_today_comes_today(desk: Desk) -> None:
    early = NOW - dt.timedelta(hours=1)
    await enrolled(desk, early)
    [planned] = await deliveries(desk)
    assert planned.due_at == dt.datetime(2026, 11, 23, 6, 0, tzinfo=dt.UTC)


async def deliveries(desk: Desk) -> list[DeliveryRow]:
    async with desk.enrolment.database.look() as work:
        return [*(await work.exec(select(DeliveryRow)))]


# The safety screen.


async def test_the_tiers_are_asked_one_after_the_other(desk: Desk) -> None:
    profile = await enrolled(desk, NOW, upto=Question.SAFETY)
    for tier in ASKED:
        assert profile.screening.question is tier
        profile = await desk.enrolment.screen(ADA, tier, False, NOW)
    assert profile.question is Question.DIRECTION


@pytest.mark.parametrize("item", [U, C, SEEN, CLEARED, "C:heart", "nonsense", "R"])
async def test_what_is_not_asked_now_is_not_answered(desk: Desk, item: str) -> None:
    await enrolled(desk, NOW, upto=Question.SAFETY)
    with pytest.raises(AlreadyTold):
        await desk.enrolment.screen(ADA, item, False, NOW)


@pytest.mark.parametrize("tier", [E, U])
async def test_a_yes_is_always_taken_and_an_old_no_opens_nothing(desk: Desk, tier: Tier) -> None:
    await enrolled(desk, NOW)
    locked = await desk.enrolment.screen(ADA, tier, True, NOW)
    assert locked.screening.lock is tier
    for item in (E, U, C, CLEARED):
        with pytest.raises(AlreadyTold):
            await desk.enrolment.screen(ADA, item, False, NOW)
    with pytest.raises(AlreadyTold):
        await desk.enrolment.screen(ADA, CLEARED, True, NOW)
    assert (await desk.enrolment.profile(ADA)).screening.lock is tier


async def test_being_seen_opens_the_plan_and_is_remembered(desk: Desk) -> None:
    await enrolled(desk, NOW)
    await desk.enrolment.screen(ADA, E, True, NOW)
    seen = await desk.enrolment.screen(ADA, SEEN, True, NOW + dt.timedelta(days=2))
    assert (seen.screening.lock, seen.question) == (None, None)
    assert seen.seen_at == NOW + dt.timedelta(days=2)


async def test_clearance_items_bring_their_cautions_and_wait_for_a_clinician(desk: Desk) -> None:
    await enrolled(desk, NOW, upto=Question.SAFETY)
    for tier in (E, U):
        await desk.enrolment.screen(ADA, tier, False, NOW)
    for item, yes in (("C:heart", True), ("C:falls", True), ("C:falls", False)):
        profile = await desk.enrolment.screen(ADA, item, yes, NOW)
    assert profile.question is Question.SAFETY
    locked = await desk.enrolment.screen(ADA, C, True, NOW)
    assert locked.screening.lock is C
    cleared = await desk.enrolment.screen(ADA, CLEARED, True, NOW)
    assert cleared.screening.lock is None
    assert desk.enrolment.cautions(cleared) == {Caution.PRESSURE}


async def test_a_worry_asks_the_first_two_tiers_again_and_keeps_the_rest(desk: Desk) -> None:
    before = await enrolled(desk, NOW)
    worried = await desk.enrolment.ask_safety_again(ADA, NOW)
    assert worried.screening.question is E
    for tier in (E, U):
        worried = await desk.enrolment.screen(ADA, tier, False, NOW)
    assert worried.screening.question is None
    assert worried.question is None
    assert worried.ritual_at == before.ritual_at


async def test_a_worry_lifts_no_lock(desk: Desk) -> None:
    await enrolled(desk, NOW)
    await desk.enrolment.screen(ADA, U, True, NOW)
    assert (await desk.enrolment.ask_safety_again(ADA, NOW)).screening.lock is U


# Where someone is.


def test_a_town_is_offered_and_one_that_nobody_knows_is_said(desk: Desk) -> None:
    assert desk.enrolment.towns("Zürich")[0].zone == "Europe/Zurich"
    with pytest.raises(TownUnknown) as refused:
        desk.enrolment.towns("  Qqqqqqqqqqq " + "x" * 90)
    assert refused.value.text.startswith("Qqqqqqqqqqq")
    assert len(refused.value.text) == 60


def test_a_place_has_a_zone_or_is_said_in_degrees(desk: Desk) -> None:
    assert desk.enrolment.zone_at(47.37, 8.54) == "Europe/Zurich"
    with pytest.raises(TownUnknown) as refused:
        desk.enrolment.zone_at(95.0, 8.5)
    assert refused.value.text == "95.00, 8.50"


# Leaving.


async def test_forgetting_is_whole_and_may_be_asked_twice(desk: Desk) -> None:
    await enrolled(desk, NOW)
    for _ in range(2):
        await desk.enrolment.forget(ADA)
        with pytest.raises(NotEnrolled):
            await desk.enrolment.profile(ADA)
    assert await deliveries(desk) == []
    assert (await desk.enrolment.begin(ADA, "en", NOW)).question is Question.CONSENT


async def test_who_blocked_the_bot_is_set_aside_and_welcomed_back_with_everything(
    desk: Desk,
) -> None:
    before = await enrolled(desk, NOW)
    await desk.enrolment.set_aside(ADA, NOW)
    assert (await desk.enrolment.profile(ADA)).blocked
    assert await desk.enrolment.begin(ADA, "en", NOW) == before


async def test_one_ritual_a_person(desk: Desk) -> None:
    profile = await enrolled(desk, NOW)
    async with desk.enrolment.database.look() as work:
        [ritual] = await rituals.of_person(work, profile.id)
    assert (ritual.wall_time, ritual.weekdays) == (dt.time(7), EVERY_DAY)
