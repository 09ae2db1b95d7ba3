"""What no page may say. Backbeat is a movement habit companion: words of medicine would claim more."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.catalogue.tongues import ENGLISH, languages

# evidence/policy.md, section 5: a stated purpose of treating or diagnosing makes a medical device of a bot.
# The same words in each language. That this is no diagnosis may be said, and who a physiotherapist is.
CLAIMS: Mapping[str, re.Pattern[str]] = {
    language: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for language, words in {
        "en": (
            r"treat\w*|therap\w*|rehab\w*|prescri\w*|(?<!not a )(?<!or a )diagnos\w*|cures?|cured|clinically"
            r"|safe for your condition"
        ),
        "de": (
            r"\w*behandel\w*|\w*behandlung\w*|\w*therapie\w*|\w*therapier\w*|\w*(?<!physio)therapeut\w*"
            r"|reha|rehabilit\w*|verschreib\w*|verschrieb\w*|verordne\w*"
            r"|(?<!keine )(?<!noch eine )diagnos\w*|klinisch\w*|kurieren|\w*kuriert"
            r"|(?:aus|ver|ge|un)?heil(?:t|te|ten|en|end\w*|bar\w*|sam\w*|ung\w*|mittel\w*|kr[aä]ft\w*)"
            r"|(?:sicher|unbedenklich) (?:bei|für) deine\w*"
        ),
        "es": (
            r"tratamientos?|tratar(?! de\b)|trata[ns]?(?! de\b)|trate[ns]?(?! de\b)|tratad[oa]s?"
            r"|\w*(?<!fisio)terap\w*|rehabilit\w*|prescri\w*|recetar?|receta[ns]"
            r"|(?<!no es un )(?<!ni un )(?<!ningún )diagn[oó]s\w*|clínicamente"
            r"|curar\w*|cura[ns]?|curad[oa]s?|curativ\w*|sanar|sanación|segur[oa] para tu \w+"
        ),
    }.items()
}
# English stands in the pages, too. Policy and safety screen are not told to people.
PAGES = ("exercises/*.yaml", "ladders/*.yaml", "sets/*.yaml")


def claims(content: Path) -> Iterator[str]:
    """Every claim, with its line; none of a language whose words of medicine are not known here."""
    for language in languages(content):
        if forbidden := CLAIMS.get(language):
            pages = (f"words/{language}/*.*", *(PAGES if language == ENGLISH else ()))
            for path in sorted(path for page in pages for path in content.glob(page)):
                yield from _claims(path, content, forbidden)


def _claims(path: Path, content: Path, forbidden: re.Pattern[str]) -> Iterator[str]:
    name = f"{content.name}/{path.relative_to(content).as_posix()}"
    for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
        for found in forbidden.finditer(line):
            yield f"{name}:{number}: says {found[0]!r}, which claims medicine; say what one does instead"
