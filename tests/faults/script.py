"""What befalls a month, drawn from a seed: which kills and which troubles, and at which times."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import count
from random import Random

from tests.faults.kills import Kill
from tests.faults.month import START, Month
from tests.faults.troubles import ON, Trouble, befall

STEP = dt.timedelta(hours=2)
STEPS = 12  # a day

Misfortune = Kill | Trouble


class Script:
    """By the number of the step, in the order in which they come."""

    def __init__(self, month: Month, *, kills: int, each: int, seed: int) -> None:
        """So many kills, and each trouble so many times; most of them where rituals are due."""
        self.chance = Random(seed)
        steps = range(1, month.plan.days * STEPS + 1)
        busy = _busy(month, steps)
        wanted: list[Misfortune] = [Kill.drawn(self.chance) for _ in range(kills)]
        wanted += [trouble for trouble in ON[month.store.name] for _ in range(each)]
        self.chance.shuffle(wanted)
        numbers = self.chance.choices(
            steps, [0.2 + busy[number] for number in steps], k=len(wanted)
        )
        self.steps: dict[int, list[Misfortune]] = defaultdict(list)
        for number, misfortune in zip(numbers, wanted, strict=True):
            self.steps[number].append(misfortune)

    def __str__(self) -> str:
        return "\n".join(
            f"{START + number * STEP:%d %b %H:%M}  {misfortune}"
            for number, several in sorted(self.steps.items())
            for misfortune in several
        )

    async def live_through(self, month: Month, told: Callable[[str], None]) -> None:
        """All of it, to the last step, and on until the last kill had its moment."""
        for number in count(1):
            if number > month.plan.days * STEPS and not month.doomed:
                return
            at = START + number * STEP
            for misfortune in self.steps[number]:
                if isinstance(misfortune, Kill):
                    month.kills.append(misfortune)
                else:
                    await befall(month, misfortune, at, self.chance)
            month.arm()
            await month.step(at)
            if number % STEPS == 0:
                deaths = month.ledger.deaths.total()
                told(f"day {number // STEPS} of {month.plan.days}, {deaths} deaths")


def _busy(month: Month, steps: range) -> Counter[int]:
    """How many rituals are due in each step."""
    found = Counter[int]()
    for one in month.people:
        for _, at in one.dues(START, START + steps[-1] * STEP):
            found[-((START - at) // STEP)] += 1
    return found
