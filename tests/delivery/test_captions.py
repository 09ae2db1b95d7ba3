"""What stands below a picture fits there, in every language and whatever there is to tell."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from bot.catalogue.tongues import languages
from bot.catalogue.words import Words
from bot.delivery.cards import why_card
from bot.delivery.letter import CAPTION, Letter
from bot.delivery.progress_card import days_card, minutes_card, progress_card, week_card
from bot.delivery.review_card import review_card
from bot.delivery.why_picture import with_why
from bot.domain.behind import TURNS, Sign, Turn, Went
from bot.domain.consistency import Band
from bot.domain.decision import Action, Decision, Reason
from bot.domain.person import Life
from bot.domain.progress import Kept, Progress, Stood
from bot.domain.review import Compared, Moved, Review, Shift
from bot.domain.rhythm import EVERY_DAY
from bot.localchat.markup import read_html, utf16_length
from bot.practice.progress import Told
from bot.practice.retrospect import Retrospection
from tests.domain.lives import catalogue
from tests.test_words_complete import plan as plan_of

CONTENT = Path(__file__).parents[2] / "content"
DAY = dt.date(2026, 11, 25)  # a Wednesday, with its long name in many languages

LADDERS = catalogue().ladders
NAMES = {slug: ladder.name for slug, ladder in LADDERS.items()}
SEEN = Progress(
    day=DAY,
    began=DAY - dt.timedelta(weeks=52),
    since=DAY - dt.timedelta(weeks=12),
    usual_pain=10,
    waking={DAY: 10},
    during={DAY: 10},
    ladders=tuple(
        Stood(ladder=slug, top=one.top, reached=((DAY, 1), (DAY, one.top)))
        for slug, one in LADDERS.items()
    ),
    days={DAY - dt.timedelta(days=n): Kept.DONE for n in range(28)},
    consistency=0.9,
    band=Band.NEARLY_ALL,
    week=7,
    marks={DAY: 52},
)


def decided(action: Action, reason: Reason) -> Decision:
    return Decision(
        action=action,
        step=2,
        dose_fraction=1.0,
        rules=("R8",),
        reasons=(reason,),
        missing=(),
        rest_hours=48,
        policy="",
    )


def longest(words: Words) -> list[Decision]:
    """The reasons that take most words."""
    every = (
        decided(action, reason)
        for action, reason in product(Action, Reason)
        if action is not Action.PAUSE_AND_REFER  # a plan that rests is not looked back on
    )

    def length(decision: Decision) -> int:
        percent, hours = 100, decision.rest_hours
        said = words.say(
            f"why.{decision.reasons[0]}", action=str(decision.action), percent=percent, hours=hours
        )
        return len(said)

    return sorted(every, key=length)


def tellings(words: Words) -> Iterator[Told]:
    *_, second, first = longest(words)
    told = Told(
        progress=SEEN,
        moved={slug: (first, second)[n % 2] for n, slug in enumerate(LADDERS)},
        stays=None,
        names=NAMES,
        minutes=15,
        weekdays=EVERY_DAY,
        fewer=5,
        session_id=1,
        reviewed=True,
    )
    yield told
    yield replace(told, fewer=None)
    yield replace(told, moved={}, stays=first)


def reviews() -> Iterator[Retrospection]:
    for pain, activity, asks in product(Shift, Shift, (True, False)):
        yield Retrospection(
            review=Review(
                weeks=52,
                sessions=360,
                moved=tuple(Moved(ladder=slug, first=1, latest=8) for slug in LADDERS),
                pain=Compared(then=10, now=10, shift=pain),
                activity=Compared(then=10, now=10, shift=activity),
                suggests_clinician=True,
            ),
            names=NAMES,
            asks=asks,
            told=Told(
                progress=SEEN,
                moved={},
                stays=None,
                names=NAMES,
                minutes=15,
                weekdays=EVERY_DAY,
                fewer=None,
                session_id=1,
                reviewed=True,
            ),
        )


def letters(words: Words) -> Iterator[Letter]:
    for told in tellings(words):
        yield progress_card(words, told)
        yield week_card(words, told)
        yield minutes_card(words, told, 20)
        for days in (0, 5, 7):
            yield days_card(words, told, EVERY_DAY if days == 7 else EVERY_DAY - {6}, days)
    for review in reviews():
        yield review_card(words, review)


@pytest.mark.parametrize("language", languages(CONTENT))
def test_every_caption_fits_below_its_picture(language: str) -> None:
    words = Words(CONTENT / "words" / language)
    lengths = {utf16_length(read_html(one.text)[0]): one.text for one in letters(words)}
    assert max(lengths) <= CAPTION, lengths[max(lengths)]


@pytest.mark.parametrize("language", languages(CONTENT))
@pytest.mark.parametrize("ladders", [1, 3, 6, 8])
async def test_what_led_to_a_day_fits_below_its_picture_or_is_told_without_one(
    language: str, ladders: int
) -> None:
    words = Words(CONTENT / "words" / language)
    chosen = [*LADDERS][:ladders]
    reasons = dict(zip(chosen, reversed(longest(words)), strict=False))
    plan = replace(plan_of(language, Life.MIXED, 20, 0), decisions=reasons, nearest={})
    turn = Turn(day=DAY, step=8, went=Went.MUCH, sign=Sign.MUSCLES)
    behind = dict.fromkeys(chosen, (turn,) * TURNS)
    before = why_card(words, plan)
    letter = await with_why(before, words, plan, behind)
    if letter.picture is None:
        assert letter == before
        assert ladders > 3
    else:
        assert utf16_length(read_html(letter.text)[0]) <= CAPTION
