"""What the tests of virtual patients share: the real policy, small trials, and arms lived once."""

from functools import cache
from pathlib import Path

from bot.catalogue.policy import read_policy
from bot.domain.policy import Policy
from bot.patients.cohort import Log
from bot.patients.run import Trial, live

CONTENT = Path(__file__).parents[2] / "content"
SMALL = Trial(people=40, days=42)
WHOLE = Trial(people=120)


@cache
def policy() -> Policy:
    return read_policy(CONTENT / "policy.yaml")


@cache
def lived(arm: str, trial: Trial = SMALL) -> Log:
    return live(trial, arm, policy())
