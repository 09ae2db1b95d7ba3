"""Where everybody begins: step 1, or where a two-minute try-out puts them; always at the entry dose."""

import numpy as np

from bot.patients import model
from bot.patients.moves import ENTRY, Standings
from bot.patients.people import People

PLACED_AT = 0.7  # of what feels like the most that is comfortable
TRY_OUT_ERROR = 0.10  # log SD of that feeling; ours
HARDEST_PLACEMENT = 4


def placed(people: People, ladders: int, *, try_out: bool) -> Standings:
    """The step whose entry dose is nearest."""
    step = np.ones((len(people), ladders), dtype=np.int64)
    dose = np.full(step.shape, ENTRY)
    if try_out:
        felt = people.start(ladders) * np.exp(TRY_OUT_ERROR * people.try_out)[:, None]
        first = model.demand(step, dose, people.step_ratio)
        harder = np.log(PLACED_AT * felt / first) / np.log(people.step_ratio)[:, None]
        step = np.clip(np.rint(harder).astype(np.int64) + 1, 1, HARDEST_PLACEMENT)
    return Standings(step=step, dose=dose)
