"""Poster, card and clip: real words, the same bytes, and nothing that somebody types can spoil them."""

import sys
from itertools import pairwise, product
from xml.etree import ElementTree

import numpy as np
import pytest

from bot.domain.dose import Dose
from bot.domain.look import Build, Look, Taste, Theme, Tone
from bot.localchat.media import receive, sniff
from bot.pictures.card import Shown, day_card, day_card_svg
from bot.pictures.clip import Film, NoEncoder, clip, decoded, encoded
from bot.pictures.contact import contact_sheet
from bot.pictures.poster import pose_svg, poster, poster_svg
from bot.pictures.tempo import seconds_of, stretches
from tests.pictures.bodies import catalogue, drawn, figure_of

NAME, DOSE = "Single-leg bridge", "2 x 8 per side"
TYPED = [
    "<b>&amp; Tom & Jerry</b>",
    "]]> <!-- # \\ $ * _ `",
    "\"quoted\" 'so'",
    "🙂 ﷽ ü ñ ß",
    "\\n#let x",
]
LOOKS = [Look(theme, tone, build) for theme, tone, build in product(Theme, Tone, Build)]
REPEATED = Dose(sets=(12,), tempo=(2, 1, 3))


@pytest.mark.parametrize("exercise", ["single-leg-bridge", "small-pelvic-tilt", "stair-step-down"])
def test_a_poster_is_a_picture_that_telegram_takes_and_the_same_each_time(exercise: str) -> None:
    first = poster(figure_of(exercise), Look(), NAME, DOSE)
    assert poster(figure_of(exercise), Look(), NAME, DOSE) == first
    _, width, _ = sniff(first)
    assert width == 1080
    receive("photo", "poster.png", first, (0, 0), 0)  # else it refuses


def test_words_are_really_on_poster_and_card() -> None:
    """Without its letters a picture would come out all the same."""
    figure = drawn()
    assert poster(figure, Look(), NAME, "") != poster(figure, Look(), "", "")
    assert poster(figure, Look(), "", DOSE) != poster(figure, Look(), "", "")
    bare = [Shown(figure, Look(), "", "")]
    for shown, title in (
        ([Shown(figure, Look(), NAME, "")], ""),
        ([Shown(figure, Look(), "", DOSE)], ""),
        (bare, "Morning"),
    ):
        assert day_card(shown, Theme.PAPER, title) != day_card(bare, Theme.PAPER, "")


@pytest.mark.parametrize("typed", TYPED)
def test_whatever_is_typed_stays_words(typed: str) -> None:
    figure = drawn()
    for svg in (
        poster_svg(figure, Look(), typed, typed),
        day_card_svg([Shown(figure, Look(), typed, typed)], Theme.NIGHT, typed),
    ):
        said = [one.text or "" for one in ElementTree.fromstring(svg).iter() if one.text]
        assert sum(typed in one for one in said) >= 3  # the letters, and what is read aloud


def test_a_picture_tells_who_cant_see_it_what_it_shows() -> None:
    told = ElementTree.fromstring(
        day_card_svg([Shown(drawn(), Look(), NAME, DOSE)], Theme.PAPER, "Day")
    )
    texts = {one.tag.rpartition("}")[2]: one.text for one in told if one.text}
    assert texts["title"] == "Day"
    assert texts["desc"] == f"{NAME}: {DOSE}"


def test_every_look_is_another_picture() -> None:
    assert len({pose_svg(drawn(), look) for look in LOOKS}) == len(LOOKS) == 16


def test_who_chooses_nothing_sees_all_kinds_of_people() -> None:
    looks = [Taste().look(exercise) for exercise in catalogue().exercises]
    assert {look.tone for look in looks} == {*Tone}
    assert {look.build for look in looks} == {*Build}
    assert {look.theme for look in looks} == {Theme.PAPER}
    chosen = Taste(Theme.NIGHT, Tone.DEEP, Build.BROAD)
    assert chosen.look("anything") == Look(Theme.NIGHT, Tone.DEEP, Build.BROAD)


def test_a_sheet_of_a_ladder_shows_it_whole() -> None:
    steps = catalogue().ladders["bridge"].steps[:2]
    shown = [Shown(figure_of(one.exercise.id), Look(), one.exercise.name, DOSE) for one in steps]
    one, two = (sniff(contact_sheet(shown[:count], "Bridge")) for count in (1, 2))
    assert two[1] == one[1]
    assert two[2] > one[2]


# Tempo.


def test_a_clip_takes_the_seconds_that_are_prescribed() -> None:
    timed = stretches(figure_of("full-bridge"), REPEATED)
    assert [one.seconds for one in timed] == [2, 1, 3]
    assert timed[0].start == timed[-1].end


def test_each_side_has_the_whole_time() -> None:
    timed = stretches(figure_of("bridge-heel-lift"), Dose(sets=(8,), tempo=(4,), per_side=True))
    assert seconds_of(timed) == 8


def test_a_phase_of_no_time_is_left_out() -> None:
    timed = stretches(figure_of("dumbbell-hinge"), Dose(sets=(10,), tempo=(3, 0, 2)))
    assert [one.seconds for one in timed] == [3, 2]


def test_a_hold_with_breaths_has_as_many_as_it_takes() -> None:
    """Ten seconds of hold are two breaths of five, and as many more as there is time."""
    short, long = (
        stretches(figure_of("bridge-holds"), Dose(sets=(5,), hold=hold)) for hold in (5, 10)
    )
    assert seconds_of(long) - seconds_of(short) == pytest.approx(5)


# Clips.


def test_a_clip_shows_the_frames_that_were_drawn() -> None:
    film = Film(drawn(), Look(), Dose(sets=(1,), tempo=(1, 1)))
    frames = list(film.frames())
    shown = decoded(encoded(iter(frames), film.size))
    assert [at for at, _ in shown] == [at for at, _ in frames]
    for (_, was), (_, shows) in zip(frames, shown, strict=True):
        assert was.shape == shows.shape
        assert np.abs(was.astype(int) - shows.astype(int)).mean() < 2.5
    moved = np.abs(frames[0][1].astype(int) - frames[len(frames) // 2][1].astype(int))
    assert moved.mean() > 1  # else the comparison would say nothing


def test_a_clip_goes_round_without_a_jump() -> None:
    frames = [
        dots.astype(int) for _, dots in Film(figure_of("full-bridge"), Look(), REPEATED).frames()
    ]
    above = slice(0, -40)  # without the bar, which begins anew
    apart = [np.abs(b[above] - a[above]).mean() for a, b in pairwise(frames)]
    assert np.abs(frames[0][above] - frames[-1][above]).mean() <= max(apart)


@pytest.mark.parametrize("exercise", ["one-hand-carry", "full-bridge"])
def test_a_clip_is_small_and_silent_and_telegram_takes_it(exercise: str) -> None:
    film = clip(figure_of(exercise), Look(Theme.NIGHT), REPEATED)
    assert len(film) < 150_000
    assert b"soun" not in film  # the handler of a track of sound
    assert film.index(b"moov") < film.index(b"mdat")  # it starts to play before all of it is there


def test_without_the_extra_there_are_posters_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(NoEncoder):
        clip(drawn(), Look(), REPEATED)
    assert poster(drawn(), Look(), NAME, DOSE)
