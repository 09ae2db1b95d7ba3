"""The screens of the enrolment: the open question, with its buttons. Which one it is, the profile says."""

from collections.abc import Callable, Iterable, Mapping

from bot.catalogue.places import Town
from bot.catalogue.words import Words
from bot.chat.context import TURN
from bot.delivery.letter import Button, Letter, Rows, in_rows
from bot.delivery.safety_cards import locked_card, safety_card
from bot.delivery.taps import Forget, Mine, Tap, Tell, Tick, Today, Wish
from bot.domain.profile import Profile, Question
from bot.practice.desk import Desk
from bot.practice.enrolment import MINUTES, NONE, NOTHING, NRS, TICKS, YES

TIMES = ("06:00", "06:30", "07:00", "07:30", "08:00", "09:00", "12:30", "18:00", "20:00")


def next_screen(desk: Desk, words: Words, profile: Profile) -> Letter:
    """Where someone is: locked, at a question, or enrolled."""
    if profile.screening.lock:
        # Whatever is answered, it is answered now: the turn has the time.
        call = desk.emergency.within(profile.whereabouts(TURN.get().now))
        return locked_card(words, profile.screening.lock, call)
    match profile.question:
        case None:
            assert profile.ritual_at is not None  # else it would be the question
            return Letter(
                words.say("enrol.welcome_back", ritual_at=profile.ritual_at),
                ((Button(words.label("enrol.show_today"), Today(), style="primary"),),),
            )
        case Question.SAFETY:
            return safety_card(words, profile.screening, desk.enrolment.clearance)
        case Question.TOWN:
            return Letter(words.say("enrol.town"))
        case question:
            return Letter(words.say(f"enrol.{question}"), _ROWS[question](words))


def ticked_screen(words: Words, question: Question, ticked: frozenset[str]) -> Letter:
    """A question with several answers. A button carries the ticks that it leads to: none has to be kept."""
    return Letter(words.say(f"enrol.{question}"), _ticks(question)(words, ticked))


def towns_screen(words: Words, towns: Iterable[Town]) -> Letter:
    """What a typed town may mean."""
    choices = (
        Button(words.label("enrol.town_choice", town=town), Tell(Question.TOWN, town.zone))
        for town in towns
    )
    return Letter(words.say("enrol.towns"), in_rows(choices, 1))


def forget_screen(words: Words) -> Letter:
    """Asked once more, before everything goes."""
    rows = (
        (Button(words.label("talk.forget_yes"), Forget(1), style="danger"),),
        (Button(words.label("talk.forget_no"), Forget(0)),),
    )
    return Letter(words.say("talk.forget"), rows)


def meant(desk: Desk, words: Words, profile: Profile, text: str) -> Tap | None:
    """The button whose label someone typed, if they typed one. Who types one of several, has said it all."""
    buttons = (button for row in next_screen(desk, words, profile).rows for button in row)
    typed = text.strip().casefold()
    tap = next((button.tap for button in buttons if button.label.casefold() == typed), None)
    return Tell(tap.question, tap.ticked) if isinstance(tap, Tick) else tap


def _told(name: str, question: Question, *values: str) -> Callable[[Words], Rows]:
    """A button for each value, one below the other."""

    def rows(words: Words) -> Rows:
        return in_rows(
            (
                Button(words.label(f"enrol.{name}_{value}"), Tell(question, value))
                for value in values
            ),
            1,
        )

    return rows


def _consent(words: Words) -> Rows:
    look = Button(words.label("record.look"), Mine(Wish.PRIVACY))
    return (*_told("consent", Question.CONSENT, YES, "no")(words), (look,))


def _scale(question: Question) -> Rows:
    return in_rows((Button(number, Tell(question, number)) for number in NRS), 6)


def _pain(_words: Words) -> Rows:
    return _scale(Question.PAIN)


def _ticks(question: Question) -> Callable[..., Rows]:
    """A button for each thing that can be ticked, and one to say that this is all."""

    def rows(words: Words, ticked: frozenset[str] = frozenset()) -> Rows:
        things = (
            Button(
                words.label(f"enrol.{question}_{thing}", ticked=thing in ticked),
                Tick(question, _list(ticked ^ {thing})),
            )
            for thing in TICKS[question]
        )
        last = words.label("enrol.all" if ticked else f"enrol.{question}_none")
        done = Button(last, Tell(question, _list(ticked) or NONE))
        return in_rows((*things, done), 1)

    return rows


def _list(things: Iterable[str]) -> str:
    return ",".join(sorted(things))


def _activity(words: Words) -> Rows:
    nothing = Button(words.label("enrol.activity_nothing"), Tell(Question.ACTIVITY, NOTHING))
    return (*_scale(Question.ACTIVITY), (nothing,))


def _times(words: Words) -> Rows:
    return in_rows((Button(time, Tell(Question.TIME, time)) for time in TIMES), 3)


def _minutes(words: Words) -> Rows:
    choices = (
        Button(words.label("enrol.minutes_choice", minutes=m), Tell(Question.MINUTES, m))
        for m in MINUTES
    )
    return in_rows(choices, 3)


_ROWS: Mapping[Question, Callable[[Words], Rows]] = {
    Question.CONSENT: _consent,
    Question.DIRECTION: _ticks(Question.DIRECTION),
    Question.LIFE: _told("life", Question.LIFE, "sitting", "standing", "mixed"),
    Question.PAIN: _pain,
    Question.EQUIPMENT: _ticks(Question.EQUIPMENT),
    Question.ACTIVITY: _activity,
    Question.TIME: _times,
    Question.MINUTES: _minutes,
}
