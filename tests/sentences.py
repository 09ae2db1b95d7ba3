"""Write bot/catalogue/sentences.txt, what `backbeat check` compares every language with: `make lists`."""

from pathlib import Path

from bot.catalogue.word_checks import LIST
from bot.catalogue.words import Words
from tests.test_words_complete import named

WORDS = Path(__file__).parents[1] / "content" / "words" / "en"
HEAD = "What the bot says, and with which values. Written by `make lists` from the code; not by hand.\n"


def sentences() -> str:
    """Whatever the code names, with the values that English takes: a test holds these to be given."""
    english = Words(WORDS).macros()
    lines = [
        f"{name}({', '.join(english.get(name, ()))})\n"
        for name in sorted(named())
        if not name.startswith("safety.item_")  # those are content/safety.yaml's
    ]
    return "".join([HEAD, *lines])


if __name__ == "__main__":
    LIST.write_text(sentences(), "utf-8")
