"""What led to a decision, drawn: a shape for each way that a turn went, and real words."""

import datetime as dt
from dataclasses import replace
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import pytest

from bot.domain.behind import TURNS, Sign, Turn, Went
from bot.domain.look import Theme
from bot.localchat.media import receive, sniff
from bot.pictures import paper
from bot.pictures.why import WIDTH, Labels, Row, why_picture, why_svg

DAY = dt.date(2026, 11, 23)
LABELS = Labels(
    title="What led here",
    about="Bridge: calm.",
    before="The last turns",
    next="Now",
    none="no turn yet",
    went={went: went.value for went in Went},
    signs={sign: sign.value for sign in Sign},
    days={DAY: "23/11"},
)


def row(*went: Went, sign: Sign | None = None, rises: int = 1, name: str = "Bridge") -> Row:
    lived = [Turn(day=DAY, step=2, went=one, sign=sign) for one in went]
    return Row(name=name, turns=lived, next="step 3, 60 %", rises=rises)


EVERY = [row(*Went), row(), row(*[Went.MUCH] * TURNS, sign=Sign.MUSCLES, rises=-1)]


@pytest.mark.parametrize("theme", Theme)
def test_it_is_a_picture_that_telegram_takes_with_everything_on_it(theme: Theme) -> None:
    picture = why_picture(EVERY, LABELS, theme)
    _, width, height = sniff(picture)
    assert (width, height < 1.3 * WIDTH) == (WIDTH, True)
    receive("photo", "why.png", picture, (0, 0), 0)  # else it refuses
    for node in ElementTree.fromstring(why_svg(EVERY, LABELS, theme)):
        for name, most in (("x", WIDTH), ("cx", WIDTH), ("y", height), ("cy", height)):
            assert 0 <= float(node.attrib.get(name, 0)) <= most, node.attrib


def test_the_words_are_really_there_and_told_beside_it() -> None:
    drawn = why_picture(EVERY, LABELS)
    for name in ("title", "before", "next", "none"):
        other: dict[str, Any] = {name: "other"}
        assert why_picture(EVERY, replace(LABELS, **other)) != drawn, name
    assert why_picture([*EVERY[:2], replace(EVERY[2], name="other")], LABELS) != drawn
    title, about, *_ = ElementTree.fromstring(why_svg(EVERY, LABELS))
    assert (title.text, about.text) == (LABELS.title, LABELS.about)


def test_each_way_and_each_direction_has_a_shape_of_its_own_even_in_grey() -> None:
    def colourless(one: Row) -> list[tuple[str, frozenset[str]]]:
        plain = {"fill", "stroke"}
        return [
            (node.tag, frozenset(f"{k}={v}" for k, v in node.attrib.items() if k not in plain))
            for node in ElementTree.fromstring(why_svg([one], LABELS))
            if not node.tag.endswith("text")
        ]

    ways = [row(went) for went in Went]
    directions = [row(Went.CALM, rises=rises) for rises in (-1, 0, 1)]
    for one, other in [*combinations(ways, 2), *combinations(directions, 2)]:
        assert colourless(one) != colourless(other), (one, other)


def test_a_name_is_text_and_never_a_tag() -> None:
    odd = 'Tom & <b>"Ann"</b> </svg> 😀'
    root = ElementTree.fromstring(why_svg([row(Went.CALM, name=odd)], LABELS))
    assert odd in [node.text for node in root]
    assert paper.png(why_svg([row(Went.CALM, name=odd)], LABELS))
