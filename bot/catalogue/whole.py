"""Everything that is wrong with a content folder, told in one go."""

from pathlib import Path

from bot.catalogue.checks import check
from bot.catalogue.claims import claims
from bot.catalogue.emergency import emergency_faults
from bot.catalogue.faults import ContentFaulty
from bot.catalogue.forms import ExerciseForm
from bot.catalogue.policy import read_policy
from bot.catalogue.safety import SafetyForm, read_safety_page
from bot.catalogue.shelves import Shelf, all_read, read_shelves, readable
from bot.catalogue.tongues import ENGLISH, languages, read_tongue
from bot.catalogue.words import words_faults
from bot.catalogue.yaml_lines import Page


def content_faults(content: Path, language: str) -> tuple[str, ...]:
    """Catalogue, policy, safety screen, emergency numbers, claims, and the words of every language that has a
    folder or should."""
    shelves = read_shelves(content)
    page, screen = read_safety_page(content / "safety.yaml")
    _check_cautions(page, screen, shelves.exercises)
    items = [item.id for item in screen.clearance] if screen else None
    spoken = sorted({language, *languages(content)})
    return (
        *check(shelves),
        *_policy_faults(content / "policy.yaml"),
        *page.faults,
        *(fault for one in spoken for fault in words_faults(content, one, items)),
        *(
            fault
            for one in languages(content)
            if one != ENGLISH
            for fault in read_tongue(content, one, shelves)[1]
        ),
        *emergency_faults(content / "emergency.yaml"),
        *claims(content),
    )


def _policy_faults(path: Path) -> tuple[str, ...]:
    try:
        read_policy(path)
    except ContentFaulty as faulty:
        return faulty.faults
    return ()


def _check_cautions(page: Page, screen: SafetyForm | None, exercises: Shelf[ExerciseForm]) -> None:
    """A caution that no exercise knows would change nothing."""
    if screen is None or not all_read(exercises):
        return
    known = {caution for _, _, form in readable(exercises) for caution in form.cautions}
    for place, item in enumerate(screen.clearance):
        for number, caution in enumerate(item.cautions):
            if caution not in known:
                words = f"no exercise has a caution {caution}: it would change nothing"
                page.blame(("clearance", place, "cautions", number), words)
