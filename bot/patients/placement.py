"""Where everybody begins: step 1, or where the try-out puts them; always at the entry dose.

The rule is the domain's (bot/domain/placement.py), here over all people and ladders at once. How a step
feels is ours: its full demand against what feels like the most that is comfortable.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.domain.placement import FIRST, Felt
from bot.patients import model
from bot.patients.moves import ENTRY, FULL, Standings
from bot.patients.people import People

# A step that is easy is begun at the entry dose, 0.8 of its full demand: that is 0.7 of the most, as one step
# below one that is just comfortable is (0.8 / 1.12 to 1.22), if easy ends at 0.7 / 0.8 of the most.
EASY = 0.875
TRY_OUT_ERROR = 0.10  # log SD of that feeling; ours

Felts = npt.NDArray[np.int64]  # by person and ladder


def placed(people: People, ladders: int, tried: Sequence[int], persistent_pain: int) -> Standings:
    """After trying these steps, gentlest first, each only where the one before was easy.

    Whoever told of pain this high tries none.
    """
    step = np.full((len(people), ladders), FIRST)
    going_on = np.repeat(people.told_pain[:, None] < persistent_pain, ladders, axis=1)
    for number in tried:
        how = felt(people, ladders, number)
        easy, just = going_on & (how == Felt.EASY), going_on & (how == Felt.JUST)
        step = np.where(easy, number, np.where(just, np.maximum(step, number - 1), step))
        going_on = easy
    return Standings(step=step, dose=np.full(step.shape, ENTRY))


def felt(people: People, ladders: int, number: int) -> Felts:
    """How a step feels to each, tried or not."""
    most = people.start(ladders) * np.exp(TRY_OUT_ERROR * people.try_out)[:, None]
    step = np.full(most.shape, number)
    share = model.demand(step, np.full(most.shape, FULL), people.step_ratio) / most
    return np.where(share <= EASY, Felt.EASY, np.where(share <= 1, Felt.JUST, Felt.TOO_MUCH))
