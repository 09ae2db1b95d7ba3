"""What no page may say. Backbeat is a movement habit companion: words of medicine would claim more."""

import re
from collections.abc import Iterator
from pathlib import Path

# evidence/policy.md, section 5: a stated purpose of treating or diagnosing makes a medical device of a bot.
CLAIMS = re.compile(
    r"\b(treat\w*|therap\w*|rehab\w*|prescri\w*|(?<!not a )(?<!or a )diagnos\w*|cures?|cured|clinically)\b"
    r"|safe for your condition",
    re.IGNORECASE,
)
# English ones: each further language needs words of its own. Policy and safety screen are not told to people.
PAGES = ("exercises/*.yaml", "ladders/*.yaml", "sets/*.yaml", "words/en/*.j2")


def claims(content: Path) -> Iterator[str]:
    """Every claim, with its line."""
    for path in sorted(path for pages in PAGES for path in content.glob(pages)):
        name = f"{content.name}/{path.relative_to(content).as_posix()}"
        lines = path.read_text("utf-8", "replace").splitlines()
        for number, line in enumerate(lines, 1):
            for found in CLAIMS.finditer(line):
                yield f"{name}:{number}: says {found[0]!r}, which claims medicine; say what one does instead"
