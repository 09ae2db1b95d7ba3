"""What was given over another day's ladders, numbered by today's: a step is known by its exercise.

A portion keeps the exercises of its ladder as they were on its day, up to the step of that day. It stands
today wherever its own exercise stands. Where that is no step any more, it stands on the nearest one below it,
as of that day, that still is. Where none is left, it stands below the ladder: its answers count, as those of
something that stood in, and the way begins anew on the first step, at no more than the entry dose. So no
change of a ladder leads to an exercise that was not at or below the one given: what is new, and what was
above, is reached by answers only. A weight goes with its own exercise, or not at all. (Inference, on the side
of caution.)

What was kept before exercises were has only its number, and keeps it as far as the ladder reaches. A ladder
that is no more has no numbers, and says nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.exercise import Ladder
from bot.domain.placement import Tried
from bot.domain.session import BELOW, Given, Held, Session

Steps = Mapping[str, tuple[str, ...]]  # by ladder, the exercises of its steps


def steps_of(ladders: Mapping[str, Ladder]) -> Steps:
    """The ladders as far as numbers go."""
    return {name: ladder.exercises for name, ladder in ladders.items()}


def renumbered(session: Session, steps: Steps) -> Session:
    """The same session over these steps."""
    given = tuple(moved for one in session.given if (moved := _given(one, steps)))
    held = {name: one for name, one in session.held.items() if _stands(one, steps.get(name, ()))}
    held = {name: _held(one, steps[name]) for name, one in held.items()}
    gone = {one.ladder for one in session.given if not _is_shown(one, steps)}
    if not gone and (given, held) == (session.given, session.held):
        return session
    return replace(session, given=given, held=held, gone=session.gone | gone)


def retried(tried: Sequence[Tried], steps: Steps) -> tuple[Tried, ...]:
    """What was tried, over these steps; what is gone was not tried."""
    return tuple(
        replace(one, step=_number(one.exercise, one.step, steps[one.ladder]))
        for one in tried
        if _stands(one, steps.get(one.ladder, ()))
    )


def has_moved(tried: Tried, steps: Steps) -> bool:
    """The ladder changed at or under a try: its next number may be further up than the answer goes."""
    return retried([tried], steps) != (tried,)


def _given(given: Given, steps: Steps) -> Given | None:
    today = steps.get(given.ladder, ())
    if not today:
        return None
    if given.exercises is None:
        return _within(given, len(today))
    if given.exercises == today[: len(given.exercises)]:
        return given
    step = _nearest(given.exercises[: given.step], today)
    shown_step = _nearest(given.exercises[: given.shown_step], today)
    return replace(
        given,
        step=step,
        shown_step=shown_step,
        grams=given.grams if _is_shown(given, steps) else None,
        exercises=today[: max(step, shown_step)],
    )


def _within(given: Given, top: int) -> Given:
    if given.step <= top:
        return given
    grams = given.grams if given.shown_step <= top else None
    return replace(given, step=top, shown_step=min(given.shown_step, top), grams=grams)


def _nearest(then: Sequence[str], today: Sequence[str]) -> int:
    """Where the last of these stands, or else the one before it, and so on."""
    return next((today.index(one) + 1 for one in reversed(then) if one in today), BELOW)


def _is_shown(given: Given, steps: Steps) -> bool:
    """What was practised can still be looked up."""
    today = steps.get(given.ladder, ())
    if given.exercises is None:
        return given.shown_step <= len(today)
    return given.shown_step != BELOW and given.exercises[given.shown_step - 1] in today


def _stands(one: Held | Tried, today: Sequence[str]) -> bool:
    return one.step <= len(today) if one.exercise is None else one.exercise in today


def _held(held: Held, today: Sequence[str]) -> Held:
    return replace(held, step=_number(held.exercise, held.step, today))


def _number(exercise: str | None, kept: int, today: Sequence[str]) -> int:
    return kept if exercise is None else today.index(exercise) + 1
