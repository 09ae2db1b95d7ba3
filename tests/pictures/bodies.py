"""Figures to be spoilt by one slip at a time: what an author writes, as values."""

from copy import deepcopy
from functools import cache
from typing import Any

from bot.catalogue.figure_forms import FigureForm
from bot.catalogue.reading import Catalogue, read_catalogue
from bot.domain.figure import Figure
from bot.settings import CONTENT

STANDS: dict[str, Any] = {
    "frame": "tall",
    "poses": {
        "tall": {
            "anchor": {"pelvis": (0, 88.6)},
            "arms": {"shoulder": (5, 10, 0), "elbow": 8},
            "legs": {"foot": (0, 0)},
        },
        "low": {"from": "tall", "trunk": 74, "anchor": {"pelvis": (-8, 76)}},
    },
    "cycle": [{"go": "low", "s": 2, "phase": "down"}, {"go": "tall", "s": 2, "phase": "up"}],
    "contacts": ["right_heel", "left_ball"],
    "expect": [{"point": "pelvis", "start": "tall", "end": "low", "moves": "down", "min": 8}],
    "poster": {"poses": ("tall", "low"), "arrows": [{"point": "pelvis", "shift": (-20, 0)}]},
}


def drawn(**changes: Any) -> Figure:
    """Somebody who bends the knees; `low__trunk=10` changes a pose, `props={...}` the figure."""
    told = deepcopy(STANDS)
    for name, value in changes.items():
        pose, _, key = name.partition("__")
        if key:
            told["poses"][pose][key] = value
        else:
            told[name] = value
    return FigureForm.model_validate(told).figure()


@cache
def catalogue() -> Catalogue:
    """The real one."""
    return read_catalogue(CONTENT)


def figure_of(exercise: str) -> Figure:
    figure = catalogue().exercises[exercise].figure
    assert figure is not None
    return figure
