"""What a person asked for that can't be done, named for what happened.

A refusal is an expected outcome: it is explained kindly, by the words of the same name, and nothing is lost.
"""


class Refusal(Exception):
    """Explained to the person; never an accident."""

    @property
    def values(self) -> dict[str, object]:
        """What its sentence needs."""
        return {key: value for key, value in vars(self).items() if not key.startswith("_")}


class NotEnrolled(Refusal):
    """Something is still to be told before there can be a sequence."""


class PlanLocked(Refusal):
    """A safety answer stands: no exercise until it is cleared."""

    def __init__(self, tier: str) -> None:
        super().__init__(tier)
        self.tier = tier


class CardGone(Refusal):
    """The session behind a button is not this person's, or was forgotten."""


class ButtonUnreadable(Refusal):
    """Callback data of an older version, or of nobody's."""


class AlreadyTold(Refusal):
    """A question of the enrolment that was answered before."""


class TryOutOver(Refusal):
    """A try-out comes before the first session; from then on answers lead."""


class WeightStands(Refusal):
    """A weight is chosen on the newest card, before its first answer, from what its step allows."""


class NotAnAnswer(Refusal):
    """A typed reply that doesn't fit the open question."""

    def __init__(self, question: str, text: str) -> None:
        super().__init__(question)
        self.question = question
        self.text = text


class NotADay(Refusal):
    """A typed day of return that can't be read, is not ahead, or is too far."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class AtHome(Refusal):
    """There is no trip to come home from, or to tell more about."""


class TownUnknown(Refusal):
    """No town or zone of that name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
