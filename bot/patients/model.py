"""The equations of a virtual patient, one small pure function each, over all people at once.

x is relative load: what a session demands over what the person can do that day. Everything that follows
from a session (strength, fatigue, soreness, pain, form, breath) follows from x. Shapes: (people,) or,
where a ladder matters, (people, ladders); rows of people who did not practise carry x = 0.
"""

import numpy as np
import numpy.typing as npt

from bot.patients.priors import Floats

Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

BEST_X = 0.85  # where capacity grows fastest; envelope of function (Dye 2005)
BEST_WIDTH = 0.22  # how quickly that falls off
HARM_X = 1.15  # above it a session costs capacity ...
HARM_SLOPE = 1.5  # ... by so much per unit of x
CEILING = 2.2  # of capacity, in C0
IDLE_DAYS = 7  # without loss (Bosquet 2013)
FLOOR = 0.95  # of C0: where detraining ends
TIRING_X = 0.8  # below it nobody tires
MOST_FATIGUE = 0.5
MARKED_HARM = 0.3  # share that marked compensation adds to an overload
FIRST_NIGHT = (
    0.6  # of the delayed pain lands after one night; 0.6 of the rest after the next, and so on
)
FLARE_DAYS = 4.0  # decay of a background flare
FLARE_LEAST, FLARE_MOST = 2.0, 4.0  # points
PAIN_MEMORY = 0.5  # rho of day-to-day pain
EASING = 0.5  # points that light movement takes away ...
EASING_X = 0.9  # ... below this x
FORM_X, BREATH_X = 0.95, 0.98  # where latent form and breath cross zero
FORM_SCALE = 0.12  # of x, to one latent unit
FORM_CUTS, BREATH_CUTS = (0.5, 1.5), (0.3, 1.3)  # to levels 1 and 2
STOP_X, STOP_SD = 1.15, 0.10  # a session is cut short where x, give or take, is above; gap, ours
HABIT_RISE = 0.03  # of what is left to a full habit, per session
BOREDOM_RISE = 0.04  # per unchanged session
BOREDOM_KEPT = 0.4  # after any change


def demand(step: Whole, dose: Floats, ratio: Floats) -> Floats:
    """L, in demands of step 1 at full dose."""
    return np.asarray(ratio[:, None] ** (step - 1.0) * (0.5 + 0.5 * dose))


def readiness(luck: Floats, sd: Floats) -> Floats:
    """r: what today makes of a capacity."""
    return np.asarray(np.exp(luck * sd))


def relative_load(load: Floats, capacity: Floats, ready: Floats, fatigue: Floats) -> Floats:
    """x."""
    return np.asarray(load / (capacity * (ready * (1 - fatigue))[:, None]))


def benefit(x: Floats) -> Floats:
    """e(x): 1 at the best load, less on both sides, harm far above."""
    bell = np.exp(-(((x - BEST_X) / BEST_WIDTH) ** 2))
    return np.asarray(bell - HARM_SLOPE * np.maximum(0, x - HARM_X))


def grow(capacity: Floats, start: Floats, x: Floats, growth: Floats) -> Floats:
    """C after a session at x."""
    room = 1 - capacity / (CEILING * start)
    return np.asarray(capacity + growth[:, None] * benefit(x) * capacity * room)


def detrain(capacity: Floats, start: Floats, idle: Whole, days: Floats) -> Floats:
    """C after a day without a session; a week costs nothing."""
    lost = (capacity - FLOOR * start) / days[:, None]
    return np.where((idle > IDLE_DAYS)[:, None], capacity - lost, capacity)


def tire(fatigue: Floats, x: Floats, gain: Floats, days: Floats) -> Floats:
    """F after the day. Four ladders are four quarters of one session: their excess is averaged."""
    excess = np.maximum(0, x - TIRING_X).mean(axis=1)
    return np.asarray(np.minimum(MOST_FATIGUE, fatigue * np.exp(-1 / days) + gain * excess))


def strain(x: Floats, marked: Flags, threshold: Floats, harm: Floats, gain: Floats) -> Floats:
    """What a session adds to the soreness to come, in points. All ladders load one back: they add up."""
    over = np.maximum(0, x - threshold[:, None]) * (1 + MARKED_HARM * harm[:, None] * marked)
    return np.asarray(gain * over.sum(axis=1))


def settle(sore: Floats, coming: Floats, days: Floats) -> tuple[Floats, Floats]:
    """S and S2 after a night."""
    landed = sore * np.exp(-1 / days) + FIRST_NIGHT * coming
    return np.asarray(landed), np.asarray((1 - FIRST_NIGHT) * coming)


def flare(background: Floats, begins: Flags, size: Floats) -> Floats:
    """Bf: fades by itself, and begins again at times."""
    onset = begins * (FLARE_LEAST + (FLARE_MOST - FLARE_LEAST) * size)
    return np.asarray(background * np.exp(-1 / FLARE_DAYS) + onset)


def wander(pain: Floats, luck: Floats, sd: Floats) -> Floats:
    """A: pain's own way from day to day; its SD stays what it is."""
    return np.asarray(PAIN_MEMORY * pain + np.sqrt(1 - PAIN_MEMORY**2) * sd * luck)


def usual(start: Floats, relief: Floats, gained: Floats) -> Floats:
    """B: usual pain falls as capacity grows; `gained` is C / C0 - 1 over all ladders."""
    return np.asarray(start * (1 - relief * gained))


def pain_during(resting: Floats, x: Floats, threshold: Floats, gain: Floats) -> Floats:
    """Pain while practising; the hardest ladder is what is felt."""
    hardest = x.max(axis=1)
    eased = resting - EASING * (hardest < EASING_X)
    return np.asarray(eased + gain * np.maximum(0, hardest - threshold))


def told(pain: Floats, luck: Floats, sd: Floats, held_back: Floats) -> Whole:
    """A pain reply: whole points from 0 to 10."""
    return np.clip(np.rint(pain + sd * luck - held_back), 0, 10).astype(np.int64)


def latent(x: Floats, middle: float, gain: Floats, trait: Floats, shift: Floats) -> Floats:
    """z: compensation or held breath before it is cut into levels; `shift` is by person and ladder."""
    return np.asarray(gain[:, None] * (x - middle) / FORM_SCALE + trait[:, None] + shift)


def practised_away(practice: Floats, times: Floats | Whole) -> Floats:
    """How far form and breath have come after so many sessions on a step: downwards, ever more slowly."""
    return np.asarray(-practice[:, None] * np.log1p(times))


def level(latent: Floats, cuts: tuple[float, float]) -> Whole:
    """0, 1 or 2."""
    return (latent > cuts[0]).astype(np.int64) + (latent > cuts[1])


def misreported(true: Whole, luck: Floats, under: Floats, over: Floats) -> Whole:
    """One level milder, or worse, for some."""
    milder, worse = luck < under[:, None], luck > 1 - over[:, None]
    return np.clip(true - milder + worse, 0, 2)


def habituate(habit: Floats, practised: Flags) -> Floats:
    return np.asarray(habit + HABIT_RISE * (1 - habit) * practised)


def weary(boredom: Floats, practised: Flags, changed: Flags) -> Floats:
    """Sameness bores; any change, up or down, freshens."""
    after = np.where(changed, boredom * BOREDOM_KEPT, boredom + BOREDOM_RISE)
    return np.where(practised, after, boredom)


def will_practise(keenness: Floats, habit: Floats, worse: Floats, bored: Floats) -> Floats:
    """The chance of a session today; `worse` is pain above usual, `bored` is boredom as felt."""
    return np.asarray(1 / (1 + np.exp(-(keenness + 0.8 * habit - 0.5 * worse - 0.8 * bored))))


def will_leave(base: Floats, worse: Floats, bored: Floats) -> Floats:
    """The chance of leaving for good today."""
    return np.asarray(base + 0.003 * worse + 0.003 * bored)
