"""One arm's twelve weeks: the day's order of events, for everyone at once.

Night (soreness lands, fatigue fades), morning reply, the will to practise, the arm's choice, the session
and its replies, and perhaps leaving for good. Nothing random happens here: all luck was drawn before.
"""

from dataclasses import dataclass

import numpy as np

from bot.patients import model
from bot.patients.model import Flags, Whole
from bot.patients.moves import Standings
from bot.patients.people import Chance
from bot.patients.priors import Floats
from bot.patients.view import SILENT, Arm, Choice, Hidden, Replies, Setting, View

NEW_STEPS_A_DAY = 2  # over all ladders, for every arm
CLINIC_DAYS = 7  # from a referral to the next session; ours
WORKING_DAYS = 5
WEEK = 7


@dataclass(slots=True, kw_only=True)
class Log:
    """What happened, by person and day (and ladder). x is 0 where nobody practised."""

    practised: Flags
    step: Whole
    dose: Floats
    x: Floats
    plain_x: Floats  # the same without the day's readiness, which no decision can know
    sore: Floats  # S, the exercise-caused part of pain
    pain: Floats  # resting, true
    during: Whole
    morning: Whole  # of the session of that day, though told on the next
    form: Whole
    breath: Whole
    completed: Whole
    start: Floats  # C0
    capacity: Floats  # C at the end
    left_on: Whole  # the number of days where nobody left
    referrals: Whole
    first: Standings

    @classmethod
    def blank(cls, setting: Setting, days: int) -> "Log":
        people = len(setting.people)
        daily, by_ladder = (people, days), (people, days, setting.ladders)
        start = setting.people.start(setting.ladders)
        return cls(
            practised=np.zeros(daily, dtype=bool),
            step=np.zeros(by_ladder, dtype=np.int64),
            dose=np.zeros(by_ladder),
            x=np.zeros(by_ladder),
            plain_x=np.zeros(by_ladder),
            sore=np.zeros(daily),
            pain=np.zeros(daily),
            during=np.full(daily, SILENT),
            morning=np.full(daily, SILENT),
            form=np.full(by_ladder, SILENT),
            breath=np.full(by_ladder, SILENT),
            completed=np.full(daily, SILENT),
            start=start,
            capacity=start,
            left_on=np.full(people, days),
            referrals=np.zeros(people, dtype=np.int64),
            first=setting.first,
        )


class Cohort:
    """The same people, under one arm. Build a new one for each run."""

    def __init__(self, setting: Setting, chance: Chance) -> None:
        self.people, self.chance, self.setting = setting.people, chance, setting
        count, days = chance.attend.shape
        self.log = Log.blank(setting, days)
        self.now = setting.first
        self.capacity = self.log.start
        self.fatigue, self.sore, self.coming, self.background, self.wander = np.zeros((5, count))
        self.habit, self.boredom = np.zeros((2, count))
        self.idle = np.zeros(count, dtype=np.int64)
        self.locked_until = np.zeros(count, dtype=np.int64)
        self.here = np.ones(count, dtype=bool)
        self.latest_day = np.full(count, -1)

    def live(self, arm: Arm) -> Log:
        """All days."""
        for day in range(self.chance.attend.shape[1]):
            self._night(day)
            self._tell_morning(day)
            self._session(day, arm)
            self._leave(day)
        self.log.capacity = self.capacity
        return self.log

    def _night(self, day: int) -> None:
        people, chance = self.people, self.chance
        self.sore, self.coming = model.settle(self.sore, self.coming, people.soreness_days)
        working = day % WEEK < WORKING_DAYS
        hazard = people.flare_hazard * np.where(working, people.weekday_stress, 1.0)
        begins = chance.flare[:, day] < hazard
        self.background = model.flare(self.background, begins, chance.flare_size[:, day])
        self.wander = model.wander(self.wander, chance.pain[:, day], people.pain_sd)
        gained = (self.capacity / self.log.start - 1).mean(axis=1)
        usual = model.usual(people.usual_pain, people.relief, gained)
        self.pain = np.maximum(0, usual + self.sore + self.background + self.wander)
        self.worse = np.maximum(0, self.pain - people.usual_pain)
        self.log.sore[:, day], self.log.pain[:, day] = self.sore, self.pain

    def _tell_morning(self, day: int) -> None:
        """About yesterday's session, by those who had one and who answer."""
        if day == 0:
            return
        luck, people = self.chance.morning[:, day], self.people
        silence = people.silent_morning + people.silence_per_point * self.worse
        asked = self.log.practised[:, day - 1] & (self.chance.silent_morning[:, day] >= silence)
        told = model.told(self.pain, luck, people.reply_sd, people.pain_held_back)
        self.log.morning[:, day - 1] = np.where(asked, told, SILENT)

    def _session(self, day: int, arm: Arm) -> None:
        who = self._willing(day)
        choice = _few_new_steps(arm.choose(self._view(day), who), self.now)
        referred = who & choice.refer
        self.log.referrals += referred
        self.locked_until[referred] = day + CLINIC_DAYS
        practised = who & ~choice.rest & ~referred
        self._practise(day, practised, choice)

    def _willing(self, day: int) -> Flags:
        people = self.people
        likely = model.will_practise(
            people.keenness, self.habit, self.worse, people.bore * self.boredom
        )
        able = self.here & (day >= self.locked_until) & ~self._away(day)
        return np.asarray(able & (self.chance.attend[:, day] < likely))

    def _away(self, day: int) -> Flags:
        round_days = np.maximum(1, self.people.away_every)
        since = (day + self.people.away_from * round_days) % round_days
        return np.asarray((self.people.away_every > 0) & (since < self.people.away_for))

    def _view(self, day: int) -> View:
        rows, log = np.arange(len(self.people)), self.log
        last = np.maximum(0, self.latest_day)
        return View(
            day=day,
            now=self.now,
            latest=Replies(
                day=self.latest_day.copy(),
                at=Standings(step=log.step[rows, last], dose=log.dose[rows, last]),
                during=log.during[rows, last],
                morning=log.morning[rows, last],
                completed=log.completed[rows, last],
                form=log.form[rows, last],
                breath=log.breath[rows, last],
            ),
            hidden=Hidden(
                capacity=self.capacity, fatigue=self.fatigue, ratio=self.people.step_ratio
            ),
            whim=self.chance.whim[:, day],
        )

    def _practise(self, day: int, who: Flags, choice: Choice) -> None:
        people, to = self.people, self.now.chosen(who, choice.to)
        changed = (to.above(self.now) | self.now.above(to)).any(axis=1) & (self.latest_day >= 0)
        ready = model.readiness(self.chance.readiness[:, day], people.readiness_sd)
        load = model.demand(to.step, to.dose, people.step_ratio)
        x = model.relative_load(load, self.capacity, ready, self.fatigue) * who[:, None]
        marked = self._answer(day, who, to, x)
        self._feel(x, marked, who)
        self.habit = model.habituate(self.habit, who)
        self.boredom = model.weary(self.boredom, who, changed)
        log = self.log
        log.practised[:, day], log.x[:, day] = who, x
        log.plain_x[:, day] = x * ready[:, None]
        log.step[:, day], log.dose[:, day] = to.step, to.dose
        self.latest_day = np.where(who, day, self.latest_day)
        self.now = to

    def _feel(self, x: Floats, marked: Flags, who: Flags) -> None:
        """The body's part: capacity, fatigue, and the soreness to come."""
        people, start = self.people, self.log.start
        self.idle = np.where(who, 0, self.idle + 1)
        trained = model.grow(self.capacity, start, x, people.growth)
        idle = model.detrain(self.capacity, start, self.idle, people.detraining_days)
        self.capacity = np.where(who[:, None], trained, idle)
        self.fatigue = model.tire(self.fatigue, x, people.fatigue_gain, people.fatigue_days)
        self.coming = self.coming + model.strain(
            x, marked, people.delayed_threshold, people.quality_harm, people.delayed_gain
        )

    def _answer(self, day: int, who: Flags, to: Standings, x: Floats) -> Flags:
        """The person's part: replies, given or not. Returns where compensation truly was marked."""
        people, chance, log = self.people, self.chance, self.log
        hurt = model.pain_during(self.pain, x, people.immediate_threshold, people.immediate_gain)
        pain = model.told(hurt, chance.during[:, day], people.reply_sd, people.pain_held_back)
        stopped = x.max(axis=1) + model.STOP_SD * chance.stamina[:, day] > model.STOP_X
        form, breath = self._true_form(day, to, x)

        worse = np.maximum(0, hurt - people.usual_pain)
        silence = people.silent_session + people.silence_per_point * worse
        tells = who & (chance.silent_session[:, day] >= silence)
        log.during[:, day] = np.where(tells, pain, SILENT)
        log.completed[:, day] = np.where(tells, stopped, SILENT)
        for kept, true, luck in (
            (log.form, form, chance.form_told),
            (log.breath, breath, chance.breath_told),
        ):
            told = model.misreported(true, luck[:, day], people.under_report, people.over_report)
            kept[:, day] = np.where(tells[:, None], told, SILENT)
        return np.asarray((form == 2) & who[:, None])

    def _true_form(self, day: int, to: Standings, x: Floats) -> tuple[Whole, Whole]:
        """Compensation and held breath, as they were."""
        people, chance = self.people, self.chance
        gain, sd = people.form_gain, people.form_noise[:, None]
        learned = model.practised_away(people.form_practice, self._times_on(to.step, day))
        shift = people.form_shift[:, None] + learned
        form = model.latent(x, model.FORM_X, gain, people.form_trait, shift)
        breath = model.latent(x, model.BREATH_X, gain, people.breath_trait, shift)
        return (
            model.level(form + sd * chance.form[:, day], model.FORM_CUTS),
            model.level(breath + sd * chance.breath[:, day], model.BREATH_CUTS),
        )

    def _times_on(self, step: Whole, day: int) -> Whole:
        """Sessions that each person has had on this step, ever."""
        before = self.log.step[:, :day] == step[:, None, :]
        return np.asarray((before & self.log.practised[:, :day, None]).sum(axis=1))

    def _leave(self, day: int) -> None:
        people = self.people
        hazard = model.will_leave(people.leaving, self.worse, people.bore * self.boredom)
        leaves = self.here & (self.chance.leave[:, day] < hazard)
        self.log.left_on[leaves] = day
        self.here = self.here & ~leaves


def _few_new_steps(choice: Choice, now: Standings) -> Choice:
    """No more than two ladders enter a new step on one day; those that come first go first."""
    climbs = choice.to.step > now.step
    waits = climbs & (np.cumsum(climbs, axis=1) > NEW_STEPS_A_DAY)
    return Choice(to=choice.to.chosen(waits, now), rest=choice.rest, refer=choice.refer)
