"""The player's card: one stage at a time, its buttons, and the bell that ends it.

Above the words of each stage the exercise moves (`player_card`); whoever goes without reads how it goes.
"""

from collections.abc import Sequence

from bot.catalogue.words import Words
from bot.delivery import weight_card
from bot.delivery.illustrations import picture_of_day, picture_of_work
from bot.delivery.letter import Button, Letter, Picture, Rows, in_rows
from bot.delivery.safety_cards import worry
from bot.delivery.taps import Ease, Grade, Move, Play, Sore
from bot.domain.feedback import Compensation
from bot.domain.player import START, Kind, Stage
from bot.domain.sequence import Portion
from bot.practice.plan import Plan
from bot.practice.player import Playing

NRS = range(11)


def begin(words: Words, plan: Plan) -> Button:
    """The first button of a ritual card."""
    return Button(
        words.label("player.start"), Play(plan.session.id, *START, Move.BEGIN), style="primary"
    )


def player_card(words: Words, playing: Playing) -> Letter:
    """Where somebody is."""
    match playing.stage.kind, playing.portion:
        case Kind.OPENING, _:
            said = _opening(words, playing)
        case _, None:
            raise TypeError(playing.stage)  # only the opening belongs to no exercise
        case Kind.WORK, portion:
            said = f"{_title(words, playing)}\n{_work(words, playing, portion)}"
        case Kind.REST, _:
            rest = words.say(
                "player.rest", stage=playing.stage, after=playing.after, ends=playing.ends
            )
            said = f"{_title(words, playing)}\n\n{rest}"
        case Kind.RATE, _:
            said = f"{_title(words, playing)}\n\n{_rate(words, playing)}"
    rows = (_main(words, playing), *_beside(words, playing))
    return Letter(said, rows, session=playing.session.id, picture=_picture(words, playing))


def _picture(words: Words, playing: Playing) -> Picture | None:
    """The exercise as it moves; before the first one, all of them."""
    if playing.portion is None:
        return picture_of_day(words, playing.plan)
    return picture_of_work(words, playing.portion, playing.plan.taste)


def choices_card(words: Words, playing: Playing, choices: Sequence[Portion]) -> Letter:
    """Which exercise instead?"""
    given, now = _steps(playing)
    others = [portion for portion in choices if portion.step != now]
    rows = in_rows((_instead(words, playing, given, portion) for portion in others), 1)
    if now != given:
        rows = (*rows, (Button(words.label("player.as_given"), Ease(*_here(playing), 0)),))
    said = words.say("player.choose", choices=others) if others else words.say("player.none_easier")
    last = (
        _play(words, playing, "leave_out", Move.SKIP),
        _play(words, playing, "back_to_it", Move.SHOW),
    )
    return _card(words, playing, said, (*rows, last))


def hurt_card(words: Words, playing: Playing) -> Letter:
    """How much?"""
    numbers = (Button(str(n), Sore(*_here(playing), n)) for n in NRS)
    rows = in_rows(numbers, 6)
    back = _play(words, playing, "back_to_it", Move.SHOW)
    said = words.say("player.ask_hurts")
    return _card(words, playing, said, (*rows, (back,)))


def after_hurt_card(
    words: Words, playing: Playing, value: int, choices: Sequence[Portion]
) -> Letter:
    """The ways on from there, the gentlest first."""
    given, now = _steps(playing)
    lower = [portion for portion in choices if portion.step < now]
    rows: Rows = (
        *((_instead(words, playing, given, nearest),) for nearest in lower[:1]),
        (
            _play(words, playing, "leave_out", Move.SKIP),
            _play(words, playing, "stop", Move.STOP),
        ),
        (
            _play(words, playing, "gentle", Move.GENTLE),
            _play(words, playing, "back_to_it", Move.SHOW),
        ),
    )
    said = words.say("player.after_hurt", value=value)
    return _card(words, playing, said, rows)


def bell_card(words: Words, playing: Playing, ended: Stage) -> Letter:
    """One short sentence, with sound, and the button that goes on from there."""
    said = words.say("player.rung", ended=ended, after=playing.stage)
    if playing.stage.kind is Kind.RATE:
        said = f"{said} {_rate(words, playing)}"
    if ended.kind is Kind.OPENING:
        return Letter(said, ((_play(words, playing, "on", Move.SHOW, primary=True),),))
    return Letter(said, (_main(words, playing),))


def _card(words: Words, playing: Playing, said: str, rows: Rows) -> Letter:
    """A question beside the way; the button for a worry is on each."""
    text = f"{_title(words, playing)}\n\n{said}"
    return Letter(text, (*rows, (worry(words),)), session=playing.session.id)


def _opening(words: Words, playing: Playing) -> str:
    return words.say(
        "player.opening",
        name=playing.plan.set.name,
        exercise=playing.plan.sequence.opening.exercise,
        stage=playing.stage,
        ends=playing.ends,
    )


def _title(words: Words, playing: Playing) -> str:
    assert playing.portion is not None  # the opening has a title of its own
    return words.say(
        "player.title",
        number=playing.at.chapter,
        of=len(playing.script) - 1,
        label=playing.portion.exercise.name,
    )


def _work(words: Words, playing: Playing, portion: Portion) -> str:
    weight = playing.plan.weight
    held = weight is not None and portion.loaded and weight.ladder == portion.ladder
    dose = words.say(
        "player.work",
        stage=playing.stage,
        phases=portion.exercise.phases,
        weight=weight_card.told(words, weight) if weight and held else None,
        ends=playing.ends,
    )
    how = words.say(
        "player.how",
        exercise=portion.exercise,
        swap=portion.swap,
        first=playing.at.stage == 0 and playing.ends is None,
        waits=playing.stage.waits,
    )
    return f"{dose}\n\n{how}"


def _rate(words: Words, playing: Playing) -> str:
    assert playing.portion is not None  # the opening is not rated
    return words.say("player.rate", signs=playing.portion.exercise.signs)


def _main(words: Words, playing: Playing) -> tuple[Button, ...]:
    """What leads on from a stage."""
    stage, running = playing.stage, playing.ends is not None
    match stage.kind:
        case Kind.RATE:
            return tuple(
                Button(words.label(f"player.grade_{one.value}"), Grade(*_here(playing), one.value))
                for one in Compensation
            )
        case _ if stage.waits and not running:
            return (_play(words, playing, "go", Move.GO, primary=True),)
        case Kind.WORK:
            return (_play(words, playing, "set_done", Move.ON, primary=True),)
    return (_play(words, playing, "next", Move.ON, primary=True),)


def _beside(words: Words, playing: Playing) -> Rows:
    """Ways back and out; no exercise is swapped or left out once it is done, and no breath hurts."""
    back = _play(words, playing, "back", Move.BACK)
    skip = _play(words, playing, "skip", Move.SKIP)
    if playing.stage.kind is Kind.OPENING:
        return ((skip,), (worry(words),))
    away = (skip, _play(words, playing, "swap", Move.SWAP))
    hurts = _play(words, playing, "hurts", Move.HURT)
    rating = playing.stage.kind is Kind.RATE
    return ((back,) if rating else (back, *away), (hurts, worry(words)))


def _steps(playing: Playing) -> tuple[int, int]:
    """The one that was given, and the one that is done."""
    assert playing.given is not None  # no opening is swapped, and none hurts
    assert playing.portion is not None  # the same
    return playing.given.shown_step, playing.portion.step


def _instead(words: Words, playing: Playing, given: int, portion: Portion) -> Button:
    name, lower = portion.exercise.name, given - portion.step
    return Button(words.label("player.easier", label=name), Ease(*_here(playing), lower))


def _play(
    words: Words, playing: Playing, label: str, move: Move, *, primary: bool = False
) -> Button:
    tap = Play(*_here(playing), move)
    return Button(words.label(f"player.{label}"), tap, style="primary" if primary else None)


def _here(playing: Playing) -> tuple[int, int, int]:
    return (playing.session.id, *playing.at)
