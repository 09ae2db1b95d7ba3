"""`python -m bot` and the command `backbeat` are the same door."""

from bot.cli import app


def main() -> None:
    """The entry point named in pyproject.toml."""
    app()


if __name__ == "__main__":
    main()
