"""Every number that the progression rests on, and no number's value.

The values live in content/policy.yaml, each beside its source and the strength of that source, where
a clinician can read and change them. Pain is counted in points of the 0-10 scale, doses as fractions
of a step's full dose, time in days. R is a person's reference pain.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """The fractions between which a dose moves."""

    lowest: float
    entry: float  # of a step that is new, or new again
    full: float
    change: float  # up or down, in one move
    after_regress: float  # of the lower step, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """R: what this person's pain usually is, of late."""

    days: int
    least_replies: int
    most_drift: int  # above the usual pain told at sign-up


@dataclass(frozen=True, slots=True, kw_only=True)
class PainDuring:
    """The zones of the pain during a session; what is neither green nor red is amber."""

    green_to: int
    green_above_reference: int
    green_at_most: int  # however high R is
    red_from: int
    red_above_reference: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PainNextMorning:
    """The zones of the next morning's pain, in points above R, and the numbers below which neither begins."""

    green_to: int
    green_above_reference: int
    red_from: int
    red_above_reference: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """R4: strong pain that keeps coming back."""

    red_sessions: int
    span_days: int  # between the first and the latest of them
    window_days: int  # isolated bad days of a whole year don't add up


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """R5: days without a session on the ladder."""

    short_days: int
    long_days: int
    longest_days: int
    dose: float
    long_steps_back: int
    longest_steps_back: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """R7: a number that may have been a slip of the thumb."""

    pain_from: int
    above_median: int
    sessions: int  # whose median it is
    answer_days: int  # unanswered that long, the number stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """R12: pain that rises slowly."""

    sessions: int
    least_answered: int
    compared: int  # so many at either end
    rise: float
    above_reference: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """R13: compensation or held breath, most of the time."""

    sessions: int
    flagged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """R15: what must come together before anything grows."""

    calibration_clean_sessions: int  # on the step that a try-out found, while no sign showed
    first_clean_sessions: int  # elsewhere, while no sign showed for so many days
    sign_days: int
    clean_sessions: int  # after a sign
    watched_sessions: int
    most_unanswered: int  # of the watched
    step_sessions: int  # this and the next: for the next step
    step_days: int
    persistent_pain: int  # an R this high never advances by itself, and tries nothing out
    ladders_a_day: int  # kept by whoever joins the ladders' decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Regain:
    """R15: a load that went well not long ago is taken up again sooner."""

    clean_sessions: int  # had there before
    days: int  # ago, at most
    first_clean_sessions: int  # now, below it


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterCut:
    """R9, R12, R18: mornings answer late, so a cut is given time before another."""

    sessions: int  # at the lower load


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """R18: small signs that add up."""

    sessions: int  # at the same dose
    signs: int  # 1 for amber, some or sometimes; 2 for red, marked or often


@dataclass(frozen=True, slots=True, kw_only=True)
class Irritability:
    """A back that settles slowly has to show more."""

    sessions: int
    sore_mornings: int
    clean_sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flare:
    """R19: through a flare, and back."""

    dose: float  # at most, while it runs
    resume_dose: float  # at most, on a ladder's first turn after it
    clean_sessions: int  # in a row: it has settled
    days: int  # known not to have settled by then, it asks for a clinician
    worse_mornings: int  # red ones: a clinician's view is suggested
    minutes: int  # of a session, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Homecoming:
    """R21: home again after days away."""

    days: int  # away, at least
    dose: float  # at most, on a ladder's first turn at home


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """R16: when a heavier weight is offered, and how much heavier."""

    clean_sessions: int  # with the present one
    least: float  # as a part of the present one, more
    most: float
    far_times: (
        int  # so many times the sessions, where there is none in between and the next is heavier
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Hours to leave before the next session."""

    sore_on_new_step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """R2: the try-out that finds where to begin."""

    first_step: int  # tried on each ladder
    second_step: int  # tried where that was easy
    repetitions: int  # of a step with repetitions
    hold_seconds: int  # of a step with holds: one, no longer than this

    @property
    def steps(self) -> tuple[int, int]:
        """Gentlest first."""
        return self.first_step, self.second_step


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """The look back every few weeks, and the safety questions that come back by themselves."""

    every_days: int
    week_days: int  # from one weekly look back to the next
    clinician_days: int  # the first review that may suggest a clinician's view
    points: int  # of 0 to 10, a change that matters
    fraction: float  # or so much of what it was at the beginning
    room_from: int  # a complaint below this had little room to get better
    morning_days: int
    least_mornings: int
    reminder_days: int  # from one line about the safety button to the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Steadiness:
    """The score of consistency, and from where each of its bands begins."""

    half_life_days: int  # days with a ritual after which one tells half as much
    some_from: float
    many_from: float
    most_from: float
    nearly_all_from: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Graduation:
    """When fewer days a week are offered: things go well, and have for long."""

    from_weeks: int
    every_weeks: int  # from one offer to the next
    steady_days: int  # that are looked back over
    least_mornings: int  # told in them, and all of them green
    ladders: float  # of those practised: at the top, or on one step throughout
    consistency: float
    fewest_days: int  # a week


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All of it. The version changes with any number."""

    version: str
    dose: Dose
    reference: Reference
    pain_during: PainDuring
    pain_next_morning: PainNextMorning
    referral: Referral
    gap: Gap
    slip: Slip
    trend: Trend
    quality: Quality
    advance: Advance
    regain: Regain
    after_cut: AfterCut
    effort: Effort
    irritability: Irritability
    flare: Flare
    homecoming: Homecoming
    load: Growth
    rest: Rest
    placement: Placement
    review: Reviews
    consistency: Steadiness
    graduation: Graduation
