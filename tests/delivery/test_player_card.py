"""The player's card on a phone: every stage of every exercise is read at a glance, and leads on."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.delivery.letter import Letter
from bot.delivery.player_card import (
    after_hurt_card,
    bell_card,
    choices_card,
    hurt_card,
    player_card,
)
from bot.delivery.taps import Tap, Worry
from bot.domain.exercise import BOTHERS, Caution
from bot.domain.player import Kind, Moment, Position, following, script
from bot.domain.sequence import Portion, recall
from bot.domain.session import Given, Session
from bot.localchat.markup import read_html, utf16_length
from bot.practice.desk import Desk
from bot.practice.plan import Plan
from bot.practice.player import Playing
from tests import builders
from tests.builders import ADA, words
from tests.practice.someone import Someone, at

GLANCE = 600  # UTF-16 units of a card
WIDE = 40  # of a button that has its row for itself; an exercise's name is the longest
NARROW = 25  # of one beside others


@pytest.fixture
async def playing(tmp_path: Path) -> Playing:
    """Somebody at the beginning of a session, for a test to take elsewhere."""
    async with builders.database(tmp_path) as database:
        desk: Desk = builders.desk(database)
        await builders.enrolled(desk, at(0))
        plan = await Someone(desk).today(at(0))
        profile = await desk.enrolment.profile(ADA)
        begun = await desk.player.begin(profile, plan, 7, update_id=1, now=at(0))
    assert begun is not None
    return begun


def with_step(playing: Playing, ladder: str, step: int, cautions: frozenset[Caution]) -> Playing:
    """A session of this one exercise, whole."""
    given = Given(ladder=ladder, step=step, shown_step=step, dose_fraction=1.0, shown_dose=1.0)
    session: Session = replace(playing.session, given=(given,))
    person = replace(playing.profile.person(frozenset()), cautions=cautions)
    ladders = builders.catalogue().ladders
    sequence = recall(person, session.shown, ladders, playing.plan.set, 20)
    plan: Plan = replace(playing.plan, session=session, sequence=sequence)
    return replace(playing, plan=plan, script=script(sequence))


def everywhere(playing: Playing) -> list[Playing]:
    """At each of its stages, with and without a timer."""
    places = [
        Position(chapter, stage)
        for chapter, stages in enumerate(playing.script)
        for stage in range(len(stages))
    ]
    return [
        replace(playing, moment=Moment(place, until)) for place in places for until in (None, at(0))
    ]


def length(letter: Letter) -> int:
    return utf16_length(read_html(letter.text)[0])


def taps(letter: Letter) -> list[Tap]:
    return [button.tap for row in letter.rows for button in row]


def check(letter: Letter) -> None:
    assert length(letter) <= GLANCE
    assert letter.rows
    for row in letter.rows:
        assert len(row) <= 6
        for button in row:
            assert button.tap.encode()  # at most 64 bytes
            assert len(button.label) <= (NARROW if len(row) > 1 else WIDE + len("Easier: "))


STEPS = [
    (ladder.id, number)
    for ladder in builders.catalogue().ladders.values()
    for number in range(1, ladder.top + 1)
]


@pytest.mark.parametrize("cautions", [frozenset[Caution](), BOTHERS], ids=["none", "all"])
async def test_every_stage_of_every_exercise_is_read_at_a_glance(
    playing: Playing, cautions: frozenset[Caution]
) -> None:
    for ladder, step in STEPS:
        for one in everywhere(with_step(playing, ladder, step, cautions)):
            card = player_card(words(), one)
            check(card)
            assert Worry() in taps(card)
            assert len(card.rows) <= 3
            if one.portion is None:
                continue
            easier = lower(one)
            for letter in (
                choices_card(words(), one, easier),
                hurt_card(words(), one),
                after_hurt_card(words(), one, 10, easier),
            ):
                check(letter)
                assert Worry() in taps(letter)


async def test_every_bell_is_short_and_has_one_row_that_leads_on(playing: Playing) -> None:
    for ladder, step in STEPS:
        every = with_step(playing, ladder, step, frozenset())
        for one in everywhere(every):
            after = following(one.script, one.at)
            rings = one.stage.waits or one.stage.kind is Kind.REST
            if after is not None and rings:
                bell = bell_card(words(), replace(one, moment=Moment(after)), one.stage)
                check(bell)
                assert len(bell.rows) == 1
                assert not bell.silent


def lower(playing: Playing) -> list[Portion]:
    """The longest that may be offered: three exercises with their doses."""
    assert playing.portion is not None
    ladder = builders.catalogue().ladders[playing.portion.ladder]
    numbers = range(playing.portion.step - 1, max(0, playing.portion.step - 4), -1)
    return [
        replace(
            playing.portion,
            step=number,
            exercise=ladder.step(number).exercise,
            dose=ladder.step(number).dose,
        )
        for number in numbers
    ]
