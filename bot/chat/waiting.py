"""What somebody is being asked: it comes back with whatever is said that is no answer to it."""

from bot.chat import away, settings
from bot.chat.context import Context
from bot.chat.screens import next_screen
from bot.delivery.letter import Letter
from bot.domain.profile import Profile


async def open_screen(context: Context, profile: Profile) -> Letter | None:
    """Of safety and the enrolment; else of the settings; else of days away. None where nothing waits."""
    if profile.question is not None or profile.screening.lock is not None:
        return next_screen(context.desk, context.words, profile)
    return settings.open_card(context, profile) or await away.open_card(context, profile)
