"""What others do: the arms that our rule table is compared with, all limited to the same moves.

A verdict says of the latest session whether it was good (1), bad (-1), or says nothing (0); so many good
ones in a row at the same load move up, so many bad ones move down. Silence is never good.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from bot.patients import model
from bot.patients.model import Flags, Whole
from bot.patients.moves import Look, Move, Standings, landing, moved, soon
from bot.patients.priors import Floats
from bot.patients.view import SILENT, Choice, Hidden, Replies, Setting, View

Verdict = Callable[[Replies, Floats], Whole]  # of a session, given usual pain as told at sign-up

COMFORTABLE, TOO_MUCH = 2, 5  # pain: up to, and above; the zones of the pain-monitoring model
MOVES_A_STEP = 3  # 0.6, 0.8, 1.0: a calendar spreads them evenly over its weeks
BEST, TOO_RISKY, RISK_PRICE = 0.85, 0.98, 5.0  # the oracle's aim, and the price of x above


def pain_absolute(latest: Replies, usual: Floats) -> Whole:
    """Good up to 2, bad above 5, whatever is usual."""
    return _judged(latest.during != SILENT, latest.during <= COMFORTABLE, latest.during > TOO_MUCH)


def pain_relative(latest: Replies, usual: Floats) -> Whole:
    """Good up to one point above usual, bad from three."""
    known = latest.during != SILENT
    return _judged(known, latest.during <= usual + 1, latest.during >= usual + 3)


def pain_monitoring(latest: Replies, usual: Floats) -> Whole:
    """Up to 5 during is acceptable if it has settled by the morning (Thomee 1997)."""
    known = (latest.during != SILENT) & (latest.morning != SILENT)
    good = (latest.during <= TOO_MUCH) & (latest.morning <= usual + 1)
    told_bad = (latest.during > TOO_MUCH) | (latest.morning > usual + 2)
    return _judged(known | told_bad, good, told_bad)


def completion(latest: Replies, usual: Floats) -> Whole:
    """Good if all of it was done, bad if it was cut short."""
    return _judged(latest.completed != SILENT, latest.completed == 0, latest.completed > 0)


def _judged(known: Flags, good: Flags, bad: Flags) -> Whole:
    return np.where(known & bad, -1, np.where(known & good, 1, 0))


class Streaks:
    """Move after so many verdicts in a row, at the same load."""

    def __init__(self, setting: Setting, verdict: Verdict, *, good: int, bad: int) -> None:
        self._top, self._usual = setting.top, setting.people.told_pain
        self._verdict, self._needed = verdict, {1: good, -1: bad}
        count = len(setting.people)
        self._streak = np.zeros(count, dtype=np.int64)  # good ones count up, bad ones down

    def choose(self, view: View, who: Flags) -> Choice:
        verdict = np.where(view.latest.day >= 0, self._verdict(view.latest, self._usual), 0)
        same = np.sign(self._streak) == verdict
        # Silence neither counts nor breaks a row.
        streak = np.where(
            verdict == 0, self._streak, np.where(same, self._streak + verdict, verdict)
        )
        up, down = streak >= self._needed[1], streak <= -self._needed[-1]
        move = np.where(up, Move.ADVANCE, np.where(down, Move.REDUCE, Move.HOLD))
        self._streak = np.where(who, np.where(up | down, 0, streak), self._streak)
        return Choice.of(moved(_each(move, view.now), view.now, self._top))


class Calendar:
    """A new step every so many days, whatever is replied."""

    def __init__(self, setting: Setting, *, days: float) -> None:
        self._top, self._days_a_move = setting.top, days / MOVES_A_STEP
        self._made = np.zeros(len(setting.people), dtype=np.int64)

    def choose(self, view: View, who: Flags) -> Choice:
        due = who & (self._made < int(view.day / self._days_a_move))
        self._made = self._made + due
        move = np.where(due, Move.ADVANCE, Move.HOLD)
        return Choice.of(moved(_each(move, view.now), view.now, self._top))


class Never:
    """Stay where the first session was."""

    def choose(self, view: View, who: Flags) -> Choice:
        return Choice.of(view.now)


class Whim:
    """Any of the four moves, each as likely."""

    def __init__(self, setting: Setting) -> None:
        self._top = setting.top

    def choose(self, view: View, who: Flags) -> Choice:
        move = (view.whim * len(Move)).astype(np.int64)
        return Choice.of(moved(move, view.now, self._top))


class Oracle:
    """Knows capacity and fatigue, though not the day's readiness; takes the move towards the best load."""

    def __init__(self, setting: Setting, *, near: bool = False) -> None:
        self._top, self._look = setting.top, landing if near else soon

    def choose(self, view: View, who: Flags) -> Choice:
        cost = partial(self._cost, hidden=view.hidden)
        return Choice.of(cheapest(cost, view.now, self._top, self._look))

    def _cost(self, to: Standings, hidden: Hidden) -> Floats:
        load = model.demand(to.step, to.dose, hidden.ratio)
        x = model.relative_load(load, hidden.capacity, np.ones(len(load)), hidden.fatigue)
        return aimed_cost(x)


def cheapest(
    cost: Callable[[Standings], Floats], now: Standings, top: int, look: Look = soon
) -> Standings:
    """The legal move that costs least, where it leads or soon will."""
    costs = [np.min([cost(to) for to in look(move, now, top)], axis=0) for move in Move]
    return moved(np.argmin(costs, axis=0), now, top)


def aimed_cost(x: Floats) -> Floats:
    """Distance from the best load, and a price on risk."""
    return np.asarray(np.abs(x - BEST) + RISK_PRICE * np.maximum(0, x - TOO_RISKY))


def _each(move: Whole, now: Standings) -> Whole:
    """The same move on all of a person's ladders."""
    return np.broadcast_to(move[:, None], now.step.shape)
