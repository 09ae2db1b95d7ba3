"""Put a decision into words: one kind sentence for the move, one for each thing still missing.

The chat, the morning's letter and the command line all explain with these, so that a person and
whoever looks over their shoulder read the same.
"""

from typing import Protocol

from bot.domain.decision import Decision


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
