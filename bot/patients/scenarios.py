"""Other worlds than the base: each changes a few parameters, and says which causal link it breaks.

In the base world pain, form and breath all come from the very x that defines success, so whoever reads
all three must win. Here that circle is cut, one link at a time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.patients.priors import Population, Prior, fixed

Change = Callable[[Prior], Prior]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A row of the table: what it changes, and what that breaks."""

    title: str
    breaks: str
    changes: Mapping[str, Change]

    def applied(self, population: Population) -> Population:
        """These people, in that world."""
        changed = {name: change(getattr(population, name)) for name, change in self.changes.items()}
        return replace(population, **changed)


def always(value: float) -> Change:
    return lambda _: fixed(value)


def times(factor: float) -> Change:
    return lambda prior: replace(
        prior,
        centre=prior.centre * factor,
        # A lognormal's spread is relative already.
        spread=prior.spread if prior.family.value == "lognormal" else prior.spread * factor,
    )


def plus(amount: float) -> Change:
    return lambda prior: replace(prior, centre=prior.centre + amount)


def _no_change() -> Mapping[str, Change]:
    return MappingProxyType({})


SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        "base": Scenario(
            title="Base",
            breaks="Nothing: replies follow load as the model says.",
            changes=_no_change(),
        ),
        "null-quality": Scenario(
            title="Null quality",
            breaks="Load no longer shows in form or breath; a person's habit and practice still do.",
            changes={"form_gain": always(0.0)},
        ),
        "weak-quality": Scenario(
            title="Weak quality",
            breaks="Load shows in form and breath at half strength, under one and a half times the noise.",
            changes={"form_gain": times(0.5), "form_noise": times(1.5)},
        ),
        "uninformative-quality": Scenario(
            title="Uninformative quality",
            breaks="Form and breath are coin tosses, tied neither to load nor to person nor to practice.",
            changes={
                "form_gain": always(0.0),
                "form_trait": always(0.0),
                "breath_trait": always(0.0),
                "form_practice": always(0.0),
                "form_shift": always(-0.4),  # about as many remarks as our arm hears in the base
            },
        ),
        "quality-irrelevant": Scenario(
            title="Quality irrelevant",
            breaks="Marked compensation no longer makes an overload worse; it only signals it.",
            changes={"quality_harm": always(0.0)},
        ),
        "noise-patient": Scenario(
            title="Noise patient",
            breaks="Pain hardly follows load: none during, a fifth after, on nearly twice the daily noise.",
            changes={
                "immediate_gain": always(0.0),
                "delayed_gain": times(0.2),
                "pain_sd": times(1.75),
            },
        ),
        "stoic": Scenario(
            title="Stoic",
            breaks="Overload hardly hurts while practising; the next morning tells as ever.",
            changes={"immediate_gain": times(0.2)},
        ),
        "sensitive": Scenario(
            title="Sensitive",
            breaks="Pain begins well below capacity and is half as strong again.",
            changes={
                "delayed_threshold": plus(-0.12),
                "immediate_threshold": plus(-0.12),
                "delayed_gain": times(1.5),
                "immediate_gain": times(1.5),
            },
        ),
        "poor-report": Scenario(
            title="Poor report",
            breaks="Replies say half as much: twice the misreports, twice the noise, twice the silence.",
            changes={
                "under_report": times(2.0),
                "over_report": times(2.0),
                "reply_sd": times(2.0),
                "silent_morning": times(2.0),
                "silent_session": times(2.0),
            },
        ),
        "under-reporters": Scenario(
            title="Under-reporters",
            breaks="People who want to progress tell pain a point and a half, and mostly form, too mildly.",
            changes={
                "under_report": always(0.6),
                "over_report": always(0.0),
                "pain_held_back": always(1.5),
            },
        ),
        "silent-when-hurting": Scenario(
            title="Silent when hurting",
            breaks="Silence is no accident: every point above usual pain makes it likelier by a fifth.",
            changes={"silence_per_point": always(0.2)},
        ),
        "beta-zero": Scenario(
            title="No relief (beta = 0)",
            breaks="Getting stronger lowers nobody's usual pain.",
            changes={"relief": always(0.0)},
        ),
        "stress-flares": Scenario(
            title="Stress flares",
            breaks="Flares come from working days, four times as often, and not from exercise.",
            changes={"weekday_stress": always(4.0)},
        ),
        "traveller": Scenario(
            title="Traveller",
            breaks="Time no longer means practice: of every four weeks ten days pass without a session.",
            changes={"away_every": always(28.0), "away_for": always(10.0)},
        ),
    }
)
