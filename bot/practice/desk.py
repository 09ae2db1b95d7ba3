"""Everything the bot can do for people, in one place for the rooms above."""

from dataclasses import dataclass

from bot.catalogue.emergency import Emergency
from bot.catalogue.words import Voices
from bot.practice.away import Away
from bot.practice.belongings import Belongings
from bot.practice.enrolment import Enrolment
from bot.practice.journal import Journal
from bot.practice.mornings import Mornings
from bot.practice.player import Player
from bot.practice.prescription import Prescription
from bot.practice.retrospect import Retrospect
from bot.practice.tryout import TryOut
from bot.practice.weeks import Weeks
from bot.practice.weights import Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Built once, in the assembly."""

    enrolment: Enrolment
    prescription: Prescription
    journal: Journal
    player: Player
    try_out: TryOut
    retrospect: Retrospect
    weights: Weights
    belongings: Belongings
    away: Away
    mornings: Mornings
    emergency: Emergency
    weeks: Weeks
    words: Voices
