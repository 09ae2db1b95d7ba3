"""Put a decision into words: one kind sentence for the move, one for each thing still missing.

The chat, the morning's letter and the command line all explain with these, so that a person and
whoever looks over their shoulder read the same.
"""

from typing import Protocol

from bot.domain.decision import Action, Decision
from bot.domain.nearest import Change, Nearest


class Voice(Protocol):
    """Whoever can say a named sentence; Words can."""

    def say(self, name: str, /, **values: object) -> str: ...


def explain(decision: Decision, words: Voice) -> str:
    """Why the next session is as it is, by the reason that decided."""
    return words.say(
        f"why.{decision.reasons[0]}",
        action=str(decision.action),
        percent=round(decision.dose_fraction * 100),
        hours=decision.rest_hours,
    )


def explain_missing(decision: Decision, words: Voice) -> tuple[str, ...]:
    """What the next move still waits for."""
    return tuple(words.say(f"why.missing_{missing}") for missing in decision.missing)


def explain_nearest(nearest: Nearest, words: Voice) -> str | None:
    """What would lead upwards next, if anything near would."""
    if nearest.change is Change.NONE:
        return None
    return words.say(
        f"why.nearest_{nearest.change}",
        sessions=nearest.sessions,
        opens=nearest.leads_to is Action.ADVANCE_STEP,
    )


def what_next(decision: Decision, nearest: Nearest | None, words: Voice) -> str:
    """The nearest change; where there is none, what is missing."""
    told = explain_nearest(nearest, words) if nearest else None
    return told or " ".join(explain_missing(decision, words))
