"""The safety screen and what it closes, as letters. They go out instead of a ritual, never beside one."""

from collections.abc import Iterable

from bot.catalogue.emergency import Call
from bot.catalogue.words import Words
from bot.delivery.letter import Button, Letter, Rows, in_rows
from bot.delivery.taps import Screen, Worry
from bot.domain.safety import CLEARED, SEEN, ClearanceItem, Screening, Tier


def safety_card(words: Words, screening: Screening, clearance: Iterable[ClearanceItem]) -> Letter:
    """The tier of the safety screen that is asked about."""
    tier = screening.question
    assert tier is not None  # whoever shows it has looked
    text = words.say(f"safety.ask_{tier}")
    if tier is Tier.CLEARANCE:
        return Letter(text, _clearance(words, clearance, screening.items))
    nothing = Button(words.label("safety.nothing"), Screen(tier, 0))
    something = Button(words.label("safety.something"), Screen(tier, 1), style="danger")
    return Letter(text, ((nothing,), (something,)))


def locked_card(words: Words, tier: Tier, call: Call | None = None) -> Letter:
    """No exercise for now, why, and the way back; whom to call first, where that is known."""
    label, item = ("cleared", CLEARED) if tier is Tier.CLEARANCE else ("seen", SEEN)
    back = Button(words.label(f"safety.{label}"), Screen(item, 1))
    if tier is Tier.EMERGENCY and call is not None:
        text = words.say("safety.locked_E_here", number=call.number, also=call.also)
    else:
        text = words.say(f"safety.locked_{tier}")
    return Letter(text, ((back,),))


def worry(words: Words) -> Button:
    """Something new or worrying: on every card that has to do with movement."""
    return Button(words.label("safety.worry"), Worry())


def _clearance(words: Words, items: Iterable[ClearanceItem], chosen: frozenset[str]) -> Rows:
    def item_button(item: ClearanceItem) -> Button:
        label = words.label(f"safety.item_{item.id}")
        if item.id in chosen:
            label = words.label("safety.chosen", label=label)
        return Button(label, Screen(item.key, int(item.id not in chosen)))

    close = "safety.close_some" if chosen else "safety.close_none"
    end = Button(words.label(close), Screen(Tier.CLEARANCE, int(bool(chosen))), style="primary")
    return (*in_rows(map(item_button, items), 1), (end,))
